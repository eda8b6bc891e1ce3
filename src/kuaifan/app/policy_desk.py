"""Comparisons of policies beside the desk (策略对比台): asked for, run one by one, kept.

One run at a time, in the order they were asked for, in a process of its own; see `app/beside.py`.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from kuaifan.app.beside import PRESSED, STOP_S, Watched
from kuaifan.app.build import build_id
from kuaifan.app.planner_worker import Told
from kuaifan.app.policy_files import PolicyFiles
from kuaifan.app.printing import print_problem
from kuaifan.board.policies import choice_in_force, choices_now, policy_text, present_for
from kuaifan.board.settings import ground_of
from kuaifan.board.state import Board
from kuaifan.plan.policy_trial import (
    PolicyAnswer,
    PolicyAsk,
    PolicyNow,
    PolicyQuestion,
    PolicyTrialLine,
    check_question,
)
from kuaifan.plan.scenario import Job, ScenarioError, content_hash
from kuaifan.plan.shadow_figures import ShadowBook, ShadowFigures, figures_of
from kuaifan.vocabulary.desk import PolicyProof

RUNNING: Final = frozenset({"queued", "running"})
End = Literal["done", "stopped", "failed", "unfinished"]


class BoardDesk(Protocol):
    """What is asked of the running desk (所需态势)."""

    @property
    def board(self) -> Board:
        """The board of now, to be read only."""


class PolicyTrials:
    """Asks, runs and keeps comparisons (策略对比台); called from any thread, blocks on the disk."""

    def __init__(
        self,
        city: Path,
        desk: BoardDesk,
        *,
        n_waiting: Callable[[], int],
        clock_ms: Callable[[], int],
        shadow: Callable[[], ShadowFigures] = lambda: figures_of(ShadowBook()),
    ) -> None:
        self._city, self._desk, self._files = city, desk, PolicyFiles(city)
        self._n_waiting, self._clock_ms, self._shadow = n_waiting, clock_ms, shadow
        self._lock = threading.Condition()
        self._queue: deque[str] = deque()
        self._jobs: dict[str, Job] = {}
        self._stops: set[str] = set()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """What was under way when the desk ended is said to be unfinished."""
        for trial_id in self._files.list_ids():
            with contextlib.suppress(ScenarioError):
                job = self._files.find_job(trial_id)
                if job is not None and job.state in RUNNING:
                    self._settle(trial_id, job, "unfinished", CUT_OFF)
        self._thread = threading.Thread(target=self._work, name="policies", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the run, and wait for it."""
        with self._lock:
            self._is_over = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(STOP_S * 4)

    def ask(self, asked: PolicyAsk) -> str:
        """Queue a comparison with what holds now; its id. Raises ScenarioError."""
        board, now_ms = self._desk.board, self._clock_ms()
        if asked.desk_id and asked.desk_id not in board.reference.desks:
            raise ScenarioError(
                "unknown_desk",
                f"没有指挥席 {asked.desk_id}",
                f"there is no desk {asked.desk_id}; leave it empty for all",
            )
        if self._n_waiting() > PRESSED:
            raise ScenarioError(
                "overloaded",
                "接处警繁忙，策略对比稍后再开始",
                "calls and orders come first just now; start the comparison in a while",
            )
        ground = ground_of(board.settings)
        question = PolicyQuestion(
            ask=asked,
            policy=policy_text(asked.policy, asked.ways),
            present=present_for(board, asked.desk_id, now_ms),
            first=choices_now(board, now_ms),
            city_hash=board.reference.city_hash,
            ground_hash=content_hash(ground),
            asked_at_ms=now_ms,
            build=build_id(),
        )
        check_question(question)
        trial_id = self._files.add(question, ground)
        with self._lock:
            job = Job(kind="twin", state="queued", asked_at_ms=now_ms, of=asked.n_days)
            self._keep(trial_id, job)
            self._queue.append(trial_id)
            self._lock.notify_all()
        return trial_id

    def end(self, trial_id: str) -> None:
        """Stop a run; enough days that were whole by then are kept."""
        with self._lock:
            job = self._jobs.get(trial_id)
            if job is None or job.state not in RUNNING:
                raise ScenarioError(
                    "not_running", "该对比没有在运行", "this comparison is not running"
                )
            self._stops.add(trial_id)
            if trial_id in self._queue:
                self._queue.remove(trial_id)
                self._settle(trial_id, job, "stopped", Told())
            self._lock.notify_all()

    def in_force(self) -> list[PolicyNow]:
        """What holds at every desk."""
        board, now_ms = self._desk.board, self._clock_ms()
        found = []
        for desk_id, desk in sorted(board.reference.desks.items()):
            choice = choice_in_force(board, desk_id, now_ms)
            found.append(
                PolicyNow(
                    desk_id=desk_id,
                    name=desk.name,
                    text=policy_text(choice.policy, choice.ways),
                    policy=choice.policy,
                    ways=choice.ways,
                    from_ms=choice.from_ms,
                    until_ms=choice.until_ms,
                )
            )
        return found

    def lines(self) -> list[PolicyTrialLine]:
        """All of them, the last first; what is damaged is left out of the list."""
        found = []
        for trial_id in self._files.list_ids():
            with contextlib.suppress(ScenarioError):
                found.append(self._line(trial_id))
        return sorted(found, key=lambda each: (-each.asked_at_ms, each.trial_id))

    def find_answer(self, trial_id: str) -> PolicyAnswer | None:
        """What came of one; raises ScenarioError where there is none of that id."""
        self._files.get(trial_id)
        return self._files.find_answer(trial_id)

    def shadow(self) -> ShadowFigures:
        """What another policy would have said beside the one in force."""
        return self._shadow()

    def need_kept(self, proof: PolicyProof) -> None:
        """Raise ScenarioError for a proof that was not made here."""
        self._files.need_kept(proof)

    def _line(self, trial_id: str) -> PolicyTrialLine:
        question, answer = self._files.get(trial_id), self._files.find_answer(trial_id)
        with self._lock:
            job = self._jobs.get(trial_id) or self._files.find_job(trial_id)
        return PolicyTrialLine(
            trial_id=trial_id,
            policy=question.policy,
            present=question.present,
            ask=question.ask,
            asked_at_ms=question.asked_at_ms,
            job=job,
            proof=answer.proof if answer else None,
        )

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._queue and not self._is_over:
                    self._lock.wait()
                if self._is_over:
                    return
                trial_id = self._queue.popleft()
                job = self._jobs[trial_id]
            try:
                self._run_one(trial_id, job)
            except (OSError, ScenarioError) as error:
                print_problem(f"a comparison of policies ended: {error}")
                zh = error.zh if isinstance(error, ScenarioError) else "运算进程无法启动"
                with contextlib.suppress(ScenarioError), self._lock:
                    self._settle(trial_id, job, "failed", Told(error_zh=zh, error_en=str(error)))

    def _run_one(self, trial_id: str, job: Job) -> None:
        with self._lock:
            job = msgspec.structs.replace(job, state="running", began_at_ms=self._clock_ms())
            self._keep(trial_id, job)
        told = Watched(["kuaifan.app.policy_worker", str(self._city), trial_id]).follow(
            is_stopped=lambda: trial_id in self._stops or self._is_over,
            is_pressed=self._n_waiting,
            tell=lambda told: self._tell(trial_id, told),
        )
        if self._is_over:
            # The next start says that it was cut off.
            return
        state: End = "failed" if told.error_en else "done"
        if told.is_stopped or (state == "failed" and trial_id in self._stops):
            state = "stopped"
        with self._lock:
            self._settle(trial_id, self._jobs[trial_id], state, told)

    def _tell(self, trial_id: str, told: Told) -> None:
        with self._lock:
            job = self._jobs[trial_id]
            self._jobs[trial_id] = msgspec.structs.replace(job, done=told.done or job.done)

    def _settle(self, trial_id: str, job: Job, state: End, told: Told) -> None:
        ended = msgspec.structs.replace(
            job,
            state=state,
            ended_at_ms=self._clock_ms(),
            said_zh=told.error_zh,
            said_en=told.error_en,
        )
        self._keep(trial_id, ended)

    def _keep(self, trial_id: str, job: Job) -> None:
        self._jobs[trial_id] = job
        self._files.put_job(trial_id, job)


CUT_OFF: Final = Told(
    error_zh="指挥台重启，对比中断，请重新运行",
    error_en="the desk was restarted while it ran; run it again",
)
