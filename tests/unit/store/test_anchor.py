"""A log that lost its end is told by any place that knew it, and goes on only when told to."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from unit.store.toy_desk import CODEC, SAMPLES, new_engine, submit, write_log

from kuaifan.store.anchor import AnchorKeeper
from kuaifan.store.head_file import HeadMark, find_mark, head_path
from kuaifan.store.log_error import LogError
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.verify import verify_log

MARK = HeadMark(3, 4, "ab")


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    folder = tmp_path / "other disk"
    folder.mkdir()
    return folder / "anchor.json"


@pytest.fixture
def old_log(tmp_path: Path, anchor: Path) -> Path:
    """A log that was copied back as it was four records ago, its head file with it."""
    path = tmp_path / "log.db"
    write_log(path, SAMPLES[:6], anchor=anchor)
    copies = [(file, file.with_suffix(file.suffix + ".old")) for file in (path, head_path(path))]
    for file, copy in copies:
        shutil.copy(file, copy)
    with open_log(path, CODEC, LogOptions(anchor=anchor)) as journal:
        submit(new_engine(journal), SAMPLES[6:], start=6)
    for file, copy in copies:
        copy.replace(file)
    return path


def test_the_anchor_follows_the_head(tmp_path: Path, anchor: Path) -> None:
    path = tmp_path / "log.db"
    write_log(path, SAMPLES, anchor=anchor)
    assert find_mark(anchor) == find_mark(head_path(path))
    with open_log(path, CODEC, LogOptions(anchor=anchor)) as journal:
        assert journal.lost == ""


def test_a_log_that_was_taken_back_is_refused_and_what_is_missing_named(
    old_log: Path, anchor: Path
) -> None:
    assert verify_log(old_log).ok, "nothing beside the log knows"
    report = verify_log(old_log, anchor=anchor)
    assert (report.ok, report.first_bad_seq) == (False, 7)
    assert "records 7 to 12 are missing" in report.reason
    with pytest.raises(LogError, match=r"records 7 to 12 are missing .*--accept-shorter-log"):
        open_log(old_log, CODEC, LogOptions(anchor=anchor))


def test_told_so_it_goes_on_and_says_what_was_lost(old_log: Path, anchor: Path) -> None:
    known = find_mark(anchor)
    with open_log(old_log, CODEC, LogOptions(anchor=anchor, accepts_shorter=True)) as journal:
        assert "records 7 to 12 are missing" in journal.lost
        submit(new_engine(journal), SAMPLES[:1], start=50)
    assert find_mark(anchor) == find_mark(head_path(old_log)) != known
    assert find_mark(anchor.with_name(f"{anchor.name}.lost-12")) == known
    open_log(old_log, CODEC, LogOptions(anchor=anchor)).close()


def test_another_history_is_never_accepted(tmp_path: Path, anchor: Path) -> None:
    write_log(tmp_path / "one.db", SAMPLES, anchor=anchor)
    write_log(tmp_path / "two.db", SAMPLES)
    options = LogOptions(anchor=anchor, accepts_shorter=True)
    with pytest.raises(LogError, match="record 12 is not the one that the head file knows"):
        open_log(tmp_path / "two.db", CODEC, options)


def test_no_new_log_is_begun_where_the_anchor_knows_one(tmp_path: Path, anchor: Path) -> None:
    write_log(tmp_path / "one.db", SAMPLES, anchor=anchor)
    with pytest.raises(LogError, match="is gone but"):
        open_log(tmp_path / "new.db", CODEC, LogOptions(anchor=anchor))


def test_an_anchor_that_cannot_be_written_stops_nothing_and_is_said_once(anchor: Path) -> None:
    said: list[str] = []
    is_said = threading.Event()

    def tell(sentence: str) -> None:
        said.append(sentence)
        is_said.set()

    anchor.parent.rmdir()
    keeper = AnchorKeeper(anchor, tell)
    keeper.offer(MARK)
    assert is_said.wait(20)
    anchor.parent.mkdir()
    is_said.clear()
    keeper.offer(MARK)
    assert is_said.wait(20)
    keeper.close()
    assert find_mark(anchor) == MARK
    assert ["cannot be written" in said[0], "is written again" in said[1], len(said)] == [1, 1, 2]
