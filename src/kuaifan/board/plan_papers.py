"""Plans on the board (方案簿): what waits for a second person, what is to come, what holds."""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import msgspec

from kuaifan.vocabulary.plan import Comparison, PlacedPost, Plan

MAX_KEPT: Final = 40
"""So many of the last plans stay at hand; the log has them all."""
PlanState = Literal["proposed", "published", "used", "replaced", "rejected"]


class StandingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One plan and how far it has come (方案); used_at_ms: 0 before."""

    plan_id: str
    state: PlanState
    person: str
    reason: str
    plan: Plan
    plan_hash: str
    comparison: Comparison
    from_ms: int
    proposed_at_ms: int
    posts: tuple[PlacedPost, ...]
    agreed_by: str = ""
    agreed_reason: str = ""
    used_at_ms: int = 0
    ended_at_ms: int = 0


class PlanPapers(msgspec.Struct, frozen=True):
    """All, oldest first (方案簿); never changed once made, so that any thread may read on."""

    plans: tuple[StandingPlan, ...] = ()
    n_plans: int = 0

    def find(self, plan_id: str) -> StandingPlan | None:
        """One by its id."""
        return next((each for each in self.plans if each.plan_id == plan_id), None)

    def in_use(self) -> StandingPlan | None:
        """The one that holds; None while the city's own posts do."""
        return next((each for each in self.plans if each.state == "used"), None)

    def with_plan(self, plan: StandingPlan) -> PlanPapers:
        """The same with one plan new or changed; of the oldest that are over, some are let go."""
        if self.find(plan.plan_id) is not None:
            same = (plan if each.plan_id == plan.plan_id else each for each in self.plans)
            return PlanPapers(tuple(same), self.n_plans)
        over = [each.plan_id for each in self.plans if each.state in {"replaced", "rejected"}]
        gone = set(over[: max(0, len(self.plans) + 1 - MAX_KEPT)])
        kept = (each for each in self.plans if each.plan_id not in gone)
        return PlanPapers((*kept, plan), self.n_plans + 1)


def hash_plan(plan: Plan) -> str:
    """SHA-256 of what a plan says, in hexadecimal (方案内容哈希)."""
    return hashlib.sha256(msgspec.json.encode(plan, order="sorted")).hexdigest()
