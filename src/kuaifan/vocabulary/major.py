"""What a major incident asks of the desk (重大警情处置): reports, a log keeper, what is owed after.

A person declares it (facts.py); these are the papers that follow.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.facts import Note

MAX_REPORTS: Final = 200
MAX_ITEMS: Final = 200
"""Of one incident; a list that is longer is no list that anybody works through."""
ReportText = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
DueMs = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31)]


class ReportUp(Command, frozen=True):
    """A leader or an authority is told (重大警情上报); target: whom, by: who told them."""

    incident_id: Id
    target: ShortText
    by: ShortText
    text: ReportText = ""


class ConfirmReport(Command, frozen=True):
    """Who was told has said so (上报回执)."""

    incident_id: Id
    report_no: Number
    received_by: ShortText


class NameLogKeeper(Command, frozen=True):
    """One person keeps the log of it (指定记录员)."""

    incident_id: Id
    keeper: ShortText
    by: ShortText


class AddAfterAction(Command, frozen=True):
    """Something is owed afterwards (登记后续事项): what, by whom, until when."""

    incident_id: Id
    what: Note
    owner: ShortText
    due_at_ms: DueMs
    by: ShortText


class TickAfterAction(Command, frozen=True):
    """It is done (后续事项完成)."""

    incident_id: Id
    item_no: Number
    by: ShortText


class ReportedUp(Event, frozen=True):
    """It was reported (已上报); the receipt is still owed."""

    incident_id: str
    report_no: int
    target: str
    by: str
    text: ReportText


class ReportConfirmed(Event, frozen=True):
    """The report has arrived with a person (上报已签收)."""

    incident_id: str
    report_no: int
    received_by: str


class LogKeeperNamed(Event, frozen=True):
    """This person keeps the log (记录员已指定)."""

    incident_id: str
    keeper: str
    by: str


class AfterActionAdded(Event, frozen=True):
    """It is owed (后续事项已登记)."""

    incident_id: str
    item_no: int
    what: Annotated[str, Personal("incident")]
    owner: str
    due_at_ms: int
    by: str


class AfterActionTicked(Event, frozen=True):
    """It is owed no more (后续事项已完成)."""

    incident_id: str
    item_no: int
    by: str


COMMANDS = (ReportUp, ConfirmReport, NameLogKeeper, AddAfterAction, TickAfterAction)
EVENTS = (ReportedUp, ReportConfirmed, LogKeeperNamed, AfterActionAdded, AfterActionTicked)
