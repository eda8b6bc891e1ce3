"""Folds of approvals (批准归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.approvals import Approval
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import approval


def asked(board: Board, event: approval.ApprovalAsked, at_ms: int) -> None:
    """It waits."""
    papers = board.approvals
    papers.n_approvals += 1
    papers.approvals[event.approval_id] = Approval(
        approval_id=event.approval_id,
        person=event.person,
        what=event.what,
        asked_at_ms=at_ms,
        until_ms=event.until_ms,
        of_seat=event.of_seat,
        seq=board.seq,
    )


def given(board: Board, event: approval.ApprovalGiven, _at_ms: int) -> None:
    """Somebody consented; it stays in sight for who asked."""
    found = board.approvals.approvals[event.approval_id]
    found.state, found.decided_by, found.seq = "given", event.person, board.seq


def not_done(board: Board, event: approval.ApprovalNotDone, _at_ms: int) -> None:
    """Consented to in vain; who asked and who consented are told why."""
    found = board.approvals.approvals[event.approval_id]
    found.state, found.seq = "not_done", board.seq
    found.not_done_zh, found.not_done_en = event.reason_zh, event.reason_en


def refused(board: Board, event: approval.ApprovalRefused, _at_ms: int) -> None:
    """Somebody said no; it stays in sight for who asked."""
    found = board.approvals.approvals[event.approval_id]
    found.state, found.decided_by, found.seq = "refused", event.person, board.seq
    found.answer = event.reason


def ended(board: Board, event: approval.ApprovalEnded, _at_ms: int) -> None:
    """It leaves the screens; the log keeps it."""
    del board.approvals.approvals[event.approval_id]


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    approval.ApprovalAsked: asked,
    approval.ApprovalGiven: given,
    approval.ApprovalRefused: refused,
    approval.ApprovalNotDone: not_done,
    approval.ApprovalEnded: ended,
}
