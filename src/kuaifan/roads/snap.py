"""GPS fixes onto streets (路网吸附): exact nearest segment, edge-accurate, many at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.roads import snap_plain
from kuaifan.roads.lines import PPM, ArcLines
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.snap_plain import Grid, Nearest
from kuaifan.roads.travel import RoadPosition

Floats = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

_CELL_MIN_M, _CELL_MAX_M = 40.0, 2_000.0
_MAX_LAT_DEG, _MAX_LON_DEG = 90.0, 180.0


class Snapped(NamedTuple):
    """The nearest street places of k points; the arrays are (k,)."""

    arc: Int32s
    fraction_ppm: Int32s
    distance_m: NDArray[np.float32]


class SnappedPoint(NamedTuple):
    """The nearest street place of one point."""

    position: RoadPosition
    distance_m: float


class Snapper:
    """Finds the nearest street of points, of equally near ones the lowest arc.

    profile: only arcs that it may use are found, so that no car stands on a footway. lines: of the
    same network, where they are measured already.

    Distances are taken on a plane about each point. Until `load_kernel` has been called, numpy
    gives the same answers, some 40 times slower. Never changes after that: threads may share it.
    """

    def __init__(
        self, network: RoadNetwork, *, profile: int = 0, lines: ArcLines | None = None
    ) -> None:
        self.network = network
        self.lines = lines or ArcLines(network)
        is_open = network.travel_ms[profile] < UNREACHABLE_MS
        self.open_twin = np.where(is_open[network.twin], network.twin, np.int32(-1))
        """(n_arcs,) the way back along each arc, -1 where this profile has none."""
        found = _list_segments(network, is_open & ~network.is_turn, self.open_twin)
        self._arc_of_segment, self._point_of_segment = found
        self._grid = _build_grid(network, self._point_of_segment)
        self._find_nearest = snap_plain.find_nearest

    @property
    def segments(self) -> tuple[Grid, Int32s, Int64s]:
        """The grid, and of every segment its arc and its first shape point; two twins share one."""
        return self._grid, self._arc_of_segment, self._point_of_segment

    @property
    def kernel_is_loaded(self) -> bool:
        """Whether the compiled search answers."""
        return self._find_nearest is not snap_plain.find_nearest

    def load_kernel(self) -> None:
        """Import and warm the compiled search, then answer with it; may run in a thread."""
        from kuaifan.roads.snap_kernel import find_nearest

        nothing = np.empty(0, np.float64)
        find_nearest(self._grid, nothing, nothing, nothing, _new_found(0))
        self._find_nearest = find_nearest

    def snap(
        self, lat: ArrayLike, lon: ArrayLike, *, heading_deg: ArrayLike | None = None
    ) -> Snapped:
        """The nearest street place of each of k points in WGS-84.

        heading_deg: (k,) nan where unknown; on a two-way street the direction nearer to it is
        taken, else the lower arc. Raises ValueError naming the first point off the globe.
        """
        at_lat, at_lon = (
            np.atleast_1d(np.asarray(lat, float)),
            np.atleast_1d(np.asarray(lon, float)),
        )
        _check_points(at_lat, at_lon)
        east_m = METRES_PER_DEGREE * np.cos(np.radians(at_lat))
        found = _new_found(len(at_lat))
        self._find_nearest(self._grid, at_lat, at_lon, east_m, found)
        arc = self._arc_of_segment[found.segment]
        near = self._point_of_segment[found.segment]
        behind = self.lines.share_at_point[near]
        share = behind + found.share * (self.lines.share_at_point[near + 1] - behind)
        ppm = np.rint(share * PPM).astype(np.int32)
        if heading_deg is not None:
            arc, ppm = self._face(arc, ppm, np.atleast_1d(np.asarray(heading_deg, float)))
        return Snapped(arc, ppm, found.distance_m.astype(np.float32))

    def snap_one(self, lat: float, lon: float, *, heading_deg: float | None = None) -> SnappedPoint:
        """The nearest street place of one point."""
        if heading_deg is not None:
            faced = self.snap(lat, lon, heading_deg=heading_deg)
            position = RoadPosition(int(faced.arc[0]), int(faced.fraction_ppm[0]))
            return SnappedPoint(position, float(faced.distance_m[0]))
        # What `snap` does, number by number: arrays of one cost several times as much.
        at_lat, at_lon = np.array([lat], np.float64), np.array([lon], np.float64)
        if not (abs(lat) <= _MAX_LAT_DEG and abs(lon) <= _MAX_LON_DEG):
            _check_points(at_lat, at_lon)
        found, east_m = _new_found(1), METRES_PER_DEGREE * np.cos(np.radians(at_lat))
        self._find_nearest(self._grid, at_lat, at_lon, east_m, found)
        segment, share_at = int(found.segment[0]), self.lines.share_at_point
        near = int(self._point_of_segment[segment])
        behind, ahead = float(share_at[near]), float(share_at[near + 1])
        ppm = round((behind + float(found.share[0]) * (ahead - behind)) * PPM)
        position = RoadPosition(int(self._arc_of_segment[segment]), ppm)
        return SnappedPoint(position, float(np.float32(found.distance_m[0])))

    def point_at(self, arc: int, fraction_ppm: int) -> tuple[float, float]:
        """Latitude and longitude at a fraction of one arc, by length along its shape."""
        return self.lines.point_at(arc, fraction_ppm)

    def _face(self, arc: Int32s, ppm: Int32s, heading_deg: Floats) -> tuple[Int32s, Int32s]:
        along_deg = self.lines.places_at(arc, ppm).heading_deg
        twin = self.open_twin[arc]
        turned = (np.cos(np.radians(heading_deg - along_deg)) < 0.0) & (twin >= 0)
        return np.where(turned, twin, arc), np.where(turned, PPM - ppm, ppm).astype(np.int32)


def _new_found(n_points: int) -> Nearest:
    return Nearest(np.empty(n_points, np.int32), np.empty(n_points), np.empty(n_points))


def _check_points(lat: Floats, lon: Floats) -> None:
    if lat.shape != lon.shape:
        raise ValueError(f"{len(lat)} latitudes were given with {len(lon)} longitudes")
    # nan compares false, so that it is caught as well.
    fine = (np.abs(lat) <= _MAX_LAT_DEG) & (np.abs(lon) <= _MAX_LON_DEG)
    if not fine.all():
        at = int(np.argmin(fine))
        raise ValueError(f"point {at} at {lat[at]}, {lon[at]} is not on the globe")


def _list_segments(
    network: RoadNetwork, is_open: NDArray[np.bool_], open_twin: Int32s
) -> tuple[Int32s, Int64s]:
    """Arc and first shape point of every segment; of two twins only the lower arc has any."""
    first = network.shape_first.astype(np.int64)
    arc_of_point = np.repeat(np.arange(network.n_arcs, dtype=np.int32), np.diff(first))
    kept = is_open & ((open_twin < 0) | (open_twin > np.arange(network.n_arcs)))
    if not kept.any():
        raise ValueError("this profile may use no street of the network, so nothing can be found")
    begins = kept[arc_of_point]
    begins[first[1:] - 1] = False
    return arc_of_point[begins], np.flatnonzero(begins)


def _build_grid(network: RoadNetwork, point: Int64s) -> Grid:
    lat, lon = network.shape_lat, network.shape_lon
    ends_deg = np.stack((lat[point], lon[point], lat[point + 1], lon[point + 1]), axis=1)
    south_west = (float(lat.min()), float(lon.min()))
    span_deg = (float(lat.max()) - south_west[0], float(lon.max()) - south_west[1])
    east_m = METRES_PER_DEGREE * max(float(np.cos(np.radians(lat.mean()))), 0.01)
    area_m2 = span_deg[0] * METRES_PER_DEGREE * span_deg[1] * east_m
    # Two segments a cell, were they spread evenly: small enough to test few, large enough to
    # find one in the first rings.
    cell_m = min(max((2.0 * area_m2 / len(point)) ** 0.5, _CELL_MIN_M), _CELL_MAX_M)
    cell_deg = (cell_m / METRES_PER_DEGREE, cell_m / east_m)
    shape = (int(span_deg[0] / cell_deg[0]) + 1, int(span_deg[1] / cell_deg[1]) + 1)
    cells, segments = _cells_of_segments(ends_deg, south_west, cell_deg, shape[1])
    order = np.lexsort((segments, cells))
    cell_first = np.searchsorted(cells[order], np.arange(shape[0] * shape[1] + 1))
    cell_segment = segments[order].astype(np.int32)
    return Grid(cell_first.astype(np.int32), cell_segment, ends_deg, south_west, cell_deg, shape)


def _cells_of_segments(
    ends_deg: Floats, origin_deg: tuple[float, float], cell_deg: tuple[float, float], n_cols: int
) -> tuple[Int64s, Int64s]:
    """Every cell that the box around a segment touches, with the segment."""
    rows = np.floor((ends_deg[:, 0::2] - origin_deg[0]) / cell_deg[0]).astype(np.int64)
    cols = np.floor((ends_deg[:, 1::2] - origin_deg[1]) / cell_deg[1]).astype(np.int64)
    # Column by column: numpy's own reduction of rows of two is twenty times slower.
    south, west = np.minimum(rows[:, 0], rows[:, 1]), np.minimum(cols[:, 0], cols[:, 1])
    height = np.maximum(rows[:, 0], rows[:, 1]) - south + 1
    width = np.maximum(cols[:, 0], cols[:, 1]) - west + 1
    n_cells = height * width
    segment = np.repeat(np.arange(len(n_cells)), n_cells)
    within = np.arange(len(segment)) - np.repeat(np.cumsum(n_cells) - n_cells, n_cells)
    row = south[segment] + within // width[segment]
    col = west[segment] + within % width[segment]
    return row * n_cols + col, segment
