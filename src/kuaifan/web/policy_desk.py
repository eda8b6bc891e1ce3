"""What the web asks of comparisons of policies (策略对比接口); it comes in from app."""

from __future__ import annotations

from typing import Protocol

from kuaifan.plan.policy_trial import PolicyAnswer, PolicyAsk, PolicyNow, PolicyTrialLine
from kuaifan.plan.shadow_figures import ShadowFigures
from kuaifan.vocabulary.desk import PolicyProof


class PolicyDesk(Protocol):
    """Holds policies against what holds (策略对比台); calls block, and may raise ScenarioError."""

    def ask(self, asked: PolicyAsk) -> str:
        """Queue a comparison with what holds now; its id."""

    def end(self, trial_id: str) -> None:
        """Stop a run."""

    def in_force(self) -> list[PolicyNow]:
        """What holds at every desk."""

    def lines(self) -> list[PolicyTrialLine]:
        """All of them, the last first."""

    def find_answer(self, trial_id: str) -> PolicyAnswer | None:
        """What came of one."""

    def shadow(self) -> ShadowFigures:
        """What another policy would have said beside the one in force."""

    def need_kept(self, proof: PolicyProof) -> None:
        """Refuse a proof that was not made here."""
