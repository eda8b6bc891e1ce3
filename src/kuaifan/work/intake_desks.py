"""Desks (指挥席): an incident goes to another desk with a receipt, or up to the city's."""

from __future__ import annotations

from kuaifan.board.asking import need_name
from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import alarm, desk


def hand_over(board: Board, command: desk.HandOverIncident, _now_ms: int) -> list[Event]:
    """Offer an incident to another desk (移交警情); its owner stays until the receipt."""
    incident = get_open_incident(board, command.incident_id)
    _refuse_if_not_offered(board, incident, command.to_desk_id)
    _need_reason(incident, command.reason)
    return [
        desk.HandOverOffered(
            incident_id=incident.incident_id,
            from_desk_id=incident.desk_id,
            to_desk_id=command.to_desk_id,
            reason=command.reason,
        )
    ]


def accept_hand_over(board: Board, command: desk.AcceptHandOver, _now_ms: int) -> list[Event]:
    """The other desk signs (移交签收) and is the owner from now on."""
    incident = _get_offered(board, command.incident_id)
    _need_signature(incident, command.by)
    return [
        desk.HandOverAccepted(
            incident_id=incident.incident_id,
            from_desk_id=incident.desk_id,
            to_desk_id=incident.to_desk_id,
            by=command.by,
        )
    ]


def refuse_hand_over(board: Board, command: desk.RefuseHandOver, _now_ms: int) -> list[Event]:
    """The other desk sends it back (移交退回); the owner keeps it and is told."""
    incident = _get_offered(board, command.incident_id)
    _need_signature(incident, command.by)
    _need_reason(incident, command.reason)
    return [
        desk.HandOverRefused(
            incident_id=incident.incident_id,
            from_desk_id=incident.desk_id,
            to_desk_id=incident.to_desk_id,
            by=command.by,
            reason=command.reason,
        )
    ]


def take_over(board: Board, command: desk.TakeOverIncident, _now_ms: int) -> list[Event]:
    """The city desk takes an incident to itself (提级指挥), or takes back one it has offered."""
    incident = get_open_incident(board, command.incident_id)
    if incident.desk_id == CITY_DESK and not incident.to_desk_id:
        raise Refused(
            "already_ours",
            f"警情 {incident.incident_id} 已归市局指挥中心",
            f"incident {incident.incident_id} is the city desk's already",
        )
    _need_signature(incident, command.by)
    _need_reason(incident, command.reason)
    return [
        desk.IncidentTakenOver(
            incident_id=incident.incident_id,
            from_desk_id=incident.desk_id,
            to_desk_id=CITY_DESK,
            by=command.by,
            reason=command.reason,
        )
    ]


def on_refused(_board: Board, event: desk.HandOverRefused, _now_ms: int) -> list[Follow]:
    """The owner must not go on believing that another desk has it."""
    return [
        alarm.RaiseAlarm(
            kind="hand_over_refused", subject_id=event.incident_id, incident_id=event.incident_id
        )
    ]


def on_moved(
    board: Board, event: desk.HandOverOffered | desk.IncidentTakenOver, _now_ms: int
) -> list[Follow]:
    """Offered anew or taken up to the city: an earlier refusal has been acted on."""
    alarm_id = f"hand_over_refused:{event.incident_id}"
    return [alarm.ClearAlarm(alarm_id=alarm_id)] if alarm_id in board.alarms else []


def _get_offered(board: Board, incident_id: str) -> Incident:
    incident = get_open_incident(board, incident_id)
    if not incident.to_desk_id:
        raise Refused(
            "no_hand_over",
            f"警情 {incident_id} 没有待签收的移交",
            f"incident {incident_id} is not offered to any desk",
        )
    return incident


def _refuse_if_not_offered(board: Board, incident: Incident, to_desk_id: str) -> None:
    """Refuse a desk that cannot be offered this incident, or an incident that needs no desk."""
    if to_desk_id not in board.reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {to_desk_id}",
            f"there is no desk {to_desk_id}; known are {', '.join(board.reference.desks)}",
        )
    if incident.desk_id == to_desk_id:
        raise Refused(
            "same_desk",
            f"警情 {incident.incident_id} 已归指挥席 {to_desk_id}",
            f"incident {incident.incident_id} is with desk {to_desk_id} already",
        )
    if incident.state in {"handled", "fed_back", "reviewed"}:
        raise Refused(
            "incident_handled",
            f"警情 {incident.incident_id} 已处理完毕，由原指挥席办结",
            f"incident {incident.incident_id} is {incident.state}; its desk ends it",
        )
    if incident.to_desk_id:
        raise Refused(
            "hand_over_open",
            f"警情 {incident.incident_id} 正待指挥席 {incident.to_desk_id} 签收",
            f"incident {incident.incident_id} waits for the receipt of desk {incident.to_desk_id}",
        )


def _need_reason(incident: Incident, text: str) -> None:
    if not text:
        raise Refused(
            "reason_needed",
            f"警情 {incident.incident_id} 移交须填写原因",
            f"the hand-over of incident {incident.incident_id} must say why",
        )


def _need_signature(incident: Incident, by: str) -> None:
    need_name(
        by,
        zh=f"警情 {incident.incident_id} 移交须填写签名",
        en=f"the hand-over of incident {incident.incident_id} must say who",
    )


RULES = Rules[Board](
    deciders={
        desk.HandOverIncident: hand_over,
        desk.AcceptHandOver: accept_hand_over,
        desk.RefuseHandOver: refuse_hand_over,
        desk.TakeOverIncident: take_over,
    },
    reactions={
        desk.HandOverRefused: [on_refused],
        desk.HandOverOffered: [on_moved],
        desk.IncidentTakenOver: [on_moved],
    },
)
