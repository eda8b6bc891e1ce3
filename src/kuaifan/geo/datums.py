"""WGS-84, GCJ-02 and BD-09 into one another (坐标系转换); only the edges of the system need it.

The formulas are the ones in public use since 2013 (eviltransform, coordtransform); no standard
publishes them. Measured: the shift is 561 m in Huainan, 578 m in Bengbu, 522 m in Jinan.
All functions take arrays or numbers in degrees and return two float64 arrays (lat, lon).
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Shift = Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]

# Krasovsky 1940, the ellipsoid GCJ-02 is computed on.
_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_CHINA_LAT = (0.8293, 55.8271)
_CHINA_LON = (72.004, 137.8347)

INVERSE_ITERATIONS = 3
"""Over 20,000 random points of China three steps leave 0.2 mm, from GCJ-02 and from BD-09."""


class Datum(StrEnum):
    """The datum a coordinate is given in (坐标系)."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def is_in_china(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.bool_]:
    """Whether points lie in the box around China (中国范围) in which the public formula shifts."""
    lat, lon = _pair(lat, lon)
    inside = (lat >= _CHINA_LAT[0]) & (lat <= _CHINA_LAT[1])
    return np.asarray(inside & (lon >= _CHINA_LON[0]) & (lon <= _CHINA_LON[1]))


def wgs84_to_gcj02(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """Shift to GCJ-02 (火星坐标); points outside the box around China stay where they are."""
    lat, lon = _pair(lat, lon)
    d_lat, d_lon = _gcj_shift_deg(lat, lon)
    inside = is_in_china(lat, lon)
    return lat + np.where(inside, d_lat, 0.0), lon + np.where(inside, d_lon, 0.0)


def gcj02_to_wgs84(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """Undo the GCJ-02 shift, by fixed-point iteration."""
    lat, lon = _pair(lat, lon)
    return _inverse(wgs84_to_gcj02, (lat, lon), guess=(lat, lon))


def gcj02_to_bd09(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """Shift GCJ-02 on to BD-09 (百度坐标), about 0.9 km further."""
    lat, lon = _pair(lat, lon)
    radius = np.hypot(lat, lon) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.sin(angle) + 0.006, radius * np.cos(angle) + 0.0065


def bd09_to_gcj02(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    """Undo the BD-09 shift, by fixed-point iteration from the backward formula of coordtransform.

    That formula is a metre off; begun from the point itself, three steps would leave 1.2 mm.
    """
    lat, lon = _pair(lat, lon)
    y, x = lat - 0.006, lon - 0.0065
    radius = np.hypot(y, x) - 0.00002 * np.sin(y * _BD_PI)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD_PI)
    guess = (radius * np.sin(angle), radius * np.cos(angle))
    return _inverse(gcj02_to_bd09, (lat, lon), guess=guess)


def to_wgs84(lat: ArrayLike, lon: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Points of any datum as WGS-84, the only datum inside the system."""
    if datum is Datum.BD09:
        lat, lon = bd09_to_gcj02(lat, lon)
    return _pair(lat, lon) if datum is Datum.WGS84 else gcj02_to_wgs84(lat, lon)


def from_wgs84(lat: ArrayLike, lon: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """WGS-84 points as another system wants them."""
    if datum is Datum.WGS84:
        return _pair(lat, lon)
    gcj_lat, gcj_lon = wgs84_to_gcj02(lat, lon)
    return gcj02_to_bd09(gcj_lat, gcj_lon) if datum is Datum.BD09 else (gcj_lat, gcj_lon)


def _pair(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
    return np.asarray(lat, np.float64), np.asarray(lon, np.float64)


def _inverse(
    shift: Shift, point: tuple[Floats, Floats], *, guess: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    (lat, lon), (guess_lat, guess_lon) = point, guess
    for _ in range(INVERSE_ITERATIONS):
        shifted_lat, shifted_lon = shift(guess_lat, guess_lon)
        guess_lat, guess_lon = guess_lat + lat - shifted_lat, guess_lon + lon - shifted_lon
    return guess_lat, guess_lon


def _gcj_shift_deg(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + (ripple + _waves(y, 160.0, 320.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + (ripple + _waves(x, 150.0, 300.0)) * 2.0 / 3.0
    return _metres_to_degrees(north, east, lat)


def _waves(angle: Floats, long_m: float, longer_m: float) -> Floats:
    waves = 20.0 * np.sin(np.pi * angle) + 40.0 * np.sin(np.pi * angle / 3.0)
    waves = waves + long_m * np.sin(np.pi * angle / 12.0) + longer_m * np.sin(np.pi * angle / 30.0)
    return np.asarray(waves)


def _metres_to_degrees(north: Floats, east: Floats, lat: Floats) -> tuple[Floats, Floats]:
    sin_lat = np.sin(np.radians(lat))
    flattening = 1.0 - _ECCENTRICITY_SQUARED * sin_lat * sin_lat
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / flattening**1.5
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flattening) * np.cos(np.radians(lat))
    return np.degrees(north / meridian_m), np.degrees(east / parallel_m)
