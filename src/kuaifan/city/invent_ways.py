"""Lays the roads of an invented city on the ground (落图): paper to latitude and longitude."""

import math
from itertools import pairwise

import numpy as np

from kuaifan.city.invent_net import Point
from kuaifan.city.invent_road import Highway, Road
from kuaifan.city.invent_warp import Floats, Warp
from kuaifan.geo.points import LocalPlane
from kuaifan.roads.raw import DRIVEN, FOOT, RawWay, RawWays

_STEP_M = 38.0
_DIGITS = 7
_MAX_KMH: dict[Highway, float] = {
    "trunk": 80.0,
    "trunk_link": 40.0,
    "primary": 60.0,
    "secondary": 50.0,
    "tertiary": 40.0,
    "unclassified": 40.0,
    "residential": 30.0,
    "service": 20.0,
    "pedestrian": 5.0,
}


class Ground:
    """Where paper lies on the globe (落地): one plane of metres, bent as the city is."""

    def __init__(self, warp: Warp, plane: LocalPlane) -> None:
        self.warp, self.plane = warp, plane

    def locate(self, points: list[Point]) -> list[tuple[float, float]]:
        """(lat, lon) of points on paper, to a centimetre."""
        if not points:
            return []
        lat, lon = self.locate_arrays(*np.array(points, np.float64).T)
        return list(zip(lat.tolist(), lon.tolist(), strict=True))

    def locate_arrays(self, u: Floats, v: Floats) -> tuple[Floats, Floats]:
        """Latitudes and longitudes of points on paper."""
        lat, lon = self.plane.to_degrees(*self.warp.to_ground(u, v))
        return np.round(lat, _DIGITS), np.round(lon, _DIGITS)

    def locate_boxes(self, boxes: Floats) -> tuple[Floats, Floats]:
        """Corners of boxes, (n, 4) latitudes and longitudes.

        boxes: (n, 4), each the middle on paper and half its width and height in metres.
        """
        u, v, half_w, half_h = boxes.T[:, :, None]
        east, north = self.warp.to_ground(u, v)
        ahead_e, ahead_n = self.warp.to_ground(u + 1.0, v)
        angle = np.arctan2(ahead_n - north, ahead_e - east)
        cos, sin = np.cos(angle), np.sin(angle)
        x = half_w * np.array([[-1.0, 1.0, 1.0, -1.0]])
        y = half_h * np.array([[-1.0, -1.0, 1.0, 1.0]])
        lat, lon = self.plane.to_degrees(east + cos * x - sin * y, north + sin * x + cos * y)
        return np.round(lat, _DIGITS), np.round(lon, _DIGITS)


def densify(path: list[Point], step_m: float = _STEP_M) -> list[Point]:
    """The same path with points at least every step, so that it can bend with the ground."""
    dense = [path[0]]
    for (u_a, v_a), (u_b, v_b) in pairwise(path):
        n = max(1, math.ceil(math.hypot(u_b - u_a, v_b - v_a) / step_m))
        dense += [(u_a + (u_b - u_a) * i / n, v_a + (v_b - v_a) * i / n) for i in range(1, n)]
        dense.append((u_b, v_b))
    return dense


def lay_roads(ground: Ground, roads: list[Road]) -> RawWays:
    """The roads as a raw map: where two paths name the same point they share a node."""
    node_of: dict[Point, int] = {}
    points: list[Point] = []
    ways: list[RawWay] = []
    for road in roads:
        dense = densify(road.path)
        known = set(road.path)
        nodes = []
        for point in dense:
            if point not in known:
                points.append(point)
                nodes.append(len(points))
                continue
            if point not in node_of:
                points.append(point)
                node_of[point] = len(points)
            nodes.append(node_of[point])
        ways.append(_way(len(ways) + 1, road, nodes))
    lat, lon = ground.locate_arrays(*np.array(points, np.float64).T)
    return RawWays(np.arange(1, len(points) + 1), lat, lon, ways)


def _way(way_id: int, road: Road, nodes: list[int]) -> RawWay:
    return RawWay(
        way_id=way_id,
        nodes=tuple(nodes),
        highway=road.highway,
        oneway=road.oneway,
        maxspeed_kmh=_MAX_KMH[road.highway],
        name=road.name,
        modes=FOOT if road.highway == "pedestrian" else DRIVEN | FOOT,
    )
