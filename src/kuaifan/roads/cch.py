"""Exact travel times by a customizable contraction hierarchy (可定制收缩层次): the fast engine.

The order of contraction is made once per city, the weights anew for every closure. All units are
ranked against one incident in a fraction of a millisecond; `DijkstraTravelTimes` gives the same
integers and remains the oracle.
"""

from collections.abc import Sequence
from threading import local

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.cch_path import find_path, list_sides
from kuaifan.roads.cch_scratch import Context
from kuaifan.roads.cch_topology import build_topology
from kuaifan.roads.cch_weights import Weights
from kuaifan.roads.dijkstra_plain import SEED_SHIFT
from kuaifan.roads.ends import check_positions
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.travel import PPM, Path, Places, RoadPosition

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

# As `cch_rank_kernel` has them, which is imported only when an engine is made.
_TO_ONE, _FROM_ONE = 1, -1


class CchTravelTimes:
    """`TravelTimes` that any number of threads may ask, also while weights change.

    ranks: as `order_nodes` gives them; imports the kernels and takes some 0.1 s for 60,000 nodes.
    Each thread keeps buffers of its own; an answer is by one set of weights throughout.
    """

    def __init__(self, network: RoadNetwork, ranks: ArrayLike) -> None:
        from kuaifan.roads.cch_rank_kernel import rank_each, rank_places

        self.network = network
        self._topology = build_topology(network, ranks)
        self._weights = Weights(network, self._topology)
        self._local = local()
        self._rank_places, self._rank_each = rank_places, rank_each
        self._street_of = network.street_of

    @property
    def travel_ms(self) -> Int32s:
        """(n_profiles, n_arcs) the arcs' times in force, as a copy."""
        return self._weights.travel_ms

    def use_weights(self, travel_ms: ArrayLike) -> None:
        """Put other times of all arcs in force (换权), (n_profiles, n_arcs).

        Some 6 ms a profile for 60,000 nodes. Raises ValueError where times do not fit.
        """
        self._weights.replace(travel_ms)

    def change_arcs(self, arcs: ArrayLike, travel_ms: ArrayLike) -> None:
        """Put other times of some arcs in force (封路与限速), (n_profiles, k); below 1 ms for 20.

        UNREACHABLE_MS closes an arc. Raises ValueError where arcs or times do not fit.
        """
        self._weights.change(arcs, travel_ms)

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
        return self._rank((arcs, fractions_ppm), target, (_TO_ONE, profile, bound_ms))

    def to_one_each(
        self, places: Places, target: RoadPosition, *, bound_ms: int = UNREACHABLE_MS
    ) -> Int32s:
        """(n,) from each place asked for to one target, by its own profile; others unreachable.

        One call for all: what it costs to ask is paid once, not for each profile.
        """
        if not self._is_place(target):
            check_positions(self.network, *target)
        context, n = self._context(), len(places.arc)
        out_ms = np.empty(n, np.int32)
        question = (*target, min(bound_ms, UNREACHABLE_MS - 1))
        tokens = context.next_tokens(len(self.network.profiles))
        try:
            wrong = self._rank_each(
                self._topology.tree,
                self._weights.enter(context).read,
                places,
                question,
                (context.scratch, *context.ends(n), out_ms, tokens),
            )
        finally:
            context.reading = None
        if wrong >= 0:
            self._check_profile(int(places.profile[wrong]))
            check_positions(self.network, places.arc[wrong], places.fraction_ppm[wrong])
        return out_ms

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
        return self._rank((arcs, fractions_ppm), origin, (_FROM_ONE, profile, bound_ms))

    def nearest(
        self,
        arcs: ArrayLike,
        fractions_ppm: ArrayLike,
        target: RoadPosition,
        *,
        n_nearest: int,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> tuple[Int64s, Int32s]:
        """At most n of k places, soonest first, then by index; and their times (最近警力)."""
        travel_ms = self.to_one(arcs, fractions_ppm, target, profile=profile, bound_ms=bound_ms)
        order = np.argsort(travel_ms, kind="stable")[: max(n_nearest, 0)]
        order = order[travel_ms[order] < UNREACHABLE_MS]
        return order, travel_ms[order]

    def matrix(
        self,
        origins: tuple[ArrayLike, ArrayLike],
        targets: tuple[ArrayLike, ArrayLike],
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(k, m) from each of k places to each of m others (时间矩阵), as arcs and fractions."""
        from kuaifan.roads.cch_matrix_kernel import fill_matrix, mend_same_street

        starts = check_positions(self.network, *origins)
        goals = check_positions(self.network, *targets)
        self._check_profile(profile)
        out_ms = np.empty((len(starts[0]), len(goals[0])), np.int32)
        context = self._context()
        try:
            metric = self._weights.enter(context).metrics[profile]
            shape = self._topology.tree, metric.streets
            room = context.scratch, *context.lanes()
            fill_matrix(shape, metric.read, (starts, goals), room, out_ms)
            mend_same_street(metric.streets, starts, goals, out_ms)
        finally:
            context.reading = None
        if bound_ms < UNREACHABLE_MS:
            out_ms[out_ms > bound_ms] = UNREACHABLE_MS
        return out_ms

    def path(self, origin: RoadPosition, target: RoadPosition, *, profile: int = 0) -> Path:
        """The fastest way; straight along the street if equally fast."""
        for place in (origin, target):
            if not self._is_place(place):
                check_positions(self.network, *place)
        self._check_profile(profile)
        context = self._context()
        try:
            metric = self._weights.enter(context).metrics[profile]
            ends = origin, target
            return find_path(self._topology, metric, ends, context, self._street_of)
        finally:
            context.reading = None

    def to_node_ms(
        self, target: RoadPosition, *, profile: int = 0, bound_ms: int = UNREACHABLE_MS
    ) -> Int32s:
        """(n_nodes,) from every node to one target, by bounded Dijkstra: rings are small."""
        from kuaifan.roads.dijkstra_kernel import settle

        check_positions(self.network, target.arc, target.fraction_ppm)
        self._check_profile(profile)
        context = self._context()
        times_ms, heap = context.dijkstra()
        times_ms.fill(UNREACHABLE_MS)
        inward = self._weights.inward
        wanted = np.zeros(self.network.n_nodes, np.uint8)
        try:
            metric = self._weights.enter(context).metrics[profile]
            star = inward.first, inward.tail, metric.inward_ms
            entries = [
                side.from_tail_ms << SEED_SHIFT | int(self.network.tail[side.arc])
                for side in list_sides(metric.streets, target)
            ]
            limits = (min(bound_ms, UNREACHABLE_MS - 1), -1)
            settle(star, np.array(entries, np.int64), wanted, limits, (times_ms, heap))
        finally:
            context.reading = None
        return times_ms.copy()

    def to_nodes_ms(
        self,
        targets: Sequence[RoadPosition],
        *,
        profile: int = 0,
        bound_ms: int = UNREACHABLE_MS,
    ) -> Int32s:
        """(n_nodes, k) from every node to each of k targets, one search each."""
        times_ms = np.empty((self.network.n_nodes, len(targets)), np.int32)
        for i, target in enumerate(targets):
            times_ms[:, i] = self.to_node_ms(target, profile=profile, bound_ms=bound_ms)
        return times_ms

    def _rank(
        self,
        places: tuple[ArrayLike, ArrayLike],
        one: RoadPosition,
        how: tuple[int, int, int],
    ) -> Int32s:
        """Times between places and one: how is the direction, the profile and the bound."""
        direction, profile, bound_ms = how
        # Copies, always writable and of one type: the kernel is compiled for no other.
        arcs = np.array(places[0], np.int64).reshape(-1)
        fractions_ppm = np.array(places[1], np.int64).reshape(-1)
        self._check_profile(profile)
        if len(arcs) != len(fractions_ppm) or not self._is_place(one):
            check_positions(self.network, *one)
            check_positions(self.network, arcs, fractions_ppm)
        context = self._context()
        out_ms = np.empty(len(arcs), np.int32)
        limit_ms = min(bound_ms, UNREACHABLE_MS - 1)
        question = (*one, direction, limit_ms, context.next_token())
        try:
            metric = self._weights.enter(context).metrics[profile]
            up_ms, down_ms = metric.read
            wrong = self._rank_places(
                (self._topology.tree, metric.streets),
                (down_ms, up_ms) if direction == _TO_ONE else (up_ms, down_ms),
                (arcs, fractions_ppm),
                question,
                (context.scratch, *context.ends(len(arcs)), out_ms),
            )
        finally:
            context.reading = None
        if wrong >= 0:
            check_positions(self.network, arcs, fractions_ppm)
        return out_ms

    def _context(self) -> Context:
        """The buffers of the thread that asks."""
        context: Context | None = getattr(self._local, "context", None)
        if context is None:
            context = self._local.context = self._weights.new_context()
        return context

    def _is_place(self, position: RoadPosition) -> bool:
        return 0 <= position.arc < self.network.n_arcs and 0 <= position.fraction_ppm <= PPM

    def _check_profile(self, profile: int) -> None:
        if not 0 <= profile < len(self.network.profiles):
            known = self.network.profiles
            raise ValueError(f"there is no profile {profile}; this network has {known}")
