"""Road time from anywhere to a fixed set of places (可达): one table, filled once.

The places are the posts of response circles. Whether a moving unit is within a circle's ring is
then a look-up in its arc's head node, exact to the part of the arc it stands on, instead of a
search per fix.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.travel import UNREACHABLE_MS, RoadPosition, TravelTimes

WHOLE_PPM = 1_000_000
MAX_KEPT_BYTES: Final = 16 << 20
"""What tables of the hours of a day may take, for one profile."""


class Table(NamedTuple):
    """The arcs' times of some weights, and what follows from them by node."""

    travel_ms: NDArray[np.int64]
    node_ms: NDArray[np.int32]


class Targets(NamedTuple):
    """Where the targets are: (k,) arcs, fractions and ways back; has: (n_arcs,) arcs with one."""

    arc: NDArray[np.int64]
    ppm: NDArray[np.int64]
    twin: NDArray[np.int64]
    has: NDArray[np.bool_]


class Marks(NamedTuple):
    """Who is how near to which target (圈层标记), (n_rows, n_targets), written row by row.

    band: how many of the limits are too short; near: whether the near limit is long enough.
    limits_ms: int64, ascending. way_ms: the time itself, UNREACHABLE_MS beyond the bound.
    """

    band: NDArray[np.int8]
    near: NDArray[np.bool_]
    way_ms: NDArray[np.int32]
    limits_ms: NDArray[np.int64]
    near_ms: int


Columns = tuple[NDArray[np.int32], NDArray[np.int32]]
"""The arcs and fractions of everybody, (n_rows,) each."""


class Marker(Protocol):
    """Marks how near some rows are; plain or compiled, the same marks."""

    def __call__(
        self, reach: Reach, rows: NDArray[np.int64], places: Columns, marks: Marks
    ) -> None:
        """Mark some rows, whose places are known."""


class Reach:
    """Times from any road position to each target, up to a bound (可达时间表).

    Memory: n_targets x n_nodes x 4 bytes. Building costs one bounded search per target.
    """

    def __init__(
        self,
        network: RoadNetwork,
        travel: TravelTimes,
        targets: Sequence[RoadPosition],
        *,
        bound_ms: int,
        profile: int = 0,
    ) -> None:
        self._network, self._bound_ms = network, min(bound_ms, UNREACHABLE_MS - 1)
        self._profile, self._targets = profile, tuple(targets)
        self._travel_ms: NDArray[np.int64]
        self._target_arc = np.array([target.arc for target in targets], np.int64)
        self._target_ppm = np.array([target.fraction_ppm for target in targets], np.int64)
        # Node by node, so that one position reads one stretch of memory.
        self._node_ms: NDArray[np.int32]
        self._kept: dict[str, Table] = {}
        self._has_target = np.zeros(network.n_arcs, np.bool_)
        self._has_target[self._target_arc] = True
        self._target_twin = network.twin[self._target_arc].astype(np.int64)
        self._has_target[self._target_twin[self._target_twin >= 0]] = True
        self.refresh(travel, network.travel_ms)

    def refresh(
        self, travel: TravelTimes, travel_ms: NDArray[np.integer], *, again: str = ""
    ) -> None:
        """Fill the table anew after a change of weights (换权); travel_ms: the engine's.

        again: a name of these weights that come back day by day; under it the table is kept.
        """
        self._travel_ms = travel_ms[self._profile].astype(np.int64)
        self._node_ms = travel.to_nodes_ms(
            self._targets, profile=self._profile, bound_ms=self._bound_ms
        )
        self._between: NDArray[np.int64] | None = None
        if again and (len(self._kept) + 1) * self._node_ms.nbytes <= MAX_KEPT_BYTES:
            self._kept[again] = Table(self._travel_ms, self._node_ms)

    @property
    def parts(self) -> tuple[Table, Targets, tuple[NDArray[np.int32], NDArray[np.int32]], int]:
        """The table in force, the targets, heads and twins of the arcs, and the bound."""
        targets = Targets(self._target_arc, self._target_ppm, self._target_twin, self._has_target)
        ends = self._network.head, self._network.twin
        return Table(self._travel_ms, self._node_ms), targets, ends, self._bound_ms

    def find_kept(self, again: str) -> bool:
        """Use the table that was filled under such weights before, if it is kept."""
        table = self._kept.get(again)
        if table is None:
            return False
        self._travel_ms, self._node_ms = table
        self._between = None
        return True

    def between(self) -> NDArray[np.int64]:
        """Road time from each target to each, (n_targets, n_targets) ms; not to be written."""
        if self._between is None:
            self._between = self.times(self._target_arc, self._target_ppm)
        return self._between

    def times(
        self, arcs: NDArray[np.integer], fractions_ppm: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        """Road time of each position to each target, (k, n_targets) ms.

        UNREACHABLE_MS beyond the bound. O(k x n_targets), no search.
        """
        arc_i: NDArray[np.int64] = arcs.astype(np.int64)
        ppm: NDArray[np.int64] = fractions_ppm.astype(np.int64)
        best = self._one_way(arc_i, ppm)
        twins: NDArray[np.int64] = self._network.twin[arc_i].astype(np.int64)
        back = np.flatnonzero(twins >= 0)
        if len(back):
            other = self._one_way(twins[back], WHOLE_PPM - ppm[back])
            best[back] = np.minimum(best[back], other)
        return np.where(best <= self._bound_ms, best, UNREACHABLE_MS)

    def within(
        self,
        arcs: NDArray[np.integer],
        fractions_ppm: NDArray[np.integer],
        *,
        limit_ms: int = UNREACHABLE_MS,
    ) -> NDArray[np.bool_]:
        """Whether each position is within a limit, or else the bound, of each target.

        (k, n_targets).
        """
        near: NDArray[np.bool_] = self.times(arcs, fractions_ppm) <= min(limit_ms, self._bound_ms)
        return near

    def _one_way(self, arcs: NDArray[np.int64], ppm: NDArray[np.int64]) -> NDArray[np.int64]:
        """Times when leaving along the given arc only: to its head and on, or straight ahead."""
        weight: NDArray[np.int64] = self._travel_ms[arcs]
        rest: NDArray[np.int64] = weight - weight * ppm // WHOLE_PPM
        via_head: NDArray[np.int64] = rest[:, None] + self._node_ms[self._network.head[arcs]]
        # A closed arc is not driven, however little of it is left.
        via_head[weight >= UNREACHABLE_MS] = UNREACHABLE_MS
        beside = np.flatnonzero(self._has_target[arcs])
        if not len(beside):
            return via_head
        arcs, ppm = arcs[beside], ppm[beside]
        same = self._ahead(arcs, ppm, self._target_arc, self._target_ppm)
        other = self._ahead(arcs, ppm, self._target_twin, WHOLE_PPM - self._target_ppm)
        via_head[beside] = np.minimum(via_head[beside], np.minimum(same, other))
        return via_head

    def _ahead(
        self,
        arcs: NDArray[np.int64],
        ppm: NDArray[np.int64],
        target_arc: NDArray[np.int64],
        target_ppm: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        weight = self._travel_ms[arcs]
        here = (weight * ppm // WHOLE_PPM)[:, None]
        there = weight[:, None] * target_ppm[None, :] // WHOLE_PPM
        hit = (arcs[:, None] == target_arc[None, :]) & (target_ppm[None, :] >= ppm[:, None])
        hit &= (weight < UNREACHABLE_MS)[:, None]
        return np.where(hit, there - here, UNREACHABLE_MS)


def mark_plain(reach: Reach, rows: NDArray[np.int64], places: Columns, marks: Marks) -> None:
    """Mark how near some rows are to each target, with whole-array operations."""
    times_ms = reach.times(places[0][rows], places[1][rows])
    marks.near[rows], marks.way_ms[rows] = times_ms <= marks.near_ms, times_ms
    marks.band[rows] = np.searchsorted(marks.limits_ms, times_ms)
