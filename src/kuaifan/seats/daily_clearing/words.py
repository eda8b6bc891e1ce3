"""What is said of a cleared day (两清用语): the run at nine, open reasons, small cases, terms."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=24 * 31)]
Days = Annotated[int, msgspec.Meta(ge=1, le=120)]
How = Literal["closed", "case", "mediation", "transfer", "merged", "reason"]
"""By what an incident counts as cleared (清零方式)."""
SmallStep = Literal["to_watch", "to_examine", "to_study"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Times and shares of the seat (规程参数), all [U] in the domain but those of the law.

    uncleared_h, judge_h, correct_h, check_h: to clear, to judge a hit, to correct, to look again.
    reason_days: how far ahead a dated reason may lie. decide_days, check_days, check_long_days: of
    a criminal case before filing; order_days and extension_days of a public-order case; work_days
    of a filed criminal case. keep_case_days: on the page after its end, for what a court finds of
    it comes late. rules_off: rules of the checklist that this city does not use.
    """

    sample_percent: int = 5
    final_h: int = 24
    uncleared_h: int = 9
    judge_h: int = 9
    correct_h: int = 24
    check_h: int = 24
    reason_days: int = 30
    decide_days: int = 3
    check_days: int = 7
    check_long_days: int = 30
    order_days: int = 30
    extension_days: int = 30
    work_days: int = 60
    receipt_h: int = 24
    watch_h: int = 2
    examine_h: int = 24
    study_h: int = 72
    keep_case_days: int = 400
    place_off_m: int = 200
    story_chars: int = 10
    rules_off: tuple[str, ...] = ()


class SetDailyTerms(Command, frozen=True):
    """Change times and shares of the daily review (更改日清规程); fields left out stay."""

    by: ShortText
    reason: ShortText
    sample_percent: Percent | None = None
    final_h: Hours | None = None
    uncleared_h: Hours | None = None
    judge_h: Hours | None = None
    correct_h: Hours | None = None
    check_h: Hours | None = None
    reason_days: Days | None = None
    decide_days: Days | None = None
    check_days: Days | None = None
    check_long_days: Days | None = None
    order_days: Days | None = None
    extension_days: Days | None = None
    work_days: Days | None = None
    receipt_h: Hours | None = None
    watch_h: Hours | None = None
    examine_h: Hours | None = None
    study_h: Hours | None = None
    keep_case_days: Annotated[int, msgspec.Meta(ge=30, le=400)] | None = None
    place_off_m: Annotated[int, msgspec.Meta(ge=20, le=5_000)] | None = None
    story_chars: Annotated[int, msgspec.Meta(ge=0, le=500)] | None = None
    rules_off: Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=20)] | None = None


class DailyTermsSet(Event, frozen=True):
    """Times and shares are others (日清规程已更改)."""

    by: str
    reason: str
    terms: Terms


class RunDailyClearing(Command, frozen=True):
    """It is nine: which incidents of a day are not cleared (九点清零); submitted by a timer."""

    day: int


class DailyClearingRun(Event, frozen=True):
    """A day was looked at (已清零核对).

    counts: of the day; earlier: of the day before it, what was then too early to say. incident_ids,
    order_ids: of the day, still too early to say. left_ids: not cleared, the day's and older ones.
    opened: incident -> item, of those that come onto the list now.
    """

    day: int
    counts: dict[str, int]
    earlier: dict[str, int]
    incident_ids: tuple[str, ...]
    order_ids: tuple[str, ...]
    left_ids: tuple[str, ...]
    opened: dict[str, str]


class GiveOpenReason(Command, frozen=True):
    """Why an incident stays open, whose it is, and until when (未清理由)."""

    incident_id: Id
    reason: IncidentReason
    owner: ShortText
    until_ms: Instant
    by: ShortText


class OpenReasonGiven(Event, frozen=True):
    """An incident stays open for a dated reason (已说明未清理由)."""

    incident_id: str
    reason: IncidentReasonTold
    owner: str
    until_ms: int
    by: str
    item_id: str


class ClearIncident(Command, frozen=True):
    """It was on the list of the uncleared and is cleared now (销号); a reaction asks."""

    incident_id: Id


class IncidentCleared(Event, frozen=True):
    """It is off the list of the uncleared (已销号); how: by what."""

    incident_id: str
    how: How


class LinkCameraFile(Command, frozen=True):
    """Name the file of the body camera of an attendance (关联执法记录仪文件)."""

    order_id: Id
    incident_id: Id
    reference: ShortText
    by: ShortText


class CameraFileLinked(Event, frozen=True):
    """The file of an attendance is known (执法记录仪文件已关联)."""

    order_id: str
    incident_id: str
    reference: str
    by: str


class OpenSmallCase(Command, frozen=True):
    """A theft is a small case: watched, examined, studied (民生小案建档); a reaction asks."""

    incident_id: Id


class StepSmallCase(Command, frozen=True):
    """One of the three was done (小案必盯、必勘、必研): who watches it, what was found."""

    item_id: Id
    done: SmallStep
    note: IncidentReason
    by: ShortText
    officer: ShortText = ""


class DropSmallCase(Command, frozen=True):
    """It was no theft (小案撤销), with the reason."""

    item_id: Id
    reason: IncidentReason
    by: ShortText


class SmallCaseOpened(Event, frozen=True):
    """A theft is followed to its end (小案已建档)."""

    incident_id: str
    item_id: str


class SmallCaseStepped(Event, frozen=True):
    """One of the three is done (小案已推进)."""

    incident_id: str
    item_id: str
    done: SmallStep


class SmallCaseDropped(Event, frozen=True):
    """It was none (小案已撤销)."""

    incident_id: str
    item_id: str


COMMANDS = (
    *(SetDailyTerms, RunDailyClearing, GiveOpenReason, ClearIncident, LinkCameraFile),
    *(OpenSmallCase, StepSmallCase, DropSmallCase),
)
EVENTS = (
    *(DailyTermsSet, DailyClearingRun, OpenReasonGiven, IncidentCleared, CameraFileLinked),
    *(SmallCaseOpened, SmallCaseStepped, SmallCaseDropped),
)
