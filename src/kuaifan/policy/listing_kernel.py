"""The same lists, compiled (列表内核); imported only once numba may be loaded."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE, PAIR
from kuaifan.policy.fleet import STATION_LINE
from kuaifan.policy.listing import MAX_PASSED_OVER, Columns, Int64s, Lister, Listing
from kuaifan.policy.scoring import OWN_STATION, WHY_NOT, Int

N_CODES: Final = len(WHY_NOT)
NEVER_MS: Final = 1 << 62


@njit(cache=True, nogil=True)
def _order(
    score_ms: Int64s, why: NDArray[np.int8], travel_ms: Int
) -> tuple[Int64s, Int64s, Int64s, int]:
    counts, n_passed = np.zeros(N_CODES, np.int64), 0
    eligible, passed = np.empty(len(why), np.int64), np.empty((MAX_PASSED_OVER, 2), np.int64)
    nearest_ms = NEVER_MS
    for row in range(len(why)):
        code = why[row]
        if code == 0:
            eligible[counts[0]] = row
            nearest_ms = min(nearest_ms, travel_ms[row])
        elif n_passed < MAX_PASSED_OVER:
            passed[n_passed, 0], passed[n_passed, 1] = row, code
            n_passed += 1
        counts[code] += 1
    found = eligible[: counts[0]]
    best = found[np.argsort(score_ms[found], kind="mergesort")]
    return best, counts, passed[:n_passed], nearest_ms if counts[0] else 0


@njit(cache=True, nogil=True)
def _facts(units: Int64s, columns: Columns) -> Int64s:
    found = np.empty((len(units), 9), np.int64)
    for i in range(len(units)):
        row = units[i]
        line = columns.line[row]
        is_own = line == STATION_LINE and columns.is_owner[row] != 0
        found[i, 0] = row
        found[i, 1], found[i, 2] = columns.travel_ms[row], columns.score_ms[row]
        found[i, 3], found[i, 4] = columns.stale_ms[row], columns.uncertainty_m[row]
        found[i, 5] = OWN_STATION if is_own else line
        found[i, 6], found[i, 7] = columns.skills[row], columns.reserved[row]
        found[i, 8] = columns.other_desk[row]
    return found


@njit(cache=True, nogil=True)
def _thin(units: Int64s, within: NDArray[np.bool_], n_holding: Int64s) -> Int64s:
    n_found, n_circles = 0, len(n_holding)
    found = np.empty((len(units) * n_circles, 3), np.int64)
    for i in range(len(units)):
        for n in (ALONE, PAIR):
            for circle_i in range(n_circles):
                if n_holding[circle_i] == n and within[units[i], circle_i]:
                    found[n_found, 0], found[n_found, 1], found[n_found, 2] = i, circle_i, n
                    n_found += 1
    return found[:n_found]


def _list_compiled(score_ms: Int64s, why: NDArray[np.int8], travel_ms: Int) -> Listing:
    return Listing(*_order(score_ms, why, travel_ms))


COMPILED: Final = Lister(_list_compiled, _facts, _thin)


def load_lister() -> Lister:
    """Have all compiled, or read, before anybody waits for them; may run in a thread."""
    wide, whole, small = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8)
    _list_compiled(wide, small, whole)
    _facts(wide, Columns(whole, wide, wide, whole, small, small, whole, small, small))
    _thin(wide, np.zeros((0, 0), np.bool_), wide)
    return COMPILED
