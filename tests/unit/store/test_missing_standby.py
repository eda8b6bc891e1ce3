"""A commit that waits for a standby that is gone (备库缺席): nobody is told that it is durable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.store.toy_desk import CODEC, OpenCase, new_engine

from kuaifan.app.private_postgres import PrivateServer, find_binaries
from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.log_error import LogBusyError
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.log_place import PostgresPlace, postgres_place
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.verify import verify_log

WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.fixture(name="pair", scope="module")
def fixture_pair() -> Iterator[PrivateServer]:
    if find_binaries() is None:
        pytest.skip("PostgreSQL is not installed here: install the package postgresql")
    with PrivateServer(with_standby=True) as server:
        yield server


@pytest.fixture(name="paused")
def fixture_paused(pair: PrivateServer) -> Iterator[PrivateServer]:
    """The standby may be lost within the test, and is there again after it."""
    yield pair
    pair.bring_back_standby()


def place_in(server: PrivateServer, name: str, folder: Path) -> PostgresPlace:
    server.create(name)
    return postgres_place(server.url(name, files=folder / "files"))


def ask(journal: LogJournal, key: str) -> Ticket:
    command = OpenCase(title="theft", caller="13800138000")
    new_engine(journal).submit(Arrival(1, "seat-1", command, key, ticket := Ticket()))
    return ticket


def await_commit(server: PrivateServer) -> None:
    while server.run_sql(f"SELECT count(*) {WAITING}") != "1":
        pass


def test_a_commit_that_is_given_up_by_the_server_is_not_acknowledged(
    paused: PrivateServer, tmp_path: Path
) -> None:
    place = place_in(paused, "given_up", tmp_path)
    journal = open_log(place, CODEC)
    paused.lose_standby()
    ticket = ask(journal, "k1")
    await_commit(paused)
    # The server answers such a commit with COMMIT and a warning: it is on one disk only.
    paused.run_sql(f"SELECT pg_cancel_backend(pid) {WAITING}")
    with pytest.raises(StorageError, match="answered too early"):
        ticket.wait(20)
    with pytest.raises(StorageError):
        journal.close()


def test_a_commit_that_nobody_answers_is_unknown_in_seconds_and_the_log_opens_again(
    paused: PrivateServer, tmp_path: Path
) -> None:
    place = place_in(paused, "unanswered", tmp_path)
    journal = open_log(place, CODEC)
    paused.lose_standby()
    with pytest.raises(StorageError, match="waits for its standby"):
        ask(journal, "k1").wait(20)
    with pytest.raises(StorageError):
        journal.close()
    # The session that waited still has the lock until there is a standby again.
    with pytest.raises(LogBusyError):
        open_log(place, CODEC)
    paused.bring_back_standby()
    with open_log(place, CODEC, LogOptions(take_over_after_s=0.0)) as again:
        assert again.find_record("seat-1", "k1") is not None
    assert verify_log(place).ok
