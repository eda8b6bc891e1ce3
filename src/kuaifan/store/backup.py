"""Shipping a log to a backup (备份): what is new since last time, while the desk goes on writing.

One way for both databases: everything up to the head of a moment is read by number and appended,
after the chain was computed again over it, so that nothing damaged is ever shipped. Nothing is
locked meanwhile and the same folder takes the next pass, a second or a week later.
"""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from kuaifan.kernel.record import GENESIS_HASH
from kuaifan.kernel.whole_file import replace_file, sync_folder
from kuaifan.store.backup_accounts import EVERY_S, ship_accounts
from kuaifan.store.backup_checkpoints import ship_checkpoints
from kuaifan.store.backup_format import (
    BACKUP_FORMAT,
    BackupHeader,
    Line,
    Mark,
    SegmentStart,
    Shipped,
    header_path,
    list_files,
    numbered_path,
    read_header,
    read_start,
    shipped_path,
)
from kuaifan.store.backup_keys import KeyShipper
from kuaifan.store.backup_photos import ship_photos
from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.connections import WriterLock
from kuaifan.store.databases import open_log_reader
from kuaifan.store.export import RecordLine, SightingLine
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import read_format, read_meta

STRETCH: Final = 1_000
"""Records between two marks."""
SEGMENT_BYTES: Final = 64 << 20
OLDEST_FORMAT: Final = 2
"""Before it a log kept no digest of its owners' keys."""


class Shipper:
    """Ships one log to one folder (备份者); `ship` is one pass.

    Raises LogError for a folder that holds the backup of another log, or of this one before it
    was taken back; nothing is changed then.
    """

    def __init__(self, place: LogPlace, folder: Path) -> None:
        self._place, self._folder = place, folder
        self._connection = open_log_reader(place)
        self._lock: WriterLock | None = None
        try:
            meta = read_meta(self._connection, str(place))
            _require_format(read_format(self._connection, str(place)), str(place))
            _make_folders(folder)
            self._lock = WriterLock(header_path(folder))
            _claim(folder, meta, str(place))
            self._resume(meta["hash_name"])
            self._keys = KeyShipper(folder)
            self._photos_at_ns = self._checkpoints_at_ns = 0
            self._accounts_due_s = 0.0
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the folder and the log go."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def ship(self) -> Shipped:
        """Ship what the log has more than the folder; durable there when it returns.

        Sightings after the last record wait for the next one. Keys come first: no record is ever
        in the backup without the keys of its texts.
        """
        with told_as_damage(self._place):
            head = read_chain_head(self._connection)
            self._keys.ship(self._connection)
            if head.seq > self._last.seq:
                self._ship_records(head)
        self._photos_at_ns = ship_photos(
            files_of(self._place), self._folder, since_ns=self._photos_at_ns
        )
        self._checkpoints_at_ns = ship_checkpoints(
            files_of(self._place), self._folder, since_ns=self._checkpoints_at_ns
        )
        if time.monotonic() >= self._accounts_due_s:
            ship_accounts(files_of(self._place), self._folder)
            self._accounts_due_s = time.monotonic() + EVERY_S
        now_ms = time.time_ns() // 1_000_000
        shipped = Shipped(now_ms, self._last.seq, self._last.at_ms, self._last.hash)
        replace_file(shipped_path(self._folder), msgspec.json.encode(shipped) + b"\n")
        return shipped

    def _resume(self, hash_name: str) -> None:
        """Find the last mark, cut off what follows it, and check that the log has that record."""
        self._last, self._path = Mark(0, 0, 0, GENESIS_HASH.hex()), None
        self._number = 0
        for path in reversed(list_files(self._folder, "segments")):
            mark, n_bytes = _find_last_mark(path)
            if mark is not None:
                os.truncate(path, n_bytes)
                self._last, self._path, self._number = mark, path, int(path.stem)
                break
            path.unlink()  # its first stretch was never finished
        self._chain = Chain(hash_name, bytes.fromhex(self._last.hash))
        query = "SELECT hash FROM records WHERE seq = ?"
        found = self._connection.execute(query, (self._last.seq,)).fetchone()
        if self._last.seq and (found is None or found[0].hex() != self._last.hash):
            raise LogError(
                f"{self._folder} ends with a record {self._last.seq} that {self._place} does not "
                "have: it was taken back, or is another log; name a new folder"
            )

    def _ship_records(self, head: ChainHead) -> None:
        while self._last.seq < head.seq:
            with self._open_segment() as file:
                while self._last.seq < head.seq and file.tell() < SEGMENT_BYTES:
                    lines, mark = self._read_stretch(head.seq)
                    encoded = [msgspec.json.encode(line) for line in (*lines, mark)]
                    file.write(b"\n".join(encoded) + b"\n")
                    self._last = mark
                file.flush()
                os.fsync(file.fileno())

    def _open_segment(self) -> Any:  # noqa: ANN401 - a binary file
        """The segment to add to, a new one if the last is full."""
        if self._path is None or self._path.stat().st_size >= SEGMENT_BYTES:
            self._number += 1
            self._path = numbered_path(self._folder, "segments", self._number)
            start = SegmentStart(self._number, self._last.seq, self._last.hash)
            self._path.write_bytes(msgspec.json.encode(start) + b"\n")
            sync_folder(self._path.parent)
        return self._path.open("ab")

    def _read_stretch(self, until_seq: int) -> tuple[list[Line], Mark]:
        """The next records with the sightings before them, and the mark after them."""
        records = self._connection.execute(
            "SELECT input_no, 1, seq, at_ms, hash, body FROM records "
            "WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            (self._last.seq, until_seq, STRETCH),
        ).fetchall()
        sightings = self._connection.execute(
            "SELECT input_no, 0, at_ms, actor, body FROM sightings "
            "WHERE input_no > ? AND input_no <= ? ORDER BY input_no",
            (self._last.input_no, records[-1][0] if records else 0),
        )
        merged = heapq.merge(records, sightings, key=lambda line: (line[0], line[1]))
        lines = list(self._link(merged))
        if not lines:
            raise LogError(f"record {self._last.seq + 1} is missing: {_NOT_SHIPPED}")
        input_no, _, seq, at_ms, link, _ = records[-1]
        return lines, Mark(seq, input_no, at_ms, link.hex())

    def _link(self, merged: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
        """Compute the chain again over what is shipped."""
        seq = self._last.seq
        for line in merged:
            if not line[1]:
                input_no, _, at_ms, actor, body = line
                self._chain.add_sighting(input_no, at_ms, actor, body)
                yield SightingLine(input_no, at_ms, actor, body)
                continue
            *_, found_seq, _, link, body = line
            seq += 1
            if found_seq != seq:
                raise LogError(f"record {seq} is missing: {_NOT_SHIPPED}")
            if self._chain.add_record(body) != link:
                raise LogError(
                    f"record {seq}, or a sighting before it, is not what was written: "
                    f"{_NOT_SHIPPED}"
                )
            yield RecordLine(link.hex(), msgspec.Raw(body))


_NOT_SHIPPED: Final = "nothing more is shipped; run `kuaifan log verify`"


def _require_format(version: int, name: str) -> None:
    if version < OLDEST_FORMAT:
        raise LogError(f"{name} is of an older Kuaifan: serve it once, then back it up")


def _make_folders(folder: Path) -> None:
    try:
        for part in (folder, folder / "segments", folder / "keys"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LogError(
            f"{folder} cannot be written ({error.strerror}); choose another place"
        ) from None


def _claim(folder: Path, meta: dict[str, str], name: str) -> None:
    """Begin a backup in an empty folder, or find that it is one of this log."""
    if header_path(folder).exists():
        if read_header(folder).meta != meta:
            raise LogError(f"{folder} is the backup of another log than {name}; name a new folder")
        return
    if list_files(folder, "segments"):
        raise LogError(f"{folder} has lost its backup.json; name a new folder")
    header = BackupHeader(BACKUP_FORMAT, meta)
    replace_file(header_path(folder), msgspec.json.encode(header) + b"\n")


def _find_last_mark(path: Path) -> tuple[Mark | None, int]:
    """The last mark of a segment, and how many bytes end with it."""
    if read_start(path) is None:
        return None, 0
    last, n_bytes = None, 0
    with path.open("rb") as file:
        for line in file:
            n_bytes += len(line)
            if line.startswith(b'{"kind":"mark"') and line.endswith(b"\n"):
                last = (line, n_bytes)
    if last is None:
        return None, 0
    return msgspec.json.decode(last[0], type=Mark), last[1]
