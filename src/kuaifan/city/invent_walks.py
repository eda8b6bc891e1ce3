"""Streets for walking in an invented city (步行街): near the middle of the town, without cars.

Only a street that ends at two junctions of others is one, so that nothing loses its way out.
"""

import math
from collections import Counter

from kuaifan.city.invent_land import Land
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_road import Road

ROADS_PER_WALK = 150
_MIN_OTHERS = 1
"""More further roads than this meet at each end."""


def close_some_to_cars(roads: list[Road], land: Land) -> None:
    """Make the residential streets nearest to the middle streets for walking, few of them."""
    uses = Counter(point for road in roads for point in set(road.path))
    town = land.towns[0]
    fitting = [road for road in roads if _may_close(road, uses)]
    fitting.sort(key=lambda road: _distance_m(road.path[0], (town.u, town.v)))
    residential = sum(road.highway == "residential" for road in roads)
    taken: set[Point] = set()
    left = residential // ROADS_PER_WALK
    for road in fitting:
        meets = {road.path[0], road.path[-1]}
        if left and not meets & taken:
            road.highway, left = "pedestrian", left - 1
            taken |= meets


def _may_close(road: Road, uses: Counter[Point]) -> bool:
    is_plain = road.highway == "residential" and not road.oneway and road.use == "street"
    joins = road.path[0], road.path[-1]
    return (
        is_plain
        and bool(road.name)
        and all(uses[point] == 1 for point in road.path[1:-1])
        and all(uses[point] > _MIN_OTHERS for point in joins)
    )


def _distance_m(one: Point, other: Point) -> float:
    return math.hypot(one[0] - other[0], one[1] - other[1])
