"""A signed checkpoint holds a log to what it was, and is checked without any code of ours."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import apsw
import msgspec
import pytest
from unit.store.toy_desk import CODEC, SAMPLES, new_engine, submit, write_log

from kuaifan.app.checkpoint_keeper import EVERY_MS, CheckpointKeeper
from kuaifan.store.checkpoints import (
    Checkpoint,
    Proof,
    checkpoints_path,
    is_signed,
    keep_checkpoint,
    list_checkpoints,
    make_checkpoint,
    prove_record,
)
from kuaifan.store.export import export_log
from kuaifan.store.log_error import LogError
from kuaifan.store.log_place import LogPlace
from kuaifan.store.merkle import MerkleTree, hash_leaf, hash_node, prove
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log

VERIFIER = Path(__file__).parents[3] / "docs" / "verify_checkpoint.py"


def sign(place: LogPlace) -> Checkpoint:
    with LogReader(place, CODEC) as log:
        return make_checkpoint(log, MerkleTree(), made_at_ms=5)


def check(folder: Path, checkpoint: object, *more: str) -> tuple[int, str]:
    """What the stand-alone verifier says."""
    path = folder / "checkpoint.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(checkpoint)))
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-I", str(VERIFIER), str(path), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    write_log(path, SAMPLES)
    return path


def test_roots_are_those_of_rfc_6962_and_every_proof_leads_to_them() -> None:
    leaves = [hashlib.sha256(b"%d" % i).digest() for i in range(20)]

    def defined(part: list[bytes]) -> bytes:
        if len(part) == 1:
            return hash_leaf(part[0])
        half = 1 << (len(part) - 1).bit_length() - 1
        return hash_node(defined(part[:half]), defined(part[half:]))

    tree = MerkleTree()
    assert tree.root == hashlib.sha256(b"").digest()
    for size in range(1, len(leaves) + 1):
        tree.add(leaves[size - 1])
        assert tree.root == defined(leaves[:size])
        for leaf_i in range(size):
            found, place, last = hash_leaf(leaves[leaf_i]), leaf_i, size - 1
            path = iter(prove(leaves[:size], leaf_i))
            while last:
                if place & 1:
                    found = hash_node(next(path), found)
                elif place < last:
                    found = hash_node(found, next(path))
                place, last = place >> 1, last >> 1
            assert (found, next(path, None)) == (tree.root, None)


def test_a_checkpoint_is_the_same_in_both_databases_and_signed(place: LogPlace) -> None:
    write_log(place, SAMPLES)  # type: ignore[arg-type]
    made = sign(place)
    assert (made.seq, is_signed(made)) == (12, True)
    assert made.public_key == sign(place).public_key
    for field, value in (("seq", 11), ("root", "00" * 32), ("made_at_ms", 6), ("signature", "x")):
        assert not is_signed(msgspec.structs.replace(made, **{field: value}))


def test_the_verifier_alone_takes_what_is_true_and_nothing_else(log: Path, tmp_path: Path) -> None:
    made = sign(log)
    export, proof_path = tmp_path / "log.jsonl", tmp_path / "proof.json"
    with open_log(log, CODEC) as journal:
        submit(new_engine(journal), SAMPLES, start=50)  # what comes later is no matter
        journal.flush()
        proof = prove_record(journal.reader, 7, made)
    export_log(log, export)
    proof_path.write_bytes(msgspec.json.encode(proof))
    given = ("--key", made.public_key, "--proof", str(proof_path), "--export", str(export))
    assert check(tmp_path, made, *given) == (
        0,
        f"valid: records 1 to 12, signed by {made.public_key}",
    )
    assert b'"seq":7' in proof.record
    assert check(tmp_path, msgspec.structs.replace(made, seq=11))[0] == 1
    code, said = check(tmp_path, made, "--key", "00" * 32)
    assert (code, "signed by another key" in said) == (1, True)

    forged = json.loads(proof_path.read_bytes())
    record = base64.b64decode(forged["record"]).replace(b"seat-1", b"seat-2").replace(b"en", b"ex")
    proof_path.write_text(json.dumps(forged | {"record": base64.b64encode(record).decode()}))
    code, said = check(tmp_path, made, "--proof", str(proof_path))
    assert (code, "record 7 is not in the checkpoint" in said) == (1, True)

    export.write_text(export.read_text().replace('"title":"noise"', '"title":"NOISE"'))
    code, said = check(tmp_path, made, "--export", str(export))
    assert (code, "not those of the checkpoint" in said) == (1, True)


def test_the_verifier_is_short_enough_to_be_read() -> None:
    assert len(VERIFIER.read_text().splitlines()) < 100


def test_a_proof_is_refused_where_there_is_none(log: Path, tmp_path: Path) -> None:
    made = sign(log)
    write_log(tmp_path / "other.db", SAMPLES)
    with LogReader(log, CODEC) as reader, LogReader(tmp_path / "other.db", CODEC) as other:
        assert isinstance(prove_record(reader, 1, made), Proof)
        with pytest.raises(LogError, match="covers records 1 to 12, not 13"):
            prove_record(reader, 13, made)
        with pytest.raises(LogError, match="is not the log of that checkpoint"):
            prove_record(other, 1, made)


def test_a_log_that_was_written_anew_is_told_by_its_checkpoints(log: Path) -> None:
    made = sign(log)
    keep_checkpoint(checkpoints_path(log), made)
    assert verify_log(log).ok
    other = log.with_name("other.db")
    write_log(other, SAMPLES)
    other.replace(log)
    other.with_name("other.db.head").replace(f"{log}.head")
    report = verify_log(log)
    assert (report.ok, report.first_bad_seq) == (False, 12)
    assert "not those that were signed" in report.reason
    checkpoints_path(log).write_bytes(
        msgspec.json.encode(msgspec.structs.replace(made, root="00" * 32)) + b"\n"
    )
    assert "not as it was signed" in verify_log(log).reason


def test_an_hour_with_something_written_gets_one_checkpoint(log: Path) -> None:
    wall = [1_000_000]
    with open_log(log, CODEC) as journal:
        keeper = CheckpointKeeper(journal.open_reader, log, wall_ms=lambda: wall[0])
        first = keeper.look()
        assert first is not None
        for later_ms in (EVERY_MS - 1, EVERY_MS):
            wall[0] = 1_000_000 + later_ms
            assert keeper.look() is None
        submit(new_engine(journal), SAMPLES, start=50)
        journal.flush()
        second = keeper.look()
        assert second is not None
        assert second.seq > first.seq
    kept = list_checkpoints(checkpoints_path(log))
    assert kept == [first, second]
    assert second == msgspec.structs.replace(
        sign(log), made_at_ms=second.made_at_ms, signature=second.signature
    )
    assert verify_log(log).ok
    connection = apsw.Connection(str(log))
    connection.execute("UPDATE records SET hash = zeroblob(32) WHERE seq = 2")
    connection.close()
    assert verify_log(log).first_bad_seq == 2
