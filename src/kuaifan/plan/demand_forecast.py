"""Forecasts the calls of an hour in a cell (需求预测): ours and the rivals it has to beat.

Ours: each class has its own map, shrunk from coarse blocks to cells, and its own week, shrunk from
like days to hours; a cell's calls of a class are map times week. Rivals: raw counts of each cell
and hour of the week, the last week again, and a kernel density.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.demand_calls import HOURS_PER_DAY, HOURS_PER_WEEK, ORDINARY, CallCounts
from kuaifan.plan.demand_shrink import shrink_cells, shrink_week

FLOOR_SHARE: Final = 0.5
"""Of raw counts and the last week, spread evenly: without it one call where none was is the end.
On real calls in cells of 500 m and 1 km a half is near the best for them."""
KERNEL_CELLS: Final = 0.6
"""Width of the kernel; the best for it of 0.6, 1 and 1.5 cells."""
DAY_FACTOR_SHAPE: Final = 100.0
"""Calls that a kind of day must have before its factor is half its own."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Map times week of each class (需求率).

    weekly: (n_cells, n_kinds) mean calls of an ordinary week. week: (n_kinds, 168) share of them
    in each hour, rows sum to 1.
    """

    weekly: Floats
    week: Floats

    def hourly(self) -> Floats:
        """Mean calls of all classes in each cell and hour of the week, (n_cells, 168)."""
        return self.weekly @ self.week


Forecast = Callable[[CallCounts], Floats]


def forecast_shrunk(calls: CallCounts) -> Rates:
    """Ours: maps and weeks shrunk towards what is round them. O(classes x cells)."""
    return _by_class(calls, shrink_cells)


def forecast_kernel(calls: CallCounts) -> Rates:
    """A Gaussian kernel density of each class (核密度), `KERNEL_CELLS` wide; weeks as ours."""
    return _by_class(calls, _smooth)


def forecast_raw(calls: CallCounts) -> Floats:
    """Mean count of each cell and hour of the week (原始计数), a part of it spread evenly."""
    return _floored(_table(calls) / np.maximum(calls.exposure(), 1.0))


def forecast_raw_map(calls: CallCounts) -> Floats:
    """Raw counts of each cell, times those of each hour of the week (分离原始计数)."""
    table = _table(calls)
    week = table.sum(axis=0) / np.maximum(calls.exposure(), 1.0)
    place = np.maximum(table.sum(axis=1), 0.5)
    return np.outer(place / place.sum(), np.maximum(week, week.mean() * 1e-3))


def forecast_last_week(calls: CallCounts) -> Floats:
    """The last week again (季节朴素), a part of it spread evenly."""
    last = calls.between(calls.end_hour - HOURS_PER_WEEK, calls.end_hour)
    return _floored(_table(last) / np.maximum(last.exposure(), 1.0))


FORECASTS: Final[Mapping[str, Forecast]] = MappingProxyType(
    {
        "shrunk": lambda calls: forecast_shrunk(calls).hourly(),
        "raw": forecast_raw,
        "raw_map": forecast_raw_map,
        "last_week": forecast_last_week,
        "kernel": lambda calls: forecast_kernel(calls).hourly(),
    }
)
"""By name; each gives (n_cells, 168)."""
PUBLISHABLE: Final[Mapping[str, Callable[[CallCounts], Rates]]] = MappingProxyType(
    {"shrunk": forecast_shrunk, "kernel": forecast_kernel}
)
"""Those that are maps times weeks, as demand.npz holds them."""


def day_factors(calls: CallCounts, hourly: Floats, n_kinds: int) -> Floats:
    """How many times the usual each kind of day brings (日类型系数), shrunk to 1; ordinary is 1."""
    usual = hourly.sum(axis=0)[calls.slots(calls.hours)]
    of_hour = calls.day_kind[calls.hours // HOURS_PER_DAY]
    of_call = calls.day_kind[calls.hour // HOURS_PER_DAY]
    expected = np.bincount(of_hour, weights=usual, minlength=n_kinds)
    found = np.bincount(of_call, minlength=n_kinds)
    factors: Floats = (DAY_FACTOR_SHAPE + found) / (DAY_FACTOR_SHAPE + expected)
    factors[ORDINARY] = 1.0
    return factors


def _by_class(calls: CallCounts, make_map: Callable[[Floats], Floats]) -> Rates:
    _check(calls)
    exposure = calls.exposure()
    weekly = np.zeros((calls.n_cells, calls.n_kinds))
    week = np.zeros((calls.n_kinds, HOURS_PER_WEEK))
    slots = calls.slots(calls.hour)
    for kind in range(calls.n_kinds):
        mine = calls.kind == kind
        cells = np.bincount(calls.cell[mine], minlength=calls.n_cells).astype(np.float64)
        place = make_map(cells.reshape(calls.n_rows, calls.n_columns)).ravel()
        hours = np.bincount(slots[mine], minlength=HOURS_PER_WEEK).astype(np.float64)
        rates = shrink_week(hours, exposure) if mine.any() else np.ones(HOURS_PER_WEEK)
        week[kind] = rates / rates.sum()
        weekly[:, kind] = place * (rates.sum() / place.sum()) if mine.any() else 0.0
    return Rates(weekly, week)


def _check(calls: CallCounts) -> None:
    if not len(calls.hour) or calls.end_hour - calls.first_hour < HOURS_PER_WEEK:
        raise BadInputError("a forecast needs a week of calls at least: give a longer call file")


def _table(calls: CallCounts) -> Floats:
    at = calls.cell * HOURS_PER_WEEK + calls.slots(calls.hour)
    table = np.bincount(at, minlength=calls.n_cells * HOURS_PER_WEEK)
    return table.reshape(calls.n_cells, HOURS_PER_WEEK).astype(np.float64)


def _floored(rates: Floats) -> Floats:
    return (1 - FLOOR_SHARE) * rates + FLOOR_SHARE * float(rates.mean())


def _smooth(counts: Floats) -> Floats:
    """Smoothed by a Gaussian, its edges folded back, a thousandth spread evenly."""
    reach = int(4 * KERNEL_CELLS)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / KERNEL_CELLS) ** 2)
    kernel /= kernel.sum()
    smooth = counts
    for axis in (0, 1):
        before_after = [(0, 0), (0, 0)]
        before_after[axis] = (reach, reach)
        wide = np.pad(smooth, before_after, mode="symmetric")
        n = smooth.shape[axis]
        slices = [np.take(wide, range(k, k + n), axis=axis) for k in range(2 * reach + 1)]
        smooth = np.tensordot(kernel, np.stack(slices), axes=1)
    return np.asarray(0.999 * smooth + 0.001 * float(counts.mean()))
