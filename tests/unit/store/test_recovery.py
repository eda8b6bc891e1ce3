"""Recovery gives back what was live, at any cut, with and without a snapshot."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.store.toy_desk import (
    BUILD,
    CODEC,
    RULES,
    SAMPLES,
    START_MS,
    Board,
    Break,
    CloseCase,
    Fixes,
    NoteCase,
    OpenCase,
    Party,
    Sighted,
    new_engine,
    picture,
    submit,
    write_log,
)

from kuaifan.kernel.engine import Engine
from kuaifan.kernel.message import Command, Observation
from kuaifan.kernel.record import Record, Sighting
from kuaifan.store.connections import open_writer
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover, recover_up_to

TEXTS = st.text(max_size=12)
CASE_IDS = st.sampled_from(["C1", "C2", "C3"])
INPUTS: st.SearchStrategy[list[Command | Observation]] = st.lists(
    st.one_of(
        st.builds(
            OpenCase,
            title=st.sampled_from(["", "theft"]),
            caller=TEXTS,
            parties=st.lists(st.builds(Party, name=TEXTS, age=st.just(7)), max_size=2).map(tuple),
        ),
        st.builds(NoteCase, case_id=CASE_IDS, note=st.none() | TEXTS),
        st.builds(CloseCase, case_id=CASE_IDS),
        st.builds(Break, words=TEXTS),
        st.builds(Fixes, places=st.tuples(st.integers(0, 3))),
        st.builds(Sighted, case_id=CASE_IDS, teller=TEXTS),
    ),
    max_size=14,
)


def save(journal: LogJournal, engine: Engine[Board]) -> None:
    """Store a snapshot of now, durably."""
    ticket = journal.save_snapshot(engine.state, BUILD)
    assert ticket is not None
    ticket.wait(10)
    thread = journal._snapshot_thread
    assert thread is not None
    thread.join()


@settings(max_examples=25, deadline=None)
@given(inputs=INPUTS, saved_at=st.sets(st.integers(0, 14)), cut=st.integers(0, 14))
def test_the_state_of_a_moment_is_the_same_from_whatever_snapshot(
    inputs: list[Command | Observation], saved_at: set[int], cut: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "log.db")
        with open_log(path, CODEC) as journal:
            engine = new_engine(journal)
            for place, payload in enumerate(inputs):
                submit(engine, [payload], start=place)
                if place in saved_at:
                    save(journal, engine)
        with LogReader(path, CODEC) as log:
            for asked in ({"at_ms": START_MS + 1_000 * cut}, {"before_seq": cut + 1}):
                whole = recover_up_to(log, RULES, Board, **asked)
                short = recover_up_to(log, RULES, Board, build=BUILD, **asked)
                assert picture(short) == picture(whole)


def test_a_moment_begins_with_the_nearest_snapshot_before_it(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        engine = new_engine(journal)
        for place, payload in enumerate(SAMPLES):
            submit(engine, [payload], start=place)
            if place in {3, len(SAMPLES) - 1}:
                n_cases, engine.state.board.n_cases = engine.state.board.n_cases, 70 + place
                save(journal, engine)
                engine.state.board.n_cases = n_cases
        found = [
            recover_up_to(
                journal.reader, RULES, Board, at_ms=START_MS + 1_000 * place, build=BUILD
            ).board.n_cases
            for place in (2, 3, 4)
        ]
    # Only the earlier snapshot says so; before it, all is folded.
    assert found[0] < 70
    assert found[1] == 73
    assert found[2] >= 73


def test_the_last_snapshot_of_each_of_seven_days_is_kept(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        engine = new_engine(journal)
        for place in range(24):
            day_s = 86_400 * (place // 3) + place % 3
            submit(engine, [OpenCase(title="theft")], start=day_s)
            save(journal, engine)
        at_ms = [saved.head.at_ms for saved in journal.reader.list_snapshots()]
    days = [(at - START_MS) // 86_400_000 for at in at_ms]
    assert days == [7, 7, 6, 5, 4, 3, 2, 1]
    assert [(at - START_MS) % 86_400_000 for at in at_ms] == [2_000, 1_000, *[2_000] * 6]


@settings(max_examples=25, deadline=None)
@given(inputs=INPUTS, cut=st.integers(0, 14), snapshot_at=st.none() | st.integers(0, 14))
def test_a_restart_at_any_cut_changes_nothing(
    inputs: list[Command | Observation], cut: int, snapshot_at: int | None
) -> None:
    with tempfile.TemporaryDirectory() as name:
        whole, parted = Path(name, "whole.db"), Path(name, "parted.db")
        with open_log(whole, CODEC) as journal:
            engine = new_engine(journal)
            submit(engine, inputs)
            journal.flush()
            expected = picture(engine.state)
            assert picture(recover(journal.reader, RULES, Board)) == expected
            content = journal.reader.content_hash()

        parts = ((0, inputs[:cut]), (min(cut, len(inputs)), inputs[cut:]))
        for start, part in parts:
            with open_log(parted, CODEC) as journal:
                engine = new_engine(journal)
                for place, payload in enumerate(part, start):
                    submit(engine, [payload], start=place)
                    if place == snapshot_at:
                        ticket = journal.save_snapshot(engine.state, BUILD)
                        assert ticket is not None
                        ticket.wait(10)
        with LogReader(parted, CODEC) as log:
            assert picture(recover(log, RULES, Board, build=BUILD)) == expected
            assert log.content_hash() == content


def test_a_snapshot_of_another_build_is_passed_over(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        engine = new_engine(journal)
        submit(engine, SAMPLES)
        engine.state.board.n_cases = 77  # only the snapshot says so
        ticket = journal.save_snapshot(engine.state, BUILD)
        assert ticket is not None
        ticket.wait(10)
        saved = recover(journal.reader, RULES, Board, build=BUILD)
        assert (saved.board.n_cases, saved.n_folded) == (77, 0)
        assert recover(journal.reader, RULES, Board, build="another").n_folded > len(SAMPLES) // 2
        assert recover(journal.reader, RULES, Board, build="toy-2").board.n_cases == 3


def test_a_forged_snapshot_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with open_log(path, CODEC) as journal:
        engine = new_engine(journal)
        submit(engine, SAMPLES)
        ticket = journal.save_snapshot(engine.state, BUILD)
        assert ticket is not None
        ticket.wait(10)
    connection = open_writer(path, synchronous="FULL")
    body = connection.execute("SELECT body FROM snapshots").get
    assert isinstance(body, bytes)
    forged = body.replace(b'"n_cases":3', b'"n_cases":4')
    assert forged != body
    connection.execute("UPDATE snapshots SET body = ?", (forged,))
    connection.close()
    with LogReader(path, CODEC) as log:
        assert recover(log, RULES, Board, build=BUILD).board.n_cases == 3


def test_only_the_newest_snapshots_are_kept(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        engine = new_engine(journal)
        for place, payload in enumerate(SAMPLES):
            submit(engine, [payload], start=place)
            ticket = journal.save_snapshot(engine.state, BUILD)
            assert ticket is not None
            ticket.wait(10)
            journal._snapshot_thread.join()
        saved = journal.reader.list_snapshots()
        assert saved[0].head.seq == engine.state.head.seq
        assert len(saved) == 2


def test_items_come_in_the_order_of_inputs_with_a_sighting_before_its_own_record(
    tmp_path: Path,
) -> None:
    write_log(tmp_path / "log.db", SAMPLES)
    with LogReader(tmp_path / "log.db", CODEC) as log:
        items = list(log.read_items())
        assert [record.seq for record in log.read_records(after_seq=10)] == [11, 12]
    assert [item.input_no for item in items] == sorted(item.input_no for item in items)
    pairs = [(a, b) for a, b in pairwise(items) if a.input_no == b.input_no]
    assert [(type(a), type(b)) for a, b in pairs] == [(Sighting, Record)]


def test_the_content_hash_is_over_the_canonical_records(tmp_path: Path) -> None:
    write_log(tmp_path / "a.db", SAMPLES)
    write_log(tmp_path / "b.db", SAMPLES, durability="batch")
    with LogReader(tmp_path / "a.db", CODEC) as a, LogReader(tmp_path / "b.db", CODEC) as b:
        assert a.content_hash() == b.content_hash()
        assert a.head().hash != b.head().hash
        canonical = list(a.read_canonical())
        assert canonical == [CODEC.encode(record) for record in a.read_records()]
