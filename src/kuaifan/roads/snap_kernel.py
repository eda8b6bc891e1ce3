"""Nearest street segment by growing rings of grid cells, compiled; imported only when loaded."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.roads.snap_plain import SAFETY, Grid, Nearest

Floats = NDArray[np.float64]
Best = tuple[float, int, float]


@njit(cache=True, nogil=True)
def _project(ends: Floats, point: tuple[float, float, float]) -> tuple[float, float]:
    lat, lon, east_m = point
    north, east = (ends[0] - lat) * METRES_PER_DEGREE, (ends[1] - lon) * east_m
    d_north = (ends[2] - lat) * METRES_PER_DEGREE - north
    d_east = (ends[3] - lon) * east_m - east
    length2 = d_east * d_east + d_north * d_north
    share = 0.0
    if length2 > 0.0:
        share = min(max(-(east * d_east + north * d_north) / length2, 0.0), 1.0)
    off_east, off_north = east + share * d_east, north + share * d_north
    return share, math.sqrt(off_east * off_east + off_north * off_north)


@njit(cache=True, nogil=True)
def _scan(
    grid: Grid, cells: tuple[int, int], point: tuple[float, float, float], best: Best
) -> Best:
    """The better of `best` and all segments of a run of cells in one row."""
    distance_m, segment, share = best
    for slot in range(grid.cell_first[cells[0]], grid.cell_first[cells[1] + 1]):
        other = grid.cell_segment[slot]
        other_share, other_m = _project(grid.ends_deg[other], point)
        if other_m < distance_m or (other_m == distance_m and other < segment):
            distance_m, segment, share = other_m, other, other_share
    return distance_m, segment, share


@njit(cache=True, nogil=True)
def _scan_ring(
    grid: Grid,
    centre: tuple[int, int, int],
    point: tuple[float, float, float],
    best: Best,
) -> Best:
    """All cells `radius` rows or columns away, as far as they lie within the grid."""
    row, col, radius = centre
    n_rows, n_cols = grid.shape
    west, east = max(col - radius, 0), min(col + radius, n_cols - 1)
    for r in range(max(row - radius, 0), min(row + radius, n_rows - 1) + 1):
        if abs(r - row) == radius:
            if west <= east:
                best = _scan(grid, (r * n_cols + west, r * n_cols + east), point, best)
            continue
        if 0 <= col - radius < n_cols:
            cell = r * n_cols + col - radius
            best = _scan(grid, (cell, cell), point, best)
        if 0 <= col + radius < n_cols:
            cell = r * n_cols + col + radius
            best = _scan(grid, (cell, cell), point, best)
    return best


@njit(cache=True, nogil=True)
def find_nearest(grid: Grid, lat: Floats, lon: Floats, east_m: Floats, found: Nearest) -> None:
    """Fill `found` with the nearest segments; of equally near ones the lowest.

    east_m: metres of one degree of longitude at each point.
    """
    n_rows, n_cols = grid.shape
    for point_i in range(len(lat)):
        row = math.floor((lat[point_i] - grid.origin_deg[0]) / grid.cell_deg[0])
        col = math.floor((lon[point_i] - grid.origin_deg[1]) / grid.cell_deg[1])
        step_m = min(grid.cell_deg[0] * METRES_PER_DEGREE, grid.cell_deg[1] * east_m[point_i])
        furthest = max(abs(row), abs(n_rows - row), abs(col), abs(n_cols - col))
        radius = max(-row, row - n_rows + 1, -col, col - n_cols + 1, 0)
        point = (lat[point_i], lon[point_i], east_m[point_i])
        best = (np.inf, -1, 0.0)
        # What lies in this ring or beyond is at least radius - 1 whole cells away.
        while radius <= furthest and best[0] >= (radius - 1) * step_m * SAFETY:
            best = _scan_ring(grid, (row, col, radius), point, best)
            radius += 1
        found.distance_m[point_i], found.segment[point_i], found.share[point_i] = best
