"""A flipped byte in the WAL of a killed desk (预写日志翻转): the head file tells of it.

SQLite drops a flipped frame and all that follow in silence; the head beside the log knows better.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from unit.store.toy_desk import CODEC, SAMPLES, new_engine, submit

from kuaifan.store.head_file import HeadMark, write_head
from kuaifan.store.log_error import LogError
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log

N_FLIPS = 48
PARTS = ("log.db", "log.db-wal", "log.db.key")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a kill leaves: a file, its WAL, its key, and a head that was noted just before."""
    folder, live = tmp_path_factory.mktemp("killed"), tmp_path_factory.mktemp("live")
    with open_log(live / "log.db", CODEC) as journal:
        submit(new_engine(journal), SAMPLES)
        journal.flush()
        for part in PARTS:
            shutil.copy(live / part, folder / part)
        head = journal.reader.head()
    write_head(folder / "log.db", HeadMark(head.seq, head.input_no, head.hash.hex()))
    return folder


@pytest.mark.parametrize("flip_i", range(N_FLIPS))
def test_a_flip_anywhere_loses_nothing_unsaid(killed: Path, tmp_path: Path, flip_i: int) -> None:
    shutil.copytree(killed, tmp_path / "log")
    log = tmp_path / "log" / "log.db"
    wal = Path(f"{log}-wal")
    content = bytearray(wal.read_bytes())
    content[flip_i * len(content) // N_FLIPS] ^= 0x40
    wal.write_bytes(content)
    try:
        open_log(log, CODEC).close()
    except LogError:
        return
    assert verify_log(log).ok
    with LogReader(log, CODEC) as after, LogReader(_untouched(killed, tmp_path), CODEC) as before:
        assert after.content_hash() == before.content_hash()


def _untouched(killed: Path, tmp_path: Path) -> Path:
    shutil.copytree(killed, tmp_path / "whole")
    return tmp_path / "whole" / "log.db"
