"""What happens next (事件锦标赛树), compiled: the smallest of many keys, each its owner's own.

A key says when, what and who in one integer, so that what happens at one moment has one order. A
leaf is overwritten, never searched: a unit that is turned round forgets what it was about to do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.twin.kernel_compiled import compiled
from kuaifan.twin.kernel_layout import AT_SHIFT, NEVER, UNIT_BITS

Int64s = NDArray[np.int64]


def new_tree(n_leaves: int) -> Int64s:
    """Return a tree in which nothing happens."""
    size = 1
    while size < max(1, n_leaves):
        size *= 2
    return np.full(2 * size, NEVER, np.int64)


@compiled
def put(tree: Int64s, leaf: int, key: int) -> None:
    """What a leaf does next. O(log n)."""
    node = (len(tree) >> 1) + leaf
    tree[node] = key
    while node > 1:
        node >>= 1
        tree[node] = min(tree[2 * node], tree[2 * node + 1])


@compiled
def key_of(at_ms: int, kind: int, leaf: int) -> int:
    """One integer for when, what and who."""
    return (at_ms << AT_SHIFT) | (kind << UNIT_BITS) | leaf


@compiled
def wide(number: int) -> int:
    """A 32-bit number as one that sums can be made of."""
    found: int = np.int64(number)  # type: ignore[assignment] # numba knows integers only
    return found
