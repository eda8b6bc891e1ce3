"""Points in polygons (区域判定): even-odd rule on plain latitude and longitude."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def ring_contains(ring: Sequence[tuple[float, float]], *, lat: float, lon: float) -> bool:
    """Whether a point lies in a closed ring of (lat, lon), by the even-odd rule. O(points).

    A point on an edge belongs to one side, always the same; good enough for areas of a city,
    wrong for a ring around a pole or across the date line.
    """
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(ring):
        if (lat_a > lat) != (lat_b > lat):
            crossing = lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            inside ^= lon < crossing
    return inside
