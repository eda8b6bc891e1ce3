"""The process that solves a scenario or tries it on the twin (规划进程): never the desk's own.

`python -m kuaifan.app.planner_worker CITY ID solve|twin`. It writes one JSON line for each step it
takes, and ends when its standard input says `stop`, or is closed: a desk that is gone leaves no
process behind, not even one that it had held. What it found is written whole, or not at all.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec

from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.board.settings import settle
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.scenario import BY_HAND, Scenario, ScenarioError, TwinAsk
from kuaifan.plan.solving import Progress

TELL_EVERY_S: Final = 0.3
NICE: Final = 15
"""The desk is asked first for the processor, always."""
DONE, FELL_SHORT = 0, 2
PR_SET_PDEATHSIG: Final = 1
"""Of Linux's prctl."""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the worker (进度行)."""

    done: float = 0.0
    of: float = 0.0
    n_nodes: int = 0
    error_zh: str = ""
    error_en: str = ""
    is_stopped: bool = False


class Listener:
    """Hears whether to stop (停止信号): a word on standard input, or its end."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._told_s = 0.0
        threading.Thread(target=self._hear, name="stop", daemon=True).start()

    def go_on(self, _progress: object = None) -> bool:
        """Whether to."""
        return not self.is_stopped

    def tell(self, told: Told, *, always: bool = False) -> None:
        """Say how far it is, a few times a second at most."""
        now_s = perf_counter()
        if always or now_s - self._told_s >= TELL_EVERY_S:
            self._told_s = now_s
            say(told)

    def _hear(self) -> None:
        line = sys.stdin.readline()
        if not line:
            # Nobody is left to tell.
            os._exit(FELL_SHORT)
        self.is_stopped = True


def say(told: Told) -> None:
    """One line, at once."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


def end_with_desk() -> None:
    """Have the system end this process when the desk is gone: one that is held cannot hear it."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Do what is asked; errors are said in a line, in both languages."""
    city_path, scenario_id, kind = arguments
    end_with_desk()
    with suppress(OSError):
        os.nice(NICE)
    listener, files = Listener(), ScenarioFiles(Path(city_path))
    try:
        scenario = files.get(scenario_id)
        if kind == "solve":
            _solve(files, scenario, Path(city_path), listener)
        else:
            job = files.find_job(scenario_id)
            ask = (job.ask if job else None) or TwinAsk()
            _try_out(files, scenario, Path(city_path), ask, listener)
    except ScenarioError as error:
        say(Told(error_zh=error.zh, error_en=error.en))
        return FELL_SHORT
    except BadInputError as error:
        from kuaifan.app.planner_words import in_chinese

        say(Told(error_zh=in_chinese(str(error)), error_en=str(error)))
        return FELL_SHORT
    say(Told(is_stopped=listener.is_stopped))
    return DONE


def _solve(files: ScenarioFiles, scenario: Scenario, city_path: Path, listener: Listener) -> None:
    from kuaifan.app.planner_models import find_offer, solver_of
    from kuaifan.app.planner_problem import by_hand, make_ground, make_solution, pose
    from kuaifan.app.reference import load_kernels, make_reference
    from kuaifan.city.folder import read_city, read_demand

    find_offer(scenario.draft.model)
    own = make_reference(read_city(city_path))
    load_kernels(own)
    reference = settle(own, files.get_ground(scenario.scenario_id))
    ground = make_ground(scenario, reference, read_demand(city_path))
    began_s = perf_counter()

    def watch(progress: Progress) -> bool:
        # Before there is a plan, or a bound, there is no number for it.
        value, bound = (
            each if isfinite(each) else 0.0 for each in (progress.value, progress.bound)
        )
        listener.tell(Told(value, bound, progress.n_nodes))
        return listener.go_on() and perf_counter() - began_s < scenario.draft.seconds

    if scenario.draft.model == BY_HAND:
        solved = by_hand(scenario, ground)
    else:
        rings_s = tuple(ms / 1000 for ms in reference.rings_ms)
        solved = solver_of(scenario.draft.model, pose(scenario, ground, rings_s))(
            gap=GAP, watch=watch
        )
    solution = make_solution(
        scenario,
        ground,
        solved,
        reference,
        seconds=perf_counter() - began_s,
        is_stopped=listener.is_stopped,
    )
    files.put_solution(scenario.scenario_id, solution)


GAP: Final = 1e-4
"""A proof to within this share is a proof: a metre of road or a call a year."""


def _try_out(
    files: ScenarioFiles, scenario: Scenario, city_path: Path, ask: TwinAsk, listener: Listener
) -> None:
    from kuaifan.app.planner_twin import try_days

    def tell(n_done: int) -> None:
        listener.tell(Told(n_done, ask.n_days), always=True)

    figures = try_days(files, scenario, city_path, ask, go_on=listener.go_on, tell=tell)
    files.put_twin(scenario.scenario_id, figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
