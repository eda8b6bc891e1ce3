"""What the seat's page shows (合成作战表): tasks, and each branch's part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from kuaifan.board.state import Board

from .papers import JointTask
from .rules import papers_of
from .words import Answer


class TaskRow(msgspec.Struct, frozen=True, kw_only=True):
    """A task that runs (合成作战)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    lead: str
    urgency: str
    n_asked: int
    n_answered: int
    n_open: int
    supervision: str
    case_number: str
    opened_at_ms: int
    due_at_ms: int


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a branch was asked and said (警种答复)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    branch: str
    stage: str
    officer: str
    asked_at_ms: int
    due_at_ms: int
    result: Answer = ""


def tasks(board: Board) -> Iterator[TaskRow]:
    """Tasks that run, the oldest first."""
    for task in papers_of(board).tasks.values():
        parts = task.parts.values()
        yield TaskRow(
            row_id=task.task_id,
            incident_id=task.incident_id,
            desk_id=task.desk_id,
            record_class=task.record_class,
            lead=task.lead,
            urgency=task.urgency,
            n_asked=len(parts),
            n_answered=sum(part.outcome == "answered" for part in parts),
            n_open=sum(not part.outcome for part in parts),
            supervision=task.supervision,
            case_number=task.case_number,
            opened_at_ms=task.opened_at_ms,
            due_at_ms=board.items[task.item_id].due_at_ms,
        )


def parts(board: Board) -> Iterator[PartRow]:
    """Branches of the tasks that run."""
    for task in papers_of(board).tasks.values():
        yield from _parts_of(board, task)


def _parts_of(board: Board, task: JointTask) -> Iterator[PartRow]:
    for part in task.parts.values():
        item = board.items.get(part.item_id)
        yield PartRow(
            row_id=f"{task.task_id}-{part.branch}",
            incident_id=task.incident_id,
            desk_id=task.desk_id,
            record_class=task.record_class,
            branch=part.branch,
            stage=item.stage if item else part.outcome,
            officer=part.officer,
            asked_at_ms=part.asked_at_ms,
            due_at_ms=item.due_at_ms if item else 0,
            result=part.result,
        )


VIEWS: Final[Mapping[str, Callable[[Board], Iterator[msgspec.Struct]]]] = {
    "tasks": tasks,
    "parts": parts,
}
