"""The call (来电) and its record (接警单): someone reaches the desk.

Stamps: t0 ring, t1 given to a seat, t2 answered, t3 ended (domain: ministry-type schema).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal

Line = Literal[
    "110",
    "122",
    "119",
    "12110",
    "12345",
    "web",
    "one_key",
    "iot",
    "walk_in",
    "patrol_found",
    "other_desk",
]
"""Where a call came in (来源方式)."""

CallState = Literal["ringing", "talking", "ended", "abandoned"]

Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS)]
ShortText = Annotated[str, msgspec.Meta(max_length=200)]
Id = Annotated[str, msgspec.Meta(max_length=64)]
"""An id as a command may carry it; those of events are ours."""
CallerNumber = Annotated[str, msgspec.Meta(max_length=32), Personal("call", lookup=True)]
CallerName = Annotated[str, msgspec.Meta(max_length=200), Personal("call")]


class RegisterCall(Command, frozen=True):
    """A call comes in on a line (来电登记).

    seat_id: who takes it down, on lines that do not ring (counter, patrol, another desk).
    phone_id: the telephone system's name of it, where one told us.
    """

    line: Line
    caller_number: CallerNumber = ""
    seat_id: ShortText = ""
    phone_id: ShortText = ""


class AnswerCall(Command, frozen=True):
    """A seat takes a waiting call (接听)."""

    call_id: Id
    seat_id: ShortText


class UpdateCall(Command, frozen=True):
    """The call-taker learns who is calling (补充来电信息); fields left out stay."""

    call_id: Id
    caller_name: CallerName | None = None
    caller_number: CallerNumber | None = None


class HangUpCall(Command, frozen=True):
    """The line is closed by either side (挂断); the desk does not drop one it is passing on."""

    call_id: Id
    by: Literal["caller", "desk"] = "caller"


class AttachCall(Command, frozen=True):
    """A person decides that a call is about an incident already open (关联来电)."""

    call_id: Id
    incident_id: Id


class CallRegistered(Event, frozen=True):
    """A call is in the queue (来电已登记): t0. is_limited: of a number that abuses the line.

    stamp_at_ms, here and in the events below: the true time of a paper card, 0 where live.
    """

    call_id: str
    line: Line
    caller_number: CallerNumber
    is_limited: bool = False
    stamp_at_ms: int = 0
    phone_id: str = ""


class CallAnswered(Event, frozen=True):
    """A seat talks with the caller (已接听): t2; offered_seat_id: where it rang, if anywhere."""

    call_id: str
    seat_id: str
    offered_seat_id: str = ""
    stamp_at_ms: int = 0


class CallUpdated(Event, frozen=True):
    """What is known of the caller changed (来电信息已更新)."""

    call_id: str
    caller_name: CallerName | None
    caller_number: CallerNumber | None


class CallEnded(Event, frozen=True):
    """The talk is over (通话结束): t3."""

    call_id: str
    stamp_at_ms: int = 0


class CallAbandoned(Event, frozen=True):
    """The caller hung up before anyone answered (未接来电); it stays on the missed list."""

    call_id: str


class CallAttached(Event, frozen=True):
    """A call belongs to an incident (来电已关联); left_incident_id: the one it was with."""

    call_id: str
    incident_id: str
    left_incident_id: str = ""


COMMANDS = (RegisterCall, AnswerCall, UpdateCall, HangUpCall, AttachCall)
EVENTS = (
    CallRegistered,
    CallAnswered,
    CallUpdated,
    CallEnded,
    CallAbandoned,
    CallAttached,
)
