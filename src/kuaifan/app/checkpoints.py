"""Checkpoints and proofs written to files (导出检查点), for whoever checks the log elsewhere."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from kuaifan.app.database import existing_log
from kuaifan.app.rules import core_codec
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.whole_file import replace_file
from kuaifan.store.checkpoints import (
    Checkpoint,
    Proof,
    make_checkpoint,
    prove_record,
    read_checkpoint,
)
from kuaifan.store.merkle import MerkleTree
from kuaifan.store.reading import LogReader


def write_checkpoint(db: str, output: Path) -> Checkpoint:
    """Sign the log as it stands and write the checkpoint; raises BadInputError."""
    with LogReader(existing_log(db), core_codec()) as log:
        made = make_checkpoint(log, MerkleTree(), made_at_ms=_now_ms())
    _write(output, made)
    return made


def write_proof(db: str, seq: int, checkpoint: Path | None, output: Path) -> Proof:
    """Write the proof that a record is in a checkpoint; raises BadInputError."""
    given = None if checkpoint is None else read_checkpoint(checkpoint)
    with LogReader(existing_log(db), core_codec()) as log:
        given = given or make_checkpoint(log, MerkleTree(), made_at_ms=_now_ms())
        proof = prove_record(log, seq, given)
    _write(output, proof)
    return proof


def _write(output: Path, content: Checkpoint | Proof) -> None:
    try:
        replace_file(output, msgspec.json.format(msgspec.json.encode(content)) + b"\n")
    except OSError as error:
        raise BadInputError(f"{output} cannot be written: {error.strerror}") from None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
