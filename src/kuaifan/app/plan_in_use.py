"""The plan in use beside the city (在用方案档): `plans/in_use.json`, written by the desk.

The log says which plan holds; a twin of the city folder has no log. So the desk keeps the plan that
it works by in the folder as well, without names, and takes it away where none is in use.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final, Protocol

import msgspec

from kuaifan.app.printing import print_problem
from kuaifan.app.scenario_files import FOLDER
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.kernel.whole_file import replace_file
from kuaifan.vocabulary.plan import Plan

FILE: Final = "in_use.json"
LOOK_S: Final = 10.0


class PlanInUse(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds (在用方案); used_at_ms: since when."""

    plan_id: str
    used_at_ms: int
    plan: Plan


class PlannedDesk(Protocol):
    """What is asked of the running desk (所需方案簿)."""

    @property
    def plans(self) -> PlanPapers:
        """What was proposed and adopted; may be read from any thread."""


class InUseKeeper:
    """Keeps the file as the desk has it (在用方案存档)."""

    def __init__(self, city: Path, desk: PlannedDesk) -> None:
        self._path, self._desk = city / FOLDER / FILE, desk
        self._written: PlanInUse | None = None
        # Nothing is known of the file before it was written once, nor after that failed.
        self._is_known = False
        self._is_said = False
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="plan_in_use", daemon=True)

    def start(self) -> None:
        """Begin with what holds now."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Look a last time."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
            self.look()

    def look(self) -> None:
        """Write what holds where it is another than was written; a full disk is said once."""
        standing = self._desk.plans.in_use()
        found = None
        if standing is not None:
            found = PlanInUse(
                plan_id=standing.plan_id, used_at_ms=standing.used_at_ms, plan=standing.plan
            )
        if self._is_known and found == self._written:
            return
        try:
            self._put(found)
        except OSError as error:
            if not self._is_said:
                problem = f"{FOLDER}/{FILE} cannot be written ({error.strerror}): free some space"
                print_problem(problem)
            self._is_known, self._is_said = False, True
            return
        self._written, self._is_known, self._is_said = found, True, False

    def _put(self, found: PlanInUse | None) -> None:
        if found is None:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(found))

    def _keep(self) -> None:
        while not self._is_over.wait(LOOK_S):
            self.look()
