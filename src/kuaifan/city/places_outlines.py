"""Finds how far places reach (地点范围): boxes around areas of the map and around streets."""

from collections import defaultdict
from collections.abc import Iterable

from kuaifan.city.features import MapArea, MapFeatures
from kuaifan.city.places_build import PlaceRow
from kuaifan.city.places_streets import NamedStreet

Box = tuple[float, float, float, float]
PlaceKey = tuple[str, float, float]


def list_outlines(
    rows: Iterable[PlaceRow], features: MapFeatures | None, streets: Iterable[NamedStreet]
) -> dict[PlaceKey, Box]:
    """South, west, north and east of each row that an area of its name surrounds, or a street."""
    boxes_of: defaultdict[str, list[Box]] = defaultdict(list)
    for area in features.areas if features else ():
        if area.name:
            boxes_of[area.name].append(_box(area))
    streets_by_key = {(s.name, s.lat, s.lon): s.box for s in streets}
    found: dict[PlaceKey, Box] = {}
    for row in rows:
        key = (row.name, row.lat, row.lon)
        if row.kind == "street":
            around = [streets_by_key[key]] if key in streets_by_key else []
        else:
            around = [box for box in boxes_of.get(row.name, ()) if _holds(box, row.lat, row.lon)]
        if around:
            found[key] = min(around, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return found


def _box(area: MapArea) -> Box:
    lats = [lat for lat, _ in area.rings[0]]
    lons = [lon for _, lon in area.rings[0]]
    return min(lats), min(lons), max(lats), max(lons)


def _holds(box: Box, lat: float, lon: float) -> bool:
    south, west, north, east = box
    return south <= lat <= north and west <= lon <= east
