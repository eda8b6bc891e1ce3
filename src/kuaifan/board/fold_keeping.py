"""Folds of holds and erasures (留存归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.keeping import AskedErasure, LegalHold
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import keeping


def held(board: Board, event: keeping.RecordHeld, _at_ms: int) -> None:
    """They stand until the instant."""
    board.keeping.n_holds += 1
    board.keeping.holds[event.hold_id] = LegalHold(
        hold_id=event.hold_id,
        person=event.person,
        until_ms=event.until_ms,
        incident_ids=event.incident_ids,
        call_ids=event.call_ids,
    )


def released(board: Board, event: keeping.HoldReleased, _at_ms: int) -> None:
    """It holds nothing any more."""
    del board.keeping.holds[event.hold_id]


def requested(board: Board, event: keeping.ErasureRequested, _at_ms: int) -> None:
    """It waits for a second person."""
    board.keeping.n_erasures += 1
    board.keeping.erasures[event.erasure_id] = AskedErasure(
        erasure_id=event.erasure_id,
        person=event.person,
        ground=event.ground,
        incident_ids=event.incident_ids,
        call_ids=event.call_ids,
    )


def rejected(board: Board, event: keeping.ErasureRejected, _at_ms: int) -> None:
    """Nothing is erased."""
    del board.keeping.erasures[event.erasure_id]


def ordered(board: Board, event: keeping.ErasureOrdered, _at_ms: int) -> None:
    """It stays until somebody says that the keys are gone: a crash in between loses no order."""
    if event.erasure_id not in board.keeping.erasures:
        board.keeping.n_erasures += 1
    board.keeping.erasures[event.erasure_id] = AskedErasure(
        erasure_id=event.erasure_id,
        person=event.person,
        ground=event.ground,
        incident_ids=event.incident_ids,
        call_ids=event.call_ids,
        input_seqs=event.input_seqs,
        is_ordered=True,
    )


def done(board: Board, event: keeping.ErasureDone, _at_ms: int) -> None:
    """The log keeps that it was."""
    del board.keeping.erasures[event.erasure_id]


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    keeping.RecordHeld: held,
    keeping.HoldReleased: released,
    keeping.ErasureRequested: requested,
    keeping.ErasureRejected: rejected,
    keeping.ErasureOrdered: ordered,
    keeping.ErasureDone: done,
}
