"""Scenarios on disk (方案档案): `plans/` of the city folder, a folder each, files written whole.

scenario.json is the question and never changes; solution.json and twin.json are written once, by
the run they belong to; job.json says how far a run is, and that it was cut off.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kuaifan.app.answer_folder import NAME, AnswerFolder
from kuaifan.board.settings import Settings
from kuaifan.plan.scenario import Scenario, ScenarioError, Solution, content_hash
from kuaifan.plan.trial import TwinFigures

FOLDER: Final = "plans"
MAX_SCENARIOS: Final = 500


class ScenarioFiles(AnswerFolder):
    """The scenarios of one city (方案档案); blocks on the disk."""

    def __init__(self, city: Path) -> None:
        super().__init__(city / FOLDER, shown=FOLDER, what_zh="方案")
        self._n_days: dict[str, tuple[tuple[int, int], int]] = {}

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
        self.write(scenario_id, "ground.json", ground)
        self.write(scenario_id, "scenario.json", scenario)
        return scenario_id

    def get(self, scenario_id: str) -> Scenario:
        """The question; raises ScenarioError where there is none, or where it was changed."""
        found = self.read(scenario_id, "scenario.json", Scenario)
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
        return self.read(scenario_id, "ground.json", Settings) or Settings()

    def find_solution(self, scenario_id: str) -> Solution | None:
        """Its answer, None where there is none yet; one of another question does not count."""
        found = self.read(scenario_id, "solution.json", Solution)
        is_its = found is not None and found.scenario_hash[: len(scenario_id)] == scenario_id
        return found if is_its else None

    def find_twin(self, scenario_id: str) -> TwinFigures | None:
        """What the twin showed, None where it did not run."""
        return self.read(scenario_id, "twin.json", TwinFigures)

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

    def put_solution(self, scenario_id: str, solution: Solution) -> None:
        """Write the answer; there is one only."""
        if self.find_solution(scenario_id) is not None:
            raise ScenarioError("solved_already", "该方案已求解", "this scenario is solved already")
        self.write(scenario_id, "solution.json", solution)

    def put_twin(self, scenario_id: str, twin: TwinFigures) -> None:
        """Write what the twin showed; a longer run takes the place of a shorter one."""
        self.write(scenario_id, "twin.json", twin)

    def twin_hash(self, scenario_id: str) -> str:
        """Hash of what the twin showed, empty where it did not run."""
        found = self.find_twin(scenario_id)
        return content_hash(found) if found else ""
