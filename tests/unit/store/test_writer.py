"""Order, acknowledgement, back-pressure and failure of the writer."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.store.toy_desk import (
    CODEC,
    SAMPLES,
    START_MS,
    Case,
    CloseCase,
    Fixes,
    OpenCase,
    new_engine,
    submit,
)

from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record, Scope, Sighting
from kuaifan.kernel.rulebook import Row
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.log_place import LogPlace
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log
from kuaifan.store.writer import MAX_WAITING

CHILD = Path(__file__).with_name("append_under_load.py")


def record(seq: int, *, key: str | None = None) -> Record:
    command = CloseCase(case_id=f"C{seq}")
    return Record(
        seq=seq, input_no=seq, at_ms=seq, actor="a", scope=Scope("east"), command=command, key=key
    )


def test_a_ticket_is_answered_only_when_its_record_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    found: list[bool] = []
    with open_log(path, CODEC) as journal, LogReader(path, CODEC) as other:
        for seq in range(1, 40):
            ticket = Ticket()
            ticket.when_done(
                lambda answered, _error: found.append(
                    answered is not None and other.head().seq >= answered.seq
                )
            )
            journal.append(record(seq), [], ticket)
        journal.flush()
    assert found == [True] * 39


def test_an_answer_waits_for_everything_before_it(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC, LogOptions(durability="batch")) as journal:
        for seq in range(1, 100):
            journal.append(record(seq), [], None)
        journal.append_sighting(Sighting(100, 100, "gps", Fixes(places=(1,))))
        ticket = Ticket()
        journal.answer(ticket, None)
        assert ticket.wait(20) is None
        assert (journal.reader.head().seq, journal.reader.head().input_no) == (99, 100)


def test_listeners_see_every_record_once_and_in_order_when_it_is_durable(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    seen: list[int] = []
    behind: list[int] = []
    with open_log(path, CODEC) as journal, LogReader(path, CODEC) as other:

        def listen(records: list[Record]) -> None:
            seen.extend(item.seq for item in records)
            if records and other.head().seq < records[-1].seq:
                behind.append(records[-1].seq)

        journal.listeners.append(listen)
        for seq in range(1, 1_001):
            journal.append(record(seq), [], None)
        journal.close()  # listeners come after tickets: a flush does not wait for them
    assert seen == list(range(1, 1_001))
    assert behind == []


@settings(max_examples=20, deadline=None)
@given(
    updates=st.lists(st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 9)), max_size=400)
)
def test_the_last_image_of_a_row_wins_whatever_the_groups_are(
    updates: list[tuple[str, int | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("rows") / "log.db"
    last: dict[str, int] = {}
    with open_log(path, CODEC, LogOptions(durability="batch")) as journal:
        cases = {row_id: Case(row_id, "t", "", ()) for row_id in "ab"}
        for seq, (row_id, number) in enumerate(updates, 1):
            case = cases[row_id]
            case.n_reminders = number or 0  # the entity goes on changing after it was handed in
            body = None if number is None else case
            journal.append(record(seq), [Row("case", row_id, Scope("east"), body)], None)
            last.pop(row_id, None)
            if number is not None:
                last[row_id] = number
    with LogReader(path, CODEC) as log:
        stored = {row.row_id: row.body for row in log.read_rows("case")}
        assert list(log.read_rows("other")) == []
    assert stored.keys() == last.keys()
    assert all(f'"n_reminders":{last[row_id]}'.encode() in body for row_id, body in stored.items())
    assert verify_log(path).ok


def test_a_key_is_found_before_and_after_it_is_durable(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC, LogOptions(durability="batch")) as journal:
        engine = new_engine(journal)
        submit(engine, SAMPLES)
        pending = journal.find_record("seat-1", "key-0")
        journal.flush()
        durable = journal.find_record("seat-1", "key-0")
        assert pending is not None
        assert pending.command == SAMPLES[0]
        assert durable is not pending
        assert durable is not None
        assert CODEC.encode(durable) == CODEC.encode(pending)
        assert journal.find_record("seat-1", "never used") is None


def test_two_senders_may_use_the_same_key_and_each_finds_its_own_record(place: LogPlace) -> None:
    path = place
    with open_log(path, CODEC, LogOptions(durability="batch")) as journal:
        engine = new_engine(journal)
        for n, actor in enumerate(["first", "second", "third"]):
            case = OpenCase(title=actor, caller=f"138{n}")
            engine.submit(Arrival(START_MS + n, actor, case, "k"))
            if n != 1:  # the second one waits in a group with the third
                journal.flush()
        engine.submit(Arrival(START_MS + 9, "second", OpenCase(title="second", caller="1381"), "k"))
        journal.flush()
        assert len(list(journal.reader.read_records())) == 3
        for actor in ("first", "second", "third"):
            found = journal.reader.find_record(actor, "k")
            assert found is not None
            assert isinstance(found.command, OpenCase)
            assert found.command.title == actor
        assert journal.reader.find_record("fourth", "k") is None
    assert verify_log(path).ok
    with LogReader(path, CODEC) as log:
        names = [name for (name,) in log._query("SELECT key FROM keys ORDER BY seq", ())]
    assert names == ["k", "second\nk", "third\nk"]


def test_a_full_queue_holds_the_engine_up_and_loses_nothing(tmp_path: Path) -> None:
    n_records = MAX_WAITING + 300
    is_free = threading.Event()
    progress: list[int] = []
    with open_log(tmp_path / "log.db", CODEC) as journal:
        journal.listeners.append(lambda _records: is_free.wait())

        def produce() -> None:
            for seq in range(1, n_records + 1):
                journal.append(record(seq), [], None)
                progress.append(seq)

        engine = threading.Thread(target=produce)
        engine.start()
        while len(journal._writer._items) < MAX_WAITING:
            engine.join(0.01)
        engine.join(0.01)
        assert engine.is_alive()
        assert progress[-1] < n_records
        is_free.set()
        engine.join()
        journal.flush()
        assert journal.reader.head().seq == n_records


def test_after_a_failure_every_call_raises_and_every_waiting_ticket_is_told(tmp_path: Path) -> None:
    journal = open_log(tmp_path / "log.db", CODEC)
    journal.append(record(1), [], None)
    journal.flush()
    tickets = [Ticket() for _ in range(5)]
    journal._writer._connection.pragma("query_only", 1)  # as on a disk that has become read-only
    for seq, ticket in enumerate(tickets, 2):
        try:
            journal.append(record(seq, key=f"k{seq}"), [], ticket)
        except StorageError:
            ticket.resolve(None, StorageError("refused at the door"))
    for ticket in tickets:
        with pytest.raises(StorageError):
            ticket.wait(20)
    for call in (
        lambda: journal.append(record(9), [], None),
        lambda: journal.append_sighting(Sighting(9, 9, "gps", Fixes(places=()))),
        lambda: journal.answer(Ticket(), None),
        lambda: journal.find_record("seat", "k2"),
        journal.flush,
        journal.close,
    ):
        with pytest.raises(StorageError, match=r"the log cannot be written: .*readonly"):
            call()
    with LogReader(tmp_path / "log.db", CODEC) as log:
        assert log.head().seq == 1


def test_a_closed_log_says_so(tmp_path: Path) -> None:
    journal = open_log(tmp_path / "log.db", CODEC)
    journal.close()
    with pytest.raises(StorageError, match="the log is closed"):
        journal.append(record(1), [], None)


def test_somebody_elses_writing_is_noticed_before_the_chain_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    journal = open_log(path, CODEC)
    path.with_name("log.db.lock").unlink()
    with open_log(path, CODEC) as intruder:
        intruder.append(record(1), [], None)
    journal.append(record(1), [], ticket := Ticket())
    with pytest.raises(StorageError, match="somebody else has written to this log"):
        ticket.wait(20)
    with pytest.raises(StorageError):
        journal.close()
    assert verify_log(path).ok


def run_child(path: Path, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(CHILD), str(path), *args], stdout=subprocess.PIPE, text=True
    )


def test_a_full_disk_stops_the_log_and_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with run_child(path, "--max-bytes", "600000") as child:
        assert child.stdout is not None
        said = child.stdout.read().splitlines()
    acknowledged = [int(line) for line in said if line.isdigit()]
    refused = [line for line in said if not line.isdigit()]
    assert child.returncode == 0
    assert acknowledged
    assert len(refused) == 2
    assert all(line.startswith("the log cannot be written: ") for line in refused)
    assert all(f"free space on the disk of {path}" in line for line in refused), refused
    assert all("a serving desk goes on by itself" in line for line in refused)
    report = verify_log(path)
    assert report.ok, report.reason
    assert report.n_records >= max(acknowledged)


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    acknowledged = 0
    for _ in range(3):
        with run_child(path) as child:
            assert child.stdout is not None
            for _ in range(400):
                acknowledged = int(child.stdout.readline())
            child.kill()
            for line in child.stdout:
                acknowledged = int(line) if line.endswith("\n") else acknowledged
        report = verify_log(path)
        assert report.ok, report.reason
        assert report.n_records >= acknowledged
        with LogReader(path, CODEC) as log:
            seqs = [found.seq for found in log.read_records()]
            assert seqs == list(range(1, report.n_records + 1))
            found = log.find_record("load", f"key-{acknowledged}")
            assert found is not None
            assert found.seq == acknowledged
