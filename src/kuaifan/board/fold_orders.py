"""Folds of orders (派警与出警事件归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.device_times import mark_stage, stamp_of, unmark_stage
from kuaifan.board.entities import Order
from kuaifan.board.order_steps import PROGRESS
from kuaifan.board.progress import note_owing, refresh_incident, refresh_unit
from kuaifan.board.reservations import forget_reservation
from kuaifan.board.state import Board
from kuaifan.board.undoable import remember, spoil
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.order import OrderState
from kuaifan.vocabulary.undo import UNDO_REASON

IN_VAIN_LEVEL: Final = 2
"""From this urging on a unit counts as asked in vain."""


def unit_assigned(board: Board, event: orders.UnitAssigned, at_ms: int) -> None:
    """An order is out and binds its unit, or stands beside the one it is bound by.

    One from a paper card that is long done binds nobody, and is not taken back by a key.
    """
    incident, unit = board.incidents[event.incident_id], board.units[event.unit_id]
    board.orders[event.order_id] = Order(
        order_id=event.order_id,
        incident_id=event.incident_id,
        unit_id=event.unit_id,
        n_crew=event.n_crew,
        rank=event.rank,
        travel_ms=event.travel_ms,
        t4_ms=event.stamp_at_ms or at_ms,
        beside=event.beside,
        diverted_from=event.diverted_from,
        device_marks={"dispatched": "paper"} if event.stamp_at_ms else {},
        sent_by=event.by,
        told_lat=incident.lat,
        told_lon=incident.lon,
        told_type_code=incident.type_code,
    )
    incident.order_ids.append(event.order_id)
    forget_reservation(board, incident, unit)
    if event.beside:
        unit.beside_order_ids.append(event.order_id)
    elif not event.is_over:
        unit.order_id = event.order_id
    unit.seq = board.seq
    if not event.is_over:
        board.move_ups.pop(event.unit_id, None)
    if event.self_initiated or event.stamp_at_ms:
        spoil(board, at_ms=at_ms)
    remember(board, "assign", event.order_id, value="", at_ms=at_ms)
    _touch(board, event.order_id)


def order_withdrawn(board: Board, event: orders.OrderWithdrawn, at_ms: int) -> None:
    """The unit is free again, and offered for this incident only if nobody else is left.

    One that was diverted was not asked in vain: once free it is offered like any other.
    """
    order = board.orders[event.order_id]
    order.withdrawn_at_ms, order.withdrawn_reason = at_ms, event.reason
    if event.must_sign:
        order.withdrawal_unsigned = True
        board.units[event.unit_id].unsigned_withdrawal_ids.append(event.order_id)
    if event.reason != UNDO_REASON and not event.diverted_to:
        board.incidents[event.incident_id].asked_unit_ids.append(event.unit_id)
    _free(board, event.order_id, "withdrawn")


def withdrawal_over(
    board: Board, event: orders.WithdrawalAcknowledged | orders.WithdrawalLapsed, _at_ms: int
) -> None:
    """The crew knows that it is not wanted there any more, or is not there any more itself."""
    order, unit = board.orders[event.order_id], board.units[event.unit_id]
    order.withdrawal_unsigned, order.seq = False, board.seq
    note_owing(board, order)
    unit.seq = board.seq
    if event.order_id in unit.unsigned_withdrawal_ids:
        unit.unsigned_withdrawal_ids.remove(event.order_id)


def order_acknowledged(board: Board, event: orders.OrderAcknowledged, at_ms: int) -> None:
    """Signed."""
    order = board.orders[event.order_id]
    order.t5_ms = mark_stage(order, "acknowledged", event, at_ms)
    order.t5_source = event.source
    _advance(board, event.order_id, "acknowledged")


def unit_en_route(board: Board, event: orders.UnitEnRoute, at_ms: int) -> None:
    """Wheels turn."""
    order = board.orders[event.order_id]
    order.t6_ms, order.t6_source = mark_stage(order, "en_route", event, at_ms), event.source
    _advance(board, event.order_id, "en_route")


def unit_arrived(board: Board, event: orders.UnitArrived, at_ms: int) -> None:
    """There; position and button are both kept, the first one counts and has the mark."""
    order = board.orders[event.order_id]
    there_at_ms = stamp_of(event, at_ms)
    if event.source == "gps":
        order.t7_gps_ms = order.t7_gps_ms or there_at_ms
    else:
        order.t7_button_ms = order.t7_button_ms or there_at_ms
    if not order.t7_ms or there_at_ms < order.t7_ms:
        order.t7_ms = mark_stage(order, "on_scene", event, at_ms)
        order.t7_source = event.source
    _advance(board, event.order_id, "on_scene")


def crew_safe(board: Board, event: orders.CrewSafe, _at_ms: int) -> None:
    """The crew has spoken."""
    board.orders[event.order_id].seq = board.seq


def order_handled(board: Board, event: orders.OrderHandled, at_ms: int) -> None:
    """Done; the unit is free, or goes on with the next order beside."""
    order = board.orders[event.order_id]
    order.t8_ms, order.t8_source = mark_stage(order, "handled", event, at_ms), event.source
    _free(board, event.order_id, "handled")


def feedback_given(board: Board, event: orders.FeedbackGiven, at_ms: int) -> None:
    """The feedback replaces an earlier one; the log keeps both."""
    order = board.orders[event.order_id]
    order.t9_ms = mark_stage(order, "fed_back", event, at_ms)
    order.disposition, order.story = event.disposition, event.story
    order.letter, order.returned_reason = event.letter, ""
    order.parties = event.parties
    order.n_caught, order.n_rescued = event.n_caught, event.n_rescued
    _advance(board, event.order_id, "fed_back")


def feedback_returned(board: Board, event: orders.FeedbackReturned, _at_ms: int) -> None:
    """Handled, but not fed back; what is to be mended stays to be read."""
    order = board.orders[event.order_id]
    order.t9_ms, order.returned_reason, order.state = 0, event.reason, "handled"
    unmark_stage(order, "fed_back")
    _touch(board, event.order_id)


def order_unsigned(board: Board, event: orders.OrderUnsigned, _at_ms: int) -> None:
    """Remember how often it was urged; then the unit counts as asked in vain."""
    order = board.orders[event.order_id]
    order.unsigned_level, order.seq = event.level, board.seq
    incident = board.incidents[event.incident_id]
    if event.level >= IN_VAIN_LEVEL and event.unit_id not in incident.asked_unit_ids:
        incident.asked_unit_ids.append(event.unit_id)
    incident.seq = board.seq


def feedback_overdue(board: Board, event: orders.FeedbackOverdue, _at_ms: int) -> None:
    """Late."""
    order = board.orders[event.order_id]
    order.feedback_overdue, order.seq = True, board.seq


def _advance(board: Board, order_id: str, state: OrderState) -> None:
    """Forward only: a stamp that a phone filled in later moves nothing back."""
    order = board.orders[order_id]
    if PROGRESS.index(order.state) < PROGRESS.index(state):
        order.state = state
    _touch(board, order_id)


def _free(board: Board, order_id: str, state: OrderState) -> None:
    order = board.orders[order_id]
    order.state = state
    unit = board.units[order.unit_id]
    unit.seq = board.seq
    if order_id in unit.beside_order_ids:
        unit.beside_order_ids.remove(order_id)
    elif unit.order_id == order_id:
        unit.order_id = unit.beside_order_ids.pop(0) if unit.beside_order_ids else ""
        unit.status = unit.status if unit.order_id else "returning"
        unit.status_since_ms = order.t8_ms or order.withdrawn_at_ms
    _touch(board, order_id)


def _touch(board: Board, order_id: str) -> None:
    order = board.orders[order_id]
    order.seq = board.seq
    note_owing(board, order)
    refresh_unit(board, board.units[order.unit_id])
    refresh_incident(board, board.incidents[order.incident_id])


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    orders.UnitAssigned: unit_assigned,
    orders.OrderWithdrawn: order_withdrawn,
    orders.WithdrawalAcknowledged: withdrawal_over,
    orders.WithdrawalLapsed: withdrawal_over,
    orders.OrderAcknowledged: order_acknowledged,
    orders.UnitEnRoute: unit_en_route,
    orders.UnitArrived: unit_arrived,
    orders.CrewSafe: crew_safe,
    orders.OrderHandled: order_handled,
    orders.FeedbackGiven: feedback_given,
    orders.FeedbackReturned: feedback_returned,
    orders.OrderUnsigned: order_unsigned,
    orders.FeedbackOverdue: feedback_overdue,
}
