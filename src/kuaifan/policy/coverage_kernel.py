"""Counting and pricing circles (布防计数), compiled; imported only once numba may be loaded."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE, PAIR, Counters

Bools = NDArray[np.bool_]
Int64s = NDArray[np.int64]


@njit(cache=True, nogil=True)
def count_compiled(within: Bools, available: Bools) -> Int64s:
    """How many available units are within each circle's ring."""
    n_units, n_circles = within.shape
    n_holding = np.zeros(n_circles, np.int64)
    for unit_i in range(n_units):
        if available[unit_i]:
            for circle_i in range(n_circles):
                n_holding[circle_i] += within[unit_i, circle_i]
    return n_holding


@njit(cache=True, nogil=True)
def price_compiled(
    within: Bools, available: Bools, n_holding: Int64s, circle_ms: tuple[int, int]
) -> Int64s:
    """What taking each unit away costs; 0 for unavailable ones."""
    n_units, n_circles = within.shape
    cost = np.zeros(n_circles, np.int64)
    for circle_i in range(n_circles):
        if n_holding[circle_i] == ALONE:
            cost[circle_i] = circle_ms[0]
        elif n_holding[circle_i] == PAIR:
            cost[circle_i] = circle_ms[1]
    price_ms = np.zeros(n_units, np.int64)
    for unit_i in range(n_units):
        if available[unit_i]:
            for circle_i in range(n_circles):
                price_ms[unit_i] += cost[circle_i] * within[unit_i, circle_i]
    return price_ms


def load_counters() -> Counters:
    """Have both compiled, or read, before anybody waits for them; may run in a thread."""
    within, available = np.zeros((1, 1), np.bool_), np.zeros(1, np.bool_)
    price_compiled(within, available, count_compiled(within, available), (0, 0))
    return COMPILED


COMPILED: Final = Counters(count_compiled, price_compiled)
