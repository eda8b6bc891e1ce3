"""Draws areas (区域) where a map gives none: the jurisdiction, and area classes by road density."""

import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.city import AREA_KINDS, LEVELS, Area, Level
from kuaifan.city.placement import Standing, list_standing
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.geo.polygons import ring_contains
from kuaifan.roads.network import RoadNetwork

CELL_M = 1000.0
AREA_CLASSES = ("core", "urban", "suburban", "rural")
# Street kilometres per square kilometre. Medians of the 1 km cells: Shenzhen Futian 13.1, Porto
# Alegre 13.0, Helsinki centre 18, all town; metropolitan Porto with its villages 5.8. The densest
# quarter of the towns lies above 15. The borders are ours: a city redraws them in areas.geojson.
_AT_LEAST_KM = {"core": 15.0, "urban": 8.0, "suburban": 3.0, "rural": 0.0}
WHOLE_ID = "D1"
_MARGIN_DEG = 0.001
_NAMES = {"core": "核心区", "urban": "城区", "suburban": "城郊", "rural": "农村"}
Point = tuple[float, float]
Ring = tuple[Point, ...]
Cell = tuple[int, int]
Floats = NDArray[np.float64]


def draw_areas(network: RoadNetwork) -> tuple[Area, ...]:
    """One jurisdiction around every street, the ground of each class that occurs, one district.

    A road map says nothing of districts that tile it: the whole of it is one.
    """
    standing = list_standing(network)
    hull = Area("J01", "jurisdiction", "辖区", "", (_hull(network),), "road hull")
    ground = _class_ground(standing)
    classes = (
        Area(f"C-{name}", "area_class", _NAMES[name], name, tuple(ground[name]), "road density")
        for name in AREA_CLASSES
        if ground[name]
    )
    whole = Area(
        WHOLE_ID, "district", "全域", "", (_extent(network),), "map extent", level="district"
    )
    return (hull, *classes, whole)


def _extent(network: RoadNetwork) -> Ring:
    """The rectangle around all streets, a little wider than they."""
    south, north = network.shape_lat.min() - _MARGIN_DEG, network.shape_lat.max() + _MARGIN_DEG
    west, east = network.shape_lon.min() - _MARGIN_DEG, network.shape_lon.max() + _MARGIN_DEG
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return _ring([(float(lat), float(lon)) for lat, lon in corners])


def _class_ground(standing: Standing) -> dict[str, list[Ring]]:
    ground: dict[str, list[Ring]] = {name: [] for name in AREA_CLASSES}
    for name, south, west, n_cells in _runs(measure_density(standing)):
        ground[name].append(_rectangle(standing, south, west, n_cells))
    return ground


def measure_density(standing: Standing) -> dict[Cell, float]:
    """Street kilometres per square kilometre of each cell (row, column) with a street.

    A cell that the map's edge cuts is measured on the part inside the map's extent.
    """
    km: defaultdict[Cell, float] = defaultdict(float)
    row = np.floor(standing.north_m / CELL_M).astype(int).tolist()
    column = np.floor(standing.east_m / CELL_M).astype(int).tolist()
    for cell, length_m in zip(zip(row, column, strict=True), standing.length_m, strict=True):
        km[cell] += float(length_m) / 1000.0
    return {
        (row, column): length_km
        / _inside_share(standing.north_m, row)
        / _inside_share(standing.east_m, column)
        for (row, column), length_km in km.items()
    }


def _inside_share(metres: Floats, cell_i: int) -> float:
    """Share of a cell's side that lies inside the extent; a sliver counts as a tenth."""
    low = max(float(metres.min()), cell_i * CELL_M)
    high = min(float(metres.max()), (cell_i + 1) * CELL_M)
    return max((high - low) / CELL_M, 0.1)


def _runs(km: dict[Cell, float]) -> list[tuple[str, int, int, int]]:
    """Runs of neighbouring cells of one class within a row, as (class, row, column, length)."""
    runs = []
    # Column minus rank in the sorted list stays the same along neighbours, and jumps at a gap.
    cells = [(row, column, _class_of(km[row, column])) for row, column in sorted(km)]
    ranked = ((row, column - rank, name, column) for rank, (row, column, name) in enumerate(cells))
    for (row, _, name), run in groupby(ranked, key=lambda cell: cell[:3]):
        columns = [cell[3] for cell in run]
        runs.append((name, row, columns[0], len(columns)))
    return runs


def _class_of(km: float) -> str:
    return next(name for name in AREA_CLASSES if km >= _AT_LEAST_KM[name])


def _rectangle(standing: Standing, row: int, column: int, n_cells: int) -> Ring:
    west, east = column * CELL_M, (column + n_cells) * CELL_M
    south, north = row * CELL_M, (row + 1) * CELL_M
    lat, lon = standing.plane.to_degrees(
        [west, east, east, west, west], [south, south, north, north, south]
    )
    return _ring(list(zip(lat.tolist(), lon.tolist(), strict=True)))


def _hull(network: RoadNetwork) -> Ring:
    """Convex hull of all street points by Andrew's monotone chain, counter-clockwise, closed."""
    points = np.unique(np.column_stack((network.shape_lon, network.shape_lat)), axis=0).tolist()
    lower, upper = _chain(points), _chain(points[::-1])
    return _ring([(lat, lon) for lon, lat in (*lower[:-1], *upper[:-1], lower[0])])


def _chain(points: list[list[float]]) -> list[list[float]]:
    chain: list[list[float]] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0.0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: list[float], b: list[float], c: list[float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _ring(points: list[Point]) -> Ring:
    return tuple((round(lat, 7), round(lon, 7)) for lat, lon in points)


def find_district(districts: Sequence[Area], *, lat: float, lon: float) -> Area | None:
    """The first of some districts that holds the point; None where none does."""
    for district in districts:
        if any(ring_contains(ring, lat=lat, lon=lon) for ring in district.polygons):
            return district
    return None


def pack_areas(areas: tuple[Area, ...]) -> bytes:
    """The areas as GeoJSON (RFC 7946: WGS-84, longitude first)."""
    features = [
        {
            "type": "Feature",
            "id": area.area_id,
            "properties": {
                "kind": area.kind,
                "name": area.name,
                "area_class": area.area_class,
                "drawn_by": area.drawn_by,
                **({"level": area.level} if area.level else {}),
            },
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [[(lon, lat) for lat, lon in polygon]] for polygon in area.polygons
                ],
            },
        }
        for area in areas
    ]
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def unpack_areas(data: bytes, path: Path) -> tuple[Area, ...]:
    """The areas in GeoJSON bytes; Polygon and MultiPolygon, no holes.

    Raises CityFolderError naming the first feature that cannot be read.
    """
    try:
        features = json.loads(data)["features"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise CityFolderError(
            f"{path} is no GeoJSON feature collection: export it as one"
        ) from None
    areas = []
    for feature_i, feature in enumerate(features):
        try:
            areas.append(_read_area(feature))
        except (KeyError, TypeError, ValueError) as error:
            raise CityFolderError(
                f"{path}: feature {feature_i + 1} is no area ({error}): it needs an id, a kind, a "
                "name and a Polygon or MultiPolygon without holes"
            ) from None
    return tuple(areas)


def _read_area(feature: dict[str, Any]) -> Area:
    properties, geometry = feature["properties"], feature["geometry"]
    kind = next((kind for kind in AREA_KINDS if kind == properties["kind"]), None)
    if kind is None:
        raise ValueError(f"kind {properties['kind']!r} is unknown")
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    elif geometry["type"] != "MultiPolygon":
        raise ValueError(f"geometry {geometry['type']!r}")
    return Area(
        area_id=str(feature["id"]),
        kind=kind,
        name=str(properties["name"]),
        area_class=str(properties.get("area_class", "")),
        polygons=tuple(_read_polygon(rings) for rings in polygons),
        drawn_by=str(properties.get("drawn_by", "given")),
        level=_read_level(properties) if kind == "district" else "",
    )


def _read_level(properties: dict[str, Any]) -> Level:
    level = properties.get("level", "district")
    for known in LEVELS:
        if known == level:
            return known
    raise ValueError(f"level {level!r} is neither district nor county")


def _read_polygon(rings: list[list[list[float]]]) -> Ring:
    if len(rings) != 1:
        raise ValueError("a polygon has holes")
    ring = tuple((float(point[1]), float(point[0])) for point in rings[0])
    if len(ring) < 4 or ring[0] != ring[-1]:  # noqa: PLR2004 - RFC 7946 §3.1.6
        raise ValueError("a ring is not closed")
    if not all(abs(lat) <= 90.0 and abs(lon) <= 180.0 for lat, lon in ring):  # noqa: PLR2004 - degrees
        raise ValueError("a point is not in degrees")
    return ring
