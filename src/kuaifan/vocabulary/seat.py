"""The seat (席位) of a call-taker or dispatcher: log-on, pause, and the signed hand-over."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText

SeatState = Literal["off", "idle", "talking", "after_call", "paused"]
"""What a seat does (席位状态); idle seats are offered calls."""
EXTENSION: Final = re.compile(r"[0-9*#+]{0,16}")
Extension = Annotated[str, msgspec.Meta(max_length=16, pattern=r"^[0-9*#+]*$")]
"""The number of the telephone at a seat (分机)."""
AfterCallS = Annotated[int, msgspec.Meta(ge=0, le=600)]
SeatSkills = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=16)]


class LogOnSeat(Command, frozen=True):
    """A person takes a seat (席位签入).

    extension: empty for that of the register, or the one the person has there already.
    after_call_s: for so long after a talk nothing is offered (话后处理), unless the seat says so;
    None for what the person has there already, else for none.
    """

    seat_id: Id
    person: ShortText
    desk_id: Id = "city"
    skills: SeatSkills = ()
    extension: Extension = ""
    after_call_s: AfterCallS | None = None


class PauseSeat(Command, frozen=True):
    """The person steps away (席位暂离); refused while talking."""

    seat_id: Id
    reason: ShortText


class ResumeSeat(Command, frozen=True):
    """The person is back, or done with the last call (席位恢复)."""

    seat_id: Id


class EndAfterCall(Command, frozen=True):
    """The time after a call is over (话后处理到时); submitted by a timer."""

    seat_id: Id


class LogOffSeat(Command, frozen=True):
    """The person leaves (席位签出); refused while the seat owns anything open."""

    seat_id: Id


class HandOverSeat(Command, frozen=True):
    """The person offers the seat and what it owns to the next one (席位交班)."""

    seat_id: Id
    to_person: ShortText
    notes: ShortText = ""


class AcceptSeat(Command, frozen=True):
    """The next person signs for the seat and what it owns (席位接班)."""

    seat_id: Id
    person: ShortText


class SeatLoggedOn(Event, frozen=True):
    """A person is at the seat (席位已签入); is_again: who was there already, with other skills."""

    seat_id: str
    person: str
    desk_id: str
    skills: tuple[str, ...]
    extension: str = ""
    after_call_s: int = 0
    is_again: bool = False


class SeatPaused(Event, frozen=True):
    """Nobody is offered to the seat (席位已暂离)."""

    seat_id: str
    reason: str


class SeatResumed(Event, frozen=True):
    """The seat takes calls again (席位已恢复)."""

    seat_id: str


class SeatLoggedOff(Event, frozen=True):
    """Nobody is at the seat (席位已签出)."""

    seat_id: str


class SeatHandOverOffered(Event, frozen=True):
    """The seat is offered to the next person, with what it owns (席位交班待签)."""

    seat_id: str
    to_person: str
    call_ids: tuple[str, ...]
    notes: str


class SeatHandedOver(Event, frozen=True):
    """The next person has signed for the seat (席位已交接)."""

    seat_id: str
    from_person: str
    person: str


COMMANDS = (
    LogOnSeat,
    PauseSeat,
    ResumeSeat,
    EndAfterCall,
    LogOffSeat,
    HandOverSeat,
    AcceptSeat,
)
EVENTS = (
    SeatLoggedOn,
    SeatPaused,
    SeatResumed,
    SeatLoggedOff,
    SeatHandOverOffered,
    SeatHandedOver,
)
