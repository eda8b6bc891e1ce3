"""How far some posts reach, all in one call, compiled; imported only when rings are asked for."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.dijkstra_kernel import _push, _sift_down

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Star = tuple[Int32s, Int32s, Int32s]
Buffers = tuple[Int32s, Int64s, Int32s]
UNREACHED = 2**30


@njit(cache=True, nogil=True)
def _reach(buffers: Buffers, sizes: Int64s, node: int, ms: int) -> None:
    """Note a shorter time of a node; sizes: how full the heap and the list of touched ones are."""
    dist_ms, heap, touched = buffers
    if dist_ms[node] == UNREACHED:
        touched[sizes[1]] = node
        sizes[1] += 1
    dist_ms[node] = ms
    _push(heap, sizes[0], (ms << 32) | node)
    sizes[0] += 1


@njit(cache=True, nogil=True)
def _leave(
    star: Star,
    at: tuple[int, int, int],
    buffers: Buffers,
    sizes: Int64s,
    out: tuple[Int64s, Int32s, Int32s],
) -> None:
    """Write down the arcs that leave a settled node, and reach what lies at their other ends."""
    first, head, travel_ms = star
    node, ms, bound_ms = at
    for arc in range(first[node], first[node + 1]):
        if travel_ms[arc] >= UNREACHED:
            continue
        out[1][sizes[2]], out[2][sizes[2]] = arc, ms
        sizes[2] += 1
        near_ms = ms + travel_ms[arc]
        if near_ms <= bound_ms and near_ms < buffers[0][head[arc]]:
            _reach(buffers, sizes, head[arc], near_ms)


@njit(cache=True, nogil=True)
def _grow_one(
    star: Star,
    bound_ms: int,
    buffers: Buffers,
    sizes: Int64s,
    out: tuple[Int64s, Int32s, Int32s],
) -> bool:
    """Empty the heap; False when `out` is full."""
    dist_ms, heap, _ = buffers
    first = star[0]
    while sizes[0] > 0:
        entry = heap[0]
        sizes[0] -= 1
        if sizes[0] > 0:
            _sift_down(heap, sizes[0], heap[sizes[0]])
        node, ms = entry & 0xFFFFFFFF, entry >> 32
        if ms > dist_ms[node]:
            continue
        if sizes[2] + first[node + 1] - first[node] > len(out[1]):
            return False
        _leave(star, (node, ms, bound_ms), buffers, sizes, out)
    return True


@njit(cache=True, nogil=True)
def grow(
    star: Star,
    seeds: tuple[Int64s, Int64s],
    bound_ms: int,
    buffers: Buffers,
    out: tuple[Int64s, Int32s, Int32s],
) -> int:
    """List every arc whose tail each post reaches within the bound; -1 if `out` is too small.

    star: where each node's arcs begin, their heads, their travel_ms. seeds: entries `ms << 32 |
    node` and where each post's begin. buffers: times, all UNREACHED before and after; a heap;
    room for the nodes touched. out: where each post's pieces begin, their arcs, the times at
    their tails. Returns how many pieces there are.
    """
    entries, seed_first = seeds
    dist_ms, _, touched = buffers
    sizes = np.zeros(3, np.int64)
    for post in range(len(seed_first) - 1):
        for entry in entries[seed_first[post] : seed_first[post + 1]]:
            node, ms = entry & 0xFFFFFFFF, entry >> 32
            if ms <= bound_ms and ms < dist_ms[node]:
                _reach(buffers, sizes, node, ms)
        fits = _grow_one(star, bound_ms, buffers, sizes, out)
        for i in range(sizes[1]):
            dist_ms[touched[i]] = UNREACHED
        if not fits:
            return -1
        sizes[0] = sizes[1] = 0
        out[0][post + 1] = sizes[2]
    return int(sizes[2])
