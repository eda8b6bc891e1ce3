"""Which papers of the seat leave the board (日清归档): a case a year and more after its end."""

from __future__ import annotations

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.seat_archive import Gone, Retires
from kuaifan.board.state import Board

from .clearing import papers_of
from .papers import Case

MAX_CASE_DAYS = 400
"""A city keeps them for less, never for longer."""


def is_over(board: Board, case: Case, now_ms: int) -> bool:
    """Ended, and its judgement with it."""
    kept_ms = papers_of(board).terms.keep_case_days * DAY_MS
    return bool(case.ended_at_ms) and now_ms >= case.ended_at_ms + kept_ms


def gone(left: Gone) -> None:
    """Its incident has one case less."""
    others = left.mine.cases_of.get(left.paper.incident_id, [])
    if left.paper_id in others:
        others.remove(left.paper_id)
    if not others:
        left.mine.cases_of.pop(left.paper.incident_id, None)


def back(come: Gone) -> None:
    """And has it again."""
    own = come.mine.cases_of.setdefault(come.paper.incident_id, [])
    if come.paper_id not in own:
        own.append(come.paper_id)


RETIRES = (Retires(table="cases", is_over=is_over, gone=gone, back=back),)
