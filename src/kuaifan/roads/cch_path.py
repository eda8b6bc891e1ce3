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


def find_path(
    topology: Topology, metric: Metric, ends: Ends, context: Context, street_of: Int32s
) -> Path:
    """The fastest way from the first end to the second; straight along if equally fast."""
    from kuaifan.roads.cch_path_kernel import find_way

    (start, goal), walk = ends, context.walk()
    travel_ms, n_arcs, first_ppm, last_ppm = find_way(
        (topology.tree, topology.below, topology.arcs),
        (metric.streets, metric.read),
        ((int(start.arc), int(start.fraction_ppm)), (int(goal.arc), int(goal.fraction_ppm))),
        (context.scratch, context.back_ms()),
        walk,
    )
    if travel_ms >= UNREACHABLE_MS:
        return NO_PATH
    arcs = street_of[walk[1][:n_arcs]].tolist()
    return Path(travel_ms, tuple(arcs), first_ppm, last_ppm)
