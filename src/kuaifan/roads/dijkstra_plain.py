"""Bounded Dijkstra in plain Python: answers while the compiled one loads, integer for integer."""

import heapq
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Star = tuple[Int32s, Int32s, Int32s]
Settle = Callable[[Star, Int64s, NDArray[np.uint8], tuple[int, int], tuple[Int32s, Int64s]], Any]

SEED_SHIFT = 32
_NODE_MASK = (1 << SEED_SHIFT) - 1


def settle(
    star: Star,
    seeds: Int64s,
    wanted: NDArray[np.uint8],
    limits: tuple[int, int],
    buffers: tuple[Int32s, Int64s],
) -> None:
    """As `dijkstra_kernel.settle`; the heap of the buffers is not used, a list is faster here."""
    begins, ends, weights = (array.tolist() for array in star)
    bound_ms, n_wanted = limits
    best_ms, asked = buffers[0].tolist(), wanted.tolist()
    queue: list[int] = []
    for entry in seeds.tolist():
        if entry >> SEED_SHIFT <= min(bound_ms, best_ms[entry & _NODE_MASK] - 1):
            best_ms[entry & _NODE_MASK] = entry >> SEED_SHIFT
            heapq.heappush(queue, entry)
    while queue and n_wanted != 0:
        entry = heapq.heappop(queue)
        node, ms = entry & _NODE_MASK, entry >> SEED_SHIFT
        if ms > best_ms[node]:
            continue
        n_wanted -= asked[node]
        for slot in range(begins[node], begins[node + 1]):
            near, near_ms = ends[slot], ms + weights[slot]
            if near_ms <= bound_ms and near_ms < best_ms[near]:
                best_ms[near] = near_ms
                heapq.heappush(queue, near_ms << SEED_SHIFT | near)
    buffers[0][:] = best_ms
