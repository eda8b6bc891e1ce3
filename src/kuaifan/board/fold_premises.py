"""Folds of dangers of places (场所危险提示归并)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import PremiseNote
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import premise


def premise_note_added(board: Board, event: premise.PremiseNoteAdded, at_ms: int) -> None:
    """A note stands, where incidents near it find it."""
    board.n_premises += 1
    board.premises[event.note_id] = PremiseNote(
        note_id=event.note_id,
        kind=event.kind,
        text=event.text,
        lat=event.lat,
        lon=event.lon,
        radius_m=event.radius_m,
        by=event.by,
        added_at_ms=at_ms,
        expires_at_ms=event.expires_at_ms,
        seq=board.seq,
    )
    board.premise_places.put(event.note_id, event.lat, event.lon)


def premise_note_ended(board: Board, event: premise.PremiseNoteEnded, _at_ms: int) -> None:
    """It stands no more."""
    del board.premises[event.note_id]
    board.premise_places.drop(event.note_id)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    premise.PremiseNoteAdded: premise_note_added,
    premise.PremiseNoteEnded: premise_note_ended,
}
