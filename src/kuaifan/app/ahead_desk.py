"""The hour ahead of a live desk (一小时前瞻): asked for by a page, run in a process beside it.

The board is copied between two inputs, as for a snapshot, and goes to the process through a pipe.
The last answer is kept in `plans/ahead.json`: figures of places and times, no names.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from kuaifan.app.ahead_worker import FILE, AheadTold
from kuaifan.app.beside import PRESSED, STOP_S, Watched
from kuaifan.app.planner_worker import Told
from kuaifan.app.scenario_files import FOLDER
from kuaifan.app.twin_ahead import AheadAsk, AheadFigures
from kuaifan.plan.scenario import Job, ScenarioError
from kuaifan.twin.ahead import SavedState


class AheadDesk:
    """One look ahead at a time (前瞻台); take: copies the state, from any thread."""

    def __init__(
        self,
        city: Path,
        take: Callable[[], SavedState],
        *,
        n_waiting: Callable[[], int],
        clock_ms: Callable[[], int],
    ) -> None:
        self._city, self._take = city, take
        self._n_waiting, self._clock_ms = n_waiting, clock_ms
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._is_over = False
        self._thread: threading.Thread | None = None

    def ask(self) -> Job:
        """Begin to look; raises ScenarioError while a look is under way, or the desk is busy."""
        with self._lock:
            if self._job is not None and self._job.state == "running":
                raise ScenarioError("runs_already", "前瞻正在运行", "a look ahead is under way")
            if self._n_waiting() > PRESSED:
                raise ScenarioError(
                    "overloaded",
                    "接处警繁忙，前瞻稍后再开始",
                    "calls and orders come first just now; look ahead in a while",
                )
            told = AheadTold(ask=AheadAsk(), saved=self._take())
            now_ms = self._clock_ms()
            of = told.ask.n_replications
            self._job = Job(
                kind="twin", state="running", asked_at_ms=now_ms, began_at_ms=now_ms, of=of
            )
            self._thread = threading.Thread(
                target=self._run, args=(told,), name="ahead", daemon=True
            )
            self._thread.start()
            return self._job

    def job(self) -> Job | None:
        """How far the last look is."""
        return self._job

    def find(self) -> AheadFigures | None:
        """The last answer, None before there is one."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            data = (self._city / FOLDER / FILE).read_bytes()
            return msgspec.json.decode(data, type=AheadFigures)
        return None

    def stop(self) -> None:
        """End the run, and wait for it."""
        self._is_over = True
        if self._thread is not None:
            self._thread.join(STOP_S * 4)

    def _run(self, told: AheadTold) -> None:
        line = msgspec.json.encode(told) + b"\n"
        try:
            said = Watched(["kuaifan.app.ahead_worker", str(self._city)], line).follow(
                is_stopped=lambda: self._is_over, is_pressed=self._n_waiting, tell=self._tell
            )
        except OSError as error:
            said = Told(error_zh="前瞻进程无法启动", error_en=f"it could not be started: {error}")
        with self._lock:
            assert self._job is not None  # noqa: S101 - asked for
            self._job = msgspec.structs.replace(
                self._job,
                state="failed" if said.error_en else "stopped" if said.is_stopped else "done",
                ended_at_ms=self._clock_ms(),
                said_zh=said.error_zh,
                said_en=said.error_en,
            )

    def _tell(self, told: Told) -> None:
        with self._lock:
            if self._job is not None:
                self._job = msgspec.structs.replace(self._job, done=told.done)
