"""Finding things on the board, or refusing in words (查找)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.driving import NORMAL_PROFILE
from kuaifan.board.entities import Call, Incident, Order, Unit
from kuaifan.board.papers import AgencyRequest, Emergency
from kuaifan.board.reference import Place
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.vocabulary.incident_types import IncidentType

MAX_OFF_ROAD_M: Final = 3_000
"""A place further than this from every road of the city is an error of entry, not a place."""


def get_call(board: Board, call_id: str) -> Call:
    """Return a call, or refuse: unknown_call."""
    if (call := board.calls.get(call_id)) is None:
        raise Refused("unknown_call", f"没有来电 {call_id}", f"there is no call {call_id}")
    return call


def get_incident(board: Board, incident_id: str) -> Incident:
    """Return an incident, or refuse: unknown_incident."""
    if (incident := board.incidents.get(incident_id)) is None:
        raise Refused(
            "unknown_incident", f"没有警情 {incident_id}", f"there is no incident {incident_id}"
        )
    return incident


def get_open_incident(board: Board, incident_id: str) -> Incident:
    """Return an incident that is neither closed nor merged, or refuse: incident_over."""
    incident = get_incident(board, incident_id)
    if incident.is_over:
        into = f", it lives on in {incident.merged_into}" if incident.merged_into else ""
        raise Refused(
            "incident_over",
            f"警情 {incident_id} 已{'合并' if incident.merged_into else '办结'}",
            f"incident {incident_id} is {incident.state}{into}",
        )
    return incident


def get_order(board: Board, order_id: str) -> Order:
    """Return an order, or refuse: unknown_order."""
    if (order := board.orders.get(order_id)) is None:
        raise Refused("unknown_order", f"没有派警单 {order_id}", f"there is no order {order_id}")
    return order


def get_live_order(board: Board, order_id: str) -> Order:
    """Return an order that was not withdrawn, or refuse: order_withdrawn."""
    order = get_order(board, order_id)
    if order.state == "withdrawn":
        raise Refused(
            "order_withdrawn",
            f"派警单 {order_id} 已撤回",
            f"order {order_id} was withdrawn",
        )
    return order


def get_unit(board: Board, unit_id: str) -> Unit:
    """Return a unit, or refuse: unknown_unit."""
    if (unit := board.units.get(unit_id)) is None:
        raise Refused("unknown_unit", f"没有警力 {unit_id}", f"there is no unit {unit_id}")
    return unit


def get_unit_on_duty(board: Board, unit_id: str) -> Unit:
    """Return a unit that has a crew, or refuse: unknown_unit, off_duty."""
    unit = get_unit(board, unit_id)
    if unit.status == "off_duty":
        raise Refused("off_duty", f"警力 {unit_id} 不在勤", f"unit {unit_id} is off duty")
    return unit


def check_no_emergency(unit: Unit, code: str = "in_emergency") -> None:
    """Refuse while the unit's officers are in danger; names the running emergency."""
    if unit.emergency_id:
        raise Refused(
            code,
            f"警力 {unit.unit_id} 正在紧急求助 {unit.emergency_id}，解除后方可",
            f"unit {unit.unit_id} is in emergency {unit.emergency_id}; that has to end first",
        )


def get_emergency(board: Board, emergency_id: str) -> Emergency:
    """Return an officer emergency that still runs, or refuse: unknown_emergency, emergency_over."""
    if (found := board.emergencies.get(emergency_id)) is None:
        raise Refused(
            "unknown_emergency",
            f"没有紧急求助 {emergency_id}",
            f"there is no emergency {emergency_id}",
        )
    if found.state == "ended":
        raise Refused(
            "emergency_over",
            f"紧急求助 {emergency_id} 已由 {found.ended_by} 解除",
            f"emergency {emergency_id} was ended by {found.ended_by}",
        )
    return found


def get_type(board: Board, type_code: str) -> IncidentType:
    """Return an incident type, or refuse: unknown_type."""
    if (incident_type := board.reference.types.get(type_code)) is None:
        raise Refused(
            "unknown_type",
            f"没有警情类别 {type_code}",
            f"there is no incident type {type_code}; the codes are in types.csv",
        )
    return incident_type


def get_type_to_use(board: Board, type_code: str, was: str = "") -> IncidentType:
    """Return a type to give an incident, or refuse: unknown_type, type_retired.

    was: the type it has, which stays its own whatever became of it.
    """
    incident_type = get_type(board, type_code)
    if type_code in board.reference.retired_types and type_code != was:
        raise Refused(
            "type_retired",
            f"警情类别 {type_code} {incident_type.name_cn} 已停用，请另选类别",
            f"the type {type_code} is retired; choose another",
        )
    return incident_type


def get_request(board: Board, request_id: str) -> AgencyRequest:
    """Return a request to a service, or refuse: unknown_request."""
    if (request := board.requests.get(request_id)) is None:
        raise Refused(
            "unknown_request", f"没有联动单 {request_id}", f"there is no request {request_id}"
        )
    return request


def get_road_place(board: Board, lat: float, lon: float, *, profile: int = NORMAL_PROFILE) -> Place:
    """Return the nearest road position of a place that a profile may use, or refuse.

    Refuses: place_off_roads.
    """
    place = board.reference.place(lat, lon, profile=profile)
    if place.offset_m > MAX_OFF_ROAD_M:
        raise Refused(
            "place_off_roads",
            f"该位置距最近道路 {place.offset_m} 米，超出本市路网",
            f"the place is {place.offset_m} m from the nearest road of this city; "
            "check latitude and longitude",
        )
    return place


def next_order_id(incident: Incident) -> str:
    """The id of an incident's next order; one that a split took away keeps its number."""
    return f"{incident.incident_id}-{len(incident.order_ids) + incident.n_moved_orders + 1}"


def check_not_offered(incident: Incident) -> None:
    """Refuse: hand_over_open. Another desk is about to sign; whose it is must be clear first."""
    if incident.to_desk_id:
        raise Refused(
            "hand_over_open",
            f"警情 {incident.incident_id} 正移交 {incident.to_desk_id}，待签收或退回",
            f"incident {incident.incident_id} is offered to desk {incident.to_desk_id}; "
            "wait for the receipt or the refusal",
        )
