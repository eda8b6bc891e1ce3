"""Contraction without weights (消去树), compiled; imported only when a hierarchy is built."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import LANES, Tree
from kuaifan.roads.cch_row_kernel import wide

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Contracted = tuple[Int32s, Int64s, Int32s]


@njit(cache=True, nogil=True)
def contract(first: Int64s, other: Int64s) -> Contracted:
    """Ranks such that each subtree's follow one another, and with them the neighbours above.

    first, other: for each node by its given rank, its neighbours.
    Returns the new rank of each given one; up_first (n + 1,); up_rank, ascending in each node.
    """
    up_first, up_rank, parent = _fill_in(first, other)
    n = len(parent)
    new_rank = _number_subtrees(parent, up_first)
    new_first = np.zeros(n + 1, np.int64)
    for v in range(n):
        new_first[new_rank[v] + 1] = up_first[v + 1] - up_first[v]
    for v in range(n):
        new_first[v + 1] += new_first[v]
    new_up = np.empty(len(up_rank), np.int32)
    for v in range(n):
        # All neighbours above lie on one way to the root, whose order the numbering keeps.
        to = new_first[new_rank[v]]
        for i in range(up_first[v], up_first[v + 1]):
            new_up[to] = new_rank[up_rank[i]]
            to += 1
    return new_rank, new_first, new_up


@njit(cache=True, nogil=True)
def _fill_in(first: Int64s, other: Int64s) -> tuple[Int64s, Int32s, Int32s]:
    """Neighbours above after contraction: a node's own and those of its children."""
    n = len(first) - 1
    up_first, parent = np.zeros(n + 1, np.int64), np.full(n, -1, np.int32)
    child, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    ups = np.empty(2 * len(other) + n + 1, np.int32)
    for v in range(n):
        begin = end = up_first[v]
        if end + n - v > len(ups):
            grown = np.empty(len(ups) + max(len(ups) // 2, n), np.int32)
            grown[:end] = ups[:end]
            ups = grown
        for i in range(first[v], first[v + 1]):
            if other[i] > v:
                seen[other[i]] = v
                ups[end] = other[i]
                end += 1
        below = child[v]
        while below >= 0:
            for i in range(up_first[below], up_first[below + 1]):
                if ups[i] != v and seen[ups[i]] != v:
                    seen[ups[i]] = v
                    ups[end] = ups[i]
                    end += 1
            below = sibling[below]
        ups[begin:end].sort()
        up_first[v + 1] = end
        if end > begin:
            parent[v] = ups[begin]
            sibling[v] = child[parent[v]]
            child[parent[v]] = v
    return up_first, ups[: up_first[n]].copy(), parent


@njit(cache=True, nogil=True)
def _number_subtrees(parent: Int32s, up_first: Int64s) -> Int32s:
    """Number nodes from the leaves up, the child with most neighbours above right before its node.

    So nodes with the same neighbours above become neighbours in rank, and make one block.
    """
    n = len(parent)
    size = np.ones(n, np.int32)
    widest = np.full(n, -1, np.int32)
    for v in range(n):
        above = parent[v]
        if above >= 0:
            size[above] += size[v]
            n_up, child = up_first[v + 1] - up_first[v], widest[above]
            if child < 0 or n_up > up_first[child + 1] - up_first[child]:
                widest[above] = v
    new_rank, free = np.empty(n, np.int32), np.empty(n, np.int32)
    next_root = 0
    for v in range(n):
        if parent[v] < 0:
            new_rank[v] = next_root + size[v] - 1
            free[v] = next_root
            next_root += size[v]
    # From the roots down: each node hands out what lies below its own number.
    for v in range(n - 1, -1, -1):
        above = parent[v]
        if above < 0:
            continue
        if widest[above] == v:
            new_rank[v] = new_rank[above] - 1
        else:
            new_rank[v] = free[above] + size[v] - 1
            free[above] += size[v]
        free[v] = new_rank[v] - size[v] + 1
    return new_rank


@njit(cache=True, nogil=True)
def measure_blocks(tree: Tree) -> tuple[int, int]:
    """Columns of the widest block with room for padding, nodes of the longest way up."""
    n_columns, height, n_blocks = 0, 0, len(tree.parent)
    depth = np.zeros(n_blocks, np.int32)
    for block in range(n_blocks - 1, -1, -1):
        size = tree.block_first[block + 1] - tree.block_first[block]
        depth[block] = size
        if tree.parent[block] >= 0:
            depth[block] += depth[tree.parent[block]]
        height = max(height, depth[block])
        n_columns = max(n_columns, tree.up_first[block + 1] - tree.up_first[block] + size)
    return n_columns + LANES, height


@njit(cache=True, nogil=True)
def column_of(tree: Tree, block: int, rank: int) -> int:
    """The column of a node at or above a block in its rows; -1 if it is none of its neighbours."""
    if rank < tree.block_first[block + 1]:
        n_up = tree.up_first[block + 1] - tree.up_first[block]
        return wide(n_up + tree.block_first[block + 1] - 1 - rank)
    low, high = tree.up_first[block], tree.up_first[block + 1]
    while low < high:
        middle = (low + high) >> 1
        if tree.up_rank[middle] > rank:
            low = middle + 1
        else:
            high = middle
    is_there = low < tree.up_first[block + 1] and tree.up_rank[low] == rank
    return wide(low - tree.up_first[block]) if is_there else -1


@njit(cache=True, nogil=True)
def find_slots(tree: Tree, low: Int32s, high: Int32s) -> Int32s:
    """The slot of each pair of ranks, -1 where both are the same node."""
    slots = np.full(len(low), -1, np.int32)
    for i in range(len(low)):
        if low[i] != high[i]:
            slots[i] = tree.row_first[low[i]] + column_of(tree, tree.block_of[low[i]], high[i])
    return slots


@njit(cache=True, nogil=True)
def list_landings(tree: Tree) -> tuple[Int32s, Int32s]:
    """As `Landings`: first and column."""
    n_blocks = len(tree.parent)
    first = np.zeros(n_blocks + 1, np.int32)
    for block in range(n_blocks):
        n_landings, begin, end = 0, tree.up_first[block], tree.up_first[block + 1]
        for i in range(begin, end):
            if i + 1 == end or tree.block_of[tree.up_rank[i]] != tree.block_of[tree.up_rank[i + 1]]:
                n_landings += i + 1 - begin
        first[block + 1] = first[block] + n_landings
    columns = np.empty(first[n_blocks], np.int32)
    for block in range(n_blocks):
        to, begin, end = first[block], tree.up_first[block], tree.up_first[block + 1]
        for i in range(begin, end):
            above = tree.block_of[tree.up_rank[i]]
            if i + 1 == end or above != tree.block_of[tree.up_rank[i + 1]]:
                for j in range(begin, i + 1):
                    columns[to] = column_of(tree, above, tree.up_rank[j])
                    to += 1
    return first, columns
