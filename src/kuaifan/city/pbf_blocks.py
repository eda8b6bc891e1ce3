"""Walks the blocks of an OSM PBF file and says where the file was cut.

Layout (https://wiki.openstreetmap.org/wiki/PBF_Format): each block is a 4-byte big-endian
length, a protobuf `BlobHeader` (1 type, 3 datasize) and a `Blob` of `datasize` bytes. Nothing is
decompressed here, so a walk costs two small reads a block.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kuaifan.kernel.errors import BadInputError

MAX_HEADER_BYTES = 64 * 1024
MAX_BLOB_BYTES = 32 * 1024 * 1024
_TYPE_FIELD = 1
_SIZE_FIELD = 3
_VARINT, _BYTES = 0, 2
_MAX_VARINT_BITS = 63


class DamagedMapError(BadInputError):
    """A map file that is cut, damaged or not what its name says."""


@dataclass(frozen=True, slots=True)
class PbfBlock:
    """One block: its type word and where it lies in the file."""

    kind: str
    start: int
    n_bytes: int


def list_blocks(path: Path) -> list[PbfBlock]:
    """List every block of the file, in order.

    Raises DamagedMapError if the file is no OSM PBF or ends in the middle of a block.
    """
    n_bytes = path.stat().st_size
    blocks: list[PbfBlock] = []
    start = 0
    with path.open("rb") as file:
        while start < n_bytes:
            block = _read_block(file, path, start=start, block_i=len(blocks))
            end = start + block.n_bytes
            if end > n_bytes:
                raise _cut(path, block_i=len(blocks), missing=end - n_bytes)
            blocks.append(block)
            start = end
            file.seek(start)
    if not blocks:
        raise DamagedMapError(f"{path} is empty: download the map again")
    return blocks


def _read_block(file: BinaryIO, path: Path, *, start: int, block_i: int) -> PbfBlock:
    head = file.read(4)
    if len(head) < 4:  # noqa: PLR2004 - the four length bytes of the format
        raise _cut(path, block_i=block_i, missing=4 - len(head))
    n_header = int.from_bytes(head, "big")
    if not 0 < n_header <= MAX_HEADER_BYTES:
        raise _strange(path, block_i)
    header = file.read(n_header)
    if len(header) < n_header:
        if block_i == 0:
            raise _strange(path, block_i)
        raise _cut(path, block_i=block_i, missing=n_header - len(header))
    try:
        kind, n_blob = _parse_blob_header(header)
    except (IndexError, ValueError):
        raise _strange(path, block_i) from None
    if n_blob > MAX_BLOB_BYTES or (block_i == 0 and kind != "OSMHeader"):
        raise _strange(path, block_i)
    return PbfBlock(kind, start, 4 + n_header + n_blob)


def _parse_blob_header(header: bytes) -> tuple[str, int]:
    """Read `type` and `datasize` out of a BlobHeader; IndexError or ValueError when it is none."""
    kind, n_blob, at = "", -1, 0
    while at < len(header):
        key, at = _varint(header, at)
        field, wire = key >> 3, key & 7
        value, at = _varint(header, at)
        if wire == _BYTES:
            if at + value > len(header):
                raise IndexError(field)
            if field == _TYPE_FIELD:
                kind = header[at : at + value].decode("ascii")
            at += value
        elif wire != _VARINT:
            raise ValueError(wire)
        elif field == _SIZE_FIELD:
            n_blob = value
    if not kind or n_blob < 0:
        raise ValueError(kind)
    return kind, n_blob


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the continuation bit of a protobuf varint
            return value, at
        shift += 7
        if shift > _MAX_VARINT_BITS:
            raise ValueError(value)


def _cut(path: Path, *, block_i: int, missing: int) -> DamagedMapError:
    if block_i == 0:
        return _strange(path, block_i)
    return DamagedMapError(
        f"{path} is cut in the middle of block {block_i + 1}: at least {missing:,} bytes are "
        "missing at the end; download the map again and compare its size or checksum"
    )


def _strange(path: Path, block_i: int) -> DamagedMapError:
    if block_i == 0:
        return DamagedMapError(
            f"{path} is not an OSM PBF map (it does not begin with an OSMHeader block, or is cut "
            "inside it): give a file that ends in .osm.pbf, or download it again"
        )
    return DamagedMapError(
        f"{path} is damaged at block {block_i + 1}: no block begins there; download the map again"
    )
