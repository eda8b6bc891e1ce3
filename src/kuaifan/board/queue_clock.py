"""The queue clock (待派时限): how long an incident may wait for its first order."""

from __future__ import annotations

from typing import Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import SetTimer
from kuaifan.vocabulary.alarm import CheckClock

PERMILLE: Final = 1_000


def queue_times_ms(board: Board, incident_id: str) -> tuple[int, ...]:
    """When each level of its wait rings, from the place known."""
    incident = board.incidents[incident_id]
    target_ms = board.reference.first_order_ms(incident.priority, incident.desk_id)
    shares = board.reference.clocks.queue_permille
    return tuple(target_ms * share // PERMILLE for share in shares)


def waits_for_order(board: Board, incident_id: str) -> bool:
    """Units are needed and none was sent; an incident without a place waits too."""
    incident = board.incidents.get(incident_id)
    if incident is None or incident.is_over or incident.settled or not incident.n_needed:
        return False
    return incident.state in {"registered", "queued"}


def queue_since_ms(board: Board, incident_id: str) -> int:
    """From when its wait is measured: the place known, else the opening."""
    incident = board.incidents[incident_id]
    return max(incident.tp_ms or incident.opened_at_ms, incident.started_at_ms)


def list_queue_timers(board: Board, incident_id: str, now_ms: int) -> list[SetTimer]:
    """The timer of the next level that has not rung; none where it waits no longer."""
    if not waits_for_order(board, incident_id):
        return []
    standing = board.alarms.get(f"queue:{incident_id}")
    times = queue_times_ms(board, incident_id)
    level = (standing.level if standing else 0) + 1
    if level > len(times):
        return []
    due_at_ms = queue_since_ms(board, incident_id) + times[level - 1]
    check = CheckClock(kind="queue", subject_id=incident_id, level=level)
    return [SetTimer(f"queue:{incident_id}", max(now_ms, due_at_ms), check)]
