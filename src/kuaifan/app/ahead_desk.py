"""The hour ahead of a live desk (一小时前瞻): asked for by a page, run in a process beside it.

The board is copied between two inputs, as for a snapshot, and goes to the process through a pipe.
The last answer is kept in `plans/ahead.json`: figures of places and times, no names.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from kuaifan.app.ahead_worker import FILE, AheadTold
from kuaifan.app.one_run import OneRun
from kuaifan.app.scenario_files import FOLDER
from kuaifan.app.twin_ahead import AheadAsk, AheadFigures
from kuaifan.plan.scenario import Job
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
        self._run = OneRun(("前瞻", "the look ahead"), n_waiting=n_waiting, clock_ms=clock_ms)

    def ask(self) -> Job:
        """Begin to look; raises ScenarioError while a look is under way, or the desk is busy."""
        ask = AheadAsk()
        return self._run.begin(
            ["kuaifan.app.ahead_worker", str(self._city)],
            lambda: msgspec.json.encode(AheadTold(ask=ask, saved=self._take())),
            of=ask.n_replications,
        )

    def job(self) -> Job | None:
        """How far the last look is."""
        return self._run.job()

    def find(self) -> AheadFigures | None:
        """The last answer, None before there is one."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            data = (self._city / FOLDER / FILE).read_bytes()
            return msgspec.json.decode(data, type=AheadFigures)
        return None

    def end(self) -> Job:
        """Stop the look that is under way; raises ScenarioError where none is."""
        return self._run.end()

    def stop(self) -> None:
        """End the run, and wait for it."""
        self._run.stop()
