"""Writes a file whole or not at all (整写文件): under another name first, then renamed."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Put data in the place of a file, durably: it holds the old content or the new, never half.

    Raises OSError; what stood there stays then.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("wb") as file:
            file.write(data)
        take_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def take_place(draft: Path, path: Path) -> None:
    """Put a finished draft, closed and in the same folder, durably under the name of a file.

    Raises OSError; what stood there stays then.
    """
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names of new files durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
