"""Intake (接警): a call is taken, becomes an incident, gets a place, may be a duplicate."""

from __future__ import annotations

from typing import Final

from kuaifan.board.lookup import get_call, get_open_incident, get_type
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.incident_types import IncidentType

MAX_OFF_ROAD_M: Final = 3_000
"""A place further than this from every road of the city is an error of entry, not a place."""


def register_call(board: Board, command: calls.RegisterCall, _now_ms: int) -> list[Event]:
    """A call joins the queue under the next number (来电登记)."""
    return [
        calls.CallRegistered(
            call_id=f"C{board.n_calls + 1}",
            line=command.line,
            caller_number=command.caller_number,
        )
    ]


def answer_call(board: Board, command: calls.AnswerCall, _now_ms: int) -> list[Event]:
    """A seat takes a ringing call (接听); two seats cannot take the same one."""
    call = get_call(board, command.call_id)
    if call.state != "ringing":
        raise Refused(
            "call_not_ringing",
            f"来电 {call.call_id} 已由席位 {call.seat_id or '—'} 处理",
            f"call {call.call_id} is {call.state}, seat {call.seat_id or 'none'}",
        )
    return [calls.CallAnswered(call_id=call.call_id, seat_id=command.seat_id)]


def update_call(board: Board, command: calls.UpdateCall, _now_ms: int) -> list[Event]:
    """Name and number may be completed at any time (补充来电信息)."""
    call = get_call(board, command.call_id)
    return [
        calls.CallUpdated(
            call_id=call.call_id,
            caller_name=command.caller_name,
            caller_number=command.caller_number,
        )
    ]


def hang_up_call(board: Board, command: calls.HangUpCall, _now_ms: int) -> list[Event]:
    """A ringing call that ends is missed, a talking one is over (挂断)."""
    call = get_call(board, command.call_id)
    if call.state == "ringing":
        return [calls.CallAbandoned(call_id=call.call_id)]
    if call.state == "talking":
        return [calls.CallEnded(call_id=call.call_id)]
    raise Refused(
        "call_over", f"来电 {call.call_id} 已结束", f"call {call.call_id} is already {call.state}"
    )


def attach_call(board: Board, command: calls.AttachCall, _now_ms: int) -> list[Event]:
    """A call joins an open incident (关联来电)."""
    call = get_call(board, command.call_id)
    incident = get_open_incident(board, command.incident_id)
    if call.incident_id == incident.incident_id:
        raise Refused(
            "already_attached",
            f"来电 {call.call_id} 已属于警情 {incident.incident_id}",
            f"call {call.call_id} is with incident {incident.incident_id} already",
        )
    return [
        calls.CallAttached(
            call_id=call.call_id,
            incident_id=incident.incident_id,
            left_incident_id=call.incident_id,
        )
    ]


def open_incident(board: Board, command: incidents.OpenIncident, _now_ms: int) -> list[Event]:
    """An incident opens, placed at once where the caller's place is known (立警情)."""
    incident_type = get_type(board, command.type_code)
    if command.call_id and (taken := get_call(board, command.call_id)).incident_id:
        raise Refused(
            "call_has_incident",
            f"来电 {taken.call_id} 已立警情 {taken.incident_id}",
            f"call {taken.call_id} has incident {taken.incident_id} already; attach or update it",
        )
    if (command.lat is None) != (command.lon is None):
        raise Refused(
            "half_a_place",
            "经纬度须同时填写",
            "a place needs latitude and longitude; give both, or neither and place it later",
        )
    incident_id = f"J{board.n_incidents + 1}"
    priority = min(command.priority or incident_type.priority, incident_type.priority)
    events: list[Event] = [
        incidents.IncidentOpened(
            incident_id=incident_id,
            call_id=command.call_id,
            source=command.source,
            type_code=incident_type.code,
            priority=priority,
            plan=incident_type.plan,
            route=incident_type.route,
            min_units=_n_needed(incident_type),
            record_class=_record_class(incident_type),
            narrative=command.narrative,
            address=command.address,
        )
    ]
    if command.lat is not None and command.lon is not None:
        events.append(_placed(board, incident_id, command.lat, command.lon, command.address))
    return events


def place_incident(board: Board, command: incidents.PlaceIncident, _now_ms: int) -> list[Event]:
    """The place is entered or corrected (定位)."""
    incident = get_open_incident(board, command.incident_id)
    return [_placed(board, incident.incident_id, command.lat, command.lon, command.address)]


def update_incident(board: Board, command: incidents.UpdateIncident, _now_ms: int) -> list[Event]:
    """Type and story change; a graver type raises the priority, a lighter one never lowers it."""
    incident = get_open_incident(board, command.incident_id)
    if incident.state == "reviewed":
        raise Refused(
            "incident_reviewed",
            f"警情 {incident.incident_id} 已评查，最终类别由评查确定",
            f"incident {incident.incident_id} is reviewed; its final type stands",
        )
    incident_type = get_type(board, command.type_code or incident.type_code)
    events: list[Event] = [
        incidents.IncidentUpdated(
            incident_id=incident.incident_id,
            type_code=incident_type.code,
            plan=incident_type.plan,
            route=incident_type.route,
            min_units=_n_needed(incident_type),
            record_class=_record_class(incident_type, was=incident.record_class),
            narrative=command.narrative,
        )
    ]
    if incident_type.priority < incident.priority:
        events.append(
            incidents.PrioritySet(
                incident_id=incident.incident_id,
                priority=incident_type.priority,
                reason=f"type {incident_type.code}",
                approved_by="",
            )
        )
    return events


def set_priority(board: Board, command: incidents.SetPriority, _now_ms: int) -> list[Event]:
    """Anyone raises the priority; lowering it takes a supervisor's name (调整等级)."""
    incident = get_open_incident(board, command.incident_id)
    if command.priority > incident.priority and not command.approved_by:
        raise Refused(
            "supervisor_needed",
            f"警情 {incident.incident_id} 降级须由值班领导批准",
            f"lowering incident {incident.incident_id} from P{incident.priority} to "
            f"P{command.priority} needs the name of a supervisor",
        )
    return [
        incidents.PrioritySet(
            incident_id=incident.incident_id,
            priority=command.priority,
            reason=command.reason,
            approved_by=command.approved_by,
        )
    ]


def merge_incident(board: Board, command: incidents.MergeIncident, _now_ms: int) -> list[Event]:
    """A person says that two incidents are one (合并警情); nothing is ever merged by itself."""
    child = get_open_incident(board, command.incident_id)
    main = get_open_incident(board, command.into_incident_id)
    if child is main:
        raise Refused(
            "merge_with_itself",
            f"警情 {child.incident_id} 不能与自身合并",
            f"incident {child.incident_id} cannot be merged into itself",
        )
    busy = [o.order_id for o in board.active_orders(child) if o.state != "fed_back"]
    if busy:
        raise Refused(
            "orders_open",
            f"警情 {child.incident_id} 尚有未反馈派警单 {'、'.join(busy)}，请先撤回或反馈",
            f"incident {child.incident_id} has orders open: {', '.join(busy)}; "
            "withdraw them, or wait for their feedback",
        )
    return [
        incidents.IncidentMerged(incident_id=child.incident_id, into_incident_id=main.incident_id)
    ]


def settle_by_phone(board: Board, command: incidents.SettleByPhone, _now_ms: int) -> list[Event]:
    """The desk settles an incident to which nobody was sent (电话处置)."""
    incident = get_open_incident(board, command.incident_id)
    if incident.settled or board.active_orders(incident):
        raise Refused(
            "not_for_phone",
            f"警情 {incident.incident_id} 已派警或已处置",
            f"incident {incident.incident_id} has orders or is settled; units report on it",
        )
    if incident.n_needed and not command.approved_by:
        raise Refused(
            "units_needed",
            f"警情 {incident.incident_id} 按预案须派警，改电话处置须值班领导批准",
            f"the plan of incident {incident.incident_id} sends units; settling it by phone needs "
            "the name of a supervisor",
        )
    return [
        incidents.IncidentSettled(incident_id=incident.incident_id, disposition=command.disposition)
    ]


def _placed(
    board: Board, incident_id: str, lat: float, lon: float, address: str
) -> incidents.IncidentPlaced:
    place = board.reference.place(lat, lon)
    if place.offset_m > MAX_OFF_ROAD_M:
        raise Refused(
            "place_off_roads",
            f"该位置距最近道路 {place.offset_m} 米，超出本市路网",
            f"the place is {place.offset_m} m from the nearest road of this city; "
            "check latitude and longitude",
        )
    return incidents.IncidentPlaced(
        incident_id=incident_id,
        lat=lat,
        lon=lon,
        address=address,
        arc=place.arc,
        fraction_ppm=place.fraction_ppm,
        offset_m=place.offset_m,
        jurisdiction=place.jurisdiction,
        area_class=place.area_class,
    )


def _n_needed(incident_type: IncidentType) -> int:
    return max(1, incident_type.min_units) if incident_type.needs_units else 0


def _record_class(incident_type: IncidentType, was: str = "ordinary") -> str:
    """A record once restricted stays restricted, whatever the type becomes."""
    return "restricted" if incident_type.restricted or was == "restricted" else "ordinary"


RULES = Rules[Board](
    deciders={
        calls.RegisterCall: register_call,
        calls.AnswerCall: answer_call,
        calls.UpdateCall: update_call,
        calls.HangUpCall: hang_up_call,
        calls.AttachCall: attach_call,
        incidents.OpenIncident: open_incident,
        incidents.PlaceIncident: place_incident,
        incidents.UpdateIncident: update_incident,
        incidents.SetPriority: set_priority,
        incidents.MergeIncident: merge_incident,
        incidents.SettleByPhone: settle_by_phone,
    }
)
