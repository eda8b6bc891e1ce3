"""Finding things on the board, or refusing in words (查找)."""

from __future__ import annotations

from kuaifan.board.entities import Call, Incident, Order, Unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.vocabulary.incident_types import IncidentType


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
            f"order {order_id} was withdrawn: {order.withdrawn_reason}",
        )
    return order


def get_unit(board: Board, unit_id: str) -> Unit:
    """Return a unit, or refuse: unknown_unit."""
    if (unit := board.units.get(unit_id)) is None:
        raise Refused("unknown_unit", f"没有警力 {unit_id}", f"there is no unit {unit_id}")
    return unit


def get_type(board: Board, type_code: str) -> IncidentType:
    """Return an incident type, or refuse: unknown_type."""
    if (incident_type := board.reference.types.get(type_code)) is None:
        raise Refused(
            "unknown_type",
            f"没有警情类别 {type_code}",
            f"there is no incident type {type_code}; the codes are in types.csv",
        )
    return incident_type
