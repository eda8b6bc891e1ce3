"""Cuts map features to a box (要素裁剪): what lies outside is no part of the city."""

from typing import TYPE_CHECKING

from kuaifan.city.clip import Box
from kuaifan.city.features import LatLon, MapArea, MapFeatures, MapLine, Ring

if TYPE_CHECKING:
    import shapely

_DIGITS = 6
_MIN_RING_POINTS = 4


def clip_features(features: MapFeatures, box: Box) -> MapFeatures:
    """Keep what lies in the box; areas and lines that leave it are cut at its edge."""
    return MapFeatures(
        areas=tuple(part for area in features.areas for part in _clip_area(area, box)),
        lines=tuple(part for line in features.lines for part in _clip_line(line, box)),
        points=tuple(point for point in features.points if _is_in((point.lat, point.lon), box)),
        houses=tuple(house for house in features.houses if _is_in((house.lat, house.lon), box)),
        house_rows=tuple(
            row for row in features.house_rows if all(_is_in(at, box) for at in row.line)
        ),
    )


def _is_in(position: LatLon, box: Box) -> bool:
    return box.south <= position[0] <= box.north and box.west <= position[1] <= box.east


def _clip_area(area: MapArea, box: Box) -> list[MapArea]:
    if all(_is_in(position, box) for position in area.rings[0]):
        return [area]
    import shapely

    outer, *holes = (tuple((lon, lat) for lat, lon in ring) for ring in area.rings)
    ground = shapely.make_valid(shapely.Polygon(outer, holes))
    parts = [part for part in _clip(ground, box) if isinstance(part, shapely.Polygon)]
    parts.sort(key=lambda part: -float(part.area))
    bodies = [(_ring(part.exterior), *map(_ring, part.interiors)) for part in parts]
    # Only the largest part keeps the name, or the map would say it on every one.
    return [
        MapArea(area.kind, "" if i else area.name, tuple(r for r in body if _is_ring(r)))
        for i, body in enumerate(body for body in bodies if _is_ring(body[0]))
    ]


def _clip_line(line: MapLine, box: Box) -> list[MapLine]:
    if all(_is_in(position, box) for position in line.line):
        return [line]
    import shapely

    parts = _clip(shapely.LineString([(lon, lat) for lat, lon in line.line]), box)
    lines = [part for part in parts if isinstance(part, shapely.LineString)]
    return [MapLine(line.kind, line.name, _ring(part)) for part in lines]


def _clip(geometry: "shapely.Geometry", box: Box) -> "list[shapely.Geometry]":
    import shapely

    clipped = shapely.clip_by_rect(geometry, box.west, box.south, box.east, box.north)
    return list(shapely.get_parts(shapely.get_parts(clipped)))


def _ring(line: "shapely.LineString") -> Ring:
    return tuple((round(lat, _DIGITS), round(lon, _DIGITS)) for lon, lat in line.coords)


def _is_ring(ring: Ring) -> bool:
    return len(ring) >= _MIN_RING_POINTS
