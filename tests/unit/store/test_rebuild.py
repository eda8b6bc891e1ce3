"""The read tables can be dropped: what the records say of them is all there ever was in them."""

from __future__ import annotations

from typing import Any

import msgspec
from unit.store.toy_desk import (
    CODEC,
    RULES,
    SAMPLES,
    Board,
    CloseCase,
    Fixes,
    NoteCase,
    OpenCase,
    Sighted,
    new_engine,
    new_rules,
    submit,
)

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.message import Command, Event
from kuaifan.store.connection import Connection
from kuaifan.store.log_place import LogPlace
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log

TABLES = ("rows", "touches", "lookups")


def tables_of(log: LogReader) -> list[Any]:
    touches = log._query("SELECT * FROM touches ORDER BY 1, 2, 3", ())
    lookups = log._query("SELECT table_name, row_id, digest FROM lookups ORDER BY 1, 2, 3", ())
    return [list(log.read_rows("case")), touches, lookups]


def test_rebuilt_they_are_what_they_were(place: LogPlace) -> None:
    with open_log(place, CODEC) as journal:
        submit(new_engine(journal), SAMPLES)
        journal.erase_owner("case", "C4")
        submit(new_engine(journal), SAMPLES, start=100)
        journal.flush()
        before = tables_of(journal.reader)
        assert all(before)

        def damage(connection: Connection) -> None:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table} WHERE row_id != 'C1'")  # noqa: S608
            connection.execute("UPDATE rows SET body = ?", (b"{}",))

        journal._run_job(damage)
        assert tables_of(journal.reader) != before
        report = journal.rebuild(RULES, Board)
        assert report.n_rows == len(before[0])
        assert report.n_records == journal.reader.head().seq
        assert tables_of(journal.reader) == before
        submit(new_engine(journal), SAMPLES, start=200)
    assert verify_log(place).ok


class BreakHalfWay(Command, frozen=True):
    """Changes two cases, as a rule would never, and breaks."""


def break_half_way(board: Board, _command: Command, _now_ms: int) -> list[Event]:
    board.cases["C1"].title = "half changed"
    del board.cases["C2"]
    raise ZeroDivisionError


def test_rows_not_stored_yet_are_not_those_of_a_rule_that_broke(place: LogPlace) -> None:
    rules = new_rules()
    rules.deciders[BreakHalfWay] = break_half_way
    codec = Codec([*CODEC.commands.values(), BreakHalfWay], CODEC.events.values(), [Fixes, Sighted])
    with open_log(place, codec, LogOptions(durability="batch")) as journal:
        engine = new_engine(journal)
        engine.rules, engine.codec = rules, codec
        submit(engine, [OpenCase(title="theft"), OpenCase(title="noise"), OpenCase(title="fire")])
        submit(engine, [CloseCase(case_id="C3"), BreakHalfWay()], start=10)
        assert engine.board.cases["C1"].title == "theft"
        submit(engine, [NoteCase(case_id="C2", note="x")], start=20)
        journal.flush()
        before = tables_of(journal.reader)
        titles = [msgspec.json.decode(row.body)["title"] for row in before[0]]
        assert titles == ["theft", "noise"]
        journal.rebuild(RULES, Board)
        assert tables_of(journal.reader) == before


def test_a_run_that_stores_each_row_once_has_the_same_tables_in_the_end(place: LogPlace) -> None:
    with open_log(place, CODEC, LogOptions(durability="batch")) as journal:
        journal._rows_at_once = 3
        submit(new_engine(journal), SAMPLES)
        journal.flush()
        before = tables_of(journal.reader)
        assert all(before)
        journal.rebuild(RULES, Board)
        assert tables_of(journal.reader) == before
        submit(new_engine(journal), SAMPLES, start=100)
    with LogReader(place, CODEC) as log:
        assert {line[2] for line in log._query("SELECT * FROM touches", ())} > {1, 2, 3}
        assert max(line.seq for line in log.read_rows("case")) > len(before[0])
    assert verify_log(place).ok
