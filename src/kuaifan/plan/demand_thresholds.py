"""From which count on to warn (预警阈值): by place, quarter of a day of the week, and type of call.

Blocks of cells and six hours at a time, as in single cells and hours one call would be news.
A threshold is of a place, a time and a type; nothing here knows of persons.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.demand_calls import HOURS_PER_WEEK, CallCounts
from kuaifan.plan.demand_forecast import Rates
from kuaifan.plan.demand_spread import spread_of, warning_threshold

BLOCK_CELLS: Final = 4
PERIOD_HOURS: Final = 6
PERIODS_PER_WEEK: Final = HOURS_PER_WEEK // PERIOD_HOURS
MIN_MEAN: Final = 0.05
"""Calls expected of a block, period and class; of fewer there is no threshold."""

Floats = NDArray[np.float64]


class Threshold(NamedTuple):
    """One threshold (预警阈值): period counts from Monday 0 to 6 o'clock; kind: the class."""

    block_row: int
    block_column: int
    kind: int
    period: int
    mean: float
    threshold: int


def list_thresholds(calls: CallCounts, rates: Rates, *, share: float = 0.001) -> list[Threshold]:
    """List what one such period in `share` reaches by chance, where enough is expected.

    The spread is that of the class over all blocks and periods that were watched.
    """
    rows = -(-calls.n_rows // BLOCK_CELLS)
    columns = -(-calls.n_columns // BLOCK_CELLS)
    block = _block_of(calls, columns)
    found = []
    for kind in range(calls.n_kinds):
        weekly = np.bincount(block, weights=rates.weekly[:, kind], minlength=rows * columns)
        periods = rates.week[kind].reshape(PERIODS_PER_WEEK, PERIOD_HOURS).sum(axis=1)
        mean = np.outer(weekly, periods)
        spread = _spread(calls, kind, block, mean)
        for at, period in np.argwhere(mean >= MIN_MEAN).tolist():
            expected = float(mean[at, period])
            least = warning_threshold(expected, spread, share=share)
            row, column = divmod(at, columns)
            found.append(Threshold(row, column, kind, period, expected, least))
    return found


def _block_of(calls: CallCounts, columns: int) -> NDArray[np.int64]:
    cell = np.arange(calls.n_cells)
    row, column = cell // calls.n_columns, cell % calls.n_columns
    block: NDArray[np.int64] = row // BLOCK_CELLS * columns + column // BLOCK_CELLS
    return block


def _spread(calls: CallCounts, kind: int, block: NDArray[np.int64], mean: Floats) -> float:
    """Variance through mean of a class in a block and period; the means count as known."""
    first = calls.first_hour // PERIOD_HOURS
    n_periods = (calls.end_hour - calls.first_hour) // PERIOD_HOURS
    mine = calls.kind == kind
    at = block[calls.cell[mine]] * n_periods + (calls.hour[mine] // PERIOD_HOURS - first)
    counts = np.bincount(at, minlength=len(mean) * n_periods).reshape(len(mean), n_periods)
    slots = calls.slots((first + np.arange(n_periods)) * PERIOD_HOURS) // PERIOD_HOURS
    expected = mean[:, slots]
    is_enough = expected >= MIN_MEAN
    return spread_of(counts[is_enough], expected[is_enough])
