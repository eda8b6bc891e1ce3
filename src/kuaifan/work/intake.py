"""Intake (接警): a call is taken, becomes an incident, gets a place, may be a duplicate."""

from __future__ import annotations

from kuaifan.board.asking import need_seat
from kuaifan.board.duplicates import settle_pairs
from kuaifan.board.entities import Call
from kuaifan.board.grading import (
    get_incident_to_amend,
    list_raising,
    record_class_of,
    type_by_facts,
    updated,
)
from kuaifan.board.letters import refuse_mediated
from kuaifan.board.lookup import (
    check_not_offered,
    get_call,
    get_open_incident,
    get_road_place,
    get_type,
    get_type_to_use,
)
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.seating import list_releases, need_free_ear
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.alarm import ClearAlarm, RaiseAlarm
from kuaifan.vocabulary.lines import CHANNELS


def register_call(board: Board, command: calls.RegisterCall, _now_ms: int) -> list[Event]:
    """A call joins the queue under the next number (来电登记); at a counter somebody is there.

    A limited number rings like every other, and is shown as such.
    """
    call_id, number = f"C{board.n_calls + 1}", command.caller_number
    _must_be_new(board, command.phone_id)
    registered = calls.CallRegistered(
        call_id=call_id,
        line=command.line,
        caller_number=number,
        is_limited=number in board.limits and not is_erased(number),
        phone_id=command.phone_id,
    )
    if CHANNELS[command.line].rings:
        return [registered]
    need_seat(command.seat_id)
    answered = calls.CallAnswered(call_id=call_id, seat_id=command.seat_id)
    return [registered, answered, *list_releases(board, command.seat_id)]


def _must_be_new(board: Board, phone_id: str) -> None:
    if (known := board.phone_calls.get(phone_id)) is not None:
        raise Refused(
            "phone_call_known",
            f"电话 {phone_id} 已登记为来电 {known}",
            f"the telephone call {phone_id} is call {known} already",
        )


def answer_call(board: Board, command: calls.AnswerCall, _now_ms: int) -> list[Event]:
    """A seat takes a ringing call, wherever it was offered (接听); two cannot take the same one."""
    need_seat(command.seat_id)
    call = get_call(board, command.call_id)
    if call.state != "ringing":
        raise Refused(
            "call_not_ringing",
            f"来电 {call.call_id} 已由席位 {call.seat_id or '—'} 处理",
            f"call {call.call_id} is {call.state}, seat {call.seat_id or 'none'}",
        )
    need_free_ear(board, command.seat_id, call)
    answered = calls.CallAnswered(
        call_id=call.call_id, seat_id=command.seat_id, offered_seat_id=call.offered_seat_id
    )
    return [answered, *list_releases(board, command.seat_id, call.call_id)]


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
    if command.by == "desk":
        _must_not_be_dropped(call)
    if call.state == "ringing":
        return [calls.CallAbandoned(call_id=call.call_id)]
    if call.state == "talking":
        return [calls.CallEnded(call_id=call.call_id)]
    raise Refused(
        "call_over", f"来电 {call.call_id} 已结束", f"call {call.call_id} is already {call.state}"
    )


def _must_not_be_dropped(call: Call) -> None:
    """The desk drops nobody who still waits: for an answer, on hold, or for the next owner."""
    call_id = call.call_id
    if call.state == "ringing":
        raise Refused(
            "call_ringing",
            f"来电 {call_id} 尚未接听，不能由接警台挂断",
            f"call {call_id} still rings; answer it first",
        )
    if call.state == "talking" and call.transfer_kind is not None:
        raise Refused(
            "transfer_open",
            f"来电 {call_id} 转接 {call.transfer_id} 尚未签收，不能挂断",
            f"call {call_id} is offered to {call.transfer_id}; stay until they answer",
        )
    if call.state == "talking" and call.on_hold:
        raise Refused(
            "call_on_hold",
            f"来电 {call_id} 正在保持，请先取回",
            f"call {call_id} is on hold; resume it, then end it",
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
    incident_type = get_type_to_use(board, command.type_code)
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
            min_units=board.reference.n_units_of(incident_type),
            record_class=record_class_of(incident_type),
            narrative=command.narrative,
            address=command.address,
            desk_id=_desk_of_call(board, command.call_id),
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
    """Type and story change (更新警情); what is known of the scene is applied to the new type.

    A graver type raises the priority, a lighter one never lowers it.
    """
    incident = get_incident_to_amend(board, command.incident_id)
    named = get_type_to_use(board, command.type_code or incident.type_code, incident.type_code)
    incident_type = type_by_facts(board, named, incident.facts)
    return [
        updated(board, incident, incident_type, narrative=command.narrative),
        *list_raising(board, incident, incident_type, incident.facts),
    ]


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
    check_not_offered(child)
    if child.complained_of or main.complained_of:
        raise Refused(
            "complaint_stands_alone",
            "投诉警情须与原警情分开，请改用关联",
            "a complaint is kept apart from the case it is about: link them instead",
        )
    return [
        *settle_pairs(child, "merged", besides=main.incident_id),
        incidents.IncidentMerged(incident_id=child.incident_id, into_incident_id=main.incident_id),
    ]


def settle_by_phone(board: Board, command: incidents.SettleByPhone, _now_ms: int) -> list[Event]:
    """The desk settles an incident to which nobody was sent, or nobody again (电话处置)."""
    incident = get_open_incident(board, command.incident_id)
    open_orders = [o for o in board.active_orders(incident) if o.state != "fed_back"]
    is_taken = bool(open_orders if incident.n_reopened else board.active_orders(incident))
    if incident.settled or is_taken:
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
    refuse_mediated(get_type(board, incident.type_code), command.disposition)
    return [
        incidents.IncidentSettled(incident_id=incident.incident_id, disposition=command.disposition)
    ]


def on_placed(board: Board, event: incidents.IncidentPlaced, now_ms: int) -> list[Follow]:
    """On another desk's ground: whose it becomes is for people to say, by a hand-over."""
    incident, alarm_id = (
        board.incidents[event.incident_id],
        f"other_desk_ground:{event.incident_id}",
    )
    if event.desk_id == incident.desk_id:
        return [ClearAlarm(alarm_id=alarm_id)] if alarm_id in board.alarms else []
    if not event.left_desk_id and incident.tp_ms != now_ms:
        return []
    return [
        RaiseAlarm(
            kind="other_desk_ground",
            subject_id=event.incident_id,
            incident_id=event.incident_id,
            text=event.desk_id,
        )
    ]


def _desk_of_call(board: Board, call_id: str) -> str:
    """The desk that took the call answers for the incident until its ground is known (首接责任)."""
    call = board.calls.get(call_id)
    return call.desk_id if call is not None else CITY_DESK


def _placed(
    board: Board, incident_id: str, lat: float, lon: float, address: str
) -> incidents.IncidentPlaced:
    place = get_road_place(board, lat, lon)
    incident = board.incidents.get(incident_id)
    was_on = incident.ground_desk_id if incident is not None else ""
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
        district=place.district,
        desk_id=place.desk_id,
        left_desk_id=was_on if was_on != place.desk_id else "",
    )


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
    },
    reactions={incidents.IncidentPlaced: [on_placed]},
)
