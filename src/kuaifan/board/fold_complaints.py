"""Folds of complaints (投诉归并)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import complaint


def complained_of(board: Board, event: complaint.ComplainedOfNamed, _at_ms: int) -> None:
    """From now on they see nothing of it, nor of what is owed for it."""
    incident = board.incidents[event.incident_id]
    incident.complained_of = list(event.unit_ids)
    incident.seq = board.seq
    for item_id in incident.item_ids:
        board.items[item_id].kept_from = list(event.unit_ids)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    complaint.ComplainedOfNamed: complained_of,
}
