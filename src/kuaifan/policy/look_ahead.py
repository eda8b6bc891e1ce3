"""What a unit's absence costs the calls to come (前瞻代价): expected calls times the longer wait.

While a unit is away, the calls of each circle that it was the first to reach wait for the next one.
Its price is, circle by circle, the calls expected there meanwhile times what each waits longer, in
milliseconds of road: a circle with few calls, or with another unit a minute away, costs almost
nothing; one with many calls, far from help, costs more than any constant would say.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LOOK_MS: Final = 720_000
"""Who is further from a circle's post than this counts as so far: another comes free meanwhile."""
AROUND_MS: Final = 180_000
"""The calls of a circle lie so far around its post: a unit that is nearer to the post than this is
not nearer to all of them, so the first metres count little, by the square."""
NO_HELP_MS: Final = LOOK_MS - AROUND_MS // 2
"""The wait of a circle that nobody is near."""
WEEK_MS: Final = 604_800_000
MOST_CALLS: Final = 1_000_000
"""Calls a week of one circle that are counted: with them every product is far within 64 bits."""


class Ahead(NamedTuple):
    """What each circle's next calls lose with the unit that is first there (前瞻代价).

    first: (n_circles,) the unit, -1 where nobody is free. cost_ms: (n_circles,) what its absence
    costs there.
    """

    first: Ints
    cost_ms: Ints

    def price_ms(self, n_units: int) -> Ints:
        """(n_units,) what the absence of each unit costs, over all circles."""
        price = np.zeros(n_units + 1, np.int64)
        np.add.at(price, self.first, self.cost_ms)
        return price[:n_units]

    def of_unit(self, unit_i: int) -> Ints:
        """(n_circles,) what one unit's absence costs at each circle."""
        costs: Ints = np.where(self.first == unit_i, self.cost_ms, 0)
        return costs


def wait_of(drive_ms: NDArray[np.integer]) -> NDArray[np.int32]:
    """How long calls around a post wait for a unit so far from it, never longer than NO_HELP_MS."""
    far = np.minimum(drive_ms.astype(np.int64), LOOK_MS)
    waits = np.where(far < AROUND_MS, far * far // (2 * AROUND_MS), far - AROUND_MS // 2)
    found: NDArray[np.int32] = waits.astype(np.int32)
    return found


def look_ahead(
    way_ms: NDArray[np.int32], available: NDArray[np.bool_], calls_a_week: Ints, away_ms: int
) -> Ahead:
    """What the absence of the first unit of each circle costs. O(available x circles).

    way_ms: (n_units, n_circles), road times to the circles' posts; of equals the first by id is the
    first, and costs nothing, for the other is there as soon. away_ms: so long a unit is away.
    """
    units, n_circles = np.flatnonzero(available), way_ms.shape[1]
    if not len(units) or not n_circles:
        return Ahead(np.full(n_circles, -1, np.int64), np.zeros(n_circles, np.int64))
    ways, each = way_ms[units], np.arange(n_circles)
    first = ways.argmin(axis=0)
    soonest = wait_of(ways[first, each])
    ways[first, each] = LOOK_MS
    longer_ms = wait_of(ways.min(axis=0)).astype(np.int64) - soonest
    calls = np.minimum(calls_a_week, MOST_CALLS)
    return Ahead(units[first].astype(np.int64), calls * longer_ms * away_ms // WEEK_MS)
