"""Older logs brought up to the format of today (格式升级): in one transaction, at open for writing.

Readers take every format as it is. Nothing that the hash chain covers is ever touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import apsw
import msgspec

from kuaifan.store.connection import Connection
from kuaifan.store.keys_digest import NO_KEYS, store_change
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.migrations import FORMAT_VERSION, Dialect, list_migrations
from kuaifan.store.schema import META_DIGEST, apply_migration, digest_meta

PAGE: Final = 1_000


def upgrade(connection: Connection, dialect: Dialect, name: str, *, city_hash: str = "") -> None:
    """Bring a log that was found sound up to FORMAT_VERSION; cut short, it stays as it was.

    city_hash: what its city is called today, where the log may go by a former name; '' keeps it.
    Raises LogError where the disk refuses.
    """
    version = connection.read_format(name)
    with told_as_damage(name):
        _upgrade(connection, dialect, name, version=version, city_hash=city_hash)


def _upgrade(
    connection: Connection, dialect: Dialect, name: str, *, version: int, city_hash: str
) -> None:
    try:
        with connection.transaction():
            for migration in list_migrations(dialect):
                if migration.number > version:
                    apply_migration(connection, migration)
                    FILLINGS.get(migration.number, _nothing)(connection, city_hash)
    except (apsw.FullError, apsw.IOError, apsw.ReadOnlyError) as error:
        raise LogError(
            f"{name} cannot be brought up to log format {FORMAT_VERSION} ({error}) and is as it "
            "was; free space on its disk and start again"
        ) from None


def _nothing(_connection: Connection, _city_hash: str) -> None:
    """Most steps are their tables and no more."""


def _fill_2(connection: Connection, city_hash: str) -> None:
    """Index the touched rows, note the digests of keys and meta, name the city as today."""
    for place in list_touches(connection):
        connection.execute("INSERT INTO touches VALUES (?, ?, ?) ON CONFLICT DO NOTHING", place)
    connection.execute("INSERT INTO owner_keys_digest VALUES (1, 0, ?)", (NO_KEYS,))
    lines: Any = connection.execute("SELECT key_no, owner, wrapped FROM owner_keys")
    store_change(connection, added=lines)
    if city_hash:
        query = "UPDATE meta SET value = ? WHERE name = 'city_hash' AND value != ''"
        connection.execute(query, (city_hash,))
    meta: Any = connection.execute("SELECT name, value FROM meta").fetchall()
    connection.execute("INSERT INTO meta VALUES (?, ?)", (META_DIGEST, digest_meta(dict(meta))))


FILLINGS: Final = {2: _fill_2}
"""What has to be worked out of the log itself, by the number of the step."""


class _Named(msgspec.Struct):
    events: list[dict[str, Any]] = []


def list_touches(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """Yield (table, row id, seq) of each record with an event that names a row which stands.

    That is how the desk finds what to show again, but for papers that follow their incident: the
    story of an incident is read by the incident too, so nothing is missing from it.
    """
    tables: dict[str, list[str]] = {}
    for table, row_id in connection.execute("SELECT table_name, row_id FROM rows"):
        tables.setdefault(str(row_id), []).append(str(table))
    last = 0
    while page := _page(connection, last):
        for seq, body in page:
            last = seq
            for row_id in set(_named_ids(msgspec.json.decode(body, type=_Named))):
                yield from ((table, row_id, seq) for table in tables.get(row_id, ()))


def _page(connection: Connection, after_seq: int) -> list[Any]:
    query = "SELECT seq, body FROM records WHERE seq > ? ORDER BY seq LIMIT ?"
    return connection.execute(query, (after_seq, PAGE)).fetchall()


def _named_ids(record: _Named) -> Iterator[str]:
    for event in record.events:
        for name, value in event.items():
            if name.endswith("_id") and isinstance(value, str):
                yield value
