"""Scenarios on disk (方案档案): `plans/` of the city folder, a folder each, files written whole.

scenario.json is the question and never changes; solution.json and twin.json are written once, by
the run they belong to; job.json says how far a run is, and that it was cut off.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from kuaifan.board.settings import Settings
from kuaifan.kernel.whole_file import replace_file
from kuaifan.plan.scenario import Job, Scenario, ScenarioError, Solution, content_hash
from kuaifan.plan.trial import TwinFigures

FOLDER: Final = "plans"
MAX_SCENARIOS: Final = 500
NAME: Final = re.compile(r"[0-9a-f]{12}")
T = TypeVar("T", bound=msgspec.Struct)


class ScenarioFiles:
    """The scenarios of one city (方案档案); blocks on the disk."""

    def __init__(self, city: Path) -> None:
        self.folder = city / FOLDER
        self._n_days: dict[str, tuple[tuple[int, int], int]] = {}

    def list_ids(self) -> list[str]:
        """All of them."""
        if not self.folder.is_dir():
            return []
        return sorted(each.name for each in self.folder.iterdir() if NAME.fullmatch(each.name))

    def add(self, scenario: Scenario, ground: Settings) -> str:
        """Keep a new one; the same question asked at the same moment is the same scenario.

        ground: the settings in force, whose hash the scenario names.
        """
        scenario_id = scenario.scenario_id
        if len(self.list_ids()) >= MAX_SCENARIOS:
            raise ScenarioError(
                "too_many",
                f"方案已有 {MAX_SCENARIOS} 个，请先归档一些",
                f"there are {MAX_SCENARIOS} scenarios; move some folders out of {FOLDER}/ first",
            )
        self._write(scenario_id, "ground.json", ground)
        self._write(scenario_id, "scenario.json", scenario)
        return scenario_id

    def get(self, scenario_id: str) -> Scenario:
        """The question; raises ScenarioError where there is none, or where it was changed."""
        found = self._read(scenario_id, "scenario.json", Scenario)
        if found is None:
            raise ScenarioError(
                "unknown_scenario",
                f"没有方案 {scenario_id[:40]}",
                f"there is no scenario {scenario_id[:40]!r}",
            )
        if found.scenario_id != scenario_id:
            raise ScenarioError(
                "scenario_was_changed",
                f"方案 {scenario_id} 的文件被改动过，不能再用；请复制后重做",
                f"the file of scenario {scenario_id} was changed and no longer is what its id "
                "says: copy it and run it again",
            )
        return found

    def get_ground(self, scenario_id: str) -> Settings:
        """The settings it was drawn on."""
        return self._read(scenario_id, "ground.json", Settings) or Settings()

    def find_solution(self, scenario_id: str) -> Solution | None:
        """Its answer, None where there is none yet; one of another question does not count."""
        found = self._read(scenario_id, "solution.json", Solution)
        is_its = found is not None and found.scenario_hash[: len(scenario_id)] == scenario_id
        return found if is_its else None

    def find_twin(self, scenario_id: str) -> TwinFigures | None:
        """What the twin showed, None where it did not run."""
        return self._read(scenario_id, "twin.json", TwinFigures)

    def n_days(self, scenario_id: str) -> int:
        """How many days the twin ran; a file of megabytes is read again only when it is another."""
        if not NAME.fullmatch(scenario_id):
            return 0
        try:
            found = (self.folder / scenario_id / "twin.json").stat()
        except OSError:
            return 0
        stamp = (found.st_mtime_ns, found.st_ino)
        known = self._n_days.get(scenario_id)
        if known is None or known[0] != stamp:
            twin = self.find_twin(scenario_id)
            known = self._n_days[scenario_id] = (stamp, len(twin.days) if twin else 0)
        return known[1]

    def find_job(self, scenario_id: str) -> Job | None:
        """The last run of it."""
        return self._read(scenario_id, "job.json", Job)

    def put_solution(self, scenario_id: str, solution: Solution) -> None:
        """Write the answer; there is one only."""
        if self.find_solution(scenario_id) is not None:
            raise ScenarioError("solved_already", "该方案已求解", "this scenario is solved already")
        self._write(scenario_id, "solution.json", solution)

    def put_twin(self, scenario_id: str, twin: TwinFigures) -> None:
        """Write what the twin showed; a longer run takes the place of a shorter one."""
        self._write(scenario_id, "twin.json", twin)

    def put_job(self, scenario_id: str, job: Job) -> None:
        """Write how far a run is."""
        self._write(scenario_id, "job.json", job)

    def twin_hash(self, scenario_id: str) -> str:
        """Hash of what the twin showed, empty where it did not run."""
        found = self.find_twin(scenario_id)
        return content_hash(found) if found else ""

    def remove(self, scenario_id: str) -> None:
        """Take one away with all its answers."""
        shutil.rmtree(self.folder / scenario_id, ignore_errors=True)

    def _read(self, scenario_id: str, name: str, kind: type[T]) -> T | None:
        if not NAME.fullmatch(scenario_id):
            return None
        try:
            data = (self.folder / scenario_id / name).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise ScenarioError(
                "damaged",
                f"方案 {scenario_id} 的 {name} 已损坏，请从备份恢复或删除该文件夹",
                f"{FOLDER}/{scenario_id}/{name} is damaged: restore it from a backup or remove "
                f"its folder ({error})",
            ) from error

    def _write(self, scenario_id: str, name: str, value: msgspec.Struct) -> None:
        folder = self.folder / scenario_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(folder / name, msgspec.json.encode(value))
        except OSError as error:
            raise ScenarioError(
                "cannot_write",
                f"方案无法写入城市文件夹的 {FOLDER}/：请检查磁盘空间与权限",
                f"{FOLDER}/ of the city folder cannot be written ({error.strerror}): free some "
                "space, or let the service write there",
            ) from error
