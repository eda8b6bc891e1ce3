"""Other services (联动部门): told, and their answer waited for; a refusal goes to a person."""

from __future__ import annotations

from kuaifan.board.asking import need_name
from kuaifan.board.entities import Incident
from kuaifan.board.items import is_held
from kuaifan.board.lookup import get_open_incident, get_request
from kuaifan.board.papers import AgencyRequest
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import agency, alarm, reinforce
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.agency import AGENCIES, ASKED_BY_PERSON, AgencyState
from kuaifan.vocabulary.incident_types import DISPATCH_ROUTES

STANDING: tuple[AgencyState, ...] = ("told", "accepted", "arrived")
"""While a request is one of these, the same service is not asked once more."""


def request_agency(board: Board, command: agency.RequestAgency, _now_ms: int) -> list[Event]:
    """Tell a service (联动请求); one that refused or was called off may be asked again.

    A reviewed incident is past that, but for one that a seat still holds open: a department that
    returned a hand-over is told of the next offer.
    """
    incident = get_open_incident(board, command.incident_id)
    if command.agency not in AGENCIES:
        raise Refused(
            "unknown_agency",
            f"没有联动部门 {command.agency}",
            f"there is no service {command.agency}; known are {', '.join(AGENCIES)}",
        )
    if incident.state == "reviewed" and not is_held(board, incident):
        raise Refused(
            "incident_reviewed",
            f"警情 {incident.incident_id} 已评查，重开后方可联动",
            f"incident {incident.incident_id} is reviewed; reopen it to ask a service",
        )
    if (standing := _find_standing(board, incident, command.agency)) is not None:
        raise Refused(
            "already_asked",
            f"{AGENCIES[command.agency]} 已在联动单 {standing.request_id}（{standing.state}）",
            f"{command.agency} has request {standing.request_id}, which is {standing.state}",
        )
    return [
        agency.AgencyTold(
            request_id=f"{incident.incident_id}-A{len(incident.request_ids) + 1}",
            incident_id=incident.incident_id,
            agency=command.agency,
            what=command.what,
        )
    ]


def accept_request(board: Board, command: agency.AcceptAgencyRequest, _now_ms: int) -> list[Event]:
    """The service takes it (联动受理): the receipt the clock waits for."""
    request = _get_request_in(board, command.request_id, "told")
    _refuse_if_nameless(request, command.by)
    return [
        agency.AgencyAccepted(
            request_id=request.request_id, incident_id=request.incident_id, by=command.by
        )
    ]


def refuse_request(board: Board, command: agency.RefuseAgencyRequest, _now_ms: int) -> list[Event]:
    """The service does not take it (联动拒绝)."""
    request = _get_request_in(board, command.request_id, "told")
    _refuse_if_nameless(request, command.by)
    return [
        agency.AgencyRefused(
            request_id=request.request_id,
            incident_id=request.incident_id,
            by=command.by,
            reason=command.reason,
        )
    ]


def report_arrival(board: Board, command: agency.ReportAgencyArrival, _now_ms: int) -> list[Event]:
    """The service is on scene (联动到场); a receipt passed over is no matter any more."""
    request = _get_request_in(board, command.request_id, "told", "accepted")
    return [
        agency.AgencyArrived(request_id=request.request_id, incident_id=request.incident_id),
    ]


def call_off(board: Board, command: agency.CallOffAgency, _now_ms: int) -> list[Event]:
    """The service need not come (取消联动)."""
    request = _get_request_in(board, command.request_id, "told", "accepted")
    if not command.reason:
        raise Refused(
            "reason_needed",
            f"取消联动单 {request.request_id} 须填写原因",
            f"say why request {request.request_id} is called off",
        )
    return [
        agency.AgencyCalledOff(
            request_id=request.request_id,
            incident_id=request.incident_id,
            reason=command.reason,
            agency=request.agency,
        )
    ]


def on_placed(board: Board, event: incidents.IncidentPlaced, now_ms: int) -> list[Follow]:
    """The first place known is where the services of the type are told to come."""
    if board.incidents[event.incident_id].tp_ms != now_ms:
        return []
    return _tell(board, event.incident_id)


def on_updated(board: Board, event: incidents.IncidentUpdated, _now_ms: int) -> list[Follow]:
    """A fight that turns out to be a fire: the services of the new type are told at once."""
    return _tell(board, event.incident_id)


def on_started(board: Board, event: reinforce.ScheduledStarted, _now_ms: int) -> list[Follow]:
    """What waited for its time tells its services now."""
    return _tell(board, event.incident_id)


def on_told(board: Board, event: agency.AgencyTold, _now_ms: int) -> list[Follow]:
    """Asked again: what an earlier refusal said has been acted on."""
    earlier = board.incidents[event.incident_id].request_ids
    alarm_ids = (
        f"agency_refused:{request_id}"
        for request_id in earlier
        if board.requests[request_id].agency == event.agency
    )
    return [alarm.ClearAlarm(alarm_id=each) for each in alarm_ids if each in board.alarms]


def on_refused(_board: Board, event: agency.AgencyRefused, _now_ms: int) -> list[Follow]:
    """A person decides: an own unit, another service, or the same one again."""
    return [
        alarm.RaiseAlarm(
            kind="agency_refused", subject_id=event.request_id, incident_id=event.incident_id
        )
    ]


def _tell(board: Board, incident_id: str) -> list[Follow]:
    """Ask for the services of the type that were never asked, where units go at once."""
    incident = board.incidents[incident_id]
    is_sent_to = incident.is_placed and incident.route in DISPATCH_ROUTES
    if not is_sent_to or incident.state in {"scheduled", "reviewed"} or incident.settled:
        return []
    asked = {board.requests[request_id].agency for request_id in incident.request_ids}
    return [
        agency.RequestAgency(incident_id=incident_id, agency=each)
        for each in board.reference.types[incident.type_code].agencies
        if each in AGENCIES and each not in ASKED_BY_PERSON and each not in asked
    ]


def _find_standing(board: Board, incident: Incident, name: str) -> AgencyRequest | None:
    requests = (board.requests[request_id] for request_id in incident.request_ids)
    return next((r for r in requests if r.agency == name and r.state in STANDING), None)


def _get_request_in(board: Board, request_id: str, *states: AgencyState) -> AgencyRequest:
    request = get_request(board, request_id)
    if request.state not in states:
        raise Refused(
            f"already_{request.state}",
            f"联动单 {request_id} 当前为“{request.state}”",
            f"request {request_id} is {request.state} already; ask the service anew if need be",
        )
    return request


def _refuse_if_nameless(request: AgencyRequest, by: str) -> None:
    need_name(
        by,
        zh=f"联动单 {request.request_id} 须填写答复人",
        en=f"say who answered request {request.request_id} at {request.agency}",
    )


RULES = Rules[Board](
    deciders={
        agency.RequestAgency: request_agency,
        agency.AcceptAgencyRequest: accept_request,
        agency.RefuseAgencyRequest: refuse_request,
        agency.ReportAgencyArrival: report_arrival,
        agency.CallOffAgency: call_off,
    },
    reactions={
        incidents.IncidentPlaced: [on_placed],
        incidents.IncidentUpdated: [on_updated],
        reinforce.ScheduledStarted: [on_started],
        agency.AgencyTold: [on_told],
        agency.AgencyRefused: [on_refused],
    },
)
