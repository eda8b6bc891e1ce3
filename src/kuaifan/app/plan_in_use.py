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
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="plan_in_use", daemon=True)

    def start(self) -> None:
        """Begin with what holds now."""
        self.look(always=True)
        self._thread.start()

    def stop(self) -> None:
        """Look a last time."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
            self.look()

    def look(self, *, always: bool = False) -> None:
        """Write what holds where it is another than was written; a full disk is said, no more."""
        standing = self._desk.plans.in_use()
        found = None
        if standing is not None:
            found = PlanInUse(
                plan_id=standing.plan_id, used_at_ms=standing.used_at_ms, plan=standing.plan
            )
        if found == self._written and not always:
            return
        try:
            self._put(found)
        except OSError as error:
            print_problem(f"{FOLDER}/{FILE} cannot be written ({error.strerror}): free some space")
        self._written = found

    def _put(self, found: PlanInUse | None) -> None:
        if found is None:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, msgspec.json.encode(found))

    def _keep(self) -> None:
        while not self._is_over.wait(LOOK_S):
            self.look()
