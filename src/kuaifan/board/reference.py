"""What the rules look up and no rule changes (基础数据): types, posts, targets, roads.

Loaded from the city folder before the first input; its hash is logged when the engine starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.board.driving import NORMAL_PROFILE, unit_profiles
from kuaifan.board.road_changes import NO_CHANGES, RoadChanges, difference
from kuaifan.geo.points import FixedPlaces
from kuaifan.geo.polygons import Ground, find_ground
from kuaifan.policy.coverage import PLAIN, Counters
from kuaifan.policy.listing import PLAIN as LISTED_PLAINLY
from kuaifan.policy.listing import Lister
from kuaifan.policy.look_ahead import LOOK_MS
from kuaifan.policy.patrol_first import Scorer
from kuaifan.policy.scoring import score_numpy
from kuaifan.roads.hours import HourTimes
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.reach import Marker, Reach, mark_plain
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition, TravelTimes
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.priority_rules import PriorityRule
from kuaifan.vocabulary.response_plans import RESPONSE_PLANS, ResponsePlan, n_units_under
from kuaifan.vocabulary.unit_profile import UnitProfile
from kuaifan.vocabulary.voice import call_sign_key

HOLDING_RING_MS: Final = 180_000
"""A circle is held from within its middle ring, three minutes of road (domain §0.1)."""
RINGS_MIN: Final = (1.0, 3.0, 5.0)
MINUTE_MS: Final = 60_000
CIRCLE_KINDS: Final = frozenset({"street_station", "standby_post"})
DEFAULT_AREA_CLASS: Final = "urban"
CITY_DESK: Final = "city"
"""The desk of the whole city (市局指挥中心); it is there in every city, and sees all."""
DEFAULT_POLICY: Final = "patrol_first"
DERIVED: Final = (
    *("call_sign_keys", "units_by_call_sign", "unit_profiles", "_home_rows", "_other_desk_rows"),
    *("circle_posts", "circle_key", "post_desks"),
)
"""What is worked out from the units and posts once, and anew where they are others."""


class Post(msgspec.Struct, frozen=True):
    """A place where units stand (驻点): station, street station or standby post."""

    post_id: str
    kind: str
    name: str
    lat: float
    lon: float
    arc: int
    fraction_ppm: int


class AreaGround(msgspec.Struct, frozen=True):
    """The ground of one area class (区域等级): closed rings of (lat, lon)."""

    area_class: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


class Desk(msgspec.Struct, frozen=True):
    """A desk of the centre (指挥席): whole city, district or county, with its own ground and rules.

    districts: area ids of its ground. first_order_ms, targets_ms: empty where the city's hold.
    """

    desk_id: str
    name: str
    kind: Literal["city", "district", "county"]
    districts: tuple[str, ...] = ()
    first_order_ms: tuple[int, ...] = ()
    targets_ms: Mapping[tuple[int, str], int] = {}
    policy: str = DEFAULT_POLICY


class District(msgspec.Struct, frozen=True):
    """The ground of a district or county (区县): closed rings of (lat, lon)."""

    area_id: str
    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


class Clocks(msgspec.Struct, frozen=True):
    """When the desk is reminded (时限), all configurable; domain §2.3, all [U] there.

    A tuple holds the levels of one clock, each counted from the same start.
    """

    unsigned_ms: tuple[int, ...] = (30_000, 60_000, 90_000)
    feedback_ms: int = 1_800_000
    undo_ms: int = 10_000
    first_order_ms: tuple[int, ...] = (30_000, 60_000, 180_000, 600_000, 600_000)
    """From the place known to the first order, by priority."""
    queue_permille: tuple[int, ...] = (600, 1_000)
    """Shares of that time at which a waiting incident alarms."""
    not_moving_ms: tuple[int, ...] = (120_000,)
    """From signed, without wheels."""
    eta_passed_ms: tuple[int, ...] = (120_000,)
    """From the time the unit was expected, without arrival."""
    silent_on_scene_ms: tuple[int, ...] = (1_800_000, 3_600_000)
    """From arrival, without a word of the crew."""
    amendment_ms: tuple[int, ...] = (30_000, 60_000)
    """From a changed place or danger told, without a signature."""
    agency_receipt_ms: tuple[int, ...] = (60_000, 180_000)
    hand_over_ms: tuple[int, ...] = (60_000, 180_000)
    """From a transfer or hand-over offered, without a receipt."""
    call_back_ms: tuple[int, ...] = (60_000, 300_000)
    """From a call missed or gone silent, until somebody has called back or cleared it."""
    backup_ms: tuple[int, ...] = (60_000, 120_000)
    emergency_ms: tuple[int, ...] = (15_000, 30_000, 60_000)
    """From an officer emergency, until a person has taken it up."""
    take_grace_ms: int = 20_000
    """A call offered to another seat may be taken without a reason for so long."""
    duplicate_radius_m: int = 200
    duplicate_age_ms: int = 1_800_000
    retire_ms: int = 172_800_000
    """From closed until it leaves the board."""


class Place(NamedTuple):
    """A position on the roads with its owner (落点)."""

    arc: int
    fraction_ppm: int
    offset_m: int
    jurisdiction: str
    area_class: str
    district: str = ""
    desk_id: str = CITY_DESK


class CircleTools(NamedTuple):
    """How it is found who holds which circles (布防工具); compiled ones give the same."""

    mark: Marker = mark_plain
    counters: Counters = PLAIN


class _Engines:
    """What answers for the roads (计算内核): all views of one city share it, and it may be swapped.

    in_force: the engine of road times with the changes it has taken in.
    """

    def __init__(self, travel: TravelTimes) -> None:
        self.in_force: tuple[TravelTimes, RoadChanges] = (travel, NO_CHANGES)
        self.scorer: Scorer = score_numpy
        self.circles = CircleTools()
        self.lister: Lister = LISTED_PLAINLY


class Reference:
    """Types, posts, units, targets and roads of one city (基础数据).

    targets_ms: (priority, area class) -> time on scene. travel may be swapped for a faster
    engine that gives the same integers, never for one that gives others. former_city_hash: what
    logs before format 2 call the city. rings_min: the minutes of every circle's rings.
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
        districts: Sequence[District] = (),
        desks: Sequence[Desk] = (),
        clocks: Clocks | None = None,
        priority_rules: Sequence[PriorityRule] = (),
        former_city_hash: str = "",
        road_order: NDArray[np.int32] | None = None,
        rings_min: Sequence[float] = RINGS_MIN,
        hours: HourTimes | None = None,
    ) -> None:
        self.priority_rules = tuple(priority_rules)
        self.rings_ms = tuple(sorted(round(minutes * MINUTE_MS) for minutes in rings_min))
        self.types_by_key = {each.key: each for each in types.values()}
        self.types, self.targets_ms = types, targets_ms
        self.city_hash, self.former_city_hash = city_hash, former_city_hash
        self.posts = {post.post_id: post for post in posts}
        self.units = {unit.unit_id: unit for unit in units}
        self.network, self.snapper = network, snapper
        self._snappers: dict[int, Snapper] = {}
        self.road_order, self.hours = road_order, hours
        self._engines = _Engines(travel)
        self.clocks = clocks or Clocks()
        self.areas, self.districts = tuple(areas), tuple(districts)
        self._area_grounds = [Ground(area.area_class, area.rings) for area in areas]
        self._district_grounds = [Ground(each.area_id, each.rings) for each in districts]
        whole = Desk(CITY_DESK, "市局指挥中心", "city")
        self.desks = {CITY_DESK: whole} | {desk.desk_id: desk for desk in desks}
        self._desk_of = {area: desk.desk_id for desk in desks for area in desk.districts}
        self.plans: Mapping[str, ResponsePlan] = RESPONSE_PLANS
        self.retired_types: frozenset[str] = frozenset()
        self.given_up_posts: frozenset[str] = frozenset()
        self._reaches: dict[tuple[int, str], tuple[Reach, RoadChanges]] = {}
        stations = sorted((p for p in posts if p.kind == "station"), key=lambda p: p.post_id)
        self._station_ids = [post.post_id for post in stations]
        self._stations = FixedPlaces(
            [each.lat for each in stations], [each.lon for each in stations]
        )

    @cached_property
    def call_sign_keys(self) -> Mapping[str, str]:
        """Unit id -> its call sign as people type it."""
        return {unit_id: call_sign_key(unit.call_sign) for unit_id, unit in self.units.items()}

    @cached_property
    def units_by_call_sign(self) -> Mapping[str, tuple[str, ...]]:
        """Call sign or id as people type it -> the units it may mean."""
        found: dict[str, list[str]] = {}
        for unit_id, key in self.call_sign_keys.items():
            for name in {key, call_sign_key(unit_id)}:
                found.setdefault(name, []).append(unit_id)
        return {name: tuple(unit_ids) for name, unit_ids in found.items()}

    @cached_property
    def circle_posts(self) -> tuple[Post, ...]:
        """Posts that carry a response circle, by id."""
        held = (post for post in self.posts_in_use if post.kind in CIRCLE_KINDS)
        return tuple(sorted(held, key=lambda post: post.post_id))

    @cached_property
    def circle_key(self) -> str:
        """The same for the same circles at the same places."""
        return ";".join(f"{p.post_id}:{p.arc}:{p.fraction_ppm}" for p in self.circle_posts)

    @property
    def posts_in_use(self) -> list[Post]:
        """Where units may stand: without the posts that a plan has given up."""
        posts = self.posts.values()
        return [post for post in posts if post.post_id not in self.given_up_posts]

    @cached_property
    def post_desks(self) -> Mapping[str, str]:
        """Desk on whose ground each post is."""
        return {post.post_id: self.desk_at(post.lat, post.lon) for post in self.posts.values()}

    @cached_property
    def _home_rows(self) -> dict[str, NDArray[np.int8]]:
        return _columns_by([self.units[each].home_post_id for each in sorted(self.units)])

    @cached_property
    def _other_desk_rows(self) -> dict[str, NDArray[np.int8]]:
        own = _columns_by([self.units[each].desk_id for each in sorted(self.units)])
        return {desk_id: 1 - column for desk_id, column in own.items()}

    def at_home(self, post_id: str) -> NDArray[np.int8]:
        """1 for each unit at home at a post, (n_units,) in the order of the fleet; read only."""
        return self._home_rows.get(post_id, self._home_rows[""])

    def of_other_desks(self, desk_id: str) -> NDArray[np.int8]:
        """1 for each unit of another desk, (n_units,) in the order of the fleet; read only."""
        return self._other_desk_rows.get(desk_id, self._other_desk_rows[""])

    @cached_property
    def unit_profiles(self) -> NDArray[np.int8]:
        """(2, n_units) profile of each unit in the order of the fleet, without haste and with."""
        return unit_profiles(self.network, [self.units[each].kind for each in sorted(self.units)])

    def hour_ms(self, hour_class: str) -> NDArray[np.int32]:
        """(n_profiles, n_arcs) road times of a class of hours, closures aside; '' is the map."""
        if self.hours is None:
            return self.network.travel_ms
        return self.hours.times_ms(hour_class)

    @property
    def types_in_use(self) -> dict[str, IncidentType]:
        """Types that may still be given, by code. O(types)."""
        retired = self.retired_types
        return {code: each for code, each in self.types.items() if code not in retired}

    @property
    def scorer(self) -> Scorer:
        """What scores the fleet; a compiled one may take its place at any time."""
        return self._engines.scorer

    @scorer.setter
    def scorer(self, scorer: Scorer) -> None:
        self._engines.scorer = scorer

    @property
    def lister(self) -> Lister:
        """What lists the scored; a compiled one may take its place at any time."""
        return self._engines.lister

    @lister.setter
    def lister(self, lister: Lister) -> None:
        self._engines.lister = lister

    @property
    def circles(self) -> CircleTools:
        """What finds out who holds the circles; compiled tools may take its place at any time."""
        return self._engines.circles

    @circles.setter
    def circles(self, tools: CircleTools) -> None:
        self._engines.circles = tools

    @property
    def travel(self) -> TravelTimes:
        """The engine of road times, by whatever weights were asked for last."""
        return self._engines.in_force[0]

    def use_engine(self, travel: TravelTimes) -> None:
        """Answer with another engine from now on, one that has the map's own weights."""
        self._engines.in_force = (travel, NO_CHANGES)

    def travel_under(self, changes: RoadChanges) -> TravelTimes:
        """Road times under some changes; boards take turns, so each says which are its own."""
        travel, in_force = self._engines.in_force
        if in_force is not changes:
            hour_ms = self.hour_ms(changes.hour_class)
            if in_force.hour_class != changes.hour_class:
                travel.use_weights(_with(hour_ms, changes))
            else:
                arcs, times_ms = difference(self.network, in_force, changes, hour_ms)
                if len(arcs):
                    travel.change_arcs(arcs, times_ms)
            # Another thread may have brought a faster engine meanwhile: that one stays.
            if self._engines.in_force[0] is travel:
                self._engines.in_force = (travel, changes)
        return travel

    def reach_under(self, changes: RoadChanges, profile: int = NORMAL_PROFILE) -> Reach:
        """The table of road times to the circles' posts under some changes, by one profile.

        Built when it is first asked for, filled anew when the roads have changed for this profile.
        """
        key = profile, self.circle_key
        reach, made_under = self._reaches.get(key, (None, NO_CHANGES))
        if reach is None:
            targets = [RoadPosition(post.arc, post.fraction_ppm) for post in self.circle_posts]
            # Under the map's own weights, so that it is ready for whatever is in force.
            travel = self.travel_under(NO_CHANGES)
            bound_ms = max(LOOK_MS, *self.rings_ms)
            reach = Reach(self.network, travel, targets, bound_ms=bound_ms, profile=profile)
        if made_under is not changes:
            # An hour without closures is the same every day.
            again = "" if len(changes.arcs) else changes.hash
            if not (again and reach.find_kept(again)):
                reach.refresh(self.travel_under(changes), self.times_under(changes), again=again)
        self._reaches[key] = reach, changes
        return reach

    def times_under(self, changes: RoadChanges) -> NDArray[np.int32]:
        """(n_profiles, n_arcs) the time of every arc under some changes; not to be written."""
        return _with(self.hour_ms(changes.hour_class), changes)

    def snapper_for(self, profile: int) -> Snapper:
        """Finds the nearest street that this profile may use; a car's never is a footway."""
        if profile not in self._snappers:
            self._snappers[profile] = self._new_snapper(profile)
        return self._snappers[profile]

    def _new_snapper(self, profile: int) -> Snapper:
        network, own = self.network, self.network.travel_ms[profile] < UNREACHABLE_MS
        if np.array_equal(own, network.is_driven) or not own.any():
            return self.snapper
        snapper = Snapper(network, profile=profile, lines=self.snapper.lines)
        if self.snapper.kernel_is_loaded:
            snapper.load_kernel()
        return snapper

    def under(self, **parts: object) -> Reference:
        """The same city with some parts in place of others; roads and engines are shared."""
        view = copy(self)
        for name in DERIVED:
            view.__dict__.pop(name, None)
        view.__dict__.update(parts)
        view.types_by_key = {each.key: each for each in view.types.values()}
        return view

    def find_plan(self, code: str) -> ResponsePlan | None:
        """The plan of a code; None for one that only this city's types have: it asks no skill."""
        return self.plans.get(code)

    def n_units_of(self, incident_type: IncidentType) -> int:
        """How many units a type asks for at once, 0 where it asks for none (应派警力数)."""
        return n_units_under(self.plans, incident_type)

    def target_ms(self, priority: int, area_class: str, desk_id: str = "") -> int:
        """Time on scene promised for a priority in an area by a desk, 0 where none is."""
        desk = self.desks.get(desk_id)
        own = desk.targets_ms.get((priority, area_class)) if desk else None
        return self.targets_ms.get((priority, area_class), 0) if own is None else own

    def first_order_ms(self, priority: int, desk_id: str = "") -> int:
        """Time from the place known to the first order, as promised by a desk."""
        desk = self.desks.get(desk_id)
        times = desk.first_order_ms if desk and desk.first_order_ms else self.clocks.first_order_ms
        return times[priority - 1]

    def place(self, lat: float, lon: float, *, profile: int = NORMAL_PROFILE) -> Place:
        """Find the nearest road position and the station whose area it is."""
        snapped = self.snapper_for(profile).snap_one(lat, lon)
        district = self.district_at(lat, lon)
        return Place(
            arc=snapped.position.arc,
            fraction_ppm=snapped.position.fraction_ppm,
            offset_m=round(snapped.distance_m),
            jurisdiction=self._station_at(lat, lon),
            area_class=self._area_class_at(lat, lon),
            district=district,
            desk_id=self._desk_of.get(district, CITY_DESK),
        )

    def _area_class_at(self, lat: float, lon: float) -> str:
        """The first area that holds the point; urban where none does."""
        return find_ground(self._area_grounds, lat=lat, lon=lon) or DEFAULT_AREA_CLASS

    def district_at(self, lat: float, lon: float) -> str:
        """The district that holds a point, empty where none does."""
        return find_ground(self._district_grounds, lat=lat, lon=lon)

    def desk_at(self, lat: float, lon: float) -> str:
        """The desk on whose ground a point is; the city's where no other's is."""
        return self._desk_of.get(self.district_at(lat, lon), CITY_DESK)

    def _station_at(self, lat: float, lon: float) -> str:
        if not self._station_ids:
            return ""
        return self._station_ids[int(np.rint(self._stations.distances_m(lat, lon)).argmin())]


def _with(hour_ms: NDArray[np.int32], changes: RoadChanges) -> NDArray[np.int32]:
    """The times of an hour with what differs from them, on a copy where anything does."""
    if not len(changes.arcs):
        return hour_ms
    times_ms = hour_ms.copy()
    times_ms[:, changes.arcs] = changes.travel_ms
    return times_ms


def _columns_by(names: Sequence[str]) -> dict[str, NDArray[np.int8]]:
    """Of each name where it stands, 1 for there and 0 elsewhere; under "" nowhere."""
    column = np.array(names, np.str_)
    found = {name: (column == name).astype(np.int8) for name in {*names}}
    return found | {"": np.zeros(len(names), np.int8)}
