"""Arithmetic on rows of weights (行运算), compiled: the few loops that nearly all time goes into.

They see nothing but plain runs of memory, so that the compiler makes vector code of them.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

UInt32s = NDArray[np.uint32]


@njit(cache=True, nogil=True)
def lower_row(row_ms: UInt32s, by_ms: UInt32s, first_ms: np.uint32) -> None:
    """Lower times to those of a way through another row, where that is faster."""
    for i in range(len(row_ms)):
        row_ms[i] = min(row_ms[i], np.uint32(first_ms + by_ms[i]))


@njit(cache=True, nogil=True)
def lowest_sum(row_ms: UInt32s, by_ms: UInt32s, best_ms: np.uint32) -> np.uint32:
    """The lower of a time and all sums of two rows, column by column."""
    for i in range(len(row_ms)):
        best_ms = min(best_ms, np.uint32(row_ms[i] + by_ms[i]))
    return best_ms


@njit(cache=True, nogil=True)
def wide(value: int) -> int:
    """A signed number of 64 bits: of a signed and an unsigned one, numba makes a float."""
    return np.int64(value)  # type: ignore[return-value]
