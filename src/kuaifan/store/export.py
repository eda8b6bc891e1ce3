"""Export of a log as lines of JSON (导出): personal texts stay sealed, always.

The first line says what the file is; then records and sightings in the order of inputs. The export
holds the stored bytes and the hashes, so that its chain can be computed again elsewhere. There is
no way to open a whole log: a text is unmasked one at a time, by a logged input with a purpose.
"""

from __future__ import annotations

import contextlib
import heapq
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kuaifan.kernel.whole_file import take_place
from kuaifan.store.chain import ChainHead
from kuaifan.store.connection import Connection
from kuaifan.store.databases import open_log_reader
from kuaifan.store.head_file import head_path
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.master_key import default_key_path
from kuaifan.store.migrations import FORMAT_VERSION
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import SUITE_LINE, read_meta
from kuaifan.store.suite import STANDARD


class ExportHeader(msgspec.Struct, frozen=True):
    """The first line of an export (导出头); sealed: always, for whoever reads the file."""

    kuaifan_log: int
    city_hash: str
    hash_name: str
    seq: int
    head_hash: str
    suite: str
    sealed: bool = True


class RecordLine(msgspec.Struct, frozen=True, tag_field="kind", tag="record"):
    """A record of an export; hash: of the chain, in hexadecimal."""

    hash: str
    record: msgspec.Raw


class SightingLine(msgspec.Struct, frozen=True, tag_field="kind", tag="sighting"):
    """A sighting of an export; observation: stored MessagePack as base64."""

    input_no: int
    at_ms: int
    actor: str
    observation: bytes


def read_head(place: LogPlace) -> ChainHead:
    """Return how far a log has come; needs no key."""
    connection = open_log_reader(place)
    try:
        read_meta(connection, str(place))
        with told_as_damage(place):
            return read_chain_head(connection)
    finally:
        connection.close()


def export_log(place: LogPlace, target: Path, *, key_path: Path | None = None) -> int:
    """Write a log as JSON lines and return how many records; the target is whole or not there.

    Needs no key; key_path: only so that a key file elsewhere is not written over. The file is the
    owner's alone: places and times tell of people too.
    """
    if target.resolve() in _files_of(place, key_path):
        raise LogError(f"{target} belongs to the log itself; write the export to another file")
    draft = target.with_name(f"{target.name}.part")
    connection = open_log_reader(place)
    try:
        with told_as_damage(place):
            header = _header(connection, place)
            _write(draft, msgspec.json.encode(header), _lines(connection, header.seq))
        take_place(draft, target)
    except OSError as error:
        raise LogError(
            f"{target} cannot be written: {error.strerror}; choose another place"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
        connection.close()
    return header.seq


def _files_of(place: LogPlace, key_path: Path | None) -> set[Path]:
    path = files_of(place)
    beside = [Path(f"{path}{ending}") for ending in ("", "-wal", "-shm", ".lock")]
    found = [*beside, head_path(path), key_path or default_key_path(path)]
    return {file.resolve() for file in found}


def _header(connection: Connection, place: LogPlace) -> ExportHeader:
    meta, head = read_meta(connection, str(place)), read_chain_head(connection)
    return ExportHeader(
        kuaifan_log=FORMAT_VERSION,
        city_hash=meta["city_hash"],
        hash_name=meta["hash_name"],
        seq=head.seq,
        head_hash=head.hash.hex(),
        suite=meta.get(SUITE_LINE, STANDARD.name),
    )


def _lines(connection: Connection, seq: int) -> Iterator[bytes]:
    # A record that an observation caused comes after it: both have the same input number.
    records = connection.scan(
        "SELECT input_no, 1, hash, body FROM records WHERE seq <= ? ORDER BY seq", (seq,)
    )
    sightings = connection.scan(
        "SELECT input_no, 0, at_ms, actor, body FROM sightings ORDER BY input_no"
    )
    for line in heapq.merge(records, sightings, key=lambda line: (line[0], line[1])):
        yield msgspec.json.encode(_record_line(line) if line[1] else _sighting_line(line))


def _record_line(line: tuple[Any, ...]) -> RecordLine:
    _, _, link, body = line
    return RecordLine(link.hex(), msgspec.Raw(body))


def _sighting_line(line: tuple[Any, ...]) -> SightingLine:
    input_no, _, at_ms, actor, body = line
    return SightingLine(input_no, at_ms, actor, body)


def _write(draft: Path, header: bytes, lines: Iterator[bytes]) -> None:
    draft.unlink(missing_ok=True)  # what a killed export left, perhaps with another mode
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(header + b"\n")
        for line in lines:
            file.write(line + b"\n")
