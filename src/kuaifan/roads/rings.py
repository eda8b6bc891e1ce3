"""Rings of posts (圈层): the pieces of road reached in so many minutes, cut part-way.

One call grows all posts once, to the widest ring; every narrower ring is a cut of the same pieces.
What is drawn are roads, not discs: a hull is made only where somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.ends import check_positions, leave_places
from kuaifan.roads.lines import PPM, ArcLines
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.travel import RoadPosition

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Floats = NDArray[np.float64]

_SEED_SHIFT = 32
_MIN_POINTS = 4
"""A hull of fewer points is no area."""


@dataclass(frozen=True, slots=True)
class RingPieces:
    """Pieces of arcs, post by post (圈层路段): of post i, first[i] up to first[i + 1].

    Of `arc` the part between the two fractions is reached.
    """

    first: Int64s
    arc: Int32s
    from_ppm: Int64s
    to_ppm: Int64s


@dataclass(frozen=True, slots=True)
class Rings:
    """How far each post reaches (圈层), up to bound_ms; made by `RingGrower.grow`.

    tail_ms: the time at the tail of each arc; below zero on the post's own, which begins within.
    """

    network: RoadNetwork
    is_drawn: NDArray[np.bool_]
    profile_ms: Int32s
    bound_ms: int
    first: Int64s
    arc: Int32s
    tail_ms: Int32s
    from_ppm: Int64s

    def cut(self, bound_ms: int) -> RingPieces:
        """The pieces within one ring; raises ValueError for one wider than what was grown."""
        if bound_ms > self.bound_ms:
            raise ValueError(f"rings were grown to {self.bound_ms} ms only, not to {bound_ms}")
        weight_ms = self.profile_ms[self.arc].astype(np.int64)
        left_ms = bound_ms - self.tail_ms.astype(np.int64)
        # The furthest fraction whose time, cut to a whole millisecond, is still within the ring.
        to_ppm = np.clip(((left_ms + 1) * PPM - 1) // np.maximum(weight_ms, 1), 0, PPM)
        kept = (left_ms >= 0) & (to_ppm >= self.from_ppm) & (weight_ms < UNREACHABLE_MS)
        # A turn within a junction has no length that could be drawn; doubles are drawn once.
        kept &= self.is_drawn[self.arc]
        counts = np.concatenate(([0], np.cumsum(kept)))
        return RingPieces(
            counts[self.first].astype(np.int64),
            self.arc[kept],
            self.from_ppm[kept],
            to_ppm[kept],
        )

    def length_m(self, bound_ms: int) -> Floats:
        """(n_posts,) metres of street within one ring; both directions of a street count once."""
        pieces = self.cut(bound_ms)
        twin = self.network.twin[pieces.arc]
        has_back = (twin >= 0) & (self.profile_ms[twin] < UNREACHABLE_MS)
        share = (pieces.to_ppm - pieces.from_ppm) / PPM
        metres = self.network.length_m[pieces.arc] * share * np.where(has_back, 0.5, 1.0)
        sums = np.concatenate(([0.0], np.cumsum(metres)))
        return sums[pieces.first[1:]] - sums[pieces.first[:-1]]

    def as_one(self) -> Rings:
        """All posts as if they were one (合并圈层): of each arc the nearest post's."""
        whole = self.from_ppm == 0
        order = np.lexsort((self.tail_ms[whole], self.arc[whole]))
        arc, tail_ms = self.arc[whole][order], self.tail_ms[whole][order]
        arc, nearest = np.unique(arc, return_index=True)
        # Of an arc that a post stands on, the part ahead of it counts beside the whole.
        own = ~whole
        return Rings(
            network=self.network,
            is_drawn=self.is_drawn,
            profile_ms=self.profile_ms,
            bound_ms=self.bound_ms,
            first=np.array([0, len(arc) + int(own.sum())], np.int64),
            arc=np.concatenate((arc, self.arc[own])),
            tail_ms=np.concatenate((tail_ms[nearest], self.tail_ms[own])),
            from_ppm=np.concatenate((self.from_ppm[whole][order][nearest], self.from_ppm[own])),
        )

    def at(self, arcs: Int64s, fractions_ppm: Int64s) -> Int64s:
        """(k,) ms of the first post's way to each place, UNREACHABLE_MS beyond the bound.

        On a street with two directions by whichever is sooner. O(pieces + k).
        """
        twins = self.network.twin[arcs].astype(np.int64)
        best = self._along(arcs, fractions_ppm)
        back = np.flatnonzero(twins >= 0)
        other = self._along(twins[back], PPM - fractions_ppm[back])
        best[back] = np.minimum(best[back], other)
        return np.where(best <= self.bound_ms, best, UNREACHABLE_MS)

    def _along(self, arcs: Int64s, fractions_ppm: Int64s) -> Int64s:
        """The same along the arcs themselves, without a look at the bound."""
        own = slice(int(self.first[0]), int(self.first[1]))
        arc, tail_ms, from_ppm = self.arc[own], self.tail_ms[own], self.from_ppm[own]
        whole = from_ppm == 0
        from_tail_ms = np.full(self.network.n_arcs, UNREACHABLE_MS, np.int64)
        np.minimum.at(from_tail_ms, arc[whole], tail_ms[whole])
        onward_ms = self.profile_ms.astype(np.int64)[arcs] * fractions_ppm // PPM
        best: Int64s = from_tail_ms[arcs] + onward_ms
        for i in np.flatnonzero(~whole).tolist():
            here = np.flatnonzero((arcs == arc[i]) & (fractions_ppm >= from_ppm[i]))
            best[here] = np.minimum(best[here], int(tail_ms[i]) + onward_ms[here])
        return best


class RingGrower:
    """Grows rings on one network (圈层计算); keeps its buffers, so one thread at a time."""

    def __init__(self, network: RoadNetwork, *, profile: int = 0) -> None:
        from kuaifan.roads.rings_kernel import grow

        self._grow, self._network, self._profile = grow, network, profile
        self.use_weights(network.travel_ms[profile])
        self._onward_head, self._is_drawn = network.onward_head, ~network.is_turn
        self._dist_ms = np.full(network.n_nodes, UNREACHABLE_MS, np.int32)
        self._heap = np.empty(network.n_arcs + 2, np.int64)
        self._touched = np.empty(network.n_nodes, np.int32)
        self._capacity = 65_536

    def use_weights(self, travel_ms: NDArray[np.integer]) -> None:
        """Put other times in force (换权), (n_arcs,); rings grown before keep theirs."""
        weights = np.array(travel_ms, np.int32)
        weights.flags.writeable = False
        self._profile_ms = weights

    def grow(self, posts: Sequence[RoadPosition], bound_ms: int) -> Rings:
        """All posts up to the widest ring (圈层生长); linear in what they reach."""
        entries, seed_first, own = self._seeds(posts)
        star = (self._network.first_arc, self._onward_head, self._profile_ms)
        buffers = (self._dist_ms, self._heap, self._touched)
        while True:
            out_arc, out_ms = (np.empty(self._capacity, np.int32) for _ in range(2))
            out_first = np.zeros(len(posts) + 1, np.int64)
            out = (out_first, out_arc, out_ms)
            n_out = self._grow(star, (entries, seed_first), bound_ms, buffers, out)
            if n_out >= 0:
                break
            self._capacity *= 2
        return self._with_own(out_first, out_arc[:n_out], out_ms[:n_out], own, bound_ms)

    def _seeds(
        self, posts: Sequence[RoadPosition]
    ) -> tuple[Int64s, Int64s, tuple[Int64s, Int64s, Int64s, Int64s]]:
        """Heap entries by post, and the parts of the posts' own arcs that lie ahead of them."""
        places = check_positions(
            self._network, [p.arc for p in posts], [p.fraction_ppm for p in posts]
        )
        ends = leave_places(self._network, self._profile, places)
        weight_ms = self._profile_ms[ends.arc].astype(np.int64)
        behind_ms = weight_ms * ends.ppm // PPM
        is_open = (ends.ms < UNREACHABLE_MS) & (weight_ms < UNREACHABLE_MS)
        post_i, side = np.nonzero(is_open.T)
        ms = (weight_ms - behind_ms)[side, post_i]
        entries = ms << _SEED_SHIFT | ends.node[side, post_i].astype(np.int64)
        seed_first = np.searchsorted(post_i, np.arange(len(posts) + 1)).astype(np.int64)
        own = (
            post_i.astype(np.int64),
            ends.arc[side, post_i],
            -behind_ms[side, post_i],
            ends.ppm[side, post_i],
        )
        return entries, seed_first, own

    def _with_own(
        self,
        first: Int64s,
        arc: Int32s,
        tail_ms: Int32s,
        own: tuple[Int64s, Int64s, Int64s, Int64s],
        bound_ms: int,
    ) -> Rings:
        own_post, own_arc, own_ms, own_ppm = own
        where = first[own_post]
        n_own = np.searchsorted(own_post, np.arange(len(first)))
        return Rings(
            network=self._network,
            is_drawn=self._is_drawn,
            profile_ms=self._profile_ms,
            bound_ms=bound_ms,
            first=first + n_own,
            arc=np.insert(arc, where, own_arc).astype(np.int32),
            tail_ms=np.insert(tail_ms, where, own_ms).astype(np.int32),
            from_ppm=np.insert(np.zeros(len(arc), np.int64), where, own_ppm),
        )


def ring_lines(
    lines: ArcLines, pieces: RingPieces, post_i: int
) -> list[tuple[tuple[float, float], ...]]:
    """The pieces of one post as lines of (lat, lon), to be drawn; one per piece."""
    return [
        lines.part(int(pieces.arc[i]), int(pieces.from_ppm[i]), int(pieces.to_ppm[i]))
        for i in range(int(pieces.first[post_i]), int(pieces.first[post_i + 1]))
    ]


def ring_hull(
    lines: ArcLines, pieces: RingPieces, post_i: int, *, ratio: float = 0.3
) -> tuple[tuple[float, float], ...]:
    """A concave outline of what one post reaches, (lat, lon); empty where it is no area."""
    import shapely

    points = [point for line in ring_lines(lines, pieces, post_i) for point in line]
    if len(points) < _MIN_POINTS:
        return ()
    hull = shapely.concave_hull(shapely.MultiPoint([(lon, lat) for lat, lon in points]), ratio)
    if hull.geom_type != "Polygon":
        return ()
    return tuple((lat, lon) for lon, lat in hull.exterior.coords)
