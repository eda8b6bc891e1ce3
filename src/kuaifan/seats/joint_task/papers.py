"""What the seat keeps (合成作战台账): tasks, and what each branch said."""

from __future__ import annotations

import msgspec

from kuaifan.board.day_tally import DayTally

from .terms import Terms
from .words import Answer, Branch, Supervision, Urgency


class BranchPart(msgspec.Struct, kw_only=True):
    """What a branch was asked (警种分工); outcome: empty as long as it owes an answer."""

    incident_id: str
    branch: Branch
    item_id: str
    asked_at_ms: int
    officer: str = ""
    outcome: str = ""
    result: Answer = ""
    ended_at_ms: int = 0


class JointTask(msgspec.Struct, kw_only=True):
    """Joint work on an incident (合成作战)."""

    task_id: str
    incident_id: str
    lead: str
    urgency: Urgency
    item_id: str
    opened_at_ms: int
    desk_id: str
    record_class: str
    parts: dict[str, BranchPart] = {}
    supervision: Supervision = "none"
    case_number: str = ""


class JointPapers(msgspec.Struct, kw_only=True):
    """Everything the seat keeps (合成作战分态); a task that is over has left it."""

    tally: DayTally = msgspec.field(default_factory=DayTally)
    tasks: dict[str, JointTask] = {}
    n_tasks: int = 0
    terms: Terms = Terms()
