"""`kuaifan backup` and `kuaifan restore`: a desk's log comes back ready to serve, and replays."""

import shutil

import pytest
from freeze_log import FROZEN

import kuaifan as package
from kuaifan.app.backup import follow
from kuaifan.kernel.journal import StorageError

DB = "sqlite:///{}"


@pytest.fixture(name="log")
def fixture_log(tmp_path):
    """A copy of the log of this release."""
    folder = shutil.copytree(FROZEN / package.__version__, tmp_path / "frozen")
    return folder / "log.db"


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (("--to", "yesterday"), "is no instant"),
        (("--to", "2026-11-22T20:00:00"), "is no instant"),
        (("--to-seq", "3", "--to", "2026-11-22T20:00:00+08:00"), "two ends"),
        (("--erasures", "nowhere"), "no register of erasures"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_made(kuaifan, log, tmp_path, extra, said):
    folder, back = tmp_path / "backup", tmp_path / "desk.db"
    assert kuaifan("backup", "--db", DB.format(log), "-o", str(folder)) == 0
    where = ("--db", DB.format(back), "--key", f"{log}.key")
    assert kuaifan("restore", str(folder), *where, *extra) == 2
    assert said in kuaifan.problem
    assert not back.exists()


def test_a_backup_that_follows_goes_on_when_its_disk_is_back(log, tmp_path, capfd):
    folder, slept = tmp_path / "backup", []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 2:
            shutil.rmtree(folder / "segments")
            shutil.move(folder, tmp_path / "away")
        elif len(slept) == 4:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, StorageError)):
        follow(DB.format(log), folder, every_s=0.5, sleep=sleep)
    assert slept == [0.5, 0.5, 5.0, 0.5]
    assert "trying again every 5 s" in capfd.readouterr().err
