"""Only the last image of a row is sealed and stored (末次映像), where nobody reads in between.

An entity goes on changing, so what it was is kept as plain bytes, which cost a tenth of sealed
ones; a row changes ten times in its life.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import Row
from kuaifan.store.connection import Line, Place
from kuaifan.store.group import RowBatch
from kuaifan.store.rows import RowEncoder


class LastImages:
    """The last image of each row that some records changed (末次映像)."""

    def __init__(self, encoder: RowEncoder) -> None:
        self._encoder = encoder
        self._touches: list[Line] = []
        self._last: dict[Place, tuple[Record, Row, bytes]] = {}
        self._decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}

    def __len__(self) -> int:
        return len(self._touches)

    def add(self, record: Record, rows: list[Row]) -> None:
        """Take in what the next record changed."""
        for row in rows:
            plain = b"" if row.body is None else self._encoder.encode_plain(row.body)
            self._last[row.table, row.row_id] = (record, row, plain)
            self._touches.append((row.table, row.row_id, record.seq))

    def take(self) -> RowBatch:
        """Seal them, and begin anew."""
        batch = RowBatch()
        for record, row, plain in self._last.values():
            body = None if row.body is None else self._decode(type(row.body), plain)
            then = Row(row.table, row.row_id, row.scope, body)
            for image in self._encoder.encode([then], record):
                batch.put(image)
        batch.touch(sorted(self._touches))
        self._touches, self._last = [], {}
        return batch

    def _decode(self, kind: type[Any], plain: bytes) -> Any:  # noqa: ANN401 - an entity
        if kind not in self._decoders:
            self._decoders[kind] = msgspec.json.Decoder(kind)
        return self._decoders[kind].decode(plain)
