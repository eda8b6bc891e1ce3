"""Adopting over the wire (采用核对): the comparison that comes with it was made here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kuaifan.kernel.message import Command
from kuaifan.plan.scenario import ScenarioError
from kuaifan.vocabulary.approval import AskApproval
from kuaifan.vocabulary.desk import UsePolicy
from kuaifan.vocabulary.plan import ProposePlan
from kuaifan.web.planner_desk import PlannerDesk
from kuaifan.web.policy_desk import PolicyDesk
from kuaifan.web.problems import Problem


async def check_comparison(
    planner: PlannerDesk | None, policies: PolicyDesk | None, message: Command
) -> None:
    """Raise Problem 409 where a plan or policy comes with figures that were not worked out here.

    What comes without any is left to the rules, which refuse it.
    """
    if isinstance(message, AskApproval):
        message = message.what
    check = _check_of(planner, policies, message)
    if check is None:
        return
    try:
        await asyncio.to_thread(check)
    except ScenarioError as error:
        raise Problem(409, "refused", error.code, error.zh, error.en) from error


def _check_of(
    planner: PlannerDesk | None, policies: PolicyDesk | None, message: Command
) -> Callable[[], None] | None:
    """What is to be asked about the figures; blocks on the disk."""
    if isinstance(message, ProposePlan) and planner is not None:
        plan_hash, comparison = message.plan_hash, message.comparison
        return None if comparison is None else lambda: planner.need_kept(plan_hash, comparison)
    if isinstance(message, UsePolicy) and policies is not None:
        proof = message.proof
        return None if proof is None else lambda: policies.need_kept(proof)
    return None
