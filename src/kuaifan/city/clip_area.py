"""Clips a raw map to drawn areas (按区域裁剪): streets end at the border, where a new node lies."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.raw import RawWay, RawWays

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Point = tuple[float, float]
MAX_CLIP_BYTES = 256 * 1024**2
_HALVINGS = 40
"""Forty halvings of the longest street leave less than a micrometre."""


@dataclass(frozen=True, slots=True)
class ClipReport:
    """What a clip did: streets left whole, cut at the border, and left out."""

    n_whole: int
    n_cut: int
    n_outside: int


def read_clip(path: Path) -> "BaseGeometry":
    """The union of all polygons in a GeoJSON file, holes and all, in WGS-84 (RFC 7946).

    Raises BadInputError naming the file if it cannot be read or holds no area.
    """
    import shapely

    polygons = []
    for geometry in _list_geometries(_read_json(path), path):
        try:
            shape = shapely.from_geojson(json.dumps(geometry))
        except shapely.errors.GEOSException as error:
            raise BadInputError(f"{path} has an area that cannot be read ({error})") from error
        if shape.geom_type in {"Polygon", "MultiPolygon", "GeometryCollection"}:
            polygons.append(shapely.make_valid(shape))
    area: BaseGeometry = shapely.union_all(polygons)
    if not area.area:
        raise BadInputError(f"{path} holds no area: draw a Polygon or MultiPolygon into it")
    west, south, east, north = area.bounds
    if min(west, south) < -180.0 or max(east, north) > 180.0 or max(abs(south), abs(north)) > 90.0:  # noqa: PLR2004 - degrees
        raise BadInputError(f"{path} is not in degrees: save it as GeoJSON in EPSG:4326")
    return area


def _read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file says
    try:
        if path.stat().st_size > MAX_CLIP_BYTES:
            raise BadInputError(f"{path} is over {MAX_CLIP_BYTES:,} bytes: simplify its areas")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise BadInputError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError):
        raise BadInputError(f"{path} is no GeoJSON: export the areas as GeoJSON") from None


def _list_geometries(document: Any, path: Path) -> list[Any]:  # noqa: ANN401 - whatever the file says
    """The geometries of a FeatureCollection, a Feature, or a bare geometry."""
    if not isinstance(document, dict):
        raise BadInputError(f"{path} is no GeoJSON: export the areas as GeoJSON")
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        found = features if isinstance(features, list) else []
        return [f["geometry"] for f in found if isinstance(f, dict) and f.get("geometry")]
    geometry = document.get("geometry") if document.get("type") == "Feature" else document
    return [geometry] if geometry else []


def clip_to_area(raw: RawWays, area: "BaseGeometry") -> tuple[RawWays, ClipReport]:
    """Keep each street as far as its nodes lie inside, on to where it crosses the border.

    Raises BadInputError if no street has a node inside.
    """
    import shapely

    shapely.prepare(area)
    clip = _Clip(raw, area)
    ways = [piece for way in raw.ways for piece in clip.cut(way)]
    if not ways:
        raise BadInputError(
            f"no street lies in the areas of the clip: the map spans {raw.node_lat.min():.4f},"
            f"{raw.node_lon.min():.4f},{raw.node_lat.max():.4f},{raw.node_lon.max():.4f} "
            "(south,west,north,east)"
        )
    used = np.unique([node for way in ways for node in way.nodes])
    keep = np.isin(raw.node_id, used)
    new = clip.border
    clipped = replace(
        raw,
        node_id=np.concatenate((raw.node_id[keep], np.asarray(list(new), np.int64))),
        node_lat=np.concatenate((raw.node_lat[keep], [lat for lat, _ in new.values()])),
        node_lon=np.concatenate((raw.node_lon[keep], [lon for _, lon in new.values()])),
        ways=ways,
        dropped=raw.dropped + Counter({"outside_clip": clip.n_outside}),
    )
    n_whole = len(raw.ways) - clip.n_cut - clip.n_outside
    return clipped, ClipReport(n_whole, clip.n_cut, clip.n_outside)


class _Clip:
    """One clip of one map; border: the new nodes, by their ids."""

    def __init__(self, raw: RawWays, area: "BaseGeometry") -> None:
        import shapely

        self.area = area
        self.n_cut = self.n_outside = 0
        self.border: dict[int, Point] = {}
        is_in = shapely.contains_xy(area, raw.node_lon, raw.node_lat)
        ids = raw.node_id.tolist()
        self._is_in = dict(zip(ids, is_in.tolist(), strict=True))
        rows = zip(ids, raw.node_lat.tolist(), raw.node_lon.tolist(), strict=True)
        self._place = {node: (lat, lon) for node, lat, lon in rows}
        self._next_id = max(ids, default=0) + 1
        self._crossing: dict[tuple[int, int], int] = {}

    def cut(self, way: RawWay) -> list[RawWay]:
        """The pieces of a way that are kept; the way itself where all of it is."""
        known = [self._is_in.get(node, False) for node in way.nodes]
        if all(known):
            return [way]
        if not any(known):
            self.n_outside += 1
            return []
        self.n_cut += 1
        if way.shape is not None:
            return [self._cut_shape(way, is_start_in=known[0])]
        pieces, start = [], 0
        for is_in, run in groupby(known):
            end = start + len(list(run))
            if is_in:
                pieces.append(self._cut_run(way, start, end))
            start = end
        return [piece for piece in pieces if len(piece.nodes) > 1]

    def _cut_run(self, way: RawWay, start: int, end: int) -> RawWay:
        nodes = list(way.nodes[start:end])
        if start > 0 and way.nodes[start - 1] in self._place:
            nodes.insert(0, self._cross(way.nodes[start], way.nodes[start - 1]))
        if end < len(way.nodes) and way.nodes[end] in self._place:
            nodes.append(self._cross(way.nodes[end - 1], way.nodes[end]))
        return replace(way, nodes=tuple(nodes), length_m=None)

    def _cross(self, inner: int, outer: int) -> int:
        """The node where the straight line leaves; the same for every street along it."""
        if (inner, outer) not in self._crossing:
            place = self._leave(self._place[inner], self._place[outer])
            self._crossing[inner, outer] = self._add(place)
        return self._crossing[inner, outer]

    def _cut_shape(self, way: RawWay, *, is_start_in: bool) -> RawWay:
        """Cut a drawn line between two nodes, of which one is inside."""
        points = _drawn(way, self._place)
        points = points if is_start_in else points[::-1]
        inside = self._contains(points)
        # The inner end may lie on the border by the last bit; the outer end is outside for sure.
        first_out = next(i for i in range(1, len(points)) if not inside[i] or i == len(points) - 1)
        last = self._leave(points[first_out - 1], points[first_out])
        shape = (*points[:first_out], last)
        nodes = (way.nodes[0] if is_start_in else way.nodes[1], self._add(last))
        if not is_start_in:
            nodes, shape = nodes[::-1], shape[::-1]
        return replace(way, nodes=nodes, length_m=None, shape=shape)

    def _add(self, place: Point) -> int:
        node, self._next_id = self._next_id, self._next_id + 1
        self.border[node] = place
        return node

    def _leave(self, inner: Point, outer: Point) -> Point:
        """Where the line from inside to outside crosses the border, by halving."""
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            (is_in,) = self._contains([_between(inner, outer, middle)])
            low, high = (middle, high) if is_in else (low, middle)
        return _between(inner, outer, low)

    def _contains(self, points: "tuple[Point, ...] | list[Point]") -> list[bool]:
        import shapely

        lat, lon = np.asarray(points, np.float64).T
        found: list[bool] = shapely.contains_xy(self.area, lon, lat).tolist()
        return found


def _between(one: Point, other: Point, share: float) -> Point:
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)


def _drawn(way: RawWay, place: dict[int, Point]) -> tuple[Point, ...]:
    """The points from the first node to the last; an older OSMnx drew some lines backwards."""
    start, end = place[way.nodes[0]], place[way.nodes[-1]]
    shape = way.shape or ()
    first = shape[0]
    if abs(first[0] - end[0]) + abs(first[1] - end[1]) < (
        abs(first[0] - start[0]) + abs(first[1] - start[1])
    ):
        shape = shape[::-1]
    return (start, *shape[1:-1], end)
