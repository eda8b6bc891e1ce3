"""Comparisons of policies on disk (策略对比档案): `plans/policies/` of the city folder.

question.json never changes; answer.json is written once, by the run; job.json says how far it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kuaifan.app.answer_folder import AnswerFolder
from kuaifan.app.scenario_files import FOLDER
from kuaifan.board.plan_papers import PlanPapers, StandingPlan
from kuaifan.board.settings import Settings
from kuaifan.plan.policy_trial import PolicyAnswer, PolicyQuestion
from kuaifan.plan.scenario import ScenarioError
from kuaifan.vocabulary.desk import PolicyProof

KEPT: Final = "policies"
MAX_TRIALS: Final = 300


class PolicyFiles(AnswerFolder):
    """The comparisons of one city (策略对比档案); blocks on the disk."""

    def __init__(self, city: Path) -> None:
        super().__init__(city / FOLDER / KEPT, shown=f"{FOLDER}/{KEPT}", what_zh="策略对比")

    def add(
        self, question: PolicyQuestion, ground: Settings, plan: StandingPlan | None = None
    ) -> str:
        """Keep a new question, the settings in force and the plan in use; its id."""
        if len(self.list_ids()) >= MAX_TRIALS:
            raise ScenarioError(
                "too_many",
                f"策略对比已有 {MAX_TRIALS} 个，请先归档一些",
                f"there are {MAX_TRIALS} comparisons; move some folders out of "
                f"{FOLDER}/{KEPT}/ first",
            )
        self.write(question.trial_id, "ground.json", ground)
        if plan is not None:
            self.write(question.trial_id, "plan.json", plan)
        self.write(question.trial_id, "question.json", question)
        return question.trial_id

    def get(self, trial_id: str) -> PolicyQuestion:
        """The question; raises ScenarioError where there is none, or where it was changed."""
        found = self.read(trial_id, "question.json", PolicyQuestion)
        if found is None or found.trial_id != trial_id:
            raise ScenarioError(
                "unknown_scenario",
                f"没有策略对比 {trial_id[:40]}，或其文件被改动",
                f"there is no comparison {trial_id[:40]!r}, or its file was changed",
            )
        return found

    def get_ground(self, trial_id: str) -> Settings:
        """The settings that held."""
        return self.read(trial_id, "ground.json", Settings) or Settings()

    def get_plans(self, trial_id: str) -> PlanPapers:
        """The plan that was in use, as a board has it; none where none was."""
        plan = self.read(trial_id, "plan.json", StandingPlan)
        return PlanPapers() if plan is None else PlanPapers((plan,), 1)

    def find_answer(self, trial_id: str) -> PolicyAnswer | None:
        """What came of it, None where nothing has yet."""
        return self.read(trial_id, "answer.json", PolicyAnswer)

    def put_answer(self, trial_id: str, answer: PolicyAnswer) -> None:
        """Write what came of it."""
        self.write(trial_id, "answer.json", answer)

    def need_kept(self, proof: PolicyProof) -> None:
        """Raise ScenarioError for a proof that was not made here, or says something else."""
        answer = self.find_answer(proof.trial_id)
        if answer is None or answer.proof != proof:
            raise ScenarioError(
                "unknown_comparison",
                "对比结果不是本系统算出的，或内容被改动：请从规划页重新对比后启用",
                "this desk never made that comparison, or it was changed since: compare again on "
                "the planning page and use the policy from there",
            )
