"""How fast the roads answer (行车时间基准): all units ranked, snapped and ranked, a whole matrix.

Every figure is of one thread. Before it is given, at least 10,000 pairs are compared with
Dijkstra, inside streets, on the open network and on one with twenty arcs closed.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.bench_city import make_bench_reference
from kuaifan.app.bench_travel_peers import (
    PeerFigures,
    PeerMatrixFigures,
    make_graph,
    make_peers,
    summarize,
    time_peer_matrices,
)
from kuaifan.app.bench_travel_tiles import tile_network
from kuaifan.city.folder import read_city
from kuaifan.city.read_graphml import read_graphml
from kuaifan.city.read_osm import read_osm
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.lines import PPM
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition

Ints = NDArray[np.int64]
Places = tuple[Ints, Ints]

N_STREETS: Final = 250
N_QUESTIONS: Final = 500
N_ROUNDS: Final = 10
N_PEER: Final = 20
N_CHECKED: Final = 10_000
N_CLOSED: Final = 20
N_CHANGES: Final = 25
GPS_NOISE_DEG: Final = 0.0001


class TravelFigures(msgspec.Struct, frozen=True):
    """What `bench travel` prints (行车时间).

    Times are of cars without siren; by_profile_p50_ms: of each way of going, in turn. reweight_ms:
    all arcs of one profile. new_hours_ms: all arcs of every profile that hours change. close20_ms:
    twenty arcs for all that drive or ride, until in force.
    peers: the same units as nodes, without parts of streets.
    """

    nodes: int
    arcs: int
    units: int
    wall_p50_ms: float
    wall_p99_ms: float
    cpu_p50_ms: float
    cpu_p99_ms: float
    snap_rank_p99_ms: float
    reweight_ms: float
    new_hours_ms: float
    close20_ms: float
    path_p50_ms: float
    order_s: float
    build_s: float
    memory_mb: int
    pairs_checked: int
    exact: bool
    by_profile_p50_ms: dict[str, float]
    peers: dict[str, PeerFigures]


class MatrixFigures(msgspec.Struct, frozen=True):
    """What `bench matrix` prints (时间矩阵); peers fill it between nodes."""

    nodes: int
    origins: int
    targets: int
    wall_s: float
    cpu_s: float
    pairs_checked: int
    exact: bool
    peers: dict[str, PeerMatrixFigures]


class Bench:
    """One network with its engine, and random places on it."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network, self.rng = network, np.random.default_rng(1)
        self.driven = np.flatnonzero(network.is_driven & ~network.is_turn)
        began_s = perf_counter()
        self.ranks = order_nodes(network)
        self.order_s = perf_counter() - began_s
        # Kernels that have never been compiled are, outside of what is timed.
        CchTravelTimes(network, self.ranks).to_one([0], [0], RoadPosition(0, 0))
        began_s = perf_counter()
        self.engine = CchTravelTimes(network, self.ranks)
        self.build_s = perf_counter() - began_s

    def places(self, n_places: int) -> Places:
        """Anywhere inside streets."""
        arcs = self.driven[self.rng.integers(len(self.driven), size=n_places)]
        return arcs, self.rng.integers(PPM + 1, size=n_places)

    def place(self) -> RoadPosition:
        """Anywhere inside a street."""
        arcs, fractions_ppm = self.places(1)
        return RoadPosition(int(arcs[0]), int(fractions_ppm[0]))

    def some_arcs(self) -> Ints:
        """Twenty arcs."""
        return self.rng.choice(self.driven, N_CLOSED, replace=False)

    def close(self, arcs: Ints) -> None:
        """Close arcs to all but those on foot."""
        self.engine.change_arcs(arcs, self.shut(arcs)[:, arcs])

    def shut(self, arcs: Ints) -> NDArray[np.int32]:
        """All times with some arcs closed to all but those on foot."""
        times_ms = self.network.travel_ms.copy()
        for profile, name in enumerate(self.network.profiles):
            if name != "foot":
                times_ms[profile, arcs] = UNREACHABLE_MS
        return times_ms

    def reopen(self, arcs: Ints) -> None:
        """Give arcs their own times again."""
        self.engine.change_arcs(arcs, self.network.travel_ms[:, arcs])


def bench_travel(n_units: int, *, roads: Path | None, n_tiles: int) -> TravelFigures:
    """Measure all units against one incident, and what keeps the weights up to date."""
    bench = Bench(tile_network(read_bench_roads(roads), n_tiles))
    snap_ms = _time_snapped(bench, n_units)
    paths = [(bench.place(), bench.place()) for _ in range(N_QUESTIONS)]
    path_ms = _time(lambda pair: bench.engine.path(pair[0], pair[1]), paths)
    reweight_ms, close_ms = _time_weights(bench)
    by_profile = _time_profiles(bench, n_units)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    took_ms, peers = _time_all(bench, n_units)
    (wall_p50, cpu_p50), (wall_p99, cpu_p99) = np.percentile(took_ms, [50, 99], axis=0)
    n_checked, exact = _check_pairs(bench, n_units)
    return TravelFigures(
        nodes=bench.network.n_nodes,
        arcs=bench.network.n_arcs,
        units=n_units,
        wall_p50_ms=round(float(wall_p50), 3),
        wall_p99_ms=round(float(wall_p99), 3),
        cpu_p50_ms=round(float(cpu_p50), 3),
        cpu_p99_ms=round(float(cpu_p99), 3),
        snap_rank_p99_ms=round(float(np.percentile(snap_ms[:, 0], 99)), 3),
        reweight_ms=round(reweight_ms / len(bench.network.profiles), 3),
        new_hours_ms=round(reweight_ms * _share_of_hours(bench.network), 3),
        close20_ms=round(close_ms, 3),
        path_p50_ms=round(float(np.median(path_ms[:, 0])), 3),
        order_s=round(bench.order_s, 2),
        build_s=round(bench.build_s, 2),
        memory_mb=memory_mb,
        pairs_checked=n_checked,
        exact=exact,
        by_profile_p50_ms=by_profile,
        peers=peers,
    )


def bench_matrix(
    n_origins: int, n_targets: int, *, roads: Path | None, n_tiles: int
) -> MatrixFigures:
    """Measure one matrix between places inside streets."""
    bench = Bench(tile_network(read_bench_roads(roads), n_tiles))
    origins, targets = bench.places(n_origins), bench.places(n_targets)
    # The first one makes the room that the next ones use again.
    bench.engine.matrix((origins[0][:1], origins[1][:1]), targets)
    began_s, began_cpu_s = perf_counter(), thread_time()
    times_ms = bench.engine.matrix(origins, targets)
    wall_s, cpu_s = perf_counter() - began_s, thread_time() - began_cpu_s
    oracle = _oracle(bench.network)
    columns = range(min(n_targets, -(-N_CHECKED // n_origins)))
    exact = all(
        np.array_equal(times_ms[:, i], oracle.to_one(*origins, _at(targets, i))) for i in columns
    )
    head = bench.network.head.astype(np.int64)
    graph = make_graph(bench.network, bench.ranks)
    return MatrixFigures(
        nodes=bench.network.n_nodes,
        origins=n_origins,
        targets=n_targets,
        wall_s=round(wall_s, 4),
        cpu_s=round(cpu_s, 4),
        pairs_checked=n_origins * len(columns),
        exact=exact,
        peers=time_peer_matrices(graph, head[origins[0]], head[targets[0]]),
    )


def read_bench_roads(roads: Path | None) -> RoadNetwork:
    """The roads to measure on: a map file, a city folder, or a grid made for the purpose."""
    if roads is None:
        return make_bench_reference(n_streets=N_STREETS, n_units=1).network
    if roads.is_dir():
        return read_city(roads).network
    if not roads.is_file():
        raise BadInputError(f"{roads} does not exist: give a map file or a city folder")
    is_osm = roads.name.lower().endswith(".pbf")
    raw, _ = read_osm(roads) if is_osm else read_graphml(roads, None)
    return build_network(raw)[0]


def _time_all(bench: Bench, n_units: int) -> tuple[NDArray[np.float64], dict[str, PeerFigures]]:
    """Ours and the peers in turn, some questions each, so that a busy machine slows all alike."""
    engine, head = bench.engine, bench.network.head.astype(np.int64)
    peers = make_peers(make_graph(bench.network, bench.ranks))
    ours_ms: list[NDArray[np.float64]] = []
    peers_ms: dict[str, list[NDArray[np.float64]]] = {name: [] for name in peers}
    for _ in range(N_ROUNDS):
        questions = [
            (*bench.places(n_units), bench.place()) for _ in range(N_QUESTIONS // N_ROUNDS)
        ]
        ours_ms.append(_time(lambda asked: engine.to_one(*asked), questions))
        nodes = [(head[arcs], int(head[one.arc])) for arcs, _, one in questions[:N_PEER]]
        for name, ask in peers.items():
            took_ms = _time(lambda asked, ask=ask: ask(*asked), nodes)  # type: ignore[misc] # bound now
            peers_ms[name].append(took_ms)
    figures = {name: summarize(np.concatenate(took)) for name, took in peers_ms.items()}
    return np.concatenate(ours_ms), figures


def _time(ask: Callable[[Any], object], questions: list[Any]) -> NDArray[np.float64]:
    """(n, 2) milliseconds on the wall and of this thread; the first tenth warms the caches."""
    took_s = []
    for question in questions:
        began_s, began_cpu_s = perf_counter(), thread_time()
        ask(question)
        took_s.append((perf_counter() - began_s, thread_time() - began_cpu_s))
    return np.array(took_s[len(took_s) // 10 :]) * 1000


def _time_snapped(bench: Bench, n_units: int) -> NDArray[np.float64]:
    """Fixes somewhat off their streets, snapped, and ranked against one incident."""
    snapper = Snapper(bench.network)
    snapper.load_kernel()
    fixes = []
    for _ in range(N_QUESTIONS):
        places = snapper.lines.places_at(*bench.places(n_units))
        off_deg = bench.rng.normal(0.0, GPS_NOISE_DEG, (2, n_units))
        fixes.append((places.lat + off_deg[0], places.lon + off_deg[1], bench.place()))

    def ask(fix: tuple[Any, Any, RoadPosition]) -> object:
        found = snapper.snap(fix[0], fix[1])
        return bench.engine.to_one(found.arc, found.fraction_ppm, fix[2])

    return _time(ask, fixes)


def _time_profiles(bench: Bench, n_units: int) -> dict[str, float]:
    """Medians of all units against one incident, by each way of going."""
    profiles = bench.network.profiles
    took_ms: dict[str, list[NDArray[np.float64]]] = {name: [] for name in profiles}
    for _ in range(N_ROUNDS):
        for profile, name in enumerate(profiles):
            asked = [(*bench.places(n_units), bench.place()) for _ in range(N_PEER)]
            took_ms[name].append(
                _time(lambda each, p=profile: bench.engine.to_one(*each, profile=p), asked)  # type: ignore[misc] # bound now
            )
    return {
        name: round(float(np.median(np.concatenate(took)[:, 0])), 3)
        for name, took in took_ms.items()
    }


def _share_of_hours(network: RoadNetwork) -> float:
    """The share of the profiles that hours change: whoever walks is as fast at any of them."""
    return sum(name != "foot" for name in network.profiles) / len(network.profiles)


def _time_weights(bench: Bench) -> tuple[float, float]:
    """Medians of a full reweight of all profiles, and of closing twenty arcs, in milliseconds."""
    network, reweighs_s, closes_s = bench.network, [], []
    # Two sets in turn: a profile that stays as it is would only be copied.
    is_timed = (network.travel_ms > 0) & (network.travel_ms < UNREACHABLE_MS)
    slower_ms = network.travel_ms + is_timed
    for number in range(N_CHANGES + 1):
        began_s = perf_counter()
        bench.engine.use_weights((slower_ms, network.travel_ms)[number % 2])
        reweighs_s.append(perf_counter() - began_s)
    for number in range(N_CHANGES + 1):
        closed = bench.some_arcs()
        began_s = perf_counter()
        bench.close(closed)
        # The first change after all arcs were weighed anew brings the other set up to date.
        if number > 0:
            closes_s.append(perf_counter() - began_s)
        bench.reopen(closed)
    return float(np.median(reweighs_s)) * 1000, float(np.median(closes_s)) * 1000


def _check_pairs(bench: Bench, n_units: int) -> tuple[int, bool]:
    """Compare with Dijkstra by every profile in turn, half of the pairs with twenty arcs closed."""
    n_each = -(-N_CHECKED // 2 // n_units)
    is_exact = _equals(bench, _oracle(bench.network), n_units, n_each)
    closed = bench.some_arcs()
    bench.close(closed)
    oracle = _oracle(replace(bench.network, travel_ms=bench.shut(closed)))
    is_exact &= _equals(bench, oracle, n_units, n_each)
    bench.reopen(closed)
    return 2 * n_each * n_units, is_exact


def _equals(bench: Bench, oracle: DijkstraTravelTimes, n_units: int, n_targets: int) -> bool:
    for number in range(n_targets):
        profile = number % len(bench.network.profiles)
        places = bench.places(n_units)
        # One in four targets lies on the street of a unit.
        one = _at(places, 0) if bench.rng.integers(4) == 0 else bench.place()
        one = RoadPosition(one.arc, bench.place().fraction_ppm)
        ours_ms = bench.engine.to_one(*places, one, profile=profile)
        if not np.array_equal(ours_ms, oracle.to_one(*places, one, profile=profile)):
            return False
    return True


def _oracle(network: RoadNetwork) -> DijkstraTravelTimes:
    oracle = DijkstraTravelTimes(network)
    oracle.load_kernel()
    return oracle


def _at(places: Places, i: int) -> RoadPosition:
    return RoadPosition(int(places[0][i]), int(places[1][i]))
