"""Which papers of the seat leave the board (护企归档): a match with its incident."""

from __future__ import annotations

from kuaifan.board.items import find_item
from kuaifan.board.seat_archive import Retires
from kuaifan.board.state import Board
from kuaifan.seats.enterprise.kinds import NOTICE
from kuaifan.seats.enterprise.papers import RANKS, FirmCase


def is_over(board: Board, case: FirmCase, _now_ms: int) -> bool:
    """Each of the three has read it; a call or a leader's answer that is owed is an item."""
    subjects = (f"{case.incident_id}/{rank}" for rank in RANKS)
    return all(find_item(board, NOTICE, each) is None for each in subjects)


def always(_board: Board, _at_ms: int, _now_ms: int) -> bool:
    """It matters only as long as its incident may be matched."""
    return True


RETIRES = (
    Retires(table="cases", is_over=is_over),
    Retires(table="against", is_over=always),
    Retires(table="lifted", is_over=always),
)
