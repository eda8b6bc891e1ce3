"""How fast a city's week of posts is planned (布警基准): 10 stations and 21 posts on real roads.

Roads are Porto's, calls those of a real county laid over them, and each of the 21 shifts of a week
has its own demand and the road times of its hours. A shift's plan is the rings model: of each
demand, whether a crew stands within its ring's minutes; 1 for the tenth of the calls in the densest
cells (重点部位), 3 for the two fifths after them (重点区域), 5 for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.bench_travel import read_bench_roads
from kuaifan.app.plan_demand import plan_demand
from kuaifan.city.calls_import import import_calls
from kuaifan.city.calls_onto import Onto
from kuaifan.city.demand_file import Demand, unpack_demand
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.kernel.errors import BadInputError
from kuaifan.models.rings.problem import Force, Ring, RingPlan
from kuaifan.models.rings.solve import solve
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.hours import HOUR_CLASSES, HourTable, HourTimes, usual_week
from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.snap import Snapped, Snapper

Floats = NDArray[np.float64]
MAPPING: Final = Path("docs/howto/mappings/montgomery.toml")
ROADS: Final = "roads/porto_portugal.osm.pbf"
CALLS: Final = "calls/montgomery_911_2015-12_2016-06.csv.xz"
N_CELLS: Final = 10_000
N_SITES: Final = 500
N_STATIONS, N_POSTS = 10, 21
N_SHIFTS, HOURS_A_SHIFT = 21, 8
MIDDLE: Final = (0.02, 0.98)
MINUTES: Final = (1, 3, 5)
DENSEST: Final = (0.1, 0.5)
"""Of all calls, those in the 1-minute ring, and in that or the 3-minute one."""
GAP: Final = 0.005
N_THREADS: Final = 2
MS_A_MINUTE: Final = 60_000.0
STREETS: Final = ("trunk", "primary", "secondary", "tertiary")
"""Where a street station (街面警务站) may stand."""


class PostsFigures(msgspec.Struct, frozen=True):
    """A week of shifts planned (一周布警): the widest gap of any, from forecast to plans.

    reading_s: map, its order and calls, before. share: of calls that stand within their ring's
    minutes of a crew, least and most of the shifts.
    """

    seconds: float
    gap: float
    proven: bool
    shifts: int
    nodes: int
    cells: int
    sites: int
    reading_s: float
    share: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Town:
    """Roads, and where demand and posts may be on them."""

    network: RoadNetwork
    engine: CchTravelTimes
    demand: Demand
    cells: Snapped
    sites: Snapped
    is_street: NDArray[np.bool_]


def bench_posts(data: Path) -> PostsFigures:
    """Plan each shift of a week; data: the folder that holds roads/ and calls/."""
    began_s = perf_counter()
    for name in (ROADS, CALLS):
        if not (data / name).is_file():
            raise BadInputError(f"{data} holds no {name}: name the folder of data by --data")
    network = read_bench_roads(data / ROADS)
    engine = CchTravelTimes(network, order_nodes(network))
    with TemporaryDirectory() as folder:
        calls = _lay_calls(data / CALLS, network, Path(folder))
        planned_s = perf_counter()
        town = _settle(network, engine, calls, Path(folder))
    costs = _costs(town)
    with ThreadPoolExecutor(N_THREADS) as pool:
        solved = list(pool.map(lambda shift: _plan(town, shift, costs), range(N_SHIFTS)))
    ended_s = perf_counter()
    shares = [value for value, _ in solved]
    gap = max(gap for _, gap in solved)
    return PostsFigures(
        seconds=round(ended_s - planned_s, 2),
        gap=round(gap, 6),
        proven=gap <= GAP,
        shifts=len(solved),
        nodes=network.n_nodes,
        cells=len(town.cells.arc),
        sites=len(town.sites.arc),
        reading_s=round(planned_s - began_s, 2),
        share=(round(min(shares), 4), round(max(shares), 4)),
    )


def _lay_calls(source: Path, network: RoadNetwork, folder: Path) -> Path:
    """Lay real calls over the roads; from the middle of a checkout, where the mapping is."""
    if not MAPPING.is_file():
        raise BadInputError(f"{MAPPING} is not here: run it in the folder of the checkout")
    target = folder / "porto.calls"
    import_calls(source, MAPPING, target, onto=Onto("Porto", network))
    return target


def _settle(network: RoadNetwork, engine: CchTravelTimes, calls: Path, folder: Path) -> _Town:
    """Learn the demand, and draw sites where calls are."""
    output = folder / "demand.npz"
    plan_demand(output, calls=calls, db=None, city=None, cell_m=_cell_m(network))
    demand = unpack_demand(output.read_bytes(), output)
    snapper = Snapper(network)
    weekly = demand.weekly.sum(axis=1, dtype=np.float64)
    drawn = np.random.default_rng(1).choice(
        len(weekly), N_SITES, replace=False, p=weekly / weekly.sum()
    )
    cells = snapper.snap(demand.lat, demand.lon)
    sites = snapper.snap(demand.lat[drawn], demand.lon[drawn])
    classes = [name for name in ROAD_CLASSES if name.removesuffix("_link") in STREETS]
    wanted = np.array([ROAD_CLASSES.index(name) for name in classes])
    return _Town(
        network=network,
        engine=engine,
        demand=demand,
        cells=cells,
        sites=sites,
        is_street=np.isin(network.road_class[sites.arc], wanted),
    )


def _cell_m(network: RoadNetwork) -> float:
    """Cells so large that about so many lie where the calls are laid."""
    south, north = np.quantile(network.node_lat, MIDDLE).tolist()
    west, east = np.quantile(network.node_lon, MIDDLE).tolist()
    wide_m = (east - west) * METRES_PER_DEGREE * np.cos(np.radians((south + north) / 2))
    # The forecast's grid reaches a little farther than the middle of the calls.
    area_m2 = (north - south) * METRES_PER_DEGREE * wide_m / (MIDDLE[1] - MIDDLE[0]) ** 2
    return float(np.sqrt(area_m2 / N_CELLS))


def _costs(town: _Town) -> Mapping[int, Floats]:
    """Minutes from each site to each cell with lights and siren, by class of hours."""
    hours = HourTimes(town.network, HourTable(usual_week(), UTC))
    profile = town.network.profiles.index("siren")
    costs = {}
    for hour_class in sorted(set(usual_week())):
        town.engine.use_weights(hours.times_ms(HOUR_CLASSES[hour_class]))
        found_ms = town.engine.matrix(
            (town.sites.arc, town.sites.fraction_ppm),
            (town.cells.arc, town.cells.fraction_ppm),
            profile=profile,
        )
        costs[hour_class] = np.where(found_ms < UNREACHABLE_MS, found_ms / MS_A_MINUTE, np.inf)
    return costs


def _plan(town: _Town, shift: int, costs: Mapping[int, Floats]) -> tuple[float, float]:
    """Plan a shift; the share of its calls within their ring, and the gap."""
    first = shift * HOURS_A_SHIFT
    weight = sum(
        town.demand.rates(hour).sum(axis=1) for hour in range(first, first + HOURS_A_SHIFT)
    )
    cost = costs[_hour_class(town.demand, range(first, first + HOURS_A_SHIFT))]
    solved = solve(make_ring_plan(cost, np.asarray(weight), town.is_street), gap=GAP)
    return solved.value, solved.gap


def _hour_class(demand: Demand, hours: range) -> int:
    """The class of hours that most of a shift's calls come in."""
    calls = [float(demand.rates(hour).sum()) for hour in hours]
    found = np.bincount([usual_week()[hour] for hour in hours], calls)
    return int(found.argmax())


def make_ring_plan(cost: Floats, weight: Floats, is_street: NDArray[np.bool_]) -> RingPlan:
    """The mission's 10 street stations and 21 standby posts, and rings of 1, 3 and 5 minutes."""
    order = np.argsort(-weight, kind="stable")
    share = np.empty(len(weight))
    share[order] = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    ring_of = np.digitize(share, DENSEST)
    no_street = tuple(np.flatnonzero(~is_street).tolist())
    return RingPlan(
        forces=(
            Force(name="street_station", cost=cost, n_crews=N_STATIONS, forbidden=no_street),
            Force(name="standby_post", cost=cost, n_crews=N_POSTS),
        ),
        rings=tuple(
            Ring(
                name=f"{minutes} min",
                limit=float(minutes),
                weight=np.where(ring_of == i, weight, 0.0),
                worth=float(weight[ring_of == i].sum() / weight.sum()),
                forces=(0, 1),
            )
            for i, minutes in enumerate(MINUTES)
        ),
        room=np.ones(len(cost), np.int64),
    )
