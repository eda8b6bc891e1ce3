"""Tiles an invented city's ground by its districts (区县划界): no gap, no overlap, to the last bit.

A border street runs along both districts, so borders have to be the very same points on either
side. All cells of the paper are therefore noded together, given to districts as whole faces, and
only then joined: what two districts share, they share vertex by vertex.
"""

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kuaifan.city.city import Area, Level
from kuaifan.city.invent_layout import Layout, cell_ring
from kuaifan.city.invent_net import Cell, Point
from kuaifan.city.invent_ways import Ground, densify

if TYPE_CHECKING:
    import shapely

_BEND_M = 160.0
_GRID_M = 0.1
_BEYOND_M = 100.0
"""Roads end at the paper's edge: the outermost ground reaches so far beyond it."""

_MIN_CUT_M = 5.0
_NEAR_M = 0.06
Ring = tuple[tuple[float, float], ...]
Faces = list["shapely.Polygon"]


def tile_districts(
    layout: Layout, of_superblock: tuple[int, ...], names: tuple[str, ...], ground: Ground
) -> tuple[Area, ...]:
    """One area for each district that has ground, counties last; they tile the paper and its rim.

    of_superblock: which of the names each superblock belongs to.
    """
    n_urban = layout.land.size.n_urban
    faces = _share_faces(layout, of_superblock)
    areas = []
    for i, name in enumerate(names):
        level: Level = "district" if i < n_urban else "county"
        area_id = f"D{i + 1}" if i < n_urban else f"C{i + 1 - n_urban}"
        rings = tuple(_ring(part, layout, ground) for part in join_faces(faces[i]))
        if rings:
            areas.append(Area(area_id, "district", name, "", rings, "invented", level))
    return tuple(areas)


def _share_faces(layout: Layout, of_superblock: tuple[int, ...]) -> dict[int, Faces]:
    """All faces of the noded paper by district; rivers and railways go to the nearest one."""
    import shapely

    boxes = np.array([shapely.Polygon(cell.corners) for cell in layout.superblocks])
    strips = [piece for strip in layout.strips for piece in _chop(strip, layout.superblocks)]
    rings = [cell_ring(cell) for cell in (*layout.superblocks, *strips)]
    noded = shapely.unary_union([shapely.LineString(ring) for ring in rings], grid_size=_GRID_M)
    district = np.array(of_superblock)
    shared: dict[int, Faces] = defaultdict(list)
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))):
        away_m = np.round(shapely.distance(shapely.point_on_surface(face), boxes), 1)
        # Where two are equally near, as in the middle of a river, the first district has it.
        shared[int(district[away_m == away_m.min()].min())].append(face)
    return shared


def _chop(strip: Cell, superblocks: list[Cell]) -> list[Cell]:
    """A strip cut across wherever a superblock beside it begins or ends."""
    spans = strip.span(0), strip.span(1)
    along = 0 if spans[0][1] - spans[0][0] >= spans[1][1] - spans[1][0] else 1
    low, high = spans[along]
    sides = spans[1 - along]
    cuts = sorted(
        corner[along]
        for cell in superblocks
        for corner in cell.corners
        if min(abs(corner[1 - along] - side) for side in sides) <= _NEAR_M
        and low + _MIN_CUT_M < corner[along] < high - _MIN_CUT_M
    )
    ends = [low]
    ends += [cut for i, cut in enumerate(cuts) if i == 0 or cut - cuts[i - 1] > _MIN_CUT_M]
    ends.append(high)
    return [_box((a, b), sides, along=along) for a, b in pairwise(ends)]


def _box(ends: tuple[float, float], sides: tuple[float, float], *, along: int) -> Cell:
    (u0, u1), (v0, v1) = (ends, sides) if along == 0 else (sides, ends)
    return Cell([(u0, v0), (u1, v0), (u1, v1), (u0, v1)], [])


def join_faces(faces: Faces) -> Faces:
    """Faces of one district as few polygons without holes; every vertex of a border stays."""
    import shapely

    if not faces:
        return []
    parts: Faces = []
    for part in shapely.get_parts(shapely.coverage_union_all(faces)):
        if part.interiors:
            # A hole is opened by sharing the faces around it out to both sides of its middle.
            within = [face for face in faces if part.covers(shapely.point_on_surface(face))]
            middle = part.interiors[0].centroid.x
            west = [face for face in within if face.centroid.x < middle]
            east = [face for face in within if face.centroid.x >= middle]
            parts += join_faces(west) + join_faces(east)
        else:
            parts.append(part)
    return sorted(parts, key=lambda part: part.bounds)


def _ring(part: "shapely.Polygon", layout: Layout, ground: Ground) -> Ring:
    """A polygon bent onto the ground: each side by the same points whichever way it is walked."""
    rim = [_spread_rim(point, layout) for point in part.exterior.coords]
    bent = [rim[0]]
    for one, other in pairwise(rim):
        low, high = sorted((one, other))
        between = densify([low, high], _BEND_M)[1:-1]
        bent += [*(between if low == one else between[::-1]), other]
    located = ground.locate(bent)
    return (*located[:-1], located[0])


def _spread_rim(point: Point, layout: Layout) -> Point:
    """A point of the paper's edge moved outwards, so that what ends there lies inside."""
    land = layout.land
    u, v = round(point[0], 1), round(point[1], 1)
    if abs(u) >= land.edge_u - _NEAR_M:
        u += _BEYOND_M if u > 0.0 else -_BEYOND_M
    if abs(v) >= land.edge_v - _NEAR_M:
        v += _BEYOND_M if v > 0.0 else -_BEYOND_M
    return u, v
