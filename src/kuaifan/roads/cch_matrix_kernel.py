"""Times from many places to many (时间矩阵), compiled: sixteen targets swept side by side.

The rows of a node's times lie beside one another, so that one weight serves all of them.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import Rows, Scratch, Streets, Tree
from kuaifan.roads.cch_rank_kernel import TO_ONE, leave_streets, seed_one, straight_ms
from kuaifan.roads.cch_row_kernel import lower_row, wide
from kuaifan.roads.cch_sweep_kernel import clear_both, raise_both
from kuaifan.roads.network import UNREACHABLE_MS

Int32s = NDArray[np.int32]
UInt32s = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Ends = tuple[UInt32s, Int32s]
Places = tuple[Int64s, Int64s]


@njit(cache=True, nogil=True)
def list_blocks(tree: Tree, end_rank: UInt32s, chosen: Int32s) -> int:
    """List the blocks above some nodes, highest first; returns how many."""
    marked = np.zeros(len(tree.parent), np.bool_)
    for rank in end_rank:
        block = tree.block_of[rank]
        while block >= 0 and not marked[block]:
            marked[block] = True
            block = tree.parent[block]
    n_chosen = 0
    for block in range(len(marked) - 1, -1, -1):
        if marked[block]:
            chosen[n_chosen] = block
            n_chosen += 1
    return n_chosen


@njit(cache=True, nogil=True)
def fill_matrix(
    shape: tuple[Tree, Streets],
    rows: Rows,
    places: tuple[Places, Places],
    room: tuple[Scratch, UInt32s, Int32s],
    out_ms: Int32s,
) -> None:
    """Times from k places to m others, all of them on the network, into (k, m).

    room: buffers, (n, width) for the times of as many targets at once, (n_blocks,) for blocks.
    """
    (tree, streets), (origins, targets), (scratch, lanes_ms, chosen) = shape, places, room
    n_ends = 2 * len(origins[0])
    ends = np.empty(n_ends, np.uint32), np.empty(n_ends, np.int32)
    leave_streets(streets, origins, TO_ONE, ends)
    n_chosen = list_blocks(tree, ends[0], chosen)
    width = lanes_ms.shape[1]
    for first in range(0, len(targets[0]), width):
        end = min(first + width, len(targets[0]))
        for i in range(n_chosen):
            block = chosen[i]
            lanes_ms[tree.block_first[block] : tree.block_first[block + 1]] = UNREACHABLE_MS
        for target in range(first, end):
            one = targets[0][target], targets[1][target]
            blocks = seed_one(tree, streets, one, TO_ONE, scratch.raised_ms)
            raise_both(tree, rows.down_ms, blocks, scratch)
            _enter_lane(tree, blocks, scratch.raised_ms, lanes_ms[:, target - first])
            clear_both(tree, blocks, scratch.raised_ms)
        _sweep_lanes(tree, rows.up_ms, chosen[:n_chosen], lanes_ms)
        _arrive(ends, lanes_ms, out_ms[:, first:end])


@njit(cache=True, nogil=True)
def _enter_lane(tree: Tree, blocks: tuple[int, int], raised_ms: UInt32s, lane_ms: UInt32s) -> None:
    for start in blocks:
        block = start
        while block >= 0:
            for node in range(tree.block_first[block], tree.block_first[block + 1]):
                lane_ms[node] = raised_ms[node]
            block = tree.parent[block]


@njit(cache=True, nogil=True)
def _sweep_lanes(tree: Tree, rows_ms: UInt32s, chosen: Int32s, lanes_ms: UInt32s) -> None:
    _, block_first, up_first, up_rank, _, row_first = tree
    for block in chosen:
        first, end = block_first[block], block_first[block + 1]
        up, n_up = up_first[block], up_first[block + 1] - up_first[block]
        for node in range(end - 1, first - 1, -1):
            own_ms, row = lanes_ms[node], row_first[node]
            for i in range(n_up):
                lower_row(own_ms, lanes_ms[up_rank[up + i]], rows_ms[row + i])
            for other in range(end - 1, node, -1):
                lower_row(own_ms, lanes_ms[other], rows_ms[row + n_up + end - 1 - other])


@njit(cache=True, nogil=True)
def _arrive(ends: Ends, lanes_ms: UInt32s, out_ms: Int32s) -> None:
    end_rank, part_ms = ends
    n = len(out_ms)
    for i in range(n):
        one_ms, other_ms = lanes_ms[end_rank[i]], lanes_ms[end_rank[n + i]]
        row_ms = out_ms[i]
        one_part_ms, other_part_ms = np.uint32(part_ms[i]), np.uint32(part_ms[n + i])
        for lane in range(len(row_ms)):
            ms = np.uint32(one_part_ms + one_ms[lane])
            ms = min(ms, np.uint32(other_part_ms + other_ms[lane]))
            row_ms[lane] = np.int32(min(ms, np.uint32(UNREACHABLE_MS)))


@njit(cache=True, nogil=True)
def mend_same_street(streets: Streets, origins: Places, targets: Places, out_ms: Int32s) -> None:
    """Lower the times of pairs on one street to those straight along it."""
    street = np.empty(len(targets[0]), np.int64)
    for i in range(len(street)):
        street[i] = _street_of(streets, targets[0][i])
    order = np.argsort(street)
    street = street[order]
    for i in range(len(out_ms)):
        own = _street_of(streets, origins[0][i])
        at = np.searchsorted(street, own)
        while at < len(street) and street[at] == own:
            target = order[at]
            one = targets[0][target], targets[1][target]
            ms = straight_ms(streets, (origins[0][i], origins[1][i]), one, TO_ONE)
            out_ms[i, target] = min(wide(out_ms[i, target]), wide(ms))
            at += 1


@njit(cache=True, nogil=True)
def _street_of(streets: Streets, arc: int) -> int:
    """The lower of an arc and its twin."""
    twin = wide(streets.twin[arc])
    return arc if twin < 0 or arc < twin else twin
