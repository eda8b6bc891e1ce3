"""Keeping and erasing of records (留存与销毁): legal holds, and the erasures they hold off.

An erasure destroys the keys of calls and incidents, see store/erasure.py. What the log says of it
is who wanted it, who agreed and that it was done; the words of those records are gone.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

MAX_RECORDS = 500
Ids = Annotated[tuple[Id, ...], msgspec.Meta(max_length=MAX_RECORDS)]
Seqs = Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_RECORDS)]
Instant = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_000)]
ErasureGround = Literal["term", "request", "unlawful", "court"]
"""Its term is over; the person asked; it should not have been kept; a court ordered it."""
AskedGround = Literal["request", "unlawful", "court"]


class HoldRecord(Command, frozen=True):
    """Records are kept whatever their term (法定保全); an incident with its calls."""

    person: Id
    reason: IncidentReason
    until_ms: Instant
    incident_ids: Ids = ()
    call_ids: Ids = ()


class ReleaseHold(Command, frozen=True):
    """A hold ends before its time (解除保全)."""

    hold_id: Id
    person: Id
    reason: IncidentReason


class RequestErasure(Command, frozen=True):
    """Somebody wants records erased before their term (申请销毁); another person must agree."""

    person: Id
    ground: AskedGround
    reason: IncidentReason
    incident_ids: Ids = ()
    call_ids: Ids = ()


class DecideErasure(Command, frozen=True):
    """The second person agrees, or not (复核销毁)."""

    erasure_id: Id
    person: Id
    approves: bool
    reason: IncidentReason = ""


class EraseExpired(Command, frozen=True):
    """Records are over their term and not held (到期销毁); input_seqs: of words of no case."""

    incident_ids: Ids = ()
    call_ids: Ids = ()
    input_seqs: Seqs = ()


class ConfirmErasure(Command, frozen=True):
    """The keys are destroyed (确认销毁); n_held: left, since a hold covers their case."""

    erasure_id: Id
    n_erased: int
    n_held: int = 0


class RecordHeld(Event, frozen=True):
    """Records are held (记录已保全)."""

    hold_id: str
    person: str
    reason: IncidentReasonTold
    until_ms: int
    incident_ids: tuple[str, ...]
    call_ids: tuple[str, ...]


class HoldReleased(Event, frozen=True):
    """They are no longer (保全已解除)."""

    hold_id: str
    person: str
    reason: IncidentReasonTold


class ErasureRequested(Event, frozen=True):
    """An erasure waits for a second person (销毁待复核)."""

    erasure_id: str
    person: str
    ground: ErasureGround
    reason: IncidentReasonTold
    incident_ids: tuple[str, ...]
    call_ids: tuple[str, ...]


class ErasureRejected(Event, frozen=True):
    """The second person did not agree (销毁被驳回)."""

    erasure_id: str
    person: str
    reason: IncidentReasonTold


class ErasureOrdered(Event, frozen=True):
    """The keys are to be destroyed (销毁已决定); person: who agreed, empty where the term did."""

    erasure_id: str
    person: str
    ground: ErasureGround
    incident_ids: tuple[str, ...]
    call_ids: tuple[str, ...]
    input_seqs: tuple[int, ...]


class ErasureDone(Event, frozen=True):
    """They are destroyed (销毁已完成)."""

    erasure_id: str
    n_erased: int
    n_held: int


ASKED = (HoldRecord, ReleaseHold, RequestErasure, DecideErasure)
COMMANDS = (*ASKED, EraseExpired, ConfirmErasure)
EVENTS = (
    RecordHeld,
    HoldReleased,
    ErasureRequested,
    ErasureRejected,
    ErasureOrdered,
    ErasureDone,
)
