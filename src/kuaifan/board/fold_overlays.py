"""Folds of overlays (叠加标记归并)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import overlay


def overlay_marked(board: Board, event: overlay.OverlayMarked, _at_ms: int) -> None:
    """It is of one kind more."""
    incident = board.incidents[event.incident_id]
    incident.overlays.append(event.overlay)
    incident.seq = board.seq


def overlay_lifted(board: Board, event: overlay.OverlayLifted, _at_ms: int) -> None:
    """It is of one kind less."""
    incident = board.incidents[event.incident_id]
    incident.overlays.remove(event.overlay)
    incident.seq = board.seq


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    overlay.OverlayMarked: overlay_marked,
    overlay.OverlayLifted: overlay_lifted,
}
