"""Respond (出警): the order is signed, the wheels turn, the crew arrives; shifts begin and end."""

from __future__ import annotations

from typing import Final

import numpy as np

from kuaifan.board.entities import Order
from kuaifan.board.fold_positions import fold_batch
from kuaifan.board.lookup import get_live_order, get_order, get_unit
from kuaifan.board.state import Board
from kuaifan.geo.points import distances_m
from kuaifan.kernel.message import CancelTimer, Command, Event, Observation, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.policy.fleet import ASSIGNED, ON_SCENE
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.order import OrderState
from kuaifan.vocabulary.unit import FixBatch

ARRIVAL_RADIUS_M: Final = 100
ARRIVAL_SPEED_MPS: Final = 10 / 3.6
"""Arrived = first fix within 100 m at no more than 10 km/h (domain §3.1)."""

PROGRESS: Final[tuple[OrderState, ...]] = (
    "dispatched", "acknowledged", "en_route", "on_scene", "handled", "fed_back"
)  # fmt: skip


def acknowledge_order(board: Board, command: orders.AcknowledgeOrder, _now_ms: int) -> list[Event]:
    """The crew has read the order (签收)."""
    order = _get_order_before(board, command.order_id, "acknowledged")
    return [
        orders.OrderAcknowledged(
            order_id=order.order_id, incident_id=order.incident_id, source=command.source
        )
    ]


def report_en_route(board: Board, command: orders.ReportEnRoute, _now_ms: int) -> list[Event]:
    """The wheels turn (出警); a crew that forgot to sign has signed by this."""
    order = _get_order_before(board, command.order_id, "en_route")
    return [
        orders.UnitEnRoute(
            order_id=order.order_id, incident_id=order.incident_id, source=command.source
        )
    ]


def report_arrival(board: Board, command: orders.ReportArrival, _now_ms: int) -> list[Event]:
    """The crew is there (到达): the first of position and button counts, both are kept."""
    order = get_live_order(board, command.order_id)
    stamped = order.t7_gps_ms if command.source == "gps" else order.t7_button_ms
    if stamped or not order.is_active:
        raise _already(order, "on_scene")
    return [
        orders.UnitArrived(
            order_id=order.order_id, incident_id=order.incident_id, source=command.source
        )
    ]


def check_unsigned(board: Board, command: orders.CheckUnsigned, _now_ms: int) -> list[Event]:
    """The time to sign has passed (签收超时): 1 repeat, 2 offer the next unit, 3 supervisor."""
    order = get_order(board, command.order_id)
    n_levels = len(board.reference.clocks.unsigned_ms)
    is_next = command.level == order.unsigned_level + 1 <= n_levels
    # Each level once and in order, whoever asks.
    if order.state != "dispatched" or not is_next:
        return []
    return [
        orders.OrderUnsigned(
            order_id=order.order_id,
            incident_id=order.incident_id,
            unit_id=order.unit_id,
            level=command.level,
        )
    ]


def on_assigned(board: Board, event: orders.UnitAssigned, now_ms: int) -> list[Follow]:
    """The clock for the signature starts."""
    return [_unsigned_timer(board, event.order_id, level=1, sent_at_ms=now_ms)]


def on_unsigned(board: Board, event: orders.OrderUnsigned, _now_ms: int) -> list[Follow]:
    """The next level, counted from when the order was sent; the last one ends with a person."""
    if event.level >= len(board.reference.clocks.unsigned_ms):
        return []
    order = board.orders[event.order_id]
    return [_unsigned_timer(board, event.order_id, level=event.level + 1, sent_at_ms=order.t4_ms)]


def on_signed(_board: Board, event: Event, _now_ms: int) -> list[Follow]:
    """Signed, gone, arrived or called back: the clock stops."""
    return [CancelTimer(_unsigned_id(event.order_id))]  # type: ignore[attr-defined] # the table names order events only


def start_shift(board: Board, command: units.StartShift, _now_ms: int) -> list[Event]:
    """A crew takes over a unit (上勤)."""
    unit = get_unit(board, command.unit_id)
    if unit.status != "off_duty":
        raise Refused(
            "on_duty",
            f"警力 {unit.unit_id} 已在勤",
            f"unit {unit.unit_id} is on duty already; end that shift first",
        )
    if command.status == "off_duty":
        raise Refused(
            "use_shift",
            f"警力 {unit.unit_id} 上勤状态不能为下勤",
            f"unit {unit.unit_id}: a shift does not start off duty; say what the unit does",
        )
    if command.n_officers + command.n_auxiliaries == 0:
        raise Refused(
            "no_crew", f"警力 {unit.unit_id} 无人", f"unit {unit.unit_id} needs at least one person"
        )
    return [
        units.ShiftStarted(
            unit_id=unit.unit_id,
            n_officers=command.n_officers,
            n_auxiliaries=command.n_auxiliaries,
            status=command.status,
        )
    ]


def end_shift(board: Board, command: units.EndShift, _now_ms: int) -> list[Event]:
    """The crew goes off duty (下勤); no shift ends on an open order."""
    unit = get_unit(board, command.unit_id)
    if unit.status == "off_duty" and not unit.order_id:
        raise Refused(
            "off_duty",
            f"警力 {unit.unit_id} 不在勤",
            f"unit {unit.unit_id} is off duty already",
        )
    _refuse_if_bound(board, unit.unit_id, unit.order_id)
    return [units.ShiftEnded(unit_id=unit.unit_id)]


def set_unit_status(board: Board, command: units.SetUnitStatus, _now_ms: int) -> list[Event]:
    """The crew or the desk says what the unit does (设置警力状态)."""
    unit = get_unit(board, command.unit_id)
    if unit.status == "off_duty" or command.status == "off_duty":
        raise Refused(
            "use_shift",
            f"警力 {unit.unit_id} 上下勤须用交接班",
            f"unit {unit.unit_id}: going on or off duty is a shift, not a status",
        )
    _refuse_if_bound(board, unit.unit_id, unit.order_id)
    return [units.UnitStatusSet(unit_id=unit.unit_id, status=command.status)]


def observe_fixes(board: Board, observation: Observation, now_ms: int) -> list[Command]:
    """Move the markers; a unit under way that stands near its incident has arrived (到达判定)."""
    assert isinstance(observation, FixBatch)  # noqa: S101 - the only observation there is
    rows = fold_batch(board, observation, now_ms)
    fleet = board.fleet
    # On scene too: a button pressed on the way must not keep the position from being written down.
    bound = rows[(fleet.state[rows] >= ASSIGNED) & (fleet.state[rows] <= ON_SCENE)]
    slow = bound[fleet.speed_mps[bound] <= ARRIVAL_SPEED_MPS]
    if not len(slow):
        return []
    metres = distances_m(
        fleet.lat[slow], fleet.lon[slow], to_lat=fleet.dest_lat[slow], to_lon=fleet.dest_lon[slow]
    )
    arrived = sorted(set(slow[np.asarray(metres) <= ARRIVAL_RADIUS_M].tolist()))
    order_ids = (board.units[fleet.unit_ids[i]].order_id for i in arrived)
    return [
        orders.ReportArrival(order_id=order_id, source="gps")
        for order_id in order_ids
        if not board.orders[order_id].t7_gps_ms
    ]


def _get_order_before(board: Board, order_id: str, state: OrderState) -> Order:
    order = get_live_order(board, order_id)
    if PROGRESS.index(order.state) >= PROGRESS.index(state):
        raise _already(order, state)
    return order


def _already(order: Order, state: OrderState) -> Refused:
    return Refused(
        f"already_{state}",
        f"派警单 {order.order_id} 已是“{order.state}”，不能退回",
        f"order {order.order_id} is {order.state} already; it does not go back to {state}",
    )


def _refuse_if_bound(board: Board, unit_id: str, order_id: str) -> None:
    if order_id:
        incident_id = board.orders[order_id].incident_id
        raise Refused(
            "order_open",
            f"警力 {unit_id} 尚有未完成派警单 {order_id}（警情 {incident_id}）",
            f"unit {unit_id} has order {order_id} at incident {incident_id} open",
        )


def _unsigned_id(order_id: str) -> str:
    return f"unsigned:{order_id}"


def _unsigned_timer(board: Board, order_id: str, *, level: int, sent_at_ms: int) -> SetTimer:
    due_at_ms = sent_at_ms + board.reference.clocks.unsigned_ms[level - 1]
    check = orders.CheckUnsigned(order_id=order_id, level=level)
    return SetTimer(_unsigned_id(order_id), due_at_ms, check)


RULES = Rules[Board](
    deciders={
        orders.AcknowledgeOrder: acknowledge_order,
        orders.ReportEnRoute: report_en_route,
        orders.ReportArrival: report_arrival,
        orders.CheckUnsigned: check_unsigned,
        units.StartShift: start_shift,
        units.EndShift: end_shift,
        units.SetUnitStatus: set_unit_status,
    },
    reactions={
        orders.UnitAssigned: [on_assigned],
        orders.OrderUnsigned: [on_unsigned],
        orders.OrderAcknowledged: [on_signed],
        orders.UnitEnRoute: [on_signed],
        orders.UnitArrived: [on_signed],
        orders.OrderHandled: [on_signed],
        orders.OrderWithdrawn: [on_signed],
    },
)
