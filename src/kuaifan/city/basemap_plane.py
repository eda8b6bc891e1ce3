"""The plane that the basemap is drawn on (底图平面): Web Mercator in units of its finest tiles."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.basemap_mvt import EXTENT

MIN_ZOOM, MAX_ZOOM = 6, 14
PIXEL = EXTENT // 512
"""Tile units under one pixel: a screen shows a tile 512 pixels wide."""

MAX_LAT = 85.0
"""Web Mercator has no poles."""

Geometries = NDArray[Any]
"""An array of shapely geometries in units of a MAX_ZOOM tile, x to the east and y to the south."""


def project(lat: Sequence[float], lon: Sequence[float]) -> NDArray[np.float64]:
    """Points of the plane, (n, 2), from degrees."""
    world = float(EXTENT << MAX_ZOOM)
    phi = np.radians(np.clip(np.asarray(lat, np.float64), -MAX_LAT, MAX_LAT))
    x = (np.asarray(lon, np.float64) / 360.0 + 0.5) * world
    y = (0.5 - np.log(np.tan(np.pi / 4 + phi / 2)) / (2 * np.pi)) * world
    return np.column_stack((x, y))


def project_pairs(pairs: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Points of the plane, (n, 2), from (lat, lon)."""
    lat, lon = zip(*pairs, strict=True)
    return project(lat, lon)


def unit_at(zoom: int) -> float:
    """How many units of the plane make one tile unit at a zoom."""
    return float(1 << (MAX_ZOOM - zoom))


def tolerance_at(zoom: int) -> float:
    """How far a drawn line may stray: half a pixel, finest where the map is magnified further."""
    return 1.0 if zoom == MAX_ZOOM else unit_at(zoom) * PIXEL / 2
