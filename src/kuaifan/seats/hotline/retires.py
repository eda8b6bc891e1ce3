"""Which papers of the seat leave the board (工单归档): a ticket some time after its end."""

from __future__ import annotations

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.seat_archive import Gone, Retires
from kuaifan.board.state import Board
from kuaifan.seats.hotline.lookup import slice_of
from kuaifan.seats.hotline.papers import Ticket


def is_over(board: Board, ticket: Ticket, now_ms: int) -> bool:
    """Nothing is owed for it, and the other side has had its days to ask."""
    if ticket.item_id in board.items:
        return False
    return now_ms >= ticket.changed_at_ms + slice_of(board).terms.kept_days * DAY_MS


def gone(left: Gone) -> None:
    """Its number with the other side is free."""
    left.mine.by_their_id.pop(f"{left.paper.other}:{left.paper.their_id}", None)


def back(come: Gone) -> None:
    """And known again."""
    if come.paper.their_id:
        key = f"{come.paper.other}:{come.paper.their_id}"
        come.mine.by_their_id.setdefault(key, come.paper_id)


RETIRES = (Retires(table="tickets", is_over=is_over, gone=gone, back=back),)
