"""The checkpoints of a log in its backup (备份检查点): what was once there is never taken out.

A backup is one of the other hands that make a checkpoint hold: who changes the log and the file
beside it does not change this copy. One that does not read, or is not as it was signed, is not
taken along; `kuaifan log verify` tells of it where it lies.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kuaifan.kernel.whole_file import replace_file
from kuaifan.store.checkpoints import (
    Checkpoint,
    checkpoints_path,
    is_signed,
    keep_checkpoint,
    list_checkpoints,
)
from kuaifan.store.log_error import LogError


def ship_checkpoints(files: Path, folder: Path, *, since_ns: int) -> int:
    """Add the checkpoints that a backup does not have.

    since_ns: what the pass before returned: when the file beside the log was last changed.
    """
    source = checkpoints_path(files)
    try:
        changed_at_ns = source.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
    if changed_at_ns != since_ns:
        kept = set(list_checkpoints(_kept_path(folder)))
        for checkpoint in _read(source):
            if checkpoint not in kept and is_signed(checkpoint):
                keep_checkpoint(_kept_path(folder), checkpoint)
    return changed_at_ns


def restore_checkpoints(folder: Path, files: Path, *, until_seq: int) -> int:
    """Put those beside a log that is back up to a record; how many."""
    found = [each for each in list_checkpoints(_kept_path(folder)) if each.seq <= until_seq]
    if found:
        lines = [msgspec.json.encode(each) + b"\n" for each in found]
        replace_file(checkpoints_path(files), b"".join(lines))
    return len(found)


def _read(source: Path) -> list[Checkpoint]:
    try:
        return list_checkpoints(source)
    except LogError:
        return []


def _kept_path(folder: Path) -> Path:
    return folder / "checkpoints.jsonl"
