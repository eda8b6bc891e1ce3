"""Adopting a plan over the wire (采用核对): the comparison that comes with it was made here."""

from __future__ import annotations

import asyncio

from kuaifan.kernel.message import Command
from kuaifan.plan.scenario import ScenarioError
from kuaifan.vocabulary.plan import ProposePlan
from kuaifan.web.planner_desk import PlannerDesk
from kuaifan.web.problems import Problem


async def check_comparison(planner: PlannerDesk | None, message: Command) -> None:
    """Raise Problem 409 where a plan comes with figures that this desk never worked out.

    A proposal without any is left to the rules, which refuse it.
    """
    if planner is None or not isinstance(message, ProposePlan) or message.comparison is None:
        return
    try:
        await asyncio.to_thread(planner.need_kept, message.plan_hash, message.comparison)
    except ScenarioError as error:
        raise Problem(409, "refused", error.code, error.zh, error.en) from error
