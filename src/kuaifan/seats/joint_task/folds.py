"""How the seat's events change what it keeps (合成作战归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event

from . import words
from .papers import BranchPart, JointTask
from .rules import papers_of


def opened(board: Board, event: words.JointTaskOpened, at_ms: int) -> None:
    """It runs."""
    papers = papers_of(board)
    papers.n_tasks += 1
    item = board.items[event.item_id]
    papers.tasks[event.task_id] = JointTask(
        task_id=event.task_id,
        incident_id=event.incident_id,
        lead=event.lead.strip(),
        urgency=event.urgency,
        item_id=event.item_id,
        opened_at_ms=at_ms,
        desk_id=item.desk_id,
        record_class=item.record_class,
    )
    papers.tally.add(at_ms, "tasks")


def asked(board: Board, event: words.BranchAsked, at_ms: int) -> None:
    """A branch owes an answer; one asked again begins anew."""
    papers = papers_of(board)
    papers.tasks[event.task_id].parts[event.branch] = BranchPart(
        incident_id=event.incident_id,
        branch=event.branch,
        item_id=event.item_id,
        asked_at_ms=at_ms,
    )
    papers.tally.add(at_ms, "asked")


def accepted(board: Board, event: words.BranchAccepted, _at_ms: int) -> None:
    """Somebody has it."""
    _part(board, event.task_id, event.branch).officer = event.officer


def answered(board: Board, event: words.BranchAnswered, at_ms: int) -> None:
    """Its answer stands; counted for the day it was asked."""
    part = _part(board, event.task_id, event.branch)
    part.outcome, part.result, part.ended_at_ms = "answered", event.result, at_ms
    tally = papers_of(board).tally
    tally.add(part.asked_at_ms, "answered")
    tally.add(part.asked_at_ms, "answered_in_time", 0 if event.is_late else 1)


def refused(board: Board, event: words.BranchRefused, at_ms: int) -> None:
    """A leader decides."""
    _part(board, event.task_id, event.branch).officer = ""
    papers_of(board).tally.add(at_ms, "refused")


def withdrawn(board: Board, event: words.BranchWithdrawn, at_ms: int) -> None:
    """It owes nothing."""
    part = _part(board, event.task_id, event.branch)
    part.outcome, part.ended_at_ms = "withdrawn", at_ms
    papers_of(board).tally.add(part.asked_at_ms, "withdrawn")


def supervised(board: Board, event: words.SupervisionSet, at_ms: int) -> None:
    """Watched."""
    papers = papers_of(board)
    papers.tasks[event.task_id].supervision = event.level
    papers.tally.add(at_ms, f"supervised_{event.level}")


def linked(board: Board, event: words.JointCaseLinked, _at_ms: int) -> None:
    """The case is known."""
    papers_of(board).tasks[event.task_id].case_number = event.number


def closed(board: Board, event: words.JointTaskClosed, at_ms: int) -> None:
    """Over; the log has it."""
    papers = papers_of(board)
    del papers.tasks[event.task_id]
    papers.tally.add(at_ms, "closed")


def term_set(board: Board, event: words.JointTermSet, _at_ms: int) -> None:
    """Another number is in force."""
    papers = papers_of(board)
    papers.terms = msgspec.structs.replace(papers.terms, **{event.name: event.value})


def _part(board: Board, task_id: str, branch: str) -> BranchPart:
    return papers_of(board).tasks[task_id].parts[branch]


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    words.JointTaskOpened: opened,
    words.BranchAsked: asked,
    words.BranchAccepted: accepted,
    words.BranchAnswered: answered,
    words.BranchRefused: refused,
    words.BranchWithdrawn: withdrawn,
    words.SupervisionSet: supervised,
    words.JointCaseLinked: linked,
    words.JointTaskClosed: closed,
    words.JointTermSet: term_set,
}
