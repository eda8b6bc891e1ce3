"""What a province reads of a centre's log: everything that happened, and nobody."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import apsw
import pytest
from unit.store.toy_desk import CODEC as TOY_CODEC
from unit.store.toy_desk import SAMPLES, SECRETS, new_engine, submit

from kuaifan.app.rules import core_codec
from kuaifan.kernel.personal import personal_marks
from kuaifan.store.export import read_head
from kuaifan.store.log_error import LogError
from kuaifan.store.log_place import LogPlace
from kuaifan.store.opening import open_log
from kuaifan.store.province import FIELDS, STATE, read_shipped, ship
from kuaifan.store.province_tables import COLUMNS, FIGURES, ask


def write_more(place: LogPlace) -> None:
    with open_log(place, TOY_CODEC) as journal:
        submit(new_engine(journal), SAMPLES)


def n_records(folder: Path) -> list[list[object]]:
    return ask(
        folder, "SELECT count(DISTINCT seq), count(*) - count(DISTINCT (seq, event_i)) FROM events"
    ).rows


def test_what_is_shipped_is_shipped_once_and_goes_on_where_it_ended(
    place: LogPlace, tmp_path: Path
) -> None:
    write_more(place)
    to = tmp_path / "province"
    first = ship(place, to, centre="east")
    assert (first.seq, first.hash) == (read_head(place).seq, read_head(place).hash.hex())
    before = n_records(to)
    assert ship(place, to, centre="east") == first
    assert n_records(to) == before
    write_more(place)
    second = ship(place, to, centre="east")
    assert second.seq == read_head(place).seq > first.seq
    assert n_records(to)[0][1] == 0
    assert len(list((to / "east").glob("*.parquet"))) == 2


def test_a_run_that_was_cut_off_between_segment_and_note_is_shipped_again(tmp_path: Path) -> None:
    log, to = tmp_path / "log.db", tmp_path / "province"
    write_more(log)
    ship(log, to, centre="east")
    whole = n_records(to)
    (to / "east" / STATE).unlink()
    write_more(log)
    ship(log, to, centre="east")
    assert n_records(to)[0][1] == 0
    assert n_records(to)[0][0] > whole[0][0]  # type: ignore[operator]


def test_nothing_personal_is_in_any_file(tmp_path: Path) -> None:
    log, to = tmp_path / "log.db", tmp_path / "province"
    write_more(log)
    ship(log, to, centre="east")
    told = str(ask(to, "SELECT * FROM events").rows)
    files = b"".join(file.read_bytes() for file in to.rglob("*") if file.is_file())
    for secret in (*SECRETS, "sealed:"):
        assert secret not in told
        assert secret.encode() not in files


def test_no_field_that_leaves_is_personal_in_any_event() -> None:
    marked = {name for event in core_codec().events.values() for name, _ in personal_marks(event)}
    assert not marked & set(FIELDS)
    assert set(FIELDS) <= set(COLUMNS)


def test_a_changed_record_is_named_and_does_not_leave(tmp_path: Path) -> None:
    log, to = tmp_path / "log.db", tmp_path / "province"
    write_more(log)
    with contextlib.closing(apsw.Connection(os.fspath(log))) as connection:
        connection.execute("UPDATE records SET body = CAST(body || ' ' AS BLOB) WHERE seq = 2")
    with pytest.raises(LogError, match="record 2 of"):
        ship(log, to, centre="east")
    assert read_shipped(to / "east") is None
    assert not list((to / "east").iterdir())


def test_a_log_that_was_rewritten_is_refused(tmp_path: Path) -> None:
    log, to = tmp_path / "log.db", tmp_path / "province"
    write_more(log)
    ship(log, to, centre="east")
    with contextlib.closing(apsw.Connection(os.fspath(log))) as connection:
        connection.execute("DELETE FROM records WHERE seq = (SELECT max(seq) FROM records)")
    with pytest.raises(LogError, match="is not the one that was shipped"):
        ship(log, to, centre="east")


def test_each_figure_answers_and_a_question_reads_no_other_file(tmp_path: Path) -> None:
    log, to = tmp_path / "log.db", tmp_path / "province"
    write_more(log)
    ship(log, to, centre="east")
    ship(log, to, centre="west")
    for name in FIGURES:
        assert ask(to, name).columns
    assert [row[0] for row in ask(to, "centres").rows] == ["east", "west"]
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    for question in (f"FROM '{other}'", "nonsense", "SELECT 1); DROP VIEW events; ("):
        with pytest.raises(LogError, match="cannot be answered"):
            ask(to, question)
    with pytest.raises(LogError, match="no segments"):
        ask(tmp_path / "none", "centres")
    with pytest.raises(LogError, match="no name of a centre"):
        ship(log, to, centre="../up")
