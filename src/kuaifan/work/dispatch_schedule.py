"""What is sent to later (预约警情): out of the queue until its time, or a person says so."""

from __future__ import annotations

from typing import Final

from kuaifan.board.lookup import get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import reinforce

UNSENT_STATES: Final = frozenset({"registered", "queued", "scheduled"})


def schedule_incident(
    board: Board, command: reinforce.ScheduleIncident, now_ms: int
) -> list[Event]:
    """It is due later (预约警情), or at another time than before."""
    incident = get_open_incident(board, command.incident_id)
    if incident.state not in UNSENT_STATES:
        raise Refused(
            "orders_out",
            f"警情 {incident.incident_id} 已派警或已处置，不能预约",
            f"incident {incident.incident_id} is {incident.state}; only what nobody was sent to "
            "is scheduled for later",
        )
    if command.due_at_ms <= now_ms:
        raise Refused(
            "in_the_past",
            f"警情 {incident.incident_id} 预约时间须晚于当前时间",
            f"incident {incident.incident_id} cannot be due in the past; choose a later time",
        )
    return [
        reinforce.IncidentScheduled(incident_id=incident.incident_id, due_at_ms=command.due_at_ms)
    ]


def start_scheduled(board: Board, command: reinforce.StartScheduled, _now_ms: int) -> list[Event]:
    """Its time has come (预约到时), or a person starts it sooner."""
    incident = get_open_incident(board, command.incident_id)
    if incident.state != "scheduled":
        raise Refused(
            "not_scheduled",
            f"警情 {incident.incident_id} 不是预约警情",
            f"incident {incident.incident_id} is {incident.state}, not scheduled",
        )
    return [reinforce.ScheduledStarted(incident_id=incident.incident_id)]


def on_scheduled(_board: Board, event: reinforce.IncidentScheduled, _now_ms: int) -> list[Follow]:
    """The clock to its time."""
    start = reinforce.StartScheduled(incident_id=event.incident_id)
    return [SetTimer(_timer_id(event.incident_id), event.due_at_ms, start)]


def on_started(board: Board, event: reinforce.ScheduledStarted, _now_ms: int) -> list[Follow]:
    """It waits like any other now."""
    stop = CancelTimer(_timer_id(event.incident_id))
    if event.incident_id not in board.waiting:
        return [stop]
    return [stop, incidents.RecommendUnits(incident_id=event.incident_id)]


def on_over(
    board: Board,
    event: incidents.IncidentClosed | incidents.IncidentMerged | incidents.IncidentSettled,
    _now_ms: int,
) -> list[Follow]:
    """Nobody has to be reminded of it."""
    if not board.incidents[event.incident_id].scheduled_at_ms:
        return []
    return [CancelTimer(_timer_id(event.incident_id))]


def _timer_id(incident_id: str) -> str:
    return f"scheduled:{incident_id}"


RULES = Rules[Board](
    deciders={
        reinforce.ScheduleIncident: schedule_incident,
        reinforce.StartScheduled: start_scheduled,
    },
    reactions={
        reinforce.IncidentScheduled: [on_scheduled],
        reinforce.ScheduledStarted: [on_started],
        incidents.IncidentClosed: [on_over],
        incidents.IncidentMerged: [on_over],
        incidents.IncidentSettled: [on_over],
    },
)
