"""The call file (来电文件): calls taken in from elsewhere, as JSON Lines; written and read here.

The first line is a `CallsHeader`, every further line one `CallRow`, sorted by
(`at_ms`, `source_row`). A file is written whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.whole_file import sync_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["CallCounts", "CallFile", "CallRow", "CallsError", "CallsHeader", "Remapping"]

KIND: Literal["kuaifan.calls"] = "kuaifan.calls"
VERSION: Literal[1] = 1


class CallsError(BadInputError):
    """A call file, its source or its mapping cannot be used; the text says why and what to do."""


class CallRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One call as it came in (来电): when, of what type, where.

    at_ms: UTC. lat, lon: WGS-84. source: one of `CALL_SOURCES`. source_row: the line of
    the source file, its column names being line 1. flags: what was mended, see `calls_flags`.
    service_ms: time at the scene, only where the source really records it.
    """

    call_id: str
    at_ms: int
    type_code: str
    lat: float
    lon: float
    source_row: int
    source: str = "110"
    zone: str = ""
    flags: tuple[str, ...] = ()
    service_ms: int | None = None


class CallCounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where every row of the source went: `read == taken + ignored + bad`.

    flagged: taken rows with at least one flag; by_flag may count one row several times.
    other_type: taken rows whose type is one of the "other" types.
    """

    read: int
    taken: int
    flagged: int
    ignored: int
    bad: int
    other_type: int
    blank_lines: int
    by_flag: dict[str, int]
    by_source: dict[str, int]
    ignored_by_reason: dict[str, int]
    bad_by_reason: dict[str, int]
    unmapped_codes: dict[str, int]


class Remapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How calls of one city were laid over the roads of another (移植).

    source_box, target_box: south, west, north, east of what was mapped onto what.
    far_share: part of the calls that were moved more than `far_m` to reach a road.
    """

    city: str
    method: str
    network_hash: str
    source_centre: tuple[float, float]
    source_box: tuple[float, float, float, float]
    target_box: tuple[float, float, float, float]
    snap_median_m: float
    snap_p90_m: float
    far_m: float
    far_share: float


class CallsHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file holds and how it was made; the same inputs give the same bytes."""

    kind: Literal["kuaifan.calls"] = KIND
    version: Literal[1] = VERSION
    name: str
    source: str
    source_sha256: str
    mapping: str
    mapping_sha256: str
    time_zone: str
    seed: int
    first_at_ms: int
    last_at_ms: int
    counts: CallCounts
    remapped_onto: Remapping | None = None


@dataclass(frozen=True, slots=True)
class CallFile:
    """A call file in memory: rows sorted by (at_ms, source_row)."""

    header: CallsHeader
    rows: list[CallRow]


def read_calls(path: Path, *, type_codes: Collection[str] | None = None) -> CallFile:
    """Read a call file written by `kuaifan import calls`.

    type_codes: the incident types in force; None accepts any. Raises `CallsError` naming the
    line where the file is not what its header says.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise CallsError(f"cannot read {path}: {reason_of(error)}; name a call file") from error
    header = _read_header(path, lines[0] if lines else b"")
    decoder = msgspec.json.Decoder(CallRow)
    rows = [_read_row(path, i, line, decoder) for i, line in enumerate(lines[1:], start=2)]
    if len(rows) != header.counts.taken:
        raise CallsError(
            f"{path} promises {header.counts.taken} calls and holds {len(rows)}: it was cut or "
            "edited; import the calls again"
        )
    _check_rows(path, rows, type_codes)
    return CallFile(header, rows)


def encode_calls(header: CallsHeader, rows: Iterable[CallRow]) -> bytes:
    """The bytes of a call file; the same header and rows give the same bytes."""
    encoder = msgspec.json.Encoder(order="deterministic")
    lines = [encoder.encode(header), *(encoder.encode(row) for row in rows)]
    return b"\n".join(lines) + b"\n"


def write_whole(files: dict[Path, bytes]) -> None:
    """Write every file or none: beside their places, to the disk, then under their names."""
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            staged[path] = Path(made)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(made).chmod(0o644)  # mkstemp gives 0600; a call file is read by others too
        for path, ready in staged.items():
            ready.replace(path)
            sync_folder(path.parent)
    except OSError as error:
        for ready in staged.values():
            ready.unlink(missing_ok=True)
        raise CallsError(
            f"cannot write {next(iter(files))}: {reason_of(error)}; nothing was written: free the "
            "disk or name another place"
        ) from error


def reason_of(error: OSError) -> str:
    """The operating system's reason in lower-case words, without its number and path."""
    return (error.strerror or str(error)).lower()


def _read_header(path: Path, line: bytes) -> CallsHeader:
    try:
        return msgspec.json.decode(line, type=CallsHeader)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CallsError(
            f"{path} is not a call file of version {VERSION}: its first line is not such a header "
            f"({error}); make one with `kuaifan import calls`"
        ) from error


def _read_row(
    path: Path, line_i: int, line: bytes, decoder: msgspec.json.Decoder[CallRow]
) -> CallRow:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CallsError(
            f"{path} line {line_i} is not a call: {error}; import the calls again"
        ) from error


def _check_rows(path: Path, rows: list[CallRow], type_codes: Collection[str] | None) -> None:
    seen: set[str] = set()
    before = (0, 0)
    for line_i, row in enumerate(rows, start=2):
        if type_codes is not None and row.type_code not in type_codes:
            raise CallsError(
                f"{path} line {line_i}: incident type {row.type_code} is not among the city's "
                "types; add it there or map the code to another type"
            )
        if row.call_id in seen:
            raise CallsError(f"{path} line {line_i}: call {row.call_id} stands there twice")
        if (row.at_ms, row.source_row) < before:
            raise CallsError(f"{path} line {line_i} is earlier than the line before it; sort it")
        seen.add(row.call_id)
        before = (row.at_ms, row.source_row)
