"""What leaves the desk (外发): how far it was told, what could not be told, what a person decides.

The log is the queue: an effect is named by the record and the event that wished for it, so that
whoever writes the log next knows where to go on, on whatever machine. Nobody's data are in here.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id

MAX_LETTERS: Final = 500
"""Letters that stand for a person at once; past it the oldest is put away, and the log says so."""
MAX_DONE: Final = 1_000
"""Places that one note may name."""
PHONE: Final = "phone"
"""The channel of the telephone system; any other is a service of `agency.AGENCIES`."""

FailedWhy = Literal["silent", "refused", "late", "gone"]
"""Why something was not told (未送达原因): nobody answered, it was refused, it was too old before
it could be tried, or what it was about has left the desk."""
LetterState = Literal["waiting", "repeated"]
DismissedWhy = Literal["told_otherwise", "not_needed"]
Seq = Annotated[int, msgspec.Meta(ge=0)]
Place = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}-[0-9]{1,9}$")]
"""seq-number: the record that wished for something, and its event."""


class Outgoing(msgspec.Struct, frozen=True):
    """What an event wants told outside (外发约定), as its class's `TELLS`.

    channel: a service of `agency.AGENCIES`. command: what the receiver is asked for. fields: of
    the event, told as they are.
    """

    channel: str
    command: str
    fields: tuple[str, ...]


class NoteDelivered(Command, frozen=True):
    """Everything wished for up to a record is dealt with (外发进度); the outbox tells.

    done: places after that record that are dealt with too.
    """

    upto_seq: Seq
    done: Annotated[tuple[Place, ...], msgspec.Meta(max_length=MAX_DONE)] = ()


class ReportUndelivered(Command, frozen=True):
    """Something was given up (外发失败); the outbox tells.

    what: what was wished for, in a word. status: what the other side answered, 0 for nothing.
    """

    effect_id: Id
    channel: Id
    what: Id
    why: FailedWhy
    n_attempts: int = 0
    status: int = 0
    call_id: Id = ""
    incident_id: Id = ""
    request_id: Id = ""


class ReportDelivered(Command, frozen=True):
    """A letter that was repeated has arrived (重发送达); the outbox tells."""

    effect_id: Id


class RepeatEffect(Command, frozen=True):
    """A person has it told once more (重发), with the same key: who knows it passes over it."""

    effect_id: Id


class DismissEffect(Command, frozen=True):
    """A person has told it otherwise, or it is no matter any more (不再外发)."""

    effect_id: Id
    why: DismissedWhy


class DeliveryNoted(Event, frozen=True):
    """How far the outbox has come (外发已至)."""

    upto_seq: int
    done: tuple[str, ...] = ()


class EffectUndelivered(Event, frozen=True):
    """Somebody outside was not told (未送达); it stands until a person has dealt with it."""

    effect_id: str
    channel: str
    what: str
    why: FailedWhy
    n_attempts: int
    status: int
    call_id: str
    incident_id: str
    request_id: str


class EffectDelivered(Event, frozen=True, omit_defaults=True):
    """What was repeated has arrived (重发已送达).

    incident_id, call_id: whom the letter is about, here and below; empty in old logs.
    """

    effect_id: str
    incident_id: str = ""
    call_id: str = ""


class EffectRepeated(Event, frozen=True, omit_defaults=True):
    """It is to be told once more (已重发)."""

    effect_id: str
    incident_id: str = ""
    call_id: str = ""


class EffectDismissed(Event, frozen=True, omit_defaults=True):
    """It is told no more (已不再外发); full: newer ones have taken its place."""

    effect_id: str
    why: Literal[DismissedWhy, "full"]
    incident_id: str = ""
    call_id: str = ""


COMMANDS = (NoteDelivered, ReportUndelivered, ReportDelivered, RepeatEffect, DismissEffect)
EVENTS = (DeliveryNoted, EffectUndelivered, EffectDelivered, EffectRepeated, EffectDismissed)
GATEWAY = (NoteDelivered, ReportUndelivered, ReportDelivered)
