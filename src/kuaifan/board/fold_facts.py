"""Folds of what is known of an incident (警情要素归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.board.major_papers import MajorCase
from kuaifan.board.papers import IncidentNote, PossiblePlace
from kuaifan.board.state import Board
from kuaifan.board.undoable import spoil
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import facts

REPLACED: Final = "replaced"
"""Why an old story or address stands struck through: a newer one has taken its place."""


def fact_recorded(board: Board, event: facts.FactRecorded, at_ms: int) -> None:
    """An answer is known; a priority it raises is not taken back by undo."""
    spoil(board, at_ms=at_ms)
    incident = board.incidents[event.incident_id]
    incident.facts[event.fact], incident.seq = event.answer, board.seq


def possible_place_added(board: Board, event: facts.PossiblePlaceAdded, _at_ms: int) -> None:
    """One place more to look at."""
    incident = board.incidents[event.incident_id]
    incident.places.append(
        PossiblePlace(place_no=event.place_no, lat=event.lat, lon=event.lon, address=event.address)
    )
    incident.seq = board.seq


def place_ruled_out(board: Board, event: facts.PlaceRuledOut, _at_ms: int) -> None:
    """It is not there; the place stays in the list."""
    incident = board.incidents[event.incident_id]
    place = incident.places[event.place_no - 1]
    place.ruled_out, place.reason = True, event.reason
    incident.seq = board.seq


def note_added(board: Board, event: facts.NoteAdded, at_ms: int) -> None:
    """A note stands."""
    incident = board.incidents[event.incident_id]
    incident.notes.append(IncidentNote(note_no=event.note_no, text=event.text, at_ms=at_ms))
    incident.seq = board.seq


def note_struck(board: Board, event: facts.NoteStruck, _at_ms: int) -> None:
    """It stays readable, struck through."""
    incident = board.incidents[event.incident_id]
    note = incident.notes[event.note_no - 1]
    note.struck, note.correction = event.reason, event.correction
    incident.seq = board.seq


def major_declared(board: Board, event: facts.MajorDeclared, at_ms: int) -> None:
    """It is reported up."""
    incident = board.incidents[event.incident_id]
    incident.is_major, incident.seq = True, board.seq
    case = incident.major = incident.major or MajorCase()
    case.reason, case.declared_by = event.reason, event.declared_by
    case.declared_at_ms, case.ended_by, case.ended_at_ms = at_ms, "", 0


def major_ended(board: Board, event: facts.MajorEnded, at_ms: int) -> None:
    """One among the others again."""
    incident = board.incidents[event.incident_id]
    incident.is_major, incident.seq = False, board.seq
    case = incident.major = incident.major or MajorCase()
    case.ended_by, case.ended_at_ms = event.approved_by, at_ms


def keep_replaced(incident: Incident, text: str, at_ms: int) -> None:
    """What a correction replaces becomes a note struck through (更正留痕): nothing is lost."""
    incident.notes.append(
        IncidentNote(note_no=len(incident.notes) + 1, text=text, at_ms=at_ms, struck=REPLACED)
    )


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    facts.FactRecorded: fact_recorded,
    facts.PossiblePlaceAdded: possible_place_added,
    facts.PlaceRuledOut: place_ruled_out,
    facts.NoteAdded: note_added,
    facts.NoteStruck: note_struck,
    facts.MajorDeclared: major_declared,
    facts.MajorEnded: major_ended,
}
