"""Folds of broadcasts (广播归并)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import StandingBroadcast
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import broadcast


def broadcast_sent(board: Board, event: broadcast.BroadcastSent, at_ms: int) -> None:
    """It stands until it is ended."""
    board.n_broadcasts += 1
    board.broadcasts[event.broadcast_id] = StandingBroadcast(
        broadcast_id=event.broadcast_id,
        text=event.text,
        by=event.by,
        subject=event.subject,
        audience=event.audience,
        to=event.to,
        incident_id=event.incident_id,
        person=event.person,
        unit_ids=event.unit_ids,
        at_ms=at_ms,
        expires_at_ms=event.expires_at_ms,
        seq=board.seq,
    )


def broadcast_read(board: Board, event: broadcast.BroadcastRead, at_ms: int) -> None:
    """One unit more has read it; for the others it is the same broadcast, of the same version."""
    board.broadcasts[event.broadcast_id].read_at_ms[event.unit_id] = at_ms


def broadcast_ended(board: Board, event: broadcast.BroadcastEnded, _at_ms: int) -> None:
    """It stands no more."""
    del board.broadcasts[event.broadcast_id]


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    broadcast.BroadcastSent: broadcast_sent,
    broadcast.BroadcastRead: broadcast_read,
    broadcast.BroadcastEnded: broadcast_ended,
}
