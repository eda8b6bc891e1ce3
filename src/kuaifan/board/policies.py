"""Which dispatch policy holds (现行派警策略): by desk and moment, the last choice that fits."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from kuaifan.board.papers import PolicyInForce
from kuaifan.board.reference import DEFAULT_POLICY
from kuaifan.board.state import Board
from kuaifan.policy.policies import get_policy
from kuaifan.policy.ranking import Policy
from kuaifan.vocabulary.desk import PolicyName, UsePolicy, Ways


def choice_in_force(board: Board, desk_id: str, now_ms: int) -> PolicyInForce:
    """The choice for a desk now: its own, then that for all, then the city's."""
    for asked in (desk_id, ""):
        for choice in reversed(board.policies):
            is_now = choice.from_ms <= now_ms and (not choice.until_ms or now_ms < choice.until_ms)
            if choice.desk_id == asked and is_now:
                return choice
    desk = board.reference.desks.get(desk_id)
    return _own_choice(desk.policy if desk else DEFAULT_POLICY, desk_id)


@lru_cache(maxsize=256)
def _own_choice(policy: str, desk_id: str) -> PolicyInForce:
    """What holds where nobody has chosen."""
    name = msgspec.convert(policy, PolicyName)
    return PolicyInForce(policy=name, desk_id=desk_id, from_ms=0, until_ms=0)


def policy_in_force(board: Board, desk_id: str, now_ms: int) -> str:
    """Id of the policy for a desk now."""
    return choice_in_force(board, desk_id, now_ms).policy


def policy_of(choice: PolicyInForce) -> Policy:
    """The policy of a choice, with the reserve and the price that were chosen."""
    return chosen_policy(choice.policy, choice.ways)


def chosen_policy(policy_id: str, ways: Ways) -> Policy:
    """A policy with the reserve and the price of some ways, where they say any."""
    policy = get_policy(policy_id)
    policy = policy if ways.kept < 0 else policy._replace(n_kept=ways.kept)
    return policy if ways.lost_s < 0 else policy._replace(lost_ms=1000 * ways.lost_s, away_ms=0)


def policy_text(policy: str, ways: Ways) -> str:
    """A policy with what goes with it as one short text, as `twin compare` reads it (策略写法)."""
    words = [policy]
    if ways.move_up != "circles":
        words.append("moves=no" if ways.move_up == "none" else f"way={ways.move_up}")
    if ways.move_up != "none":
        words += [f"moves={ways.per_unit}"] if ways.per_unit else []
        words += [f"shift={ways.per_shift}"] if ways.per_shift else []
    if not ways.turns:
        words.append("turns=no")
    if ways.kept >= 0 and ways.kept != get_policy(policy).n_kept:
        words.append(f"kept={ways.kept}")
    usual = get_policy(policy)
    if ways.lost_s >= 0 and (usual.away_ms or 1000 * ways.lost_s != usual.lost_ms):
        words.append(f"lost={ways.lost_s}")
    return ":".join(words)


def present_for(board: Board, desk_id: str, now_ms: int) -> str:
    """What holds where a choice would hold (现行策略), in words; several are told in a row."""
    return ", ".join(
        sorted(
            {
                policy_text(each.policy, each.ways)
                for each in (choice_in_force(board, one, now_ms) for one in _desks(board, desk_id))
            }
        )
    )


def choices_now(board: Board, now_ms: int) -> tuple[UsePolicy, ...]:
    """The choices in force now as commands (现行策略命令), so that a twin begins with them."""
    found = {}
    for each in board.policies:
        if each.from_ms <= now_ms and (not each.until_ms or now_ms < each.until_ms):
            found[each.desk_id] = each
    return tuple(
        UsePolicy(policy=each.policy, approved_by="twin", desk_id=desk_id, ways=each.ways)
        for desk_id, each in sorted(found.items())
    )


def _desks(board: Board, desk_id: str) -> list[str]:
    """The desks that a choice is for: one, or all without a choice of their own."""
    if desk_id:
        return [desk_id]
    own = {each.desk_id for each in board.policies}
    return [each for each in board.reference.desks if each not in own] or [""]
