"""Cuts layers into tiles (切片): clipped, rounded to tile units, without what vanished."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.basemap_mvt import EXTENT, LINE, POINT, POLYGON, Ints, LayerWriter, Paths, Tags
from kuaifan.city.basemap_plane import Geometries, unit_at

if TYPE_CHECKING:
    import shapely

BUFFER = 64
"""Tile units drawn beyond a tile's edge, so that wide lines meet across it."""


@dataclass(slots=True, eq=False)
class Layer:
    """What one layer shows at one zoom: geometries, all of one dimension, with their tags."""

    name: str
    geometries: Geometries
    tags: list[Tags]
    _tree: "shapely.STRtree | None" = field(default=None, init=False)

    def find_in(self, box: "shapely.Polygon") -> Ints:
        """Indices of the geometries that touch a box, ascending, so that drawing order holds."""
        import shapely

        if self._tree is None:
            self._tree = shapely.STRtree(self.geometries)
        return np.sort(self._tree.query(box)).astype(np.int64)


def cut_tile(layers: list[Layer], zoom: int, x: int, y: int) -> bytes:
    """One tile as MVT bytes; empty if nothing is in it."""
    writers: dict[str, LayerWriter] = {}
    for layer in layers:
        writer = writers.setdefault(layer.name, LayerWriter(layer.name))
        for paths, found in _cut_layer(layer, zoom, x, y):
            writer.add(paths, [layer.tags[i] for i in found])
    return b"".join(writer.to_bytes() for writer in writers.values())


def _cut_layer(layer: Layer, zoom: int, x: int, y: int) -> list[tuple[Paths, list[int]]]:
    import shapely

    unit = unit_at(zoom)
    west, north, side = x * EXTENT * unit, y * EXTENT * unit, EXTENT * unit
    around = BUFFER * unit
    box = shapely.box(west - around, north - around, west + side + around, north + side + around)
    found = layer.find_in(box)
    if not len(found):
        return []
    dimension = int(shapely.get_dimensions(layer.geometries[found[0]]))
    clipped = shapely.clip_by_rect(layer.geometries[found], *box.bounds)
    parts, owner = shapely.get_parts(clipped, return_index=True)
    # A clip may leave a collection of collections, and crumbs of a lower dimension at the edge.
    parts, within = shapely.get_parts(parts, return_index=True)
    is_whole = shapely.get_dimensions(parts) == dimension
    parts, owner = parts[is_whole], owner[within][is_whole]
    to_paths = (_point_paths, _line_paths, _polygon_paths)[dimension]
    return [(to_paths(parts, owner, _Grid(west, north, unit)), found.tolist())]


@dataclass(frozen=True, slots=True)
class _Grid:
    west: float
    north: float
    unit: float

    def snap(self, coordinates: NDArray[np.float64]) -> Ints:
        """To whole tile units from the tile's north-west corner."""
        return np.rint((coordinates - (self.west, self.north)) / self.unit).astype(np.int64)


def _point_paths(parts: Geometries, owner: Ints, grid: _Grid) -> Paths:
    import shapely

    xy = grid.snap(shapely.get_coordinates(parts).reshape(-1, 2))
    # A point belongs to one tile only: its label is drawn once.
    is_in = np.all((xy >= 0) & (xy < EXTENT), axis=1)
    n_in = int(is_in.sum())
    return Paths(POINT, xy[is_in], np.ones(n_in, np.int64), owner[is_in])


def _line_paths(parts: Geometries, owner: Ints, grid: _Grid) -> Paths:
    import shapely

    coordinates, path_of = shapely.get_coordinates(parts, return_index=True)
    xy = grid.snap(coordinates)
    keep = ~_repeats(xy, path_of)
    xy, path_of = xy[keep], path_of[keep]
    n_points = np.bincount(path_of, minlength=len(parts)).astype(np.int64)
    is_line = n_points > 1
    return Paths(LINE, xy[is_line[path_of]], n_points[is_line], owner[is_line])


def _polygon_paths(parts: Geometries, owner: Ints, grid: _Grid) -> Paths:
    import shapely

    rings, part_of = shapely.get_rings(
        shapely.orient_polygons(parts, exterior_cw=False), return_index=True
    )
    is_outer = np.diff(part_of, prepend=-1) != 0
    coordinates, ring_of = shapely.get_coordinates(rings, return_index=True)
    xy = grid.snap(coordinates)
    # The closing point repeats the first one, and the format wants it left out.
    keep = ~_repeats(xy, ring_of) & (np.diff(ring_of, append=-1) == 0)
    xy, ring_of = xy[keep], ring_of[keep]
    n_points = np.bincount(ring_of, minlength=len(rings)).astype(np.int64)
    twice_area = _twice_areas(xy, ring_of, n_points)
    # Rounding may have laid a ring flat or turned it over; with an outer ring go its holes.
    is_solid = np.zeros(len(parts), np.bool_)
    is_solid[part_of[is_outer & (twice_area > 0)]] = True
    stays = is_solid[part_of] & np.where(is_outer, twice_area > 0, twice_area < 0)
    return Paths(POLYGON, xy[stays[ring_of]], n_points[stays], owner[part_of[stays]])


def _repeats(xy: Ints, path_of: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which points fall on the one before them in the same path."""
    repeats = np.zeros(len(xy), np.bool_)
    repeats[1:] = np.all(xy[1:] == xy[:-1], axis=1) & (path_of[1:] == path_of[:-1])
    return repeats


def _twice_areas(xy: Ints, ring_of: NDArray[np.intp], n_points: Ints) -> Ints:
    """Twice the signed area of each ring by the surveyor's formula; clockwise on screen is > 0."""
    first = np.cumsum(n_points) - n_points
    following = np.arange(1, len(xy) + 1)
    is_last = following == (first + n_points)[ring_of]
    following[is_last] = first[ring_of[is_last]]
    cross = xy[:, 0] * xy[following, 1] - xy[following, 0] * xy[:, 1]
    areas = np.zeros(len(n_points), np.int64)
    np.add.at(areas, ring_of, cross)
    return areas
