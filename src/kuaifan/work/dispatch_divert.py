"""Divert (改派): a unit leaves one incident for a more urgent one; the one left waits again."""

from __future__ import annotations

from kuaifan.board.entities import Incident, Order, Unit
from kuaifan.board.lookup import check_no_emergency, get_unit, next_order_id
from kuaifan.board.recommend import travel_of
from kuaifan.board.sendable import (
    GRAVE_PRIORITY,
    get_incident_to_send,
    refuse_complained_of,
    refuse_other_desk,
)
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce


def divert_unit(board: Board, command: reinforce.DivertUnit, _now_ms: int) -> list[Event]:
    """Send a unit under way elsewhere (改派): the old order void and the new one out, at once."""
    incident = get_incident_to_send(board, command.incident_id)
    unit = get_unit(board, command.unit_id)
    left_order = _get_order_to_leave(board, unit)
    left = board.incidents[left_order.incident_id]
    _refuse_unless_worth(left, incident, left_order, command.approved_by)
    check_no_emergency(unit)
    refuse_complained_of(incident, unit)
    refuse_other_desk(
        board, incident, unit, desk_id=command.desk_id, approved_by=command.approved_by
    )
    return [
        reinforce.UnitDiverted(
            unit_id=unit.unit_id,
            from_order_id=left_order.order_id,
            incident_id=incident.incident_id,
            reason=command.reason,
            approved_by=command.approved_by,
        ),
        orders.OrderWithdrawn(
            order_id=left_order.order_id,
            incident_id=left.incident_id,
            unit_id=unit.unit_id,
            reason=f"diverted to {incident.incident_id}",
            diverted_to=incident.incident_id,
        ),
        orders.UnitAssigned(
            order_id=next_order_id(incident),
            incident_id=incident.incident_id,
            unit_id=unit.unit_id,
            n_crew=unit.n_officers + unit.n_auxiliaries,
            rank=0,
            travel_ms=travel_of(board, incident, unit.unit_id),
            approved_by=command.approved_by,
            diverted_from=left_order.order_id,
            by=command.by,
        ),
    ]


def _get_order_to_leave(board: Board, unit: Unit) -> Order:
    """Return the one order a unit has, or refuse: unit_free, several_orders."""
    if not unit.order_id:
        raise Refused(
            "unit_free",
            f"警力 {unit.unit_id} 没有派警单，直接派警即可",
            f"unit {unit.unit_id} has no order; send it, there is nothing to divert it from",
        )
    if unit.beside_order_ids:
        raise Refused(
            "several_orders",
            f"警力 {unit.unit_id} 正兼处多起警情，须先撤回或处理完毕",
            f"unit {unit.unit_id} has orders beside its first one; end or withdraw those first",
        )
    return board.orders[unit.order_id]


def _refuse_unless_worth(left: Incident, to: Incident, order: Order, approved_by: str) -> None:
    if left is to:
        raise Refused(
            "same_incident",
            f"警力 {order.unit_id} 已派往警情 {to.incident_id}",
            f"unit {order.unit_id} is sent to incident {to.incident_id} already",
        )
    is_there = order.state == "on_scene"
    if is_there and left.priority == GRAVE_PRIORITY:
        raise Refused(
            "grave_on_scene",
            f"警力 {order.unit_id} 在一级警情 {left.incident_id} 现场，不能改派",
            f"unit {order.unit_id} is on scene at P1 incident {left.incident_id}; "
            "nobody is diverted from there",
        )
    if (is_there or to.priority >= left.priority) and not approved_by:
        why_en = "is on scene at" if is_there else "drives to the no less urgent"
        why_zh = "已在现场" if is_there else "所往警情不低于该等级"
        raise Refused(
            "supervisor_needed",
            f"警力 {order.unit_id} {why_zh}（警情 {left.incident_id}），改派须值班领导批准",
            f"unit {order.unit_id} {why_en} incident {left.incident_id}; "
            "diverting it needs the name of a supervisor",
        )


RULES = Rules[Board](deciders={reinforce.DivertUnit: divert_unit})
