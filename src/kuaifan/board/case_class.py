"""Of what class the record of a case is (警情记录级别), also once the case has left the board."""

from __future__ import annotations

from kuaifan.board.entities import Incident
from kuaifan.board.state import Board
from kuaifan.vocabulary.record_class import RecordClass, record_class_of_type


def class_of_incident(board: Board, incident: Incident) -> RecordClass:
    """The class of an incident that is at hand."""
    if incident.record_class == "ordinary":
        return "ordinary"
    return record_class_of_type(board.reference.types.get(incident.type_code))


def class_of_case(board: Board, incident_id: str, kept: RecordClass = "ordinary") -> RecordClass:
    """Of a paper about an incident: what was kept of it, or what its case has become since."""
    if kept != "ordinary":
        return kept
    if (incident := board.incidents.get(incident_id)) is not None:
        return class_of_incident(board, incident)
    return board.left_restricted.get(incident_id, "ordinary")
