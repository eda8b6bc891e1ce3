"""When a unit under way is expected (预计到达), as far as that is known without a search."""

from __future__ import annotations

from typing import Final

from kuaifan.board.driving import is_urgent
from kuaifan.board.entities import Order
from kuaifan.board.road_times import known_ms
from kuaifan.board.state import Board
from kuaifan.roads.travel import RoadPosition

ETA_STEPS_MS: Final = {"roads": 10_000, "progress": 30_000}
"""A smaller change of an ETA is no news; on the way it comes and goes with every traffic light."""


def known_eta_ms(board: Board, order: Order, now_ms: int) -> int | None:
    """When a unit will be there, if it is on a way that is known to lead there."""
    incident, row = board.incidents[order.incident_id], board.fleet.index[order.unit_id]
    if not incident.is_placed or board.fleet.arc[row] < 0:
        return None
    target = RoadPosition(incident.arc, incident.fraction_ppm)
    left_ms = known_ms(board, row, target, is_urgent=is_urgent(incident))
    return None if left_ms is None else now_ms + left_ms


def is_as_expected(board: Board, order_id: str, now_ms: int) -> bool:
    """Whether a unit is known to come when it is expected: there is nothing to decide then."""
    order = board.orders.get(order_id)
    if order is None or order.state != "en_route":
        return True
    eta_at_ms = known_eta_ms(board, order, now_ms)
    if eta_at_ms is None:
        return False
    return abs(eta_at_ms - order.expected_at_ms) < ETA_STEPS_MS["progress"]
