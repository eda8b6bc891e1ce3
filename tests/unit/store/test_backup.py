"""A log is shipped while it is written, and comes back to any record, without what was erased."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from unit.store.toy_desk import (
    CODEC,
    RULES,
    SAMPLES,
    SECRETS,
    START_MS,
    Board,
    NoteCase,
    OpenCase,
    new_engine,
    picture,
    submit,
    write_log,
)

from kuaifan.kernel.personal import is_erased
from kuaifan.store import backup
from kuaifan.store.backup import Shipper
from kuaifan.store.backup_format import list_files, read_keys
from kuaifan.store.erasure_register import read_register, register_path
from kuaifan.store.log_error import LogError
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.master_key import default_key_path
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.restore import RestoreOptions, restore_log
from kuaifan.store.verify import verify_log


def ship(place: LogPlace, folder: Path) -> int:
    with Shipper(place, folder) as shipper:
        return shipper.ship().seq


def bring_back(folder: Path, source: LogPlace, target: LogPlace, **options: object) -> LogPlace:
    key_path = default_key_path(files_of(source))
    restore_log(folder, target, RestoreOptions(key_path=key_path, **options))  # type: ignore[arg-type]
    return target


def canonical(place: LogPlace) -> list[bytes]:
    with LogReader(place, CODEC) as log:
        return list(log.read_canonical())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    write_log(path, SAMPLES)
    return path


def test_a_desk_is_shipped_as_it_writes_and_comes_back_whole(
    place: LogPlace, tmp_path: Path
) -> None:
    folder, back = tmp_path / "backup", tmp_path / "back.db"
    with open_log(place, CODEC) as journal:
        engine = new_engine(journal)
        with Shipper(place, folder) as shipper:
            assert shipper.ship().seq == 0
            submit(engine, SAMPLES[:4])
            journal.flush()
            assert shipper.ship().seq == journal.reader.head().seq == 4
            submit(engine, SAMPLES[4:], start=4)
            journal.flush()
            assert shipper.ship().seq == journal.reader.head().seq == 12
            assert shipper.ship().seq == 12
        expected = picture(recover(journal.reader, RULES, Board))
    bring_back(folder, place, back)
    report = verify_log(back)
    assert (report.ok, report.reason, report.n_records) == (True, "", 12)
    assert canonical(back) == canonical(place)
    with open_log(back, CODEC) as journal:
        assert journal.find_record("seat-1", "key-0") is not None
        assert journal.rebuild(RULES, Board).n_records == 12
        assert journal.reader.list_row_ids("case", "13800138000") == ["C1"]
        state = recover(journal.reader, RULES, Board)
        # The sighting after the last record waits for the next one, and is not in the backup.
        assert picture(state)[1:] != expected
        assert state.board.cases.keys() == {"C1", "C2", "C3"}
        submit(new_engine(journal), SAMPLES, start=100)
    assert verify_log(back).ok


def test_a_log_moves_from_a_file_into_a_server(
    log: Path, in_postgres: LogPlace, tmp_path: Path
) -> None:
    ship(log, tmp_path / "backup")
    files_of(in_postgres).parent.mkdir(parents=True)
    bring_back(tmp_path / "backup", log, in_postgres)
    assert verify_log(in_postgres).ok
    assert canonical(in_postgres) == canonical(log)


def test_every_record_is_a_place_to_come_back_to(log: Path, tmp_path: Path) -> None:
    folder, whole = tmp_path / "backup", canonical(log)
    ship(log, folder)
    for seq in range(len(whole) + 1):
        back = bring_back(folder, log, tmp_path / f"{seq}.db", to_seq=seq)
        report = verify_log(back)
        assert (report.ok, report.reason) == (True, "")
        assert canonical(back) == whole[:seq]
        open_log(back, CODEC).close()


def test_an_instant_is_a_place_to_come_back_to(log: Path, tmp_path: Path) -> None:
    ship(log, tmp_path / "backup")
    with LogReader(log, CODEC) as reader:
        at_ms = [record.at_ms for record in reader.read_records()]
    for second in (-1, 0, 3, 99):
        limit = START_MS + 1_000 * second
        back = bring_back(tmp_path / "backup", log, tmp_path / f"t{second}.db", to_ms=limit)
        assert len(canonical(back)) == sum(each <= limit for each in at_ms)


def test_nothing_personal_and_no_master_key_is_in_a_backup(log: Path, tmp_path: Path) -> None:
    ship(log, tmp_path / "backup")
    content = b"".join(p.read_bytes() for p in (tmp_path / "backup").rglob("*") if p.is_file())
    secret = default_key_path(log).read_text().split()[1]
    assert secret.encode() not in content
    assert bytes.fromhex(secret) not in content
    assert not any(text.encode() in content for text in SECRETS)
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_what_was_erased_after_the_backup_stays_erased(place: LogPlace, tmp_path: Path) -> None:
    write_log(place, SAMPLES)
    ship(place, tmp_path / "backup")
    with open_log(place, CODEC) as journal:
        journal.erase_owner("case", "C1")
    register = register_path(files_of(place))
    assert list(read_register(register).values()) == ["case:C1"]
    back = bring_back(tmp_path / "backup", place, tmp_path / "b.db", registers=(register,))
    with LogReader(back, CODEC) as log:
        assert is_erased(recover(log, RULES, Board).board.cases["C1"].caller)
    # A file that somebody copied back by hand is met at the next opening.
    bare = bring_back(tmp_path / "backup", place, tmp_path / "bare.db")
    with LogReader(bare, CODEC) as log:
        assert not is_erased(recover(log, RULES, Board).board.cases["C1"].caller)
    shutil.copy(register, register_path(files_of(bare)))
    with open_log(bare, CODEC) as journal:
        assert is_erased(recover(journal.reader, RULES, Board).board.cases["C1"].caller)
    assert verify_log(bare).ok


def test_a_key_destroyed_in_the_log_leaves_its_backup_too(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    ship(log, folder)
    kept = {key.owner: key.wrapped for key in read_keys(list_files(folder, "keys")[0])}
    with open_log(log, CODEC) as journal, Shipper(log, folder) as shipper:
        journal.erase_owner("case", "C1")
        submit(new_engine(journal), [OpenCase(title="new", caller="x")], start=50)
        journal.flush()
        shipper.ship()
    now = {key.owner: key.wrapped for path in list_files(folder, "keys") for key in read_keys(path)}
    assert now == kept | {"case:C1": None, "case:C4": now["case:C4"]}
    gone = kept["case:C1"]
    assert gone is not None
    # An older copy of the backup, restored with the register of the newer one.
    again = bring_back(folder, log, tmp_path / "b.db")
    with LogReader(again, CODEC) as reader:
        assert is_erased(recover(reader, RULES, Board).board.cases["C1"].caller)
    assert verify_log(again).ok
    assert ship(log, folder) > 12


def test_an_owner_of_the_same_name_after_a_restore_is_somebody_else(
    log: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    with open_log(log, CODEC) as journal:
        submit(new_engine(journal), [OpenCase(title="later", caller="13711111111")], start=50)
        journal.erase_owner("case", "C4")
    ship(log, folder)
    back = bring_back(folder, log, tmp_path / "b.db", to_seq=12, registers=(register_path(log),))
    shutil.copy(register_path(log), register_path(back))  # type: ignore[arg-type]
    with open_log(back, CODEC) as journal:
        submit(new_engine(journal), [OpenCase(title="new", caller="13622222222")], start=60)
        journal.flush()
        assert recover(journal.reader, RULES, Board).board.cases["C4"].caller == "13622222222"
    open_log(back, CODEC).close()
    with LogReader(back, CODEC) as reader:
        assert recover(reader, RULES, Board).board.cases["C4"].caller == "13622222222"


def test_a_pass_that_was_cut_short_is_taken_up_again(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STRETCH", 5)
    folder = tmp_path / "backup"
    ship(log, folder)
    (segment,) = list_files(folder, "segments")
    size = segment.stat().st_size
    expected = canonical(log)
    for n_bytes in (size - 3, size // 2, 60, 7, 0):
        os.truncate(segment, n_bytes)
        os.truncate(list_files(folder, "keys")[0], n_bytes // 20)
        assert ship(log, folder) == 12
        back = bring_back(folder, log, tmp_path / f"{n_bytes}.db")
        assert canonical(back) == expected
        assert verify_log(back).ok


def test_many_segments_are_one_backup(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STRETCH", 2)
    monkeypatch.setattr(backup, "SEGMENT_BYTES", 600)
    folder = tmp_path / "backup"
    ship(log, folder)
    segments = list_files(folder, "segments")
    assert len(segments) > 3
    assert canonical(bring_back(folder, log, tmp_path / "b.db")) == canonical(log)
    segments[1].unlink()
    with pytest.raises(LogError, match="segment 2, which goes on after record"):
        bring_back(folder, log, tmp_path / "c.db")


def test_a_backup_that_lost_its_end_says_what_is_missing(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STRETCH", 5)
    folder = tmp_path / "backup"
    ship(log, folder)
    (segment,) = list_files(folder, "segments")
    os.truncate(segment, segment.stat().st_size - 3)
    with pytest.raises(LogError, match="records 11 to 12 were shipped and are missing"):
        bring_back(folder, log, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()
    assert not default_key_path(tmp_path / "b.db").exists()
    assert len(canonical(bring_back(folder, log, tmp_path / "b.db", to_seq=10))) == 10
    with pytest.raises(LogError, match="there is no 11 in it"):
        bring_back(folder, log, tmp_path / "c.db", to_seq=11)


def test_a_changed_backup_is_not_brought_back(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    ship(log, folder)
    (segment,) = list_files(folder, "segments")
    segment.write_bytes(segment.read_bytes().replace(b'"title":"noise"', b'"title":"NOISE"', 1))
    with pytest.raises(LogError, match="record 6, or a sighting before it"):
        bring_back(folder, log, tmp_path / "b.db")


def test_a_damaged_log_is_not_shipped_over_a_good_backup(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    ship(log, folder)
    with open_log(log, CODEC) as journal:
        submit(new_engine(journal), [NoteCase(case_id="C1", note="more")], start=50)
        journal._run_job(
            lambda c: c.execute(
                "UPDATE records SET body = CAST(body || ' ' AS BLOB) WHERE seq = 13"
            )
        )
    with pytest.raises(LogError, match="record 13, or a sighting before it"):
        ship(log, folder)
    assert len(canonical(bring_back(folder, log, tmp_path / "b.db"))) == 12


def test_a_folder_takes_one_log_and_a_place_no_second_one(log: Path, tmp_path: Path) -> None:
    folder, other = tmp_path / "backup", tmp_path / "other.db"
    ship(log, folder)
    write_log(other, SAMPLES)
    with pytest.raises(LogError, match="is the backup of another log"):
        ship(other, folder)
    with pytest.raises(LogError, match="holds a log; a backup is brought back to a new place only"):
        bring_back(folder, log, other)
    with pytest.raises(LogError, match="is not the key of the log in"):
        bring_back(folder, other, tmp_path / "b.db")
    with pytest.raises(LogError, match="is not a backup of a log"):
        bring_back(tmp_path / "nothing", log, tmp_path / "b.db")
    taken_back = bring_back(folder, log, tmp_path / "b.db", to_seq=4)
    with pytest.raises(LogError, match="does not have: it was taken back"):
        ship(taken_back, folder)
