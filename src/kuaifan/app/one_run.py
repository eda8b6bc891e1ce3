"""One run at a time in a process beside the desk (旁侧推演): begun, followed, stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from kuaifan.app.beside import PRESSED, STOP_S, Watched
from kuaifan.app.planner_worker import Told
from kuaifan.plan.scenario import Job, ScenarioError

Words = tuple[str, str]


class OneRun:
    """A run and how far it is (推演); called from any thread. what: 前瞻, "the look ahead"."""

    def __init__(
        self, what: Words, *, n_waiting: Callable[[], int], clock_ms: Callable[[], int]
    ) -> None:
        self._what: Final = what
        self._n_waiting, self._clock_ms = n_waiting, clock_ms
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._is_over = self._is_stopped = False
        self._thread: threading.Thread | None = None

    def need_free(self) -> None:
        """Raise ScenarioError while a run is under way, or the desk is busy."""
        zh, en = self._what
        if self._job is not None and self._job.state == "running":
            raise ScenarioError("runs_already", f"{zh}正在运行", f"{en} is under way already")
        if self._n_waiting() > PRESSED:
            raise ScenarioError(
                "overloaded",
                f"接处警繁忙，{zh}稍后再开始",
                f"calls and orders come first just now; begin {en} in a while",
            )

    def begin(self, arguments: Sequence[str], told: Callable[[], bytes], *, of: float) -> Job:
        """Begin; told: what the process reads first. Raises as `need_free`."""
        with self._lock:
            self.need_free()
            line, now_ms = told() + b"\n", self._clock_ms()
            self._is_stopped = False
            self._job = Job(
                kind="twin", state="running", asked_at_ms=now_ms, began_at_ms=now_ms, of=of
            )
            self._thread = threading.Thread(
                target=self._run, args=(list(arguments), line), name=arguments[0], daemon=True
            )
            self._thread.start()
            return self._job

    def job(self) -> Job | None:
        """How far the last run is."""
        return self._job

    def end(self) -> Job:
        """Stop what runs, before it is done; raises ScenarioError where nothing does."""
        with self._lock:
            if self._job is None or self._job.state != "running":
                zh, en = self._what
                raise ScenarioError("not_running", f"{zh}没有在运行", f"{en} is not running")
            self._is_stopped = True
            return self._job

    def stop(self) -> None:
        """End the run, and wait for it: the desk ends."""
        self._is_over = True
        if self._thread is not None:
            self._thread.join(STOP_S * 4)

    def _run(self, arguments: list[str], line: bytes) -> None:
        try:
            said = Watched(arguments, line).follow(
                is_stopped=lambda: self._is_over or self._is_stopped,
                is_pressed=self._n_waiting,
                tell=self._tell,
            )
        except OSError as error:
            zh, en = self._what
            said = Told(error_zh=f"{zh}进程无法启动", error_en=f"{en} could not start: {error}")
        is_stopped = said.is_stopped or self._is_stopped
        with self._lock:
            assert self._job is not None  # noqa: S101 - begun
            self._job = msgspec.structs.replace(
                self._job,
                state="stopped" if is_stopped else "failed" if said.error_en else "done",
                ended_at_ms=self._clock_ms(),
                said_zh="" if is_stopped else said.error_zh,
                said_en="" if is_stopped else said.error_en,
            )

    def _tell(self, told: Told) -> None:
        with self._lock:
            if self._job is not None:
                self._job = msgspec.structs.replace(self._job, done=told.done)
