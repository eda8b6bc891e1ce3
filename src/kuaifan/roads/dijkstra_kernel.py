"""Bounded Dijkstra over a 4-ary heap, compiled; imported only when a kernel is loaded."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@njit(cache=True, nogil=True)
def _push(heap: Int64s, size: int, entry: int) -> None:
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if heap[parent] <= entry:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = entry


@njit(cache=True, nogil=True)
def _sift_down(heap: Int64s, size: int, entry: int) -> None:
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= entry:
            break
        heap[at] = heap[least]
        at = least
    heap[at] = entry


@njit(cache=True, nogil=True)
def settle(
    star: tuple[Int32s, Int32s, Int32s],
    seeds: Int64s,
    wanted: NDArray[np.uint8],
    limits: tuple[int, int],
    buffers: tuple[Int32s, Int64s],
) -> None:
    """Find the times of nodes from the seeds, outwards, within limits.

    star: where each node's arcs begin, the node at the other end of each arc, its travel_ms.
    seeds: entries `ms << 32 | node`, as in the heap: one comparison orders by time, then node.
    limits: bound_ms, which may be reached; and how many nodes are marked in `wanted`: the search
    stops when all of them are settled, and never for a negative number.
    buffers: the times to fill, all UNREACHABLE_MS before; a heap with room for one entry an arc
    and seed, since every arc is relaxed at most once.
    """
    first, other_end, travel_ms = star
    bound_ms, n_wanted = limits
    dist_ms, heap = buffers
    size = 0
    for entry in seeds:
        node, ms = entry & 0xFFFFFFFF, entry >> 32
        if ms <= bound_ms and ms < dist_ms[node]:
            dist_ms[node] = ms
            _push(heap, size, entry)
            size += 1
    while size > 0 and n_wanted != 0:
        entry = heap[0]
        size -= 1
        if size > 0:
            _sift_down(heap, size, heap[size])
        node, ms = entry & 0xFFFFFFFF, entry >> 32
        if ms > dist_ms[node]:
            continue
        n_wanted -= wanted[node]
        for arc in range(first[node], first[node + 1]):
            near, near_ms = other_end[arc], ms + travel_ms[arc]
            if near_ms <= bound_ms and near_ms < dist_ms[near]:
                dist_ms[near] = near_ms
                _push(heap, size, (near_ms << 32) | near)
                size += 1
