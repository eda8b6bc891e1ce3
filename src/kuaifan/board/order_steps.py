"""What an order can still go on to (派警单进程): forward, with jumps, and never back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.board.entities import Order, Unit
from kuaifan.board.lookup import get_live_order
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.vocabulary.order import OrderState, StampSource

PROGRESS: Final[tuple[OrderState, ...]] = (
    "dispatched", "acknowledged", "en_route", "on_scene", "handled", "fed_back"
)  # fmt: skip

RANK_OF: Final[Mapping[str, int]] = {state: rank for rank, state in enumerate(PROGRESS)}


def get_order_before(board: Board, order_id: str, state: OrderState) -> Order:
    """Return an order that has not come so far yet, or refuse: already_<state>."""
    order = get_live_order(board, order_id)
    if RANK_OF[order.state] >= RANK_OF[state]:
        raise _already(order, state)
    return order


def get_order_to_arrive(board: Board, order_id: str, source: StampSource) -> Order:
    """Return an active order whose arrival this source has not told, or refuse."""
    order = get_live_order(board, order_id)
    stamped = order.t7_gps_ms if source == "gps" else order.t7_button_ms
    if stamped or not order.is_active:
        raise _already(order, "on_scene")
    return order


def check_unbound(board: Board, unit: Unit) -> None:
    """Refuse where a unit has an order open, also one beside another: order_open."""
    for order_id in (unit.order_id, *unit.beside_order_ids):
        if order_id:
            incident_id = board.orders[order_id].incident_id
            raise Refused(
                "order_open",
                f"警力 {unit.unit_id} 尚有未完成派警单 {order_id}（警情 {incident_id}）",
                f"unit {unit.unit_id} has order {order_id} at incident {incident_id} open",
            )


def _already(order: Order, state: OrderState) -> Refused:
    return Refused(
        f"already_{state}",
        f"派警单 {order.order_id} 已是“{order.state}”，不能退回",
        f"order {order.order_id} is {order.state} already; it does not go back to {state}",
    )
