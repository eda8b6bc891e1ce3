"""A circle's rings as GeoJSON (圈层图): roads reached by the weights in force, kept while they are.

One grower for the process, used by one request at a time; nothing of it is loaded before the first
request, so that a start stays light.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from kuaifan.board.reference import Post
from kuaifan.board.road_changes import NO_CHANGES, RoadChanges, stand_beside
from kuaifan.roads.travel import RoadPosition
from kuaifan.web.desk import Desk

if TYPE_CHECKING:
    from kuaifan.roads.rings import RingGrower, Rings

GEO_JSON: Final = "application/geo+json"
MINUTE_MS: Final = 60_000
DIGITS: Final = 5
"""Of a degree: about a metre, finer than a line on the screen."""
MAX_KEPT: Final = 64
"""Answers kept, of some 100 kB each."""
Place = tuple[float, float]
Key = tuple[str, str, bool, str]
RING_PROFILES: Final = {"car": "normal", "motorcycle": "motorcycle", "foot": "foot"}
"""What a ring may be held by (圈层警力), with the profile of the roads it is grown by."""


class RingMaker:
    """Makes and keeps the rings of circles (圈层); `make` may be called from any thread."""

    def __init__(self, desk: Desk, rings_min: tuple[float, ...]) -> None:
        self._desk, self._rings_min = desk, rings_min
        self._lock = threading.Lock()
        self._growers: dict[int, tuple[RingGrower, RoadChanges]] = {}
        self._kept: OrderedDict[Key, bytes] = OrderedDict()

    def knows(self, by: str) -> bool:
        """Whether the city's roads say how far one gets by this."""
        name = RING_PROFILES.get(by, "")
        return self._desk.reference.network.find_profile(name) is not None

    def make(self, post_id: str, *, is_hull: bool, by: str = "car") -> bytes | None:
        """GeoJSON of one circle, None where there is no such circle; blocks.

        by: car, motorcycle or foot, as far as the roads know it.
        """
        posts = {post.post_id: post for post in self._desk.reference.circle_posts}
        if (post := posts.get(post_id)) is None:
            return None
        changes = self._desk.road_changes()
        key = (f"{post_id}:{post.arc}:{post.fraction_ppm}", changes.hash, is_hull, by)
        with self._lock:
            if (kept := self._kept.get(key)) is None:
                self._kept[key] = kept = self._make(post, changes, is_hull=is_hull, by=by)
                if len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
        return kept

    def _make(self, post: Post, changes: RoadChanges, *, is_hull: bool, by: str) -> bytes:
        profile = self._desk.reference.network.get_profile(RING_PROFILES[by])
        rings = self._grow(post, changes, profile)
        bounds_ms = [round(minutes * MINUTE_MS) for minutes in self._rings_min]
        shapes = self._hulls(rings, bounds_ms) if is_hull else self._lines(rings, bounds_ms)
        features = [
            {
                "type": "Feature",
                "geometry": geometry,
                "properties": {"post_id": post.post_id, "ring_min": minutes, "length_m": metres},
            }
            for minutes, metres, geometry in zip(
                self._rings_min, _lengths_m(rings, bounds_ms), shapes, strict=True
            )
        ]
        body = {
            "type": "FeatureCollection",
            "weights_hash": changes.hash,
            "by": by,
            "features": features,
        }
        return msgspec.json.encode(body)

    def _grow(self, post: Post, changes: RoadChanges, profile: int) -> Rings:
        network = self._desk.reference.network
        grower, grown_under = self._growers.get(profile, (None, NO_CHANGES))
        if grower is None:
            from kuaifan.roads.rings import RingGrower

            grower = RingGrower(network, profile=profile)
        if grown_under is not changes:
            grower.use_weights(self._desk.reference.times_under(changes)[profile])
        self._growers[profile] = grower, changes
        # A post on a closed street is left from the open end of it, as units are.
        here = (np.array([post.arc]), np.array([post.fraction_ppm]))
        arc, ppm = stand_beside(network, changes, *here, profile=profile)
        place = RoadPosition(int(arc[0]), int(ppm[0]))
        return grower.grow([place], round(self._rings_min[-1] * MINUTE_MS))

    def _lines(self, rings: Rings, bounds_ms: list[int]) -> list[dict[str, Any]]:
        from kuaifan.roads.ring_bands import ring_bands

        bands = ring_bands(self._desk.reference.snapper.lines, rings, 0, bounds_ms)
        return [
            {"type": "MultiLineString", "coordinates": [_lon_lat(line) for line in band]}
            for band in bands
        ]

    def _hulls(self, rings: Rings, bounds_ms: list[int]) -> list[dict[str, Any] | None]:
        from kuaifan.roads.rings import ring_hull

        lines = self._desk.reference.snapper.lines
        hulls = [ring_hull(lines, rings.cut(bound_ms), 0) for bound_ms in bounds_ms]
        return [
            {"type": "Polygon", "coordinates": [_lon_lat(hull)]} if hull else None for hull in hulls
        ]


def _lengths_m(rings: Rings, bounds_ms: list[int]) -> list[int]:
    return [round(float(rings.length_m(bound_ms)[0])) for bound_ms in bounds_ms]


def _lon_lat(line: tuple[Place, ...]) -> list[Place]:
    return [(round(lon, DIGITS), round(lat, DIGITS)) for lat, lon in line]
