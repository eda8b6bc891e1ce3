"""How grave an incident is and what it asks for (定级): from its type and its facts."""

from __future__ import annotations

from collections.abc import Mapping

from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.vocabulary.facts import Answer
from kuaifan.vocabulary.incident import IncidentUpdated, PrioritySet
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.priority_rules import find_raised, retyped


def get_incident_to_amend(board: Board, incident_id: str) -> Incident:
    """Return an incident nobody has reviewed yet, or refuse: incident_over, incident_reviewed."""
    incident = get_open_incident(board, incident_id)
    if incident.state == "reviewed":
        raise Refused(
            "incident_reviewed",
            f"警情 {incident_id} 已评查，如需更改请先重开",
            f"incident {incident_id} is reviewed; its final type stands, reopen it to change it",
        )
    return incident


def type_by_facts(
    board: Board, incident_type: IncidentType, facts: Mapping[str, Answer]
) -> IncidentType:
    """The type that the facts make of a type (要素改类), often itself."""
    reference = board.reference
    return retyped(reference.priority_rules, reference.types_by_key, incident_type, facts)


def updated(
    board: Board, incident: Incident, incident_type: IncidentType, *, narrative: str | None
) -> IncidentUpdated:
    """The incident as one of a type; a record once restricted stays so."""
    return IncidentUpdated(
        incident_id=incident.incident_id,
        type_code=incident_type.code,
        plan=incident_type.plan,
        route=incident_type.route,
        min_units=board.reference.n_units_of(incident_type),
        record_class=record_class_of(incident_type, was=incident.record_class),
        narrative=narrative,
    )


def list_raising(
    board: Board, incident: Incident, incident_type: IncidentType, facts: Mapping[str, Answer]
) -> list[Event]:
    """The raised priority that a type and the facts give an incident; they never lower it."""
    raised = find_raised(board.reference.priority_rules, incident_type, facts)
    priority = raised.priority if raised else incident_type.priority
    if priority >= incident.priority:
        return []
    reason = f"fact {raised.fact}" if raised else f"type {incident_type.code}"
    return [
        PrioritySet(
            incident_id=incident.incident_id, priority=priority, reason=reason, approved_by=""
        )
    ]


def record_class_of(incident_type: IncidentType, was: str = "ordinary") -> str:
    """A record once restricted stays restricted, whatever the type becomes."""
    return "restricted" if incident_type.restricted or was == "restricted" else "ordinary"
