"""How the database of a log is set up (数据库体检): what decides whether a commit is safe."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import apsw
import msgspec

from kuaifan.store.anchor import compare_mark
from kuaifan.store.chain import ChainHead
from kuaifan.store.connection import Connection
from kuaifan.store.databases import open_log_reader
from kuaifan.store.head_file import find_mark, head_path
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.log_place import LogPlace, PostgresPlace, files_of
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import read_format, read_meta
from kuaifan.store.sqlite_connection import require_sqlite

SETTINGS: Final = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
SAFE: Final = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "remote_apply", "remote_write"),
    "full_page_writes": ("on",),
}
OLDEST_POSTGRES: Final = 13


class StoreHealth(msgspec.Struct, frozen=True):
    """What was found (体检结果).

    unsafe: settings under which an acknowledged record can be lost. anchors: of each place that
    knows the head, in words what does not fit, '' for nothing; None where nothing was noted.
    """

    engine: str
    version: str
    is_old: bool
    settings: dict[str, str]
    unsafe: tuple[str, ...]
    log_format: int
    meta: dict[str, str]
    head: ChainHead
    anchors: dict[str, str | None]


def look_at_store(place: LogPlace, anchor: Path | None) -> StoreHealth:
    """Look at a log that may be in use; raises LogError or StorageError where it cannot be read."""
    connection = open_log_reader(place)
    try:
        with told_as_damage(place):
            meta, head = read_meta(connection, str(place)), read_chain_head(connection)
            is_far = isinstance(place, PostgresPlace)
            version, is_old, settings = (
                _ask_postgres(connection) if is_far else _ask_sqlite(connection)
            )
            unsafe = [n for n, good in SAFE.items() if is_far and settings.get(n) not in good]
            marks = [head_path(files_of(place)), *([] if anchor is None else [anchor])]
            return StoreHealth(
                engine="PostgreSQL" if is_far else "SQLite",
                version=version,
                is_old=is_old,
                settings=settings,
                unsafe=tuple(unsafe),
                log_format=read_format(connection, str(place)),
                meta=meta,
                head=head,
                anchors={str(path): _compare(connection, head, path) for path in marks},
            )
    finally:
        connection.close()


def _compare(connection: Connection, head: ChainHead, path: Path) -> str | None:
    try:
        mark = find_mark(path)
    except LogError as error:
        return str(error)
    return None if mark is None else compare_mark(connection, head, mark)


def _ask_postgres(connection: Connection) -> tuple[str, bool, dict[str, str]]:
    names = [*SETTINGS, "synchronous_standby_names", "server_version_num", "server_version"]
    found = {
        name: str(connection.execute(f"SELECT current_setting('{name}')").fetchone()[0])
        for name in names
    }
    is_old = int(found.pop("server_version_num")) // 10_000 < OLDEST_POSTGRES
    return found.pop("server_version"), is_old, found


def _ask_sqlite(connection: Connection) -> tuple[str, bool, dict[str, str]]:
    """The mode of a log that nobody writes is `delete`: its last writer made it one single file."""
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    try:
        require_sqlite()
    except LogError:
        return apsw.sqlite_lib_version(), True, {"journal_mode": mode}
    return apsw.sqlite_lib_version(), False, {"journal_mode": mode}
