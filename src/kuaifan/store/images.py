"""What waits to be written (待写项): encoded and sealed already by the one who hands it in.

Entities behind rows are mutable and go on changing, so their images are bytes from the start;
the writer's thread only hashes and inserts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.connection import Connection


class RowImage(msgspec.Struct, frozen=True):
    """A read table's row at one record (读表映像); body None: the row is gone.

    lookups: (digest, key number) of each text that the row can be found by; None where they are
    the same as before.
    """

    table: str
    row_id: str
    seq: int
    jurisdiction: str
    record_class: str
    body: bytes | None
    lookups: tuple[tuple[bytes, int], ...] | None


class RecordItem(msgspec.Struct, frozen=True):
    """A record with the images of the rows it changed (待写记录)."""

    record: Record
    body: bytes
    rows: Sequence[RowImage]
    ticket: Ticket | None


class SightingItem(msgspec.Struct, frozen=True):
    """An observation in its place (待写观测)."""

    input_no: int
    at_ms: int
    actor: str
    body: bytes


class AnswerItem(msgspec.Struct, frozen=True):
    """A ticket that only waits for what was appended before it (待答)."""

    ticket: Ticket
    record: Record | None


class JobItem(msgspec.Struct, frozen=True):
    """Something rare to do on the writer's connection, between two groups (待办)."""

    run: Callable[[Connection], None]
    ticket: Ticket


Item = RecordItem | SightingItem | AnswerItem | JobItem
