"""Verification of a log (核验): the chain computed again from what is stored, without any key.

It speaks of what the log is kept for: records, sightings, idempotency keys, the owners' keys and
what the log says about itself. The read tables (rows, touches, lookups) are derived from the
records; the board never reads them back, and of them only the file's own structure is looked at.
A snapshot is a shortcut with a MAC of its own, passed over where that does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from kuaifan.kernel.record import Scope
from kuaifan.store.chain import RECORD_TYPES, SIGHTING_TYPES, Chain, ChainHead
from kuaifan.store.checkpoints import (
    Checkpoint,
    CheckpointWatch,
    checkpoints_path,
    list_checkpoints,
)
from kuaifan.store.connection import Connection
from kuaifan.store.databases import open_log_reader
from kuaifan.store.head_file import find_contradiction, find_mark, head_path, name_lost
from kuaifan.store.keys_digest import KeysDigest
from kuaifan.store.log_error import STORE_FAULTS, LogError
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import read_format, read_meta
from kuaifan.store.sender_keys import is_stored, names_of


class VerifyReport(msgspec.Struct, frozen=True):
    """What a verification found (核验结果).

    first_bad_seq: the first record that is not as it was written, counting the sightings before
    it; one more than the last record where only what follows it is wrong. head_hash: of the last
    good record, in hexadecimal. n_keys: owners' keys compared, erased ones too; None for a log of
    format 1, which kept no digest of them.
    """

    ok: bool
    n_records: int
    n_sightings: int
    first_bad_seq: int | None
    reason: str
    head_hash: str
    n_keys: int | None = None


def verify_log(place: LogPlace, *, anchor: Path | None = None) -> VerifyReport:
    """Compute the chain of a log again and compare; needs no key and writes nothing.

    anchor: a second place that knows the head.

    Raises LogError for a file that is no log at all. Reads the whole file once.
    """
    connection = open_log_reader(place)
    try:
        meta = read_meta(connection, str(place))
        version = read_format(connection, str(place))
        checkpoints = list_checkpoints(checkpoints_path(files_of(place)))
        walk = _Walk(connection, meta["hash_name"], checkpoints)
        reason, is_in_chain = _find_fault(
            connection, walk, [head_path(files_of(place)), *([] if anchor is None else [anchor])]
        )
        n_keys = None
        if not reason and version > 1:
            reason, n_keys = _check_owner_keys(connection)
    finally:
        connection.close()
    return VerifyReport(
        ok=not reason,
        n_records=walk.n_records,
        n_sightings=walk.n_sightings,
        first_bad_seq=walk.n_records + 1 if is_in_chain else None,
        reason=reason,
        head_hash=walk.head_hash,
        n_keys=n_keys,
    )


def _find_fault(connection: Connection, walk: _Walk, marks: list[Path]) -> tuple[str, bool]:
    """Return the first fault in words ('' for none), and whether it is one of the chain."""
    try:
        walk.run()
        walk.check_head(read_chain_head(connection))
        for mark in marks:
            walk.check_mark(mark)
        walk.check_keys()
    except _BadError as bad:
        return str(bad), True
    except (*STORE_FAULTS, UnicodeDecodeError) as error:
        return f"the file cannot be read beyond record {walk.n_records}: {error}", True
    except LogError as error:
        return str(error), False
    damage = connection.find_damage()
    return (f"the file is damaged: {damage}", False) if damage else ("", False)


def _check_owner_keys(connection: Connection) -> tuple[str, int | None]:
    """Compare the owners' keys with their digest: what is wrong, '' for nothing, and how many."""
    found, wrong = KeysDigest(), "the owners' keys are not those that were stored"
    try:
        noted = connection.execute("SELECT n_keys, digest FROM owner_keys_digest").fetchone()
        for line in connection.scan("SELECT key_no, owner, wrapped FROM owner_keys"):
            key_no, owner, wrapped = line
            if not isinstance(key_no, int) or not isinstance(owner, str):
                return f"{wrong}: key {key_no} has no owner", None
            if wrapped is not None and not isinstance(wrapped, bytes):
                return f"{wrong}: key {key_no} is no key", None
            found.add((key_no, owner, wrapped))
    except (*STORE_FAULTS, UnicodeDecodeError) as error:
        return f"{wrong}: they cannot be read ({error})", None
    if noted != (found.n_keys, found.digest):
        return f"{wrong}: texts sealed under them may be lost; restore the log from a backup", None
    return "", found.n_keys


class _Stored(msgspec.Struct, frozen=True):
    """What the columns of a record repeat of its body."""

    seq: int
    input_no: int
    at_ms: int
    scope: Scope
    actor: str
    key: str | None = None


class _BadError(Exception):
    """Carries the first finding out of the walk; never leaves this file."""


class _Walk:
    """Goes through a log once and remembers how far it held."""

    def __init__(
        self, connection: Connection, hash_name: str, checkpoints: list[Checkpoint]
    ) -> None:
        self._connection = connection
        self.chain = Chain(hash_name)
        self.n_records = self.n_sightings = self.n_keyed = self.input_no = self.at_ms = 0
        self.head_hash = self.chain.last_hash.hex()
        self._watch = CheckpointWatch(checkpoints)

    def run(self) -> None:
        """Follow the chain to the end; raises _BadError at the first thing that does not hold."""
        sightings = self._sightings()
        waiting = next(sightings, None)
        for line in self._records():
            input_no = line[1]
            while waiting is not None and waiting[0] <= input_no:
                self._take_sighting(waiting)
                waiting = next(sightings, None)
            self._take_record(line)
        while waiting is not None:
            self._take_sighting(waiting)
            waiting = next(sightings, None)

    def check_head(self, head: ChainHead) -> None:
        """Compare what was found with what the writer noted in the log."""
        found = ChainHead(
            self.n_records, self.input_no, self.at_ms, self.chain.last_hash, self.chain.tail_digest
        )
        if found.seq < head.seq:
            raise _BadError(f"the end is missing: {name_lost(found.seq, head.seq)}")
        if found != head:
            raise _BadError(f"the log does not end where its writer left it, at seq {head.seq}")

    def check_keys(self) -> None:
        """Compare the number of idempotency keys; each was looked up with its record."""
        (n_keys,) = self._connection.execute("SELECT count(*) FROM keys").fetchone()
        if n_keys != self.n_keyed:
            raise LogError(f"there are {n_keys} idempotency keys for {self.n_keyed} records")

    def check_mark(self, path: Path) -> None:
        """Compare with a head that was noted."""
        mark = find_mark(path)
        if mark is None:
            return
        query = "SELECT hash FROM records WHERE seq = ?"
        line = self._connection.execute(query, (mark.seq,)).fetchone()
        stored = line[0] if line else None
        trouble = find_contradiction(
            mark, seq=self.n_records, input_no=self.input_no, stored=stored
        )
        if trouble:
            raise _BadError(trouble)

    def _take_record(self, line: tuple[Any, ...]) -> None:
        seq, input_no, at_ms, jurisdiction, record_class, body, link = line
        if seq != self.n_records + 1:
            raise _BadError(f"record {self.n_records + 1} is missing")
        try:
            inside = msgspec.json.decode(body, type=_Stored)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise _BadError(f"record {seq} is not readable") from None
        if inside.seq != seq:
            raise _BadError(f"record {seq} holds what was written as record {inside.seq}")
        scope = Scope(jurisdiction, record_class)
        if inside != _Stored(seq, input_no, at_ms, scope, inside.actor, inside.key):
            raise _BadError(f"the columns of record {seq} differ from what it says itself")
        if self.chain.add_record(body) != link:
            raise _BadError(f"record {seq}, or a sighting before it, is not what was written")
        if fault := self._watch.find_fault(link):
            raise _BadError(fault)
        if inside.key is not None:
            self._check_key(names_of(inside.actor, inside.key), seq)
        self.n_records, self.head_hash = seq, link.hex()
        self.input_no, self.at_ms = input_no, at_ms

    def _check_key(self, names: tuple[str, str], seq: int) -> None:
        if not is_stored(self._connection, names, seq):
            raise _BadError(f"the idempotency key of record {seq} is not stored with it")
        self.n_keyed += 1

    def _take_sighting(self, line: tuple[Any, ...]) -> None:
        if tuple(map(type, line)) != SIGHTING_TYPES:
            raise _BadError(f"sighting {line[0]} is not readable")
        input_no, at_ms, actor, body = line
        self.chain.add_sighting(input_no, at_ms, actor, body)
        self.n_sightings += 1
        self.input_no, self.at_ms = input_no, at_ms

    def _records(self) -> Iterator[tuple[Any, ...]]:
        scope_texts = ", ".join(map(self._connection.raw_text, ("jurisdiction", "record_class")))
        query = f"SELECT seq, input_no, at_ms, {scope_texts}, body, hash FROM records ORDER BY seq"  # noqa: S608 - ours
        for seq, input_no, at_ms, *scope, body, link in self._connection.scan(query):
            line = (seq, input_no, at_ms, *map(_text, scope), body, link)
            if tuple(map(type, line)) != RECORD_TYPES:
                raise _BadError(f"record {self.n_records + 1} is not readable")
            yield line

    def _sightings(self) -> Iterator[tuple[Any, ...]]:
        actor_text = self._connection.raw_text("actor")
        query = f"SELECT input_no, at_ms, {actor_text}, body FROM sightings ORDER BY input_no"  # noqa: S608 - ours
        for input_no, at_ms, actor, body in self._connection.scan(query):
            yield (input_no, at_ms, _text(actor), body)


def _text(stored: Any) -> str | None:  # noqa: ANN401 - whatever a damaged file holds
    """Decode a text that was read as bytes, so that one that is none names its own record."""
    try:
        return stored.decode() if isinstance(stored, bytes) else stored
    except UnicodeDecodeError:
        return None
