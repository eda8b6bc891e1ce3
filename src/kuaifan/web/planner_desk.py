"""What the web asks of the planner (规划接口); it comes in from app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from kuaifan.board.promise_ledger import Ledger
from kuaifan.plan.ring_map import RingMap
from kuaifan.plan.scenario import (
    Draft,
    Job,
    JobKind,
    Scenario,
    SitePost,
    Solution,
    TwinAsk,
)
from kuaifan.plan.trial_compare import Compared
from kuaifan.vocabulary.plan import Comparison, Plan


class PlannerDesk(Protocol):
    """Draws, runs and compares scenarios (规划台); calls block, and may raise ScenarioError."""

    def models(self) -> Sequence[msgspec.Struct]:
        """What can be chosen."""

    def ids(self) -> list[str]:
        """Every scenario."""

    def get(self, scenario_id: str) -> Scenario:
        """A question."""

    def find_solution(self, scenario_id: str) -> Solution | None:
        """Its answer."""

    def n_days(self, scenario_id: str) -> int:
        """How many days it was tried on the twin."""

    def find_job(self, scenario_id: str) -> Job | None:
        """How far its run is."""

    def posts_now(self) -> tuple[SitePost, ...]:
        """The posts that carry a circle now."""

    def rings(self, posts: Sequence[SitePost]) -> RingMap:
        """What some posts reach, and which calls they do not."""

    def draw(self, draft: Draft) -> str:
        """Keep a new scenario; its id."""

    def run(self, scenario_id: str, kind: JobKind, ask: TwinAsk | None = None) -> Job:
        """Queue a run."""

    def end(self, scenario_id: str) -> None:
        """Stop a run."""

    def compare(self, old_id: str, new_id: str) -> tuple[Compared, Comparison]:
        """Hold one against another."""

    def proposal(self, old_id: str, new_id: str) -> tuple[Plan, str, Comparison]:
        """What is to be asked for."""

    def need_kept(self, plan_hash: str, comparison: Comparison) -> None:
        """Refuse a comparison that was not made here for this plan."""

    def ledger(self) -> Ledger | None:
        """What the plan in use promised and kept; None where none is in use."""
