"""One sequencer a log: who was taken over from can never write again, whatever it was doing."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from unit.store.toy_desk import CODEC, SAMPLES, CloseCase, new_engine, submit, write_log

from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record, Scope
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.epoch import begin_epoch, check_epoch
from kuaifan.store.export import read_head
from kuaifan.store.log_error import LogBusyError
from kuaifan.store.log_place import PostgresPlace
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.postgres_connection import PostgresConnection
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log

CHILD = Path(__file__).with_name("append_under_load.py")
AT_ONCE = LogOptions(take_over_after_s=0.0)


def record(seq: int) -> Record:
    command = CloseCase(case_id=f"C{seq}")
    return Record(seq=seq, input_no=seq, at_ms=seq, actor="a", scope=Scope("east"), command=command)


def test_a_writer_whose_lock_was_lost_finds_another_epoch(in_postgres: PostgresPlace) -> None:
    first = open_log(in_postgres, CODEC)
    first.append(record(1), [], None)
    first.flush()
    # As after a change of servers: the session stands, the lock and the epoch are another's.
    first._run_job(lambda connection: connection.execute("SELECT pg_advisory_unlock_all()"))
    with open_log(in_postgres, CODEC) as second:
        first.append(record(2), [], refused := Ticket())
        with pytest.raises(StorageError, match=r"has taken it over.* opened the log again"):
            refused.wait(20)
        second.append(record(2), [], taken := Ticket())
        assert taken.wait(20) is not None
    with pytest.raises(StorageError, match="has taken it over"):
        first.close()
    assert verify_log(in_postgres).n_records == 2


def test_an_idle_writer_notices_too(in_postgres: PostgresPlace) -> None:
    first = open_log(in_postgres, CODEC)
    first._run_job(lambda connection: connection.execute("SELECT pg_advisory_unlock_all()"))
    with open_log(in_postgres, CODEC):
        first._writer._thread.join(20)
        for call in (first.check, first.close):
            with pytest.raises(StorageError, match="has taken it over"):
                call()


def test_who_opens_while_the_holder_is_leaving_gets_the_log(in_postgres: PostgresPlace) -> None:
    first, opened = open_log(in_postgres, CODEC), threading.Event()

    def open_second() -> None:
        with open_log(in_postgres, CODEC):
            opened.set()

    second = threading.Thread(target=open_second)
    second.start()
    with closing(PostgresConnection(in_postgres, may_write=False)) as looking:
        while second.is_alive() and not _n_waiting(looking):
            pass
    first.close()
    second.join(20)
    assert opened.is_set()


def _n_waiting(looking: PostgresConnection) -> int:
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return int(looking.execute(query).fetchone()[0])


def test_a_commit_under_way_ends_before_the_next_epoch_begins(in_postgres: PostgresPlace) -> None:
    write_log(in_postgres, SAMPLES)
    head = read_head(in_postgres)
    old = PostgresConnection(in_postgres, may_write=True)
    new = PostgresConnection(in_postgres, may_write=True)
    said: list[str] = []

    def take_over() -> None:
        try:
            begin_epoch(new, head)
        except LogBusyError as error:
            said.append(str(error))

    with old.transaction():
        check_epoch(old, head, 1)
        taker = threading.Thread(target=take_over)
        taker.start()
        taker.join(0.2)
        assert taker.is_alive()  # it waits for the line that the commit holds
        old.execute("UPDATE chain_head SET seq = seq + 1")
    taker.join(20)
    assert said == ["the log was written to while it was being opened; try again"]
    old.close()
    new.close()


def test_a_paused_process_that_was_taken_over_from_writes_nothing_more(
    in_postgres: PostgresPlace,
) -> None:
    url = f"{in_postgres.url}&files={in_postgres.files.parent}"
    command = [sys.executable, str(CHILD), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:  # noqa: S603 - ours
        assert first.stdout is not None
        said = [first.stdout.readline() for _ in range(50)]
        first.send_signal(signal.SIGSTOP)
        with pytest.raises(LogBusyError, match=r"another process \(.* process \d+, last heard"):
            open_log(in_postgres, CODEC)
        with open_log(in_postgres, CODEC, AT_ONCE) as second:
            until = second.reader.head()
            first.send_signal(signal.SIGCONT)
            said += first.stdout.readlines()
            assert first.wait(60) == 0
            assert second.reader.head() == until
            submit(new_engine(second), SAMPLES, start=10_000_000)
    acknowledged = [int(line) for line in said if line[0].isdigit()]
    refusals = [line for line in said if not line[0].isdigit()]
    assert len(refusals) == 2
    assert all(line.startswith("the log cannot be written: ") for line in refusals), refusals
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    assert len(acknowledged) <= until.seq
    report = verify_log(in_postgres)
    assert report.ok, report.reason
    with LogReader(in_postgres, CODEC) as log:
        assert [r.seq for r in log.read_records()] == list(range(1, report.n_records + 1))
