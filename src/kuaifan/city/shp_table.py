"""Reads the lines and rows of a shapefile (图形与属性表), once sure that both are whole."""

import io
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.shp_files import ShpFiles

Floats = NDArray[np.float64]
_FILE_CODE = 9994
_HEADER = 100
_DBF_HEADER = 32
_WORD = 2
_LINE_TYPES = {0: "", 3: "PolyLine", 13: "PolyLineZ", 23: "PolyLineM"}
_TYPES = {1: "points", 5: "areas", 8: "points", 11: "points", 15: "areas", 18: "points",
          21: "points", 25: "areas", 28: "points", 31: "bodies"}  # fmt: skip
_AGAIN = "copy or export the shapefile again"
_LOSSLESS = "latin-1"
"""Read so, every byte is one character: the encoding is chosen afterwards, from the bytes."""


def read_lines(files: ShpFiles) -> list[list[Floats]]:
    """The lines of each row as (n, 2) arrays of x and y, as many as it has parts.

    Raises DamagedMapError if the .shp is cut, damaged or holds no lines.
    """
    n_rows = _check_shp(files)
    data = io.BytesIO(files.shp[: _declared_bytes(files.shp)])
    import shapefile

    try:
        with shapefile.Reader(shp=data) as reader:
            lines = [_parts(shape) for shape in reader.iterShapes()]
    except (*_PARSER_FAULTS, shapefile.ShapefileException) as error:
        raise DamagedMapError(f"{files.name} is damaged ({error}): {_AGAIN}") from error
    if len(lines) != n_rows:
        raise DamagedMapError(f"{files.name} is damaged: {_AGAIN}")
    return lines


# What the parser lets through from bytes that are not what they should be.
_PARSER_FAULTS = (struct.error, KeyError, ValueError, IndexError, OverflowError, AssertionError,
                  TypeError, EOFError)  # fmt: skip


def _parts(shape: object) -> list[Floats]:
    points = np.asarray([point[:2] for point in getattr(shape, "points", ())], np.float64)
    firsts = list(getattr(shape, "parts", ()))
    ends = [*firsts[1:], len(points)]
    return [points[first:end] for first, end in zip(firsts, ends, strict=True)]


def _declared_bytes(shp: bytes) -> int:
    return int.from_bytes(shp[24:28], "big") * _WORD


def _check_shp(files: ShpFiles) -> int:
    """Walk the records by their lengths; return how many there are."""
    shp = files.shp
    if not shp:
        raise DamagedMapError(f"{files.name} is empty: {_AGAIN}")
    if len(shp) < _HEADER or int.from_bytes(shp[:4], "big") != _FILE_CODE:
        raise DamagedMapError(f"{files.name} is no shapefile: {_AGAIN}")
    kind = int.from_bytes(shp[32:36], "little")
    if kind not in _LINE_TYPES:
        what = _TYPES.get(kind, f"shapes of type {kind}")
        raise DamagedMapError(f"{files.name} holds {what}, not lines: give the layer of roads")
    declared = _declared_bytes(shp)
    if len(shp) < declared:
        raise DamagedMapError(
            f"{files.name} is cut: it has {len(shp):,} of {declared:,} bytes: {_AGAIN}"
        )
    at, n_records = _HEADER, 0
    while at < declared:
        n_bytes = int.from_bytes(shp[at + 4 : at + 8], "big", signed=True) * _WORD
        if n_bytes < 4 or at + 8 + n_bytes > declared:  # noqa: PLR2004 - a record begins with its type
            raise DamagedMapError(f"{files.name} is damaged at its line {n_records + 1}: {_AGAIN}")
        at, n_records = at + 8 + n_bytes, n_records + 1
    if not n_records:
        raise DamagedMapError(f"{files.name} holds no lines: give another map")
    return n_records


def list_columns(files: ShpFiles) -> list[bytes]:
    """The names of the table's columns, as bytes. Raises DamagedMapError if the .dbf is damaged."""
    _check_dbf(files)
    with _reading_dbf(files) as reader:
        return [column.name.encode(_LOSSLESS) for column in reader.fields]


def read_rows(
    files: ShpFiles, columns: Sequence[bytes], n_rows: int
) -> list[tuple[bytes, ...] | None]:
    """The values of some columns, as bytes, row by row; None where a row is deleted.

    Raises DamagedMapError if the .dbf is damaged or has not a row for each of n_rows lines.
    """
    names = [column.decode(_LOSSLESS) for column in columns]
    with _reading_dbf(files) as reader:
        rows = [
            None if row is None else tuple(_to_bytes(row[name]) for name in names)
            for row in reader.iterRecords(fields=names, deleted_as_None=True)
        ]
    if len(rows) != n_rows:
        raise DamagedMapError(
            f"{files.name} has {n_rows:,} lines and its .dbf {len(rows):,} rows, so that the names "
            f"would go to the wrong streets: {_AGAIN}"
        )
    return rows


def _to_bytes(value: object) -> bytes:
    return b"" if value is None else str(value).encode(_LOSSLESS)


@contextmanager
def _reading_dbf(files: ShpFiles) -> Iterator[Any]:
    import shapefile

    try:
        with shapefile.Reader(dbf=io.BytesIO(files.dbf), encoding=_LOSSLESS) as reader:
            yield reader.dbf_reader
    except (*_PARSER_FAULTS, shapefile.ShapefileException) as error:
        raise _damaged_dbf(files, f"({error})") from error


def _check_dbf(files: ShpFiles) -> None:
    """See by its header that the table is as long as it says."""
    dbf = files.dbf
    if len(dbf) < _DBF_HEADER:
        raise _damaged_dbf(files, "(it is empty)" if not dbf else "(it is cut)")
    n_rows, header_bytes, row_bytes = struct.unpack_from("<LHH", dbf, 4)
    needed = header_bytes + n_rows * row_bytes
    if header_bytes <= _DBF_HEADER or not row_bytes or len(dbf) < needed:
        raise _damaged_dbf(files, f"(it has {len(dbf):,} of {needed:,} bytes)")


def _damaged_dbf(files: ShpFiles, what: str) -> DamagedMapError:
    return DamagedMapError(f"the .dbf of {files.name} is cut or damaged {what}: {_AGAIN}")
