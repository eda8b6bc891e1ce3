"""Only the last image of a row is sealed and stored (末次映像), where nobody reads in between.

A row changes ten times in its life, and to seal it is what costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import Row
from kuaifan.store.connection import Line, Place
from kuaifan.store.group import RowBatch
from kuaifan.store.rows import RowEncoder


class LastImages:
    """The last image of each row that some records changed (末次映像).

    Entities are kept as they stand, and encoded when they are taken: nothing changes one but an
    event that names it, so that it is by then what its last record made of it. A rule that broke
    may have left them half changed, until they are `renewed` from a board that is whole.
    """

    def __init__(self, encoder: RowEncoder) -> None:
        self._encoder = encoder
        self._touches: list[Line] = []
        self._last: dict[Place, tuple[Record, Row]] = {}

    def __len__(self) -> int:
        return len(self._touches)

    def add(self, record: Record, rows: list[Row]) -> None:
        """Take in what the next record changed."""
        seq, last, touches = record.seq, self._last, self._touches
        for row in rows:
            last[row.table, row.row_id] = (record, row)
            touches.append((row.table, row.row_id, seq))

    def renew(self, rows_of: Callable[[Record], list[Row]]) -> None:
        """Take the entities from another board; what has left that board is as it left."""
        found: dict[int, dict[Place, Row]] = {}
        for place, (record, _) in list(self._last.items()):
            if record.seq not in found:
                found[record.seq] = {(row.table, row.row_id): row for row in rows_of(record)}
            if (row := found[record.seq].get(place)) is not None:
                self._last[place] = (record, row)

    def take(self) -> RowBatch:
        """Seal them, and begin anew."""
        batch = RowBatch()
        for record, row in self._last.values():
            for image in self._encoder.encode([row], record):
                batch.put(image)
        batch.touch(sorted(self._touches))
        self._touches, self._last = [], {}
        return batch


class ImagesThen(LastImages):
    """The last image of each row as its record left it, whatever has become of its entity since.

    What an entity was is kept as plain bytes, which cost a tenth of sealed ones.
    """

    def __init__(self, encoder: RowEncoder) -> None:
        super().__init__(encoder)
        self._decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}
        self._then: dict[Place, bytes] = {}

    def add(self, record: Record, rows: list[Row]) -> None:
        """Take in what the next record changed."""
        super().add(record, rows)
        for row in rows:
            if row.body is not None:
                self._then[row.table, row.row_id] = self._encoder.encode_plain(row.body)

    def take(self) -> RowBatch:
        """Seal them, and begin anew."""
        for place, (record, row) in self._last.items():
            if row.body is not None:
                body = self._decode(type(row.body), self._then[place])
                self._last[place] = (record, Row(row.table, row.row_id, row.scope, body))
        self._then = {}
        return super().take()

    def _decode(self, kind: type[Any], plain: bytes) -> Any:  # noqa: ANN401 - an entity
        if kind not in self._decoders:
            self._decoders[kind] = msgspec.json.Decoder(kind)
        return self._decoders[kind].decode(plain)
