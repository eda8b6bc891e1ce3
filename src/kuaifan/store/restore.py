"""Bringing a log back from its backup (恢复备份): into a new place, up to a record or an instant.

The chain is computed again over what is read, so that nothing is brought back that was not written.
Keys that were destroyed since the backup was made are left out: see erasure_register. The read
tables are not in a backup; they are made anew from the records.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.kernel.record import GENESIS_HASH, Scope
from kuaifan.store.backup_accounts import restore_accounts
from kuaifan.store.backup_checkpoints import restore_checkpoints
from kuaifan.store.backup_format import (
    Line,
    Mark,
    SavedKey,
    find_shipped,
    list_files,
    read_header,
    read_keys,
    read_start,
    read_stretches,
)
from kuaifan.store.backup_keys import backup_register
from kuaifan.store.backup_photos import restore_photos
from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.connection import Connection, Database
from kuaifan.store.connection import Line as Columns
from kuaifan.store.databases import database_at
from kuaifan.store.erasure_register import name_key, note_erased, read_register, register_path
from kuaifan.store.export import RecordLine
from kuaifan.store.group import store_sender_keys, write_chain_head
from kuaifan.store.head_file import head_path
from kuaifan.store.keys_digest import store_change
from kuaifan.store.log_error import LogError
from kuaifan.store.log_place import LogPlace
from kuaifan.store.master_key import default_key_path, load_key
from kuaifan.store.schema import fill_tables
from kuaifan.store.sealing import EXT_MARK, MARK

SEALED_UNDER: Final = re.compile(b"(?:%b|%b)([0-9]+):" % (re.escape(MARK), EXT_MARK))


class RestoreOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to bring back, and with what (恢复选项).

    key_path: of the master key, which is in no backup. to_seq, to_ms: the last record, or the last
    instant, to bring back; None for all. registers: of erasures, besides that of the backup.
    """

    key_path: Path
    to_seq: int | None = None
    to_ms: int | None = None
    registers: tuple[Path, ...] = ()


class RestoreReport(msgspec.Struct, frozen=True):
    """What was brought back (恢复结果); n_erased: keys left out because they were destroyed."""

    seq: int
    at_ms: int
    hash: str
    n_sightings: int
    n_keys: int
    n_erased: int
    n_photos: int


def restore_log(folder: Path, place: LogPlace, options: RestoreOptions) -> RestoreReport:
    """Bring a log back; raises LogError, and leaves nothing behind, where anything is in doubt."""
    header = read_header(folder)
    if load_key(options.key_path).check != header.meta["key_check"]:
        raise LogError(f"{options.key_path} is not the key of the log in {folder}; name that one")
    database = database_at(place)
    lock = database.lock(take_over_after_s=None)
    try:
        _require_new(database)
        return _restore(folder, database, header.meta, options)
    finally:
        lock.release()


def _require_new(database: Database) -> None:
    if not database.is_new():
        raise LogError(f"{database.name} holds a log; a backup is brought back to a new place only")
    for path in (head_path(database.files), default_key_path(database.files)):
        if path.exists():
            raise LogError(f"{path} is there already; a backup is brought back to a new place only")


def _restore(
    folder: Path, database: Database, meta: dict[str, str], options: RestoreOptions
) -> RestoreReport:
    files, walk = database.files, Walk(folder, meta["hash_name"], options)
    key_path = default_key_path(files)
    reports: list[RestoreReport] = []

    def fill(connection: Connection) -> None:
        reports.append(_fill(connection, walk, meta, options))

    _copy_key(options.key_path, key_path)
    try:
        database.make(fill)
    except BaseException:
        key_path.unlink()
        raise
    note_erased(register_path(files), walk.left_out)
    n_photos = restore_photos(folder, files)
    restore_accounts(folder, files)
    restore_checkpoints(folder, files, until_seq=reports[0].seq)
    return msgspec.structs.replace(reports[0], n_photos=n_photos)


def _copy_key(source: Path, target: Path) -> None:
    fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _fill(
    connection: Connection, walk: Walk, meta: dict[str, str], options: RestoreOptions
) -> RestoreReport:
    fill_tables(connection, meta)
    for stretch in walk.run():
        _store(connection, stretch)
    head = ChainHead(
        walk.seq, walk.input_no, walk.at_ms, walk.chain.last_hash, walk.chain.tail_digest
    )
    write_chain_head(connection, head)
    keys = list(walk.list_keys(_read_registers(walk.folder, options.registers)))
    lines = [(key.key_no, key.owner, key.wrapped) for key in keys]
    connection.insert("owner_keys", [line for line in lines if line[2] is not None])
    connection.insert("owner_keys", [line for line in lines if line[2] is None])
    store_change(connection, added=lines)
    return RestoreReport(
        seq=walk.seq,
        at_ms=walk.at_ms,
        hash=walk.chain.last_hash.hex(),
        n_sightings=walk.n_sightings,
        n_keys=len(keys),
        n_erased=sum(key.wrapped is None for key in keys),
        n_photos=0,
    )


class _Inside(msgspec.Struct, frozen=True):
    """What the columns of a record repeat of its body."""

    seq: int
    input_no: int
    at_ms: int
    scope: Scope
    actor: str
    key: str | None = None


class _Stretch(msgspec.Struct):
    """Lines for the tables of a log, by table."""

    records: list[Columns] = []
    sightings: list[Columns] = []
    keyed: list[tuple[str, str, int]] = []


def _store(connection: Connection, stretch: _Stretch) -> None:
    connection.insert("sightings", stretch.sightings)
    connection.insert("records", stretch.records)
    store_sender_keys(connection, stretch.keyed)


class Walk:
    """Goes through a backup once, from the first segment on (备份核对).

    left_out: (owner, wrapped) of keys that stand in the backup and were destroyed since.
    """

    def __init__(self, folder: Path, hash_name: str, options: RestoreOptions) -> None:
        self.folder, self._options = folder, options
        self.chain = Chain(hash_name)
        self.seq = self.input_no = self.at_ms = self.n_sightings = 0
        self.left_out: list[tuple[str, bytes]] = []
        self._last_key_no = 0
        self._is_cut = options.to_seq is not None or options.to_ms is not None

    def run(self) -> Iterator[_Stretch]:
        """Yield what goes into the tables; raises LogError at the first thing that is wrong."""
        for number, path in enumerate(list_files(self.folder, "segments"), 1):
            start = read_start(path)
            if start is None:
                continue
            if (start.number, start.seq, start.hash) != (number, self.seq, self._last_hash):
                raise LogError(
                    f"{self.folder}: segment {number}, which goes on after record {self.seq}, is "
                    "missing or another one; copy it again"
                )
            for lines, mark in read_stretches(path):
                stretch, is_end = self._take(lines)
                yield stretch
                if is_end:
                    return
                self._check_mark(mark)
        self._check_end()

    def list_keys(self, register: dict[str, str]) -> Iterator[SavedKey]:
        """The keys to bring back, without those of the register.

        Of a log that is cut short only the keys of what is in it: an owner that comes to bear the
        same name later is somebody else.
        """
        for path in list_files(self.folder, "keys"):
            for key in read_keys(path):
                if self._is_cut and key.key_no > self._last_key_no:
                    return
                if key.wrapped is not None and name_key(key.wrapped) in register:
                    self.left_out.append((key.owner, key.wrapped))
                    yield SavedKey(key.key_no, key.owner, None)
                else:
                    yield key

    @property
    def _last_hash(self) -> str:
        return (self.chain.last_hash if self.seq else GENESIS_HASH).hex()

    def _take(self, lines: list[Line]) -> tuple[_Stretch, bool]:
        """Link lines up to where the log is to end; whether that was there."""
        stretch, waiting = _Stretch([], [], []), list[Columns]()
        for line in lines:
            if not isinstance(line, RecordLine):
                waiting.append((line.input_no, line.at_ms, line.actor, line.observation))
                continue
            inside = msgspec.json.decode(line.record, type=_Inside)
            if self._is_beyond(inside):
                return stretch, True
            self._link(line, inside, waiting)
            stretch.sightings += waiting
            scope = inside.scope
            columns = (scope.jurisdiction, scope.record_class, bytes(line.record))
            link = bytes.fromhex(line.hash)
            stretch.records.append((inside.seq, inside.input_no, inside.at_ms, *columns, link))
            if inside.key is not None:
                stretch.keyed.append((inside.actor, inside.key, inside.seq))
            waiting = []
        return stretch, self.seq == self._options.to_seq

    def _is_beyond(self, inside: _Inside) -> bool:
        to_seq, to_ms = self._options.to_seq, self._options.to_ms
        return (to_seq is not None and inside.seq > to_seq) or (
            to_ms is not None and inside.at_ms > to_ms
        )

    def _link(self, line: RecordLine, inside: _Inside, sightings: list[Columns]) -> None:
        body = bytes(line.record)
        for sighting in sightings:
            self.chain.add_sighting(*sighting)  # type: ignore[arg-type]
            self._note_keys(sighting[3])  # type: ignore[arg-type]
        if inside.seq != self.seq + 1:
            raise LogError(f"{self.folder}: record {self.seq + 1} is missing; copy it again")
        if self.chain.add_record(body).hex() != line.hash:
            raise LogError(
                f"{self.folder}: record {inside.seq}, or a sighting before it, is not what was "
                f"shipped; copy it again, or restore with --to-seq {self.seq}"
            )
        self._note_keys(body)
        self.seq, self.input_no, self.at_ms = inside.seq, inside.input_no, inside.at_ms
        self.n_sightings += len(sightings)

    def _note_keys(self, body: bytes) -> None:
        for found in SEALED_UNDER.finditer(body):
            self._last_key_no = max(self._last_key_no, int(found[1]))

    def _check_mark(self, mark: Mark) -> None:
        if (mark.seq, mark.hash) != (self.seq, self._last_hash):
            raise LogError(f"{self.folder}: record {self.seq + 1} is missing; copy it again")

    def _check_end(self) -> None:
        shipped, to_seq = find_shipped(self.folder), self._options.to_seq
        if to_seq is not None and self.seq < to_seq:
            raise LogError(f"{self.folder} ends with record {self.seq}; there is no {to_seq} in it")
        if shipped is not None and self.seq < shipped.seq:
            raise LogError(
                f"{self.folder}: records {self.seq + 1} to {shipped.seq} were shipped and are "
                f"missing; copy them again, or restore with --to-seq {self.seq}"
            )


def _read_registers(folder: Path, others: tuple[Path, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (backup_register(folder), *others):
        with contextlib.suppress(FileNotFoundError):
            found |= read_register(path)
    return found
