"""What a log promises holds in SQLite and in PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from unit.store.toy_desk import (
    BUILD,
    CODEC,
    RULES,
    SAMPLES,
    SECRETS,
    Board,
    Case,
    OpenCase,
    new_engine,
    picture,
    submit,
    write_log,
)

from kuaifan.kernel.personal import is_erased
from kuaifan.kernel.record import Record, Scope
from kuaifan.kernel.rulebook import Row
from kuaifan.store.export import export_log, read_head
from kuaifan.store.log_error import LogBusyError, LogError
from kuaifan.store.log_place import LogPlace, PostgresPlace, files_of
from kuaifan.store.migrations import FORMAT_VERSION, list_migrations
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.postgres_connection import PostgresConnection
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.verify import verify_log


def change(place: PostgresPlace, *statements: str) -> None:
    connection = PostgresConnection(place, may_write=True)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_both_hold_the_same_records_rows_touches_and_board(
    in_postgres: PostgresPlace, tmp_path: Path
) -> None:
    path = tmp_path / "log.db"
    found = []
    for place in (path, in_postgres):
        write_log(place, SAMPLES)
        with open_log(place, CODEC) as journal:
            submit(new_engine(journal), SAMPLES, start=100)
        with LogReader(place, CODEC) as log:
            found.append(
                (
                    list(log.read_canonical()),
                    list(log.read_items()),
                    list(log.read_rows("case")),
                    log.read_touching([("case", "C1"), ("case", "C3")]),
                    log.list_row_ids("case", "13800138000"),
                    log.content_hash(),
                    picture(recover(log, RULES, Board)),
                )
            )
    assert msgspec.json.encode(found[0][:1]) == msgspec.json.encode(found[1][:1])
    assert found[0][1:] == found[1][1:]
    assert found[0][2]
    assert found[0][3]


def test_a_log_verifies_exports_and_goes_on(place: LogPlace, tmp_path: Path) -> None:
    write_log(place, SAMPLES)
    report = verify_log(place)
    assert (report.ok, report.reason, report.n_records) == (True, "", 12)
    target = tmp_path / "log.jsonl"
    assert export_log(place, target) == 12
    text = target.read_text()
    assert not any(secret in text for secret in SECRETS)
    assert len(text.splitlines()) == 1 + report.n_records + report.n_sightings
    with open_log(place, CODEC) as journal:
        submit(new_engine(journal), SAMPLES, start=100)
    again = verify_log(place)
    assert again.ok, again.reason
    assert read_head(place).seq == again.n_records > 12
    assert files_of(place).with_name(f"{files_of(place).name}.head").exists()


def test_a_key_finds_its_record_at_once_and_after_a_restart(place: LogPlace) -> None:
    for n_opened in range(2):
        with open_log(place, CODEC) as journal:
            if n_opened == 0:
                submit(new_engine(journal), SAMPLES)
            found = journal.find_record("seat-1", "key-0")
            assert isinstance(found, Record)
            assert found.command == SAMPLES[0]
            assert journal.find_record("seat-1", "never used") is None


def test_a_snapshot_and_an_erasure_hold(place: LogPlace) -> None:
    with open_log(place, CODEC) as journal:
        engine = new_engine(journal)
        submit(engine, SAMPLES)
        for _ in range(3):
            ticket = journal.save_snapshot(engine.state, BUILD)
            assert ticket is not None
            ticket.wait(20)
        assert len(journal.reader.list_snapshots()) == 2
        erasure = journal.erase_owner("case", "C1")
        assert erasure.n_lookups == 1
        assert journal.reader.list_row_ids("case", "13800138000") == []
        for build in ("", BUILD):
            case = recover(journal.reader, RULES, Board, build=build).board.cases["C1"]
            assert is_erased(case.caller)
        submit(new_engine(journal), [OpenCase(title="t", caller="13800138000")], start=50)
    assert verify_log(place).ok


def test_an_id_with_nul_in_it_is_no_reason_to_stop(place: LogPlace) -> None:
    odd = "a\0b"
    record = Record(
        seq=1,
        input_no=1,
        at_ms=1,
        actor=odd,
        scope=Scope("east"),
        command=OpenCase(title=odd),
        key=odd,
    )
    with open_log(place, CODEC) as journal:
        case = Case(odd, odd, "", ())
        journal.append(record, [Row("case", odd, Scope("east"), case)], None)
        journal.flush()
        found = journal.find_record(odd, odd)
        assert found is not None
        assert found.actor == odd
        assert journal.reader.find_row("case", odd) is not None
        assert [r.seq for r in journal.reader.read_touching([("case", odd)])] == [1]
    assert verify_log(place).ok


def test_a_batch_run_keeps_everything(place: LogPlace) -> None:
    write_log(place, SAMPLES, durability="batch")
    assert verify_log(place).n_records == 12
    with pytest.raises(LogError, match="needs a new log"):
        open_log(place, CODEC, LogOptions(durability="batch"))


def test_a_second_writer_is_refused_and_told_who_writes(place: LogPlace) -> None:
    with open_log(place, CODEC), pytest.raises(LogBusyError, match="written by another process"):
        open_log(place, CODEC)
    open_log(place, CODEC).close()


def test_each_opening_begins_an_epoch(place: LogPlace) -> None:
    for _ in range(3):
        open_log(place, CODEC).close()
    with LogReader(place, CODEC) as log:
        assert [epoch for (epoch,) in log._query("SELECT epoch FROM epoch", ())] == [3]


def test_a_log_newer_than_the_program_is_refused(in_postgres: PostgresPlace) -> None:
    open_log(in_postgres, CODEC).close()
    newer = FORMAT_VERSION + 1
    change(in_postgres, f"INSERT INTO migrations VALUES ({newer}, 'later')")  # noqa: S608 - ours
    for use in (lambda: open_log(in_postgres, CODEC), lambda: verify_log(in_postgres)):
        with pytest.raises(LogError, match=f"log format {newer}, this Kuaifan knows up to"):
            use()


def test_a_step_that_was_left_out_is_noticed(in_postgres: PostgresPlace) -> None:
    open_log(in_postgres, CODEC).close()
    change(in_postgres, "INSERT INTO migrations VALUES (1, 'never taken here')")
    with pytest.raises(LogError, match="its tables are not ours"):
        open_log(in_postgres, CODEC)


def test_a_database_of_something_else_is_left_alone(in_postgres: PostgresPlace) -> None:
    change(in_postgres, "CREATE TABLE theirs (x integer)")
    with pytest.raises(LogError, match="is not a Kuaifan log"):
        open_log(in_postgres, CODEC)
    with pytest.raises(LogError, match="is not a Kuaifan log"):
        read_head(in_postgres)


def test_a_changed_record_is_named(in_postgres: PostgresPlace) -> None:
    write_log(in_postgres, SAMPLES)
    change(in_postgres, "UPDATE records SET body = body || ' '::bytea WHERE seq = 5")
    report = verify_log(in_postgres)
    assert (report.ok, report.first_bad_seq) == (False, 5)


def test_a_log_that_lost_its_end_is_told_by_the_head_file(in_postgres: PostgresPlace) -> None:
    write_log(in_postgres, SAMPLES)
    change(
        in_postgres,
        "DELETE FROM records WHERE seq > 10",
        "UPDATE chain_head SET seq = r.seq, input_no = r.input_no, hash = r.hash "
        "FROM records r WHERE r.seq = 10",
    )
    assert not verify_log(in_postgres).ok
    with pytest.raises(LogError, match="its head file knows of seq 12: the end is lost"):
        open_log(in_postgres, CODEC)


def test_a_server_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    url = "postgresql://desk:secret@127.0.0.1:1/kuaifan"
    nowhere = PostgresPlace(url, "postgresql://desk@127.0.0.1:1/kuaifan", tmp_path / "log")
    with pytest.raises(Exception, match="cannot be reached") as caught:
        open_log(nowhere, CODEC)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_migrations_are_numbered_without_gaps_up_to_the_format_of_today(dialect: str) -> None:
    numbers = [migration.number for migration in list_migrations(dialect)]  # type: ignore[arg-type]
    assert numbers == list(range(numbers[0], FORMAT_VERSION + 1))


def test_both_list_the_newest_rows_of_a_time_first(
    in_postgres: PostgresPlace, tmp_path: Path
) -> None:
    found = []
    for place in (tmp_path / "log.db", in_postgres):
        write_log(place, SAMPLES)
        with LogReader(place, CODEC) as log:
            rows = {row.row_id: row.seq for row in log.read_rows("case")}
            head = log.head().seq
            newest = log.list_newest("case", "C", after_seq=0, until_seq=head, limit=99)
            assert [seq for seq, _ in newest] == sorted(rows.values(), reverse=True)
            assert log.list_newest("case", "C", after_seq=0, until_seq=head, limit=1) == newest[:1]
            last = max(rows.values())
            bounds = {"after_seq": 0, "until_seq": last - 1, "limit": 99}
            assert log.list_newest("case", "C", **bounds) == newest[1:]
            assert log.list_newest("case", "X", after_seq=0, until_seq=head, limit=99) == []
            times = {seq: log.find_at_ms(seq) for seq in range(1, head + 1)}
            for at_ms in {*times.values(), 0, max(times.values()) + 1}:
                before = [seq for seq, each in times.items() if each < at_ms]
                assert log.last_seq_before(at_ms) == max(before, default=0)
            found.append([seq for seq, _ in newest])
    assert found[0] == found[1]
