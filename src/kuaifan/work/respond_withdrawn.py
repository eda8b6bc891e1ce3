"""A withdrawal reaches the crew (撤回签收): who had read the order reads that it is void."""

from __future__ import annotations

from kuaifan.board.lookup import get_order
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import order as orders


def acknowledge_withdrawal(
    board: Board, command: orders.AcknowledgeWithdrawal, _now_ms: int
) -> list[Event]:
    """The crew knows that it need not go (撤回签收)."""
    order = get_order(board, command.order_id)
    if order.state != "withdrawn":
        raise Refused(
            "not_withdrawn",
            f"派警单 {order.order_id} 未撤回，无须签收撤回",
            f"order {order.order_id} is {order.state}; nobody has withdrawn it",
        )
    if not order.withdrawal_unsigned:
        raise Refused(
            "already_signed",
            f"派警单 {order.order_id} 的撤回已签收，或警组未曾签收该单",
            f"that order {order.order_id} is void is signed already, or the crew never had it",
        )
    return [
        orders.WithdrawalAcknowledged(
            order_id=order.order_id,
            incident_id=order.incident_id,
            unit_id=order.unit_id,
            source=command.source,
        )
    ]


RULES = Rules[Board](deciders={orders.AcknowledgeWithdrawal: acknowledge_withdrawal})
