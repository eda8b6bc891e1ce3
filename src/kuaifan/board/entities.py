"""What stands on the board (态势实体): calls, incidents, orders and units as they are now.

Mutable, and changed only by the folds of this package; rules read them. Instants are integer
milliseconds UTC, 0 where something has not happened.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kuaifan.board.major_papers import MajorCase
from kuaifan.board.papers import (
    CallParty,
    CallRecording,
    CallTextLine,
    IncidentNote,
    PhonePartyNo,
    Photo,
    PossiblePlace,
)
from kuaifan.vocabulary.call import CallerName, CallerNumber, CallState, Line
from kuaifan.vocabulary.facts import Answer
from kuaifan.vocabulary.free_words import CallReasonTold, IncidentReasonTold, ResultTold
from kuaifan.vocabulary.incident import Address, IncidentState, Narrative
from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.missed import SilentStep
from kuaifan.vocabulary.order import OrderState, Parties, Story, ToldBy
from kuaifan.vocabulary.talk import LocationSource, TargetKind
from kuaifan.vocabulary.undo import UndoableKind
from kuaifan.vocabulary.unit import UnitStatus

DeviceMark = Literal["late", "clock_off", "paper"]
"""How the stamp of a stage came (补传标记): late from a phone; by receipt, as its clock was off; or
from a paper card."""


class Call(msgspec.Struct, kw_only=True):
    """A call record (接警单).

    seat_id: its owner, who stays so until a receipt (首接责任); offered_seat_id: rings there.
    transfer_kind and transfer_id: to whom it is offered, empty when it is not. handed_to: the
    service that has it now. to_call_back: missed or silent, and somebody still owes it a step.
    call_back_seat_id: rings back just now. entered_at_ms: when it was typed in from a paper card.
    phone_id: the telephone system's name of it; stream_nos, party_nos: its last event of each kind
    that may be overtaken, and of each party.
    """

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
    offered_seat_id: str = ""
    offered_at_ms: int = 0
    desk_id: str = "city"
    on_hold: bool = False
    parties: list[CallParty] = []
    transfer_kind: TargetKind | None = None
    transfer_id: str = ""
    transfer_at_ms: int = 0
    handed_to: str = ""
    texts: list[CallTextLine] = []
    lat: float = 0.0
    lon: float = 0.0
    uncertainty_m: int = -1
    location_source: LocationSource | None = None
    silent_step: SilentStep = ""
    to_call_back: bool = False
    n_call_backs: int = 0
    call_back_seat_id: str = ""
    cleared_by: str = ""
    never_ring: bool = False
    never_ring_reason: CallReasonTold = ""
    is_limited: bool = False
    entered_at_ms: int = 0
    seq: int = 0
    phone_id: str = ""
    stream_nos: dict[str, int] = {}
    party_nos: list[PhonePartyNo] = []
    recordings: list[CallRecording] = []

    @property
    def is_open(self) -> bool:
        """Whether it rings, is talked, waits for a receipt, or is still owed a step."""
        is_live = self.state in {"ringing", "talking"} or bool(self.call_back_seat_id)
        return is_live or self.transfer_kind is not None or self.to_call_back


class Incident(msgspec.Struct, kw_only=True):
    """An incident (警情) with what its orders have come to.

    desk_id: its owner until another desk's receipt; to_desk_id: to whom it is offered. n_backup:
    units wanted beyond the plan, extra_skills with them; n_needed includes them. short: skills
    (or "") still missing, as far as the orders out can tell. level: rings of forces opened.
    n_moved_orders: orders that a split took away; told: subjects of which a leader was told once.
    entered_at_ms, entered_by: when and by whom it was typed in from a paper card. complained_of:
    units that a complaint is about, which are kept out of it. overlays: what it is beside its type.
    item_ids: what is still owed for it. first_type_code: the type it was opened with, empty as
    long as it has that one.
    """

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
    disposition: ResultTold = ""
    opened_at_ms: int
    tp_ms: int = 0
    t10_ms: int = 0
    desk_id: str = "city"
    to_desk_id: str = ""
    handed_at_ms: int = 0
    offered_at_ms: int = 0
    district: str = ""
    ground_desk_id: str = ""
    found_by_unit_id: str = ""
    facts: dict[str, Answer] = {}
    places: list[PossiblePlace] = []
    notes: list[IncidentNote] = []
    is_major: bool = False
    request_ids: list[str] = []
    duplicate_ids: list[str] = []
    dismissed_ids: list[str] = []
    linked_ids: list[str] = []
    split_from: str = ""
    n_backup: int = 0
    extra_skills: list[str] = []
    level: int = 0
    reserved_unit_ids: list[str] = []
    n_amendments: int = 0
    scheduled_at_ms: int = 0
    started_at_ms: int = 0
    n_reopened: int = 0
    n_moved_orders: int = 0
    told: list[str] = []
    entered_at_ms: int = 0
    entered_by: str = ""
    major: MajorCase | None = None
    complained_of: list[str] = []
    overlays: list[str] = []
    item_ids: list[str] = []
    first_type_code: str = ""
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
    """A dispatch order (派警单) with its feedback (反馈单).

    beside: the unit was on scene elsewhere close by. amendment_no: of the last change told,
    amendment_signed_no: of the last one signed; told: the place and type the crew last heard. A
    stage passed over keeps 0 as its stamp. device_marks: stages whose stamp came late from a phone,
    or from one whose clock was off. returned_reason: what is to be mended in the feedback.
    sent_by: the seat. withdrawal_unsigned: it is void, and the crew that had read it does not know.
    """

    order_id: str
    incident_id: str
    unit_id: str
    state: OrderState = "dispatched"
    n_crew: int
    rank: int
    travel_ms: int
    eta_at_ms: int = 0
    unsigned_level: int = 0
    t4_ms: int
    t5_ms: int = 0
    t6_ms: int = 0
    t7_ms: int = 0
    t7_source: ToldBy | None = None
    t7_gps_ms: int = 0
    t7_button_ms: int = 0
    t8_ms: int = 0
    t9_ms: int = 0
    withdrawn_at_ms: int = 0
    withdrawn_reason: IncidentReasonTold = ""
    disposition: ResultTold = ""
    story: Story = ""
    parties: Parties = ()
    n_caught: int = 0
    n_rescued: int = 0
    feedback_overdue: bool = False
    beside: bool = False
    t5_source: ToldBy | None = None
    t6_source: ToldBy | None = None
    t8_source: ToldBy | None = None
    amendment_no: int = 0
    amendment_signed_no: int = 0
    amended_at_ms: int = 0
    told_lat: float = 0.0
    told_lon: float = 0.0
    told_type_code: str = ""
    diverted_from: str = ""
    letter: WarningLetter | None = None
    returned_reason: IncidentReasonTold = ""
    device_marks: dict[str, DeviceMark] = {}
    photos: list[Photo] = []
    amended_what: str = ""
    sent_by: str = ""
    withdrawal_unsigned: bool = False
    seq: int = 0

    @property
    def expected_at_ms(self) -> int:
        """When the unit is expected, 0 once it is there or where no road time is known."""
        if self.state not in {"dispatched", "acknowledged", "en_route"}:
            return 0
        promised_at_ms = (self.t6_ms or self.t4_ms) + self.travel_ms if self.travel_ms else 0
        return self.eta_at_ms or promised_at_ms

    @property
    def is_active(self) -> bool:
        """Whether the unit is still bound by it."""
        return self.state in {"dispatched", "acknowledged", "en_route", "on_scene"}

    @property
    def is_owing(self) -> bool:
        """Whether its crew still owes something: a feedback, or a signature that it is off."""
        return self.state == "handled" or self.withdrawal_unsigned


class Unit(msgspec.Struct, kw_only=True):
    """A unit (警力单元): its shift and what it does.

    order_id: the order it works on; beside_order_ids: others close by, next in turn. desk_id gives
    it orders, admin_parent owns it (双重领导). post_id: where it is to stand, its home unless moved
    up. position_source: None before anything is known. status_since_ms: since when it has its
    status, or has had no order. moved_up_at_ms: when it was moved up, of late.
    """

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
    beside_order_ids: list[str] = []
    reserved_incident_ids: list[str] = []
    desk_id: str = "city"
    admin_parent: str = ""
    has_gps: bool = True
    position_source: Literal["gps", "voice", "post"] | None = None
    uncertainty_m: int = 0
    post_id: str = ""
    crew_name: str = ""
    emergency_id: str = ""
    vehicle: str = ""
    unsigned_withdrawal_ids: list[str] = []
    status_since_ms: int = 0
    seq: int = 0
    is_retired: bool = False
    moved_up_at_ms: tuple[int, ...] = ()


class Undoable(msgspec.Struct, frozen=True):
    """One action: when, on what, and the value it replaced (可撤销动作)."""

    seq: int
    at_ms: int
    kind: UndoableKind | Literal["several"]
    subject_id: str
    value: str = ""
