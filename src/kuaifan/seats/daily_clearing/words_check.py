"""What is said of the daily review (日评查用语): drawn, hit, confirmed or dismissed, corrected."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason

ToKind = Literal["person", "unit", "desk"]
"""Who may be asked to correct something, or given a task."""


class Hit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule of the checklist found (命中): numbers and codes, never a person's words."""

    rule: str
    order_id: str = ""
    was: str = ""
    limit: str = ""


class CheckDay(Command, frozen=True):
    """Hold the incidents of a day against the checklist, some at a time (日评查); a timer asks."""

    day: int
    after: Annotated[str, msgspec.Meta(max_length=200)] = ""


class DayChecked(Event, frozen=True):
    """Some incidents of a day were checked (日评查已核对); upto: the last, empty when all are."""

    day: int
    n_checked: int
    upto: str


class DefectFound(Event, frozen=True):
    """A rule, or a reviewer, found something (已命中); is_sample: nothing, but drawn by lot."""

    paper_id: str
    incident_id: str
    item_id: str
    day: int
    hit: Hit
    by: str


class SampleDrawn(Event, frozen=True):
    """An incident was drawn by lot (已抽检)."""

    paper_id: str
    incident_id: str
    item_id: str
    day: int


class AddDefect(Command, frozen=True):
    """A reviewer found something that no rule did (补登问题)."""

    incident_id: Id
    rule: ShortText
    note: IncidentReason
    by: ShortText


class ConfirmDefect(Command, frozen=True):
    """The hit is right: somebody corrects it by then (确认问题、下发整改); 0: the usual time."""

    item_id: Id
    to_kind: ToKind
    to_id: ShortText
    by: ShortText
    due_at_ms: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    note: IncidentReason = ""


class DismissDefect(Command, frozen=True):
    """The hit is wrong, and why (命中不成立)."""

    item_id: Id
    reason: IncidentReason
    by: ShortText


class ReportCorrected(Command, frozen=True):
    """It was corrected, and how (整改反馈)."""

    item_id: Id
    note: IncidentReason
    by: ShortText


class CheckCorrection(Command, frozen=True):
    """Somebody else looked at the correction (整改复核): it holds, or it goes back."""

    item_id: Id
    holds: bool
    by: ShortText
    note: IncidentReason = ""


class PassSample(Command, frozen=True):
    """A drawn incident was looked at and nothing was found (抽检通过)."""

    item_id: Id
    by: ShortText
    note: IncidentReason = ""


class DefectJudged(Event, frozen=True):
    """A reviewer said whether a hit is right (命中已认定)."""

    paper_id: str
    incident_id: str
    is_confirmed: bool
    by: str


class DefectCorrected(Event, frozen=True):
    """Somebody corrected it (已整改)."""

    paper_id: str
    incident_id: str
    by: str


class CorrectionChecked(Event, frozen=True):
    """It holds, or went back (整改已复核); is_late: it took longer than it might."""

    paper_id: str
    incident_id: str
    holds: bool
    is_late: bool
    by: str


class SamplePassed(Event, frozen=True):
    """Nothing was found in it (抽检已通过)."""

    paper_id: str
    incident_id: str
    by: str


COMMANDS = (
    *(CheckDay, AddDefect, ConfirmDefect, DismissDefect, ReportCorrected),
    *(CheckCorrection, PassSample),
)
EVENTS = (
    *(DayChecked, DefectFound, SampleDrawn, DefectJudged, DefectCorrected),
    *(CorrectionChecked, SamplePassed),
)
