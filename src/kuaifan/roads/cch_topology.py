"""Contracts a network into a hierarchy (收缩): all of it but the weights."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.cch_layout import LANES, ArcSlots, Below, Landings, Topology, Tree
from kuaifan.roads.cch_order import list_pairs
from kuaifan.roads.network import RoadNetwork

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


def build_topology(network: RoadNetwork, ranks: ArrayLike) -> Topology:
    """Contract a network in the order of `ranks`; some 0.1 s for 60,000 nodes.

    ranks: (n_nodes,) a permutation, as `order_nodes` gives it.
    Raises ValueError when it is none.
    """
    from kuaifan.roads.cch_tree_kernel import contract, list_landings, measure_blocks

    given = _check_ranks(network, ranks)
    pairs = list_pairs(given[network.tail], given[network.head])
    first = np.searchsorted(pairs[0], np.arange(network.n_nodes + 1))
    new_rank, up_first, up_rank = contract(first, pairs[1])
    tree = _gather_blocks(up_first, up_rank)
    rank = new_rank[given]
    n_columns, height = measure_blocks(tree)
    landing_first, landing_column = list_landings(tree)
    tail, head = rank[network.tail], rank[network.head]
    return Topology(
        rank=_frozen(rank),
        tree=tree,
        landings=Landings(_frozen(landing_first), _frozen(landing_column)),
        below=_list_below(tree),
        arcs=_place_arcs(tree, tail, head, network.is_through),
        n_slots=int(tree.row_first[-1]),
        n_columns=int(n_columns),
        height=int(height),
    )


def _check_ranks(network: RoadNetwork, ranks: ArrayLike) -> Int32s:
    given = np.asarray(ranks, np.int32)
    if given.shape != (network.n_nodes,) or not np.array_equal(
        np.sort(given), np.arange(network.n_nodes)
    ):
        raise ValueError(
            f"the order of contraction does not rank the {network.n_nodes} nodes of this network; "
            "import the map again"
        )
    return given


def _gather_blocks(up_first: Int64s, up_rank: Int32s) -> Tree:
    n_up = np.diff(up_first)
    n_nodes = len(n_up)
    lowest = np.full(n_nodes, -1, np.int64)
    lowest[n_up > 0] = up_rank[up_first[:-1][n_up > 0]]
    # The next node takes part in this one's block if it is all that this one has more above.
    joins = np.zeros(n_nodes, np.bool_)
    joins[:-1] = (lowest[:-1] == np.arange(1, n_nodes)) & (n_up[:-1] == n_up[1:] + 1)
    last = np.flatnonzero(~joins)
    block_first = np.concatenate(([0], last + 1))
    size = np.diff(block_first)
    block_of = np.repeat(np.arange(len(last)), size)
    n_row = np.where(size[block_of] > 1, -(-n_up // LANES) * LANES, n_up)
    ups_first = np.concatenate(([0], np.cumsum(n_up[last])))
    of_block = np.repeat(np.arange(len(last)), n_up[last])
    backwards = up_first[last + 1][of_block] - 1 - (np.arange(len(of_block)) - ups_first[of_block])
    parent = np.where(lowest[last] >= 0, block_of[lowest[last]], -1)
    return Tree(
        block_of=_frozen(block_of),
        block_first=_frozen(block_first),
        up_first=_frozen(ups_first),
        up_rank=_frozen(up_rank[backwards], np.uint32),
        parent=_frozen(parent),
        row_first=_frozen(np.concatenate(([0], np.cumsum(n_row)))),
    )


def _list_below(tree: Tree) -> Below:
    n_up = np.diff(tree.up_first)
    block = np.repeat(np.arange(len(n_up)), n_up)
    column = np.arange(len(block)) - tree.up_first[block]
    order = np.argsort(tree.up_rank, kind="stable")
    above = tree.up_rank[order].astype(np.int64)
    first = np.searchsorted(above, np.arange(len(tree.block_of) + 1))
    return Below(_frozen(first), _frozen(block[order]), _frozen(column[order]))


def _place_arcs(tree: Tree, tail: Int32s, head: Int32s, is_through: NDArray[np.bool_]) -> ArcSlots:
    from kuaifan.roads.cch_tree_kernel import find_slots

    slot = find_slots(tree, np.minimum(tail, head), np.maximum(tail, head))
    # Nobody drives through a street that is driven on its doubles.
    slot = np.where(is_through, slot, -1)
    order = np.argsort(slot, kind="stable")
    is_up = tail < head
    is_up.flags.writeable = False
    row_first = _frozen(np.searchsorted(slot[order], tree.row_first))
    return ArcSlots(_frozen(slot), is_up, _frozen(slot[order]), _frozen(order), row_first)


def _frozen(array: NDArray[Any], dtype: type[np.generic] = np.int32) -> NDArray[Any]:
    """Read-only, so that threads may share it and the kernels are compiled for one type only."""
    made = np.ascontiguousarray(array, dtype)
    made = made.copy() if made is array else made
    made.flags.writeable = False
    return made
