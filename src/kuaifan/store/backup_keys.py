"""The owners' keys in a backup (备份中的密钥): appended, and taken out again when destroyed.

They lie in small files, apart from the records, so that one which is destroyed in the log is cut
out of the backup by writing a small file anew. That it was is seen without asking for each key: the
log keeps a digest over all of them, and so does the shipper.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.kernel.whole_file import replace_file, sync_folder
from kuaifan.store.backup_format import SavedKey, list_files, numbered_path, read_keys
from kuaifan.store.connection import Connection
from kuaifan.store.erasure_register import note_erased
from kuaifan.store.keys_digest import KeysDigest
from kuaifan.store.log_error import LogError

KEYS_PER_FILE: Final = 10_000
PAGE: Final = 1_000
MAX_ROUNDS: Final = 20
"""Keys go on being made while they are read; a digest that is asked for between two of them is
asked for again, a few times."""


def backup_register(folder: Path) -> Path:
    """Where a backup keeps the digests of the keys that it saw destroyed."""
    return folder / "erasures.jsonl"


class KeyShipper:
    """Keeps the keys of a backup as those of its log are (密钥备份者)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digest, self._last_no, self._number, self._n_here = KeysDigest(), 0, 0, 0
        for path in list_files(folder, "keys"):
            _cut_stump(path)
            keys = read_keys(path)
            for key in keys:
                self._take(key)
            self._number, self._n_here = int(path.stem), len(keys)

    def ship(self, connection: Connection) -> None:
        """Append new keys and take out those that were destroyed; durable when it returns."""
        is_sure = True
        for _ in range(MAX_ROUNDS):
            noted: Any = connection.execute(
                "SELECT n_keys, digest FROM owner_keys_digest"
            ).fetchone()
            self._ship_new(connection)
            if noted == (self._digest.n_keys, self._digest.digest):
                return
            is_sure = noted[0] == self._digest.n_keys
            if is_sure:
                self._take_out(connection)
        if is_sure:
            raise LogError(
                "the owners' keys are not those that were stored: nothing more is shipped; run "
                "`kuaifan log verify`"
            )

    def _ship_new(self, connection: Connection) -> None:
        query = (
            "SELECT key_no, owner, wrapped FROM owner_keys WHERE key_no > ? ORDER BY key_no LIMIT ?"
        )
        while lines := connection.execute(query, (self._last_no, PAGE)).fetchall():
            if self._number == 0 or self._n_here >= KEYS_PER_FILE:
                self._number, self._n_here = self._number + 1, 0
            keys = [SavedKey(*line) for line in lines]
            _append(numbered_path(self._folder, "keys", self._number), keys)
            for key in keys:
                self._take(key)
            self._n_here += len(keys)

    def _take(self, key: SavedKey) -> None:
        self._digest.add((key.key_no, key.owner, key.wrapped))
        self._last_no = key.key_no

    def _take_out(self, connection: Connection) -> None:
        """Find which keys were destroyed since, and cut them out of their files."""
        lines = connection.execute("SELECT key_no FROM owner_keys WHERE wrapped IS NULL").fetchall()
        gone = {key_no for (key_no,) in lines}
        for path in list_files(self._folder, "keys"):
            keys = read_keys(path)
            lost = [key for key in keys if key.key_no in gone and key.wrapped is not None]
            if not lost:
                continue
            register = [(key.owner, key.wrapped) for key in lost if key.wrapped is not None]
            note_erased(backup_register(self._folder), register)
            kept = [SavedKey(k.key_no, k.owner, None) if k.key_no in gone else k for k in keys]
            replace_file(path, _encode(kept))
            for key in lost:
                self._digest.take_away((key.key_no, key.owner, key.wrapped))
                self._digest.add((key.key_no, key.owner, None))


def _encode(keys: list[SavedKey]) -> bytes:
    return b"".join(msgspec.json.encode(key) + b"\n" for key in keys)


def _append(path: Path, keys: list[SavedKey]) -> None:
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write(_encode(keys))
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)


def _cut_stump(path: Path) -> None:
    content = path.read_bytes()
    os.truncate(path, content.rfind(b"\n") + 1)
