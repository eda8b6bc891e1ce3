"""Respond (出警): the order is signed, the wheels turn, the crew arrives; fixes move markers."""

from __future__ import annotations

from typing import Final

import numpy as np

from kuaifan.board.device_times import stamp_arrival, stamp_to
from kuaifan.board.expected import is_as_expected
from kuaifan.board.fold_positions import fold_batch
from kuaifan.board.lookup import get_live_order, get_order, get_unit
from kuaifan.board.state import Board
from kuaifan.geo.points import distances_m
from kuaifan.kernel.message import CancelTimer, Command, Event, Observation, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.policy.fleet import ASSIGNED, OFF_DUTY, ON_SCENE
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import road, voice
from kuaifan.vocabulary.unit import FixBatch

ARRIVAL_RADIUS_M: Final = 100
ARRIVAL_SPEED_MPS: Final = 10 / 3.6
"""Arrived = first fix within 100 m at no more than 10 km/h (domain §3.1)."""


def acknowledge_order(board: Board, command: orders.AcknowledgeOrder, now_ms: int) -> list[Event]:
    """The crew has read the order (签收)."""
    stamped = stamp_to(
        board, command.order_id, "acknowledged", device_at_ms=command.device_at_ms, now_ms=now_ms
    )
    order = stamped.order
    return [
        orders.OrderAcknowledged(
            order_id=order.order_id,
            incident_id=order.incident_id,
            source=command.source,
            **stamped.fields,
        )
    ]


def report_en_route(board: Board, command: orders.ReportEnRoute, now_ms: int) -> list[Event]:
    """The wheels turn (出警); a crew that forgot to sign has signed by this."""
    stamped = stamp_to(
        board, command.order_id, "en_route", device_at_ms=command.device_at_ms, now_ms=now_ms
    )
    order = stamped.order
    return [
        orders.UnitEnRoute(
            order_id=order.order_id,
            incident_id=order.incident_id,
            source=command.source,
            **stamped.fields,
        )
    ]


def report_arrival(board: Board, command: orders.ReportArrival, now_ms: int) -> list[Event]:
    """The crew is there (到达): the first of position and button counts, both are kept."""
    stamped = stamp_arrival(
        board, command.order_id, command.source, device_at_ms=command.device_at_ms, now_ms=now_ms
    )
    order = stamped.order
    return [
        orders.UnitArrived(
            order_id=order.order_id,
            incident_id=order.incident_id,
            source=command.source,
            **stamped.fields,
        )
    ]


def report_safe(board: Board, command: orders.ReportSafe, _now_ms: int) -> list[Event]:
    """All is well on scene (报平安)."""
    order = get_live_order(board, command.order_id)
    if order.state != "on_scene":
        raise Refused(
            "not_on_scene",
            f"派警单 {order.order_id} 当前为“{order.state}”，到场后方可报平安",
            f"order {order.order_id} is {order.state}; this is said on scene",
        )
    return [
        orders.CrewSafe(
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
    """The clock for the signature starts, unless a paper card says that it was done long ago."""
    if event.is_over:
        return []
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


def observe_fixes(board: Board, observation: Observation, now_ms: int) -> list[Command]:
    """Move the markers; a unit under way that stands near its incident has arrived (到达判定)."""
    assert isinstance(observation, FixBatch)  # noqa: S101 - the only observation there is
    moved = fold_batch(board, observation, now_ms)
    # Most that is heard is of no consequence: somebody drives, and is not there yet.
    commands = _found_again(board, moved.uncertain) if moved.uncertain else []
    slow = _slow_and_bound(board, moved.rows)
    if slow:
        commands += _arrivals(board, slow)
    if moved.due:
        commands += _progress(board, moved.due, now_ms)
    return commands


def confirm_position(board: Board, command: voice.ConfirmPosition, _now_ms: int) -> list[Event]:
    """The satellites say where a unit is that was known by voice or post only (恢复卫星定位)."""
    unit = get_unit(board, command.unit_id)
    row = board.fleet.index[unit.unit_id]
    is_fixed = board.fleet.arc[row] >= 0 and not board.fleet.uncertainty_m[row]
    if unit.position_source == "gps" or not is_fixed:
        return []
    return [voice.PositionConfirmed(unit_id=unit.unit_id)]


def _found_again(board: Board, rows: list[int]) -> list[Command]:
    """A unit on duty whose place was not sure, and now is; rare, so that it may make a record."""
    on_duty = {row for row in rows if board.fleet.state[row] != OFF_DUTY}
    unit_ids = (board.fleet.unit_ids[row] for row in sorted(on_duty))
    return [voice.ConfirmPosition(unit_id=unit_id) for unit_id in unit_ids]


def _slow_and_bound(board: Board, rows: list[int]) -> list[int]:
    """Those with an order that hardly move, which may have arrived."""
    state, speed_mps = board.fleet.state, board.fleet.speed_mps
    # On scene too: a button pressed on the way must not keep the position from being written down.
    return [
        row
        for row in rows
        if speed_mps[row] <= ARRIVAL_SPEED_MPS and ASSIGNED <= state[row] <= ON_SCENE
    ]


def _arrivals(board: Board, rows: list[int]) -> list[Command]:
    fleet, slow = board.fleet, np.array(rows, np.int64)
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


def _progress(board: Board, rows: list[int], now_ms: int) -> list[Command]:
    """How far the units have come: whether they are expected at another time is decided then."""
    order_ids = tuple(board.units[board.fleet.unit_ids[row]].order_id for row in rows)
    if all(is_as_expected(board, order_id, now_ms) for order_id in order_ids):
        return []
    return [road.UpdateEtas(order_ids=order_ids)]


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
        orders.ReportSafe: report_safe,
        orders.CheckUnsigned: check_unsigned,
        voice.ConfirmPosition: confirm_position,
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
