"""Publish a policy (启用派警策略): which ranking holds where and when is a decision of a person.

A desk at work changes its policy only on a comparison with what holds, made on the twin by the desk
itself and not old; what that shows to be worse needs a reason and a second person (只进不退).
"""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.policies import policy_text, present_for
from kuaifan.board.setting_edits import list_changes, named_fields, need_author, need_changes
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import desk, setting
from kuaifan.vocabulary.desk import Ways
from kuaifan.vocabulary.setting import PolicyRules

DAY_MS: Final = 86_400_000
FEWEST_DAYS: Final = 5
"""Of fewer days no difference is sure, so that nothing could be seen to be worse."""
GUARDED: Final = {
    "late": "超时率",
    "late_urgent": "紧急警情超时率",
    "p90_s": "90 分位到场",
    "unattended": "无人到场",
}
"""What must not become worse unseen."""


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
    _check_proof(board, command, now_ms)
    return [
        desk.PolicyUsed(
            policy=command.policy,
            approved_by=command.approved_by,
            desk_id=command.desk_id,
            from_ms=from_ms,
            until_ms=command.until_ms,
            ways=command.ways,
            proof=command.proof,
            reason=command.reason,
            agreed_by=command.agreed_by,
        )
    ]


def _check_proof(board: Board, command: desk.UsePolicy, now_ms: int) -> None:
    """Refuse what was not held against what holds; before the first call nothing holds yet."""
    present = present_for(board, command.desk_id, now_ms)
    wanted = policy_text(command.policy, command.ways)
    if present == wanted or not board.n_calls + board.n_incidents:
        return
    proof = command.proof
    if proof is None:
        raise Refused(
            "no_comparison",
            f"启用策略前须附与现行策略（{present}）的对比：请在规划页运行策略对比",
            "no policy goes live without a comparison with the present one "
            f"({present}): run one on the planning page",
        )
    _check_about(proof, command, wanted, present)
    limit_days = board.settings.policy_rules.proof_days
    if now_ms - proof.made_at_ms > limit_days * DAY_MS:
        raise Refused(
            "old_comparison",
            f"该对比已超过 {limit_days} 天，请重新运行策略对比",
            f"the comparison is older than {limit_days} days: run it again",
        )
    _check_ratchet(proof, command)


def _check_about(
    proof: desk.PolicyProof, command: desk.UsePolicy, wanted: str, present: str
) -> None:
    if (proof.policy, proof.desk_id) != (wanted, command.desk_id):
        raise Refused(
            "other_policy",
            f"该对比试的是 {_at(proof.policy, proof.desk_id)}，"
            f"不是 {_at(wanted, command.desk_id)}：请对要启用的策略运行对比",
            f"the comparison is about {_at(proof.policy, proof.desk_id)}, not "
            f"{_at(wanted, command.desk_id)}: run one for what is to be used",
        )
    if proof.present != present:
        raise Refused(
            "not_what_holds",
            f"该对比以 {proof.present} 为基准，而现行策略是 {present}：请重新对比",
            f"the comparison was with {proof.present}, and {present} holds now: run it again",
        )
    if proof.n_days < FEWEST_DAYS:
        raise Refused(
            "too_few_days",
            f"该对比只有 {proof.n_days} 天，至少要 {FEWEST_DAYS} 天才能判断",
            f"the comparison has {proof.n_days} days: nothing can be judged by fewer than "
            f"{FEWEST_DAYS}",
        )


def _check_ratchet(proof: desk.PolicyProof, command: desk.UsePolicy) -> None:
    """What is surely worse needs a reason and a second person's consent."""
    worse = [each.key for each in proof.figures if each.verdict == "worse" and each.key in GUARDED]
    if not worse:
        return
    said_zh = "、".join(GUARDED[key] for key in worse)
    said_en = ", ".join(worse)
    if not command.reason.strip():
        raise Refused(
            "reason_needed",
            f"对比显示 {said_zh} 变差：仍要启用须写明理由",
            f"the comparison shows that this is worse: {said_en}; give a reason to use it all "
            "the same",
        )
    agreed, asked = (each.strip().casefold() for each in (command.agreed_by, command.approved_by))
    if not agreed or agreed == asked:
        raise Refused(
            "second_person_needed",
            f"对比显示 {said_zh} 变差：启用须另一人批准，请申请批准",
            f"the comparison shows that this is worse: {said_en}; another person has to consent, "
            "ask for an approval",
        )


def change_policy_rules(
    board: Board, command: setting.ChangePolicyRules, _now_ms: int
) -> list[Event]:
    """How old a comparison may be, and which policy runs as a shadow (更改策略规则)."""
    need_author(command)
    old = board.settings.policy_rules
    new = msgspec.structs.replace(old, **named_fields(command, PolicyRules))
    changes = list_changes(old, new, was_retired=False, is_retired=False)
    return [
        setting.PolicyRulesChanged(
            by=command.by, reason=command.reason, changes=need_changes(changes), value=new
        )
    ]


def run_shadow_policy(board: Board, command: desk.RunShadowPolicy, now_ms: int) -> list[Event]:
    """A policy is worked out beside what holds, or none is any more (运行影子策略)."""
    need_name(command.by)
    need_reason(command.reason)
    wanted = policy_text(command.policy, command.ways) if command.policy else ""
    if wanted and wanted == present_for(board, "", now_ms):
        raise Refused(
            "shadow_holds",
            f"{wanted} 就是现行策略，作影子没有可比较的：请选另一策略",
            f"{wanted} is what holds: beside itself there is nothing to compare, choose another",
        )
    old = board.settings.policy_rules
    ways = command.ways if command.policy else Ways()
    new = msgspec.structs.replace(old, shadow=command.policy, shadow_ways=ways)
    changes = list_changes(old, new, was_retired=False, is_retired=False)
    return [
        setting.PolicyRulesChanged(
            by=command.by, reason=command.reason, changes=need_changes(changes), value=new
        )
    ]


def _at(text: str, desk_id: str) -> str:
    return f"{text} @ {desk_id}" if desk_id else text


RULES = Rules[Board](
    deciders={
        desk.UsePolicy: use_policy,
        desk.RunShadowPolicy: run_shadow_policy,
        setting.ChangePolicyRules: change_policy_rules,
    }
)
