"""What one thread searches with (查询缓冲): made once per thread, then used again and again."""

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import Scratch, Topology
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork

Int32s = NDArray[np.int32]
UInt32s = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Ends = tuple[UInt32s, Int32s, UInt32s]

MATRIX_LANES = 16
"""How many targets of a matrix are swept side by side."""
_N_PLACES = 1024
_N_SHELVES = 2048
_LAST_TOKEN = 2**31 - 1


class Context:
    """One thread's buffers (查询上下文); only the thread that made it may search with it.

    reading: the weights that the thread reads at this moment, so that nobody writes on them.
    """

    def __init__(self, network: RoadNetwork, topology: Topology) -> None:
        self._n_nodes, self._n_arcs = network.n_nodes, network.n_arcs
        self._height, self._n_blocks = topology.height, len(topology.tree.parent)
        self.reading: object = None
        self.scratch = Scratch(
            raised_ms=np.full(self._n_nodes, UNREACHABLE_MS, np.uint32),
            swept_ms=np.empty(self._n_nodes, np.uint32),
            columns_ms=np.zeros(topology.n_columns, np.uint32),
            stamp=np.zeros(self._n_blocks, np.int32),
            waiting=np.empty(topology.height + 1, np.int32),
            shelf_end=np.empty(_N_SHELVES + 1, np.int32),
        )
        self._token = 0
        self._ends = _new_ends(2 * _N_PLACES)
        self._back_ms: UInt32s | None = None
        self._lanes: tuple[UInt32s, Int32s] | None = None
        self._walk: tuple[Int32s, Int32s, Int32s] | None = None
        self._dijkstra: tuple[Int32s, Int64s] | None = None

    def next_token(self) -> int:
        """A stamp that no block bears yet."""
        return self.next_tokens(1)

    def next_tokens(self, n_tokens: int) -> int:
        """The first of so many stamps in a row that no block bears yet."""
        if self._token > _LAST_TOKEN - n_tokens:
            self.scratch.stamp.fill(0)
            self._token = 0
        self._token += n_tokens
        return self._token - n_tokens + 1

    def ends(self, n_places: int) -> Ends:
        """(2 n,) room for the ends of n places' streets, their times, and the ends sorted."""
        n_ends = 2 * n_places
        if n_ends > len(self._ends[0]):
            self._ends = _new_ends(2 * n_ends)
        ranks, times_ms, sorted_ranks = self._ends
        return ranks[:n_ends], times_ms[:n_ends], sorted_ranks[:n_ends]

    def back_ms(self) -> UInt32s:
        """The times of a second search at the same time, from the other end."""
        if self._back_ms is None:
            self._back_ms = np.full(self._n_nodes, UNREACHABLE_MS, np.uint32)
        return self._back_ms

    def walk(self) -> tuple[Int32s, Int32s, Int32s]:
        """Room for the nodes of a way up, for its arcs, and for pairs still to be unpacked."""
        if self._walk is None:
            steps = np.empty(2 * self._height + 2, np.int32)
            pairs = np.empty((self._height + 2, 2), np.int32)
            self._walk = steps, np.empty(self._n_nodes + 1, np.int32), pairs
        return self._walk

    def lanes(self) -> tuple[UInt32s, Int32s]:
        """Room for the times of as many targets as are swept at once, and for blocks."""
        if self._lanes is None:
            times_ms = np.empty((self._n_nodes, MATRIX_LANES), np.uint32)
            self._lanes = times_ms, np.empty(self._n_blocks, np.int32)
        return self._lanes

    def dijkstra(self) -> tuple[Int32s, Int64s]:
        """Times of all nodes, and a heap."""
        if self._dijkstra is None:
            # A search begins at two nodes and pushes at most once for every arc.
            heap = np.empty(self._n_arcs + 2, np.int64)
            self._dijkstra = np.empty(self._n_nodes, np.int32), heap
        return self._dijkstra


def _new_ends(n_ends: int) -> Ends:
    return np.empty(n_ends, np.uint32), np.empty(n_ends, np.int32), np.empty(n_ends, np.uint32)
