"""Questions and answers on disk (答案档案): a folder for each, files written whole."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from kuaifan.kernel.whole_file import replace_file
from kuaifan.plan.scenario import Job, ScenarioError

NAME: Final = re.compile(r"[0-9a-f]{12}")
T = TypeVar("T", bound=msgspec.Struct)


class AnswerFolder:
    """The folders of one kind below a city's (答案档案); blocks on the disk.

    shown: how the folder is called to people; what_zh: 方案, 策略对比.
    """

    def __init__(self, folder: Path, *, shown: str, what_zh: str) -> None:
        self.folder, self._shown, self._what_zh = folder, shown, what_zh

    def list_ids(self) -> list[str]:
        """All of them."""
        if not self.folder.is_dir():
            return []
        return sorted(each.name for each in self.folder.iterdir() if NAME.fullmatch(each.name))

    def find_job(self, kept_id: str) -> Job | None:
        """How far its last run is."""
        return self.read(kept_id, "job.json", Job)

    def put_job(self, kept_id: str, job: Job) -> None:
        """Write how far it is."""
        self.write(kept_id, "job.json", job)

    def remove(self, kept_id: str) -> None:
        """Take one away with all its answers."""
        shutil.rmtree(self.folder / kept_id, ignore_errors=True)

    def read(self, kept_id: str, name: str, kind: type[T]) -> T | None:
        """A file of it, None where there is none; raises ScenarioError for a damaged one."""
        if not NAME.fullmatch(kept_id):
            return None
        try:
            data = (self.folder / kept_id / name).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(data, type=kind)
        except msgspec.DecodeError as error:
            raise ScenarioError(
                "damaged",
                f"{self._what_zh} {kept_id} 的 {name} 已损坏，请从备份恢复或删除该文件夹",
                f"{self._shown}/{kept_id}/{name} is damaged: restore it from a backup or remove "
                f"its folder ({error})",
            ) from error

    def write(self, kept_id: str, name: str, value: msgspec.Struct) -> None:
        """Write a file of it whole; raises ScenarioError where the disk refuses."""
        folder = self.folder / kept_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(folder / name, msgspec.json.encode(value))
        except OSError as error:
            raise ScenarioError(
                "cannot_write",
                f"{self._what_zh}无法写入城市文件夹的 {self._shown}/：请检查磁盘空间与权限",
                f"{self._shown}/ of the city folder cannot be written ({error.strerror}): free "
                "some space, or let the service write there",
            ) from error
