"""Calls as arrays (来电数组): which hour, which square cell, which class; and what days there were.

Hours are local and counted from a Monday 00:00, so that an hour modulo 168 is one of the week.
A public holiday (节假日) has the hours of a Sunday, a weekend day worked instead (调休) those of a
Wednesday; both, and events, also have a factor of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError

HOURS_PER_WEEK: Final = 168
HOURS_PER_DAY: Final = 24
ORDINARY, HOLIDAY, WORKED, EVENT = range(4)
"""Kinds of day (日类型)."""
DAY_KINDS: Final = ("ordinary", "holiday", "workday", "event")
_SUNDAY, _WEDNESDAY = 6, 2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CallCounts:
    """The calls of some days on a grid of cells (来电计数).

    hour, cell, kind: (n_calls,) each; cell is row * n_columns + column. day_kind: (n_days,) from
    the Monday that hours are counted from. first_hour, end_hour: the span that was watched; calls
    are inside it. Raises BadInputError where a call lies outside of what is said.
    """

    hour: Ints
    cell: Ints
    kind: Ints
    n_rows: int
    n_columns: int
    n_kinds: int
    day_kind: Ints
    first_hour: int
    end_hour: int

    def __post_init__(self) -> None:
        fits = (
            (self.hour, self.first_hour, self.end_hour, "hour"),
            (self.cell, 0, self.n_cells, "cell"),
            (self.kind, 0, self.n_kinds, "class"),
        )
        for values, low, high, what in fits:
            if values.shape != self.hour.shape or np.any((values < low) | (values >= high)):
                raise BadInputError(f"a call's {what} lies outside {low} to {high - 1}")
        if not 0 <= self.first_hour < self.end_hour <= HOURS_PER_DAY * len(self.day_kind):
            raise BadInputError("the days do not span the hours of the calls: give each its kind")

    @property
    def n_cells(self) -> int:
        """Cells of the grid."""
        return self.n_rows * self.n_columns

    @property
    def hours(self) -> Ints:
        """Every hour that was watched."""
        return np.arange(self.first_hour, self.end_hour)

    def between(self, first_hour: int, end_hour: int) -> CallCounts:
        """The calls of a part of the span."""
        first, end = max(first_hour, self.first_hour), min(end_hour, self.end_hour)
        is_in = (self.hour >= first) & (self.hour < end)
        return replace(
            self,
            hour=self.hour[is_in],
            cell=self.cell[is_in],
            kind=self.kind[is_in],
            first_hour=first,
            end_hour=end,
        )

    def slots(self, hours: Ints) -> Ints:
        """The hour of the week that each hour is like."""
        weekday = hours // HOURS_PER_DAY % 7
        kinds = self.day_kind[hours // HOURS_PER_DAY]
        weekday = np.where(kinds == HOLIDAY, _SUNDAY, weekday)
        weekday = np.where(kinds == WORKED, _WEDNESDAY, weekday)
        return weekday * HOURS_PER_DAY + hours % HOURS_PER_DAY

    def exposure(self) -> Floats:
        """(168,) how often each hour of the week was watched."""
        return np.bincount(self.slots(self.hours), minlength=HOURS_PER_WEEK).astype(np.float64)
