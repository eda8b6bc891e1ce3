"""Greedy cover and interchange, compiled; imported only when an MCLP is solved.

cover = (first row of each site, rows, first site of each row, sites, weight of rows).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Int8s = NDArray[np.int8]
Bools = NDArray[np.bool_]
Cover = tuple[Ints, Int32s, Ints, Int32s, Floats]
SLACK = 1e-10
KICKED = 3


@njit(cache=True, nogil=True)
def _open(cover: Cover, times: Int32s, gain: Floats, i: int) -> None:
    """Open a site: what only it covers gains no other site any more."""
    first_row, row, first_site, site, weight = cover
    for k in range(first_row[i], first_row[i + 1]):
        r = row[k]
        times[r] += 1
        if times[r] == 1:
            for q in range(first_site[r], first_site[r + 1]):
                gain[site[q]] -= weight[r]


@njit(cache=True, nogil=True)
def _close(cover: Cover, times: Int32s, gain: Floats, i: int) -> float:
    """Close a site; return what is lost by it."""
    first_row, row, first_site, site, weight = cover
    loss = 0.0
    for k in range(first_row[i], first_row[i + 1]):
        r = row[k]
        times[r] -= 1
        if times[r] == 0:
            loss += weight[r]
            for q in range(first_site[r], first_site[r + 1]):
                gain[site[q]] += weight[r]
    return loss


@njit(cache=True, nogil=True)
def _best_closed(gain: Floats, is_open: Bools, state: Int8s) -> int:
    best = -1
    for i in range(len(gain)):
        if not is_open[i] and state[i] >= 0 and (best < 0 or gain[i] > gain[best]):
            best = i
    return best


@njit(cache=True, nogil=True)
def _swap(cover: Cover, state: Int8s, is_open: Bools, times: Int32s, gain: Floats) -> None:
    """Swap one open site for one closed while that gains anything."""
    slack, is_better = SLACK * cover[4].sum(), True
    while is_better:
        is_better = False
        for i in np.flatnonzero(is_open & (state == 0)):
            loss = _close(cover, times, gain, int(i))
            is_open[i] = False
            best = _best_closed(gain, is_open, state)
            if gain[best] <= loss + slack:
                best = int(i)
            else:
                is_better = True
            is_open[best] = True
            _open(cover, times, gain, best)


@njit(cache=True, nogil=True)
def _kick(
    cover: Cover, state: Int8s, is_open: Bools, times: Int32s, gain: Floats, draw: int
) -> int:
    """Swap some sites blindly, by a fixed sequence of draws: the same problem, the same plan."""
    for _ in range(KICKED):
        for is_entry in (False, True):
            pool = np.flatnonzero((state == 0) & (is_open != is_entry))
            if not len(pool):
                return draw
            draw = (draw * 1103515245 + 12345) % 2147483648
            i = pool[(draw >> 8) % len(pool)]
            is_open[i] = is_entry
            if is_entry:
                _open(cover, times, gain, i)
            else:
                _close(cover, times, gain, i)
    return draw


@njit(cache=True, nogil=True)
def cover_most(cover: Cover, state: Int8s, n_open: int, n_kicks: int) -> Bools:
    """Open what gains most, then swap; then so often kick the best plan and swap again."""
    first_row, row, _first_site, _site, weight = cover
    n_sites, draw = len(first_row) - 1, 1
    times, gain = np.zeros(len(weight), np.int32), np.zeros(n_sites)
    is_open: Bools = state == 1
    for i in range(n_sites):
        for k in range(first_row[i], first_row[i + 1]):
            gain[i] += weight[row[k]]
    for locked in np.flatnonzero(is_open):
        _open(cover, times, gain, int(locked))
    for _ in range(n_open - np.count_nonzero(is_open)):
        i = _best_closed(gain, is_open, state)
        is_open[i] = True
        _open(cover, times, gain, i)
    _swap(cover, state, is_open, times, gain)
    best: Bools = is_open.copy()
    best_value = weight[times > 0].sum()
    for _ in range(n_kicks):
        draw = _kick(cover, state, is_open, times, gain, draw)
        _swap(cover, state, is_open, times, gain)
        value = weight[times > 0].sum()
        if value >= best_value:
            best, best_value = is_open.copy(), value
            continue
        for late in np.flatnonzero(is_open & ~best):
            is_open[late] = False
            _close(cover, times, gain, int(late))
        for back in np.flatnonzero(best & ~is_open):
            is_open[back] = True
            _open(cover, times, gain, int(back))
    return best


@njit(cache=True, nogil=True)
def worth(cover: Cover, is_open: Bools) -> tuple[float, Floats, Floats]:
    """Weight covered; of each open site the weight that only it covers, and all it covers."""
    _first_row, _row, first_site, site, weight = cover
    covered, alone, served = 0.0, np.zeros(len(is_open)), np.zeros(len(is_open))
    for r in range(len(weight)):
        n_open, last = 0, -1
        for q in range(first_site[r], first_site[r + 1]):
            if is_open[site[q]]:
                n_open, last = n_open + 1, site[q]
                served[last] += weight[r]
        if n_open:
            covered += weight[r]
        if n_open == 1:
            alone[last] += weight[r]
    return covered, alone, served
