"""The digest over all owners' keys of a log (密钥摘要): a lost or changed key is found without any.

Keys cannot be in the hash chain, since an erasure destroys them. So the log keeps the sum of the
SHA-256 of every line of owner_keys, modulo 2**256: a line is added, or exchanged for the line that
an erasure leaves, without reading the others. It tells of damage; whoever can rewrite the whole
log can rewrite this too, as with the chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from kuaifan.store.connection import Connection

DIGEST_BYTES: Final = 32
MODULUS: Final = 1 << 8 * DIGEST_BYTES
NO_KEYS: Final = bytes(DIGEST_BYTES)

KeyLine = tuple[int, str, bytes | None]
"""key_no, owner, wrapped; as stored."""


class KeysDigest:
    """A running digest over lines of owner_keys in any order (密钥摘要)."""

    def __init__(self, n_keys: int = 0, digest: bytes = NO_KEYS) -> None:
        self.n_keys, self._sum = n_keys, int.from_bytes(digest, "big")

    @property
    def digest(self) -> bytes:
        """The digest of all lines added and not taken away."""
        return (self._sum % MODULUS).to_bytes(DIGEST_BYTES, "big")

    def add(self, line: KeyLine) -> None:
        """Take in a line."""
        self.n_keys += 1
        self._sum += _number(line)

    def take_away(self, line: KeyLine) -> None:
        """Take out a line that was added."""
        self.n_keys -= 1
        self._sum -= _number(line)


def store_change(
    connection: Connection, *, added: Iterable[KeyLine], gone: Iterable[KeyLine] = ()
) -> None:
    """Bring the stored digest up to a change of owner_keys, in the transaction that makes it."""
    stored: Any = connection.execute("SELECT n_keys, digest FROM owner_keys_digest").fetchone()
    running = KeysDigest(*stored)
    for line in gone:
        running.take_away(line)
    for line in added:
        running.add(line)
    connection.execute(
        "UPDATE owner_keys_digest SET n_keys = ?, digest = ?", (running.n_keys, running.digest)
    )


def _number(line: KeyLine) -> int:
    key_no, owner, wrapped = line
    name, state = owner.encode(), b"destroyed" if wrapped is None else b"kept"
    content = b"%d %d %b:" % (key_no, len(name), state) + name + (wrapped or b"")
    return int.from_bytes(hashlib.sha256(content).digest(), "big")
