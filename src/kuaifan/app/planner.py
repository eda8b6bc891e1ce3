"""The planner of a desk (规划台): scenarios, their runs in a process beside the desk, proposals.

One run at a time, after the others in the order they were asked for. While inputs wait at the desk
the process is held (先让接处警); whoever stops a run has it stopped within two seconds.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec
import numpy as np

from kuaifan.app.beside import PRESSED, STOP_S, Watched
from kuaifan.app.build import build_id
from kuaifan.app.planner_models import ModelOffer, find_offer, list_models
from kuaifan.app.planner_papers import ComparisonFiles, Kept, Proved, check_fair
from kuaifan.app.planner_worker import Told
from kuaifan.app.printing import print_problem
from kuaifan.app.promise_book import PromiseBook
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.board.plan_papers import PlanPapers, hash_plan
from kuaifan.board.promise_ledger import Ledger
from kuaifan.board.reference import Reference
from kuaifan.board.settings import Settings, ground_of
from kuaifan.kernel.record import Record
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
from kuaifan.vocabulary.plan import Comparison, Plan, PlanPost

COMPARE_SEED: Final = 110
NOTHING_YET: Final = Told(
    error_zh="已停止，当时还没有可用的结果", error_en="stopped before there was anything to keep"
)


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
        self._city, self._desk = city, desk
        self._files, self._kept = ScenarioFiles(city), ComparisonFiles(city)
        self._n_waiting, self._clock_ms = n_waiting, clock_ms
        files = (self._files, self._kept)
        self._promises = PromiseBook(desk, files, clock_ms=clock_ms, zone=zone)
        self._hashes = ("", "")
        self._lock = threading.Condition()
        self._queue: deque[str] = deque()
        self._jobs: dict[str, Job] = {}
        self._stops: set[str] = set()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """What was under way when the desk ended is said to be unfinished."""
        for scenario_id in self._files.list_ids():
            with contextlib.suppress(ScenarioError):
                job = self._files.find_job(scenario_id)
                if job is not None and job.state in {"queued", "running"}:
                    self._files.put_job(
                        scenario_id,
                        msgspec.structs.replace(
                            job,
                            state="unfinished",
                            said_zh="指挥台重启，运行中断，请重新运行",
                            said_en="the desk was restarted while it ran; run it again",
                        ),
                    )
        self._thread = threading.Thread(target=self._work, name="planner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the run, and wait for it."""
        with self._lock:
            self._is_over = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(STOP_S * 4)

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
        with self._lock:
            return self._jobs.get(scenario_id) or self._files.find_job(scenario_id)

    def posts_now(self) -> tuple[SitePost, ...]:
        """The posts that carry a circle now."""
        return tuple(
            SitePost(site_id=p.post_id, kind=p.kind, name=p.name, lat=p.lat, lon=p.lon)  # type: ignore[arg-type]  # of a circle
            for p in self._desk.reference.circle_posts
        )

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
        with self._lock:
            known = self._jobs.get(scenario_id)
            if known is not None and known.state in {"queued", "running"}:
                raise ScenarioError("runs_already", "该方案正在运行", "this scenario is running")
            solution = self._files.find_solution(scenario_id)
            if kind == "solve" and solution is not None:
                raise ScenarioError(
                    "solved_already",
                    "该方案已求解，结果不再更改；请复制后另算",
                    "this scenario is solved and stays as it is: copy it to solve another",
                )
            if kind == "twin" and solution is None:
                raise ScenarioError("not_solved", "请先求解，再运行孪生", "solve it first")
            if self._n_waiting() > PRESSED:
                raise ScenarioError(
                    "overloaded",
                    "接处警繁忙，规划运算稍后再开始",
                    "calls and orders come first just now; start the run in a while",
                )
            job = Job(kind=kind, state="queued", asked_at_ms=self._clock_ms(), ask=ask)
            self._files.put_job(scenario_id, job)
            self._jobs[scenario_id] = job
            self._stops.discard(scenario_id)
            self._queue.append(scenario_id)
            self._lock.notify_all()
            return job

    def end(self, scenario_id: str) -> None:
        """Stop a run; what a solver had found by then is kept."""
        with self._lock:
            job = self._jobs.get(scenario_id)
            if job is None or job.state not in {"queued", "running"}:
                raise ScenarioError(
                    "not_running", "该方案没有在运行", "this scenario is not running"
                )
            self._stops.add(scenario_id)
            if scenario_id in self._queue:
                self._queue.remove(scenario_id)
                self._settle(scenario_id, job, "stopped", Told())
            self._lock.notify_all()

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

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._queue and not self._is_over:
                    self._lock.wait()
                if self._is_over:
                    return
                scenario_id = self._queue.popleft()
                job = self._jobs[scenario_id]
            try:
                self._run_one(scenario_id, job)
            except (OSError, ScenarioError) as error:
                print_problem(f"a run of the planner ended: {error}")
                self._fail(scenario_id, job, error)

    def _run_one(self, scenario_id: str, job: Job) -> None:
        job = msgspec.structs.replace(job, state="running", began_at_ms=self._clock_ms())
        with self._lock:
            self._jobs[scenario_id] = job
        self._files.put_job(scenario_id, job)
        module = "kuaifan.app.planner_worker"
        told = Watched([module, str(self._city), scenario_id, job.kind]).follow(
            is_stopped=lambda: scenario_id in self._stops or self._is_over,
            is_pressed=self._n_waiting,
            tell=lambda told: self._tell(scenario_id, job, told),
        )
        if self._is_over:
            # The next start says that it was cut off.
            return
        state: Literal["done", "stopped", "failed"] = "failed" if told.error_en else "done"
        if told.is_stopped or (state == "failed" and scenario_id in self._stops):
            state, told = "stopped", NOTHING_YET if told.error_en else told
        with self._lock:
            self._settle(scenario_id, self._jobs[scenario_id], state, told)

    def _tell(self, scenario_id: str, job: Job, told: Told) -> None:
        with self._lock:
            self._jobs[scenario_id] = msgspec.structs.replace(
                job, done=told.done, of=told.of, n_nodes=told.n_nodes
            )

    def _settle(
        self,
        scenario_id: str,
        job: Job,
        state: Literal["done", "stopped", "failed"],
        told: Told,
    ) -> None:
        ended = msgspec.structs.replace(
            job,
            state=state,
            ended_at_ms=self._clock_ms(),
            said_zh=told.error_zh,
            said_en=told.error_en,
        )
        self._jobs[scenario_id] = ended
        self._files.put_job(scenario_id, ended)

    def _fail(self, scenario_id: str, job: Job, error: Exception) -> None:
        zh = error.zh if isinstance(error, ScenarioError) else "运算进程无法启动"
        self._jobs[scenario_id] = msgspec.structs.replace(
            job, state="failed", said_zh=zh, said_en=str(error)
        )


def plan_of(scenario: Scenario, solution: Solution) -> Plan:
    """A solution as a plan that can be adopted (方案内容)."""
    return Plan(
        name=scenario.draft.name,
        posts=tuple(
            PlanPost(
                post_id=site.site_id,
                kind=site.kind,
                name=site.name,
                lat=site.lat,
                lon=site.lon,
                per_day=site.per_day,
                rings=site.rings,
            )
            for site in solution.sites
        ),
        stands=solution.stands,
    )
