"""What a log says about itself (日志自述), checked at every open.

records and sightings are the truth and are covered by the hash chain; keys, rows, touches and
lookups are derived from them in the same transaction; owner_keys are what erasure destroys, and
owner_keys_digest is over all of them. touches says which records changed a row, so that the story
of one incident need not be searched. epoch says who may write. The tables are in migrations/.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from kuaifan.store.connection import Connection
from kuaifan.store.keys_digest import NO_KEYS
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.migrations import Dialect, Migration, list_migrations

META_NAMES = {"city_hash", "city_path", "created_at_ms", "hash_name", "key_check"}
SUITE_LINE = "suite"
"""Stands in a log that is not of the standard suite."""
META_DIGEST = "digest"
"""Since format 2: SHA-256 over the other lines of meta."""


def create_tables(connection: Connection, dialect: Dialect) -> None:
    """Make the tables of an empty log; within a transaction, so that a crash leaves nothing."""
    for migration in list_migrations(dialect):
        apply_migration(connection, migration)


def apply_migration(connection: Connection, migration: Migration) -> None:
    """Take one step, and record it."""
    connection.run_script(migration.script)
    connection.note_format(migration)


def fill_tables(connection: Connection, meta: dict[str, str]) -> None:
    """Write down what a new log is."""
    for line in sorted((meta | {META_DIGEST: digest_meta(meta)}).items()):
        connection.execute("INSERT INTO meta VALUES (?, ?)", line)
    connection.execute("INSERT INTO owner_keys_digest VALUES (1, 0, ?)", (NO_KEYS,))


def read_format(connection: Connection, name: str) -> int:
    """Return the format that a log is written in; raises LogError for none that we know."""
    return connection.read_format(name)


def read_meta(connection: Connection, name: str) -> dict[str, str]:
    """Return what a log says about itself; raises LogError for what is not a log of ours."""
    version = connection.read_format(name)
    with told_as_damage(name):
        if not connection.has_our_tables(version):
            raise LogError(f"{name} is damaged: its tables are not ours; restore it from a backup")
        lines: list[Any] = connection.execute("SELECT name, value FROM meta").fetchall()
    meta: dict[str, str] = dict(lines)
    are_texts = all(type(text) is str for line in lines for text in line)
    digest = meta.pop(META_DIGEST, None) if version > 1 else ""
    is_whole = are_texts and set(meta) - {SUITE_LINE} == META_NAMES
    if not is_whole or (version > 1 and digest != digest_meta(meta)):
        raise LogError(f"{name} is damaged: it does not say what it is; restore it from a backup")
    return meta


def digest_meta(meta: dict[str, str]) -> str:
    """SHA-256, in hexadecimal, of what a log says about itself."""
    about = {name: meta[name] for name in META_NAMES | (meta.keys() & {SUITE_LINE})}
    return hashlib.sha256(msgspec.json.encode(about, order="sorted")).hexdigest()
