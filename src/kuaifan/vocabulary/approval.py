"""Approvals (批准): one person asks, another one consents by its own act, and then it happens.

What is asked for is the command itself. Nobody types the name of whoever consents. A special seat
says in its declaration which of its commands need it (board/seat_forms.py, Consent).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary import desk, incident, missed, order, reinforce, unit
from kuaifan.vocabulary.call import Id
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Right, Role

Approvable = (
    incident.SetPriority
    | incident.SettleByPhone
    | order.AssignUnit
    | reinforce.DivertUnit
    | missed.LiftNeverRing
    | missed.LimitCaller
    | missed.LiftCallerLimit
    | unit.HandOverShift
    | desk.UsePolicy
)
"""Commands with a field that is the name of another person than who asks."""
APPROVABLE: Final[tuple[type[Command], ...]] = get_args(Approvable)
_OTHER_FIELD: Final[Mapping[type[Command], str]] = {desk.UsePolicy: "agreed_by"}


CONSENT: Final = "CONSENT"
"""Where the class of a seat's command says in which field whoever consents is named."""


class SeatAct(Command, frozen=True):
    """A command of a special seat, as it waits for another's consent (专席操作).

    name: of the command. said: the command itself as JSON, sealed as a whole: a seat's words are
    its case's. incident_id: that case; whoever asks leaves it out.
    """

    name: Id
    said: Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
    incident_id: str = ""


Asked = Approvable | SeatAct


class OfSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Whose consent a seat asks for (专席申请): its readers who have a right, and nobody else.

    zh, en: what is asked for, in words, which tell of the case. desk_id, record_class: of that
    case, which may leave the board before its papers do.
    """

    seat_id: str
    zh: Annotated[str, Personal("incident")]
    en: Annotated[str, Personal("incident")]
    right: Right
    readers: tuple[Role, ...]
    desk_id: str
    record_class: RecordClass


def needs_consent(command: type[Command]) -> bool:
    """Whether it has a field for another person's name, which nobody types."""
    return command in APPROVABLE or hasattr(command, CONSENT)


def consent_field(command: type[Command]) -> str:
    """The field with the name of whoever consents; `approved_by` but for a few."""
    own: str = getattr(command, CONSENT, "approved_by")
    return _OTHER_FIELD.get(command, own)


ApprovalState = Literal["waiting", "given", "refused", "not_done"]
"""not_done: consented to, and the rules did not allow it any more (已批准、未能执行)."""
VALID_MS: Final = 15 * 60_000
"""After a quarter of an hour what was asked is asked anew: the desk has moved on."""


class AskApproval(Command, frozen=True):
    """Ask a supervisor to consent to a command (申请批准); `what` happens once somebody does."""

    person: Id
    what: Asked


class GiveApproval(Command, frozen=True):
    """Another person consents, and it happens (批准); never who asked."""

    approval_id: Id
    person: Id


class RefuseApproval(Command, frozen=True):
    """The other person does not consent (不予批准), and says why."""

    approval_id: Id
    person: Id
    reason: IncidentReason


class ExpireApproval(Command, frozen=True):
    """Its time is over (批准申请到期); submitted by a timer."""

    approval_id: Id


class NoteNotDone(Command, frozen=True):
    """What was consented to could not be done (批准后未能执行); submitted by a reaction.

    code, reason_zh, reason_en: of the refusal.
    """

    approval_id: Id
    code: str
    reason_zh: str
    reason_en: str


class ApprovalAsked(Event, frozen=True, omit_defaults=True):
    """A command waits for a supervisor (待批准).

    incident_id, call_id: whom it is about, here and in its answers; empty in old logs. of_seat: of
    a special seat's own command.
    """

    approval_id: str
    person: str
    what: Asked
    until_ms: int
    incident_id: str = ""
    call_id: str = ""
    of_seat: OfSeat | None = None


class ApprovalGiven(Event, frozen=True, omit_defaults=True):
    """Somebody consented (已批准); the command follows in the same record."""

    approval_id: str
    person: str
    incident_id: str = ""
    call_id: str = ""


class ApprovalNotDone(Event, frozen=True, omit_defaults=True):
    """It was consented to, and the rules refused it all the same (已批准、未能执行)."""

    approval_id: str
    code: str
    reason_zh: str
    reason_en: str
    incident_id: str = ""
    call_id: str = ""


class ApprovalRefused(Event, frozen=True, omit_defaults=True):
    """Nobody shall do it (未批准)."""

    approval_id: str
    person: str
    reason: IncidentReasonTold
    incident_id: str = ""
    call_id: str = ""


class ApprovalEnded(Event, frozen=True):
    """It leaves the screens (批准申请已结束), decided or not."""

    approval_id: str


ASKED = (AskApproval, GiveApproval, RefuseApproval)
COMMANDS = (*ASKED, ExpireApproval, NoteNotDone)
EVENTS = (ApprovalAsked, ApprovalGiven, ApprovalRefused, ApprovalEnded, ApprovalNotDone)
