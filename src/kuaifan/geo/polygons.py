"""Points in polygons (区域判定): even-odd rule on plain latitude and longitude."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def ring_contains(ring: Sequence[tuple[float, float]], *, lat: float, lon: float) -> bool:
    """Whether a point lies in a closed ring of (lat, lon), by the even-odd rule. O(points).

    A point on an edge belongs to one side, the same for both areas that share the edge; good enough
    for areas of a city, wrong for a ring around a pole or across the date line.
    """
    inside = False
    for one, other in pairwise(ring):
        if (one[0] > lat) != (other[0] > lat):
            # From its southern end, whichever way round: two areas must round a shared edge alike.
            (south, south_lon), (north, north_lon) = sorted((one, other))
            crossing = south_lon + (lat - south) / (north - south) * (north_lon - south_lon)
            inside ^= lon < crossing
    return inside
