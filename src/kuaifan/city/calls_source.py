"""A source of calls as a table of text: CSV, plain or packed, with the line of every row."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kuaifan.city.calls import CallsError, reason_of
from kuaifan.city.calls_flags import BYTES_UNDECODABLE, COLUMNS_DIFFER, SPANS_LINES

if TYPE_CHECKING:
    from pathlib import Path

MAX_SOURCE_BYTES = 4 << 30
MAX_ROWS = 10_000_000
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".xz": lzma.decompress}


class SourceRow(NamedTuple):
    """One record: the line it starts on (the column names are line 1), its cells, its flags."""

    line: int
    cells: list[str]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The whole source: column names, records in file order, and what it was read from."""

    columns: tuple[str, ...]
    rows: list[SourceRow]
    n_blank_lines: int
    sha256: str


def read_source(path: Path, *, encoding: str, delimiter: str) -> SourceTable:
    """Read a CSV file; `.gz` and `.xz` are unpacked, a byte order mark is passed over.

    Bytes outside the encoding flag their row and stop nothing. Raises `CallsError` where the
    file cannot be opened, is cut short, or has no line of column names.
    """
    packed = _read_bytes(path)
    text = _decode(path, _unpack(path, packed), encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = _read_columns(path, reader, encoding)
    rows: list[SourceRow] = []
    n_blank, line = 0, reader.line_num + 1
    try:
        for cells in reader:
            if cells:
                rows.append(_row(line, reader.line_num, cells, len(columns)))
            n_blank += not cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise CallsError(
            f"{path} cannot be read from line {line} on ({error}); look there for an unclosed quote"
        ) from error
    if not rows or len(rows) > MAX_ROWS:
        raise CallsError(f"{path} holds {len(rows)} rows; between 1 and {MAX_ROWS} can be taken")
    return SourceTable(columns, rows, n_blank, hashlib.sha256(packed).hexdigest())


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_SOURCE_BYTES:
            raise CallsError(f"{path} is larger than {MAX_SOURCE_BYTES >> 30} GiB; cut it in parts")
        return path.read_bytes()
    except OSError as error:
        raise CallsError(f"cannot read {path}: {reason_of(error)}; name a CSV file") from error


def _unpack(path: Path, packed: bytes) -> bytes:
    unpack = UNPACKERS.get(path.suffix.lower())
    if unpack is None:
        return packed
    try:
        return unpack(packed)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise CallsError(
            f"{path} is damaged or cut short and cannot be unpacked ({error}); fetch it again"
        ) from error


def _decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, errors="surrogateescape").removeprefix("\ufeff")
    except (UnicodeError, LookupError) as error:
        raise CallsError(
            f'{path} cannot be read as "{encoding}" ({error}); state file.encoding in the mapping, '
            'such as "utf-8" or "gb18030"'
        ) from error


def _read_columns(path: Path, reader: Iterator[list[str]], encoding: str) -> tuple[str, ...]:
    try:
        names = next(reader, [])
    except csv.Error as error:
        raise CallsError(f"{path} has no line of column names ({error})") from error
    if not any(name.strip() for name in names):
        raise CallsError(f"{path} is empty or has no line of column names; name a CSV file")
    if any(_is_broken(name) for name in names):
        raise CallsError(
            f'{path} is not written in "{encoding}": its column names do not read; state '
            'file.encoding in the mapping, such as "gb18030"'
        )
    return tuple(name.strip() for name in names)


def _row(line: int, last_line: int, cells: list[str], n_columns: int) -> SourceRow:
    flags: list[str] = []
    if len(cells) != n_columns:
        flags.append(COLUMNS_DIFFER)
        cells = (cells + [""] * n_columns)[:n_columns]
    if last_line > line:
        flags.append(SPANS_LINES)
    if any(_is_broken(cell) for cell in cells):
        flags.append(BYTES_UNDECODABLE)
    return SourceRow(line, cells, tuple(flags))


def _is_broken(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= char <= "\udcff" for char in text)
