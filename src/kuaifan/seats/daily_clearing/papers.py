"""What the seat keeps (日清台账): days, open reasons, cases, hits, small cases, meetings."""

from __future__ import annotations

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.vocabulary.item import Owner

from .words import SmallStep, Terms
from .words_case import CaseEnd, CaseKind, QualityCode
from .words_check import Hit
from .words_meeting import AgendaLine, MeetingLevel, Minutes


class DayPaper(msgspec.Struct, kw_only=True):
    """A day as it stood at nine (日清单); n_checked: of its incidents, against the checklist."""

    day: int
    run_at_ms: int
    counts: dict[str, int]
    left_ids: tuple[str, ...]
    n_checked: int = 0
    n_hits: int = 0
    n_drawn: int = 0
    is_checked: bool = False


class OpenReason(msgspec.Struct, kw_only=True):
    """Why an incident stays open (未清理由); the words stand in the log."""

    incident_id: str
    owner: str
    until_ms: int


class Case(msgspec.Struct, kw_only=True):
    """A linked case (关联案件); accepted_at_ms: from when its time runs until it is filed."""

    case_id: str
    incident_id: str
    kind: CaseKind
    number: str
    officer: str
    item_id: str
    accepted_at_ms: int
    desk_id: str
    record_class: str
    stage: str = "accepted"
    receipt_at_ms: int = 0
    filed_at_ms: int = 0
    ended_at_ms: int = 0
    outcome: CaseEnd | None = None
    quality: tuple[QualityCode, ...] = ()
    asked_by: str = ""


class Defect(msgspec.Struct, kw_only=True):
    """An incident that a reviewer looks at (评查件): for a hit of a rule, or drawn by lot.

    hit: None for one drawn by lot. by: the reviewer who found it, empty for a rule. to:
    who corrects it by due_at_ms. corrected_by: never who looks at the correction.
    """

    paper_id: str
    incident_id: str
    item_id: str
    day: int
    at_ms: int
    desk_id: str
    record_class: str
    hit: Hit | None = None
    by: str = ""
    to: Owner | None = None
    corrected_by: str = ""
    due_at_ms: int = 0


class SmallCase(msgspec.Struct, kw_only=True):
    """A theft that is watched, examined and studied (民生小案)."""

    incident_id: str
    item_id: str
    opened_at_ms: int
    done: list[SmallStep] = []


class Minute(msgspec.Struct, kw_only=True):
    """What was said of a line (会议记录)."""

    line_no: int
    incident_id: str
    text: Minutes
    by: str
    at_ms: int


class Meeting(msgspec.Struct, kw_only=True):
    """A daily meeting (三级会议)."""

    meeting_id: str
    level: MeetingLevel
    chair: str
    link: str
    opened_at_ms: int
    agenda: tuple[AgendaLine, ...]
    minutes: list[Minute] = []
    task_lines: list[int] = []
    ended_at_ms: int = 0


class DailyClearing(msgspec.Struct, kw_only=True):
    """Everything the seat keeps (日清专席分态).

    days: the last weeks, by day. uncleared: incident -> its item. incident_ids, order_ids: of the
    last day, too early to count yet. cases_of: incident -> its cases. camera: order -> its file.
    """

    terms: Terms = Terms()
    tally: DayTally = msgspec.field(default_factory=DayTally)
    days: dict[int, DayPaper] = {}
    reasons: dict[str, OpenReason] = {}
    uncleared: dict[str, str] = {}
    incident_ids: tuple[str, ...] = ()
    order_ids: tuple[str, ...] = ()
    cases: dict[str, Case] = {}
    cases_of: dict[str, list[str]] = {}
    camera: dict[str, str] = {}
    defects: dict[str, Defect] = {}
    small: dict[str, SmallCase] = {}
    meetings: dict[str, Meeting] = {}
    n_cases: int = 0
    n_papers: int = 0
    n_meetings: int = 0
