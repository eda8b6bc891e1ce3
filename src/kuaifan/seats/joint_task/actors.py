"""Simulated people of the seat (合成作战模拟人员): branches that answer, late, refuse, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.order import FeedbackGiven

from .kinds import SEAT_ID
from .papers import JointPapers
from .words import (
    AcceptBranch,
    AnswerBranch,
    BranchAccepted,
    BranchAnswered,
    BranchAsked,
    BranchInsisted,
    BranchRefused,
    BranchWithdrawn,
    CloseJointTask,
    InsistBranch,
    OpenJointTask,
    RefuseBranch,
    WithdrawBranch,
)

Draw = Callable[[str], float]
Acts = Iterable[tuple[int, Command]]
OFFICER, LEADER = "sim:officer", "sim:leader"
SHARES: Final[Mapping[str, float]] = {
    "needs": 0.12,
    "takes": 0.9,
    "sends_back": 0.08,
    "answers": 0.93,
    "insists": 0.7,
}
"""How often; [U], so that a quarter has every branch of the rules."""


def after_feedback(board: Board, event: FeedbackGiven, _at_ms: int, draw: Draw) -> Acts:
    """Some crimes ask branches."""
    incident = board.incidents.get(event.incident_id)
    if incident is None or not _does(draw, "needs"):
        return
    if board.reference.types[incident.type_code].class_key == "criminal":
        opened = OpenJointTask(
            incident_id=event.incident_id, what="请协助核查线索", lead=LEADER, by=OFFICER
        )
        yield round(draw("open") * 30 * MINUTE_MS), opened


def after_asked(
    _board: Board, event: BranchAsked | BranchInsisted, _at_ms: int, draw: Draw
) -> Acts:
    """Mostly taken within two hours; some send it back, some let it lie for a day."""
    wait_ms = round(draw("take") * 150 * MINUTE_MS)
    if isinstance(event, BranchAsked) and _does(draw, "sends_back"):
        yield wait_ms, RefuseBranch(item_id=event.item_id, reason="不属本警种", by=OFFICER)
        return
    late_ms = 0 if _does(draw, "takes") else 24 * HOUR_MS
    yield wait_ms + late_ms, AcceptBranch(item_id=event.item_id, officer=OFFICER, by=OFFICER)


def after_accepted(_board: Board, event: BranchAccepted, _at_ms: int, draw: Draw) -> Acts:
    """Answered within two days mostly; what is never answered is withdrawn after a week."""
    if _does(draw, "answers"):
        answer = AnswerBranch(item_id=event.item_id, result="已核查，结果见附件", by=OFFICER)
        yield round((2 + draw("work") * 52) * HOUR_MS), answer
    else:
        withdraw = WithdrawBranch(item_id=event.item_id, reason="线索已另查", by=LEADER)
        yield 7 * 24 * HOUR_MS, withdraw


def after_refused(_board: Board, event: BranchRefused, _at_ms: int, draw: Draw) -> Acts:
    """A leader decides."""
    wait_ms = round(draw("decide") * 90 * MINUTE_MS)
    if _does(draw, "insists"):
        yield wait_ms, InsistBranch(item_id=event.item_id, reason="按职责分工", by=LEADER)
    else:
        yield wait_ms, WithdrawBranch(item_id=event.item_id, reason="退回属实", by=LEADER)


def after_end(
    board: Board, event: BranchAnswered | BranchWithdrawn, _at_ms: int, draw: Draw
) -> Acts:
    """The last one ends it."""
    papers: JointPapers = board.seats[SEAT_ID]
    task = papers.tasks.get(event.task_id)
    if task is not None and all(part.outcome for part in task.parts.values()):
        close = CloseJointTask(task_id=event.task_id, summary="各警种已答复", by=LEADER)
        yield round(draw("close") * 6 * HOUR_MS), close


def _does(draw: Draw, what: str) -> bool:
    return draw(what) < SHARES[what]


ACTORS: Final[Mapping[type[Event], Callable[..., Acts]]] = {
    FeedbackGiven: after_feedback,
    BranchAsked: after_asked,
    BranchInsisted: after_asked,
    BranchAccepted: after_accepted,
    BranchRefused: after_refused,
    BranchAnswered: after_end,
    BranchWithdrawn: after_end,
}
