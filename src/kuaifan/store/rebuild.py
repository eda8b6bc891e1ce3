"""The read tables made anew from the records (重建读表): what is derived can be dropped.

Records are folded, never decided again; each row is written as the board had it at its record, and
sealed again. Records, sightings, keys and snapshots are not touched, so the chain stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import msgspec

from kuaifan.kernel.engine import fold_item
from kuaifan.kernel.journal import State
from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import BoardLike, Row, Rulebook
from kuaifan.store.connection import Connection
from kuaifan.store.group import store_keys
from kuaifan.store.keyring import KeyRing
from kuaifan.store.last_images import ImagesThen
from kuaifan.store.reading import LogReader
from kuaifan.store.rows import RowEncoder

B = TypeVar("B", bound=BoardLike)
AT_ONCE: Final = 50_000
"""Changes of rows that are stored in one go; some tens of megabytes."""
READ_TABLES: Final = ("rows", "touches", "lookups")


class RebuildReport(msgspec.Struct, frozen=True):
    """What a rebuilding did (重建结果)."""

    n_records: int
    n_images: int
    n_rows: int


def list_images(
    log: LogReader, rules: Rulebook[B], new_board: Callable[[], B]
) -> Iterator[tuple[Record, list[Row]]]:
    """Yield each record with the rows that it changed, as the board was then."""
    state = State(new_board())
    for item in log.read_items():
        fold_item(state, rules, item)
        if isinstance(item, Record):
            yield item, [] if item.fault is not None else rules.rows_of(state.board, item)


def rebuild(
    connection: Connection,
    changes: Iterator[tuple[Record, list[Row]]],
    encoder: RowEncoder,
    ring: KeyRing,
) -> RebuildReport:
    """Drop the read tables and fill them, in one transaction; on the connection of the writer."""
    n_records = n_images = 0
    with connection.transaction():
        for table in READ_TABLES:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
        waiting = ImagesThen(encoder)
        for record, rows in changes:
            waiting.add(record, rows)
            n_records += 1
            if len(waiting) >= AT_ONCE:
                n_images += len(waiting)
                waiting.take().store(connection)
        n_images += len(waiting)
        waiting.take().store(connection)
        keys = ring.list_fresh()
        if keys:
            store_keys(connection, keys)
        found: Any = connection.execute("SELECT count(*) FROM rows").fetchone()
    ring.settle(keys)
    return RebuildReport(n_records, n_images, found[0])
