"""Incidents beside each other on the board (警情关联处理): pairs, and leaving the queues.

Called by folds only.
"""

from __future__ import annotations

from kuaifan.board.entities import Incident
from kuaifan.board.state import Board


def pair(one: Incident, other: Incident) -> None:
    """Two incidents may be one."""
    for here, there in ((one, other), (other, one)):
        if there.incident_id not in here.duplicate_ids:
            here.duplicate_ids.append(there.incident_id)


def forget_pair(one: Incident, other: Incident) -> None:
    """That they may be one is settled, either way."""
    for here, there in ((one, other), (other, one)):
        if there.incident_id in here.duplicate_ids:
            here.duplicate_ids.remove(there.incident_id)


def leave_queues(board: Board, incident: Incident) -> None:
    """An incident that is over waits for nobody, and nobody looks for it at its place."""
    board.waiting.pop(incident.incident_id, None)
    board.open_places.drop(incident.incident_id)
