"""The planner of a desk (规划台): scenarios, their runs in a process beside the desk, proposals.

Runs are queued, see `app/run_queue.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from kuaifan.app.build import build_id
from kuaifan.app.plan_adopted import plan_of
from kuaifan.app.planner_models import ModelOffer, find_offer, list_models
from kuaifan.app.planner_papers import ComparisonFiles, Kept, Proved, check_fair
from kuaifan.app.planner_problem import posts_of
from kuaifan.app.planner_rings import RingMapper
from kuaifan.app.promise_book import PromiseBook
from kuaifan.app.run_queue import RunQueue, RunWords
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.board.plan_papers import PlanPapers, hash_plan
from kuaifan.board.promise_ledger import Ledger
from kuaifan.board.reference import Reference
from kuaifan.board.settings import Settings, ground_of
from kuaifan.city.demand_file import Demand
from kuaifan.city.folder import read_demand
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.record import Record
from kuaifan.plan.ring_map import RingMap
from kuaifan.plan.scenario import (
    Draft,
    Job,
    JobKind,
    Scenario,
    ScenarioError,
    SitePost,
    Solution,
    TwinAsk,
    check_draft,
    content_hash,
)
from kuaifan.plan.trial import TwinFigures
from kuaifan.plan.trial_compare import Compared, compare
from kuaifan.plan.trial_words import say
from kuaifan.vocabulary.plan import Comparison, Plan

COMPARE_SEED: Final = 110
WORDS: Final = RunWords("规划运算", "the run", "该方案", "this scenario")
WORKER: Final = "kuaifan.app.planner_worker"


class PlannedDesk(Protocol):
    """What the planner asks of the desk (规划所需); the running desk is one."""

    @property
    def reference(self) -> Reference:
        """What holds now."""

    @property
    def settings(self) -> Settings:
        """What was changed of it."""

    @property
    def plans(self) -> PlanPapers:
        """What was proposed and adopted."""

    def read_since(self, since_ms: int, each: Callable[[Record], None]) -> int:
        """Hand over the records since an instant; returns from when."""


class Planner:
    """Draws, runs, compares (规划台); called from any thread, blocks on the disk.

    n_waiting: inputs that wait at the desk. clock_ms: city time.
    """

    def __init__(
        self,
        city: Path,
        desk: PlannedDesk,
        *,
        n_waiting: Callable[[], int],
        clock_ms: Callable[[], int],
        zone: tzinfo,
    ) -> None:
        self._city, self._desk, self._clock_ms = city, desk, clock_ms
        self._files, self._kept = ScenarioFiles(city), ComparisonFiles(city)
        files = (self._files, self._kept)
        self._promises = PromiseBook(desk, files, clock_ms=clock_ms, zone=zone)
        self._ring_mapper = RingMapper(lambda: _demand_of(city))
        self._hashes = ("", "")
        self._runs = RunQueue(
            WORDS,
            self._files,
            lambda scenario_id, job: [WORKER, str(city), scenario_id, job.kind],
            n_waiting=n_waiting,
            clock_ms=clock_ms,
        )

    def start(self) -> None:
        """What was under way when the desk ended is said to be unfinished."""
        self._runs.start()

    def stop(self) -> None:
        """End the run, and wait for it."""
        self._runs.stop()

    def models(self) -> list[ModelOffer]:
        """What can be chosen."""
        return list_models()

    def ids(self) -> list[str]:
        """Every scenario."""
        return self._files.list_ids()

    def get(self, scenario_id: str) -> Scenario:
        """A question; raises ScenarioError."""
        return self._files.get(scenario_id)

    def find_solution(self, scenario_id: str) -> Solution | None:
        """Its answer."""
        return self._files.find_solution(scenario_id)

    def n_days(self, scenario_id: str) -> int:
        """How many days it was tried on the twin."""
        return self._files.n_days(scenario_id)

    def find_job(self, scenario_id: str) -> Job | None:
        """How far its run is."""
        return self._runs.find(scenario_id)

    def posts_now(self) -> tuple[SitePost, ...]:
        """The posts that carry a circle now."""
        return posts_of(self._desk.reference)

    def rings(self, posts: Sequence[SitePost]) -> RingMap:
        """What some posts reach, and which calls they do not; raises ScenarioError."""
        return self._ring_mapper.draw(self._desk.reference, posts)

    def draw(self, draft: Draft) -> str:
        """Keep a new scenario; its id. Raises ScenarioError for what cannot be."""
        posts = self.posts_now()
        check_draft(draft, posts)
        find_offer(draft.model)
        map_hash, demand_hash = self._data_hashes()
        ground = ground_of(self._desk.settings)
        scenario = Scenario(
            draft=draft,
            city_hash=self._desk.reference.city_hash,
            map_hash=map_hash,
            demand_hash=demand_hash,
            ground_hash=content_hash(ground),
            posts=posts,
            drawn_at_ms=self._clock_ms(),
            build=build_id(),
        )
        return self._files.add(scenario, ground)

    def run(self, scenario_id: str, kind: JobKind, ask: TwinAsk | None = None) -> Job:
        """Queue a run; raises ScenarioError where one is under way, or there is nothing to do."""
        self._files.get(scenario_id)
        solution = self._files.find_solution(scenario_id)
        if kind == "solve" and solution is not None:
            raise ScenarioError(
                "solved_already",
                "该方案已求解，结果不再更改；请复制后另算",
                "this scenario is solved and stays as it is: copy it to solve another",
            )
        if kind == "twin" and solution is None:
            raise ScenarioError("not_solved", "请先求解，再运行孪生", "solve it first")
        job = Job(kind=kind, state="queued", asked_at_ms=self._clock_ms(), ask=ask)
        self._runs.add(scenario_id, job)
        return job

    def end(self, scenario_id: str) -> None:
        """Stop a run; what a solver had found by then is kept."""
        self._runs.end(scenario_id)

    def compare(self, old_id: str, new_id: str) -> tuple[Compared, Comparison]:
        """Hold one against another; raises ScenarioError where they were not tried alike."""
        old, new = self._tried(old_id), self._tried(new_id)
        rng = np.random.Generator(np.random.Philox(key=[COMPARE_SEED, 0]))
        compared = compare(old, new, rng)
        names = [self._files.get(each).draft.name for each in (old_id, new_id)]
        said_zh, said_en = say(compared, *names)
        metric = compared.metrics[0]
        return compared, Comparison(
            comparison_hash=content_hash(compared),
            baseline=f"{names[0]} ({old_id})",
            metric=metric.key,
            unit=metric.unit,
            n_pairs=compared.n_days,
            difference=metric.difference,
            low=metric.low,
            high=metric.high,
            said_zh=said_zh[:600],
            said_en=said_en[:600],
        )

    def proposal(self, old_id: str, new_id: str) -> tuple[Plan, str, Comparison]:
        """What is to be asked for: the plan, its hash, and what holds now that it was held against.

        The comparison is kept; `need_kept` knows it again.
        """
        compared, comparison = self.compare(old_id, new_id)
        old, new = self._files.get(old_id), self._files.get(new_id)
        solution = self._files.find_solution(new_id)
        if solution is None:
            raise ScenarioError("not_solved", "请先求解", "solve it first")
        check_fair(
            (old, self._files.find_solution(old_id), self._tried(old_id)),
            (new, self._tried(new_id)),
            self.posts_now(),
        )
        plan = plan_of(new, solution)
        proved = Proved(hash_plan(plan), comparison)
        self._kept.keep(Kept(proved=proved, old_id=old_id, new_id=new_id, compared=compared))
        return plan, proved.plan_hash, comparison

    def need_kept(self, plan_hash: str, comparison: Comparison) -> None:
        """Raise ScenarioError for a comparison that was not made here for this plan."""
        self._kept.need(Proved(plan_hash, comparison))

    def ledger(self) -> Ledger | None:
        """What the plan in use promised and kept; None where none is in use."""
        return self._promises.ledger()

    def _tried(self, scenario_id: str) -> TwinFigures:
        name = self._files.get(scenario_id).draft.name
        found = self._files.find_twin(scenario_id)
        if found is None:
            raise ScenarioError(
                "not_tried",
                f"方案“{name}”还没有运行孪生，无从比较",
                f"the scenario {name!r} was not tried on the twin yet: run it first",
            )
        return found

    def _data_hashes(self) -> tuple[str, str]:
        """Of the map and of the demand; the map's is worked out once."""
        import hashlib

        from kuaifan.city.demand_file import DEMAND_FILE

        if not self._hashes[0]:
            self._hashes = (self._desk.reference.network.content_hash(), "")
        try:
            demand = hashlib.sha256((self._city / DEMAND_FILE).read_bytes()).hexdigest()
        except OSError:
            demand = ""
        return self._hashes[0], demand


def _demand_of(city: Path) -> Demand | None:
    """The city's demand; raises ScenarioError for a file that was changed or is damaged."""
    try:
        return read_demand(city)
    except BadInputError as error:
        raise ScenarioError(
            "demand_damaged",
            "需求文件 demand.npz 已改动或损坏：请运行 kuaifan city check 查明",
            f"the demand cannot be read: {error}",
        ) from error
