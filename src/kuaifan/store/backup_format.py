"""What a backup of a log is made of (备份格式): segments that only grow, and the owners' keys.

`backup.json` says of which log; `segments/` hold records and sightings as stored, with the hashes
of the chain, each stretch closed by a mark: what follows the last mark was never finished and does
not count. `keys/` hold the owners' keys, wrapped by the master key, which is never here; one that
was destroyed is taken out of them too. `last.json` says how far the log was shipped, and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.store.export import RecordLine, SightingLine
from kuaifan.store.log_error import LogError

BACKUP_FORMAT: Final = 1


class BackupHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of which log a backup is (备份头); meta: what the log says about itself."""

    kuaifan_backup: int
    meta: dict[str, str]


class SegmentStart(msgspec.Struct, frozen=True, tag_field="kind", tag="segment"):
    """The first line of a segment (段首): what it goes on from."""

    number: int
    seq: int
    hash: str


class Mark(msgspec.Struct, frozen=True, tag_field="kind", tag="mark"):
    """Everything up to here is whole (段标); seq, at_ms, hash: of the last record."""

    seq: int
    input_no: int
    at_ms: int
    hash: str


class Shipped(msgspec.Struct, frozen=True):
    """How far a log was shipped, and when (备份进度)."""

    shipped_at_ms: int
    seq: int
    at_ms: int
    hash: str


class SavedKey(msgspec.Struct, frozen=True):
    """A line of owner_keys (所有者密钥); wrapped: None for one that was destroyed."""

    key_no: int
    owner: str
    wrapped: bytes | None


Line = RecordLine | SightingLine
AnyLine = RecordLine | SightingLine | SegmentStart | Mark
LINES: Final[msgspec.json.Decoder[AnyLine]] = msgspec.json.Decoder(AnyLine)


def header_path(folder: Path) -> Path:
    """Where a backup says of which log it is."""
    return folder / "backup.json"


def shipped_path(folder: Path) -> Path:
    """Where a backup says how far it has come."""
    return folder / "last.json"


def read_header(folder: Path) -> BackupHeader:
    """Read of which log a backup is; raises LogError for a folder that is none."""
    try:
        header = msgspec.json.decode(header_path(folder).read_bytes(), type=BackupHeader)
    except FileNotFoundError:
        raise LogError(
            f"{folder} is not a backup of a log; name the folder of `kuaifan backup`"
        ) from None
    except (OSError, msgspec.DecodeError) as error:
        raise LogError(f"{header_path(folder)} cannot be read ({error}); copy it again") from None
    if header.kuaifan_backup != BACKUP_FORMAT:
        raise LogError(
            f"{folder} has backup format {header.kuaifan_backup}, this Kuaifan knows "
            f"{BACKUP_FORMAT}; use the version that wrote it"
        )
    return header


def find_shipped(folder: Path) -> Shipped | None:
    """How far a backup has come; None where its first pass was never finished."""
    try:
        return msgspec.json.decode(shipped_path(folder).read_bytes(), type=Shipped)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise LogError(f"{shipped_path(folder)} cannot be read ({error}); copy it again") from None


def list_files(folder: Path, kind: str) -> list[Path]:
    """The numbered files of a kind, `segments` or `keys`, in order."""
    return sorted((folder / kind).glob("[0-9]*.jsonl"))


def numbered_path(folder: Path, kind: str, number: int) -> Path:
    """Where the file of a number lies."""
    return folder / kind / f"{number:06}.jsonl"


def read_stretches(path: Path) -> Iterator[tuple[list[Line], Mark]]:
    """Yield what each mark of a segment closes; what follows the last one is left out.

    Raises LogError for a line that does not read.
    """
    waiting: list[Line] = []
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            found = _decode(path, line)
            if isinstance(found, Mark):
                yield waiting, found
                waiting = []
            elif not isinstance(found, SegmentStart):
                waiting.append(found)


def read_start(path: Path) -> SegmentStart | None:
    """What a segment goes on from; None for one that was cut short before it said so."""
    with path.open("rb") as file:
        line = file.readline()
    if not line.endswith(b"\n"):
        return None
    found = _decode(path, line)
    if not isinstance(found, SegmentStart):
        raise LogError(f"{path} is damaged: it does not begin as a segment; copy it again")
    return found


def read_keys(path: Path) -> list[SavedKey]:
    """The keys of a file; a last line that was cut short was never finished and does not count."""
    whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
    try:
        return [msgspec.json.decode(line, type=SavedKey) for line in whole]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogError(f"{path} is damaged ({error}); copy it again") from None


def _decode(path: Path, line: bytes) -> AnyLine:
    try:
        return LINES.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogError(f"{path} is damaged ({error}); copy it again") from None
