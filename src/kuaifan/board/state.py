"""The board (态势): everything that is true now, folded from the log and from positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.board.approvals import ApprovalPapers
from kuaifan.board.card_blocks import CardBlock
from kuaifan.board.closing_pace import Closing
from kuaifan.board.entities import Call, Incident, Order, Undoable, Unit
from kuaifan.board.item_papers import Item, index_subjects
from kuaifan.board.keeping import KeepingPapers
from kuaifan.board.outbox import OutboxPapers
from kuaifan.board.papers import (
    AgencyRequest,
    Alarm,
    CallerLimit,
    DeskSeat,
    Emergency,
    MoveUpOffer,
    PolicyInForce,
    PremiseNote,
    StandingBroadcast,
)
from kuaifan.board.people import AccessPapers
from kuaifan.board.places import OpenPlaces
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.reference import HOLDING_RING_MS, Reference
from kuaifan.board.road_changes import NO_CHANGES, Closure, RoadChanges, changes_of
from kuaifan.board.settings import Settings, settle
from kuaifan.board.slices import NO_SLICES, Slices, make_slices_type, make_snapshot_type
from kuaifan.policy import fleet as rows
from kuaifan.policy.coverage import Coverage
from kuaifan.policy.fleet import Fleet, FleetRow
from kuaifan.roads.known_ways import KnownWays
from kuaifan.roads.reach import Marks
from kuaifan.roads.travel import RoadPosition, TravelTimes
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.unit_profile import UnitProfile

SNAPSHOT_VERSION: Final = 3
PROFILE_FIELDS: Final = (
    "call_sign", "kind", "line", "home_post_id", "skills", "desk_id", "admin_parent", "has_gps",
)  # fmt: skip


class AskedTimes(NamedTuple):
    """Road times that a ranking has asked for (已查路程), with all that they follow from.

    arc, fraction_ppm: where the units were. travel_ms: UNREACHABLE_MS for those not asked for. They
    hold for a unit that has not moved since, to the same place on the same roads.
    """

    fleet: Fleet
    profiles: NDArray[np.int8]
    changes: RoadChanges
    target: RoadPosition
    arc: NDArray[np.int32]
    fraction_ppm: NDArray[np.int32]
    travel_ms: NDArray[np.int32]


COLUMNS: Final = (
    "state", "n_crew", "arc", "fraction_ppm", "fix_at_ms", "lat", "lon", "speed_mps",
    "heading_deg", "dest_lat", "dest_lon", "uncertainty_m",
    "eta_due_at_ms",
)  # fmt: skip


class BoardSnapshot(msgspec.Struct, frozen=True):
    """The board in a form that can be stored (态势快照); columns: the fleet's arrays as bytes."""

    version: int
    seq: int
    n_calls: int
    n_incidents: int
    calls: list[Call]
    incidents: list[Incident]
    orders: list[Order]
    units: list[Unit]
    waiting: list[str]
    undoable: list[Undoable]
    desk_seats: list[DeskSeat]
    limits: list[CallerLimit]
    requests: list[AgencyRequest]
    emergencies: list[Emergency]
    policies: list[PolicyInForce]
    alarms: list[Alarm]
    closures: list[Closure]
    n_limits: int
    n_emergencies: int
    n_closures: int
    columns: dict[str, bytes]
    hour_class: str = ""
    hours_until_ms: int = 0
    card_blocks: list[CardBlock] = []
    move_ups: list[MoveUpOffer] = []
    premises: list[PremiseNote] = []
    n_premises: int = 0
    broadcasts: list[StandingBroadcast] = []
    n_broadcasts: int = 0
    settings: Settings = Settings()
    access: AccessPapers = msgspec.field(default_factory=AccessPapers)
    keeping: KeepingPapers = msgspec.field(default_factory=KeepingPapers)
    items: list[Item] = []
    n_items: int = 0
    slices: Slices = msgspec.field(default_factory=Slices)
    outbox: OutboxPapers = msgspec.field(default_factory=OutboxPapers)
    approvals: ApprovalPapers = msgspec.field(default_factory=ApprovalPapers)
    plans: PlanPapers = PlanPapers()
    closings: list[Closing] = []
    left_restricted: dict[str, RecordClass] = {}


class Board:
    """The city now (态势).

    seq: of the record being decided or folded. waiting: placed incidents short of their plan.
    ringing: calls nobody has answered, oldest first. seats: the slices of the special seats, each
    of its own type; items: what is still owed, by id; items_about: by seat and subject;
    desk_seats: those people sit at. limits: by the caller's number. alarms: standing ones by id.
    city: the data of the city folder; reference: those with the settings in force, for the rules.
    policies: oldest first, the last that fits holds. open_places: where open incidents are.
    premises: dangers of places by id, premise_places: where they are. broadcasts: that hold, by id.
    reserved_unit_ids, moved_up_unit_ids: units kept in mind, and away from their home posts.
    hours_until_ms: when other hours begin; 0 where the roads know no hours. move_ups: suggestions
    nobody has decided on, one a unit. phone_calls: our calls by the telephone system's names.
    left_restricted: incidents that left with another class than ordinary; papers outlive them.
    asked_times: road times by incident, of the rankings made last, never part of a snapshot.
    """

    def __init__(
        self, reference: Reference, slices: Mapping[str, type[msgspec.Struct]] = NO_SLICES
    ) -> None:
        self.city = self.reference = reference
        self._slices_type = make_slices_type(slices)
        self.snapshot_type = make_snapshot_type(BoardSnapshot, self._slices_type)
        self.settings = Settings()
        self.seq = 0
        self.n_calls = 0
        self.n_incidents = 0
        self.calls: dict[str, Call] = {}
        self.incidents: dict[str, Incident] = {}
        self.orders: dict[str, Order] = {}
        self.owing_order_ids: dict[str, None] = {}
        self.units = {each.unit_id: _new_unit(each) for each in reference.units.values()}
        self.waiting: dict[str, None] = {}
        self.ringing: dict[str, None] = {}
        self.seats: dict[str, Any] = {seat_id: kind() for seat_id, kind in slices.items()}
        self.n_items = 0
        self.items: dict[str, Item] = {}
        self.items_about: dict[tuple[str, str], dict[str, None]] = {}
        self.undoable: dict[int, Undoable] = {}
        self.n_limits = self.n_emergencies = self.n_closures = 0
        self.desk_seats: dict[str, DeskSeat] = {}
        self.limits: dict[str, CallerLimit] = {}
        self.requests: dict[str, AgencyRequest] = {}
        self.emergencies: dict[str, Emergency] = {}
        self.policies: list[PolicyInForce] = []
        self.alarms: dict[str, Alarm] = {}
        self.card_blocks: dict[str, CardBlock] = {}
        self.open_places = OpenPlaces()
        self.phone_calls: dict[str, str] = {}
        self.closures: dict[str, Closure] = {}
        self.known_ways = KnownWays(reference.network)
        self.road_changes = NO_CHANGES
        self.hours_until_ms = 0
        self.n_premises = 0
        self.premises: dict[str, PremiseNote] = {}
        self.premise_places = OpenPlaces()
        self.n_broadcasts = 0
        self.broadcasts: dict[str, StandingBroadcast] = {}
        self.reserved_unit_ids: dict[str, None] = {}
        self.moved_up_unit_ids: dict[str, None] = {}
        self.move_ups: dict[str, MoveUpOffer] = {}
        self.access, self.keeping, self.plans = AccessPapers(), KeepingPapers(), PlanPapers()
        self.outbox, self.approvals = OutboxPapers(), ApprovalPapers()
        self.closings: list[Closing] = []
        self.left_restricted: dict[str, RecordClass] = {}
        self.asked_times: dict[str, AskedTimes] = {}
        self.use_fleet([FleetRow(u.unit_id, u.line, u.skills) for u in self.units.values()])

    def use_fleet(self, fleet_rows: Sequence[FleetRow]) -> None:
        """Begin with a fleet whose places are not known."""
        self.fleet = Fleet(fleet_rows)
        self._draw_circles()

    def use_settings(self, settings: Settings) -> None:
        """Have settings in force; the rules look up what follows from them."""
        before = self.reference.circle_key
        self.settings = settings
        self.reference = settle(self.city, settings)
        if self.reference.circle_key != before:
            self._draw_circles()

    def _draw_circles(self) -> None:
        """Nobody is known to hold any circle; who does is worked out when it is asked for."""
        circle_ids = tuple(post.post_id for post in self.reference.circle_posts)
        self._coverage = Coverage(circle_ids, len(self.fleet), len(self.reference.rings_ms))
        self._rings_ms = np.array(self.reference.rings_ms, np.int64)
        self._note_all_moved()

    def _note_all_moved(self) -> None:
        self._moved = set(np.flatnonzero(self.fleet.arc >= 0).tolist())

    def put_unit(self, profile: UnitProfile) -> Unit:
        """Have a unit as its papers say, old or new; the others keep their rows. O(units)."""
        unit = self.units.get(profile.unit_id)
        if unit is None:
            unit = self.units[profile.unit_id] = _new_unit(profile)
        for name in PROFILE_FIELDS:
            setattr(unit, name, getattr(profile, name))
        before = self.fleet
        self.use_fleet([FleetRow(u.unit_id, u.line, u.skills) for u in self.units.values()])
        rows_now = np.array([self.fleet.index[unit_id] for unit_id in before.unit_ids], np.int64)
        for name in COLUMNS:
            getattr(self.fleet, name)[rows_now] = getattr(before, name)
        self._note_all_moved()
        return unit

    @property
    def coverage(self) -> Coverage:
        """Which units hold which circles, from where they are now.

        Brought up to date when it is asked for: while a log is folded nobody asks, so that neither
        its fixes nor its closures cost a look-up or a search. O(units moved x circles).
        """
        coverage = self._coverage
        coverage.counters = self.reference.circles.counters
        if self._moved:
            moved = np.fromiter(self._moved, np.int64, len(self._moved))
            self._moved.clear()
            is_placed = self.fleet.arc[moved] >= 0
            if not is_placed.all():
                coverage.forget(moved[~is_placed])
                moved = moved[is_placed]
            if len(moved) and coverage.circle_ids:
                self._find_within(moved)
        return coverage

    def _find_within(self, moved: NDArray[np.int64]) -> None:
        """Which circles some units are within, each by what it is."""
        fleet, mark = self.fleet, self.reference.circles.mark
        profiles = self.reference.unit_profiles[0, moved]
        places = fleet.arc, fleet.fraction_ppm
        coverage = self._coverage
        marks = Marks(
            coverage.ring, coverage.within, coverage.way_ms, self._rings_ms, HOLDING_RING_MS
        )
        for profile in sorted({*profiles.tolist()}):
            reach = self.reference.reach_under(self.road_changes, profile)
            mark(reach, moved[profiles == profile], places, marks)

    @property
    def travel(self) -> TravelTimes:
        """Road times by the weights that this board has in force."""
        return self.reference.travel_under(self.road_changes)

    def snapshot(self) -> BoardSnapshot:
        """Copy the board into a storable form, of this board's own `snapshot_type`."""
        snapshot: BoardSnapshot = self.snapshot_type(
            version=SNAPSHOT_VERSION,
            seq=self.seq,
            n_calls=self.n_calls,
            n_incidents=self.n_incidents,
            calls=list(self.calls.values()),
            incidents=list(self.incidents.values()),
            orders=list(self.orders.values()),
            units=list(self.units.values()),
            waiting=list(self.waiting),
            undoable=list(self.undoable.values()),
            desk_seats=list(self.desk_seats.values()),
            limits=list(self.limits.values()),
            requests=list(self.requests.values()),
            emergencies=list(self.emergencies.values()),
            policies=list(self.policies),
            alarms=list(self.alarms.values()),
            closures=list(self.closures.values()),
            n_limits=self.n_limits,
            n_emergencies=self.n_emergencies,
            n_closures=self.n_closures,
            move_ups=list(self.move_ups.values()),
            columns={name: getattr(self.fleet, name).tobytes() for name in COLUMNS},
            hour_class=self.road_changes.hour_class,
            hours_until_ms=self.hours_until_ms,
            card_blocks=list(self.card_blocks.values()),
            premises=list(self.premises.values()),
            n_premises=self.n_premises,
            broadcasts=list(self.broadcasts.values()),
            n_broadcasts=self.n_broadcasts,
            settings=self.settings,
            access=self.access,
            approvals=self.approvals,
            keeping=self.keeping,
            items=list(self.items.values()),
            n_items=self.n_items,
            slices=self._slices_type(**self.seats),
            outbox=self.outbox,
            plans=self.plans,
            closings=list(self.closings),
            left_restricted=dict(self.left_restricted),
        )
        return snapshot

    def load(self, snapshot: BoardSnapshot) -> None:
        """Become what a snapshot says; raises ValueError for one of another shape."""
        if snapshot.version != SNAPSHOT_VERSION:
            raise ValueError(f"snapshot version {snapshot.version} is not {SNAPSHOT_VERSION}")
        own = self.city.units.keys() | snapshot.settings.units.keys()
        if {unit.unit_id for unit in snapshot.units} != own:
            raise ValueError("the snapshot has other units than this city; fold the log instead")
        self._load_settings(snapshot.settings)
        self.seq, self.n_calls = snapshot.seq, snapshot.n_calls
        self.n_incidents = snapshot.n_incidents
        self.calls = {call.call_id: call for call in snapshot.calls}
        self.incidents = {incident.incident_id: incident for incident in snapshot.incidents}
        self.orders = {order.order_id: order for order in snapshot.orders}
        self.owing_order_ids = {o.order_id: None for o in snapshot.orders if o.is_owing}
        self.units = {unit.unit_id: unit for unit in snapshot.units}
        self.waiting = dict.fromkeys(snapshot.waiting)
        self.undoable = {action.seq: action for action in snapshot.undoable}
        self.ringing = {c.call_id: None for c in snapshot.calls if c.state == "ringing"}
        self.phone_calls = {c.phone_id: c.call_id for c in snapshot.calls if c.phone_id}
        self._load_papers(snapshot)
        for name in COLUMNS:
            column = getattr(self.fleet, name)
            column[:] = np.frombuffer(snapshot.columns[name], column.dtype)
        for unit in snapshot.units:
            self.fleet.skills[self.fleet.index[unit.unit_id]] = rows.skill_mask(unit.skills)
        self._coverage.forget(slice(None))
        self._note_all_moved()

    def _load_settings(self, settings: Settings) -> None:
        """Have the units that were added before their rows of the fleet are filled."""
        self.use_settings(settings)
        for profile in settings.units.values():
            self.put_unit(profile)

    def _load_papers(self, snapshot: BoardSnapshot) -> None:
        self.n_limits, self.n_emergencies = snapshot.n_limits, snapshot.n_emergencies
        self.n_closures = snapshot.n_closures
        self.closures = {closure.closure_id: closure for closure in snapshot.closures}
        self.hours_until_ms = snapshot.hours_until_ms
        self.use_roads(self.changes_in(snapshot.hour_class))
        self.desk_seats = {seat.seat_id: seat for seat in snapshot.desk_seats}
        self.limits = {limit.caller_number: limit for limit in snapshot.limits}
        self.requests = {request.request_id: request for request in snapshot.requests}
        self.emergencies = {each.emergency_id: each for each in snapshot.emergencies}
        self.policies = list(snapshot.policies)
        self.move_ups = {offer.unit_id: offer for offer in snapshot.move_ups}
        self.alarms = {alarm.alarm_id: alarm for alarm in snapshot.alarms}
        self.card_blocks = {block.block_id: block for block in snapshot.card_blocks}
        self.reserved_unit_ids = dict.fromkeys(
            unit.unit_id for unit in snapshot.units if unit.reserved_incident_ids
        )
        self.moved_up_unit_ids = dict.fromkeys(
            unit.unit_id for unit in snapshot.units if unit.post_id != unit.home_post_id
        )
        self._load_premises(snapshot)
        self.n_broadcasts, self.access = snapshot.n_broadcasts, snapshot.access
        self.keeping, self.outbox = snapshot.keeping, snapshot.outbox
        self.n_items = snapshot.n_items
        self.items = {item.item_id: item for item in snapshot.items}
        self.items_about = index_subjects(snapshot.items)
        self.seats = {each: getattr(snapshot.slices, each) for each in self.seats}
        self.approvals = snapshot.approvals
        self.plans, self.closings = snapshot.plans, list(snapshot.closings)
        self.left_restricted = dict(snapshot.left_restricted)
        self.broadcasts = {each.broadcast_id: each for each in snapshot.broadcasts}
        self.open_places = OpenPlaces()
        for incident in snapshot.incidents:
            if incident.is_placed and not incident.is_over:
                self.open_places.put(incident.incident_id, incident.lat, incident.lon)

    def changes_in(self, hour_class: str) -> RoadChanges:
        """What the closures that stand make of the roads in a class of hours."""
        hour_ms = self.reference.hour_ms(hour_class)
        closures = self.closures.values()
        return changes_of(self.reference.network, closures, hour_class, hour_ms)

    def _load_premises(self, snapshot: BoardSnapshot) -> None:
        self.n_premises = snapshot.n_premises
        self.premises = {note.note_id: note for note in snapshot.premises}
        self.premise_places = OpenPlaces()
        for note in snapshot.premises:
            self.premise_places.put(note.note_id, note.lat, note.lon)

    def use_roads(self, changes: RoadChanges) -> None:
        """Other road times are in force; ways found by those before are none any more."""
        self.road_changes = changes
        self.known_ways.clear()

    def note_moved(self, unit_i: NDArray[np.integer] | list[int]) -> None:
        """Some units are elsewhere, or the roads to them are others: their circles are open."""
        self._moved.update(unit_i if isinstance(unit_i, list) else unit_i.tolist())

    def use_skills(self, unit: Unit, more: Sequence[str]) -> None:
        """A crew brings skills beyond its unit's own; () for none."""
        own = self.reference.units[unit.unit_id].skills
        unit.skills = (*own, *(skill for skill in more if skill not in own))
        self.fleet.skills[self.fleet.index[unit.unit_id]] = rows.skill_mask(unit.skills)

    def active_orders(self, incident: Incident) -> list[Order]:
        """Orders of an incident that were not withdrawn, oldest first."""
        orders = self.orders
        return [
            order
            for order_id in incident.order_ids
            if (order := orders[order_id]).state != "withdrawn"
        ]


STATUS_ROWS: Final = {
    "off_duty": rows.OFF_DUTY,
    "standby": rows.STANDBY,
    "at_post": rows.AT_POST,
    "patrolling": rows.PATROLLING,
    "returning": rows.RETURNING,
    "meal": rows.NOT_AVAILABLE,
    "training": rows.NOT_AVAILABLE,
    "elsewhere": rows.NOT_AVAILABLE,
}
ORDER_ROWS: Final = {
    "dispatched": rows.ASSIGNED,
    "acknowledged": rows.ASSIGNED,
    "en_route": rows.EN_ROUTE,
    "on_scene": rows.ON_SCENE,
}


def _new_unit(profile: UnitProfile) -> Unit:
    return Unit(
        unit_id=profile.unit_id,
        call_sign=profile.call_sign,
        kind=profile.kind,
        line=profile.line,
        home_post_id=profile.home_post_id,
        post_id=profile.home_post_id,
        skills=profile.skills,
        desk_id=profile.desk_id,
        admin_parent=profile.admin_parent,
        has_gps=profile.has_gps,
    )
