"""Which papers of the seat leave the board (回访归档): agreements, answers, links that have ended.

Figures and Wilson's counts are tallies by day; the key of the sample is no paper and stays.
"""

from __future__ import annotations

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.seat_archive import Retires, Whose
from kuaifan.board.state import Board
from kuaifan.seats.callback.papers import Agreement, Answer, CallBacks, Track, slice_of


def is_called(board: Board, agreement: Agreement, _now_ms: int) -> bool:
    """Nobody is going to ring that number any more."""
    due = slice_of(board).due.values()
    return all(each.incident_id != agreement.incident_id for each in due)


def whose_agreement(_mine: CallBacks, _incident_id: str, agreement: Agreement) -> Whose:
    """A number that somebody trusted us with is read where its case was handled."""
    return Whose(agreement.incident_id, "", "restricted")


def is_old(board: Board, answer: Answer, now_ms: int) -> bool:
    """The page has shown it long enough."""
    return now_ms >= answer.at_ms + slice_of(board).terms.answer_days * DAY_MS


def has_ended(_board: Board, track: Track, now_ms: int) -> bool:
    """The link works no more."""
    return now_ms >= track.until_ms


def is_settled(board: Board, item_id: str, _now_ms: int) -> bool:
    """Asked, and answered or left out."""
    return item_id not in slice_of(board).due


RETIRES = (
    Retires(table="agreements", is_over=is_called, whose=whose_agreement),
    Retires(table="answers", is_over=is_old),
    Retires(table="tracks", is_over=has_ended),
    Retires(table="asked", is_over=is_settled),
)
