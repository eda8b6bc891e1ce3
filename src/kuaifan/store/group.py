"""One group of items in one transaction (组提交): records, sightings, keys, rows, chain head.

Rows go in many at a time in one statement: apsw lets go of the interpreter lock at each step of
a statement, and getting it back from a busy engine costs up to a switch interval. Measured with
a busy second thread: 64 rows a statement 64,000 records/s, one row a statement 25,000.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.connection import Connection, Value
from kuaifan.store.epoch import check_epoch
from kuaifan.store.images import Item, RecordItem, RowImage, SightingItem
from kuaifan.store.keyring import OwnerKey
from kuaifan.store.keys_digest import KeyLine, store_change

ROWS_PER_STATEMENT: Final = (256, 64, 16, 4, 1)

UNLESS_THERE: Final = "ON CONFLICT DO NOTHING"
OVER_ROW: Final = (
    "ON CONFLICT (table_name, row_id) DO UPDATE SET seq = excluded.seq, "
    "jurisdiction = excluded.jurisdiction, record_class = excluded.record_class, "
    "body = excluded.body"
)
OVER_HEAD: Final = (
    "ON CONFLICT (only_row) DO UPDATE SET seq = excluded.seq, input_no = excluded.input_no, "
    "at_ms = excluded.at_ms, hash = excluded.hash, tail = excluded.tail"
)

Line = tuple[Value, ...]
Place = tuple[str, str]
Lookups = tuple[tuple[bytes, int], ...]


def store_group(
    connection: Connection,
    chain: Chain,
    head: ChainHead,
    group: list[Item],
    *,
    keys: list[OwnerKey],
    epoch: int,
) -> ChainHead:
    """Store a group durably and return the new head; one of STORE_FAULTS: nothing is stored.

    Raises StorageError if somebody else has written to the log since `head`, or has begun another
    epoch; and where the database is gone, which leaves open whether the group was stored.
    """
    with connection.transaction():
        check_epoch(connection, head, epoch)
        new_head = _store(connection, chain, head, group)
        if keys:
            store_keys(connection, keys)
    return new_head


def _store(connection: Connection, chain: Chain, head: ChainHead, group: list[Item]) -> ChainHead:
    records: list[Line] = []
    sightings: list[Line] = []
    keys: list[Line] = []
    rows = RowBatch()
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
                keys.append((record.key, seq))
            rows.add(item.rows)
        elif isinstance(item, SightingItem):
            input_no, at_ms = item.input_no, item.at_ms
            chain.add_sighting(input_no, at_ms, item.actor, item.body)
            sightings.append((input_no, at_ms, item.actor, item.body))
    _insert(connection, "sightings", sightings)
    _insert(connection, "records", records)
    _insert(connection, "keys", keys, UNLESS_THERE)
    rows.store(connection)
    new_head = ChainHead(seq, input_no, at_ms, chain.last_hash, chain.tail_digest)
    write_chain_head(connection, new_head)
    return new_head


def write_chain_head(connection: Connection, head: ChainHead) -> None:
    """Note the head inside the log, in the transaction that moves it."""
    connection.execute(
        f"INSERT INTO chain_head VALUES (1, ?, ?, ?, ?, ?) {OVER_HEAD}",  # noqa: S608 - ours
        (head.seq, head.input_no, head.at_ms, head.hash, head.tail),
    )


def sync_to_disk(connection: Connection, chain: Chain, head: ChainHead, *, epoch: int) -> None:
    """Bring everything written so far to the disk itself, also what was written unsynced.

    The last commit syncs the WAL of SQLite, folding it back syncs the file. While a reader keeps
    it from being folded back the WAL counts, and has been synced.
    """
    connection.bring_to_disk()
    store_group(connection, chain, head, [], keys=[], epoch=epoch)
    connection.fold_back()


class RowBatch:
    """What some records changed of the read tables (读表批次): the last image of each row wins."""

    def __init__(self) -> None:
        self._images: dict[Place, RowImage] = {}
        self._lookups: dict[Place, Lookups] = {}
        self._touches: list[Line] = []

    def __len__(self) -> int:
        return len(self._touches)

    def add(self, images: Iterable[RowImage]) -> None:
        """Take in the images of the next record."""
        for image in images:
            place = (image.table, image.row_id)
            self._images[place] = image
            self._touches.append((*place, image.seq))
            if image.lookups is not None:
                self._lookups[place] = image.lookups

    def store(self, connection: Connection) -> None:
        """Write them, in the transaction of their records."""
        _insert(connection, "touches", self._touches, UNLESS_THERE)
        _store_images(connection, self._images.values())
        _store_lookups(connection, self._lookups)


def store_keys(connection: Connection, keys: Sequence[OwnerKey]) -> None:
    """Write new owners' keys, with their digest."""
    lines: list[KeyLine] = [(k.key_no, k.owner, k.wrapped) for k in keys]
    _insert(connection, "owner_keys", lines)
    store_change(connection, added=lines)


def _store_images(connection: Connection, images: Collection[RowImage]) -> None:
    kept: list[Line] = [
        (i.table, i.row_id, i.seq, i.jurisdiction, i.record_class, i.body)
        for i in images
        if i.body is not None
    ]
    _insert(connection, "rows", kept, OVER_ROW)
    _delete(connection, "rows", [(i.table, i.row_id) for i in images if i.body is None])


def _store_lookups(connection: Connection, lookups: dict[Place, Lookups]) -> None:
    _delete(connection, "lookups", list(lookups))
    lines = [(*place, *digest) for place, digests in lookups.items() for digest in digests]
    _insert(connection, "lookups", lines, UNLESS_THERE)


def _insert(connection: Connection, table: str, lines: Sequence[Line], else_do: str = "") -> None:
    """Insert lines of equal length; column order is that of the table."""
    for values, n_lines, n_columns in _chunks(lines):
        marks = _marks(n_lines, n_columns)
        connection.execute(f"INSERT INTO {table} VALUES {marks} {else_do}", values)  # noqa: S608 - our names


def _delete(connection: Connection, table: str, places: Sequence[Place]) -> None:
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
