"""The fast kernel, plain (最简仿真内核), compiled: the nearest free unit goes, and is home at once.

What textbooks and the hypercube model simulate: no circles, no lines, first come first served. It
is the yardstick of speed, and what the queueing models are checked against.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.twin.kernel_layout import AT_SHIFT, IS_DONE, NEVER, UNIT_BITS
from kuaifan.twin.kernel_tree import key_of, put

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]


@njit(cache=True, nogil=True)
def run_basic(
    at_ms: Int64s, place: Int64s, busy_ms: Int64s, travel_ms: Int32s, tree: Int64s
) -> tuple[Int64s, Int64s]:
    """Which unit serves each call, and when it sets out, (n,) each.

    at_ms: sorted. travel_ms: (places, units), from each unit's home. busy_ms: on scene. A unit
    drives, serves, and is at home again in no time; calls wait in the order they came.
    """
    n_calls, n_units = len(at_ms), travel_ms.shape[1]
    unit_of, sent_ms = np.full(n_calls, -1, np.int64), np.full(n_calls, -1, np.int64)
    free = np.ones(n_units, np.bool_)
    n_free, call, first, n_begun = n_units, 0, 0, 0
    while n_begun < n_calls:
        key = tree[1]
        if call < n_calls and at_ms[call] < key >> AT_SHIFT:
            now_ms = at_ms[call]
            call += 1
            if n_free == 0:
                continue
        else:
            now_ms, unit = key >> AT_SHIFT, key & ((1 << UNIT_BITS) - 1)
            put(tree, unit, NEVER)
            free[unit] = True
            n_free += 1
            if first == call:
                continue
        best, best_ms = -1, np.int64(NEVER)
        row = travel_ms[place[first]]
        for unit in range(n_units):
            if free[unit] and row[unit] < best_ms:
                best, best_ms = unit, np.int64(row[unit])
        free[best] = False
        n_free -= 1
        unit_of[first], sent_ms[first] = best, now_ms
        put(tree, best, key_of(now_ms + best_ms + busy_ms[first], IS_DONE, best))
        first += 1
        n_begun += 1
    return unit_of, sent_ms
