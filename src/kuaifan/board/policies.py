"""Which dispatch policy holds (现行派警策略): by desk and moment, the last choice that fits."""

from __future__ import annotations

from kuaifan.board.reference import DEFAULT_POLICY
from kuaifan.board.state import Board


def policy_in_force(board: Board, desk_id: str, now_ms: int) -> str:
    """Id of the policy for a desk now: its own choice, then that for all, then the city's."""
    for asked in (desk_id, ""):
        for choice in reversed(board.policies):
            is_now = choice.from_ms <= now_ms and (not choice.until_ms or now_ms < choice.until_ms)
            if choice.desk_id == asked and is_now:
                return choice.policy
    desk = board.reference.desks.get(desk_id)
    return desk.policy if desk else DEFAULT_POLICY
