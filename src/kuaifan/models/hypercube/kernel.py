"""The loops over 2^N states (超立方内核); imported only once numba may be loaded.

State s has bit u set where unit u is busy. For each unit only the half of states in which it is
free is kept, under the number of the state with its bit cut out (`_without`).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def fill_up_rates(weights: Floats, n_units: int) -> None:
    """Turn call rates by set of preferred units into rates by busy units, in place.

    weights: (n_units, 2^(n_units - 1)); row u holds, at each set of units that a place prefers to
    u, the calls of such places. After it, at each set of busy units, the calls for which u is the
    first free: the sum over all subsets, whatever the number of places. O(N^2 2^N / 4).
    """
    half = weights.shape[1]
    for unit in range(n_units):
        row = weights[unit]
        step = 1
        while step < half:
            for base in range(0, half, 2 * step):
                for k in range(base, base + step):
                    row[k + step] += row[k]
            step *= 2


@njit(cache=True, nogil=True, inline="always")
def _without(state: int, unit: int) -> int:
    return ((state >> (unit + 1)) << unit) | (state & ((1 << unit) - 1))


@njit(cache=True, nogil=True)
def sweep(chance: Floats, up: Floats, mu: Floats, *, outflow: Floats, over: float) -> float:
    """One Gauss-Seidel round over all states; the greatest relative change.

    A state's number is above those of its subsets: plain order goes from fewer busy units to
    more. outflow: the rate at which each state is left. over: of over-relaxation, 1 for none.
    """
    n_units = len(mu)
    full = len(chance) - 1
    worst = 0.0
    for state in range(full + 1):
        inflow = 0.0
        for unit in range(n_units):
            bit = 1 << unit
            if state & bit:
                inflow += chance[state ^ bit] * up[unit, _without(state, unit)]
            else:
                inflow += chance[state | bit] * mu[unit]
        new = inflow / outflow[state]
        further = new + (over - 1.0) * (new - chance[state])
        if further > 0.0:
            new = further
        change = abs(new - chance[state])
        if change > worst * new:
            worst = change / new
        chance[state] = new
    return worst


@njit(cache=True, nogil=True)
def rescale_levels(
    chance: Floats, outflow: Floats, n_busy: NDArray[np.int8], calls_per_h: float
) -> None:
    """Make the flows between numbers of busy units balance, and all chances sum to 1.

    The aggregation step: between n and n + 1 busy units calls go up and services come down.
    """
    n_levels = n_busy[-1] + 1
    mass = np.zeros(n_levels)
    left = np.zeros(n_levels)
    for state in range(len(chance)):
        level = n_busy[state]
        mass[level] += chance[state]
        left[level] += chance[state] * outflow[state]
    scale = np.ones(n_levels)
    for level in range(1, n_levels):
        calls = calls_per_h * mass[level] if level < n_levels - 1 else 0.0
        came = calls_per_h * mass[level - 1] * scale[level - 1]
        scale[level] = came / (left[level] - calls)
    total = (mass * scale).sum()
    for state in range(len(chance)):
        chance[state] *= scale[n_busy[state]] / total


@njit(cache=True, nogil=True)
def first_free_chances(order: NDArray[np.int64], chance: Floats) -> Floats:
    """The chance, for each row of `order`, that each unit is the first free. (rows, units).

    Zeta over subsets would need 2^N for each unit; here the superset sums of one table serve all:
    P(all of a set busy), read along each row. `chance` is overwritten.
    """
    n_rows, n_units = order.shape
    step = 1
    while step < len(chance):
        for base in range(0, len(chance), 2 * step):
            for k in range(base, base + step):
                chance[k] += chance[k + step]
        step *= 2
    found = np.zeros((n_rows, n_units))
    for row in range(n_rows):
        busy = 0
        for k in range(n_units):
            wider = busy | (1 << order[row, k])
            found[row, order[row, k]] = max(0.0, chance[busy] - chance[wider])
            busy = wider
    return found
