"""What an importer hands over (原始道路): nodes and ways as the source states them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

CAR, MOTORCYCLE, FOOT = 1, 2, 4
"""Bits of who may use a street (通行者)."""

DRIVEN = CAR | MOTORCYCLE
"""What a street is to a source that says nothing of those who walk."""


@dataclass(frozen=True, slots=True)
class RawWay:
    """One line of the source's map (原始路段).

    nodes: node ids in the order of the line.
    highway: the OpenStreetMap word, or OSMnx's list of words as text.
    oneway: 1 along the nodes, -1 against them, 0 both ways.
    length_m: when the source states one for the whole way.
    shape: (lat, lon) points, when the geometry is more than its two nodes.
    modes: bits of who may use it; one-way binds all but those who walk.
    """

    way_id: int
    nodes: tuple[int, ...]
    highway: str
    oneway: int = 0
    maxspeed_kmh: float | None = None
    name: str = ""
    length_m: float | None = None
    shape: tuple[tuple[float, float], ...] | None = None
    modes: int = DRIVEN


BLOCKED_MS = -1
"""Stands for the time to pass a node that no car passes."""


@dataclass(frozen=True, slots=True)
class TurnRule:
    """A turn that the source forbids or commands at one node (转向限制).

    kind: the OpenStreetMap word; `only_...` forbids every other way out, the way back included.
    via_ways: where it leads over streets and not over one node, in order; via_node is then 0.
    Such an `only_...` holds for who has entered the first of them.
    """

    rule_id: int
    from_way: int
    via_node: int
    to_way: int
    kind: str
    via_ways: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RawWays:
    """A whole map as read, in WGS-84, in any order.

    dropped: what the importer itself left out, by cause.
    barrier_ms: node id to the time that passing it takes, BLOCKED_MS where no car passes.
    barrier_modes: node id to the bits of who passes it where no car does.
    """

    node_id: NDArray[np.int64]
    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    ways: list[RawWay]
    dropped: Counter[str] = field(default_factory=Counter)
    attribution: str = ""
    turn_rules: tuple[TurnRule, ...] = ()
    barrier_ms: Mapping[int, int] = field(default_factory=dict)
    barrier_modes: Mapping[int, int] = field(default_factory=dict)
