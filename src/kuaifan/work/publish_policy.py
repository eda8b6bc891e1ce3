"""Publish a policy (启用派警策略): which ranking holds where and when is a decision of a person."""

from __future__ import annotations

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import desk


def use_policy(board: Board, command: desk.UsePolicy, now_ms: int) -> list[Event]:
    """A policy holds from a moment on (启用派警策略), for one desk or for all without a choice."""
    if not command.approved_by:
        raise Refused(
            "no_approver",
            f"启用策略 {command.policy} 须填写批准人",
            f"say who approves the policy {command.policy}",
        )
    if command.desk_id and command.desk_id not in board.reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {command.desk_id}",
            f"there is no desk {command.desk_id}; leave it empty for all",
        )
    from_ms = command.from_ms or now_ms
    if command.until_ms and command.until_ms <= max(from_ms, now_ms):
        raise Refused(
            "no_time_left",
            f"策略 {command.policy} 的截止时间早于开始时间或已过",
            f"the policy {command.policy} would end before it begins, or is over; "
            "give a later end, or none",
        )
    return [
        desk.PolicyUsed(
            policy=command.policy,
            approved_by=command.approved_by,
            desk_id=command.desk_id,
            from_ms=from_ms,
            until_ms=command.until_ms,
        )
    ]


RULES = Rules[Board](deciders={desk.UsePolicy: use_policy})
