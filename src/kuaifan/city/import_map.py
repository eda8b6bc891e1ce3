"""Makes a city folder out of a map file (导入地图)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.city.areas import AREA_CLASSES, WHOLE_ID, draw_areas
from kuaifan.city.barriers import GATE_MS
from kuaifan.city.basemap import find_bounds, make_basemap
from kuaifan.city.city import CityMeta, PlacedBy
from kuaifan.city.city_toml import (
    DEFAULT_TIME_ZONE,
    RETENTION_DAYS,
    RINGS_MIN,
    TARGETS,
    is_time_zone,
)
from kuaifan.city.clip import Box, clip_to_box
from kuaifan.city.clip_area import clip_to_area, read_clip
from kuaifan.city.desks import WHOLE_CITY
from kuaifan.city.features import MapFeatures
from kuaifan.city.features_clip import clip_features
from kuaifan.city.features_osm import read_osm_features
from kuaifan.city.folder import NewCity, check_target, write_city
from kuaifan.city.forces import ForceWishes, PlacedForces, check_circles, place_forces
from kuaifan.city.import_quality import ImportQuality, judge_datum, judge_import
from kuaifan.city.map_source import ReadMap, check_source, hash_source, is_pbf, read_map
from kuaifan.city.places_extra import read_old_extra, take_over_extra
from kuaifan.city.population import Population, read_population
from kuaifan.city.whole_folder import written_whole
from kuaifan.geo.datums import Datum
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import BuildReport, RawWays, build_network
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.turn_times import TurnPenalties

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MAX_NAME_CHARS = 100
MAX_CLOCK_OFF_HOURS = 3.5
_DEGREES_PER_HOUR = 15.0
_JANUARY = 1_736_899_200  # 15 January 2025, only to ask a zone for its hours.
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user may say about an import; what is None the file is asked for.

    population: a CSV with lat, lon (WGS-84) and population, to place the forces by. n_circles:
    response circles, as many as the length of the streets suggests without. encoding: of the names
    in a shapefile, "gbk" or "utf-8". clip: a GeoJSON of areas to which the streets are cut.
    time_zone: DEFAULT_TIME_ZONE without.
    """

    datum: Datum | None = None
    seed: int = 1
    population: Path | None = None
    name: str | None = None
    box: Box | None = None
    time_zone: str | None = None
    is_replacing: bool = False
    n_circles: int | None = None
    encoding: str | None = None
    clip: Path | None = None
    turn_penalties: TurnPenalties = TurnPenalties.OFF


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import read, dropped, placed and wrote (导入报告).

    dropped: cause to count, the reader's and the builder's together.
    notes: sentences the user should read.
    """

    target: Path
    name: str
    build: BuildReport
    quality: ImportQuality
    notes: tuple[str, ...]
    placed_by: PlacedBy
    n_nodes: int
    n_arcs: int
    n_posts: int
    n_units: int
    attribution: str
    content_hash: str


def import_city(
    source: Path, target: Path, options: ImportOptions, *, progress: Progress
) -> ImportReport:
    """Read a map and write a city folder, whole or not at all.

    Raises BadInputError with one sentence and its cure; the target is then as it was before.
    """
    _check_wishes(source, target, options)
    by_hand = read_old_extra(target)
    population = None if options.population is None else read_population(options.population)
    area = None if options.clip is None else read_clip(options.clip)
    with written_whole(target) as draft:
        progress(f"reading {source.name}")
        read = read_map(source, options.datum, options.encoding)
        raw, notes = _cut_out(read, options, area)
        features = _read_features(source)
        progress(f"building the road network of {len(raw.ways):,} streets")
        network, build = build_network(raw, turn_penalties=options.turn_penalties)
        doubt = judge_datum(raw, read.datum, said_by=read.said_by, is_certain=read.is_osm)
        quality = judge_import(raw, network, doubt)
        progress(f"placing forces on {network.n_nodes:,} nodes and {network.n_arcs:,} arcs")
        wishes = ForceWishes(n_circles=options.n_circles)
        placed = place_forces(network, population, options.seed, wishes)
        meta = _describe(source, options, network, read.datum)
        notes += take_over_extra(draft, by_hand, find_bounds(network))
        notes += _list_turn_notes(build, network)
        notes += [*_list_placing_notes(placed, population), *_list_clock_notes(meta)]
        city = NewCity(
            meta=meta,
            targets=TARGETS,
            network=network,
            forces=placed.forces,
            areas=draw_areas(network),
            report=_summary(build, notes, placed) | {"quality": msgspec.to_builtins(quality)},
            features=clip_features(features, options.box or find_bounds(network)),
        )
        progress(f"writing {target}")
        content_hash = write_city(draft, city)
        make_basemap(draft, progress=progress)
    return ImportReport(
        target=target,
        name=meta.name,
        build=build,
        quality=quality,
        notes=tuple(notes),
        placed_by=placed.placed_by,
        n_nodes=network.n_nodes,
        n_arcs=network.n_arcs,
        n_posts=len(placed.forces.posts),
        n_units=len(placed.forces.units),
        attribution=meta.attribution,
        content_hash=content_hash,
    )


def _check_wishes(source: Path, target: Path, options: ImportOptions) -> None:
    check_source(source, encoding=options.encoding)
    if options.time_zone is not None and not is_time_zone(options.time_zone):
        raise BadInputError(
            f"the time zone {options.time_zone!r} is unknown: give one like {DEFAULT_TIME_ZONE}"
        )
    if options.name is not None and not 0 < len(options.name.strip()) <= MAX_NAME_CHARS:
        raise BadInputError(f"the name of the city must have 1 to {MAX_NAME_CHARS} characters")
    if options.n_circles is not None:
        check_circles(options.n_circles)
    check_target(target, is_replacing=options.is_replacing)


def _cut_out(
    read: ReadMap, options: ImportOptions, area: "BaseGeometry | None"
) -> tuple[RawWays, list[str]]:
    """The streets within the box and the areas that were asked for, and what to say of them."""
    raw, notes = read.raw, list(read.notes)
    if options.box is not None:
        raw = clip_to_box(raw, options.box)
    if area is not None:
        raw, report = clip_to_area(raw, area)
        notes.append(
            f"{report.n_whole:,} streets lie within the areas, {report.n_cut:,} were cut at their "
            f"border, {report.n_outside:,} left out"
        )
    return raw, notes


def _read_features(source: Path) -> MapFeatures:
    """What the map shows beside its roads; other sources have only roads."""
    return read_osm_features(source) if is_pbf(source) else MapFeatures()


def _describe(source: Path, options: ImportOptions, network: RoadNetwork, datum: Datum) -> CityMeta:
    name = source.name.partition(".")[0] if options.name is None else options.name.strip()
    return CityMeta(
        name=name,
        centre_lat=round(float(np.median(network.node_lat)), 6),
        centre_lon=round(float(np.median(network.node_lon)), 6),
        time_zone=options.time_zone or DEFAULT_TIME_ZONE,
        source=source.name,
        source_sha256=hash_source(source),
        source_datum=datum.value,
        seed=options.seed,
        attribution=network.attribution,
        area_classes=AREA_CLASSES,
        rings_min=RINGS_MIN,
        desks=(msgspec.structs.replace(WHOLE_CITY, districts=(WHOLE_ID,)),),
        retention_days=RETENTION_DAYS,
    )


def _list_turn_notes(build: BuildReport, network: RoadNetwork) -> list[str]:
    """What turn restrictions and barriers did to the network; nothing where there are none."""
    turns, notes = build.turns, list[str]()
    if turns.n_split:
        notes.append(
            f"of {network.n_nodes:,} nodes, {turns.n_split:,} junctions are split for "
            f"{turns.n_applied:,} turn restrictions and {turns.n_blocked:,} barriers"
        )
    if turns.n_via_ways:
        notes.append(f"{turns.n_via_ways:,} of the turn restrictions lead over whole streets")
    if turns.n_timed:
        notes.append(f"turning takes time at {turns.n_timed:,} junctions, not at the others")
    if turns.n_gates:
        notes.append(f"{turns.n_gates:,} gates are passed with a delay of {GATE_MS // 1000} s each")
    return notes


def _list_placing_notes(placed: PlacedForces, population: Population | None) -> list[str]:
    marked = (
        f"the map gives no forces: {len(placed.forces.posts)} posts and "
        f"{len(placed.forces.units)} units were placed by {placed.placed_by} and marked so; areas "
        "were drawn by road density"
    )
    one_district = (
        "the map's boundaries do not tile it, so all of it is one district of the city desk: draw "
        f"others into areas.geojson in place of {WHOLE_ID} and give them [[desks]] in city.toml"
    )
    notes = [marked, one_district]
    if population is not None and placed.n_people_left_out:
        notes.append(
            f"{placed.n_people_left_out:,} of {population.inhabitants.sum():,.0f} inhabitants live "
            "over 2 km from every street and were left out"
        )
    return notes


def _list_clock_notes(meta: CityMeta) -> list[str]:
    """Say so if the city's clock is far from its sun: then the time zone was forgotten."""
    # A standard clock strays up to 3.5 h from the sun (western China does); further is a mistake.

    offset = datetime.fromtimestamp(_JANUARY, UTC).astimezone(ZoneInfo(meta.time_zone)).utcoffset()
    clock_hours = 0.0 if offset is None else offset.total_seconds() / 3600.0
    off_hours = abs((clock_hours - meta.centre_lon / _DEGREES_PER_HOUR + 12.0) % 24.0 - 12.0)
    if off_hours <= MAX_CLOCK_OFF_HOURS:
        return []
    doubt = (
        f"the clock of the city is {meta.time_zone}, {off_hours:.0f} hours off the sun at its "
        f"longitude {meta.centre_lon:.1f}: if that is wrong, import again with --time-zone"
    )
    return [doubt]


def _summary(build: BuildReport, notes: list[str], placed: PlacedForces) -> dict[str, object]:
    return {
        "notes": list(notes),
        "placed_by": placed.placed_by,
        "arc_km": round(build.length_km, 3),
        "n_ways": build.n_ways,
        "n_ways_drivable": build.n_ways_drivable,
        "n_speeds_assumed": build.n_speeds_assumed,
        "dropped": build.dropped,
        "turns": asdict(build.turns),
        "steps": {step.name: [step.n_nodes, step.n_arcs] for step in build.steps},
    }
