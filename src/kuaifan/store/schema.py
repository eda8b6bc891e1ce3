"""The tables of a log on SQLite (表结构): made once, in one transaction, and checked at every open.

records and sightings are the truth and are covered by the hash chain; keys, rows and lookups are
derived from them in the same transaction; owner_keys are what erasure destroys.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import apsw

from kuaifan.store.log_error import LogError, told_as_damage

APPLICATION_ID = 0x4B464C47
"""`KFLG` in the file's header: how a log of ours is told from any other SQLite file."""
FORMAT_VERSION = 1
META_NAMES = {"city_hash", "city_path", "created_at_ms", "hash_name", "key_check"}
OLDEST_SQLITE = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections checkpoint at one instant."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    record_class TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE sightings (
    input_no INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE chain_head (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    hash BLOB NOT NULL,
    tail BLOB NOT NULL
) STRICT;
CREATE TABLE keys (key TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE rows (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    record_class TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (table_name, row_id)
) STRICT;
CREATE TABLE owner_keys (
    key_no INTEGER PRIMARY KEY,
    owner TEXT NOT NULL UNIQUE,
    wrapped BLOB
) STRICT;
CREATE TABLE lookups (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    key_no INTEGER NOT NULL,
    PRIMARY KEY (table_name, row_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX lookups_by_digest ON lookups (digest);
CREATE INDEX lookups_by_key ON lookups (key_no);
CREATE TABLE snapshots (
    snapshot_no INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    build TEXT NOT NULL,
    chain_hash BLOB NOT NULL,
    body BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT;
"""


def require_sqlite(version: str | None = None) -> None:
    """Refuse an SQLite older than OLDEST_SQLITE; `version` is that of apsw unless given."""
    version = apsw.sqlite_lib_version() if version is None else version
    if tuple(int(part) for part in version.split(".")[:3]) < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise LogError(
            f"SQLite {version} can corrupt a log in WAL mode; install apsw {oldest} or newer"
        )


def create_tables(connection: apsw.Connection, meta: dict[str, str]) -> None:
    """Make the tables of an empty log; within a transaction, so that a crash leaves nothing."""
    connection.execute(TABLES)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    connection.pragma("application_id", APPLICATION_ID)
    connection.pragma("user_version", FORMAT_VERSION)


def is_empty(connection: apsw.Connection) -> bool:
    """Whether a file is a database without anything in it."""
    try:
        n_tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
        return (n_tables, connection.pragma("application_id")) == (0, 0)
    except (apsw.NotADBError, apsw.CorruptError):
        return False


def read_meta(connection: apsw.Connection, path: str) -> dict[str, str]:
    """Return what a log says about itself; raises LogError for what is not a log of ours."""
    try:
        application_id = connection.pragma("application_id")
        version = connection.pragma("user_version")
    except (apsw.NotADBError, apsw.CorruptError):
        application_id, version = 0, 0
    if application_id != APPLICATION_ID:
        raise LogError(f"{path} is not a Kuaifan log; name the log.db of a run or a desk")
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise LogError(
            f"{path} has log format {version}, this Kuaifan knows up to {FORMAT_VERSION}; "
            "open it with the newer version that wrote it"
        )
    with told_as_damage(path):
        if _schema(connection) != _own_schema():
            raise LogError(f"{path} is damaged: its tables are not ours; restore it from a backup")
        lines: list[Any] = connection.execute("SELECT name, value FROM meta").fetchall()
    meta: dict[str, str] = dict(lines)
    if set(meta) != META_NAMES:
        raise LogError(f"{path} is damaged: it does not say what it is; restore it from a backup")
    return meta


def _schema(connection: apsw.Connection) -> list[Any]:
    return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()


@cache
def _own_schema() -> list[Any]:
    connection = apsw.Connection(":memory:")
    connection.execute(TABLES)
    return _schema(connection)
