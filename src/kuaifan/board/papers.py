"""Smaller things on the board (态势附件): parts of calls and incidents, seats, requests, alarms."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.agency import AgencyState
from kuaifan.vocabulary.alarm import Addressee, AlarmKind
from kuaifan.vocabulary.broadcast import AudienceKind, BroadcastSubject, PersonText
from kuaifan.vocabulary.call import CallerNumber
from kuaifan.vocabulary.desk import PolicyName, Ways
from kuaifan.vocabulary.emergency import EmergencyState
from kuaifan.vocabulary.free_words import CallReasonTold, IncidentReasonTold
from kuaifan.vocabulary.incident import Address, Reason
from kuaifan.vocabulary.phone import RecordingReference
from kuaifan.vocabulary.photo import PhotoKind
from kuaifan.vocabulary.premise import PremiseKind
from kuaifan.vocabulary.seat import SeatState
from kuaifan.vocabulary.talk import PartyKind, PartyName, PartyNumber, TextKind, TextOutcome


class CallParty(msgspec.Struct, kw_only=True):
    """A third party in a call (三方)."""

    party_no: int
    kind: PartyKind
    name: PartyName
    number: PartyNumber
    left: bool = False


class PhonePartyNo(msgspec.Struct, kw_only=True):
    """Number of the telephone's last event about a party (三方事件序号); party: name or number."""

    party: PartyName
    event_no: int


class CallTextLine(msgspec.Struct, kw_only=True):
    """A text sent or received (短信); text_no 0: received."""

    text_no: int
    kind: TextKind
    text: Annotated[str, Personal("call")]
    at_ms: int
    outcome: TextOutcome | None = None


class CallRecording(msgspec.Struct, kw_only=True):
    """A recording kept elsewhere (录音)."""

    reference: RecordingReference
    started_at_ms: int
    duration_ms: int


class PossiblePlace(msgspec.Struct, kw_only=True):
    """One of several places an incident may be at (可能地点); reason: why it was ruled out."""

    place_no: int
    lat: float
    lon: float
    address: Address
    ruled_out: bool = False
    reason: IncidentReasonTold = ""


class IncidentNote(msgspec.Struct, kw_only=True):
    """A note in the record (记录); struck: why it is wrong."""

    note_no: int
    text: Annotated[str, Personal("incident")]
    at_ms: int
    struck: IncidentReasonTold = ""
    correction: Annotated[str, Personal("incident")] = ""


class DeskSeat(msgspec.Struct, kw_only=True):
    """A seat and who sits at it (席位).

    offered_call_id: rings here; call_ids: what it talks, or rings back, now. since_ms: of state.
    handed_call_ids, hand_over_notes: what the next person signs for.
    """

    seat_id: str
    person: str
    desk_id: str
    skills: tuple[str, ...]
    state: SeatState
    since_ms: int
    to_person: str = ""
    offered_call_id: str = ""
    call_ids: list[str] = []
    seq: int = 0
    extension: str = ""
    after_call_s: int = 0
    pause_reason: str = ""
    handed_call_ids: tuple[str, ...] = ()
    hand_over_notes: str = ""


class CallerLimit(msgspec.Struct, kw_only=True):
    """A number that abuses the line, for a time (限呼)."""

    limit_id: str
    call_id: str
    caller_number: CallerNumber
    approved_by: str
    reason: CallReasonTold
    until_ms: int


class AgencyRequest(msgspec.Struct, kw_only=True):
    """What another service was asked, and what it said (联动请求单)."""

    request_id: str
    incident_id: str
    agency: str
    what: IncidentReasonTold
    state: AgencyState = "told"
    by: str = ""
    reason: IncidentReasonTold = ""
    told_at_ms: int
    replied_at_ms: int = 0
    arrived_at_ms: int = 0
    seq: int = 0


class Photo(msgspec.Struct, kw_only=True):
    """A photo of an order (照片); taken_at_ms: by the phone, 0 where its clock is off."""

    photo_id: str
    sha256: str
    n_bytes: int
    kind: PhotoKind
    at_ms: int
    taken_at_ms: int = 0
    clock_off: bool = False
    n_reads: int = 0


class Emergency(msgspec.Struct, kw_only=True):
    """An officer in danger (民警紧急求助)."""

    emergency_id: str
    unit_id: str
    incident_id: str
    declared_by: str
    state: EmergencyState = "declared"
    declared_at_ms: int
    taken_up_by: str = ""
    contact_by: str = ""
    ended_by: str = ""
    ended_at_ms: int = 0
    seq: int = 0


class MoveUpOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A move that was suggested and not decided (补位建议); reasons: circles and what becomes."""

    unit_id: str
    post_id: str
    travel_ms: int
    n_lost_before: int
    n_lost_after: int
    reasons: tuple[Reason, ...]
    at_ms: int
    seq: int


class PolicyInForce(msgspec.Struct, frozen=True, kw_only=True):
    """A dispatch policy for a desk and a time (派警策略); desk_id empty: for all."""

    policy: PolicyName
    desk_id: str
    from_ms: int
    until_ms: int
    ways: Ways = Ways()


class Alarm(msgspec.Struct, kw_only=True):
    """Something a person must not overlook (告警)."""

    alarm_id: str
    kind: AlarmKind
    subject_id: str
    level: int
    to: Addressee
    since_ms: int
    incident_id: str = ""
    order_id: str = ""
    unit_id: str = ""
    call_id: str = ""
    text: IncidentReasonTold = ""
    taken_up_by: str = ""
    seq: int = 0


class PremiseNote(msgspec.Struct, frozen=True, kw_only=True):
    """A danger of a place (场所危险提示); by: who noted it. seq: of its record."""

    note_id: str
    kind: PremiseKind
    text: str
    lat: float
    lon: float
    radius_m: int
    by: str
    added_at_ms: int
    expires_at_ms: int
    seq: int = 0


class StandingBroadcast(msgspec.Struct, kw_only=True):
    """A broadcast while it holds (广播); read_at_ms: when each unit that has read it did."""

    broadcast_id: str
    text: str
    by: str
    subject: BroadcastSubject
    audience: AudienceKind
    to: tuple[str, ...]
    incident_id: str
    person: PersonText
    unit_ids: tuple[str, ...]
    at_ms: int
    expires_at_ms: int
    read_at_ms: dict[str, int] = {}
    seq: int = 0
