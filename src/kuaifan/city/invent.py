"""Makes an invented city's folder (虚构城市): no map and no licence needed, the same for a seed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kuaifan.city.areas import AREA_CLASSES
from kuaifan.city.basemap import find_bounds, make_basemap
from kuaifan.city.city import CityMeta
from kuaifan.city.city_toml import (
    DEFAULT_TIME_ZONE,
    RETENTION_DAYS,
    RINGS_MIN,
    TARGETS,
)
from kuaifan.city.demand_file import DEMAND_FILE, pack_demand
from kuaifan.city.folder import NewCity, check_target, write_city
from kuaifan.city.forces import ForceWishes, PlacedForces, check_circles, place_forces
from kuaifan.city.import_map import MAX_NAME_CHARS
from kuaifan.city.invent_demand import to_population
from kuaifan.city.invent_desks import make_desks, take_gps_from_some
from kuaifan.city.invent_plan import CityPlan, draw_plan
from kuaifan.city.invent_size import CitySize, SizeName, get_size
from kuaifan.city.places_extra import read_old_extra, take_over_extra
from kuaifan.city.sites_file import SITES_FILE, pack_sites
from kuaifan.city.whole_folder import written_whole
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import BuildReport, build_network

if TYPE_CHECKING:
    from kuaifan.roads.network import RoadNetwork

Progress = Callable[[str], None]
MAX_SEED = 2**32 - 1
SOURCE = "invented"


@dataclass(frozen=True, slots=True)
class InventReport:
    """What was invented and written (造城报告)."""

    target: Path
    name: str
    seed: int
    size: SizeName
    build: BuildReport
    n_nodes: int
    n_arcs: int
    n_streets: int
    n_areas: int
    n_points: int
    n_sites: int
    n_posts: int
    n_units: int
    n_circles: int
    n_desks: int
    n_people: int
    incidents_per_day: float
    content_hash: str


def invent_city(
    target: Path,
    *,
    seed: int,
    size: SizeName,
    name: str | None = None,
    n_circles: int | None = None,
    is_replacing: bool = False,
    progress: Progress,
) -> InventReport:
    """Invent a city and write its folder, whole or not at all.

    n_circles: response circles, those of the size without. Equal seed, size, name and circles give
    the same folder, byte for byte. Raises BadInputError with one sentence and its cure; the target
    is then as it was before.
    """
    _check_wishes(seed, name)
    if n_circles is not None:
        check_circles(n_circles)
    check_target(target, is_replacing=is_replacing)
    numbers, by_hand = get_size(size), read_old_extra(target)
    with written_whole(target) as draft:
        progress(f"drawing a {size} city by seed {seed}")
        plan = draw_plan(numbers, seed=seed, name=None if name is None else name.strip())
        progress(f"building the road network of {plan.name}")
        network, build = build_network(plan.raw)
        progress(f"placing forces on {network.n_nodes:,} nodes and {network.n_arcs:,} arcs")
        placed = _place(plan, network, seed, _wishes(plan, numbers, n_circles))
        progress(f"writing {target}")
        city = _gather(plan, network, placed, (seed, size, build))
        content_hash = write_city(draft, city)
        for note in take_over_extra(draft, by_hand, find_bounds(network)):
            progress(note)
        make_basemap(draft, progress=progress)
    return InventReport(
        target=target,
        name=plan.name,
        seed=seed,
        size=size,
        build=build,
        n_nodes=network.n_nodes,
        n_arcs=network.n_arcs,
        n_streets=len(network.names) - 1,
        n_areas=len(plan.features.areas),
        n_points=len(plan.features.points),
        n_sites=len(plan.sites),
        n_posts=len(placed.forces.posts),
        n_units=len(placed.forces.units),
        n_circles=sum(post.kind != "station" for post in placed.forces.posts),
        n_desks=len(city.meta.desks),
        n_people=round(float(plan.demand.population.sum())),
        incidents_per_day=round(plan.demand.incidents_per_day, 1),
        content_hash=content_hash,
    )


def _check_wishes(seed: int, name: str | None) -> None:
    if not 0 <= seed <= MAX_SEED:
        raise BadInputError(f"the seed {seed} is not between 0 and {MAX_SEED}: choose another")
    if name is not None and not 0 < len(name.strip()) <= MAX_NAME_CHARS:
        raise BadInputError(f"the name of the city must have 1 to {MAX_NAME_CHARS} characters")


def _wishes(plan: CityPlan, numbers: CitySize, n_circles: int | None) -> ForceWishes:
    return ForceWishes(
        n_circles=numbers.n_circles if n_circles is None else n_circles,
        n_stations=numbers.n_stations,
        districts=plan.districts,
    )


def _place(plan: CityPlan, network: "RoadNetwork", seed: int, wishes: ForceWishes) -> PlacedForces:
    placed = place_forces(network, to_population(plan.demand), seed, wishes)
    return replace(placed, forces=take_gps_from_some(placed.forces))


def _gather(
    plan: CityPlan,
    network: "RoadNetwork",
    placed: PlacedForces,
    made: tuple[int, SizeName, BuildReport],
) -> NewCity:
    seed, size, build = made
    meta = CityMeta(
        name=plan.name,
        centre_lat=plan.centre[0],
        centre_lon=plan.centre[1],
        time_zone=DEFAULT_TIME_ZONE,
        source=SOURCE,
        source_sha256="",
        source_datum="wgs84",
        seed=seed,
        attribution="",
        area_classes=AREA_CLASSES,
        rings_min=RINGS_MIN,
        desks=make_desks(plan.districts),
        retention_days=RETENTION_DAYS,
    )
    report: dict[str, object] = {
        "size": size,
        "placed_by": placed.placed_by,
        "arc_km": round(build.length_km, 3),
        "dropped": build.dropped,
        "steps": {step.name: [step.n_nodes, step.n_arcs] for step in build.steps},
    }
    return NewCity(
        meta=meta,
        targets=TARGETS,
        network=network,
        forces=placed.forces,
        areas=plan.areas,
        report=report,
        features=plan.features,
        more_files={
            DEMAND_FILE: pack_demand(plan.demand),
            SITES_FILE: pack_sites(plan.sites),
        },
    )
