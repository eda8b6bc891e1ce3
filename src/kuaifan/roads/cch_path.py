"""Fastest ways through a hierarchy (最快路径): met in the middle, unpacked, or straight along."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import Streets, Topology
from kuaifan.roads.cch_scratch import Context
from kuaifan.roads.cch_weights import Metric
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import PPM, Path, RoadPosition

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Ends = tuple[RoadPosition, RoadPosition]

NO_PATH = Path(UNREACHABLE_MS, (), 0, 0)


class Side(NamedTuple):
    """A place seen along one of the open arcs of its street; the parts of the arc around it."""

    arc: int
    ppm: int
    from_tail_ms: int
    to_head_ms: int


def list_sides(streets: Streets, place: RoadPosition) -> list[Side]:
    """A place along its arc and along that one's twin, those of them that are open."""
    arc, ppm = place
    twin = int(streets.twin[arc])
    sides = []
    for one, one_ppm in ((arc, ppm), (twin, PPM - ppm)):
        weight_ms = int(streets.travel_ms[one]) if one >= 0 else UNREACHABLE_MS
        if weight_ms < UNREACHABLE_MS:
            from_tail_ms = weight_ms * one_ppm // PPM
            sides.append(Side(int(one), int(one_ppm), from_tail_ms, weight_ms - from_tail_ms))
    return sides


def find_path(topology: Topology, metric: Metric, ends: Ends, context: Context) -> Path:
    """The fastest way from the first end to the second; straight along if equally fast."""
    starts, goals = (list_sides(metric.streets, place) for place in ends)
    straight = _straight(starts, goals)
    around = _around(topology, metric, (starts, goals), context)
    return straight if straight.travel_ms <= around.travel_ms else around


def _straight(starts: list[Side], goals: list[Side]) -> Path:
    ways = [
        Path(goal.from_tail_ms - start.from_tail_ms, (start.arc,), start.ppm, goal.ppm)
        for start in starts
        for goal in goals
        if start.arc == goal.arc and start.ppm <= goal.ppm
    ]
    return min(ways, key=lambda way: way.travel_ms, default=NO_PATH)


def _around(
    topology: Topology, metric: Metric, sides: tuple[list[Side], list[Side]], context: Context
) -> Path:
    """Over the ends of both streets."""
    from kuaifan.roads.cch_path_kernel import meet, unpack

    starts, goals = sides
    streets = metric.streets
    start_seeds = _seeds([(int(streets.head_rank[s.arc]), s.to_head_ms) for s in starts])
    goal_seeds = _seeds([(int(streets.tail_rank[s.arc]), s.from_tail_ms) for s in goals])
    steps, arcs, pairs = context.walk()
    searches = context.scratch, context.back()
    travel_ms, n_steps, first_side, last_side = meet(
        topology.tree, metric.read, (start_seeds, goal_seeds), searches, steps
    )
    if travel_ms >= UNREACHABLE_MS:
        return NO_PATH
    shape = topology.tree, topology.below, topology.arcs
    n_arcs = unpack(shape, (streets.travel_ms, metric.read), steps[:n_steps], arcs, pairs)
    start, goal = starts[first_side], goals[last_side]
    between = arcs[:n_arcs].tolist()
    return Path(int(travel_ms), (start.arc, *between, goal.arc), start.ppm, goal.ppm)


def _seeds(seeds: list[tuple[int, int]]) -> tuple[Int64s, Int64s]:
    """Ranks and times of two seeds, rank -1 for none."""
    padded = [*seeds, (-1, 0), (-1, 0)][:2]
    ranks, times_ms = zip(*padded, strict=True)
    return np.array(ranks, np.int64), np.array(times_ms, np.int64)
