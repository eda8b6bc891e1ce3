"""Export of a log as lines of JSON (导出): sealed unless a purpose says otherwise.

The first line says what the file is; then records and sightings in the order of inputs. A sealed
export holds the stored bytes and the hashes, so that its chain can be computed again elsewhere.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.store.chain import ChainHead
from kuaifan.store.connections import open_reader
from kuaifan.store.keyring import KeyRing
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.master_key import default_key_path, load_key
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import FORMAT_VERSION, read_meta
from kuaifan.store.sealing import Sealer


class ExportHeader(msgspec.Struct, frozen=True):
    """The first line of an export (导出头)."""

    kuaifan_log: int
    city_hash: str
    hash_name: str
    seq: int
    head_hash: str
    sealed: bool
    purpose: str


class RecordLine(msgspec.Struct, frozen=True, tag_field="kind", tag="record"):
    """A record of an export; hash: of the chain, in hexadecimal."""

    hash: str
    record: msgspec.Raw


class SightingLine(msgspec.Struct, frozen=True, tag_field="kind", tag="sighting"):
    """A sighting of an export; observation: stored MessagePack as base64, or opened as JSON."""

    input_no: int
    at_ms: int
    actor: str
    observation: Any


def read_head(path: Path) -> ChainHead:
    """Return how far a log has come; needs no key."""
    connection = open_reader(path)
    try:
        read_meta(connection, str(path))
        with told_as_damage(path):
            return read_chain_head(connection)
    finally:
        connection.close()


def export_log(
    path: Path,
    target: Path,
    *,
    unsealed: bool = False,
    purpose: str = "",
    key_path: Path | None = None,
) -> int:
    """Write a log as JSON lines and return how many records; the target is whole or not there.

    unsealed: with personal texts in clear; needs the key file and a purpose, which the file
    carries. The one who asks for it logs the reading as an input first.
    """
    if unsealed and not purpose.strip():
        raise LogError("an unsealed export needs a purpose; say what the data is for")
    draft = target.with_name(f"{target.name}.part")
    connection = open_reader(path)
    try:
        with told_as_damage(path):
            header = _header(connection, path, sealed=not unsealed, purpose=purpose)
            opening = _Opening(path, key_path) if unsealed else None
            try:
                _write(draft, msgspec.json.encode(header), _lines(connection, header.seq, opening))
            finally:
                if opening is not None:
                    opening.close()
        draft.replace(target)
    except OSError as error:
        raise LogError(
            f"{target} cannot be written: {error.strerror}; choose another place"
        ) from None
    finally:
        draft.unlink(missing_ok=True)
        connection.close()
    return header.seq


class _Opening:
    """What opens sealed texts without knowing the vocabulary."""

    def __init__(self, path: Path, key_path: Path | None) -> None:
        master = load_key(key_path or default_key_path(path))
        self._ring = KeyRing(open_reader(path), lambda: master)
        self._sealer = Sealer(Codec([], []), self._ring)

    def close(self) -> None:
        self._ring.close()

    def record(self, stored: bytes) -> bytes:
        return self._sealer.open_json(stored)

    def sighting(self, stored: bytes) -> Any:  # noqa: ANN401 - whatever was observed
        return msgspec.msgpack.decode(self._sealer.open_sighting(stored))


def _header(connection: apsw.Connection, path: Path, *, sealed: bool, purpose: str) -> ExportHeader:
    meta, head = read_meta(connection, str(path)), read_chain_head(connection)
    return ExportHeader(
        kuaifan_log=FORMAT_VERSION,
        city_hash=meta["city_hash"],
        hash_name=meta["hash_name"],
        seq=head.seq,
        head_hash=head.hash.hex(),
        sealed=sealed,
        purpose=purpose,
    )


def _lines(connection: apsw.Connection, seq: int, opening: _Opening | None) -> Iterator[bytes]:
    # A record that an observation caused comes after it: both have the same input number.
    records = connection.execute(
        "SELECT input_no, 1, hash, body FROM records WHERE seq <= ? ORDER BY seq", (seq,)
    )
    sightings = connection.execute(
        "SELECT input_no, 0, at_ms, actor, body FROM sightings ORDER BY input_no"
    )
    for line in heapq.merge(records, sightings, key=lambda line: (line[0], line[1])):
        yield msgspec.json.encode(
            _record_line(line, opening) if line[1] else _sighting_line(line, opening)
        )


def _record_line(line: tuple[Any, ...], opening: _Opening | None) -> RecordLine:
    _, _, link, body = line
    return RecordLine(link.hex(), msgspec.Raw(opening.record(body) if opening else body))


def _sighting_line(line: tuple[Any, ...], opening: _Opening | None) -> SightingLine:
    input_no, _, at_ms, actor, body = line
    return SightingLine(input_no, at_ms, actor, opening.sighting(body) if opening else body)


def _write(draft: Path, header: bytes, lines: Iterator[bytes]) -> None:
    with draft.open("wb") as file:
        file.write(header + b"\n")
        for line in lines:
            file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
