"""The calls of one hour (一小时来电): drawn from the seed and the hour alone, so in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.twin.demand import HOUR_MS
from kuaifan.twin.stories_demand import Rates

Ints = NDArray[np.int64]

REPEAT_MS: Final = (20_000, 120_000)
"""Somebody else calls so long after the first caller."""
REPEAT_AGAIN: Final = (1.0, 0.35, 0.12)
"""How the chance of one more caller falls with those before."""
PLAN_LANE, FIRST_LANE, LATER_LANE = 255, 0, 128
"""What a generator of an hour is for: its plan, a story, or the n-th later caller of it."""
_MASK: Final = (1 << 64) - 1
_INVENTED: Final = 1 << 63


@dataclass(frozen=True, slots=True, eq=False)
class HourPlan:
    """Who calls within one hour, in order of time; all arrays are (n_calls,).

    type_i, class_i: into those of the rates. story_i: which incident of this hour.
    nth: 0 for who calls first, 1 to 3 for others who report the same.
    """

    at_ms: Ints
    type_i: Ints
    class_i: Ints
    story_i: Ints
    nth: Ints

    def since(self, at_ms: int) -> HourPlan:
        """The same hour without who calls before an instant."""
        n = int(np.searchsorted(self.at_ms, at_ms, side="left"))
        kept = (self.at_ms, self.type_i, self.class_i, self.story_i, self.nth)
        return self if not n else HourPlan(*(array[n:] for array in kept))


def hour_luck(
    seed: int, hour: int, *, story_i: int = 0, lane: int = PLAN_LANE
) -> np.random.Generator:
    """The generator of one hour's plan, or of one caller of one of its stories."""
    return _luck(seed, hour << 40 | story_i << 8 | lane)


def invented_luck(seed: int, luck_no: int) -> np.random.Generator:
    """The generator of a call that stands in no hour's plan."""
    return _luck(seed, _INVENTED | luck_no)


def plan_hour(
    rates: Rates, repeats: NDArray[np.float64], *, seed: int, hour: int, hour_of_week: int
) -> HourPlan:
    """Draw the calls of an hour; some 100 microseconds.

    repeats: (n_types,) chance that somebody else calls too. hour: since 1970.
    """
    rng = hour_luck(seed, hour)
    n = rates.draw_count(hour_of_week, rng)
    type_i, class_i = rates.draw_types(hour_of_week, n, rng)
    first_ms = np.sort(rng.integers(0, HOUR_MS, n))
    later_ms = first_ms[:, None] + rng.integers(*REPEAT_MS, (n, len(REPEAT_AGAIN)))
    chance = repeats[type_i][:, None] * np.array(REPEAT_AGAIN)
    # One draw for all, so that there is no third caller without a second. Nobody calls again in
    # the next hour: an hour must be known without the one before.
    comes = (rng.random((n, 1)) < chance) & (later_ms.max(axis=1, initial=0) < HOUR_MS)[:, None]
    story_i, extra = np.nonzero(comes)
    at_ms = np.concatenate((first_ms, later_ms[comes]))
    order = np.argsort(at_ms, kind="stable")
    story_i = np.concatenate((np.arange(n), story_i))[order]
    return HourPlan(
        at_ms=hour * HOUR_MS + at_ms[order],
        type_i=type_i[story_i],
        class_i=class_i[story_i],
        story_i=story_i,
        nth=np.concatenate((np.zeros(n, np.int64), extra + 1))[order],
    )


def _luck(seed: int, number: int) -> np.random.Generator:
    key = np.array([seed & _MASK, number & _MASK], np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
