"""Checkpoints of a log (检查点): a signed root over all its records, to be kept in other hands.

Whoever has a checkpoint can tell later whether any record up to it was changed, left out or put in,
and can be shown that one record was in the log then, without the others. It is signed with an
Ed25519 key derived from the master key; what makes it hold against who has that key too is only
that copies lie elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kuaifan.store.chain import Chain
from kuaifan.store.log_error import LogError
from kuaifan.store.master_key import MasterKey
from kuaifan.store.merkle import MerkleTree, prove
from kuaifan.store.reading import LogReader

CHECKPOINT_FORMAT: Final = 1


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint (检查点); hashes, key and signature in hexadecimal.

    created_at_ms: of the log, which tells it from others of the same city. at_ms: of the last
    record. made_at_ms: when it was signed.
    """

    kuaifan_checkpoint: int
    city_hash: str
    created_at_ms: str
    seq: int
    at_ms: int
    hash: str
    root: str
    made_at_ms: int
    public_key: str = ""
    signature: str = ""


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a record is in a checkpoint (包含证明); record: its stored bytes.

    The record's hash is that of previous_hash, the digest of the sightings before it, and record.
    path: siblings from its leaf to the root.
    """

    seq: int
    hash_name: str
    previous_hash: str
    sightings: str
    record: bytes
    path: tuple[str, ...]
    checkpoint: Checkpoint


def checkpoints_path(files: Path) -> Path:
    """Where the checkpoints of a log lie; files: what the names beside the log begin with."""
    return Path(f"{files}.checkpoints")


def signed_bytes(checkpoint: Checkpoint) -> bytes:
    """What is signed: every field but key and signature, a line each, with its name."""
    fields = list(msgspec.structs.asdict(checkpoint).items())[:-2]
    return "".join(f"{name} {value}\n" for name, value in fields).encode()


def make_checkpoint(log: LogReader, tree: MerkleTree, *, made_at_ms: int) -> Checkpoint:
    """Bring a tree up to the head of its log and sign its root; reads what is new to the tree."""
    head = log.head()
    for link in log.read_hashes(tree.n_leaves, head.seq):
        tree.add(link)
    plain = Checkpoint(
        kuaifan_checkpoint=CHECKPOINT_FORMAT,
        city_hash=log.meta["city_hash"],
        created_at_ms=log.meta["created_at_ms"],
        seq=head.seq,
        at_ms=head.at_ms,
        hash=head.hash.hex(),
        root=tree.root.hex(),
        made_at_ms=made_at_ms,
    )
    return _sign(plain, log.master)


def is_signed(checkpoint: Checkpoint) -> bool:
    """Whether a checkpoint is as it was signed, by the key that it names."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.public_key))
        key.verify(bytes.fromhex(checkpoint.signature), signed_bytes(checkpoint))
    except (InvalidSignature, ValueError):
        return False
    return True


def read_checkpoint(path: Path) -> Checkpoint:
    """Read an exported checkpoint."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Checkpoint)
    except FileNotFoundError:
        raise LogError(f"there is no checkpoint {path}; check the path") from None
    except (OSError, msgspec.DecodeError) as error:
        raise LogError(f"{path} is no checkpoint ({error}); name one that was exported") from None


def list_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints kept beside a log, none where there is no file; a cut last line is left out.

    Raises LogError for a file that was damaged.
    """
    try:
        whole = path.read_bytes().rpartition(b"\n")[0].splitlines()
        return [msgspec.json.decode(line, type=Checkpoint) for line in whole]
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogError(
            f"{path} is damaged ({error}); put it back from a copy, or move it away"
        ) from None


def keep_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Append a checkpoint to those kept beside a log."""
    with path.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
        file.write(msgspec.json.encode(checkpoint) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def prove_record(log: LogReader, seq: int, checkpoint: Checkpoint) -> Proof:
    """Prove that a record is in a checkpoint; reads the hashes of all records up to it.

    Raises LogError for a record that is not in it, and for a checkpoint that does not fit the log.
    """
    if not 1 <= seq <= checkpoint.seq:
        raise LogError(f"the checkpoint covers records 1 to {checkpoint.seq}, not {seq}")
    links = list(log.read_hashes(0, checkpoint.seq))
    tree = MerkleTree()
    for link in links:
        tree.add(link)
    if (tree.n_leaves, tree.root.hex()) != (checkpoint.seq, checkpoint.root):
        raise LogError(
            f"{log.place} is not the log of that checkpoint, or was changed since; run "
            "`kuaifan log verify`"
        )
    hash_name = log.meta["hash_name"]
    chain = Chain(hash_name, links[seq - 2] if seq > 1 else Chain(hash_name).last_hash)
    for sighting in log.read_stored_sightings(seq):
        chain.add_sighting(*sighting)
    return Proof(
        seq=seq,
        hash_name=hash_name,
        previous_hash=chain.last_hash.hex(),
        sightings=chain.tail_digest.hex(),
        record=log.get_stored(seq),
        path=tuple(each.hex() for each in prove(links, seq - 1)),
        checkpoint=checkpoint,
    )


class CheckpointWatch:
    """Compares the checkpoints kept beside a log with its records, as these go by (检查点核对)."""

    def __init__(self, checkpoints: list[Checkpoint]) -> None:
        self._waiting: Iterator[Checkpoint] = iter(sorted(checkpoints, key=lambda c: c.seq))
        self._next = next(self._waiting, None)
        self._tree = MerkleTree()

    def find_fault(self, record_hash: bytes) -> str:
        """Take in the next record; what does not fit in words, '' for nothing."""
        if self._next is None:
            return ""
        self._tree.add(record_hash)
        while self._next is not None and self._next.seq <= self._tree.n_leaves:
            found = self._next
            if not is_signed(found):
                return f"the checkpoint of record {found.seq} is not as it was signed"
            if found.seq == self._tree.n_leaves and found.root != self._tree.root.hex():
                return f"the records up to {found.seq} are not those that were signed then"
            self._next = next(self._waiting, None)
        return ""


def _sign(plain: Checkpoint, master: MasterKey) -> Checkpoint:
    key = master.signing_key()
    return msgspec.structs.replace(
        plain,
        public_key=key.public_key().public_bytes_raw().hex(),
        signature=key.sign(signed_bytes(plain)).hex(),
    )
