"""The two moves of every search (上溯与下扫), compiled: up from one place, down to many.

What is raised are the times between the one place and the nodes on its ways to the root. What is
swept are the times of a node and all above it, found from the root down by those of the nodes
above. Both work on whole blocks, whose columns are first gathered side by side.

Source: Bast and others 2016, Route Planning in Transportation Networks, on restricted PHAST.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import LANES, Scratch, Tree
from kuaifan.roads.cch_row_kernel import lower_row, lowest_sum
from kuaifan.roads.network import UNREACHABLE_MS

UInt32s = NDArray[np.uint32]


@njit(cache=True, nogil=True)
def seed(raised_ms: UInt32s, rank: int, ms: int) -> None:
    """Let a search begin at a node, if nothing faster does."""
    raised_ms[rank] = min(raised_ms[rank], np.uint32(ms))


@njit(cache=True, nogil=True)
def raise_both(tree: Tree, rows_ms: UInt32s, blocks: tuple[int, int], scratch: Scratch) -> None:
    """Raise from the seeds in one or two blocks (-1: none), the lower one of the ways first."""
    one, other = blocks
    while one >= 0 or other >= 0:
        block = one if other < 0 or 0 <= one < other else other
        _raise_block(tree, rows_ms, block, scratch)
        if one == block:
            one = tree.parent[block]
        if other == block:
            other = tree.parent[block]


@njit(cache=True, nogil=True)
def clear_both(tree: Tree, blocks: tuple[int, int], raised_ms: UInt32s) -> None:
    """Undo what was raised from two blocks."""
    for start in blocks:
        block = start
        while block >= 0:
            raised_ms[tree.block_first[block] : tree.block_first[block + 1]] = UNREACHABLE_MS
            block = tree.parent[block]


@njit(cache=True, nogil=True)
def _raise_block(tree: Tree, rows_ms: UInt32s, block: int, scratch: Scratch) -> None:
    first, end = tree.block_first[block], tree.block_first[block + 1]
    ups = tree.up_rank[tree.up_first[block] : tree.up_first[block + 1]]
    raised_ms, columns_ms, n_up = scratch.raised_ms, scratch.columns_ms, len(ups)
    for i in range(n_up):
        columns_ms[i] = raised_ms[ups[i]]
    for node in range(first, end):
        columns_ms[n_up + end - 1 - node] = raised_ms[node]
    for node in range(first, end):
        own, row = n_up + end - 1 - node, tree.row_first[node]
        if columns_ms[own] < UNREACHABLE_MS:
            # Only rows of blocks of several nodes are padded.
            n = (own + LANES - 1) // LANES * LANES if end - first > 1 else own
            lower_row(columns_ms[:n], rows_ms[row : row + n], columns_ms[own])
    for i in range(n_up):
        raised_ms[ups[i]] = columns_ms[i]
    for node in range(first, end):
        raised_ms[node] = columns_ms[n_up + end - 1 - node]


@njit(cache=True, nogil=True)
def sweep_to(tree: Tree, rows_ms: UInt32s, ranks: UInt32s, token: int, scratch: Scratch) -> None:
    """Find the times of nodes, and with them of all above that lack the token yet.

    The loop reads plain arrays: taking one out of a tuple costs as much as a small block.
    """
    block_of, _, _, _, parent, _ = tree
    stamp, waiting = scratch.stamp, scratch.waiting
    for rank in ranks:
        block, depth = block_of[rank], 0
        while block >= 0 and stamp[block] != token:
            stamp[block] = token
            waiting[depth] = block
            depth += 1
            block = parent[block]
        if depth > 0:
            _sweep_waiting(tree, rows_ms, depth, scratch)


@njit(cache=True, nogil=True)
def _sweep_waiting(tree: Tree, rows_ms: UInt32s, depth: int, scratch: Scratch) -> None:
    """Sweep a chain of blocks from the last one waiting, which is the highest, to the first."""
    _, block_first, up_first, up_rank, _, row_first = tree
    raised_ms, swept_ms, columns_ms, _, waiting, _ = scratch
    for at in range(depth - 1, -1, -1):
        block = waiting[at]
        first, end = block_first[block], block_first[block + 1]
        up, n_up = up_first[block], up_first[block + 1] - up_first[block]
        if end - first == 1:
            row, best_ms = row_first[first], raised_ms[first]
            for i in range(n_up):
                best_ms = min(best_ms, np.uint32(rows_ms[row + i] + swept_ms[up_rank[up + i]]))
            swept_ms[first] = best_ms
            continue
        for i in range(n_up):
            columns_ms[i] = swept_ms[up_rank[up + i]]
        for node in range(end - 1, first - 1, -1):
            own = n_up + end - 1 - node
            n = (own + LANES - 1) // LANES * LANES
            row_ms, by_ms = rows_ms[row_first[node] : row_first[node] + n], columns_ms[:n]
            columns_ms[own] = swept_ms[node] = lowest_sum(row_ms, by_ms, raised_ms[node])
