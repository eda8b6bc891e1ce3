"""Exact travel times by bounded Dijkstra (最短路): the oracle of faster engines, and the fallback.

A search runs from one place over the network and stops as soon as every node asked for is
settled. Until `load_kernel` has been called, plain Python gives the same integers more slowly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from kuaifan.roads import dijkstra_plain
from kuaifan.roads.dijkstra_plain import SEED_SHIFT, Settle
from kuaifan.roads.ends import (
    Int32s,
    Int64s,
    Positions,
    StreetEnds,
    check_positions,
    direct_ms,
    leave_places,
    reach_places,
)
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.travel import Path, Places, RoadPosition

_NO_PATH = Path(UNREACHABLE_MS, (), 0, 0)
_MAX_SEEDS = 2


@dataclass(frozen=True, slots=True)
class _Star:
    """One search direction: for each node its arcs, the node at their other end, their numbers.

    travel_ms: (n_profiles, n_arcs) in the star's own order.
    """

    first: Int32s
    other_end: Int32s
    travel_ms: Int32s
    arc: Int32s


class DijkstraTravelTimes:
    """`TravelTimes` by Dijkstra; keeps its buffers, so each thread needs one of its own.

    Only `load_kernel` may be called from another thread. A search through all of 60,000 nodes
    takes some 6 ms with the kernel and 80 ms without.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._lay(network)
        self._settle: Settle = dijkstra_plain.settle
        self._wanted = np.zeros(network.n_nodes, np.uint8)
        self._buffers = _new_buffers(network)

    @property
    def kernel_is_loaded(self) -> bool:
        """Whether the compiled search answers."""
        return self._settle is not dijkstra_plain.settle

    def load_kernel(self) -> None:
        """Import and warm the compiled search, then answer with it; may run in a thread."""
        from kuaifan.roads.dijkstra_kernel import settle

        # Its own buffers: another thread may be searching with the plain path right now.
        star, wanted = self._forward, np.zeros(self.network.n_nodes, np.uint8)
        arrays = (star.first, star.other_end, star.travel_ms[0])
        settle(arrays, np.empty(0, np.int64), wanted, (0, -1), _new_buffers(self.network))
        self._settle = settle

    def change_arcs(self, arcs: ArrayLike, travel_ms: ArrayLike) -> None:
        """Put other times of some arcs in force (封路与限速), (n_profiles, k); lays all anew.

        UNREACHABLE_MS closes an arc. Some 20 ms for 60,000 nodes; not while a search runs.
        """
        times_ms = self.network.travel_ms.copy()
        times_ms[:, np.asarray(arcs, np.int64)] = travel_ms
        self._lay(replace(self.network, travel_ms=times_ms))

    def use_weights(self, travel_ms: ArrayLike) -> None:
        """Put other times of all arcs in force (换权), (n_profiles, n_arcs)."""
        times_ms = np.array(travel_ms, np.int32)
        self._lay(replace(self.network, travel_ms=times_ms))

    def to_one(
        self,
        arcs: ArrayLike,
        fractions_ppm: ArrayLike,
        target: RoadPosition,
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(k,) from each of k places to one target."""
        places = check_positions(self.network, arcs, fractions_ppm)
        starts = leave_places(self.network, profile, places)
        goal = reach_places(self.network, profile, self._place(target))
        weights = (self._backward, profile)
        dist_ms = self._search(weights, goal, starts.node, bound_ms)
        around_ms = np.min(starts.ms + dist_ms[starts.node], axis=0)
        return _bounded(np.minimum(around_ms, direct_ms(starts, goal)), bound_ms)

    def to_one_each(
        self, places: Places, target: RoadPosition, *, bound_ms: int = UNREACHABLE_MS
    ) -> Int32s:
        """(n,) from each place asked for to one target, by its own profile; others unreachable."""
        times_ms = np.full(len(places.arc), UNREACHABLE_MS, np.int32)
        asked = np.flatnonzero(places.is_asked & (places.arc >= 0))
        for profile in np.unique(places.profile[asked]).tolist():
            rows = asked[places.profile[asked] == profile]
            own = places.arc[rows], places.fraction_ppm[rows]
            times_ms[rows] = self.to_one(*own, target, profile=profile, bound_ms=bound_ms)
        return times_ms

    def from_one(
        self,
        origin: RoadPosition,
        arcs: ArrayLike,
        fractions_ppm: ArrayLike,
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(k,) from one origin to each of k places."""
        places = check_positions(self.network, arcs, fractions_ppm)
        goals = reach_places(self.network, profile, places)
        start = leave_places(self.network, profile, self._place(origin))
        weights = (self._forward, profile)
        dist_ms = self._search(weights, start, goals.node, bound_ms)
        around_ms = np.min(goals.ms + dist_ms[goals.node], axis=0)
        return _bounded(np.minimum(around_ms, direct_ms(start, goals)), bound_ms)

    def to_node_ms(
        self, target: RoadPosition, *, profile: int = 0, bound_ms: int = UNREACHABLE_MS
    ) -> Int32s:
        """(n_nodes,) from every node to one target: what a post's rings are drawn from."""
        goal = reach_places(self.network, profile, self._place(target))
        return self._search((self._backward, profile), goal, None, bound_ms).copy()

    def to_nodes_ms(
        self,
        targets: Sequence[RoadPosition],
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(n_nodes, k) from every node to each of k targets.

        Without the kernel all k at once by numpy: 53 rings of five minutes in some 0.3 s.
        """
        times_ms = np.full((self.network.n_nodes, len(targets)), UNREACHABLE_MS, np.int32)
        if self.kernel_is_loaded:
            for i, target in enumerate(targets):
                times_ms[:, i] = self.to_node_ms(target, profile=profile, bound_ms=bound_ms)
            return times_ms
        from kuaifan.roads.dijkstra_waves import spread

        places = check_positions(
            self.network, [t.arc for t in targets], [t.fraction_ppm for t in targets]
        )
        goals, star = reach_places(self.network, profile, places), self._backward
        arrays = (star.first, star.other_end, star.travel_ms[profile])
        spread(arrays, (goals.node, goals.ms), min(bound_ms, UNREACHABLE_MS - 1), times_ms)
        return times_ms

    def path(self, origin: RoadPosition, target: RoadPosition, *, profile: int = 0) -> Path:
        """The fastest way; straight along the street if equally fast, then by the lowest arcs."""
        start = leave_places(self.network, profile, self._place(origin))
        goal = reach_places(self.network, profile, self._place(target))
        weights = (self._forward, profile)
        dist_ms = self._search(weights, start, goal.node, UNREACHABLE_MS)
        around_ms = goal.ms[:, 0] + dist_ms[goal.node[:, 0]]
        side = int(np.argmin(around_ms))
        straight_ms = int(direct_ms(start, goal)[0])
        travel_ms = min(int(around_ms[side]), straight_ms)
        if travel_ms >= UNREACHABLE_MS:
            return _NO_PATH
        if travel_ms == straight_ms:
            return _straight_path(start, goal, travel_ms)
        first_side, between = self._walk_back(int(goal.node[side, 0]), dist_ms, start, profile)
        arcs = (int(start.arc[first_side, 0]), *between, int(goal.arc[side, 0]))
        path = Path(travel_ms, arcs, int(start.ppm[first_side, 0]), int(goal.ppm[side, 0]))
        return path.on_streets(self.network.street_of)

    def _lay(self, network: RoadNetwork) -> None:
        self.network = network
        self._forward, self._backward = _forward_star(network), _backward_star(network)

    def _place(self, position: RoadPosition) -> Positions:
        return check_positions(self.network, position.arc, position.fraction_ppm)

    def _search(
        self,
        weights: tuple[_Star, int],
        seeds: StreetEnds,
        asked: Int32s | None,
        bound_ms: int,
    ) -> Int32s:
        """Fill and return the buffer of times; only those of nodes asked for are sure to be final.

        asked: node indices; None asks for all within the bound.
        """
        star, profile = weights
        entries = (seeds.ms << SEED_SHIFT | seeds.node)[seeds.ms < UNREACHABLE_MS]
        self._wanted.fill(0)
        if asked is not None:
            self._wanted[asked] = 1
        n_wanted = -1 if asked is None else int(np.count_nonzero(self._wanted))
        arrays = (star.first, star.other_end, star.travel_ms[profile])
        limits = (min(bound_ms, UNREACHABLE_MS - 1), n_wanted)
        self._buffers[0].fill(UNREACHABLE_MS)
        self._settle(arrays, entries, self._wanted, limits, self._buffers)
        return self._buffers[0]

    def _walk_back(
        self, node: int, dist_ms: Int32s, start: StreetEnds, profile: int
    ) -> tuple[int, list[int]]:
        """Arcs between the start's street and a settled node, found backwards by times alone.

        So the way does not depend on the order in which a search settled equal times.
        """
        star, arcs = self._backward, list[int]()
        weights_ms = star.travel_ms[profile]
        seeds = list(zip(start.node[:, 0].tolist(), start.ms[:, 0].tolist(), strict=True))
        while (node, int(dist_ms[node])) not in seeds:
            slots = slice(int(star.first[node]), int(star.first[node + 1]))
            by_way_ms = dist_ms[star.other_end[slots]].astype(np.int64) + weights_ms[slots]
            slot = slots.start + int(np.flatnonzero(by_way_ms == dist_ms[node])[0])
            arcs.append(int(star.arc[slot]))
            node = int(star.other_end[slot])
        return seeds.index((node, int(dist_ms[node]))), arcs[::-1]


def _straight_path(start: StreetEnds, goal: StreetEnds, travel_ms: int) -> Path:
    options = [
        Path(travel_ms, (arc,), first_ppm, last_ppm)
        for arc, first_ppm, start_ms in _rows(start)
        for goal_arc, last_ppm, goal_ms in _rows(goal)
        if arc == goal_arc and first_ppm <= last_ppm and goal_ms - start_ms == travel_ms
    ]
    return options[0]


def _rows(ends: StreetEnds) -> list[tuple[int, int, int]]:
    columns = (ends.arc[:, 0], ends.ppm[:, 0], ends.from_tail_ms[:, 0])
    return [(int(arc), int(ppm), int(ms)) for arc, ppm, ms in zip(*columns, strict=True)]


def _bounded(travel_ms: Int64s, bound_ms: int) -> Int32s:
    limit_ms = min(bound_ms, UNREACHABLE_MS - 1)
    return np.where(travel_ms <= limit_ms, travel_ms, UNREACHABLE_MS).astype(np.int32)


def _new_buffers(network: RoadNetwork) -> tuple[Int32s, Int64s]:
    times_ms = np.full(network.n_nodes, UNREACHABLE_MS, np.int32)
    return times_ms, np.empty(network.n_arcs + _MAX_SEEDS, np.int64)


def _forward_star(network: RoadNetwork) -> _Star:
    return _star(network, network.tail, network.head)


def _backward_star(network: RoadNetwork) -> _Star:
    return _star(network, network.head, network.tail)


def _star(network: RoadNetwork, ends: Int32s, other_ends: Int32s) -> _Star:
    """Arcs by one of their ends; streets that nobody drives through stand behind all others."""
    by_end = np.where(network.is_through, ends, network.n_nodes)
    order = np.argsort(by_end, kind="stable")
    first = np.searchsorted(by_end[order], np.arange(network.n_nodes + 1))
    arrays = (first, other_ends[order], network.travel_ms[:, order], order)
    return _Star(*(_frozen(np.ascontiguousarray(array, np.int32)) for array in arrays))


def _frozen(array: Int32s) -> Int32s:
    # The network's own arrays are read-only; numba compiles once if all of them are.
    array.flags.writeable = False
    return array
