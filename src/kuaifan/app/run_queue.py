"""Runs in a process beside the desk, one after another (运算队列): queued, followed, stopped, kept.

In the order they were asked for. While inputs wait at the desk the process is held (先让接处警);
whoever stops a run has it stopped within two seconds.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from kuaifan.app.beside import PRESSED, STOP_S, Watched
from kuaifan.app.planner_worker import Told
from kuaifan.app.printing import print_problem
from kuaifan.plan.scenario import Job, ScenarioError

RUNNING: Final = frozenset({"queued", "running"})
NOTHING_YET: Final = Told(
    error_zh="已停止，当时还没有可用的结果", error_en="stopped before there was anything to keep"
)
End = Literal["done", "stopped", "failed", "unfinished"]


class RunWords(NamedTuple):
    """What the runs of a queue are called (称呼): 规划运算, "the run", 该方案, "this scenario"."""

    what_zh: str
    what_en: str
    it_zh: str
    it_en: str


class JobFiles(Protocol):
    """Where it is kept how far each run is (运行档案)."""

    def list_ids(self) -> list[str]:
        """All that could have been run."""

    def find_job(self, run_id: str, /) -> Job | None:
        """How far one is."""

    def put_job(self, run_id: str, job: Job, /) -> None:
        """Write how far one is."""


class RunQueue:
    """The runs of one kind (运算队列); called from any thread, blocks on the disk.

    arguments: module and arguments of the process of a run. n_waiting: inputs that wait at the
    desk. clock_ms: city time.
    """

    def __init__(
        self,
        words: RunWords,
        files: JobFiles,
        arguments: Callable[[str, Job], Iterable[str]],
        *,
        n_waiting: Callable[[], int],
        clock_ms: Callable[[], int],
    ) -> None:
        self._words, self._files, self._arguments = words, files, arguments
        self._n_waiting, self._clock_ms = n_waiting, clock_ms
        self._lock = threading.Condition()
        self._queue: deque[str] = deque()
        self._jobs: dict[str, Job] = {}
        self._stops: set[str] = set()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """What was under way when the desk ended is said to be unfinished."""
        cut_off = Told(
            error_zh=f"指挥台重启，{self._words.what_zh}中断，请重新运行",
            error_en="the desk was restarted while it ran; run it again",
        )
        for run_id in self._files.list_ids():
            with contextlib.suppress(ScenarioError):
                job = self._files.find_job(run_id)
                if job is not None and job.state in RUNNING:
                    self._settle(run_id, job, "unfinished", cut_off)
        self._thread = threading.Thread(target=self._work, name="runs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the run, and wait for it."""
        with self._lock:
            self._is_over = True
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join(STOP_S * 4)

    def need_time(self) -> None:
        """Raise ScenarioError while calls and orders come first."""
        if self._n_waiting() > PRESSED:
            raise ScenarioError(
                "overloaded",
                f"接处警繁忙，{self._words.what_zh}稍后再开始",
                f"calls and orders come first just now; start {self._words.what_en} in a while",
            )

    def add(self, run_id: str, job: Job) -> None:
        """Queue one; raises ScenarioError where it is queued or runs already, or as `need_time`."""
        with self._lock:
            known = self._jobs.get(run_id)
            if known is not None and known.state in RUNNING:
                zh, en = self._words.it_zh, self._words.it_en
                raise ScenarioError("runs_already", f"{zh}正在运行", f"{en} is running")
            self.need_time()
            self._keep(run_id, job)
            self._stops.discard(run_id)
            self._queue.append(run_id)
            self._lock.notify_all()

    def find(self, run_id: str) -> Job | None:
        """How far one is."""
        with self._lock:
            return self._jobs.get(run_id) or self._files.find_job(run_id)

    def end(self, run_id: str) -> None:
        """Stop one; what is whole by then is kept. Raises ScenarioError where it does not run."""
        with self._lock:
            job = self._jobs.get(run_id)
            if job is None or job.state not in RUNNING:
                zh, en = self._words.it_zh, self._words.it_en
                raise ScenarioError("not_running", f"{zh}没有在运行", f"{en} is not running")
            self._stops.add(run_id)
            if run_id in self._queue:
                self._queue.remove(run_id)
                self._settle(run_id, job, "stopped", Told())
            self._lock.notify_all()

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._queue and not self._is_over:
                    self._lock.wait()
                if self._is_over:
                    return
                run_id = self._queue.popleft()
                job = self._jobs[run_id]
            try:
                self._run_one(run_id, job)
            except (OSError, ScenarioError) as error:
                print_problem(f"{self._words.what_en} of {run_id} ended: {error}")
                zh = error.zh if isinstance(error, ScenarioError) else "运算进程无法启动"
                with self._lock:
                    self._fail(run_id, job, Told(error_zh=zh, error_en=str(error)))

    def _run_one(self, run_id: str, job: Job) -> None:
        with self._lock:
            job = msgspec.structs.replace(job, state="running", began_at_ms=self._clock_ms())
            self._keep(run_id, job)
        told = Watched(list(self._arguments(run_id, job))).follow(
            is_stopped=lambda: run_id in self._stops or self._is_over,
            is_pressed=self._n_waiting,
            tell=lambda told: self._tell(run_id, told),
        )
        if self._is_over:
            # The next start says that it was cut off.
            return
        state: End = "failed" if told.error_en else "done"
        if told.is_stopped or (state == "failed" and run_id in self._stops):
            state, told = "stopped", NOTHING_YET if told.error_en else told
        with self._lock:
            self._settle(run_id, self._jobs[run_id], state, told)

    def _tell(self, run_id: str, told: Told) -> None:
        with self._lock:
            job = self._jobs[run_id]
            self._jobs[run_id] = msgspec.structs.replace(
                job,
                done=told.done or job.done,
                of=told.of or job.of,
                n_nodes=told.n_nodes or job.n_nodes,
            )

    def _fail(self, run_id: str, job: Job, told: Told) -> None:
        try:
            self._settle(run_id, job, "failed", told)
        except ScenarioError as error:
            # A disk that is full: it is said at least while this desk runs.
            print_problem(f"{self._words.what_en} of {run_id} is not kept: {error}")

    def _settle(self, run_id: str, job: Job, state: End, told: Told) -> None:
        ended = msgspec.structs.replace(
            job,
            state=state,
            ended_at_ms=self._clock_ms(),
            said_zh=told.error_zh,
            said_en=told.error_en,
        )
        self._keep(run_id, ended)

    def _keep(self, run_id: str, job: Job) -> None:
        self._jobs[run_id] = job
        self._files.put_job(run_id, job)
