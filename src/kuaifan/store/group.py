"""One group of items in one transaction (组提交): records, sightings, keys, rows, chain head.

Lines go in many at a time: each statement costs a journey, or a fight for the interpreter lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.connection import Connection, Line, Place
from kuaifan.store.epoch import check_epoch
from kuaifan.store.images import Item, RecordItem, RowImage, SightingItem
from kuaifan.store.keyring import OwnerKey
from kuaifan.store.keys_digest import KeyLine, store_change
from kuaifan.store.sender_keys import store_taken

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
    epoch; and where the database is gone or silent, which leaves open whether it was stored.
    """
    with connection.in_time(), connection.transaction():
        check_epoch(connection, head, epoch)
        new_head = _store(connection, chain, head, group)
        if keys:
            store_keys(connection, keys)
    return new_head


def _store(connection: Connection, chain: Chain, head: ChainHead, group: list[Item]) -> ChainHead:
    records: list[Line] = []
    sightings: list[Line] = []
    keyed: list[tuple[str, str, int]] = []
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
                keyed.append((record.actor, record.key, seq))
            rows.add(item.rows)
        elif isinstance(item, SightingItem):
            input_no, at_ms = item.input_no, item.at_ms
            chain.add_sighting(input_no, at_ms, item.actor, item.body)
            sightings.append((input_no, at_ms, item.actor, item.body))
    connection.insert("sightings", sightings)
    connection.insert("records", records)
    store_sender_keys(connection, keyed)
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
            self._touches.append((image.table, image.row_id, image.seq))
            self.put(image)

    def put(self, image: RowImage) -> None:
        """Take in an image alone."""
        place = (image.table, image.row_id)
        self._images[place] = image
        if image.lookups is not None:
            self._lookups[place] = image.lookups

    def touch(self, touches: list[Line]) -> None:
        """Take in which records changed which rows, as (table, row id, seq)."""
        self._touches += touches

    def store(self, connection: Connection) -> None:
        """Write them, in the transaction of their records."""
        connection.insert("touches", self._touches, UNLESS_THERE)
        _store_images(connection, self._images.values())
        _store_lookups(connection, self._lookups)


def store_keys(connection: Connection, keys: Sequence[OwnerKey]) -> None:
    """Write new owners' keys, with their digest."""
    lines: list[KeyLine] = [(k.key_no, k.owner, k.wrapped) for k in keys]
    connection.insert("owner_keys", lines)
    store_change(connection, added=lines)


def store_sender_keys(connection: Connection, keyed: list[tuple[str, str, int]]) -> None:
    """Write idempotency keys (actor, key, seq), each as its sender's own."""
    n_new = connection.insert_new("keys", [(key, seq) for _, key, seq in keyed])
    if n_new < len(keyed):
        store_taken(connection, keyed)


def _store_images(connection: Connection, images: Collection[RowImage]) -> None:
    kept: list[Line] = [
        (i.table, i.row_id, i.seq, i.jurisdiction, i.record_class, i.body)
        for i in images
        if i.body is not None
    ]
    connection.insert("rows", kept, OVER_ROW)
    connection.delete_places("rows", [(i.table, i.row_id) for i in images if i.body is None])


def _store_lookups(connection: Connection, lookups: dict[Place, Lookups]) -> None:
    connection.delete_places("lookups", list(lookups))
    lines = [(*place, *digest) for place, digests in lookups.items() for digest in digests]
    connection.insert("lookups", lines, UNLESS_THERE)
