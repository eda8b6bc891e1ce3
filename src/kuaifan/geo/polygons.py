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


class Ground:
    """A named area (区域): closed rings of (lat, lon), each behind its bounding box."""

    def __init__(self, name: str, rings: Sequence[Sequence[tuple[float, float]]]) -> None:
        self.name = name
        self._rings = [(_box(ring), tuple(ring)) for ring in rings]

    def contains(self, *, lat: float, lon: float) -> bool:
        """Whether a point lies in one of the rings."""
        return any(
            south <= lat <= north and west <= lon <= east and ring_contains(ring, lat=lat, lon=lon)
            for (south, west, north, east), ring in self._rings
        )


def find_ground(grounds: Sequence[Ground], *, lat: float, lon: float) -> str:
    """Name of the first area that holds a point, empty where none does."""
    found = (ground.name for ground in grounds if ground.contains(lat=lat, lon=lon))
    return next(found, "")


def _box(ring: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    lats, lons = [lat for lat, _ in ring], [lon for _, lon in ring]
    return min(lats), min(lons), max(lats), max(lons)
