"""Keeps a signed checkpoint of the log for every hour (检查点记录者), on a thread of its own.

Not an input of the log: a signature needs a secret, and a replay has none; the chain covers the
records anyhow, and a checkpoint is for whoever does not trust this machine.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kuaifan.app.printing import print_problem
from kuaifan.kernel.journal import StorageError
from kuaifan.store.checkpoints import (
    Checkpoint,
    checkpoints_path,
    keep_checkpoint,
    list_checkpoints,
    make_checkpoint,
)
from kuaifan.store.merkle import MerkleTree
from kuaifan.store.reading import LogReader

EVERY_MS: Final = 3_600_000
LOOK_EVERY_S: Final = 60.0


class CheckpointKeeper:
    """Makes a checkpoint when the last is an hour old and something was written since.

    open_reader: of the log as it is open now. files: what the names beside it begin with.
    """

    def __init__(
        self,
        open_reader: Callable[[], LogReader],
        files: Path,
        *,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._open_reader, self._path = open_reader, checkpoints_path(files)
        self._wall_ms = wall_ms
        self._tree = MerkleTree()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """Begin, once people are served."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; a checkpoint under way is finished."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> Checkpoint | None:
        """Make a checkpoint if one is due; raises LogError or StorageError."""
        kept, now_ms = list_checkpoints(self._path), self._wall_ms()
        if kept and abs(now_ms - kept[-1].made_at_ms) < EVERY_MS:
            return None
        with self._open_reader() as log:
            if log.head().seq == (kept[-1].seq if kept else 0):
                return None
            if log.head().seq < self._tree.n_leaves:
                self._tree = MerkleTree()
            made = make_checkpoint(log, self._tree, made_at_ms=now_ms)
        keep_checkpoint(self._path, made)
        return made

    def _run(self) -> None:
        said = ""
        while not self._is_stopping.wait(LOOK_EVERY_S):
            try:
                self.look()
                said = ""
            except (StorageError, ValueError, OSError) as error:
                if str(error) != said:
                    said = str(error)
                    print_problem(f"no checkpoint was made: {said}")
