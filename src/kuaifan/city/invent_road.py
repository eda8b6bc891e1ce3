"""One stretch of road on paper (路段): what all drawers of roads hand on."""

from dataclasses import dataclass
from typing import Literal

from kuaifan.city.invent_net import Point, Use

Highway = Literal[
    "trunk", "trunk_link", "primary", "secondary", "tertiary", "residential", "service",
    "unclassified", "pedestrian",
]  # fmt: skip


@dataclass(slots=True, eq=False)
class Road:
    """A road of one class and name; every point of its path may be a junction.

    oneway: 1 along the path, 0 both ways. line_id: the line it follows, -1 for none.
    """

    path: list[Point]
    highway: Highway
    name: str = ""
    oneway: int = 0
    use: Use = "street"
    line_id: int = -1
