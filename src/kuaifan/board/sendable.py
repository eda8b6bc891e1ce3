"""Whether a unit may be sent (可派): what every way of sending one asks of unit and incident."""

from __future__ import annotations

from typing import Final

import numpy as np

from kuaifan.board.entities import Incident, Order, Unit
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.progress import DONE_STATES
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.state import Board
from kuaifan.geo.points import distances_m
from kuaifan.kernel.message import Refused

BESIDE_RADIUS_M: Final = 300
"""So close that a crew on scene can see to the other incident too."""
MAX_BESIDE: Final = 3
"""More incidents than one crew can keep apart beside the one it is at."""
GRAVE_PRIORITY: Final = 1
STATUS_ZH: Final = {
    "off_duty": "未上勤",
    "meal": "用餐",
    "training": "训练",
    "elsewhere": "外勤",
}
"""Statuses in which a unit cannot be sent, as they are said (不可派状态)."""


def get_workable_incident(board: Board, incident_id: str) -> Incident:
    """Return an incident with work left, or refuse: incident_over, incident_handled."""
    incident = get_open_incident(board, incident_id)
    if incident.state in DONE_STATES:
        raise Refused(
            "incident_handled",
            f"警情 {incident.incident_id} 已处理完毕",
            f"incident {incident.incident_id} is {incident.state}; reopen it to send units",
        )
    return incident


def get_incident_to_send(board: Board, incident_id: str) -> Incident:
    """Return an incident units may be sent to now, or refuse; a scheduled one: scheduled."""
    incident = get_workable_incident(board, incident_id)
    if incident.state == "scheduled":
        raise Refused(
            "scheduled",
            f"警情 {incident.incident_id} 为预约警情，尚未到时",
            f"incident {incident.incident_id} is scheduled for later; start it to send units",
        )
    return incident


def refuse_unless_available(board: Board, unit: Unit) -> None:
    """Refuse unit_not_available, saying what the unit does."""
    if board.fleet.available()[board.fleet.index[unit.unit_id]]:
        return
    order = board.orders.get(unit.order_id)
    raise Refused(
        "unit_not_available",
        f"警力 {unit.call_sign} 不可派：{_whereabouts(unit, order, is_chinese=True)}",
        f"unit {unit.unit_id} is not available: {_whereabouts(unit, order, is_chinese=False)}",
    )


def _whereabouts(unit: Unit, order: Order | None, *, is_chinese: bool) -> str:
    """What a unit does, and who sent it there: the other of two seats has to know whom to ask."""
    if order is None:
        return STATUS_ZH.get(unit.status, unit.status) if is_chinese else unit.status
    if is_chinese:
        who = f"由 {order.sent_by} " if order.sent_by else ""
        return f"已{who}派往警情 {order.incident_id}"
    who = f", sent by {order.sent_by}" if order.sent_by else ""
    return f"{order.state} at incident {order.incident_id}{who}"


def refuse_complained_of(incident: Incident, unit: Unit) -> None:
    """Refuse complained_of: a unit is never sent to what is told about it."""
    if unit.unit_id in incident.complained_of:
        raise Refused(
            "complained_of",
            f"{unit.unit_id} 是警情 {incident.incident_id} 的被投诉警组，不得派往",
            f"incident {incident.incident_id} complains of unit {unit.unit_id}: send another",
        )


def refuse_other_desk(
    board: Board, incident: Incident, unit: Unit, *, desk_id: str, approved_by: str
) -> None:
    """Refuse unknown_desk, and other_desk where a desk reaches beyond its own without a name."""
    if desk_id in {"", CITY_DESK}:
        return
    if desk_id not in board.reference.desks:
        raise Refused("unknown_desk", f"没有指挥席 {desk_id}", f"there is no desk {desk_id}")
    if approved_by or unit.desk_id == incident.desk_id == desk_id:
        return
    whose = f"unit {unit.unit_id} is of desk {unit.desk_id}"
    if unit.desk_id == desk_id:
        whose = f"incident {incident.incident_id} is of desk {incident.desk_id}"
    raise Refused(
        "other_desk",
        f"指挥席 {desk_id} 只能向本席警情派本席警力（警力 {unit.unit_id} 属 {unit.desk_id}，"
        f"警情 {incident.incident_id} 属 {incident.desk_id}），跨席须批准",
        f"{whose}, not of {desk_id}; give the name of who approves it",
    )


def refuse_unless_beside(board: Board, incident: Incident, unit: Unit, approved_by: str) -> None:
    """Refuse a second order unless the unit is on scene close by and neither incident is grave."""
    order = board.orders.get(unit.order_id)
    if order is None or order.state != "on_scene":
        raise Refused(
            "not_on_scene",
            f"警力 {unit.unit_id} 未在现场，不能兼处",
            f"unit {unit.unit_id} is at no scene; send it, or divert it",
        )
    _refuse_if_there(board, incident, unit)
    first = board.incidents[order.incident_id]
    _refuse_if_far(first, incident)
    is_grave = GRAVE_PRIORITY in {incident.priority, first.priority}
    if is_grave and not approved_by:
        raise Refused(
            "supervisor_needed",
            f"警情 {first.incident_id} 或 {incident.incident_id} 为一级，兼处须值班领导批准",
            f"incident {first.incident_id} or {incident.incident_id} is P1; "
            "a crew for both needs the name of a supervisor",
        )


def list_open_orders(board: Board, unit: Unit) -> list[Order]:
    """List the active orders of a unit, the one it works on first."""
    order_ids = (unit.order_id, *unit.beside_order_ids) if unit.order_id else ()
    return [board.orders[order_id] for order_id in order_ids]


def _refuse_if_there(board: Board, incident: Incident, unit: Unit) -> None:
    if incident.incident_id in {order.incident_id for order in list_open_orders(board, unit)}:
        raise Refused(
            "same_incident",
            f"警力 {unit.unit_id} 已派往警情 {incident.incident_id}",
            f"unit {unit.unit_id} is sent to incident {incident.incident_id} already",
        )
    if len(unit.beside_order_ids) >= MAX_BESIDE:
        raise Refused(
            "too_many_beside",
            f"警力 {unit.unit_id} 已兼处 {MAX_BESIDE} 起警情",
            f"unit {unit.unit_id} has {MAX_BESIDE} orders beside already; send another unit",
        )


def _refuse_if_far(first: Incident, incident: Incident) -> None:
    for each in (first, incident):
        if not each.is_placed:
            raise Refused(
                "not_placed",
                f"警情 {each.incident_id} 尚未定位",
                f"incident {each.incident_id} has no place yet; place it first",
            )
    metres = distances_m(first.lat, first.lon, to_lat=incident.lat, to_lon=incident.lon)
    if (far_m := int(np.rint(metres))) > BESIDE_RADIUS_M:
        raise Refused(
            "too_far_beside",
            f"警情 {incident.incident_id} 距警情 {first.incident_id} {far_m} 米，不能兼处",
            f"incident {incident.incident_id} is {far_m} m from {first.incident_id}; "
            f"one crew sees to both only within {BESIDE_RADIUS_M} m",
        )
