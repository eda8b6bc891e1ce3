"""Customization (赋权): the weight of every slot from those of the arcs, compiled.

A slot weighs what the fastest way between its two nodes through lower nodes takes. Weights are
unsigned so that the sum of two unreachable ones still fits into 32 bits.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import LANES, ArcSlots, Landings, Rows, Tree
from kuaifan.roads.cch_row_kernel import lower_row
from kuaifan.roads.network import UNREACHABLE_MS

Int32s = NDArray[np.int32]
UInt32s = NDArray[np.uint32]


@njit(cache=True, nogil=True)
def weigh(tree: Tree, landings: Landings, arcs: ArcSlots, travel_ms: Int32s, rows: Rows) -> None:
    """Fill both rows of weights. Each block is finished, then handed on to those above it."""
    _enter_arcs(arcs, travel_ms, rows)
    best = np.empty((2, 256), np.uint32)
    for block in range(len(tree.parent)):
        n_up = tree.up_first[block + 1] - tree.up_first[block]
        if tree.block_first[block + 1] - tree.block_first[block] > 1:
            _finish_block(tree, block, rows)
            if n_up > best.shape[1] - LANES:
                best = np.empty((2, 2 * n_up + LANES), np.uint32)
            if n_up > 1:
                _hand_on_block(tree, landings, block, rows, best)
        elif n_up > 1:
            _hand_on_node(tree, landings, block, rows)


@njit(cache=True, nogil=True)
def _enter_arcs(arcs: ArcSlots, travel_ms: Int32s, rows: Rows) -> None:
    rows.up_ms[:] = UNREACHABLE_MS
    rows.down_ms[:] = UNREACHABLE_MS
    for arc in range(len(travel_ms)):
        slot = arcs.slot[arc]
        if slot >= 0:
            way_ms = rows.up_ms if arcs.is_up[arc] else rows.down_ms
            way_ms[slot] = min(way_ms[slot], np.uint32(travel_ms[arc]))


@njit(cache=True, nogil=True)
def _finish_block(tree: Tree, block: int, rows: Rows) -> None:
    """All ways through a lower node of the block to a higher one of it."""
    first, end = tree.block_first[block], tree.block_first[block + 1]
    n_up = tree.up_first[block + 1] - tree.up_first[block]
    for through in range(first, end - 1):
        row = tree.row_first[through]
        for node in range(through + 1, end):
            n_row = n_up + end - 1 - node
            column = row + n_row
            to = tree.row_first[node]
            # Rounded up: what this does to the padding is undone below.
            n = (n_row + LANES - 1) // LANES * LANES
            lower_row(rows.up_ms[to : to + n], rows.up_ms[row : row + n], rows.down_ms[column])
            lower_row(rows.down_ms[to : to + n], rows.down_ms[row : row + n], rows.up_ms[column])
    for node in range(first, end):
        begin = tree.row_first[node] + n_up + end - 1 - node
        rows.up_ms[begin : tree.row_first[node + 1]] = UNREACHABLE_MS
        rows.down_ms[begin : tree.row_first[node + 1]] = UNREACHABLE_MS


@njit(cache=True, nogil=True)
def _hand_on_block(tree: Tree, landings: Landings, block: int, rows: Rows, best: UInt32s) -> None:
    """All ways through a block of several nodes between two neighbours above it."""
    begin, n_up = tree.up_first[block], tree.up_first[block + 1] - tree.up_first[block]
    landing = landings.first[block]
    above = tree.block_of[tree.up_rank[begin]]
    for low in range(n_up):
        if tree.block_of[tree.up_rank[begin + low]] != above:
            above = tree.block_of[tree.up_rank[begin + low]]
            landing += low
        if low == 0:
            continue
        n = (low + LANES - 1) // LANES * LANES
        up_ms, down_ms = best[0, :n], best[1, :n]
        up_ms[:] = UNREACHABLE_MS
        down_ms[:] = UNREACHABLE_MS
        for node in range(tree.block_first[block], tree.block_first[block + 1]):
            row = tree.row_first[node]
            lower_row(up_ms, rows.up_ms[row : row + n], rows.down_ms[row + low])
            lower_row(down_ms, rows.down_ms[row : row + n], rows.up_ms[row + low])
        to = tree.row_first[tree.up_rank[begin + low]]
        for high in range(low):
            slot = to + landings.column[landing + high]
            rows.up_ms[slot] = min(rows.up_ms[slot], up_ms[high])
            rows.down_ms[slot] = min(rows.down_ms[slot], down_ms[high])


@njit(cache=True, nogil=True)
def _hand_on_node(tree: Tree, landings: Landings, block: int, rows: Rows) -> None:
    """All ways through a block of one node, which most blocks are."""
    begin, n_up = tree.up_first[block], tree.up_first[block + 1] - tree.up_first[block]
    row = tree.row_first[tree.block_first[block]]
    landing = landings.first[block]
    above = tree.block_of[tree.up_rank[begin]]
    for low in range(n_up):
        if tree.block_of[tree.up_rank[begin + low]] != above:
            above = tree.block_of[tree.up_rank[begin + low]]
            landing += low
        to = tree.row_first[tree.up_rank[begin + low]]
        into_ms, out_ms = rows.down_ms[row + low], rows.up_ms[row + low]
        for high in range(low):
            slot = to + landings.column[landing + high]
            up_ms = np.uint32(into_ms + rows.up_ms[row + high])
            down_ms = np.uint32(rows.down_ms[row + high] + out_ms)
            rows.up_ms[slot] = min(rows.up_ms[slot], up_ms)
            rows.down_ms[slot] = min(rows.down_ms[slot], down_ms)
