"""What the rules look up and no rule changes (基础数据): types, posts, targets, roads.

Loaded from the city folder before the first input; its hash is logged when the engine starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import msgspec
import numpy as np

from kuaifan.geo.points import distances_m
from kuaifan.geo.polygons import ring_contains
from kuaifan.policy.patrol_first import Scorer
from kuaifan.policy.scoring import score_numpy
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.reach import Reach
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition, TravelTimes
from kuaifan.vocabulary.incident_types import IncidentType

HOLDING_RING_MS: Final = 180_000
"""A circle is held from within its middle ring, three minutes of road (domain §0.1)."""
CIRCLE_KINDS: Final = frozenset({"street_station", "standby_post"})
DEFAULT_AREA_CLASS: Final = "urban"


class Post(msgspec.Struct, frozen=True):
    """A place where units stand (驻点): station, street station or standby post."""

    post_id: str
    kind: str
    name: str
    lat: float
    lon: float
    arc: int
    fraction_ppm: int


class UnitProfile(msgspec.Struct, frozen=True):
    """What the city's register says of a unit (警力档案)."""

    unit_id: str
    call_sign: str
    kind: str
    line: str
    skills: tuple[str, ...]
    home_post_id: str
    n_officers: int
    n_auxiliaries: int
    shift: str
    shift_start_hour: int
    shift_end_hour: int


class AreaGround(msgspec.Struct, frozen=True):
    """The ground of one area class (区域等级): closed rings of (lat, lon)."""

    area_class: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


class Clocks(msgspec.Struct, frozen=True):
    """When the desk is reminded (时限), all configurable; domain §2.3."""

    unsigned_ms: tuple[int, ...] = (30_000, 60_000, 90_000)
    feedback_ms: int = 1_800_000
    undo_ms: int = 10_000
    first_order_ms: tuple[int, ...] = (30_000, 60_000, 180_000, 600_000, 600_000)
    """From the place known to the first order, by priority."""


class Place(NamedTuple):
    """A position on the roads with its owner (落点)."""

    arc: int
    fraction_ppm: int
    offset_m: int
    jurisdiction: str
    area_class: str


class Reference:
    """Types, posts, units, targets and roads of one city (基础数据).

    targets_ms: (priority, area class) -> time on scene. travel may be swapped for a faster
    engine that gives the same integers, never for one that gives others. former_city_hash: what
    logs before format 2 call the city.
    """

    def __init__(  # noqa: PLR0913 - the parts of a city
        self,
        *,
        types: Mapping[str, IncidentType],
        posts: Sequence[Post],
        units: Sequence[UnitProfile],
        targets_ms: Mapping[tuple[int, str], int],
        network: RoadNetwork,
        travel: TravelTimes,
        snapper: Snapper,
        city_hash: str,
        areas: Sequence[AreaGround] = (),
        clocks: Clocks | None = None,
        former_city_hash: str = "",
    ) -> None:
        self.types, self.targets_ms = types, targets_ms
        self.city_hash, self.former_city_hash = city_hash, former_city_hash
        self.posts = {post.post_id: post for post in posts}
        self.units = {unit.unit_id: unit for unit in units}
        self.network, self.travel, self.snapper = network, travel, snapper
        self.clocks = clocks or Clocks()
        self._areas = tuple(areas)
        self.scorer: Scorer = score_numpy
        stations = sorted((p for p in posts if p.kind == "station"), key=lambda p: p.post_id)
        self._station_ids = [post.post_id for post in stations]
        self._station_lat = np.array([post.lat for post in stations])
        self._station_lon = np.array([post.lon for post in stations])

    @cached_property
    def circle_posts(self) -> tuple[Post, ...]:
        """Posts that carry a response circle, by id."""
        held = (post for post in self.posts.values() if post.kind in CIRCLE_KINDS)
        return tuple(sorted(held, key=lambda post: post.post_id))

    @cached_property
    def reach(self) -> Reach:
        """Road time from any position to every circle's post; built once, at start."""
        targets = [RoadPosition(post.arc, post.fraction_ppm) for post in self.circle_posts]
        return Reach(self.network, self.travel, targets, bound_ms=HOLDING_RING_MS)

    def target_ms(self, priority: int, area_class: str) -> int:
        """Time on scene promised for a priority in an area, 0 where none is."""
        return self.targets_ms.get((priority, area_class), 0)

    def place(self, lat: float, lon: float) -> Place:
        """Find the nearest road position and the station whose area it is."""
        snapped = self.snapper.snap_one(lat, lon)
        return Place(
            arc=snapped.position.arc,
            fraction_ppm=snapped.position.fraction_ppm,
            offset_m=round(snapped.distance_m),
            jurisdiction=self._station_at(lat, lon),
            area_class=self._area_class_at(lat, lon),
        )

    def _area_class_at(self, lat: float, lon: float) -> str:
        """The first area that holds the point; urban where none does."""
        for area in self._areas:
            if any(ring_contains(ring, lat=lat, lon=lon) for ring in area.rings):
                return area.area_class
        return DEFAULT_AREA_CLASS

    def _station_at(self, lat: float, lon: float) -> str:
        if not self._station_ids:
            return ""
        metres = np.rint(distances_m(lat, lon, to_lat=self._station_lat, to_lon=self._station_lon))
        return self._station_ids[int(np.argmin(metres))]
