"""The rows that screens show (视图行): calls, incidents, units, circles and alarms; data only.

Personal fields carry their marks, so that one serializer can mask every row by role. Instants
are integer milliseconds UTC, 0 where something has not happened.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kuaifan.policy.coverage import CircleState
from kuaifan.vocabulary.call import CallerName, CallerNumber, CallState, Line
from kuaifan.vocabulary.incident import Address, IncidentState, Narrative, PassedOver, Reason
from kuaifan.vocabulary.order import OrderState, StampSource

ViewName = Literal["calls", "incidents", "units", "circles", "alarms"]
VIEW_NAMES: tuple[ViewName, ...] = ("calls", "incidents", "units", "circles", "alarms")
AlarmKind = Literal["unsigned", "feedback", "queue", "abandoned"]


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A call on the screens (来电行)."""

    call_id: str
    line: Line
    state: CallState
    seat_id: str
    caller_number: CallerNumber
    caller_name: CallerName
    incident_id: str
    t0_ms: int
    t2_ms: int
    t3_ms: int
    seq: int


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order within its incident (派警单行).

    eta_at_ms: when the unit is expected, 0 once it is there or where no road time is known.
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
    t7_source: StampSource | None
    t8_ms: int
    t9_ms: int
    feedback_overdue: bool


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


class IncidentRow(msgspec.Struct, frozen=True, kw_only=True):
    """An open incident with its orders and its recommendation (警情行).

    order_target_ms, arrival_target_ms: durations promised, from the place known to the first
    order and from the order to the scene; 0 where nothing is promised. seq: of the last record
    that touched the incident or one of its orders.
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


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit on duty (警力行); state: what it does, for its order or without one."""

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


class CircleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A response circle and who holds it (快反圈行)."""

    post_id: str
    name: str
    kind: str
    lat: float
    lon: float
    state: CircleState
    n_units: int


class AlarmRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something late, with its owner (告警行); since_ms: since when it waits, not when it rang."""

    key: str
    kind: AlarmKind
    level: int
    incident_id: str
    order_id: str
    unit_id: str
    since_ms: int
    text_zh: str
    text_en: str


ViewRow = CallRow | IncidentRow | UnitRow | CircleRow | AlarmRow
ROW_TYPES: dict[ViewName, type[ViewRow]] = {
    "calls": CallRow,
    "incidents": IncidentRow,
    "units": UnitRow,
    "circles": CircleRow,
    "alarms": AlarmRow,
}
