"""The rows that screens show (视图行): calls, incidents, units, circles, alarms and more.

Data only. Personal fields carry their marks, so that one serializer can mask every row by role.
Instants are integer milliseconds UTC, 0 where something has not happened.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from kuaifan.board.approval_rows import ApprovalRow
from kuaifan.board.broadcasts import BroadcastRow
from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.entities import DeviceMark
from kuaifan.board.glass_rows import GlassRow
from kuaifan.board.item_rows import ItemRow
from kuaifan.board.major_rows import MajorRow
from kuaifan.board.outbox import LetterRow
from kuaifan.board.papers import IncidentNote, PossiblePlace
from kuaifan.board.premise_rows import PremiseNoteRow, PremiseRow
from kuaifan.board.seat_rows import SeatRow
from kuaifan.policy.coverage import CircleState
from kuaifan.vocabulary.agency import AgencyState
from kuaifan.vocabulary.alarm import Addressee, AlarmKind
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.emergency import EmergencyState
from kuaifan.vocabulary.facts import Answer
from kuaifan.vocabulary.free_words import IncidentReasonTold, ResultTold
from kuaifan.vocabulary.incident import Address, IncidentState, Narrative, PassedOver, Reason
from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.order import OrderState, Parties, Story, ToldBy
from kuaifan.vocabulary.photo import PhotoKind

ViewName = Literal[
    "calls",
    "incidents",
    "units",
    "circles",
    "alarms",
    "closures",
    "emergencies",
    "move_ups",
    "seats",
    "premises",
    "cards",
    "majors",
    "broadcasts",
    "items",
    "letters",
    "approvals",
    "glass",
]
VIEW_NAMES: tuple[ViewName, ...] = get_args(ViewName)
AlarmRowKind = Literal["unsigned", "feedback", "abandoned", AlarmKind]


class PhotoRow(msgspec.Struct, frozen=True, kw_only=True):
    """That there is a photo of an order (照片行); the picture is read with a purpose."""

    photo_id: str
    n_bytes: int
    kind: PhotoKind
    at_ms: int
    taken_at_ms: int
    clock_off: bool
    n_reads: int = 0


class FeedbackRow(msgspec.Struct, frozen=True, kw_only=True):
    """A feedback that has to be mended (待补反馈行)."""

    disposition: ResultTold
    story: Story
    parties: Parties
    n_caught: int
    n_rescued: int
    letter: WarningLetter | None


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order within its incident (派警单行).

    eta_at_ms: when the unit is expected, 0 once it is there or where no road time is known.
    skipped: stages passed over, whose stamps stay 0. amendment_no: of the last change told, to be
    signed unless amendment_signed_no says so. to_mend: the feedback that was returned. sent_by:
    the seat. withdrawal_unsigned: it is void, and the crew has not signed that.
    """

    order_id: str
    unit_id: str
    call_sign: str
    state: OrderState
    rank: int
    travel_ms: int
    eta_at_ms: int
    unsigned_level: int
    t4_ms: int
    t5_ms: int
    t6_ms: int
    t7_ms: int
    t7_source: ToldBy | None
    t8_ms: int
    t9_ms: int
    feedback_overdue: bool
    skipped: tuple[str, ...] = ()
    beside: bool = False
    amendment_no: int = 0
    amendment_signed_no: int = 0
    diverted_from: str = ""
    amended_what: str = ""
    device_marks: dict[str, DeviceMark] = {}
    photos: tuple[PhotoRow, ...] = ()
    returned_reason: IncidentReasonTold = ""
    to_mend: FeedbackRow | None = None
    sent_by: str = ""
    withdrawn_at_ms: int = 0
    withdrawn_reason: IncidentReasonTold = ""
    withdrawal_unsigned: bool = False
    amended_at_ms: int = 0


class CandidateRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recommended unit with its reasons (候选行)."""

    unit_id: str
    call_sign: str
    travel_ms: int
    score_ms: int
    reasons: tuple[Reason, ...]


class RecommendationRow(msgspec.Struct, frozen=True, kw_only=True):
    """The stored ranking of an incident (推荐行); seq: of the record that holds it."""

    seq: int
    at_ms: int
    policy: str
    n_wanted: int
    candidates: tuple[CandidateRow, ...]
    passed_over: tuple[PassedOver, ...]
    counts: dict[str, int]
    short: dict[str, int] = {}
    team: tuple[str, ...] = ()
    diversions: tuple[CandidateRow, ...] = ()


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """What another service was asked, and where that stands (联动行)."""

    request_id: str
    agency: str
    state: AgencyState
    what: IncidentReasonTold = ""
    by: str = ""
    reason: IncidentReasonTold = ""
    told_at_ms: int = 0
    replied_at_ms: int = 0
    arrived_at_ms: int = 0


class AskedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A skill that the plan or back-up asks for (能力要求行): of n units, n_sent have it."""

    skill: str
    n: int
    n_sent: int
    is_wish: bool


class IncidentRow(msgspec.Struct, frozen=True, kw_only=True):
    """An open incident with its orders and its recommendation (警情行).

    order_target_ms, arrival_target_ms: durations promised, from the place known to the first
    order and from the order to the scene; 0 where nothing is promised. short: skills the plan
    asks for and nobody out has, with how many, and under "" the units missing. seq: of the last
    record that touched the incident or one of its orders.
    """

    incident_id: str
    type_code: str
    type_name: str
    class_key: str
    priority: int
    state: IncidentState
    narrative: Narrative
    address: Address
    lat: float
    lon: float
    is_placed: bool
    area_class: str
    jurisdiction: str
    record_class: str
    source: Line
    plan: str
    route: str
    call_ids: tuple[str, ...]
    n_needed: int
    n_sent: int
    is_waiting: bool
    opened_at_ms: int
    tp_ms: int
    order_target_ms: int
    arrival_target_ms: int
    settled: bool
    orders: tuple[OrderRow, ...]
    recommendation: RecommendationRow | None
    seq: int
    desk_id: str = "city"
    to_desk_id: str = ""
    district: str = ""
    facts: dict[str, Answer] = {}
    is_major: bool = False
    places: tuple[PossiblePlace, ...] = ()
    notes: tuple[IncidentNote, ...] = ()
    duplicate_ids: tuple[str, ...] = ()
    linked_ids: tuple[str, ...] = ()
    split_from: str = ""
    level: int = 0
    reserved_unit_ids: tuple[str, ...] = ()
    short: dict[str, int] = {}
    requests: tuple[RequestRow, ...] = ()
    scheduled_at_ms: int = 0
    n_backup: int = 0
    entered_at_ms: int = 0
    entered_by: str = ""
    asked: tuple[AskedRow, ...] = ()
    offered_at_ms: int = 0
    premises: tuple[PremiseRow, ...] = ()
    complained_of: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    is_masked: bool = False


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit on duty (警力行); state: what it does, for its order or without one.

    desk_id: who gives it orders; admin_parent: whose it is. uncertainty_m: how far it may be from
    where it was said to be, 0 where the satellites know. since_ms: since when it is in that state.
    """

    unit_id: str
    call_sign: str
    kind: str
    line: str
    status: str
    state: str
    order_id: str
    incident_id: str
    n_crew: int
    skills: tuple[str, ...]
    home_post_id: str
    seq: int
    emergency_id: str = ""
    position_source: Literal["gps", "voice", "post"] | None = None
    uncertainty_m: int = 0
    desk_id: str = "city"
    admin_parent: str = ""
    has_gps: bool = True
    post_id: str = ""
    reserved_incident_ids: tuple[str, ...] = ()
    beside_order_ids: tuple[str, ...] = ()
    crew_name: str = ""
    vehicle: str = ""
    n_officers: int = 0
    n_auxiliaries: int = 0
    unsigned_withdrawal_ids: tuple[str, ...] = ()
    since_ms: int = 0


class RingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One ring of a circle and who is within it by road time (圈层行)."""

    minutes: float
    state: CircleState
    n_holding: int


class CircleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A response circle and who holds it (快反圈行)."""

    post_id: str
    name: str
    kind: str
    lat: float
    lon: float
    state: CircleState
    n_units: int
    rings: tuple[RingRow, ...] = ()


class AlarmRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something late, with its owner (告警行).

    to: whose it is; taken_up_by: who acts on it, empty while nobody does. since_ms: since when an
    order, call or incident waits; of other clocks and of news, when it first rang.
    """

    key: str
    kind: AlarmRowKind
    level: int
    to: Addressee
    taken_up_by: str
    call_id: str
    incident_id: str
    order_id: str
    unit_id: str
    since_ms: int
    text_zh: str
    text_en: str


class ClosureRow(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of road closed or slowed (封路行); percent 0: closed.

    points: as drawn. lines: the pieces of street that it holds on, (lat, lon), each street once.
    both_ways: no direction is left as it was.
    """

    closure_id: str
    points: tuple[tuple[float, float], ...]
    lines: tuple[tuple[tuple[float, float], ...], ...]
    percent: int
    reason: str
    by: str
    until_ms: int
    both_ways: bool
    seq: int


class CardBlockRow(msgspec.Struct, frozen=True, kw_only=True):
    """Incident numbers set aside for paper cards (纸质编号段行); used: those typed in."""

    block_id: str
    desk_id: str
    first_no: int
    n_cards: int
    by: str
    reserved_at_ms: int
    used: tuple[int, ...]
    seq: int


class EmergencyRow(msgspec.Struct, frozen=True, kw_only=True):
    """An officer in danger (民警紧急求助行), until a second person has ended it."""

    emergency_id: str
    unit_id: str
    call_sign: str
    incident_id: str
    declared_by: str
    state: EmergencyState
    declared_at_ms: int
    taken_up_by: str
    contact_by: str
    seq: int


class MoveUpRow(msgspec.Struct, frozen=True, kw_only=True):
    """A move that would fill an empty circle (补位建议行), as long as it would.

    n_lost_before, n_lost_after: circles without anybody, as it was when it was suggested.
    """

    unit_id: str
    call_sign: str
    post_id: str
    post_name: str
    travel_ms: int
    n_lost_before: int
    n_lost_after: int
    reasons: tuple[Reason, ...]
    at_ms: int
    seq: int


ViewRow = (
    CallRow
    | IncidentRow
    | UnitRow
    | CircleRow
    | AlarmRow
    | ClosureRow
    | EmergencyRow
    | MoveUpRow
    | SeatRow
    | PremiseNoteRow
    | CardBlockRow
    | MajorRow
    | BroadcastRow
    | ItemRow
    | LetterRow
    | ApprovalRow
    | GlassRow
)
ROW_TYPES: dict[ViewName, type[ViewRow]] = {
    "calls": CallRow,
    "incidents": IncidentRow,
    "units": UnitRow,
    "circles": CircleRow,
    "alarms": AlarmRow,
    "closures": ClosureRow,
    "cards": CardBlockRow,
    "emergencies": EmergencyRow,
    "move_ups": MoveUpRow,
    "seats": SeatRow,
    "premises": PremiseNoteRow,
    "majors": MajorRow,
    "broadcasts": BroadcastRow,
    "items": ItemRow,
    "letters": LetterRow,
    "approvals": ApprovalRow,
    "glass": GlassRow,
}
