"""A commit whose answer was lost: nobody guesses; the log is opened again, and its head says."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from cut_wire import CutWire
from unit.store.toy_desk import CODEC, OpenCase, new_engine

from kuaifan.app.private_postgres import PrivateServer
from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.export import read_head
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.log_place import LogPlace, postgres_place
from kuaifan.store.opening import open_log
from kuaifan.store.sqlite_connection import SqliteConnection
from kuaifan.store.verify import verify_log


class Forgetful(SqliteConnection):
    """A disk that fails when the commit has been made, or before."""

    fails = "answer"

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with super().transaction():
            yield
            if self.fails == "request":
                raise apsw.IOError("the disk was pulled out")
        raise apsw.IOError("the disk was pulled out")


def ask(journal: LogJournal, at_ms: int, key: str) -> Ticket:
    ticket = Ticket()
    command = OpenCase(title="theft", caller="13800138000")
    new_engine(journal).submit(Arrival(at_ms, "seat-1", command, key, ticket))
    return ticket


def assert_asked_again(place: LogPlace, *, was_stored: bool) -> None:
    """Opened again, the log knows whether the key was decided; the retry is decided once."""
    assert read_head(place).seq == 1 + was_stored
    with open_log(place, CODEC) as journal:
        assert (journal.find_record("seat-1", "k2") is not None) is was_stored
        again = ask(journal, 3_000, "k2").wait(20)
        assert again is not None
        assert (again.seq, again.key) == (2, "k2")
        journal.flush()
        assert journal.reader.head().seq == 2
    report = verify_log(place)
    assert (report.ok, report.n_records) == (True, 2), report.reason


@pytest.mark.parametrize("lost", ["answer", "request"])
def test_of_sqlite(tmp_path: Path, lost: str) -> None:
    place = tmp_path / "log.db"
    journal = open_log(place, CODEC)
    ask(journal, 1_000, "k1").wait(20)
    forgetful = Forgetful(str(place))
    forgetful.fails = lost
    journal._writer._connection = forgetful
    ticket = ask(journal, 2_000, "k2")
    with pytest.raises(StorageError, match=r"what was not answered is not acknowledged"):
        ticket.wait(20)
    with pytest.raises(StorageError):
        journal.close()
    forgetful.close()
    assert_asked_again(place, was_stored=lost == "answer")


@pytest.mark.parametrize("lost", ["answer", "request"])
def test_of_postgresql(postgres: PrivateServer, new_url: object, lost: str) -> None:
    assert callable(new_url)
    url = new_url()
    with CutWire(postgres.port) as wire:
        by_wire = postgres_place(url.replace(f":{postgres.port}/", f":{wire.port}/"))
        journal = open_log(by_wire, CODEC)
        ask(journal, 1_000, "k1").wait(20)
        wire.cut_next = lost
        ticket = ask(journal, 2_000, "k2")
        with pytest.raises(StorageError, match=r"does not answer .* see to the server of"):
            ticket.wait(20)
        with pytest.raises(StorageError):
            journal.close()
        assert wire.cut_next == ""
        assert_asked_again(postgres_place(url), was_stored=lost == "answer")
