"""Draws the labels of the basemap (注记图层): names of places and points of interest."""

import math

import numpy as np

from kuaifan.city.basemap_cut import Layer
from kuaifan.city.basemap_ground import Shapes
from kuaifan.city.basemap_mvt import Tags
from kuaifan.city.basemap_plane import MAX_ZOOM, PIXEL, project
from kuaifan.city.features import MapFeatures

PLACE_ZOOM = {1: 6, 2: 9, 3: 11, 4: 12, 5: 13}
POI_ZOOM = {1: 10, 2: 11, 3: 12, 4: 13, 5: 14}
"""The zoom from which a rank is shown."""

AREA_RANK = {"district": 2, "water": 4, "green": 4, "campus": 4, "hospital": 4, "residential": 5}
_AREA_LABEL_PIXELS = 48
_AREA_LABEL_MIN_ZOOM = 8


class Labels:
    """All labels of a city, each with the zoom from which it is shown."""

    def __init__(self, features: MapFeatures, areas: Shapes) -> None:
        self._from_zoom: list[int] = []
        self._layer: list[str] = []
        self._tags: list[Tags] = []
        self._xy: list[tuple[float, float]] = []
        points = features.points
        xy = project([point.lat for point in points], [point.lon for point in points])
        for point, at in zip(points, xy.tolist(), strict=True):
            layer, zooms = ("pois", POI_ZOOM)
            if point.kind == "place_label":
                layer, zooms = ("places", PLACE_ZOOM)
            tags: Tags = {"kind": point.kind, "name": point.name, "rank": point.rank}
            self._add(layer, zooms[point.rank], tags, (at[0], at[1]))
        said = {point.name for point in points}
        self._add_areas(areas, said)

    def draw(self, zoom: int) -> list[Layer]:
        """The label layers of one zoom; the most important label comes first."""
        import shapely

        layers = []
        for name in ("places", "pois"):
            shown = [
                i
                for i, from_zoom in enumerate(self._from_zoom)
                if from_zoom <= zoom and self._layer[i] == name
            ]
            if shown:
                shown.sort(key=lambda i: self._from_zoom[i])
                points = shapely.points(np.array([self._xy[i] for i in shown]))
                layers.append(Layer(name, points, [self._tags[i] for i in shown]))
        return layers

    def _add_areas(self, areas: Shapes, said: set[str]) -> None:
        """Name an area in its middle, once it is wide enough, unless a point has its name."""
        import shapely

        named = areas.take(
            np.array(
                [
                    kind in AREA_RANK and name != "" and name not in said
                    for kind, name in zip(areas.kinds, areas.names, strict=True)
                ],
                np.bool_,
            )
        )
        inside = shapely.get_coordinates(shapely.point_on_surface(named.geometries))
        sides = np.sqrt(shapely.area(named.geometries))
        for i, (at, side) in enumerate(zip(inside.tolist(), sides.tolist(), strict=True)):
            tags: Tags = {
                "kind": named.kinds[i],
                "name": named.names[i],
                "rank": AREA_RANK[named.kinds[i]],
            }
            self._add("places", _zoom_for(side), tags, (at[0], at[1]))

    def _add(self, layer: str, from_zoom: int, tags: Tags, at: tuple[float, float]) -> None:
        self._layer.append(layer)
        self._from_zoom.append(from_zoom)
        self._tags.append(tags)
        self._xy.append(at)


def _zoom_for(side: float) -> int:
    """The zoom at which an area is wide enough for its name; the finest one for the smallest."""
    wanted = _AREA_LABEL_PIXELS * PIXEL
    zoom = MAX_ZOOM + math.ceil(math.log2(wanted / max(side, 1.0)))
    return min(max(zoom, _AREA_LABEL_MIN_ZOOM), MAX_ZOOM)
