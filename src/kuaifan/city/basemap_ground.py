"""Draws ground and lines of the basemap (地面图层): landuse, water, buildings, borders, rails."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.basemap_cut import Layer
from kuaifan.city.basemap_mvt import Tags
from kuaifan.city.basemap_plane import (
    MAX_ZOOM,
    PIXEL,
    Geometries,
    project_pairs,
    tolerance_at,
    unit_at,
)
from kuaifan.city.city import Area
from kuaifan.city.features import MapFeatures, Ring

LANDUSE = ("residential", "industrial", "commercial", "green", "campus", "hospital")
_LANDUSE_ZOOM, _BUILDING_ZOOM, _RIVER_ZOOM, _RAILWAY_ZOOM, _BORDER_ZOOM = 9, 13, 9, 9, 8
_JOIN_BELOW_ZOOM = 12
_SMALLEST_PIXELS = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Geometries of one dimension with the kind and the name of each."""

    geometries: Geometries
    kinds: tuple[str, ...]
    names: tuple[str, ...]

    def take(self, chosen: NDArray[np.bool_]) -> "Shapes":
        """The chosen ones, in the same order."""
        at = np.flatnonzero(chosen).tolist()
        return Shapes(
            self.geometries[at],
            tuple(self.kinds[i] for i in at),
            tuple(self.names[i] for i in at),
        )

    def of(self, *kinds: str) -> "Shapes":
        """Those of some kinds."""
        return self.take(np.array([kind in kinds for kind in self.kinds], np.bool_))


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Areas and lines in the plane; outlines are the city's own jurisdictions (辖区)."""

    areas: Shapes
    lines: Shapes
    outlines: Geometries


def gather_ground(features: MapFeatures, areas: Iterable[Area]) -> Ground:
    """Project the areas and lines; ground that crosses itself is mended."""
    import shapely

    bodies = [_make_polygon(area.rings) for area in features.areas]
    lines = [shapely.LineString(project_pairs(line.line)) for line in features.lines]
    outlines = [
        shapely.LineString(project_pairs(ring))
        for area in areas
        if area.kind == "jurisdiction"
        for ring in area.polygons
    ]
    return Ground(
        areas=Shapes(
            np.asarray(shapely.make_valid(_as_array(bodies)), object),
            tuple(area.kind for area in features.areas),
            tuple(area.name for area in features.areas),
        ),
        lines=Shapes(
            _as_array(lines),
            tuple(line.kind for line in features.lines),
            tuple(line.name for line in features.lines),
        ),
        outlines=_as_array(outlines),
    )


def draw_ground(ground: Ground, zoom: int) -> list[Layer]:
    """The ground layers of one zoom in drawing order, without the empty ones."""
    areas, lines = ground.areas, ground.lines
    layers: list[Layer] = []
    if zoom >= _LANDUSE_ZOOM:
        layers.append(_draw_areas("landuse", areas.of(*LANDUSE), zoom))
    layers.append(_draw_areas("water", areas.of("water"), zoom))
    if zoom >= _RIVER_ZOOM:
        layers.append(_draw_lines("water", lines.of("river", "coastline"), zoom))
    if zoom >= _BUILDING_ZOOM:
        layers.append(_draw_areas("buildings", areas.of("building"), zoom))
    if zoom >= _BORDER_ZOOM:
        layers.append(_draw_borders(ground, zoom))
    if zoom >= _RAILWAY_ZOOM:
        layers.append(_draw_lines("roads", lines.of("railway"), zoom, key="class"))
    return [layer for layer in layers if len(layer.geometries)]


def _draw_areas(name: str, shapes: Shapes, zoom: int) -> Layer:
    """Large ground first, so that small ground lies on it; what is too small to see is left out."""
    import shapely

    if zoom < _JOIN_BELOW_ZOOM and name == "landuse":
        shapes = _join_blocks(shapes, zoom)
    drawn = shapely.simplify(shapes.geometries, tolerance_at(zoom))
    size = shapely.area(drawn)
    smallest = 0.0 if zoom == MAX_ZOOM else _SMALLEST_PIXELS * (PIXEL * unit_at(zoom)) ** 2
    order = np.argsort(-size, kind="stable")
    order = order[size[order] > smallest]
    tags = [_tag("kind", shapes.kinds[i], shapes.names[i]) for i in order.tolist()]
    return Layer(name, drawn[order], tags)


def _join_blocks(shapes: Shapes, zoom: int) -> Shapes:
    """From afar the blocks of one kind grow together over the streets between them."""
    import shapely

    reach = PIXEL * unit_at(zoom)
    pieces, kinds = [], []
    for kind in LANDUSE:
        same = shapes.of(kind).geometries
        if not len(same):
            continue
        grown = shapely.union_all(shapely.buffer(same, reach, quad_segs=1, join_style="mitre"))
        joined = shapely.get_parts(shapely.buffer(grown, -reach, quad_segs=1, join_style="mitre"))
        pieces.append(joined)
        kinds += [kind] * len(joined)
    geometries = np.concatenate(pieces) if pieces else _as_array([])
    return Shapes(geometries, tuple(kinds), ("",) * len(kinds))


def _draw_lines(name: str, shapes: Shapes, zoom: int, *, key: str = "kind") -> Layer:
    """Lines joined end to end where kind and name are the same."""
    import shapely

    pieces, tags = [], []
    labels = list(zip(shapes.kinds, shapes.names, strict=True))
    for label in dict.fromkeys(labels):
        same = [shapes.geometries[i] for i, other in enumerate(labels) if other == label]
        joined = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(same)))
        pieces.append(shapely.simplify(joined, tolerance_at(zoom), preserve_topology=False))
        tags += [_tag(key, *label)] * len(joined)
    return Layer(name, np.concatenate(pieces) if pieces else _as_array([]), tags)


def _draw_borders(ground: Ground, zoom: int) -> Layer:
    """Borders of districts, each drawn once though two districts share it, and of jurisdictions."""
    import shapely

    districts = shapely.boundary(ground.areas.of("district").geometries)
    told = ground.lines.of("boundary").geometries
    geometries, tags = [], []
    for kind, lines in (
        ("district", np.concatenate((districts, told))),
        ("jurisdiction", ground.outlines),
    ):
        merged = shapely.line_merge(shapely.union_all(lines)) if len(lines) else None
        parts = [] if merged is None else shapely.get_parts(merged)
        geometries += list(shapely.simplify(parts, tolerance_at(zoom)))
        tags += [_tag("kind", kind, "")] * len(parts)
    return Layer("boundaries", _as_array(geometries), tags)


def _make_polygon(rings: tuple[Ring, ...]) -> object:
    import shapely

    outer, *holes = map(project_pairs, rings)
    return shapely.Polygon(outer, holes)


def _as_array(geometries: list[object]) -> Geometries:
    # numpy would look into a list of geometries for numbers.
    array = np.empty(len(geometries), object)
    array[:] = geometries
    return array


def _tag(key: str, kind: str, name: str) -> Tags:
    return {key: kind, "name": name} if name else {key: kind}
