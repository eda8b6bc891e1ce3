"""The accounts beside a log in its backup (备份账号): a copy by SQLite's own online backup.

Passwords are hashes and second factors sealed in it. Who was logged on is not brought back: a
session that was ended since would stand open again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import apsw

from kuaifan.kernel.whole_file import take_place
from kuaifan.store.accounts import accounts_path
from kuaifan.store.connections import BUSY_TIMEOUT_MS
from kuaifan.store.log_error import told_as_damage

EVERY_S: Final = 60.0
"""Each request of a person moves its session; a copy a minute is enough."""
GONE_TABLES: Final = ("sessions", "links")


def ship_accounts(files: Path, folder: Path) -> bool:
    """Copy the accounts as they are at this moment; False where there are none."""
    source = accounts_path(files)
    if not source.is_file():
        return False
    _copy(source, folder / "accounts.db")
    return True


def restore_accounts(folder: Path, files: Path) -> bool:
    """Put the accounts beside a log, unless some are there; nobody is logged on."""
    source, target = folder / "accounts.db", accounts_path(files)
    if not source.is_file() or target.exists():
        return False
    _copy(source, target, gone=GONE_TABLES)
    return True


def _copy(source: Path, target: Path, *, gone: tuple[str, ...] = ()) -> None:
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with told_as_damage(source):
        reader = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
        reader.set_busy_timeout(BUSY_TIMEOUT_MS)
        writer = apsw.Connection(str(draft))
        try:
            # All pages in one step: no writer can come between and begin it anew.
            with writer.backup("main", reader, "main") as backup:
                backup.step(-1)
            writer.pragma("journal_mode", "DELETE")
            for table in gone:
                writer.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
        finally:
            writer.close()
            reader.close()
    take_place(draft, target)
