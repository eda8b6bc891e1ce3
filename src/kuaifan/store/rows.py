"""Images of rows for the read tables (读表映像), sealed and with the digests that find them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import Row
from kuaifan.store.images import RowImage
from kuaifan.store.plans import find_plan, is_searchable
from kuaifan.store.sealing import Owners, Sealer


def encode_rows(sealer: Sealer, rows: list[Row], record: Record) -> list[RowImage]:
    """Encode rows as they are now: the entities behind them go on changing."""
    owners = Owners(f"input:{record.seq}", (*record.events, record.command))
    return [_encode_row(sealer, row, owners, record.seq) for row in rows]


def _encode_row(sealer: Sealer, row: Row, owners: Owners, seq: int) -> RowImage:
    body, scope, lookups = row.body, row.scope, None
    if body is not None and is_searchable(type(body)):
        lookups = tuple(_lookups(sealer, body, owners))
    return RowImage(
        row.table,
        row.row_id,
        seq,
        scope.jurisdiction,
        scope.record_class,
        None if body is None else sealer.encode_struct(body, owners),
        lookups,
    )


def _lookups(sealer: Sealer, value: Any, owners: Owners) -> Iterator[tuple[bytes, int]]:  # noqa: ANN401 - any field
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _lookups(sealer, item, owners)
        return
    plan = find_plan(type(value)) if isinstance(value, msgspec.Struct) else None
    if plan is None:
        return
    owners = owners.within(value)
    for name, mark in plan.marked:
        text = getattr(value, name)
        if mark.lookup and isinstance(text, str) and text and not is_erased(text):
            digest = sealer.find_digest(text, owners.owner(mark.noun))
            if digest is not None:
                yield digest
    for name in plan.nested:
        yield from _lookups(sealer, getattr(value, name), owners)
