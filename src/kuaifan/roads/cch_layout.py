"""How a contraction hierarchy lies in memory (层次布局): plain tuples that the kernels read.

Nodes are contracted in the order of their rank. What remains is a tree: all that a node is joined
to above it lies on its way to the root. Runs of nodes with the same neighbours above make one
block, whose rows of weights are dense, so that a search adds and compares eight at a time.

Source: Dibbelt, Strasser, Wagner 2016, Customizable Contraction Hierarchies; the blocks are the
supernodes of sparse Cholesky factorization.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
UInt32s = NDArray[np.uint32]

LANES = 8
"""Rows of blocks of several nodes are padded to whole runs of as many weights."""


class Tree(NamedTuple):
    """The blocks and their rows; a plain tuple for the kernels. All nodes are ranks here.

    block_of: (n,). block_first: (n_blocks + 1,) the nodes of a block follow one another.
    up_first, up_rank: the neighbours above a whole block, highest first.
    parent: (n_blocks,) the block of the lowest neighbour above, or -1.
    row_first: (n + 1,) where a node's row of weights begins. Its columns are those of its block:
    the neighbours above the block, then the block's own nodes from the highest down to its own.
    """

    block_of: Int32s
    block_first: Int32s
    up_first: Int32s
    up_rank: UInt32s
    parent: Int32s
    row_first: Int32s


class Landings(NamedTuple):
    """Where the columns of a block lie among the columns of the blocks above it.

    first: (n_blocks + 1,) into column. For each block above in turn, highest first, the columns of
    all neighbours down to the last one within it.
    """

    first: Int32s
    column: Int32s


class Below(NamedTuple):
    """For each node the blocks below that have it as a neighbour above, and in which column."""

    first: Int32s
    block: Int32s
    column: Int32s


class ArcSlots(NamedTuple):
    """Where arcs enter the rows; loops have no slot, nor streets that are driven on doubles.

    slot: (n_arcs,) or -1. is_up: (n_arcs,) whether the arc leads to the higher rank.
    sorted_slot, sorted_arc: arcs by slot, then by number. row_first: (n + 1,) where among these the
    arcs of each node's row begin.
    """

    slot: Int32s
    is_up: NDArray[np.bool_]
    sorted_slot: Int32s
    sorted_arc: Int32s
    row_first: Int32s


class Rows(NamedTuple):
    """The weights of all slots, UNREACHABLE_MS where there is no way and in the padding.

    up_ms: from the row's node to that of the column. down_ms: from the column's to the row's.
    """

    up_ms: UInt32s
    down_ms: UInt32s


class Streets(NamedTuple):
    """What places on arcs need: the ranks of their ends, their twins, their own times.

    All arrays are (n_arcs,); twin is -1 on a one-way street.
    """

    tail_rank: Int32s
    head_rank: Int32s
    twin: Int32s
    travel_ms: Int32s


class Scratch(NamedTuple):
    """What one search at a time writes on; each thread has its own.

    raised_ms: (n,) by rank, UNREACHABLE_MS everywhere between two searches.
    swept_ms: (n,) by rank, right in the blocks whose stamp is that of the search.
    columns_ms: room for the columns of the widest block. waiting: for the longest way up.
    shelf_end: (n_shelves + 1,) for sorting nodes roughly.
    """

    raised_ms: UInt32s
    swept_ms: UInt32s
    columns_ms: UInt32s
    stamp: Int32s
    waiting: Int32s
    shelf_end: Int32s


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """All of the hierarchy that no weight changes; frozen, shared by all threads.

    rank: (n_nodes,). n_columns: of the widest block. height: of the longest way to a root.
    """

    rank: Int32s
    tree: Tree
    landings: Landings
    below: Below
    arcs: ArcSlots
    n_slots: int
    n_columns: int
    height: int
