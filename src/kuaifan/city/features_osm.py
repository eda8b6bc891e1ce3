"""Reads what an OSM PBF file shows beside its roads (读取地图要素)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kuaifan.city.features import LatLon, MapArea, MapFeatures, MapLine, MapPoint, Ring
from kuaifan.city.features_tags import (
    KEYS,
    PointClass,
    find_area_kind,
    find_line_kind,
    find_point_class,
    get_name,
)
from kuaifan.city.houses_osm import HOUSE_KEYS, HouseReader
from kuaifan.city.pbf_blocks import DamagedMapError

if TYPE_CHECKING:
    from osmium.osm import Area, Node, NodeRefList, Way

_DIGITS = 6
"""Of a degree: 0.1 m, finer than any map of the city is drawn."""
_TWICE_WITHIN_DEG = 0.002
_MIN_RING_POINTS = 4


@dataclass(slots=True)
class _Gathered:
    areas: list[MapArea] = field(default_factory=list)
    lines: list[MapLine] = field(default_factory=list)
    points: list[MapPoint] = field(default_factory=list)
    houses: HouseReader = field(default_factory=HouseReader)


def read_osm_features(path: Path) -> MapFeatures:
    """Read areas, lines and named points of an OSM PBF file; two passes, 0.3 s per megabyte.

    Areas that the file's edge cuts are left out, for nobody knows their other side. Raises
    DamagedMapError if the file cannot be read.
    """
    # osmium is a heavy module that `serve` never needs.
    import osmium

    gathered = _Gathered()
    keys = osmium.filter.KeyFilter(*KEYS)
    with_houses = osmium.filter.KeyFilter(*KEYS, *HOUSE_KEYS)
    try:
        for thing in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(with_houses):
            if isinstance(thing, osmium.osm.Node):
                _take_node(gathered, thing)
            elif isinstance(thing, osmium.osm.Way):
                _take_way(gathered, thing)
            elif isinstance(thing, osmium.osm.Area):
                _take_area(gathered, thing)
    except RuntimeError as error:
        raise DamagedMapError(f"{path} is damaged ({error}): download the map again") from error
    return MapFeatures(
        areas=tuple(gathered.areas),
        lines=tuple(gathered.lines),
        points=tuple(drop_twice_said(gathered.points)),
        houses=tuple(dict.fromkeys(gathered.houses.houses)),
        house_rows=tuple(gathered.houses.rows),
    )


def drop_twice_said(points: Iterable[MapPoint]) -> list[MapPoint]:
    """Keep one of the points of one kind and name within 200 m, as a node and its building are."""
    kept: dict[tuple[str, str, int, int], MapPoint] = {}
    for point in points:
        row, column = int(point.lat // _TWICE_WITHIN_DEG), int(point.lon // _TWICE_WITHIN_DEG)
        around = [
            kept.get((point.kind, point.name, row + north, column + east))
            for north in (-1, 0, 1)
            for east in (-1, 0, 1)
        ]
        if not any(other is not None and _is_near(point, other) for other in around):
            kept[point.kind, point.name, row, column] = point
    return list(kept.values())


def _is_near(point: MapPoint, other: MapPoint) -> bool:
    d_lat, d_lon = abs(point.lat - other.lat), abs(point.lon - other.lon)
    return max(d_lat, d_lon) < _TWICE_WITHIN_DEG


def _take_node(gathered: _Gathered, node: "Node") -> None:
    gathered.houses.take_node(node)
    if "name" not in node.tags or not node.location.valid():
        return
    tags = {tag.k: tag.v for tag in node.tags}
    _take_point(gathered, tags, (round(node.lat, _DIGITS), round(node.lon, _DIGITS)))


def _take_point(gathered: _Gathered, tags: dict[str, str], at: LatLon) -> None:
    found: PointClass | None = find_point_class(tags)
    name = get_name(tags)
    if found is not None and name:
        gathered.points.append(MapPoint(found.kind, name, at[0], at[1], found.rank))


def _take_way(gathered: _Gathered, way: "Way") -> None:
    gathered.houses.take_way(way)
    tags = {tag.k: tag.v for tag in way.tags}
    kind = find_line_kind(tags)
    if kind is None:
        return
    line = tuple(
        (round(node.lat, _DIGITS), round(node.lon, _DIGITS))
        for node in way.nodes
        if node.location.valid()
    )
    if len(line) > 1:
        gathered.lines.append(MapLine(kind, get_name(tags), line))


def _take_area(gathered: _Gathered, area: "Area") -> None:
    tags = {tag.k: tag.v for tag in area.tags}
    kind, name = find_area_kind(tags), get_name(tags)
    # A way of one ring was taken as a way already.
    is_house = not area.from_way() and HOUSE_KEYS[0] in tags
    if kind is None and not name and not is_house:
        return
    bodies = [
        (_read_ring(outer), *(_read_ring(hole) for hole in area.inner_rings(outer)))
        for outer in area.outer_rings()
    ]
    bodies = sorted((body for body in bodies if _is_ring(body[0])), key=_extent, reverse=True)
    if not bodies:
        return
    if kind is not None:
        gathered.areas += [
            # Only the largest body bears the name, or the map would say it on every islet.
            MapArea(kind, name if body is bodies[0] else "", tuple(filter(_is_ring, body)))
            for body in bodies
        ]
    if is_house:
        gathered.houses.take(tags, _find_inside(bodies[0]))
    if name:
        _take_point(gathered, tags, _find_inside(bodies[0]))


def _read_ring(nodes: "NodeRefList") -> Ring:
    return tuple((round(node.lat, _DIGITS), round(node.lon, _DIGITS)) for node in nodes)


def _is_ring(ring: Ring) -> bool:
    return len(ring) >= _MIN_RING_POINTS


def _extent(body: tuple[Ring, ...]) -> float:
    lats, lons = zip(*body[0], strict=True)
    return float((max(lats) - min(lats)) * (max(lons) - min(lons)))


def _find_inside(body: tuple[Ring, ...]) -> LatLon:
    import shapely

    polygon = shapely.Polygon([(lon, lat) for lat, lon in body[0]])
    inside = shapely.point_on_surface(polygon)
    return round(float(inside.y), _DIGITS), round(float(inside.x), _DIGITS)
