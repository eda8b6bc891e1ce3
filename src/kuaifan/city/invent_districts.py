"""Divides an invented city into districts and area classes (行政区划): along its great streets."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kuaifan.city import invent_words as words
from kuaifan.city.areas import AREA_CLASSES
from kuaifan.city.city import Area
from kuaifan.city.invent_land import Land, Zone
from kuaifan.city.invent_layout import Layout
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import Cell, Point
from kuaifan.city.invent_tiles import tile_districts
from kuaifan.city.invent_ways import Ground, densify

if TYPE_CHECKING:
    import shapely

_CLASS_OF: dict[Zone, str] = {
    "old": "core",
    "core": "core",
    "urban": "urban",
    "suburban": "suburban",
    "rural": "rural",
}
_CLASS_NAMES = {"core": "核心区", "urban": "城区", "suburban": "城郊", "rural": "农村"}
_BEND_M = 160.0
_MIN_PART_M2 = 2_000.0
_WIDEN_M, _BORDER_M = 75.0, 12.0


@dataclass(frozen=True, slots=True)
class Districts:
    """Which district each superblock belongs to; seats: where each one's name is written."""

    names: tuple[str, ...]
    of_superblock: tuple[int, ...]
    seats: tuple[Point, ...]

    def by_superblock(self) -> dict[int, str]:
        """The name of each superblock's district."""
        return {i: self.names[n] for i, n in enumerate(self.of_superblock)}


def draw_districts(layout: Layout, book: NameBook, rng: np.random.Generator) -> Districts:
    """Give each superblock to the nearest seat, where a river is a long way round."""
    land = layout.land
    n_urban, n_county = land.size.n_urban, land.size.n_county
    seats = [(0.0, 0.0), *_urban_seats(land, n_urban - 1, rng), *_county_seats(land, n_county)]
    urban = [words.DISTRICTS[i] for i in (1 + rng.permutation(len(words.DISTRICTS) - 1)).tolist()]
    counties = [words.COUNTIES[i] for i in rng.permutation(len(words.COUNTIES)).tolist()]
    names = (words.DISTRICTS[0], *urban[: n_urban - 1], *counties[:n_county])
    of = tuple(_nearest(land, cell.middle, (seats, n_urban)) for cell in layout.superblocks)
    return Districts(tuple(book.claim(name) for name in names), of, tuple(seats))


def _urban_seats(land: Land, n: int, rng: np.random.Generator) -> list[Point]:
    """The first lies across the river, the rest around the middle."""
    radius = land.size.radius_m
    first = float(np.pi / 2.0) * land.river_side
    turns = first + 2.0 * np.pi * np.arange(n) / max(n, 1) + rng.uniform(-0.15, 0.15, n)
    return [(0.72 * radius * float(np.cos(a)), 0.72 * radius * float(np.sin(a))) for a in turns]


def _county_seats(land: Land, n: int) -> list[Point]:
    return [(1.05 * town.u, 1.05 * town.v) for town in land.towns[:n]]


def _nearest(land: Land, point: Point, seats: tuple[list[Point], int]) -> int:
    """A county starts at the town's edge: its seat counts as nearer out there."""
    is_out = land.remoteness(*point) > 1.0
    is_across = (point[1] - land.river.at) * land.river_side > 0.0

    def away(i: int) -> float:
        u, v = seats[0][i]
        metres = float(np.hypot(point[0] - u, point[1] - v))
        wet = is_across != ((v - land.river.at) * land.river_side > 0.0)
        metres += 0.6 * land.size.radius_m * wet
        return metres * (0.6 if is_out and i >= seats[1] else 1.0)

    return min(range(len(seats[0])), key=away)


def draw_area_rings(layout: Layout, districts: Districts, ground: Ground) -> tuple[Area, ...]:
    """Districts as jurisdictions, the ground of each class, districts as they tile the ground.

    No ring has a hole. A jurisdiction overlaps its neighbours a little, for the map's outlines.
    """
    by_district: dict[str, list[Cell]] = defaultdict(list)
    by_class: dict[str, list[Cell]] = defaultdict(list)
    for superblock_i, cell in enumerate(layout.superblocks):
        by_district[districts.names[districts.of_superblock[superblock_i]]].append(cell)
        by_class[_CLASS_OF[layout.land.zone(*cell.middle)]].append(cell)
    areas = [
        Area(f"J{i:02d}", "jurisdiction", name, "", _join(by_district[name], ground), "invented")
        for i, name in enumerate(districts.names, start=1)
        if by_district[name]
    ]
    areas += [
        Area(f"C-{name}", "area_class", _CLASS_NAMES[name], name, rings, "invented")
        for name in AREA_CLASSES
        if (rings := _join(by_class[name], ground))
    ]
    return (*areas, *tile_districts(layout, districts.of_superblock, districts.names, ground))


def _join(cells: list[Cell], ground: Ground) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The outlines of cells together, bent onto the ground; holes are cut open."""
    import shapely

    boxes = [shapely.Polygon(cell.corners) for cell in cells]
    # Railways and expressways lie between the cells: widened they touch, then shrink again, but
    # not quite, so that what stands on a border street has an area on either side.
    whole = shapely.unary_union([box.buffer(_WIDEN_M, join_style="mitre") for box in boxes])
    parts = _without_holes(whole.buffer(_BORDER_M - _WIDEN_M, join_style="mitre"))
    parts.sort(key=lambda part: part.bounds)
    rings = [densify(list(part.exterior.coords), _BEND_M) for part in parts]
    return tuple(tuple(ground.locate(ring)) for ring in rings)


def _without_holes(shape: "shapely.Geometry") -> "list[shapely.Polygon]":
    """Polygons without holes that make up a shape: one with a hole is cut through it."""
    import shapely

    if not isinstance(shape, shapely.Polygon):
        parts = shapely.get_parts(shape).tolist()
        return [piece for part in parts for piece in _without_holes(part)]
    if shape.area < _MIN_PART_M2:
        return []
    if not shape.interiors:
        return [shapely.remove_repeated_points(shape, 1.0)]
    low_u, low_v, high_u, high_v = shape.bounds
    cut = shape.interiors[0].centroid.x
    halves = (
        shapely.box(low_u, low_v, cut, high_v),
        shapely.box(cut, low_v, high_u, high_v),
    )
    return [piece for half in halves for piece in _without_holes(shape.intersection(half))]
