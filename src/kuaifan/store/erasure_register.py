"""The register of erasures (销毁登记): which keys were destroyed, kept apart from log and backups.

A backup made before an erasure still has the key. So the digest of each destroyed key is written
here, durably, before the key itself is destroyed; whatever brings a log back, and every opening
for writing, destroys the keys of the register again. A digest names one key and not its owner: an
owner of the same name in a log that was taken back to an earlier record is somebody else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kuaifan.store.log_error import LogError


class ErasedKey(msgspec.Struct, frozen=True):
    """A line of the register (销毁登记项); key: SHA-256 of the wrapped key, in hexadecimal."""

    owner: str
    key: str


def register_path(files: Path) -> Path:
    """Where the register of a log lies; files: what the names beside the log begin with."""
    return Path(f"{files}.erasures")


def name_key(wrapped: bytes) -> str:
    """How the register names a key: its digest, which opens nothing."""
    return hashlib.sha256(wrapped).hexdigest()


def read_register(path: Path) -> dict[str, str]:
    """The owners by the digest of their destroyed keys; empty where nothing was ever erased.

    A last line that was cut short belongs to an erasure that did not happen.
    """
    try:
        whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
        lines = [msgspec.json.decode(line, type=ErasedKey) for line in whole]
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogError(
            f"{path}, which says what was erased, cannot be read ({error}); put it back from a copy"
        ) from None
    return {line.key: line.owner for line in lines}


def note_erased(path: Path, lines: Iterable[tuple[str, bytes]]) -> None:
    """Write down (owner, wrapped key) of keys about to be destroyed; durable when it returns."""
    added = [ErasedKey(owner, name_key(wrapped)) for owner, wrapped in lines]
    if not added:
        return
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "r+b") as file:
        # A stump that a crash left is no line, and none may be glued to it.
        n_whole = file.read().rfind(b"\n") + 1
        file.truncate(n_whole)
        file.seek(n_whole)
        file.writelines(msgspec.json.encode(line) + b"\n" for line in added)
        file.flush()
        os.fsync(file.fileno())
