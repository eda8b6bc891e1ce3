"""Folds of units: shifts, voice, places, emergencies (警力归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from kuaifan.board.papers import Emergency
from kuaifan.board.progress import refresh_unit
from kuaifan.board.state import Board
from kuaifan.board.undoable import remember
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import emergency, voice
from kuaifan.vocabulary import unit as units


def shift_started(board: Board, event: units.ShiftStarted, at_ms: int) -> None:
    """A crew is on the unit, and stands where the unit is at home."""
    unit = board.units[event.unit_id]
    unit.post_id = unit.home_post_id
    board.moved_up_unit_ids.pop(unit.unit_id, None)
    unit.n_officers, unit.n_auxiliaries = event.n_officers, event.n_auxiliaries
    unit.status, unit.shift_started_at_ms = event.status, at_ms
    unit.status_since_ms = at_ms
    # What the crew before was told is not this crew's to sign.
    unit.unsigned_withdrawal_ids = []
    unit.crew_name, unit.seq = event.crew_name, board.seq
    unit.vehicle = event.vehicle
    board.use_skills(unit, event.skills)
    row = board.fleet.index[unit.unit_id]
    if board.fleet.arc[row] >= 0 and not board.fleet.uncertainty_m[row]:
        unit.position_source, unit.uncertainty_m = "gps", 0
    refresh_unit(board, unit)


def shift_ended(board: Board, event: units.ShiftEnded, _at_ms: int) -> None:
    """Nobody is on the unit, and it belongs at home again."""
    unit = board.units[event.unit_id]
    unit.post_id, unit.crew_name, unit.vehicle = unit.home_post_id, "", ""
    board.use_skills(unit, ())
    board.moved_up_unit_ids.pop(unit.unit_id, None)
    unit.n_officers = unit.n_auxiliaries = unit.shift_started_at_ms = 0
    unit.status, unit.seq = "off_duty", board.seq
    refresh_unit(board, unit)


def unit_status_set(board: Board, event: units.UnitStatusSet, at_ms: int) -> None:
    """The unit does something else."""
    unit = board.units[event.unit_id]
    remember(board, "status", event.unit_id, value=unit.status, at_ms=at_ms)
    unit.status, unit.seq = event.status, board.seq
    unit.status_since_ms = at_ms
    refresh_unit(board, unit)


def shift_handed_over(board: Board, event: units.ShiftHandedOver, at_ms: int) -> None:
    """The next crew has the unit and its papers."""
    unit = board.units[event.unit_id]
    unit.n_officers, unit.n_auxiliaries = event.n_officers, event.n_auxiliaries
    unit.crew_name, unit.shift_started_at_ms = event.taken_by, at_ms
    unit.seq = board.seq
    refresh_unit(board, unit)


def voice_reported(board: Board, event: voice.VoiceReported, _at_ms: int) -> None:
    """The crew was heard; what it means follows."""
    board.units[event.unit_id].seq = board.seq


def unit_placed(board: Board, event: voice.UnitPlaced, at_ms: int) -> None:
    """The marker stands where the unit is said to be, until a fix knows better."""
    fleet, row = board.fleet, board.fleet.index[event.unit_id]
    fleet.arc[row], fleet.fraction_ppm[row] = event.arc, event.fraction_ppm
    fleet.lat[row], fleet.lon[row] = event.lat, event.lon
    fleet.fix_at_ms[row], fleet.uncertainty_m[row] = at_ms, event.uncertainty_m
    fleet.speed_mps[row], fleet.heading_deg[row] = 0, -1
    unit = board.units[event.unit_id]
    unit.position_source, unit.uncertainty_m = event.source, event.uncertainty_m
    unit.seq = board.seq
    board.note_moved(np.array([row]))


def position_confirmed(board: Board, event: voice.PositionConfirmed, _at_ms: int) -> None:
    """The satellites know where it is."""
    unit = board.units[event.unit_id]
    unit.position_source, unit.uncertainty_m, unit.seq = "gps", 0, board.seq


def emergency_declared(board: Board, event: emergency.EmergencyDeclared, at_ms: int) -> None:
    """An officer is in danger; the unit is nobody else's until it is over."""
    board.n_emergencies += 1
    board.emergencies[event.emergency_id] = Emergency(
        emergency_id=event.emergency_id,
        unit_id=event.unit_id,
        incident_id=event.incident_id,
        declared_by=event.declared_by,
        declared_at_ms=at_ms,
        seq=board.seq,
    )
    _set_emergency(board, event.unit_id, event.emergency_id)


def emergency_taken_up(board: Board, event: emergency.EmergencyTakenUp, _at_ms: int) -> None:
    """A person has it in hand."""
    found = board.emergencies[event.emergency_id]
    found.state, found.taken_up_by, found.seq = "taken_up", event.by, board.seq
    board.units[event.unit_id].seq = board.seq


def voice_contact_confirmed(
    board: Board, event: emergency.VoiceContactConfirmed, _at_ms: int
) -> None:
    """The officer was spoken with."""
    found = board.emergencies[event.emergency_id]
    found.state, found.contact_by, found.seq = "in_contact", event.by, board.seq
    board.units[event.unit_id].seq = board.seq


def emergency_ended(board: Board, event: emergency.EmergencyEnded, at_ms: int) -> None:
    """The officer is safe; the unit can be sent again."""
    found = board.emergencies[event.emergency_id]
    found.state, found.ended_by, found.seq = "ended", event.by, board.seq
    found.ended_at_ms = at_ms
    _set_emergency(board, event.unit_id, "")


def _set_emergency(board: Board, unit_id: str, emergency_id: str) -> None:
    unit = board.units[unit_id]
    unit.emergency_id, unit.seq = emergency_id, board.seq
    refresh_unit(board, unit)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    units.ShiftStarted: shift_started,
    units.ShiftEnded: shift_ended,
    units.UnitStatusSet: unit_status_set,
    units.ShiftHandedOver: shift_handed_over,
    voice.VoiceReported: voice_reported,
    voice.UnitPlaced: unit_placed,
    voice.PositionConfirmed: position_confirmed,
    emergency.EmergencyDeclared: emergency_declared,
    emergency.EmergencyTakenUp: emergency_taken_up,
    emergency.VoiceContactConfirmed: voice_contact_confirmed,
    emergency.EmergencyEnded: emergency_ended,
}
