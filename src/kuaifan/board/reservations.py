"""Reservations on the board (预留): units kept in mind for incidents, in the order of asking."""

from __future__ import annotations

from kuaifan.board.entities import Incident, Unit
from kuaifan.board.state import Board


def keep_reservation(board: Board, incident: Incident, unit: Unit) -> None:
    """A unit is kept in mind for an incident; it binds neither of them."""
    incident.reserved_unit_ids.append(unit.unit_id)
    unit.reserved_incident_ids.append(incident.incident_id)
    incident.seq = unit.seq = board.seq
    board.reserved_unit_ids[unit.unit_id] = None


def forget_reservation(board: Board, incident: Incident, unit: Unit) -> None:
    """It is no longer, if it ever was."""
    if unit.unit_id not in incident.reserved_unit_ids:
        return
    incident.reserved_unit_ids.remove(unit.unit_id)
    unit.reserved_incident_ids.remove(incident.incident_id)
    incident.seq = unit.seq = board.seq
    if not unit.reserved_incident_ids:
        board.reserved_unit_ids.pop(unit.unit_id, None)
