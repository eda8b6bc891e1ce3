"""One group of items in one transaction (组提交): records, sightings, keys, rows, chain head.

Rows go in many at a time in one statement: apsw lets go of the interpreter lock at each step of
a statement, and getting it back from a busy engine costs up to a switch interval. Measured with
a busy second thread: 64 rows a statement 64,000 records/s, one row a statement 25,000.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Final

import apsw

from kuaifan.kernel.journal import StorageError
from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.images import Item, RecordItem, RowImage, SightingItem
from kuaifan.store.keyring import OwnerKey
from kuaifan.store.keys_digest import KeyLine, store_change
from kuaifan.store.sender_keys import store_taken

ROWS_PER_STATEMENT: Final = (256, 64, 16, 4, 1)

Value = str | int | bytes | None
Line = tuple[Value, ...]
Place = tuple[str, str]
Lookups = tuple[tuple[bytes, int], ...]


def store_group(
    connection: apsw.Connection,
    chain: Chain,
    head: ChainHead,
    group: list[Item],
    keys: list[OwnerKey],
) -> ChainHead:
    """Store a group durably and return the new head; raises apsw.Error, and then nothing is stored.

    Raises StorageError if somebody else has written to the log since `head`.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        _check_fence(connection, head)
        new_head = _store(connection, chain, head, group)
        if keys:
            lines: list[KeyLine] = [(k.key_no, k.owner, k.wrapped) for k in keys]
            _insert(connection, "INSERT INTO owner_keys", lines)
            store_change(connection, added=lines)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return new_head


def _check_fence(connection: apsw.Connection, head: ChainHead) -> None:
    stored = connection.execute("SELECT seq, hash FROM chain_head").fetchone()
    if stored != (head.seq, head.hash):
        raise StorageError("somebody else has written to this log; open it again")


def _store(
    connection: apsw.Connection, chain: Chain, head: ChainHead, group: list[Item]
) -> ChainHead:
    records: list[Line] = []
    sightings: list[Line] = []
    keyed: list[tuple[str, str, int]] = []
    touches: list[Line] = []
    images: dict[Place, RowImage] = {}
    lookups: dict[Place, Lookups] = {}
    seq, input_no, at_ms = head.seq, head.input_no, head.at_ms
    for item in group:
        if isinstance(item, RecordItem):
            record, scope = item.record, item.record.scope
            seq, input_no, at_ms = record.seq, record.input_no, record.at_ms
            link = chain.add_record(item.body)
            records.append(
                (seq, input_no, at_ms, scope.jurisdiction, scope.record_class, item.body, link)
            )
            if record.key is not None:
                keyed.append((record.actor, record.key, seq))
            for image in item.rows:
                place = (image.table, image.row_id)
                images[place] = image
                touches.append((*place, seq))
                if image.lookups is not None:
                    lookups[place] = image.lookups
        elif isinstance(item, SightingItem):
            input_no, at_ms = item.input_no, item.at_ms
            chain.add_sighting(input_no, at_ms, item.actor, item.body)
            sightings.append((input_no, at_ms, item.actor, item.body))
    _insert(connection, "INSERT INTO sightings", sightings)
    _insert(connection, "INSERT INTO records", records)
    _store_keys(connection, keyed)
    _insert(connection, "INSERT OR IGNORE INTO touches", touches)
    _store_images(connection, images.values())
    _store_lookups(connection, lookups)
    new_head = ChainHead(seq, input_no, at_ms, chain.last_hash, chain.tail_digest)
    write_chain_head(connection, new_head)
    return new_head


def write_chain_head(connection: apsw.Connection, head: ChainHead) -> None:
    """Note the head inside the log, in the transaction that moves it."""
    connection.execute(
        "INSERT OR REPLACE INTO chain_head VALUES (1, ?, ?, ?, ?, ?)",
        (head.seq, head.input_no, head.at_ms, head.hash, head.tail),
    )


def sync_to_disk(connection: apsw.Connection, chain: Chain, head: ChainHead) -> None:
    """Bring everything written so far to the disk itself, also what was written unsynced.

    The last commit syncs the WAL, folding it back syncs the file. While a reader keeps it from
    being folded back the WAL counts, and has been synced.
    """
    connection.pragma("synchronous", "FULL")
    store_group(connection, chain, head, [], [])
    with contextlib.suppress(apsw.BusyError):
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def _store_keys(connection: apsw.Connection, keyed: list[tuple[str, str, int]]) -> None:
    n_before = connection.total_changes()
    _insert(connection, "INSERT OR IGNORE INTO keys", [(key, seq) for _, key, seq in keyed])
    if connection.total_changes() - n_before < len(keyed):
        store_taken(connection, keyed)


def _store_images(connection: apsw.Connection, images: Collection[RowImage]) -> None:
    kept: list[Line] = [
        (i.table, i.row_id, i.seq, i.jurisdiction, i.record_class, i.body)
        for i in images
        if i.body is not None
    ]
    _insert(connection, "INSERT OR REPLACE INTO rows", kept)
    _delete(connection, "rows", [(i.table, i.row_id) for i in images if i.body is None])


def _store_lookups(connection: apsw.Connection, lookups: dict[Place, Lookups]) -> None:
    _delete(connection, "lookups", list(lookups))
    lines = [(*place, *digest) for place, digests in lookups.items() for digest in digests]
    _insert(connection, "INSERT OR IGNORE INTO lookups", lines)


def _insert(connection: apsw.Connection, into: str, lines: Sequence[Line]) -> None:
    """Insert lines of equal length; column order is that of the table."""
    for values, n_lines, n_columns in _chunks(lines):
        connection.execute(f"{into} VALUES {_marks(n_lines, n_columns)}", values)


def _delete(connection: apsw.Connection, table: str, places: Sequence[Place]) -> None:
    for values, n_lines, n_columns in _chunks(places):
        found = f"(table_name, row_id) IN (VALUES {_marks(n_lines, n_columns)})"
        connection.execute(f"DELETE FROM {table} WHERE {found}", values)  # noqa: S608 - our names


def _chunks(lines: Sequence[Line]) -> Iterator[tuple[list[Value], int, int]]:
    """Yield the values of many lines at a time, with the number of lines and of columns."""
    start = 0
    for size in ROWS_PER_STATEMENT:
        while len(lines) - start >= size:
            values: list[Value] = []
            for line in lines[start : start + size]:
                values += line
            yield values, size, len(lines[start])
            start += size


@cache
def _marks(n_lines: int, n_columns: int) -> str:
    line = f"({', '.join('?' * n_columns)})"
    return ", ".join([line] * n_lines)
