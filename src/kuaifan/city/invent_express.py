"""Expressways of an invented city (快速路、高架): two one-way carriageways, ramps, cloverleaves.

They pass over the streets without a junction. Ramps join them to the roads on both sides; where
two expressways cross there is a cloverleaf (立交). Outside the town both carriageways become one
country road.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from kuaifan.city.invent_land import NORTHWARD, Band, Land
from kuaifan.city.invent_layout import Layout
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_road import Road

HALF_GAP_M = 9.0
_JOIN_M = 130.0
_RAMP_OFF_M, _RAMP_DOWN_M = 250.0, 105.0
_MIN_BETWEEN_M = 640.0
_CLEAR_OF_CROSSING_M = 560.0
_LOOP_M, _TURN_M = 52.0, 250.0
_STEP_M = 50.0
_TOWN_UNTIL = 1.0


@dataclass(slots=True)
class _Express:
    """One expressway: its strip, its reach in the town, and the ramp ends on each carriageway.

    stops: by direction (1 or -1 along the axis), positions where a ramp joins.
    """

    band: Band
    name: str
    low: float
    high: float
    stops: dict[int, set[float]] = field(default_factory=lambda: {1: set(), -1: set()})

    def point(self, t: float, direction: int) -> Point:
        """A point of the carriageway driven in a direction; traffic keeps to the right."""
        if self.band.axis == NORTHWARD:
            return round(self.band.at + HALF_GAP_M * direction, 2), round(t, 2)
        return round(t, 2), round(self.band.at - HALF_GAP_M * direction, 2)

    def middle(self, t: float) -> Point:
        """A point of the country road that both carriageways become."""
        t = round(t, 2)
        return (self.band.at, t) if self.band.axis == NORTHWARD else (t, self.band.at)

    def stop(self, t: float, direction: int) -> Point:
        """The same as `point`, noted as a place where a ramp joins."""
        self.stops[direction].add(round(t, 2))
        return self.point(t, direction)


def draw_expressways(layout: Layout) -> list[Road]:
    """All expressways with their ramps, named after the strips' stems."""
    land = layout.land
    ways = [
        _Express(band, f"{layout.express_stems[band.at]}快速路", *_reach(land, band))
        for band in land.list_bands("express")
    ]
    roads: list[Road] = []
    for way in ways:
        roads += _draw_ramps(layout, way, [other for other in ways if other is not way])
    for north in ways:
        for east in ways:
            if north.band.axis == NORTHWARD and east.band.axis != NORTHWARD:
                roads += _draw_cloverleaf(north, east)
    for way in ways:
        roads += _draw_carriageways(way)
        roads += _draw_country_roads(layout, way)
    return roads


def _reach(land: Land, band: Band) -> tuple[float, float]:
    """From where to where the strip lies in the town."""
    edge = land.edge_v if band.axis == NORTHWARD else land.edge_u
    steps = [i * _STEP_M for i in range(-int(edge // _STEP_M), int(edge // _STEP_M) + 1)]

    def is_town(t: float) -> bool:
        u, v = (band.at, t) if band.axis == NORTHWARD else (t, band.at)
        return land.remoteness(u, v) < _TOWN_UNTIL

    inside = [t for t in steps if is_town(t)] or [0.0]
    limit = edge - 2.0 * _JOIN_M
    return max(inside[0], -limit), min(inside[-1], limit)


def _draw_ramps(layout: Layout, way: _Express, others: list[_Express]) -> Iterator[Road]:
    """Ramps to the roads on both sides, before and after great streets that cross below."""
    band = way.band
    along = 1 - band.axis
    last = -math.inf
    crossing = [o.band.at for o in others if o.band.axis != band.axis]
    river = layout.land.river
    for at, level in layout.grid.list_within(_axis(along), (way.low + 320.0, way.high - 320.0)):
        is_near = any(abs(at - other) < _CLEAR_OF_CROSSING_M for other in crossing)
        is_wet = band.axis == NORTHWARD and abs(at - river.at) < river.half_m + 300.0
        if level > 1 or is_near or is_wet or at - last < _MIN_BETWEEN_M:
            continue
        last = at
        for direction in (1, -1):
            yield _ramp(layout, way, (at - direction * _RAMP_OFF_M, direction), is_exit=True)
            yield _ramp(layout, way, (at + direction * _RAMP_OFF_M, direction), is_exit=False)


def _axis(axis: int) -> Literal[0, 1]:
    return 1 if axis else 0


def _ramp(layout: Layout, way: _Express, stop: tuple[float, int], *, is_exit: bool) -> Road:
    t, direction = stop
    band = way.band
    towards = direction if is_exit else -direction
    down_t = round(t + towards * (_RAMP_OFF_M - _RAMP_DOWN_M), 1)
    side = direction if band.axis == NORTHWARD else -direction
    beside = layout.net.straight(band.axis, band.at + side * band.half_m)
    foot = beside.point_at(down_t)
    beside.touch(foot)
    head = way.stop(t, direction)
    between = [_mix(head, foot, 0.3, band.axis, 0.12), _mix(head, foot, 0.7, band.axis, 0.88)]
    path = [head, *between, foot]
    return Road(path if is_exit else path[::-1], "trunk_link", oneway=1)


def _mix(head: Point, foot: Point, along: float, axis: int, across: float) -> Point:
    """A point between two, its share along the strip and across it given apart."""
    shares = (across, along) if axis == NORTHWARD else (along, across)
    u = head[0] + shares[0] * (foot[0] - head[0])
    v = head[1] + shares[1] * (foot[1] - head[1])
    return round(u, 2), round(v, 2)


def _draw_cloverleaf(north: _Express, east: _Express) -> Iterator[Road]:
    """Four turns to the right and four loops for turns to the left."""
    middle = (north.band.at, east.band.at)
    inside = (
        north.low + _TURN_M < middle[1] < north.high - _TURN_M
        and east.low + _TURN_M < middle[0] < east.high - _TURN_M
    )
    if not inside:
        return
    for quarter in range(4):
        turn = [_turned(p, quarter, middle) for p in _right_turn()]
        loop = [_turned(p, quarter, middle) for p in _loop()]
        came, left = ((north, east), (east, north))[quarter % 2]
        # Quarter 0 comes driving north, 1 west, 2 south, 3 east.
        in_direction = (1, -1, -1, 1)[quarter]
        right_direction = (1, 1, -1, -1)[quarter]
        for path, direction in ((turn, right_direction), (loop, -right_direction)):
            path[0] = came.stop(path[0][1 - came.band.axis], in_direction)
            path[-1] = left.stop(path[-1][1 - left.band.axis], direction)
            yield Road(path, "trunk_link", oneway=1)


def _right_turn() -> list[Point]:
    """From northbound to eastbound, as an arc about the far corner."""
    reach = _TURN_M - HALF_GAP_M
    arc = []
    for step in range(9):
        angle = math.pi - step * math.pi / 16.0
        arc.append((_TURN_M + reach * math.cos(angle), -_TURN_M + reach * math.sin(angle)))
    return arc


def _loop() -> list[Point]:
    """From northbound to westbound, three quarters of a circle to the right."""
    centre = HALF_GAP_M + _LOOP_M
    angles = [math.pi - step * 1.5 * math.pi / 14.0 for step in range(15)]
    return [(centre + _LOOP_M * math.cos(a), centre + _LOOP_M * math.sin(a)) for a in angles]


def _turned(point: Point, quarter: int, middle: Point) -> Point:
    u, v = point
    for _ in range(quarter):
        u, v = -v, u
    return round(middle[0] + u, 2), round(middle[1] + v, 2)


def _draw_carriageways(way: _Express) -> Iterator[Road]:
    for direction in (1, -1):
        stops = sorted(way.stops[direction])
        low, high = way.low, way.high
        inner = [low + _JOIN_M, *(t for t in stops if low < t < high), high - _JOIN_M]
        points = [way.middle(low), *(way.point(t, direction) for t in sorted(inner))]
        points.append(way.middle(high))
        yield Road(points[::direction], "trunk", way.name, oneway=1)


def _draw_country_roads(layout: Layout, way: _Express) -> Iterator[Road]:
    """On to the edge of the paper, now with junctions where country roads cross."""
    edge = layout.land.edge_v if way.band.axis == NORTHWARD else layout.land.edge_u
    across = _axis(1 - way.band.axis)
    for start, end in ((way.high, edge), (-edge, way.low)):
        points = []
        for at, level in layout.grid.list_within(across, (start + 40.0, end - 40.0)):
            line = layout.net.straight(across, at)
            if level == 1 and any(chord.t0 < way.band.at < chord.t1 for chord in line.chords):
                points.append(way.middle(at))
                line.touch(points[-1])
        path = [way.middle(start), *points, way.middle(end)]
        yield Road(
            path, "trunk", f"{way.name.removesuffix('快速路')}{'公路' if end > 0 else '老公路'}"
        )
