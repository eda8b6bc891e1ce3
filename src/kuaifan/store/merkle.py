"""A Merkle tree over the hashes of records (默克尔树), as in RFC 6962: one root for all to a seq.

A leaf is SHA-256(00 || record hash), a node SHA-256(01 || left || right). Only the roots of whole
subtrees are kept, one for each bit of the number of leaves, so that a tree grows by what is new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


class MerkleTree:
    """A growing tree (默克尔树); its proofs are made from all leaves by `prove`."""

    def __init__(self) -> None:
        self.n_leaves = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, record_hash: bytes) -> None:
        """Take in the next leaf."""
        size, top = 1, hash_leaf(record_hash)
        while self._peaks and self._peaks[-1][0] == size:
            _, left = self._peaks.pop()
            size, top = 2 * size, hash_node(left, top)
        self._peaks.append((size, top))
        self.n_leaves += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves; of none the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        found = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            found = hash_node(peak, found)
        return found


def hash_leaf(record_hash: bytes) -> bytes:
    """The leaf of a record."""
    return hashlib.sha256(b"\x00" + record_hash).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """The node over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def prove(record_hashes: Sequence[bytes], leaf_i: int) -> list[bytes]:
    """The siblings on the way from a leaf to the root, the lowest first (包含证明)."""
    level = [hash_leaf(each) for each in record_hashes]
    path: list[bytes] = []
    while len(level) > 1:
        sibling_i = leaf_i ^ 1
        if sibling_i < len(level):
            path.append(level[sibling_i])
        # An odd one at the end goes up as it is: the same tree as cutting at powers of two.
        above = [hash_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = above + level[len(level) & ~1 :]
        leaf_i //= 2
    return path
