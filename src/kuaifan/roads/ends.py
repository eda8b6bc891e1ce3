"""How places inside a street are left and reached (路段端点): part of an arc, either way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.lines import PPM
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Positions = tuple[Int64s, Int64s]


@dataclass(frozen=True, slots=True)
class StreetEnds:
    """k places seen along their arc (row 0) and along its twin (row 1); all arrays are (2, k).

    node: where the place is left for, or reached from.
    ms: the part of the arc between, UNREACHABLE_MS where that direction does not exist.
    from_tail_ms: the part of the arc behind the place.
    """

    arc: Int64s
    ppm: Int64s
    node: Int32s
    ms: Int64s
    from_tail_ms: Int64s


def leave_places(network: RoadNetwork, profile: int, positions: Positions) -> StreetEnds:
    """Places left over the head of their arc."""
    arc, ppm, weight_ms, open_ = _both_sides(network, profile, positions)
    from_tail_ms = part_ms(weight_ms, ppm)
    ms = np.where(open_, weight_ms - from_tail_ms, UNREACHABLE_MS)
    return StreetEnds(arc, ppm, network.head[arc], ms, from_tail_ms)


def reach_places(network: RoadNetwork, profile: int, positions: Positions) -> StreetEnds:
    """Places reached over the tail of their arc."""
    arc, ppm, weight_ms, open_ = _both_sides(network, profile, positions)
    from_tail_ms = part_ms(weight_ms, ppm)
    ms = np.where(open_, from_tail_ms, UNREACHABLE_MS)
    return StreetEnds(arc, ppm, network.tail[arc], ms, from_tail_ms)


def direct_ms(starts: StreetEnds, goals: StreetEnds) -> Int64s:
    """(k,) straight along one street, where the goal lies ahead on the same arc or twin.

    One of the two may hold a single place.
    """
    n_pairs = max(starts.ms.shape[1], goals.ms.shape[1])
    best_ms = np.full(n_pairs, UNREACHABLE_MS, np.int64)
    for side in (0, 1):
        for goal_side in (0, 1):
            ahead = starts.arc[side] == goals.arc[goal_side]
            ahead = ahead & (starts.ppm[side] <= goals.ppm[goal_side])
            ahead &= starts.ms[side] < UNREACHABLE_MS
            ahead &= goals.ms[goal_side] < UNREACHABLE_MS
            ms = goals.from_tail_ms[goal_side] - starts.from_tail_ms[side]
            best_ms = np.where(ahead, np.minimum(best_ms, ms), best_ms)
    return best_ms


def part_ms(travel_ms: NDArray[np.integer], fraction_ppm: NDArray[np.integer]) -> Int64s:
    """Time from the tail of an arc to a fraction of it; the rest of the arc is what remains."""
    return travel_ms.astype(np.int64) * fraction_ppm // PPM


def check_positions(network: RoadNetwork, arcs: ArrayLike, fractions_ppm: ArrayLike) -> Positions:
    """Arcs and fractions as flat int64 arrays; raises ValueError naming the first wrong one."""
    arc_i = np.asarray(arcs, np.int64).reshape(-1)
    ppm = np.asarray(fractions_ppm, np.int64).reshape(-1)
    if arc_i.shape != ppm.shape:
        raise ValueError(f"{len(arc_i)} arcs were given with {len(ppm)} fractions")
    wrong = (arc_i < 0) | (arc_i >= network.n_arcs) | (ppm < 0) | (ppm > PPM)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(
            f"arc {arc_i[at]} at {ppm[at]} ppm is no place on this network of {network.n_arcs} "
            "arcs; snap the point again",
        )
    return arc_i, ppm


def _both_sides(
    network: RoadNetwork, profile: int, positions: Positions
) -> tuple[Int64s, Int64s, Int64s, NDArray[np.bool_]]:
    if not 0 <= profile < len(network.profiles):
        raise ValueError(f"there is no profile {profile}; this network has {network.profiles}")
    arc_i, ppm = positions
    twin = network.twin[arc_i]
    arc = np.stack((arc_i, np.where(twin >= 0, twin, arc_i)))
    weight_ms = network.travel_ms[profile][arc].astype(np.int64)
    open_ = weight_ms < UNREACHABLE_MS
    open_[1] &= twin >= 0
    return arc, np.stack((ppm, np.where(twin >= 0, PPM - ppm, ppm))), weight_ms, open_
