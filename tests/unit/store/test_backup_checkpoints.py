"""The checkpoints of a log are backed up with it, and stay where they are backed up."""

from __future__ import annotations

from pathlib import Path

from unit.store.toy_desk import CODEC, SAMPLES, write_log

from kuaifan.store.backup import Shipper
from kuaifan.store.checkpoints import (
    Checkpoint,
    checkpoints_path,
    keep_checkpoint,
    list_checkpoints,
    make_checkpoint,
)
from kuaifan.store.master_key import default_key_path
from kuaifan.store.merkle import MerkleTree
from kuaifan.store.reading import LogReader
from kuaifan.store.restore import RestoreOptions, restore_log
from kuaifan.store.verify import verify_log


def keep(path: Path, made_at_ms: int) -> Checkpoint:
    with LogReader(path, CODEC) as log:
        checkpoint = make_checkpoint(log, MerkleTree(), made_at_ms=made_at_ms)
    keep_checkpoint(checkpoints_path(path), checkpoint)
    return checkpoint


def test_checkpoints_come_back_with_the_records_that_they_are_of(tmp_path: Path) -> None:
    path, folder, back = tmp_path / "log.db", tmp_path / "backup", tmp_path / "back.db"
    write_log(path, SAMPLES[:3])
    first = keep(path, 5)
    with Shipper(path, folder) as shipper:
        shipper.ship()
    write_log(path, SAMPLES[3:])
    last = keep(path, 6)
    assert first.seq < last.seq
    with Shipper(path, folder) as shipper:
        shipper.ship()
        shipper.ship()
    restore_log(folder, back, RestoreOptions(key_path=default_key_path(path)))
    assert list_checkpoints(checkpoints_path(back)) == [first, last]
    assert verify_log(back).ok
    part = tmp_path / "part.db"
    options = RestoreOptions(key_path=default_key_path(path), to_seq=first.seq)
    restore_log(folder, part, options)
    assert list_checkpoints(checkpoints_path(part)) == [first]
    assert verify_log(part).ok


def test_a_checkpoint_that_is_taken_away_beside_the_log_stays_in_the_backup(tmp_path: Path) -> None:
    path, folder = tmp_path / "log.db", tmp_path / "backup"
    write_log(path, SAMPLES)
    kept = keep(path, 5)
    with Shipper(path, folder) as shipper:
        shipper.ship()
        checkpoints_path(path).write_bytes(b"{}\n")  # what does not read ends no shipping
        shipper.ship()
        checkpoints_path(path).unlink()
        keep(path, 6)
        shipper.ship()
    found = list_checkpoints(folder / "checkpoints.jsonl")
    assert found[0] == kept
    assert [each.made_at_ms for each in found] == [5, 6]
