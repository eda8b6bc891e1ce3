"""What stands on the board (态势实体): calls, incidents, orders and units as they are now.

Mutable, and changed only by the folds of this package; rules read them. Instants are integer
milliseconds UTC, 0 where something has not happened.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kuaifan.vocabulary.call import CallerName, CallerNumber, CallState, Line
from kuaifan.vocabulary.incident import Address, IncidentState, Narrative
from kuaifan.vocabulary.order import OrderState, Parties, StampSource, Story
from kuaifan.vocabulary.undo import UndoableKind
from kuaifan.vocabulary.unit import UnitStatus


class Call(msgspec.Struct, kw_only=True):
    """A call record (接警单)."""

    call_id: str
    line: Line
    caller_number: CallerNumber
    caller_name: CallerName = ""
    state: CallState = "ringing"
    seat_id: str = ""
    incident_id: str = ""
    t0_ms: int
    t1_ms: int = 0
    t2_ms: int = 0
    t3_ms: int = 0
    seq: int = 0


class Incident(msgspec.Struct, kw_only=True):
    """An incident (警情) with what its orders have come to."""

    incident_id: str
    source: Line
    type_code: str
    final_type_code: str = ""
    priority: int
    plan: str
    route: str
    n_needed: int
    record_class: str
    narrative: Narrative = ""
    address: Address = ""
    lat: float = 0.0
    lon: float = 0.0
    arc: int = -1
    fraction_ppm: int = 0
    jurisdiction: str = ""
    area_class: str = ""
    state: IncidentState = "registered"
    call_ids: list[str] = []
    order_ids: list[str] = []
    asked_unit_ids: list[str] = []
    recommended_unit_ids: list[str] = []
    recommended_travel_ms: list[int] = []
    recommended_seq: int = 0
    merged_into: str = ""
    settled: bool = False
    disposition: str = ""
    opened_at_ms: int
    tp_ms: int = 0
    t10_ms: int = 0
    seq: int = 0

    @property
    def is_placed(self) -> bool:
        """Whether it has a place on the roads."""
        return self.arc >= 0

    @property
    def is_complete(self) -> bool:
        """Whether it can be reviewed: every order fed back, or settled without one."""
        return self.state == "fed_back" or (self.settled and self.state == "handled")

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen to it here."""
        return self.state in {"closed", "merged"}


class Order(msgspec.Struct, kw_only=True):
    """A dispatch order (派警单) with its feedback (反馈单)."""

    order_id: str
    incident_id: str
    unit_id: str
    state: OrderState = "dispatched"
    n_crew: int
    rank: int
    travel_ms: int
    unsigned_level: int = 0
    t4_ms: int
    t5_ms: int = 0
    t6_ms: int = 0
    t7_ms: int = 0
    t7_source: StampSource | None = None
    t7_gps_ms: int = 0
    t7_button_ms: int = 0
    t8_ms: int = 0
    t9_ms: int = 0
    withdrawn_at_ms: int = 0
    withdrawn_reason: str = ""
    disposition: str = ""
    story: Story = ""
    parties: Parties = ()
    n_caught: int = 0
    n_rescued: int = 0
    feedback_overdue: bool = False
    seq: int = 0

    @property
    def is_active(self) -> bool:
        """Whether the unit is still bound by it."""
        return self.state in {"dispatched", "acknowledged", "en_route", "on_scene"}


class Unit(msgspec.Struct, kw_only=True):
    """A unit (警力单元): its shift and what it does."""

    unit_id: str
    call_sign: str
    kind: str
    line: str
    home_post_id: str
    skills: tuple[str, ...]
    status: UnitStatus = "off_duty"
    order_id: str = ""
    n_officers: int = 0
    n_auxiliaries: int = 0
    shift_started_at_ms: int = 0
    seq: int = 0


class Undoable(msgspec.Struct, frozen=True):
    """One action: when, on what, and the value it replaced (可撤销动作)."""

    seq: int
    at_ms: int
    kind: UndoableKind | Literal["several"]
    subject_id: str
    value: str = ""
