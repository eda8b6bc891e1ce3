"""Folds of alarms (告警归并): they stand until cleared; taken up, they carry a person's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import Alarm
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import alarm as alarms


def alarm_raised(board: Board, event: alarms.AlarmRaised, at_ms: int) -> None:
    """An alarm stands; a higher level of the same one is news again, whoever took up the lower."""
    standing = board.alarms.get(event.alarm_id)
    board.alarms[event.alarm_id] = Alarm(
        alarm_id=event.alarm_id,
        kind=event.kind,
        subject_id=event.subject_id,
        level=event.level,
        to=event.to,
        since_ms=standing.since_ms if standing else at_ms,
        incident_id=event.incident_id,
        order_id=event.order_id,
        unit_id=event.unit_id,
        call_id=event.call_id,
        text=event.text,
        seq=board.seq,
    )
    incident = board.incidents.get(event.incident_id)
    if event.kind == "leader_told" and incident is not None:
        incident.told.append(event.subject_id)
        incident.seq = board.seq


def alarm_taken_up(board: Board, event: alarms.AlarmTakenUp, _at_ms: int) -> None:
    """A person acts on it; news is done with by that, a clock goes on."""
    alarm = board.alarms[event.alarm_id]
    alarm.taken_up_by, alarm.seq = event.by, board.seq


def alarm_cleared(board: Board, event: alarms.AlarmCleared, _at_ms: int) -> None:
    """It is no longer true."""
    board.alarms.pop(event.alarm_id, None)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    alarms.AlarmRaised: alarm_raised,
    alarms.AlarmTakenUp: alarm_taken_up,
    alarms.AlarmCleared: alarm_cleared,
}
