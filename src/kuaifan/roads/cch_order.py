"""The order of contraction (收缩次序): nested dissection of a network, made once per city by METIS.

Weights play no part in it, so that it outlives every closure and every profile.
"""

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import RoadNetwork

Int32s = NDArray[np.int32]

# Measured on Porto: these need half a second more than METIS's defaults, and then every search
# walks through a third fewer arcs.
_N_SEPARATORS = 10
_IMBALANCE_PER_MILLE = 100
_SEED = 1


def order_nodes(network: RoadNetwork) -> Int32s:
    """(n_nodes,) each node's rank, a permutation; the highest ranks cut the city into halves.

    Takes some seconds for 60,000 nodes: call it at the import of a map and store what it gives.
    """
    import pymetis

    tails, heads = list_pairs(network.tail, network.head)
    if len(tails) == 0:
        return np.arange(network.n_nodes, dtype=np.int32)
    first = np.searchsorted(tails, np.arange(network.n_nodes + 1)).astype(np.int32)
    options = pymetis.Options(
        nseps=_N_SEPARATORS, ufactor=_IMBALANCE_PER_MILLE, seed=_SEED, numbering=0
    )
    adjacency = pymetis.CSRAdjacency(first, heads.astype(np.int32))
    _, ranks = pymetis.nested_dissection(adjacency, options=options)
    return np.asarray(ranks, np.int32)


def list_pairs(tail: Int32s, head: Int32s) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Neighbours without directions, loops and repeats: both ways round, sorted by the first."""
    n_nodes = int(max(tail.max(), head.max())) + 1
    a, b = np.concatenate((tail, head)), np.concatenate((head, tail))
    between = a != b
    # Loops must go: METIS crashes on a node that is its own neighbour.
    keys = np.unique(a[between].astype(np.int64) * n_nodes + b[between])
    return keys // n_nodes, keys % n_nodes
