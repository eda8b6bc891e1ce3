"""Folds of paper cards (纸质补录归并): the numbers are spent, what came of a card is marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.card_blocks import CardBlock
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import paper


def card_numbers_reserved(board: Board, event: paper.CardNumbersReserved, at_ms: int) -> None:
    """No live incident gets one of these numbers any more."""
    board.n_incidents = event.first_no + event.n_cards - 1
    board.card_blocks[event.block_id] = CardBlock(
        block_id=event.block_id,
        desk_id=event.desk_id,
        first_no=event.first_no,
        n_cards=event.n_cards,
        by=event.by,
        reserved_at_ms=at_ms,
        seq=board.seq,
    )


def paper_card_entered(board: Board, event: paper.PaperCardEntered, at_ms: int) -> None:
    """Call, incident and orders stand there already; they say when and by whom they were typed."""
    block = board.card_blocks[event.block_id]
    block.used.append(int(event.incident_id[1:]))
    incident, call = board.incidents[event.incident_id], board.calls[event.call_id]
    incident.entered_at_ms, incident.entered_by = at_ms, event.by
    call.entered_at_ms = at_ms
    block.seq = incident.seq = call.seq = board.seq


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    paper.CardNumbersReserved: card_numbers_reserved,
    paper.PaperCardEntered: paper_card_entered,
}
