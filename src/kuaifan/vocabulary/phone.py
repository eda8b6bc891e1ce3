"""What the telephone system tells of a call (电话事件), and the recordings it keeps."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import CallerNumber, Id, Line, ShortText
from kuaifan.vocabulary.free_words import CallReason
from kuaifan.vocabulary.talk import PartyKind, PartyName, PartyNumber, TargetKind

PhoneEventKind = Literal[
    "ring",
    "answer",
    "hold",
    "resume",
    "transfer",
    "transfer_answer",
    "transfer_fail",
    "party_joined",
    "party_left",
    "hang_up",
    "recording",
]
PhoneMark = Literal["applied", "early", "known", "late", "unfit", "unknown_call"]
"""What came of an event (电话事件标记).

early: it came before the ring, and stands for it; known: the desk knew; late: something newer is
known; unfit: the call is in no state for it; unknown_call: of a call that never rang here.
"""
RecordingReference = Annotated[str, msgspec.Meta(max_length=300), Personal("call")]
EventNo = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Instant = Annotated[int, msgspec.Meta(ge=0, le=9_000_000_000_000)]
DurationMs = Annotated[int, msgspec.Meta(ge=0, le=172_800_000)]


class PhoneFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an event says beyond its kind (电话事件内容); what does not belong to it stays empty.

    seat_id or extension: who answered. to_kind, to_id: of a transfer. party_*: who joined or
    left. reference, started_at_ms, duration_ms: of a recording; opaque to us.
    """

    line: Line = "110"
    caller_number: CallerNumber = ""
    seat_id: ShortText = ""
    extension: ShortText = ""
    to_kind: TargetKind | None = None
    to_id: ShortText = ""
    reason: CallReason = ""
    party: PartyName = ""
    party_kind: PartyKind = "other"
    party_number: PartyNumber = ""
    reference: RecordingReference = ""
    started_at_ms: Instant = 0
    duration_ms: DurationMs = 0


class ReportPhoneEvent(Command, frozen=True):
    """The telephone system tells what happened on a line (电话事件).

    phone_call_id: its own name of the call; event_no: counts its events of that call. device_at_ms:
    0 where it said no time.
    """

    pbx_id: Id
    phone_call_id: Id
    event_no: EventNo
    kind: PhoneEventKind
    device_at_ms: Instant
    facts: PhoneFacts = PhoneFacts()


class AttachRecording(Command, frozen=True):
    """A recording of a call is kept elsewhere under a name (关联录音)."""

    call_id: Id
    reference: RecordingReference
    started_at_ms: Instant = 0
    duration_ms: DurationMs = 0


class PhoneEventTaken(Event, frozen=True):
    """An event of the telephone system is kept, whatever came of it (电话事件已收).

    clock_off_ms: how far its clock is from ours, 0 where that is nothing to speak of.
    """

    pbx_id: str
    phone_call_id: str
    event_no: int
    kind: PhoneEventKind
    mark: PhoneMark
    facts: PhoneFacts
    call_id: str = ""
    clock_off_ms: int = 0


class RecordingAttached(Event, frozen=True):
    """A call has a recording (录音已关联)."""

    call_id: str
    reference: RecordingReference
    started_at_ms: int
    duration_ms: int


COMMANDS = (ReportPhoneEvent, AttachRecording)
EVENTS = (PhoneEventTaken, RecordingAttached)


def join_phone_id(pbx_id: str, phone_call_id: str) -> str:
    """The name of a call of a telephone system (话机来电名); a system's own name may hold a "/"."""
    return f"{pbx_id.replace('%', '%25').replace('/', '%2F')}/{phone_call_id}"


def split_phone_id(phone_id: str) -> tuple[str, str]:
    """(pbx_id, phone_call_id) as they were told to us."""
    pbx, _, phone_call_id = phone_id.partition("/")
    return pbx.replace("%2F", "/").replace("%25", "%"), phone_call_id
