"""Comparisons of policies on disk (策略对比档案): `plans/policies/` of the city folder.

question.json never changes; answer.json is written once, by the run; job.json says how far it is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from kuaifan.app.scenario_files import FOLDER
from kuaifan.board.settings import Settings
from kuaifan.kernel.whole_file import replace_file
from kuaifan.plan.policy_trial import PolicyAnswer, PolicyQuestion
from kuaifan.plan.scenario import Job, ScenarioError
from kuaifan.vocabulary.desk import PolicyProof

KEPT: Final = "policies"
MAX_TRIALS: Final = 300
NAME: Final = re.compile(r"[0-9a-f]{12}")
T = TypeVar("T", bound=msgspec.Struct)


class PolicyFiles:
    """The comparisons of one city (策略对比档案); blocks on the disk."""

    def __init__(self, city: Path) -> None:
        self._folder = city / FOLDER / KEPT

    def list_ids(self) -> list[str]:
        """All of them."""
        if not self._folder.is_dir():
            return []
        return sorted(each.name for each in self._folder.iterdir() if NAME.fullmatch(each.name))

    def add(self, question: PolicyQuestion, ground: Settings) -> str:
        """Keep a new question, and the settings in force; its id."""
        if len(self.list_ids()) >= MAX_TRIALS:
            raise ScenarioError(
                "too_many",
                f"策略对比已有 {MAX_TRIALS} 个，请先归档一些",
                f"there are {MAX_TRIALS} comparisons; move some folders out of "
                f"{FOLDER}/{KEPT}/ first",
            )
        self._write(question.trial_id, "ground.json", ground)
        self._write(question.trial_id, "question.json", question)
        return question.trial_id

    def get(self, trial_id: str) -> PolicyQuestion:
        """The question; raises ScenarioError where there is none, or where it was changed."""
        found = self._read(trial_id, "question.json", PolicyQuestion)
        if found is None or found.trial_id != trial_id:
            raise ScenarioError(
                "unknown_scenario",
                f"没有策略对比 {trial_id[:40]}，或其文件被改动",
                f"there is no comparison {trial_id[:40]!r}, or its file was changed",
            )
        return found

    def get_ground(self, trial_id: str) -> Settings:
        """The settings that held."""
        return self._read(trial_id, "ground.json", Settings) or Settings()

    def find_answer(self, trial_id: str) -> PolicyAnswer | None:
        """What came of it, None where nothing has yet."""
        return self._read(trial_id, "answer.json", PolicyAnswer)

    def find_job(self, trial_id: str) -> Job | None:
        """How far its run is."""
        return self._read(trial_id, "job.json", Job)

    def put_answer(self, trial_id: str, answer: PolicyAnswer) -> None:
        """Write what came of it."""
        self._write(trial_id, "answer.json", answer)

    def put_job(self, trial_id: str, job: Job) -> None:
        """Write how far it is."""
        self._write(trial_id, "job.json", job)

    def need_kept(self, proof: PolicyProof) -> None:
        """Raise ScenarioError for a proof that was not made here, or says something else."""
        answer = self.find_answer(proof.trial_id)
        if answer is None or answer.proof != proof:
            raise ScenarioError(
                "unknown_comparison",
                "对比结果不是本系统算出的，或内容被改动：请从规划页重新对比后启用",
                "this desk never made that comparison, or it was changed since: compare again on "
                "the planning page and use the policy from there",
            )

    def _read(self, trial_id: str, name: str, kind: type[T]) -> T | None:
        if not NAME.fullmatch(trial_id):
            return None
        try:
            data = (self._folder / trial_id / name).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise ScenarioError(
                "damaged",
                f"策略对比 {trial_id} 的 {name} 已损坏，请从备份恢复或删除该文件夹",
                f"{FOLDER}/{KEPT}/{trial_id}/{name} is damaged: restore it from a backup or "
                f"remove its folder ({error})",
            ) from error

    def _write(self, trial_id: str, name: str, value: msgspec.Struct) -> None:
        folder = self._folder / trial_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(folder / name, msgspec.json.encode(value))
        except OSError as error:
            raise ScenarioError(
                "cannot_write",
                f"对比结果无法写入城市文件夹的 {FOLDER}/：请检查磁盘空间与权限",
                f"{FOLDER}/ of the city folder cannot be written ({error.strerror}): free some "
                "space, or let the service write there",
            ) from error
