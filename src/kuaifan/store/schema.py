"""The tables of a log on SQLite (表结构): made once, in one transaction, and checked at every open.

records and sightings are the truth and are covered by the hash chain; keys, rows, touches and
lookups are derived from them in the same transaction; owner_keys are what erasure destroys, and
owner_keys_digest is over all of them. touches says which records changed a row, so that the story
of one incident need not be searched.

Every format that a log was ever written in stays here as it was: formats.py brings an older one up.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import apsw
import msgspec

from kuaifan.store.keys_digest import NO_KEYS
from kuaifan.store.log_error import LogError, told_as_damage

APPLICATION_ID = 0x4B464C47
"""`KFLG` in the file's header: how a log of ours is told from any other SQLite file."""
FORMAT_VERSION = 2
META_NAMES = {"city_hash", "city_path", "created_at_ms", "hash_name", "key_check"}
META_DIGEST = "digest"
"""Since format 2: SHA-256 over the other lines of meta."""
OLDEST_SQLITE = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a WAL file when two connections checkpoint at one instant."""

TABLES_1 = """
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
TOUCHES = """
CREATE TABLE touches (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (table_name, row_id, seq)
) STRICT, WITHOUT ROWID;
"""
OWNER_KEYS_DIGEST = """
CREATE TABLE owner_keys_digest (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    n_keys INTEGER NOT NULL,
    digest BLOB NOT NULL
) STRICT;
"""
TABLES = TABLES_1 + TOUCHES + OWNER_KEYS_DIGEST
TABLES_OF = {1: (TABLES_1, TABLES_1 + TOUCHES), 2: (TABLES,)}
"""What a log of each format may hold; for some days the first one was written with touches too."""


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
    lines = meta | {META_DIGEST: digest_meta(meta)}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(lines.items()))
    connection.execute("INSERT INTO owner_keys_digest VALUES (1, 0, ?)", (NO_KEYS,))
    connection.pragma("application_id", APPLICATION_ID)
    connection.pragma("user_version", FORMAT_VERSION)


def is_empty(connection: apsw.Connection) -> bool:
    """Whether a file is a database without anything in it."""
    try:
        n_tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
        return (n_tables, connection.pragma("application_id")) == (0, 0)
    except (apsw.NotADBError, apsw.CorruptError):
        return False


def read_format(connection: apsw.Connection, path: str) -> int:
    """Return the format that a log is written in; raises LogError for none that we know."""
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
    if version not in TABLES_OF:
        raise LogError(f"{path} is damaged: it has log format {version}; restore it from a backup")
    return version


def read_meta(connection: apsw.Connection, path: str) -> dict[str, str]:
    """Return what a log says about itself; raises LogError for what is not a log of ours."""
    version = read_format(connection, path)
    with told_as_damage(path):
        if _schema(connection) not in _schemas_of(version):
            raise LogError(f"{path} is damaged: its tables are not ours; restore it from a backup")
        lines: list[Any] = connection.execute("SELECT name, value FROM meta").fetchall()
    meta: dict[str, str] = dict(lines)
    are_texts = all(type(text) is str for line in lines for text in line)
    digest = meta.pop(META_DIGEST, None) if version > 1 else ""
    is_whole = are_texts and set(meta) == META_NAMES
    if not is_whole or (version > 1 and digest != digest_meta(meta)):
        raise LogError(f"{path} is damaged: it does not say what it is; restore it from a backup")
    return meta


def digest_meta(meta: dict[str, str]) -> str:
    """SHA-256, in hexadecimal, of what a log says about itself."""
    about = {name: meta[name] for name in META_NAMES}
    return hashlib.sha256(msgspec.json.encode(about, order="sorted")).hexdigest()


def _schema(connection: apsw.Connection) -> list[Any]:
    return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2").fetchall()


@cache
def _schemas_of(version: int) -> list[list[Any]]:
    found = []
    for tables in TABLES_OF[version]:
        connection = apsw.Connection(":memory:")
        connection.execute(tables)
        found.append(_schema(connection))
    return found
