"""Reads the last days of a log (回读日志), where an instant is known and no record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.kernel.record import Record
from kuaifan.store.reading import LogReader

MAX_READ_BACK: Final = 60_000
"""Records read at once: some seconds of one core; a longer period begins later, and says so."""


def read_back(reader: LogReader, since_ms: int, each: Callable[[Record], None]) -> int:
    """Hand over the records since an instant in order; returns from when they were read."""
    last_seq = reader.head().seq
    first_seq = max(_find_first(reader, since_ms, last_seq), last_seq - MAX_READ_BACK + 1)
    from_ms = since_ms
    for record in reader.read_records(after_seq=first_seq - 1):
        if record.seq == first_seq:
            from_ms = max(since_ms, record.at_ms)
        each(record)
    return from_ms


def _find_first(reader: LogReader, since_ms: int, last_seq: int) -> int:
    """Seq of the first record at or after an instant; records are in the order of time."""
    low, high = 1, last_seq + 1
    while low < high:
        middle = (low + high) // 2
        if reader.get_record(middle).at_ms < since_ms:
            low = middle + 1
        else:
            high = middle
    return low
