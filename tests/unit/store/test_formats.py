"""A log of an older format is read as it is, and brought up when it is opened for writing."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest
from unit.store.toy_desk import CODEC, RULES, SAMPLES, Board, new_engine, submit, write_log

from kuaifan.store import formats
from kuaifan.store.connections import open_writer
from kuaifan.store.export import export_log, read_head
from kuaifan.store.log_error import LogError
from kuaifan.store.migrations import FORMAT_VERSION
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.verify import verify_log

MADE_BY_VERSION_1 = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    record_class TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE sightings (
    input_no INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE chain_head (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    seq INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    hash BLOB NOT NULL,
    tail BLOB NOT NULL
) STRICT;
CREATE TABLE keys (key TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE rows (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    record_class TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (table_name, row_id)
) STRICT;
CREATE TABLE owner_keys (
    key_no INTEGER PRIMARY KEY,
    owner TEXT NOT NULL UNIQUE,
    wrapped BLOB
) STRICT;
CREATE TABLE lookups (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    key_no INTEGER NOT NULL,
    PRIMARY KEY (table_name, row_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX lookups_by_digest ON lookups (digest);
CREATE INDEX lookups_by_key ON lookups (key_no);
CREATE TABLE snapshots (
    snapshot_no INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    input_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    build TEXT NOT NULL,
    chain_hash BLOB NOT NULL,
    body BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT;
"""
TOUCHES = """
CREATE TABLE touches (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (table_name, row_id, seq)
) STRICT, WITHOUT ROWID;
"""
COPIED = ("records", "sightings", "chain_head", "keys", "rows", "owner_keys", "lookups")
PLACES = [("case", "C1"), ("case", "C3")]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A log of format 1, with the content of one written today, whose file is beside it."""
    today, path = tmp_path / "today.db", tmp_path / "log.db"
    write_log(today, SAMPLES, city_hash="by its former name", city_path="/cities/futian")
    for ending in ("key", "head"):
        path.with_name(f"log.db.{ending}").write_bytes(Path(f"{today}.{ending}").read_bytes())
    connection = apsw.Connection(str(path))
    connection.execute(MADE_BY_VERSION_1)
    connection.execute("ATTACH ? AS today", (str(today),))
    for table in COPIED:
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM today.{table}")  # noqa: S608
    connection.execute("INSERT INTO main.meta SELECT * FROM today.meta WHERE name != 'digest'")
    connection.pragma("application_id", 0x4B464C47)
    connection.pragma("user_version", 1)
    connection.close()
    return path


def today_of(old: Path) -> Path:
    return old.with_name("today.db")


def touched(path: Path) -> list[list[int]]:
    with LogReader(path, CODEC) as log:
        return [[record.seq for record in log.read_touching([place])] for place in PLACES]


def test_a_log_of_format_1_is_read_verified_and_exported_as_it_is(old: Path) -> None:
    before = old.read_bytes()
    report = verify_log(old)
    assert (report.ok, report.n_records, report.n_keys) == (True, 12, None)
    assert read_head(old) == read_head(today_of(old))
    assert touched(old) == touched(today_of(old))
    export_log(old, old.with_name("log.jsonl"))
    with LogReader(old, CODEC) as log:
        assert len(recover(log, RULES, Board).board.cases) == 3
    assert old.read_bytes() == before


def test_opened_for_writing_it_is_brought_up_and_goes_on(old: Path) -> None:
    with open_log(old, CODEC) as journal:
        submit(new_engine(journal), SAMPLES, start=100)
    report = verify_log(old)
    assert (report.ok, report.reason) == (True, "")
    assert report.n_records > 12
    assert report.n_keys
    connection = apsw.Connection(str(old))
    assert connection.pragma("user_version") == FORMAT_VERSION == 3
    was = apsw.Connection(str(today_of(old)))
    for query in ("SELECT * FROM records", "SELECT * FROM sightings"):
        first = was.execute(query).fetchall()
        assert connection.execute(query).fetchall()[: len(first)] == first
    connection.close()
    was.close()


def test_the_rows_that_stand_know_which_records_touched_them(old: Path) -> None:
    open_log(old, CODEC).close()
    assert touched(old) == touched(today_of(old))
    assert all(touched(old))


def test_a_log_that_had_touches_before_its_format_said_so_is_taken_as_well(old: Path) -> None:
    connection = apsw.Connection(str(old))
    connection.execute(TOUCHES)
    connection.execute("INSERT INTO touches VALUES ('case', 'C1', 1)")
    connection.close()
    assert verify_log(old).ok
    open_log(old, CODEC).close()
    assert touched(old) == touched(today_of(old))


def test_its_city_is_known_by_the_former_name_and_called_by_the_new_one_from_then_on(
    old: Path,
) -> None:
    with pytest.raises(LogError, match="log of another city"):
        open_log(old, CODEC, LogOptions(city_hash="new name"))
    options = LogOptions(city_hash="new name", former_city_hash="by its former name")
    open_log(old, CODEC, options).close()
    with LogReader(old, CODEC) as log:
        assert log.meta["city_hash"] == "new name"
    open_log(old, CODEC, LogOptions(city_hash="new name")).close()
    with pytest.raises(LogError, match="log of another city"):
        open_log(today_of(old), CODEC, options)  # of today's format, it goes by one name only


def test_an_upgrade_without_room_leaves_the_log_as_it_was(old: Path) -> None:
    connection = open_writer(old, synchronous="FULL")
    connection.pragma("max_page_count", connection.pragma("page_count"))
    with pytest.raises(LogError, match=r"cannot be brought up .* free space on its disk"):
        formats.upgrade(connection, "sqlite", str(old))
    connection.close()
    assert verify_log(old).ok
    assert touched(old) == touched(today_of(old))


def test_a_log_of_format_2_gets_its_epoch_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    write_log(path, SAMPLES)
    connection = apsw.Connection(str(path))
    connection.execute("DROP TABLE epoch")
    connection.pragma("user_version", 2)
    connection.close()
    assert verify_log(path).ok
    with open_log(path, CODEC) as journal:
        submit(new_engine(journal), SAMPLES, start=100)
    assert verify_log(path).ok
    connection = apsw.Connection(str(path))
    assert connection.execute("SELECT epoch FROM epoch").fetchall() == [(1,)]
    assert connection.pragma("user_version") == 3
    connection.close()


@pytest.mark.parametrize("version", [0, 4])
def test_a_format_that_nobody_knows_is_refused_in_one_sentence(old: Path, version: int) -> None:
    connection = apsw.Connection(str(old))
    connection.pragma("user_version", version)
    connection.close()
    with pytest.raises(LogError, match=f"has log format {version}[,;]") as caught:
        open_log(old, CODEC)
    assert "\n" not in str(caught.value)
