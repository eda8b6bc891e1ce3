"""Images of rows for the read tables (读表映像), sealed and with the digests that find them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import Row
from kuaifan.store.images import RowImage
from kuaifan.store.plans import find_plan, is_searchable
from kuaifan.store.sealing import Owners, Sealer

MAX_REMEMBERED: Final = 20_000

Words = tuple[tuple[str, str], ...]


class RowEncoder:
    """Encodes rows as they are now: the entities behind them go on changing (读表编码).

    Remembers what each row could last be found by, since that hardly ever changes.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._last: dict[tuple[str, str], Words] = {}

    def encode(self, rows: list[Row], record: Record) -> list[RowImage]:
        """Encode the rows that a record changed."""
        owners = self._sealer.owners_of(record)
        return [self._encode_row(row, owners, record.seq) for row in rows]

    def encode_plain(self, body: msgspec.Struct) -> bytes:
        """What an entity is now, not sealed: for keeping in memory only."""
        return self._sealer.encode_plain(body)

    def forget(self) -> None:
        """Drop every remembered text: one of them has been erased."""
        self._last.clear()

    def _encode_row(self, row: Row, owners: Owners, seq: int) -> RowImage:
        body, scope = row.body, row.scope
        return RowImage(
            row.table,
            row.row_id,
            seq,
            scope.jurisdiction,
            scope.record_class,
            None if body is None else self._sealer.encode_struct(body, owners),
            self._find_lookups(row, owners),
        )

    def _find_lookups(self, row: Row, owners: Owners) -> tuple[tuple[bytes, int], ...] | None:
        """Return the digests of a row, or None where they are what they were."""
        place = (row.table, row.row_id)
        if row.body is None:
            self._last.pop(place, None)
            return ()
        if not is_searchable(type(row.body)):
            return None
        words = tuple(_words(row.body, owners))
        if self._last.get(place) == words:
            return None
        if len(self._last) >= MAX_REMEMBERED:
            self._last.clear()
        self._last[place] = words
        digests = (self._sealer.find_digest(text, owner) for owner, text in words)
        return tuple(digest for digest in digests if digest is not None)


def _words(value: Any, owners: Owners) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any field
    """Yield (owner, text) of every text marked for look-up, at any depth."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _words(item, owners)
        return
    plan = find_plan(type(value)) if isinstance(value, msgspec.Struct) else None
    if plan is None:
        return
    owners = owners.within(value)
    for name, mark in plan.marked:
        text = getattr(value, name)
        if mark.lookup and isinstance(text, str) and text and not is_erased(text):
            yield owners.owner(mark), text
    for name in plan.nested:
        yield from _words(getattr(value, name), owners)
