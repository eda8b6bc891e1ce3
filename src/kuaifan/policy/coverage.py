"""What sending a unit would cost the circles (布防代价): held, edge or lost by road time.

A response circle 快反圈 is held by two or more available units within its ring, on the edge with
one, lost with none. The price of a unit is the sum over the circles that it alone, or it and one
other, holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.look_ahead import LOOK_MS

LOST_PRICE_MS: Final = 60_000
EDGE_PRICE_MS: Final = 15_000
"""A minute of road time for a circle left empty, a quarter of one for its last reserve."""

ALONE: Final = 1
PAIR: Final = 2

CircleState = Literal["held", "edge", "lost"]


def circle_state(n_holding: int) -> CircleState:
    """State of a circle that so many available units hold."""
    if n_holding >= PAIR:
        return "held"
    return "edge" if n_holding == ALONE else "lost"


def count_plain(within: NDArray[np.bool_], available: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many available units are within each circle's ring, with whole-array operations."""
    held: NDArray[np.int64] = np.count_nonzero(within[available], axis=0)
    return held.astype(np.int64, copy=False)


def price_plain(
    within: NDArray[np.bool_],
    available: NDArray[np.bool_],
    n_holding: NDArray[np.int64],
    circle_ms: tuple[int, int],
) -> NDArray[np.int64]:
    """What taking each unit away costs, with whole-array operations; 0 for unavailable ones."""
    cost = np.zeros(len(n_holding), np.int64)
    cost[n_holding == ALONE], cost[n_holding == PAIR] = circle_ms
    price: NDArray[np.int64] = within @ cost
    price[~available] = 0
    return price


class Counters(NamedTuple):
    """How circles are counted and priced (布防计数): plainly, or compiled to the same integers."""

    n_holding: Callable[..., NDArray[np.int64]] = count_plain
    price_ms: Callable[..., NDArray[np.int64]] = price_plain


PLAIN: Final = Counters()


class Coverage:
    """Which units are within the ring of which circles (快反圈覆盖).

    within: bool (n_units, n_circles), kept up to date by the board as units move. ring: (n_units,
    n_circles) the narrowest of the circle's rings that a unit is within, n_rings where none.
    counters: compiled ones may take their place at any time.
    way_ms: (n_units, n_circles) road time to the circle's post, LOOK_MS or more where it is far.
    calls_a_week: (n_circles,) expected at each circle, None where nobody knows.
    """

    def __init__(self, circle_ids: tuple[str, ...], n_units: int, n_rings: int = 0) -> None:
        self.circle_ids, self.n_rings, self.counters = circle_ids, n_rings, PLAIN
        self.within: NDArray[np.bool_] = np.zeros((n_units, len(circle_ids)), np.bool_)
        self.ring: NDArray[np.int8] = np.full((n_units, len(circle_ids)), n_rings, np.int8)
        self.way_ms: NDArray[np.int32] = np.full(self.ring.shape, LOOK_MS, np.int32)
        self.calls_a_week: NDArray[np.int64] | None = None

    def forget(self, units: NDArray[np.integer] | slice) -> None:
        """Nobody knows where some units are."""
        self.within[units], self.ring[units] = False, self.n_rings
        self.way_ms[units] = LOOK_MS

    def n_holding(self, available: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many available units are within each circle's ring. O(units x circles)."""
        return self.counters.n_holding(self.within, available)

    def n_in_rings(self, available: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many available units are within each ring, (n_rings, n_circles) (各圈层警力)."""
        ring = self.ring[available]
        held = [np.count_nonzero(ring <= each, axis=0) for each in range(self.n_rings)]
        return np.array(held, np.int64).reshape(self.n_rings, len(self.circle_ids))

    def price_ms(
        self,
        available: NDArray[np.bool_],
        *,
        lost_ms: int = LOST_PRICE_MS,
        edge_ms: int = EDGE_PRICE_MS,
        n_holding: NDArray[np.int64] | None = None,
    ) -> NDArray[np.int64]:
        """What taking each unit away costs the circles, (n_units,), 0 for unavailable ones.

        n_holding: where it has been counted already.
        """
        counted = self.n_holding(available) if n_holding is None else n_holding
        return self.counters.price_ms(self.within, available, counted, (lost_ms, edge_ms))

    def held_by(self, unit_i: int, n_holding: NDArray[np.int64], *, exactly: int) -> list[str]:
        """Circles within whose ring this unit is, and exactly so many in all."""
        found = self.within[unit_i] & (n_holding == exactly)
        return [self.circle_ids[i] for i in np.flatnonzero(found)]

    def left_lost(self, unit_i: int, available: NDArray[np.bool_]) -> list[str]:
        """Circles that taking this unit away leaves without anyone."""
        return self.held_by(unit_i, self.n_holding(available), exactly=ALONE)

    def left_edge(self, unit_i: int, available: NDArray[np.bool_]) -> list[str]:
        """Circles that taking this unit away leaves with one unit."""
        return self.held_by(unit_i, self.n_holding(available), exactly=PAIR)

    def states(self, available: NDArray[np.bool_]) -> dict[str, CircleState]:
        """State of every circle now."""
        return {
            circle_id: circle_state(int(n))
            for circle_id, n in zip(self.circle_ids, self.n_holding(available), strict=True)
        }


class Holding:
    """How many units hold each circle, carried from change to change (增量布防统计).

    n_holding: int64 (n_circles,), always what `Coverage.n_holding` would count; each change costs
    only the units it names. Works on its own copies: the coverage handed in stays as it is.
    """

    def __init__(self, coverage: Coverage, available: NDArray[np.bool_]) -> None:
        self.within, self.available = coverage.within.copy(), available.copy()
        self.n_holding = coverage.n_holding(available)

    def set_available(self, units: NDArray[np.int64], is_available: NDArray[np.bool_]) -> None:
        """Some units, each named once, can be sent from now on or no longer. O(units named)."""
        change = is_available.astype(np.int64) - self.available[units]
        self.n_holding += change @ self.within[units]
        self.available[units] = is_available

    def set_within(self, units: NDArray[np.int64], within: NDArray[np.bool_]) -> None:
        """Some units, each named once, are within other rings now, (units, n_circles)."""
        change = within.astype(np.int64) - self.within[units]
        self.n_holding += self.available[units].astype(np.int64) @ change
        self.within[units] = within
