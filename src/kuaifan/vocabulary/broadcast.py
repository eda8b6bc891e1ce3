"""One message to many units (广播): for a time, with a receipt of each that has read it.

A vehicle or a place may be looked out for. A person only within a running incident: the description
is sealed under that incident's key and goes with its end; there are no lists of people.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText

BroadcastSubject = Literal["notice", "vehicle", "place", "person"]
"""What it is about (广播内容): a notice, or whom or what to look out for."""
AudienceKind = Literal["all", "line", "desk", "district", "units"]
"""To whom (广播范围): everybody on duty, a line of work, a desk's units, an area, units by name."""
MAX_CHARS: Final = 400
"""A crew reads it while driving past; more belongs into the incident."""
MAX_MINUTES: Final = 24 * 60
MAX_STANDING: Final = 50
MAX_UNITS: Final = 500
Text = Annotated[str, msgspec.Meta(max_length=MAX_CHARS)]
PersonText = Annotated[str, msgspec.Meta(max_length=MAX_CHARS), Personal("incident")]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=MAX_MINUTES)]
Names = Annotated[tuple[Id, ...], msgspec.Meta(max_length=MAX_UNITS)]


class Broadcast(Command, frozen=True):
    """Tell many units at once (广播).

    to: names of lines, desks, districts or units, by audience; empty for all. person: how somebody
    looks, only with the incident_id of an incident that is running.
    """

    text: Text
    by: ShortText
    minutes: Minutes
    subject: BroadcastSubject = "notice"
    audience: AudienceKind = "all"
    to: Names = ()
    incident_id: Id = ""
    person: PersonText = ""


class ReadBroadcast(Command, frozen=True):
    """A crew has read it (广播已阅)."""

    broadcast_id: Id
    unit_id: Id


class EndBroadcast(Command, frozen=True):
    """It holds no more (停止广播)."""

    broadcast_id: Id
    by: ShortText


class ExpireBroadcast(Command, frozen=True):
    """Its time is over, or its incident is (广播到期); submitted by a timer or a rule."""

    broadcast_id: Id


class BroadcastSent(Event, frozen=True):
    """Units are told (广播已发); unit_ids: those on duty that it was for."""

    broadcast_id: str
    text: str
    by: str
    subject: BroadcastSubject
    audience: AudienceKind
    to: tuple[str, ...]
    incident_id: str
    person: PersonText
    unit_ids: tuple[str, ...]
    expires_at_ms: int


class BroadcastRead(Event, frozen=True):
    """A unit has read it (广播已签阅)."""

    broadcast_id: str
    unit_id: str


class BroadcastEnded(Event, frozen=True):
    """Nobody is told any more (广播已结束); by empty: it ran out, or its incident did."""

    broadcast_id: str
    by: str


COMMANDS = (Broadcast, ReadBroadcast, EndBroadcast, ExpireBroadcast)
EVENTS = (BroadcastSent, BroadcastRead, BroadcastEnded)
