"""Reads problems that others published (算例文件): OR-Library p-median files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.siting import Siting

Ints = NDArray[np.int64]
MAX_NODES: Final = 10_000
HEAD: Final = 3
EDGE: Final = 3


def read_p_median(path: Path) -> Siting:
    """Read an OR-Library p-median file: `nodes edges p`, then `from to length` for each edge.

    Each node is a site and a demand of weight 1; costs are shortest paths. Of an edge that is
    given twice the last length holds, as the library says.
    """
    numbers = _read_numbers(path)
    if len(numbers) < HEAD:
        raise BadInputError(f"{path} is no OR-Library p-median file: it begins `nodes edges p`")
    n_nodes, n_edges, n_open = numbers[:HEAD].tolist()
    if not 1 <= n_nodes <= MAX_NODES:
        raise BadInputError(f"{path} has {n_nodes} nodes; 1 to {MAX_NODES} are taken")
    if len(numbers) != HEAD + EDGE * n_edges:
        n_found = (len(numbers) - HEAD) / EDGE
        raise BadInputError(
            f"{path} promises {n_edges} edges but holds {n_found:g}: get the whole file again"
        )
    edges = numbers[HEAD:].reshape(-1, EDGE)
    cost = _shortest(path, edges, n_nodes)
    return Siting(cost=cost, weight=np.ones(n_nodes), n_open=n_open)


def _read_numbers(path: Path) -> Ints:
    try:
        words = path.read_text(encoding="ascii").split()
        return np.array([int(word) for word in words], np.int64)
    except (UnicodeDecodeError, ValueError, OverflowError) as error:
        raise BadInputError(
            f"{path} is no OR-Library p-median file: it holds something other than whole numbers"
        ) from error


def _shortest(path: Path, edges: Ints, n_nodes: int) -> NDArray[np.float64]:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    ends, length = edges[:, :2], edges[:, 2]
    if len(edges) and (ends.min() < 1 or ends.max() > n_nodes):
        raise BadInputError(f"{path} has an edge to a node that is not one of 1 to {n_nodes}")
    if len(edges) and length.min() < 0:
        raise BadInputError(f"{path} has an edge of negative length")
    table = np.full((n_nodes, n_nodes), np.inf)
    for tail, head, edge_length in edges.tolist():
        table[tail - 1, head - 1] = table[head - 1, tail - 1] = edge_length
    tails, heads = np.nonzero(np.isfinite(table))
    # Stored zeros are edges of length zero, not missing ones.
    graph = csr_array((table[tails, heads], (tails, heads)), shape=table.shape)
    found: NDArray[np.float64] = shortest_path(graph, method="D", directed=False)
    return found
