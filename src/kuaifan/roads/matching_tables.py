"""What the kernels of map matching read and fill (匹配数组): plain tuples of arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.snap import Snapper
from kuaifan.roads.snap_plain import Grid

Floats = NDArray[np.float64]
Bytes = NDArray[np.int8]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

MAX_STREETS = 10
"""So many of the nearest streets are weighed for one fix, each in both directions."""
MAX_CANDIDATES = 2 * MAX_STREETS
CM_PER_M = 100.0


class MatchModel(NamedTuple):
    """How far a fix may be off, and how far a car goes between two (匹配模型); all of it [U].

    sigma_m, beta_m: of Newson and Krumm (2009), the fix's error and the difference between way
    and beeline. radius_m: streets further off are none. heading_weight: what a heading against
    the arc costs, by 1 - cos, from heading_speed_mps on. back_m: a car that stands may seem to go
    back so far. u_turn_m: what turning on the spot costs. reverse_cost: of driving a one-way
    street backwards. max_speed_mps, speed_share: the fastest anybody drives, and how much faster
    than the profile; slack_ms is given on top.
    """

    sigma_m: float = 10.0
    beta_m: float = 20.0
    radius_m: float = 60.0
    heading_weight: float = 4.0
    heading_speed_mps: float = 3.0
    back_m: float = 20.0
    u_turn_m: float = 60.0
    reverse_cost: float = 10.0
    max_speed_mps: float = 50.0
    speed_share: float = 2.5
    slack_ms: float = 3_000.0


class Streets(NamedTuple):
    """The network as the kernels read it; share_at_point: of the arc behind each shape point."""

    grid: Grid
    arc_of_segment: Int32s
    point_of_segment: Int64s
    share_at_point: Floats
    twin: Int32s
    tail: Int32s
    head: Int32s
    first_arc: Int32s
    length_cm: Int64s
    travel_ms: Int32s


class Layer(NamedTuple):
    """The candidates of one fix, k of them (候选).

    log: log-likelihood of the fix alone; score: of the best chain that ends here, the best is 0.
    before: index into the layer before, -1 where a chain begins. reversed_: against the arc.
    """

    arc: Int32s
    share: Floats
    distance_m: Floats
    log: Floats
    score: Floats
    before: Int32s
    reversed_: Bytes


class Room(NamedTuple):
    """Where a search writes; a node's entries count where `seen` holds the search's number."""

    cm: Int64s
    ms: Int64s
    seen: Int64s
    wanted: Int64s
    heap: Int64s
    number: Int64s


def make_streets(snapper: Snapper, profile: int) -> Streets:
    """Lay the arrays of a network out for the kernels."""
    network = snapper.network
    # A double is as long as its street; and what was driven need not have been allowed, so that
    # the street itself is passed here as well.
    length_m = network.length_m[network.street_of].astype(np.float64)
    return Streets(
        *snapper.segments,
        snapper.lines.share_at_point,
        snapper.open_twin,
        network.tail,
        network.head,
        network.first_arc,
        np.rint(length_m * CM_PER_M).astype(np.int64),
        np.ascontiguousarray(network.travel_ms[profile]),
    )


def make_room(network: RoadNetwork) -> Room:
    """Buffers of one thread."""
    n_nodes = network.n_nodes
    return Room(
        np.zeros(n_nodes, np.int64),
        np.zeros(n_nodes, np.int64),
        np.zeros(n_nodes, np.int64),
        np.zeros(n_nodes, np.int64),
        np.empty(network.n_arcs + 1, np.int64),
        np.zeros(1, np.int64),
    )


def new_layer(n_candidates: int = MAX_CANDIDATES) -> Layer:
    """Room for the candidates of one fix."""
    return Layer(
        np.empty(n_candidates, np.int32),
        np.empty(n_candidates),
        np.empty(n_candidates),
        np.empty(n_candidates),
        np.empty(n_candidates),
        np.full(n_candidates, -1, np.int32),
        np.zeros(n_candidates, np.int8),
    )
