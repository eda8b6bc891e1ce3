"""Older logs brought up to the format of today (格式升级): in one transaction, at open for writing.

Readers take every format as it is. Nothing that the hash chain covers is ever touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec

from kuaifan.store.connections import open_reader, open_writer
from kuaifan.store.keys_digest import NO_KEYS, store_change
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.schema import (
    FORMAT_VERSION,
    META_DIGEST,
    OWNER_KEYS_DIGEST,
    TOUCHES,
    digest_meta,
    read_format,
)

PAGE: Final = 1_000


def upgrade(path: Path, *, city_hash: str = "") -> None:
    """Bring a log that was found sound up to FORMAT_VERSION; cut short, it stays as it was.

    city_hash: what its city is called today, where the log may go by a former name; '' keeps it.
    Raises LogError where the disk refuses.
    """
    if _is_of_today(path):
        return
    connection = open_writer(path, synchronous="FULL")
    try:
        with told_as_damage(path):
            _upgrade(connection, path, city_hash)
    finally:
        connection.close()


def _is_of_today(path: Path) -> bool:
    connection = open_reader(path)
    try:
        return read_format(connection, str(path)) == FORMAT_VERSION
    finally:
        connection.close()


def _upgrade(connection: apsw.Connection, path: Path, city_hash: str) -> None:
    try:
        with connection:
            _from_1_to_2(connection, city_hash)
            connection.pragma("user_version", FORMAT_VERSION)
    except (apsw.FullError, apsw.IOError, apsw.ReadOnlyError) as error:
        raise LogError(
            f"{path} cannot be brought up to log format {FORMAT_VERSION} ({error}) and is as it "
            "was; free space on its disk and start again"
        ) from None


def _from_1_to_2(connection: apsw.Connection, city_hash: str) -> None:
    """Index the touched rows, note the digests of keys and meta, name the city as today."""
    connection.execute("DROP TABLE IF EXISTS touches")
    connection.execute(TOUCHES + OWNER_KEYS_DIGEST)
    connection.executemany(
        "INSERT OR IGNORE INTO touches VALUES (?, ?, ?)", list_touches(connection)
    )
    connection.execute("INSERT INTO owner_keys_digest VALUES (1, 0, ?)", (NO_KEYS,))
    lines: Any = connection.execute("SELECT key_no, owner, wrapped FROM owner_keys")
    store_change(connection, added=lines)
    if city_hash:
        query = "UPDATE meta SET value = ? WHERE name = 'city_hash' AND value != ''"
        connection.execute(query, (city_hash,))
    meta: Any = connection.execute("SELECT name, value FROM meta").fetchall()
    connection.execute("INSERT INTO meta VALUES (?, ?)", (META_DIGEST, digest_meta(dict(meta))))


class _Named(msgspec.Struct):
    events: list[dict[str, Any]] = []


def list_touches(connection: apsw.Connection) -> Iterator[tuple[str, str, int]]:
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


def _page(connection: apsw.Connection, after_seq: int) -> list[Any]:
    query = "SELECT seq, body FROM records WHERE seq > ? ORDER BY seq LIMIT ?"
    return connection.execute(query, (after_seq, PAGE)).fetchall()


def _named_ids(record: _Named) -> Iterator[str]:
    for event in record.events:
        for name, value in event.items():
            if name.endswith("_id") and isinstance(value, str):
                yield value
