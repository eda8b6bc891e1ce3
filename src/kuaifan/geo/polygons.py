"""Points in polygons (区域判定): even-odd rule on plain latitude and longitude."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

MAX_SHELVES: Final = 256
"""More than the edges of a district's border that one latitude crosses would save nothing."""

_Edge = tuple[float, float, float, float, float]
"""South and north end, longitude of the south end, how far it goes north and east."""


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


class _Ring:
    """A closed ring behind its bounding box, its edges on shelves from south to north.

    Only the edges on the shelf of a point's latitude are looked at, by the arithmetic of
    `ring_contains`: a border of a thousand points costs a handful.
    """

    def __init__(self, ring: Sequence[tuple[float, float]]) -> None:
        lats, lons = [lat for lat, _ in ring], [lon for _, lon in ring]
        self.box = min(lats), max(lats), min(lons), max(lons)
        height = self.box[1] - self.box[0]
        n_shelves = min(len(ring), MAX_SHELVES)
        self._per_degree = n_shelves / height if height > 0.0 else 0.0
        self._shelves: list[list[_Edge]] = [[] for _ in range(n_shelves + 1)]
        for one, other in pairwise(ring):
            (south, south_lon), (north, north_lon) = sorted((one, other))
            if south < north:
                edge = (south, north, south_lon, north - south, north_lon - south_lon)
                for shelf in range(self._shelf(south), self._shelf(north) + 1):
                    self._shelves[shelf].append(edge)

    def contains(self, lat: float, lon: float) -> bool:
        """Whether a point of the bounding box lies in the ring."""
        inside = False
        for south, north, south_lon, height, width in self._shelves[self._shelf(lat)]:
            if south <= lat < north:
                inside ^= lon < south_lon + (lat - south) / height * width
        return inside

    def _shelf(self, lat: float) -> int:
        # Never falls as the latitude grows, so that an edge is on each shelf between its ends'.
        return int((lat - self.box[0]) * self._per_degree)


class Ground:
    """A named area (区域): closed rings of (lat, lon), each behind its bounding box."""

    def __init__(self, name: str, rings: Sequence[Sequence[tuple[float, float]]]) -> None:
        self.name = name
        self._rings = [(ring.box, ring) for ring in map(_Ring, rings)]

    def contains(self, *, lat: float, lon: float) -> bool:
        """Whether a point lies in one of the rings."""
        for (south, north, west, east), ring in self._rings:
            if south <= lat <= north and west <= lon <= east and ring.contains(lat, lon):
                return True
        return False


def find_ground(grounds: Sequence[Ground], *, lat: float, lon: float) -> str:
    """Name of the first area that holds a point, empty where none does."""
    for ground in grounds:
        if ground.contains(lat=lat, lon=lon):
            return ground.name
    return ""
