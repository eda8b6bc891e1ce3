"""How fast the rings of all posts are drawn (圈层基准), beside scipy's bounded Dijkstra."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.bench_travel import read_bench_roads
from kuaifan.app.bench_travel_tiles import tile_network
from kuaifan.policy.coverage import Coverage
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.lines import PPM
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.reach import Reach
from kuaifan.roads.rings import RingGrower, RingPieces
from kuaifan.roads.travel import RoadPosition

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

N_ROUNDS: Final = 30
N_PEER: Final = 3
N_UNITS: Final = 500
N_CHANGES: Final = 1_000
RINGS: Final = (0.2, 0.6, 1.0)
N_CHECKED: Final = 10_000
MINUTE_MS: Final = 60_000


class CircleFigures(msgspec.Struct, frozen=True):
    """What `bench circles` prints (圈层): one call for all posts, and the cuts into three rings.

    ring_change_p99_ms: a unit is elsewhere, until every ring of every post is held by who holds it.

    pairs_checked: places compared with Dijkstra, within and outside the widest ring.
    """

    nodes: int
    arcs: int
    posts: int
    minutes: float
    wall_ms: float
    cut3_ms: float
    pieces: int
    ring_change_p99_ms: float
    pairs_checked: int
    exact: bool
    peers: dict[str, float]


def bench_circles(
    n_posts: int, minutes: float, *, roads: Path | None, n_tiles: int
) -> CircleFigures:
    """Measure growing the rings of all posts in one call, and cutting three rings of them."""
    network = tile_network(read_bench_roads(roads), n_tiles)
    rng, bound_ms = np.random.default_rng(1), round(minutes * MINUTE_MS)
    # Nobody stands on a turn or on the double of a street.
    arcs = rng.choice(np.flatnonzero(~network.is_turn), n_posts)
    ppm = rng.integers(PPM + 1, size=n_posts)
    posts = [RoadPosition(int(a), int(p)) for a, p in zip(arcs, ppm, strict=True)]
    grower = RingGrower(network)
    grower.grow(posts, bound_ms)
    grown_s, cut_s = [], []
    for _ in range(N_ROUNDS):
        began_s = perf_counter()
        rings = grower.grow(posts, bound_ms)
        grown_s.append(perf_counter() - began_s)
        began_s = perf_counter()
        cuts = [rings.cut(round(bound_ms * share)) for share in RINGS]
        cut_s.append(perf_counter() - began_s)
    n_checked, exact = _check(network, posts, cuts[-1], bound_ms)
    return CircleFigures(
        nodes=network.n_nodes,
        arcs=network.n_arcs,
        posts=n_posts,
        minutes=minutes,
        wall_ms=round(float(np.median(grown_s)) * 1000, 3),
        cut3_ms=round(float(np.median(cut_s)) * 1000, 3),
        pieces=len(cuts[-1].arc),
        ring_change_p99_ms=round(_time_changes(network, posts, bound_ms), 3),
        pairs_checked=n_checked,
        exact=exact,
        peers=_peers(network, arcs, bound_ms),
    )


def _time_changes(network: RoadNetwork, posts: list[RoadPosition], bound_ms: int) -> float:
    """99th percentile of one of 500 units having moved, in milliseconds."""
    rng, rings_ms = np.random.default_rng(3), [round(bound_ms * share) for share in RINGS]
    travel = DijkstraTravelTimes(network)
    travel.load_kernel()
    reach = Reach(network, travel, posts, bound_ms=bound_ms)
    coverage = Coverage(tuple(map(str, range(len(posts)))), N_UNITS, len(RINGS))
    available = np.ones(N_UNITS, np.bool_)
    took_s = []
    for _ in range(N_CHANGES):
        unit = rng.integers(N_UNITS, size=1)
        arcs, ppm = rng.integers(network.n_arcs, size=1), rng.integers(PPM + 1, size=1)
        began_s = perf_counter()
        coverage.ring[unit] = np.searchsorted(rings_ms, reach.times(arcs, ppm))
        coverage.n_in_rings(available)
        took_s.append(perf_counter() - began_s)
    return float(np.percentile(took_s, 99)) * 1000


def _check(
    network: RoadNetwork, posts: list[RoadPosition], pieces: RingPieces, bound_ms: int
) -> tuple[int, bool]:
    """Places of each post compared with Dijkstra: in a piece if and only if there in time."""
    oracle, rng = DijkstraTravelTimes(network), np.random.default_rng(2)
    oracle.load_kernel()
    n_each, n_right, streets = -(-N_CHECKED // len(posts)), 0, np.flatnonzero(~network.is_turn)
    for post_i, post in enumerate(posts):
        arcs = rng.choice(streets, n_each)
        # Half of them near the post, where the ring ends.
        mine = slice(int(pieces.first[post_i]), int(pieces.first[post_i + 1]))
        if mine.stop > mine.start:
            arcs[::2] = rng.choice(pieces.arc[mine], len(arcs[::2]))
        ppm = rng.integers(1, PPM, size=n_each)
        in_time = oracle.from_one(post, arcs, ppm) <= bound_ms
        n_right += int(np.count_nonzero(in_time == _covered(network, pieces, mine, arcs, ppm)))
    return n_each * len(posts), n_right == n_each * len(posts)


def _covered(network: RoadNetwork, pieces: RingPieces, mine: slice, arcs: Ints, ppm: Ints) -> Bools:
    found: Bools = np.zeros(len(arcs), np.bool_)
    for side_arc, side_ppm in ((arcs, ppm), (network.twin[arcs], PPM - ppm)):
        for begin, end in _spans(network, pieces, mine):
            found |= (begin[side_arc] <= side_ppm) & (side_ppm <= end[side_arc]) & (side_arc >= 0)
    return found


def _spans(network: RoadNetwork, pieces: RingPieces, mine: slice) -> list[tuple[Ints, Ints]]:
    """Per arc the part reached from its tail, and the part ahead of the post on its own arc."""
    spans = []
    is_own = pieces.from_ppm[mine] > 0
    for chosen in (is_own, ~is_own):
        begin, end = np.full(network.n_arcs, PPM + 1), np.full(network.n_arcs, -1)
        begin[pieces.arc[mine][chosen]] = pieces.from_ppm[mine][chosen]
        end[pieces.arc[mine][chosen]] = pieces.to_ppm[mine][chosen]
        spans.append((begin, end))
    return spans


def _peers(network: RoadNetwork, arcs: Ints, bound_ms: int) -> dict[str, float]:
    """Median milliseconds of scipy's bounded Dijkstra from the posts' heads, nodes only."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    weights = network.travel_ms[0].astype(np.float64)
    shape = (network.n_nodes, network.n_nodes)
    graph = csr_array((weights, network.head, network.first_arc), shape=shape)
    sources, took_s = network.head[arcs].astype(np.int64), []
    for _ in range(N_PEER):
        began_s = perf_counter()
        dijkstra(graph, indices=sources, limit=float(bound_ms))
        took_s.append(perf_counter() - began_s)
    return {"scipy": round(float(np.median(took_s)) * 1000, 1)}
