"""Verification of a log (核验): the chain computed again from what is stored, without any key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec

from kuaifan.kernel.record import Scope
from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.connections import open_reader
from kuaifan.store.head_file import find_contradiction, find_head
from kuaifan.store.log_error import LogError
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import read_meta


class VerifyReport(msgspec.Struct, frozen=True):
    """What a verification found (核验结果).

    first_bad_seq: the first record that is not as it was written, counting the sightings before
    it; one more than the last record where only what follows it is wrong. head_hash: of the last
    good record, in hexadecimal.
    """

    ok: bool
    n_records: int
    n_sightings: int
    first_bad_seq: int | None
    reason: str
    head_hash: str


def verify_log(path: Path) -> VerifyReport:
    """Compute the chain of a log again and compare; needs no key and writes nothing.

    Raises LogError for a file that is no log at all. Reads the whole file once.
    """
    connection = open_reader(path)
    try:
        meta = read_meta(connection, str(path))
        walk = _Walk(connection, meta["hash_name"])
        reason, is_in_chain = _find_fault(connection, walk, path)
    finally:
        connection.close()
    return VerifyReport(
        ok=not reason,
        n_records=walk.n_records,
        n_sightings=walk.n_sightings,
        first_bad_seq=walk.n_records + 1 if is_in_chain else None,
        reason=reason,
        head_hash=walk.head_hash,
    )


def _find_fault(connection: apsw.Connection, walk: _Walk, path: Path) -> tuple[str, bool]:
    """Return the first fault in words ('' for none), and whether it is one of the chain."""
    try:
        walk.run()
        walk.check_head(read_chain_head(connection))
        walk.check_head_file(path)
    except _BadError as bad:
        return str(bad), True
    except (apsw.Error, UnicodeDecodeError) as error:
        return f"the file cannot be read beyond record {walk.n_records}: {error}", True
    except LogError as error:
        return str(error), False
    try:
        found = connection.pragma("quick_check", 1)
    except apsw.Error as error:
        found = str(error)
    return ("", False) if found == "ok" else (f"the read tables are damaged: {found}", False)


class _Stored(msgspec.Struct, frozen=True):
    """What the columns of a record repeat of its body."""

    seq: int
    input_no: int
    at_ms: int
    scope: Scope


class _BadError(Exception):
    """Carries the first finding out of the walk; never leaves this file."""


class _Walk:
    """Goes through a log once and remembers how far it held."""

    def __init__(self, connection: apsw.Connection, hash_name: str) -> None:
        self._connection = connection
        self.chain = Chain(hash_name)
        self.n_records = self.n_sightings = self.input_no = 0
        self.head_hash = self.chain.last_hash.hex()

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
        found = (self.n_records, self.chain.last_hash, self.chain.tail_digest)
        if found != (head.seq, head.hash, head.tail):
            raise _BadError(f"the log does not end where its writer left it, at seq {head.seq}")

    def check_head_file(self, path: Path) -> None:
        """Compare with the head noted beside the log."""
        mark = find_head(path)
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
        if inside != _Stored(seq, input_no, at_ms, Scope(jurisdiction, record_class)):
            raise _BadError(f"the columns of record {seq} differ from what it says itself")
        if self.chain.add_record(body) != link:
            raise _BadError(f"record {seq}, or a sighting before it, is not what was written")
        self.n_records, self.input_no, self.head_hash = seq, input_no, link.hex()

    def _take_sighting(self, line: tuple[Any, ...]) -> None:
        input_no, at_ms, actor, body = line
        self.chain.add_sighting(input_no, at_ms, actor, body)
        self.n_sightings += 1
        self.input_no = input_no

    def _records(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._connection.execute("SELECT * FROM records ORDER BY seq"))

    def _sightings(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._connection.execute("SELECT * FROM sightings ORDER BY input_no"))
