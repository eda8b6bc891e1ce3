"""`kuaifan log` and `kuaifan replay`: a whole log says so, any other is told apart and named."""

import json
import shutil
import sqlite3

import pytest
from small_town import FIRST_CALL_S

from kuaifan.app.rules import core_codec
from kuaifan.store.reading import LogReader

DB = "sqlite:///{}"
BAD_SEQ = 25


def _db(folder):
    return "--db", DB.format(folder / "log.db")


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(name="copy")
def fixture_copy(out, tmp_path):
    """A run to be damaged."""
    return shutil.copytree(out, tmp_path / "out")


def _flip(log, seq, needle):
    """Flip one bit of a byte behind some words in the stored body of a record."""
    connection = sqlite3.connect(log)
    (body,) = connection.execute("SELECT body FROM records WHERE seq = ?", (seq,)).fetchone()
    connection.close()
    data = bytearray(log.read_bytes())
    assert data.count(body) == 1
    data[data.index(body) + body.index(needle) + len(needle)] ^= 1
    log.write_bytes(data)


def test_a_log_as_it_was_written_verifies_replays_and_says_its_head(kuaifan, out):
    summary = json.loads((out / "summary.json").read_bytes())
    assert kuaifan("log", "verify", *_db(out), "--json") == 0
    report = json.loads(kuaifan.said)
    assert report["ok"] is True
    assert report["head_hash"] == summary["head_hash"]
    assert kuaifan("log", "head", *_db(out), "--json") == 0
    head = json.loads(kuaifan.said)
    assert (head["seq"], head["hash"]) == (summary["head_seq"], summary["head_hash"])
    assert kuaifan("replay", *_db(out), "--json") == 0
    replayed = json.loads(kuaifan.said)
    assert replayed["identical"] is True
    assert replayed["first_difference"] is None
    assert replayed["content_hash"] == summary["content_hash"]
    assert replayed["n_records"] == summary["head_seq"]
    assert replayed["n_fixes"] == summary["figures"]["n_fixes"]


def _rows(path):
    with LogReader(path, core_codec()) as log:
        names = [name for (name,) in log._query("SELECT DISTINCT table_name FROM rows", ())]
        return {name: list(log.read_rows(name)) for name in sorted(names)}


def test_a_log_is_backed_up_brought_back_and_replays(kuaifan, out, tmp_path):
    source, folder, back = out / "log.db", tmp_path / "backup", tmp_path / "new" / "desk.db"
    assert kuaifan("backup", "--db", DB.format(source), "-o", str(folder), "--json") == 0
    shipped = json.loads(kuaifan.said)
    where = ("--db", DB.format(back), "--key", f"{source}.key")
    assert kuaifan("restore", str(folder), *where, "--json") == 0
    report = json.loads(kuaifan.said)
    assert (report["seq"], report["hash"]) == (shipped["seq"], shipped["hash"])
    assert kuaifan("log", "verify", "--db", DB.format(back)) == 0
    assert kuaifan("replay", "--db", DB.format(back), "--json") == 0
    assert json.loads(kuaifan.said)["identical"] is True
    assert _rows(back) == _rows(source)
    with LogReader(back, core_codec()) as log:
        assert log.list_snapshots()

    assert kuaifan("restore", str(folder), *where) == 2
    assert "brought back to a new place only" in kuaifan.problem
    early = ("--db", DB.format(tmp_path / "early.db"), "--key", f"{source}.key", "--to-seq", "9")
    assert kuaifan("restore", str(folder), *early) == 0
    assert kuaifan.said.startswith("9 records")


def test_the_read_tables_are_made_anew_from_the_records(kuaifan, copy):
    tables = ("rows", "touches", "lookups")

    def stored():
        with LogReader(copy / "log.db", core_codec()) as log:
            names = [name for (name,) in log._query("SELECT DISTINCT table_name FROM rows", ())]
            touches = log._query("SELECT * FROM touches ORDER BY 1, 2, 3", ())
            return {name: list(log.read_rows(name)) for name in sorted(names)}, touches

    before = stored()
    connection = sqlite3.connect(copy / "log.db")
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
    connection.commit()
    connection.close()
    assert stored() != before
    assert kuaifan("log", "rebuild", *_db(copy)) == 0
    assert stored() == before
    assert kuaifan("log", "verify", *_db(copy)) == 0


def test_a_flipped_byte_is_found_and_its_record_named(kuaifan, copy):
    _flip(copy / "log.db", BAD_SEQ, b'"actor":"')
    assert kuaifan("log", "verify", *_db(copy)) == 1
    assert f"record {BAD_SEQ}" in kuaifan.said
    assert kuaifan("log", "verify", *_db(copy), "--json") == 1
    assert json.loads(kuaifan.said)["first_bad_seq"] == BAD_SEQ


def test_a_record_that_says_something_else_than_it_did_differs_in_the_replay(kuaifan, copy):
    connection = sqlite3.connect(copy / "log.db")
    seq, body = connection.execute(
        "SELECT seq, body FROM records WHERE instr(body, CAST('\"travel_ms\":' AS BLOB)) LIMIT 1"
    ).fetchone()
    text = bytes(body)
    digit = text.index(b'"travel_ms":') + len(b'"travel_ms":')
    other = text[:digit] + (b"9" if text[digit : digit + 1] != b"9" else b"8") + text[digit + 1 :]
    connection.execute("UPDATE records SET body = ? WHERE seq = ?", (other, seq))
    connection.commit()
    connection.close()
    assert kuaifan("replay", *_db(copy)) == 1
    assert f"DIFFERENT at record {seq}" in kuaifan.said
    assert "travel_ms: recorded " in kuaifan.said
    assert len(kuaifan.said) < 2_000
    assert kuaifan("replay", *_db(copy), "--json") == 1
    assert json.loads(kuaifan.said)["first_difference"]["seq"] == seq


def test_a_log_of_another_city_is_not_replayed(kuaifan, out, town, tmp_path):
    other = tmp_path / "other"
    assert kuaifan("city", "import", town.streets, other, "--seed", "5") == 0
    problem = kuaifan.refuses("replay", *_db(out), "--city", other)
    assert "another city" in problem
    assert "--city" in problem


def test_a_log_whose_key_is_gone_says_so(kuaifan, copy):
    (copy / "log.db.key").unlink()
    assert "key" in kuaifan.refuses("replay", *_db(copy))
    assert kuaifan("log", "verify", *_db(copy)) == 0
    assert kuaifan("log", "export", *_db(copy), "-o", copy / "x.jsonl") == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///nowhere/log.db", "there is no log"),
        ("log.db", "is no database URL"),
        ("sqlite:///", "is no database URL"),
        ("mysql://desk/kuaifan", "in SQLite or PostgreSQL, not mysql"),
    ],
)
@pytest.mark.parametrize("command", [("log", "head"), ("log", "verify"), ("replay",)])
def test_a_log_that_is_not_there_is_refused(kuaifan, command, url, words):
    assert words in kuaifan.refuses(*command, "--db", url)


@pytest.mark.parametrize("kind", ["a note", "another database", "nothing"])
@pytest.mark.parametrize("command", [("log", "head"), ("log", "verify"), ("replay",)])
def test_what_is_no_log_is_refused_and_left_as_it_was(kuaifan, tmp_path, command, kind):
    file = tmp_path / "log.db"
    if kind == "another database":
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE thesis (chapter TEXT)")
        connection.commit()
        connection.close()
    else:
        file.write_text("dear diary\n" * 100 if kind == "a note" else "")
    before = file.read_bytes()
    assert "log.db is not a Kuaifan log" in kuaifan.refuses(*command, *_db(tmp_path))
    assert file.read_bytes() == before
    assert _names(tmp_path) == ["log.db"]


def test_an_export_is_sealed_and_holds_every_record(kuaifan, out, tmp_path):
    target = tmp_path / "log.jsonl"
    assert kuaifan("log", "export", *_db(out), "-o", target) == 0
    first, *lines = [json.loads(line) for line in target.read_text().splitlines()]
    records = [line for line in lines if line["kind"] == "record"]
    assert first["sealed"] is True
    assert [line["record"]["seq"] for line in records] == list(range(1, first["seq"] + 1))
    assert '"caller_number":"000' not in target.read_text()
    assert records[-1]["record"]["at_ms"] > FIRST_CALL_S * 1000


def test_there_is_no_unsealed_export(kuaifan, out, tmp_path):
    target = tmp_path / "log.jsonl"
    assert "--unsealed" in kuaifan.refuses("log", "export", *_db(out), "-o", target, "--unsealed")
    assert _names(tmp_path) == []


@pytest.mark.parametrize("name", ["log.db", "log.db.key", "log.db.head"])
def test_an_export_never_writes_over_the_log_itself(kuaifan, copy, name):
    before = (copy / name).read_bytes()
    assert "another file" in kuaifan.refuses("log", "export", *_db(copy), "-o", copy / name)
    assert (copy / name).read_bytes() == before


def test_an_export_to_a_place_that_cannot_be_leaves_nothing(kuaifan, copy):
    for target in (copy / "summary.json" / "x", copy / "nowhere" / "x", copy):
        assert "cannot be written" in kuaifan.refuses("log", "export", *_db(copy), "-o", target)
    assert _names(copy) == ["log.db", "log.db.head", "log.db.key", "summary.json"]
