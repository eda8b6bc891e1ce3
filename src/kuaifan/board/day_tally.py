"""Counts by local day (日计数), from which the year's figures add up again.

A seat's slice has one as its field `tally`; only folds add to it. Days are of the city's clock.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

CITY_OFFSET_MS: Final = 8 * 3_600_000
"""The whole country keeps Beijing time (北京时间)."""
DAY_MS: Final = 24 * 3_600_000
EPOCH: Final = date(1970, 1, 1).toordinal()
"""Day 0, as the calendar of Python counts days."""


def day_of(at_ms: int) -> int:
    """Number of the local day, counted from 1970-01-01."""
    return (at_ms + CITY_OFFSET_MS) // DAY_MS


def start_of_day(day: int) -> int:
    """When a local day begins, in ms."""
    return day * DAY_MS - CITY_OFFSET_MS


@lru_cache(maxsize=1_024)
def date_of(day: int) -> str:
    """The date of a local day, as 2026-11-22."""
    return date.fromordinal(EPOCH + day).isoformat()


class DayTally(msgspec.Struct):
    """How much of what on which day (日计数): day number -> name -> amount."""

    days: dict[int, dict[str, int]] = {}

    def add(self, at_ms: int, name: str, amount: int = 1) -> None:
        """Count something on the day of an instant; an amount of 0 leaves no trace."""
        if amount:
            told = self.days.setdefault(day_of(at_ms), {})
            told[name] = told.get(name, 0) + amount

    def sum(self, name: str, first_day: int, last_day: int) -> int:
        """The amount over days, both of them included; O(days)."""
        return sum(self.days.get(day, {}).get(name, 0) for day in range(first_day, last_day + 1))
