"""The hash chain over the stored bytes (哈希链).

    hash_n = H(hash_{n-1} || H(sightings since the previous record) || stored bytes of record n)

A sighting counts with its number, time, actor and body; those after the last record are the
tail, kept in chain_head until the next record covers them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from kuaifan.kernel.record import GENESIS_HASH
from kuaifan.store.log_error import LogError

NewHash = Callable[[bytes], Any]
DEFAULT_HASH: Final = "sha256"
RECORD_TYPES: Final = (int, int, int, str, str, bytes, bytes)
SIGHTING_TYPES: Final = (int, int, str, bytes)
HEAD_TYPES: Final = (int, int, int, bytes, bytes)
"""What the columns of a sound log hold; a flipped bit in the file can make any of them another."""


class ChainHead(msgspec.Struct, frozen=True):
    """How far the stored log has come (链头); tail: digest of what was sighted after it."""

    seq: int
    input_no: int
    at_ms: int
    hash: bytes
    tail: bytes


def get_hash(name: str) -> NewHash:
    """Return the hash function of a name: sha256, sm3 (国密) or another that OpenSSL has."""
    try:
        hashlib.new(name)
    except ValueError:
        raise LogError(
            f"hash {name!r} is not available here; use a Python whose OpenSSL has it, or sha256"
        ) from None
    return getattr(hashlib, name, None) or partial(hashlib.new, name)


class Chain:
    """Links records as they are stored (链)."""

    def __init__(self, hash_name: str, last_hash: bytes = GENESIS_HASH) -> None:
        self._new_hash = get_hash(hash_name)
        self._empty: bytes = self._new_hash(b"").digest()
        self._last = last_hash
        self._tail: Any = None

    @property
    def last_hash(self) -> bytes:
        """Hash of the last record."""
        return self._last

    @property
    def tail_digest(self) -> bytes:
        """Digest of the sightings since the last record."""
        digest: bytes = self._empty if self._tail is None else self._tail.digest()
        return digest

    def add_sighting(self, input_no: int, at_ms: int, actor: str, body: bytes) -> None:
        """Take in a sighting; the next record covers it."""
        if self._tail is None:
            self._tail = self._new_hash(b"")
        name = actor.encode()
        self._tail.update(b"%d %d %d %d:" % (input_no, at_ms, len(name), len(body)))
        self._tail.update(name + body)

    def add_record(self, body: bytes) -> bytes:
        """Link the next record and return its hash."""
        tail = self._empty if self._tail is None else self._tail.digest()
        last: bytes = self._new_hash(self._last + tail + body).digest()
        self._last, self._tail = last, None
        return last
