"""Review (评查): someone has looked, and nothing is open any more."""

from __future__ import annotations

from kuaifan.board.closing_pace import refuse_in_bulk
from kuaifan.board.duplicates import settle_pairs
from kuaifan.board.entities import Incident
from kuaifan.board.items import refuse_if_held
from kuaifan.board.letters import refuse_mediated
from kuaifan.board.lookup import (
    check_not_offered,
    get_open_incident,
    get_type,
    get_type_to_use,
)
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import incident as incidents


def review_incident(board: Board, command: incidents.ReviewIncident, _now_ms: int) -> list[Event]:
    """A reviewer confirms the final type (评查), after the last feedback.

    What is reviewed and not closed yet may be reviewed again, to correct the final type.
    """
    incident = get_open_incident(board, command.incident_id)
    corrects = incident.state == "reviewed" and (
        command.final_type_code not in {None, incident.final_type_code}
    )
    if not incident.is_complete and not corrects:
        raise Refused(
            "not_fed_back",
            f"警情 {incident.incident_id} 当前为“{incident.state}”，反馈后方可评查",
            f"incident {incident.incident_id} is {incident.state}; review follows the feedback",
        )
    _refuse_if_unanswered(board, incident)
    final = get_type_to_use(
        board, command.final_type_code or incident.type_code, incident.type_code
    )
    return [
        incidents.IncidentReviewed(
            incident_id=incident.incident_id,
            reviewer_id=command.reviewer_id,
            final_type_code=final.code,
        )
    ]


def close_incident(board: Board, command: incidents.CloseIncident, now_ms: int) -> list[Event]:
    """Closed (办结) after review, and only then."""
    incident = get_open_incident(board, command.incident_id)
    if incident.state != "reviewed":
        raise Refused(
            "not_reviewed",
            f"警情 {incident.incident_id} 当前为“{incident.state}”，评查后方可办结",
            f"incident {incident.incident_id} is {incident.state}; closing follows the review",
        )
    check_not_offered(incident)
    refuse_if_held(board, incident)
    refuse_in_bulk(board, command.by, now_ms)
    result = command.disposition or _disposition(board, incident)
    refuse_mediated(get_type(board, incident.final_type_code or incident.type_code), result)
    return [
        *settle_pairs(incident, "closed"),
        incidents.IncidentClosed(
            incident_id=incident.incident_id,
            disposition=result,
            by=command.by.strip(),
        ),
    ]


def _refuse_if_unanswered(board: Board, incident: Incident) -> None:
    """A service that never answered would be left without an owner."""
    told = [each for each in incident.request_ids if board.requests[each].state == "told"]
    if told:
        raise Refused(
            "agency_open",
            f"警情 {incident.incident_id} 的联动单 {'、'.join(told)} 尚未答复，请催办或取消",
            f"incident {incident.incident_id} waits for the answer to {', '.join(told)}; "
            "enter the answer, or call the service off",
        )


def _disposition(board: Board, incident: Incident) -> str:
    """The last feedback's result stands when nobody says otherwise."""
    given = [order for order in board.active_orders(incident) if order.t9_ms]
    last = max(given, key=lambda order: order.t9_ms, default=None)
    return incident.disposition or (last.disposition if last else "")


RULES = Rules[Board](
    deciders={
        incidents.ReviewIncident: review_incident,
        incidents.CloseIncident: close_incident,
    }
)
