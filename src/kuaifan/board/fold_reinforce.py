"""Folds of back-up, divert, reserve, move-up (增援、改派、补位归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import MoveUpOffer
from kuaifan.board.progress import refresh_incident, refresh_unit
from kuaifan.board.reservations import forget_reservation, keep_reservation
from kuaifan.board.state import Board
from kuaifan.board.undoable import spoil
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import reinforce
from kuaifan.vocabulary import unit as units

MOVES_KEPT_MS: Final = 28_800_000
"""Caps of move-ups are of eight hours."""
MAX_MOVES: Final = 100
MAX_OFFERS: Final = 8
"""More suggestions than anybody would still decide on; the oldest is forgotten first."""


def backup_requested(board: Board, event: reinforce.BackupRequested, at_ms: int) -> None:
    """The incident waits again; a priority raised with it is not taken back alone."""
    spoil(board, at_ms=at_ms)
    board.incidents[event.incident_id].extra_skills.extend(event.skills)
    _want_more(board, event.incident_id, event.n_units)


def incident_escalated(board: Board, event: reinforce.IncidentEscalated, _at_ms: int) -> None:
    """The next ring of forces is open."""
    board.incidents[event.incident_id].level = event.level
    _want_more(board, event.incident_id, event.n_units)


def unit_diverted(board: Board, event: reinforce.UnitDiverted, at_ms: int) -> None:
    """Its withdrawal and its new order follow; the crew has heard, so none of it is taken back."""
    spoil(board, at_ms=at_ms)
    board.units[event.unit_id].seq = board.seq
    board.incidents[event.incident_id].seq = board.seq


def unit_reserved(board: Board, event: reinforce.UnitReserved, _at_ms: int) -> None:
    """Kept in mind; neither the unit nor the incident changes what it does."""
    keep_reservation(board, board.incidents[event.incident_id], board.units[event.unit_id])


def unit_released(board: Board, event: reinforce.UnitReleased, _at_ms: int) -> None:
    """No longer kept in mind."""
    forget_reservation(board, board.incidents[event.incident_id], board.units[event.unit_id])


def order_amended(board: Board, event: reinforce.OrderAmended, at_ms: int) -> None:
    """The crew has something new to sign, and was told what is true now."""
    order, incident = board.orders[event.order_id], board.incidents[event.incident_id]
    order.amendment_no, order.amended_at_ms = event.amendment_no, at_ms
    order.told_lat, order.told_lon = incident.lat, incident.lon
    order.told_type_code = incident.type_code
    order.amended_what = event.what
    incident.n_amendments = max(incident.n_amendments, event.amendment_no)
    order.seq = incident.seq = board.units[event.unit_id].seq = board.seq


def amendment_acknowledged(
    board: Board, event: reinforce.AmendmentAcknowledged, _at_ms: int
) -> None:
    """The crew has read it."""
    order = board.orders[event.order_id]
    order.amendment_signed_no = event.amendment_no
    order.seq = board.incidents[event.incident_id].seq = board.seq


def incident_scheduled(board: Board, event: reinforce.IncidentScheduled, _at_ms: int) -> None:
    """It waits for its time, not for a unit."""
    incident = board.incidents[event.incident_id]
    incident.scheduled_at_ms = event.due_at_ms
    refresh_incident(board, incident)


def scheduled_started(board: Board, event: reinforce.ScheduledStarted, at_ms: int) -> None:
    """It waits for units, and its clocks run from now."""
    incident = board.incidents[event.incident_id]
    incident.scheduled_at_ms, incident.started_at_ms = 0, at_ms
    refresh_incident(board, incident)


def move_up_suggested(board: Board, event: units.MoveUpSuggested, at_ms: int) -> None:
    """A person decides; the unit does what it did, and an older suggestion for it is forgotten."""
    board.move_ups.pop(event.unit_id, None)
    board.move_ups[event.unit_id] = MoveUpOffer(
        unit_id=event.unit_id,
        post_id=event.post_id,
        travel_ms=event.travel_ms,
        n_lost_before=event.n_lost_before,
        n_lost_after=event.n_lost_after,
        reasons=event.reasons,
        at_ms=at_ms,
        seq=board.seq,
    )
    while len(board.move_ups) > MAX_OFFERS:
        del board.move_ups[next(iter(board.move_ups))]
    board.units[event.unit_id].seq = board.seq


def move_up_declined(board: Board, event: units.MoveUpDeclined, _at_ms: int) -> None:
    """It stays where it is."""
    board.move_ups.pop(event.unit_id, None)
    board.units[event.unit_id].seq = board.seq


def unit_moved_up(board: Board, event: units.UnitMovedUp, at_ms: int) -> None:
    """The unit is to stand elsewhere, and can be sent on the way."""
    board.move_ups.pop(event.unit_id, None)
    unit = board.units[event.unit_id]
    unit.post_id, unit.status, unit.seq = event.post_id, "standby", board.seq
    of_late = (each for each in unit.moved_up_at_ms if each > at_ms - MOVES_KEPT_MS)
    if event.post_id != unit.home_post_id:
        unit.moved_up_at_ms = (*of_late, at_ms)[-MAX_MOVES:]
    if unit.post_id == unit.home_post_id:
        board.moved_up_unit_ids.pop(unit.unit_id, None)
    else:
        board.moved_up_unit_ids[unit.unit_id] = None
    refresh_unit(board, unit)


def _want_more(board: Board, incident_id: str, n_units: int) -> None:
    incident = board.incidents[incident_id]
    incident.n_backup += n_units
    incident.n_needed += n_units
    refresh_incident(board, incident)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    reinforce.BackupRequested: backup_requested,
    reinforce.IncidentEscalated: incident_escalated,
    reinforce.UnitDiverted: unit_diverted,
    reinforce.UnitReserved: unit_reserved,
    reinforce.UnitReleased: unit_released,
    reinforce.OrderAmended: order_amended,
    reinforce.AmendmentAcknowledged: amendment_acknowledged,
    reinforce.IncidentScheduled: incident_scheduled,
    reinforce.ScheduledStarted: scheduled_started,
    units.MoveUpSuggested: move_up_suggested,
    units.UnitMovedUp: unit_moved_up,
    units.MoveUpDeclined: move_up_declined,
}
