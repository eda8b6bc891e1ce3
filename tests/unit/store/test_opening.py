"""Everything that can be wrong with a log is said in one sentence, and nothing is changed."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import apsw
import pytest
from unit.store.toy_desk import CODEC, SAMPLES, SECRETS, new_engine, submit, write_log

from kuaifan.kernel.codec import Codec
from kuaifan.store.export import read_head
from kuaifan.store.head_file import HeadMark, find_head, head_path, write_head
from kuaifan.store.log_error import LogError
from kuaifan.store.migrations import FORMAT_VERSION
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.sqlite_connection import require_sqlite
from kuaifan.store.verify import verify_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    write_log(tmp_path / "log.db", SAMPLES, city_hash="futian", city_path="/cities/futian")
    return tmp_path / "log.db"


def refusal(path: Path, **options: object) -> str:
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(LogError) as caught:
        open_log(path, CODEC, LogOptions(**options))  # type: ignore[arg-type]
    after = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    assert after == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def change(path: Path, sql: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


def test_an_old_sqlite_is_refused() -> None:
    require_sqlite("3.51.3")
    require_sqlite("3.52.0.1")
    with pytest.raises(
        LogError, match=r"SQLite 3\.51\.2 can corrupt a log .* install apsw 3\.51\.3"
    ):
        require_sqlite("3.51.2")
    require_sqlite()


def test_a_closed_log_is_one_file_with_its_head_and_a_private_key(log: Path) -> None:
    names = sorted(file.name for file in log.parent.iterdir())
    assert names == ["log.db", "log.db.head", "log.db.key"]
    assert stat.S_IMODE(log.with_name("log.db.key").stat().st_mode) == 0o600


def test_the_head_is_noted_while_the_log_is_written(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with open_log(path, CODEC) as journal:
        engine = new_engine(journal)
        start = 0
        while not head_path(path).exists():
            submit(engine, SAMPLES, start=start)
            journal.flush()
            start += len(SAMPLES)
        mark = find_head(path)
        assert mark is not None
        records = {record.seq: record for record in journal.reader.read_records()}
        assert mark.seq in records
    last, mark = read_head(path), find_head(path)
    assert mark == HeadMark(last.seq, last.input_no, last.hash.hex())


def test_a_log_goes_on_where_it_ended(log: Path) -> None:
    end = read_head(log)
    with open_log(log, CODEC, LogOptions(city_hash="futian")) as journal:
        submit(new_engine(journal), SAMPLES, start=100)
    report = verify_log(log)
    assert report.ok
    assert report.n_records > end.seq


def test_a_log_of_another_city_is_refused(log: Path) -> None:
    assert "log of another city (/cities/futian)" in refusal(log, city_hash="nanshan")
    open_log(log, CODEC, LogOptions(city_hash="futian")).close()
    open_log(log, CODEC).close()


def test_a_file_that_is_no_log_is_refused_untouched(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database at all, but long enough to look at\n" * 20)
    assert "is not a Kuaifan log" in refusal(text)
    with pytest.raises(LogError, match="is not a Kuaifan log"):
        verify_log(text)
    other = tmp_path / "other.db"
    change(other, "CREATE TABLE other (x)")
    assert "is not a Kuaifan log" in refusal(other)


def test_a_newer_format_is_refused(log: Path) -> None:
    change(log, f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    assert f"log format {FORMAT_VERSION + 1}, this Kuaifan knows up to" in refusal(log)


def test_a_missing_log_is_not_made_by_reading(tmp_path: Path) -> None:
    for read in (verify_log, read_head, lambda path: LogReader(path, CODEC)):
        with pytest.raises(LogError, match="there is no log at"):
            read(tmp_path / "log.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"cannot be written .* choose a folder that can"):
        open_log(tmp_path / "missing" / "log.db", CODEC)
    (tmp_path / "file").write_text("x")
    with pytest.raises(LogError, match=r"cannot be written .* choose a folder that can"):
        open_log(tmp_path / "file" / "log.db", CODEC)


def test_a_missing_wrong_or_broken_key_file_is_told(log: Path, tmp_path: Path) -> None:
    key = log.with_name("log.db.key")
    other = tmp_path / "other"
    other.mkdir()
    write_log(other / "log.db", SAMPLES)
    assert "is not the one" in refusal(log, key_path=other / "log.db.key")
    wrong = LogReader(log, CODEC, key_path=other / "log.db.key")
    with wrong, pytest.raises(LogError, match="put the right key file back"):
        list(wrong.read_records())
    key.write_text("kuaifan-key-1 zz\n")
    assert "is not a Kuaifan key file" in refusal(log)
    key.unlink()
    assert "its key file" in refusal(log)
    with LogReader(log, CODEC) as reader:
        assert reader.head().seq == 12
        with pytest.raises(LogError, match=r"log\.db\.key is missing"):
            list(reader.read_records())
    assert verify_log(log).ok


def test_a_key_file_may_lie_elsewhere(tmp_path: Path) -> None:
    key_path = tmp_path / "safe" / "desk.key"
    key_path.parent.mkdir()
    log = tmp_path / "log.db"
    write_log(log, SAMPLES, key_path=key_path)
    assert not log.with_name("log.db.key").exists()
    with LogReader(log, CODEC, key_path=key_path) as reader:
        assert SECRETS[0].encode() in b"".join(reader.read_canonical())


def test_two_writers_are_not_let_in(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with open_log(path, CODEC), pytest.raises(LogError, match="being written by another process"):
        open_log(path, CODEC)
    open_log(tmp_path / "log.db", CODEC).close()


def test_a_torn_end_is_refused_until_the_loss_is_accepted(tmp_path: Path) -> None:
    """SQLite drops a torn WAL in silence: only the head file knows."""
    live, torn = tmp_path / "live", tmp_path / "torn"
    live.mkdir()
    with open_log(live / "log.db", CODEC) as journal:
        submit(new_engine(journal), SAMPLES)
        journal.flush()
        subprocess.run(  # noqa: S603 - our own temporary files
            ["/bin/cp", "-r", str(live), str(torn)], check=True
        )
        head = journal.reader.head()
    path = torn / "log.db"
    for part in ("log.db-shm", "log.db.lock"):
        (torn / part).unlink(missing_ok=True)
    write_head(path, HeadMark(head.seq, head.input_no, head.hash.hex()))
    wal = torn / "log.db-wal"
    wal.write_bytes(wal.read_bytes()[: wal.stat().st_size // 2])
    with pytest.raises(LogError, match=r"the end is lost, records \d+ to 12 are missing"):
        open_log(path, CODEC)
    assert not verify_log(path).ok
    head_path(path).unlink()
    with open_log(path, CODEC) as journal:
        assert journal.reader.head().seq < head.seq
    assert verify_log(path).ok


def test_a_head_file_of_another_log_is_refused(log: Path) -> None:
    write_head(log, HeadMark(3, 3, "00" * 32))
    assert "record 3 is not the one that the head file knows" in refusal(log)
    write_head(log, HeadMark(12, 99, "00" * 32))
    assert "the last positions are lost" in refusal(log)
    head_path(log).write_text("{")
    assert "is damaged; run `kuaifan log verify`" in refusal(log)
    assert "is damaged" in verify_log(log).reason


def test_a_lost_log_beside_its_head_file_is_not_begun_anew(log: Path) -> None:
    log.unlink()
    assert "put the log back from a backup, or delete the head file" in refusal(log)


def test_a_damaged_log_is_refused(log: Path) -> None:
    change(log, "UPDATE chain_head SET seq = 11")
    assert "is damaged; run `kuaifan log verify`" in refusal(log)
    with log.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096))
    assert "damaged" in refusal(log)


def test_a_making_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.touch()
    open_log(path, CODEC).close()
    empty = tmp_path / "empty.db"
    change(empty, "PRAGMA journal_mode = WAL")
    assert empty.stat().st_size > 0
    open_log(empty, CODEC).close()
    assert verify_log(empty).ok


def test_a_run_in_batch_mode_needs_a_new_log(log: Path) -> None:
    assert "a run in batch mode needs a new log" in refusal(log, durability="batch")


def test_an_archived_log_is_read_without_writing_beside_it(log: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    shutil.copy(log, archive)
    assert verify_log(archive / "log.db").ok
    assert [file.name for file in archive.iterdir()] == ["log.db"]


def test_a_log_with_messages_of_another_build_is_told(log: Path) -> None:
    with LogReader(log, Codec([], [])) as reader, pytest.raises(ValueError, match="is unknown to"):
        list(reader.read_records())
