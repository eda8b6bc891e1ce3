"""The streets around a fix, nearest first and both ways (候选路段), compiled; imported lazily."""

import math

import numpy as np
from numba import njit

from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.roads.matching_tables import MAX_STREETS, Floats, Int32s, Layer, MatchModel, Streets
from kuaifan.roads.snap_kernel import _project

_HALF_TURN_DEG = 180.0
_BACKWARDS = -0.5


@njit(cache=True, nogil=True)
def _keep(
    found: tuple[Int32s, Floats, Floats],
    size: int,
    segment: int,
    near: tuple[float, float],
    streets: Streets,
) -> int:
    """Keep a segment where it is the nearest of its street, and its street among the nearest."""
    segments, shares, distances_m = found
    arc = streets.arc_of_segment[segment]
    at = 0
    while at < size and streets.arc_of_segment[segments[at]] != arc:
        at += 1
    if at < size:
        if (near[1], segment) >= (distances_m[at], segments[at]):
            return size
    elif size < MAX_STREETS:
        size += 1
    else:
        at = int(np.argmax(distances_m))
        if (near[1], segment) >= (distances_m[at], segments[at]):
            return size
    segments[at], shares[at], distances_m[at] = segment, near[0], near[1]
    return size


@njit(cache=True, nogil=True)
def _scan(
    streets: Streets,
    point: tuple[float, float, float],
    radius_m: float,
    found: tuple[Int32s, Floats, Floats],
) -> int:
    """The nearest streets of all within a radius."""
    grid, (lat, lon, east_m) = streets.grid, point
    n_rows, n_cols = grid.shape
    d_lat, d_lon = radius_m / METRES_PER_DEGREE, radius_m / east_m
    south = max(math.floor((lat - d_lat - grid.origin_deg[0]) / grid.cell_deg[0]), 0)
    north = min(math.floor((lat + d_lat - grid.origin_deg[0]) / grid.cell_deg[0]), n_rows - 1)
    west = max(math.floor((lon - d_lon - grid.origin_deg[1]) / grid.cell_deg[1]), 0)
    east = min(math.floor((lon + d_lon - grid.origin_deg[1]) / grid.cell_deg[1]), n_cols - 1)
    size = 0
    for row in range(south, north + 1):
        for cell in range(row * n_cols + west, row * n_cols + east + 1):
            for slot in range(grid.cell_first[cell], grid.cell_first[cell + 1]):
                segment = grid.cell_segment[slot]
                near = _project(grid.ends_deg[segment], point)
                if near[1] <= radius_m:
                    size = _keep(found, size, segment, near, streets)
    return size


@njit(cache=True, nogil=True)
def _cosine(ends: Floats, east_m: float, heading_deg: float) -> float:
    """Of the angle between a segment and a heading."""
    north, east = (ends[2] - ends[0]) * METRES_PER_DEGREE, (ends[3] - ends[1]) * east_m
    length_m = math.sqrt(north * north + east * east)
    if length_m == 0.0:
        return 1.0
    heading = heading_deg * math.pi / _HALF_TURN_DEG
    return float((north * math.cos(heading) + east * math.sin(heading)) / length_m)


@njit(cache=True, nogil=True)
def find_candidates(
    streets: Streets,
    point: tuple[float, float, float],
    heading_deg: float,
    model: MatchModel,
    layer: Layer,
) -> int:
    """Fill a layer with the candidates of one fix, nearest first, and return how many there are.

    point: latitude, longitude, metres of one degree of longitude there. heading_deg: nan where
    it is unknown or says nothing.
    """
    segments, shares = np.empty(MAX_STREETS, np.int32), np.empty(MAX_STREETS)
    distances_m = np.empty(MAX_STREETS)
    n_found = _scan(streets, point, model.radius_m, (segments, shares, distances_m))
    n_candidates = 0
    for at in np.argsort(distances_m[:n_found], kind="mergesort"):
        segment, off_m = segments[at], distances_m[at]
        begin = streets.point_of_segment[segment]
        behind, ahead = streets.share_at_point[begin], streets.share_at_point[begin + 1]
        share = behind + shares[at] * (ahead - behind)
        arc = streets.arc_of_segment[segment]
        cosine = 1.0
        if not math.isnan(heading_deg):
            cosine = _cosine(streets.grid.ends_deg[segment], point[2], heading_deg)
        twin = streets.twin[arc]
        for side in range(2 if twin >= 0 else 1):
            along = cosine if side == 0 or math.isnan(heading_deg) else -cosine
            layer.arc[n_candidates] = arc if side == 0 else twin
            layer.share[n_candidates] = share if side == 0 else 1.0 - share
            layer.distance_m[n_candidates] = off_m
            log = -0.5 * (off_m / model.sigma_m) ** 2 - model.heading_weight * (1.0 - along)
            layer.log[n_candidates] = layer.score[n_candidates] = log
            layer.before[n_candidates] = -1
            layer.reversed_[n_candidates] = 1 if along < _BACKWARDS else 0
            n_candidates += 1
    if n_candidates:
        layer.score[:n_candidates] -= layer.score[:n_candidates].max()
    return n_candidates
