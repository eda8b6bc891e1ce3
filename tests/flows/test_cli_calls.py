"""`kuaifan import calls` and `kuaifan twin run`: bad input is refused, nothing is written."""

import json
import shutil

import pytest
from small_town import CODES, call_table, mapping_text, rewrite_line


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_unknown_type_code_in_a_mapping_is_named(kuaifan, town, tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text(mapping_text(CODES | {"fight": "999999"}), encoding="utf-8")
    problem = kuaifan.refuses(
        "import", "calls", town.table, "--mapping", mapping, "-o", tmp_path / "calls.jsonl"
    )
    assert "m.toml" in problem
    assert "999999" in problem
    assert _names(tmp_path) == ["m.toml"]


def test_an_unknown_type_code_in_a_call_file_is_named_with_its_line(kuaifan, town, tmp_path):
    calls = tmp_path / "calls.jsonl"
    shutil.copy(town.calls, calls)
    rewrite_line(calls, 3, type_code="999999")
    problem = kuaifan.refuses(*_twin(town, calls, tmp_path))
    assert "line 4" in problem
    assert "incident type 999999" in problem
    assert _names(tmp_path) == ["calls.jsonl"]


def test_every_row_is_accounted_for_and_bad_ones_are_written_beside(kuaifan, town, tmp_path):
    table = tmp_path / "calls.csv"
    table.write_text(
        call_table(5)
        + "no time,fight,22.5,114.0\n1767571200,,22.5,114.0\n1767571200,unheard of,22.5,114.0\n",
        encoding="utf-8",
    )
    arguments = ("import", "calls", table, "--mapping", town.mapping, "-o", tmp_path / "c.jsonl")
    assert kuaifan(*arguments, "--json") == 0
    counts = json.loads(kuaifan.said)["counts"]
    assert (counts["read"], counts["taken"], counts["bad"], counts["ignored"]) == (8, 6, 2, 0)
    assert counts["unmapped_codes"] == {"unheard of": 1}
    bad = (tmp_path / "c.jsonl.bad.csv").read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in bad.splitlines()[1:]] == ["7", "8"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere.csv", "nowhere.csv"), ("nowhere.toml", "nowhere.toml"), ("out", "folder")],
)
def test_a_file_that_is_not_there_is_named(kuaifan, town, tmp_path, name, words):
    (tmp_path / "out").mkdir()
    table = tmp_path / name if name.endswith("csv") else town.table
    mapping = tmp_path / name if name.endswith("toml") else town.mapping
    target = tmp_path / "out" if name == "out" else tmp_path / "calls.jsonl"
    problem = kuaifan.refuses("import", "calls", table, "--mapping", mapping, "-o", target)
    assert words in problem
    assert _names(tmp_path) == ["out"]


def test_a_call_file_that_was_cut_or_is_none_is_refused(kuaifan, town, tmp_path):
    calls = tmp_path / "calls.jsonl"
    calls.write_bytes(b"".join(town.calls.read_bytes().splitlines(keepends=True)[:-3]))
    assert "cut or edited" in kuaifan.refuses(*_twin(town, calls, tmp_path))
    assert "not a call file" in kuaifan.refuses(*_twin(town, town.table, tmp_path))
    assert "nowhere" in kuaifan.refuses(*_twin(town, tmp_path / "nowhere", tmp_path))
    assert _names(tmp_path) == ["calls.jsonl"]


def test_calls_laid_over_another_city_are_refused(kuaifan, town, tmp_path):
    streets = ("city", "import", town.streets, tmp_path / "other", "--bbox", "22,113,22.52,115")
    assert kuaifan(*streets) == 0
    calls = tmp_path / "calls.jsonl"
    arguments = ("import", "calls", town.table, "--mapping", town.mapping, "-o", calls)
    assert kuaifan(*arguments, "--onto", tmp_path / "other") == 0
    problem = kuaifan.refuses(*_twin(town, calls, tmp_path))
    assert "not of 小城" in problem
    assert "--onto" in problem
    assert _names(tmp_path) == ["calls.jsonl", "other"]


def _twin(town, calls, tmp_path):
    return "twin", "run", "--city", town.city, "--calls", calls, "-o", tmp_path / "out"


@pytest.mark.parametrize(
    ("wishes", "subject"),
    [
        ((), "--calls FILE or --days N"),
        (("--days", "1", "--calls", "calls.jsonl"), "--calls FILE or --days N"),
        (("--days", "0"), "--days"),
        (("--days", "one"), "--days"),
        (("--days", "1", "--start", "tomorrow"), "--start 'tomorrow'"),
        (("--days", "1", "--start", "0001-01-01"), "--start 0001-01-01"),
        (("--days", "1", "--start", "9999-12-31"), "--start 9999-12-31"),
        (("--days", "1", "--policy", "best"), "policy 'best' is unknown"),
        (("--days", "1", "--seats", "0"), "--seats"),
        (("--days", "1", "--seats", "1000000"), "--seats"),
        (("--days", "1", "--per-day", "-5"), "--per-day"),
        (("--days", "1", "--per-day", "nan"), "--per-day"),
        (("--days", "1", "--per-day", "0.01"), "not one call"),
        (("--days", "1", "--seed", "-1"), "--seed"),
        (("--days", "1", "--colour", "red"), "--colour"),
    ],
)
def test_a_wrong_wish_for_a_run_is_named(kuaifan, town, tmp_path, wishes, subject):
    arguments = ("twin", "run", "--city", town.city, "-o", tmp_path / "out", *wishes)
    assert subject in kuaifan.refuses(*arguments)
    assert _names(tmp_path) == []


def test_a_folder_that_holds_something_is_not_written_over(kuaifan, town, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    assert "new or empty" in kuaifan.refuses(*_twin(town, town.calls, tmp_path))
    assert _names(tmp_path / "out") == ["thesis.txt"]


def test_drawn_days_run_to_the_last_incident_closed(kuaifan, town, tmp_path):
    wishes = ("--days", "2", "--per-day", "20", "--start", "2026-03-01", "--seed", "3")
    arguments = ("twin", "run", "--city", town.city, "-o", tmp_path / "out", *wishes, "--json")
    assert kuaifan(*arguments) == 0
    summary = json.loads(kuaifan.said)
    assert summary == json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["first_call_at"] >= "2026-02-28T16:00"
    figures = summary["figures"]
    # Of four calls that ring, one becomes an incident; the others end without, or repeat one.
    assert figures["n_calls"] > figures["n_closed"] > 10
    assert figures["n_open"] == 0
    assert _names(tmp_path / "out") == ["log.db", "log.db.head", "log.db.key", "summary.json"]
