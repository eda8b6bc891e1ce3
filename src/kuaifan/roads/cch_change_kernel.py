"""Customization of what a few changed arcs touch (局部改权), compiled.

Rows are gone through from the lowest up. A slot is weighed anew if an arc in it has changed, or if
a way through it that could have been, or could become, the fastest one has.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import ArcSlots, Below, Landings, Rows, Tree
from kuaifan.roads.cch_row_kernel import wide
from kuaifan.roads.cch_tree_kernel import column_of
from kuaifan.roads.network import UNREACHABLE_MS

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Marks = tuple[Bytes, Bytes]
Pair = tuple[int, int]
Shape = tuple[Tree, Landings, Below, ArcSlots]


@njit(cache=True, nogil=True)
def change(
    shape: Shape, weights: tuple[Int32s, Int64s], rows: Rows, marks: Marks, touched: Int32s
) -> int:
    """Bring the rows in line with the changed arcs; returns how many slots were touched.

    weights: the new times of all arcs, and which arcs have changed.
    marks: a byte for each slot and one for each block, all 0 before and after.
    touched: room for all slots; filled with those whose weight has changed.
    """
    (tree, _, _, arcs), (travel_ms, changed), (slot_mark, block_mark) = shape, weights, marks
    lowest = len(block_mark)
    for arc in changed:
        slot = arcs.slot[arc]
        if slot >= 0:
            slot_mark[slot] = 1
            node = np.searchsorted(tree.row_first, slot, side="right") - 1
            lowest = min(lowest, _mark_ways(tree, node, block_mark))
    n_touched = 0
    for block in range(lowest, len(block_mark)):
        if block_mark[block] == 0:
            continue
        block_mark[block] = 0
        for node in range(tree.block_first[block], tree.block_first[block + 1]):
            for slot in range(tree.row_first[node], tree.row_first[node + 1]):
                if slot_mark[slot] == 0:
                    continue
                slot_mark[slot] = 0
                if _change_slot(shape, travel_ms, rows, slot_mark, (node, slot)):
                    touched[n_touched] = slot
                    n_touched += 1
    return n_touched


@njit(cache=True, nogil=True)
def _mark_ways(tree: Tree, node: int, block_mark: Bytes) -> int:
    """Mark all blocks from a node to its root; returns the first."""
    start = block = tree.block_of[node]
    while block >= 0 and block_mark[block] == 0:
        block_mark[block] = 1
        block = tree.parent[block]
    return wide(start)


@njit(cache=True, nogil=True)
def _change_slot(
    shape: Shape, travel_ms: Int32s, rows: Rows, slot_mark: Bytes, place: Pair
) -> bool:
    """Weigh one slot anew, and if it has changed mark those above that may depend on it."""
    tree, landings, below, arcs = shape
    node, slot = place
    up_ms, down_ms = weigh_arcs(arcs, travel_ms, place)
    column = slot - tree.row_first[node]
    ends = node, rank_at(tree, tree.block_of[node], column)
    up_ms, down_ms = _weigh_ways(tree, below, rows, ends, (up_ms, down_ms))
    old_ms = wide(rows.up_ms[slot]), wide(rows.down_ms[slot])
    if up_ms == old_ms[0] and down_ms == old_ms[1]:
        return False
    rows.up_ms[slot], rows.down_ms[slot] = up_ms, down_ms
    _mark_dependents((tree, landings), rows, slot_mark, (node, column), old_ms)
    return True


@njit(cache=True, nogil=True)
def _mark_dependents(
    shape: tuple[Tree, Landings],
    rows: Rows,
    slot_mark: Bytes,
    place: Pair,
    old_ms: Pair,
) -> None:
    """Mark the slots above that a way through a node and a changed slot of its row decides.

    The loop reads plain arrays: taking one out of a tuple costs more than the step itself.
    """
    tree, landings = shape
    block_of, block_first, up_first, up_rank, _, row_first = tree
    landing_first, landing_column = landings
    (all_up_ms, all_down_ms), (node, column), (old_up_ms, old_down_ms) = rows, place, old_ms
    block, row = block_of[node], row_first[node]
    new_up_ms, new_down_ms = wide(all_up_ms[row + column]), wide(all_down_ms[row + column])
    up, n_up = up_first[block], up_first[block + 1] - up_first[block]
    end = block_first[block + 1]
    own_landing = _landing_of(tree, landings, block, min(column, n_up - 1))
    landing = landing_first[block]
    for other in range(n_up + end - 1 - node):
        if 0 < other < n_up and block_of[up_rank[up + other]] != block_of[up_rank[up + other - 1]]:
            landing += other
        if other == column:
            continue
        # The slot of the two in the row of the lower one, which has the later column.
        later, earlier = max(other, column), min(other, column)
        if later >= n_up:
            to = row_first[end - 1 - (later - n_up)] + earlier
        else:
            at = landing if later == other else own_landing
            to = row_first[up_rank[up + later]] + landing_column[at + earlier]
        into_ms, out_ms = wide(all_down_ms[row + other]), wide(all_up_ms[row + other])
        # `ahead` leads from this slot's node above to the other, `behind` from that to this.
        ahead_ms, behind_ms = wide(all_up_ms[to]), wide(all_down_ms[to])
        if later == other:
            ahead_ms, behind_ms = behind_ms, ahead_ms
        if _matters(old_down_ms + out_ms, new_down_ms + out_ms, ahead_ms) or _matters(
            into_ms + old_up_ms, into_ms + new_up_ms, behind_ms
        ):
            slot_mark[to] = 1


@njit(cache=True, nogil=True)
def _landing_of(tree: Tree, landings: Landings, block: int, column: int) -> int:
    """Where the landings begin of the block above that holds a column."""
    landing, up = wide(landings.first[block]), tree.up_first[block]
    for other in range(1, column + 1):
        if tree.block_of[tree.up_rank[up + other]] != tree.block_of[tree.up_rank[up + other - 1]]:
            landing += other
    return landing


@njit(cache=True, nogil=True)
def _matters(old_ms: int, new_ms: int, weight_ms: int) -> bool:
    """Whether a way was the fastest one and no longer is, or has become it."""
    return old_ms != new_ms and (old_ms == weight_ms or new_ms < weight_ms)


@njit(cache=True, nogil=True)
def rank_at(tree: Tree, block: int, column: int) -> int:
    """The node of a column in the rows of a block."""
    n_up = tree.up_first[block + 1] - tree.up_first[block]
    if column < n_up:
        return wide(tree.up_rank[tree.up_first[block] + column])
    return wide(tree.block_first[block + 1] - 1 - (column - n_up))


@njit(cache=True, nogil=True)
def slot_of(tree: Tree, low: int, high: int) -> int:
    """The slot of two nodes that are joined after contraction."""
    return wide(tree.row_first[low]) + column_of(tree, tree.block_of[low], high)


@njit(cache=True, nogil=True)
def weigh_arcs(arcs: ArcSlots, travel_ms: Int32s, place: Pair) -> tuple[int, int]:
    """The fastest arc up and the fastest down in a slot of a node's row, which has few arcs."""
    node, slot = place
    up_ms = down_ms = wide(UNREACHABLE_MS)
    for at in range(arcs.row_first[node], arcs.row_first[node + 1]):
        if arcs.sorted_slot[at] != slot:
            continue
        arc = arcs.sorted_arc[at]
        if arcs.is_up[arc]:
            up_ms = min(up_ms, wide(travel_ms[arc]))
        else:
            down_ms = min(down_ms, wide(travel_ms[arc]))
    return up_ms, down_ms


@njit(cache=True, nogil=True)
def _weigh_ways(
    tree: Tree, below: Below, rows: Rows, ends: Pair, best: tuple[int, int]
) -> tuple[int, int]:
    """The better of `best` and all ways between two nodes through one that is lower than both."""
    low, high = ends
    first, blocks, below_column = below
    block_first, row_first = tree.block_first, tree.row_first
    own = tree.block_of[low]
    columns = column_of(tree, own, low), column_of(tree, own, high)
    best = _weigh_through(row_first, rows, (block_first[own], low), columns, best)
    at, other = first[low], first[high]
    at_end, other_end = first[low + 1], first[high + 1]
    while at < at_end and other < other_end:
        if blocks[at] == blocks[other]:
            nodes = block_first[blocks[at]], block_first[blocks[at] + 1]
            columns = below_column[at], below_column[other]
            best = _weigh_through(row_first, rows, nodes, columns, best)
            at += 1
            other += 1
        elif blocks[at] < blocks[other]:
            at += 1
        else:
            other += 1
    return best


@njit(cache=True, nogil=True)
def _weigh_through(
    row_first: Int32s, rows: Rows, nodes: Pair, columns: Pair, best: tuple[int, int]
) -> tuple[int, int]:
    """The better of `best` and the ways through a run of nodes of one block."""
    (up_ms, down_ms), (all_up_ms, all_down_ms) = best, rows
    for through in range(nodes[0], nodes[1]):
        low, high = row_first[through] + columns[0], row_first[through] + columns[1]
        up_ms = min(up_ms, wide(all_down_ms[low]) + wide(all_up_ms[high]))
        down_ms = min(down_ms, wide(all_down_ms[high]) + wide(all_up_ms[low]))
    return up_ms, down_ms
