"""Nearest street segment by a growing square of grid cells (吸附), in numpy, point by point."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import METRES_PER_DEGREE

Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]

# Keeps a cell's edge from counting as reached by the last bit of a rounding error.
SAFETY = 1.0 - 1e-9


class Grid(NamedTuple):
    """Segments sorted into cells of latitude and longitude; a plain tuple for the kernel.

    cell_first: (n_rows * n_cols + 1,) into cell_segment, row by row from the south-west.
    ends_deg: (n_segments, 4) lat, lon of one end, lat, lon of the other.
    origin_deg, cell_deg: latitude and longitude of the south-west corner, and of one cell.
    shape: n_rows, n_cols.
    """

    cell_first: Int32s
    cell_segment: Int32s
    ends_deg: Floats
    origin_deg: tuple[float, float]
    cell_deg: tuple[float, float]
    shape: tuple[int, int]


class Nearest(NamedTuple):
    """For every point the segment, how far along it (0 to 1), and the distance in metres."""

    segment: Int32s
    share: Floats
    distance_m: Floats


def find_nearest(grid: Grid, lat: Floats, lon: Floats, east_m: Floats, found: Nearest) -> None:
    """Fill `found`; of equally near segments the lowest, as `snap_kernel.find_nearest`.

    east_m: metres of one degree of longitude at each point, so that both paths use one cosine.
    """
    for point_i in range(len(lat)):
        point = (float(lat[point_i]), float(lon[point_i]), float(east_m[point_i]))
        segment, share, distance_m = _nearest_of_one(grid, point)
        found.segment[point_i], found.share[point_i] = segment, share
        found.distance_m[point_i] = distance_m


def _nearest_of_one(grid: Grid, point: tuple[float, float, float]) -> tuple[int, float, float]:
    lat, lon, east_m = point
    row = int(np.floor((lat - grid.origin_deg[0]) / grid.cell_deg[0]))
    col = int(np.floor((lon - grid.origin_deg[1]) / grid.cell_deg[1]))
    n_rows, n_cols = grid.shape
    step_m = min(grid.cell_deg[0] * METRES_PER_DEGREE, grid.cell_deg[1] * east_m)
    furthest = max(abs(row), abs(n_rows - row), abs(col), abs(n_cols - col))
    radius = max(-row, row - n_rows + 1, -col, col - n_cols + 1, 0) + 1
    while True:
        segments = _segments_within(grid, row, col, radius)
        if len(segments):
            share, distance_m = _project(grid.ends_deg[segments], point)
            best = int(np.lexsort((segments, distance_m))[0])
            if distance_m[best] < radius * step_m * SAFETY or radius > furthest:
                return int(segments[best]), float(share[best]), float(distance_m[best])
        radius *= 2


def _segments_within(grid: Grid, row: int, col: int, radius: int) -> NDArray[Any]:
    n_rows, n_cols = grid.shape
    west, east = max(col - radius, 0), min(col + radius, n_cols - 1)
    rows = range(max(row - radius, 0), min(row + radius, n_rows - 1) + 1)
    if west > east or not rows:
        return np.empty(0, np.int32)
    first = grid.cell_first
    runs = [slice(first[r * n_cols + west], first[r * n_cols + east + 1]) for r in rows]
    return np.concatenate([grid.cell_segment[run] for run in runs])


def _project(ends_deg: Floats, point: tuple[float, float, float]) -> tuple[Floats, Floats]:
    lat, lon, east_m = point
    north, east = (ends_deg[:, 0] - lat) * METRES_PER_DEGREE, (ends_deg[:, 1] - lon) * east_m
    d_north = (ends_deg[:, 2] - lat) * METRES_PER_DEGREE - north
    d_east = (ends_deg[:, 3] - lon) * east_m - east
    length2 = d_east * d_east + d_north * d_north
    behind = -(east * d_east + north * d_north)
    share = np.where(length2 > 0.0, behind / np.where(length2 > 0.0, length2, 1.0), 0.0)
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    off_east, off_north = east + share * d_east, north + share * d_north
    return share, np.sqrt(off_east * off_east + off_north * off_north)
