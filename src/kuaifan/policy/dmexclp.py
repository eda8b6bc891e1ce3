"""DMEXCLP 补位: send a unit where it adds most to the demand that is expected to be covered.

With n free units within reach and each busy a share q of the time, a demand of weight w is covered
w (1 - q^n) in expectation; one unit more adds w (1 - q) q^n (Daskin, 1983). Jagtenberg, C. J.,
Bhulai, S. and van der Mei, R. D. (2015), Operations Research for Health Care 4, 27, send each unit
that comes free to the post where that is most. Here every free unit may be asked, what it leaves is
taken off, and few moves are made: they get most of what there is to get (van Barneveld, T. C.,
2016). All is counted in whole parts per million of a weight of one, so that ties are ties.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import Holding
from kuaifan.policy.move_up import (
    Approach,
    MoveLimits,
    MoveUp,
    Standing,
    count_holding,
    keep_in_limits,
    list_movable,
    make_move,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PPM: Final = 1_000_000
LEAST_BUSY_PPM, MOST_BUSY_PPM = 50_000, 900_000
"""With nobody busy a second unit would add nothing, with all of them all would add alike."""
MAX_WEIGHT: Final = 8_000_000_000
"""Of all demand: up to it every sum is a whole number that a float holds exactly."""


class Ground(NamedTuple):
    """What does not change from move to move (布防条件).

    reach: (n_posts, n_demands) demands within the target of a unit at the post. weight:
    (n_demands,). busy_ppm: share of time that a unit is busy.
    """

    reach: Bools
    weight: Ints
    busy_ppm: int


def added_by_next(n_most: int, busy_ppm: int) -> Ints:
    """(n_most + 1,) what a unit adds to a weight of one where 0, 1 … others reach it, in ppm."""
    found, added = np.empty(n_most + 1, np.int64), PPM - busy_ppm
    for n in range(n_most + 1):
        found[n] = added
        added = added * busy_ppm // PPM
    return found


def measured_busy_ppm(n_on_duty: int, n_free: int) -> int:
    """Share of the units on duty that are busy now, within what the model can use (在忙比例)."""
    busy_ppm = (n_on_duty - n_free) * PPM // max(1, n_on_duty)
    return min(max(busy_ppm, LEAST_BUSY_PPM), MOST_BUSY_PPM)


def expected_ppm(n_reaching: Ints, ground: Ground) -> int:
    """Expected weight covered, in ppm: the sum of what each unit added (期望覆盖)."""
    _check(ground)
    covered = np.cumsum(np.append(0, added_by_next(_most(n_reaching), ground.busy_ppm)))
    return int(covered[n_reaching] @ ground.weight)


def post_gains(n_reaching: Ints, ground: Ground) -> Ints:
    """(n_posts,) what one unit more at each post adds, in ppm (边际覆盖). O(posts x demands)."""
    _check(ground)
    added = added_by_next(_most(n_reaching), ground.busy_ppm)[n_reaching]
    return _whole(ground.reach.astype(np.float64) @ (ground.weight * added).astype(np.float64))


def move_gains(within: Bools, n_reaching: Ints, ground: Ground) -> Ints:
    """(n_units, n_posts) what moving each unit to each post adds, less what it leaves, in ppm.

    within: (n_units, n_demands) what each reaches where it stands, or stands for; nothing for a
    unit that has just come free. n_reaching: (n_demands,) free units in reach, these among them.
    O(units x posts x demands) in one product of matrices: 0.2 ms for 60 x 31 x 53, some ten for
    100 x 50 x 5,000.
    """
    _check(ground)
    added = added_by_next(_most(n_reaching), ground.busy_ppm)
    here = (ground.weight * added[n_reaching]).astype(np.float64)
    # Where the unit itself is one of those that reach, one fewer do once it has left.
    before = (ground.weight * added[np.maximum(n_reaching - 1, 0)]).astype(np.float64)
    reach, leaves = ground.reach.astype(np.float64), within.astype(np.float64)
    gain = (leaves * (before - here)) @ reach.T + reach @ here - (leaves @ before)[:, None]
    return _whole(gain)


def list_worth_adding(standing: Standing, limits: MoveLimits) -> Ints:
    """Circles whose posts one more unit adds most at, best first, for road times to be asked for.

    One that a unit is on its way to, or that nobody asks about, is none of them.
    """
    ground, n_holding = _ground(standing, limits), count_holding(standing)
    gain = np.where(ground.weight > 0, post_gains(n_holding, ground), 0)
    order = np.lexsort((np.arange(len(gain)), -gain))
    found: Ints = order[gain[order] > 0].astype(np.int64)
    return found


def suggest_for_coverage(
    standing: Standing,
    approach: Approach,
    limits: MoveLimits = MoveLimits(),  # noqa: B008 - a tuple of numbers
) -> tuple[MoveUp, ...]:
    """Suggest the moves that add most to expected coverage, one after another (DMEXCLP 补位).

    The circles' weights are the demand; a circle of weight 0 is no target and counts nothing. Ties:
    the nearer unit, then the first ids. Only moves that add something are made.
    """
    approach, n_left = keep_in_limits(approach, limits)
    holding, ground = Holding(standing.coverage, standing.available), _ground(standing, limits)
    free, moves = np.isin(approach.unit_i, list_movable(standing)), list[MoveUp]()
    wanted = ground.weight[approach.circle_i] > 0
    while len(moves) < n_left:
        near = free[:, None] & wanted & (approach.travel_ms <= limits.limit_ms)
        within = holding.within[approach.unit_i]
        best = best_move(move_gains(within, holding.n_holding, ground), approach, near)
        if best is None:
            break
        was = holding.n_holding.copy()
        holding.set_within(np.array([best[0]]), ground.reach[[best[1]]])
        moves.append(make_move(best, was, holding.n_holding, standing.coverage.circle_ids))
        free = free & (approach.unit_i != best[0])
    return tuple(moves)


def _ground(standing: Standing, limits: MoveLimits) -> Ground:
    n_circles = len(standing.coverage.circle_ids)
    weights, reach = standing.circle_weights, standing.holds_from_post
    return Ground(
        reach=np.eye(n_circles, dtype=np.bool_) if reach is None else reach,
        weight=np.ones(n_circles, np.int64) if weights is None else weights.astype(np.int64),
        busy_ppm=limits.busy_ppm,
    )


def best_move(gain: Ints, approach: Approach, near: Bools) -> tuple[int, int, int] | None:
    """The unit, post and road time of the best move, if any adds something (最优补位).

    gain: (len(approach.unit_i), n_posts), of `move_gains`; near: which moves of the approach may
    be made at all.
    """
    gain = gain[:, approach.circle_i]
    may = near & (gain > 0)
    if not may.any():
        return None
    rows, columns = np.nonzero(may)
    units, circles = approach.unit_i[rows], approach.circle_i[columns]
    travel_ms = approach.travel_ms[rows, columns]
    first = int(np.lexsort((circles, units, travel_ms, -gain[rows, columns]))[0])
    return int(units[first]), int(circles[first]), int(travel_ms[first])


def _most(n_reaching: Ints) -> int:
    return int(n_reaching.max(initial=0))


def _whole(values: Floats) -> Ints:
    found: Ints = values.astype(np.int64)
    return found


def _check(ground: Ground) -> None:
    if not 0 < ground.busy_ppm < PPM:
        raise ValueError(f"units are busy {ground.busy_ppm} ppm: give more than 0, less than {PPM}")
    total = int(ground.weight.sum())
    if ground.weight.min(initial=0) < 0 or total > MAX_WEIGHT:
        raise ValueError(f"weights go from 0 and sum to {MAX_WEIGHT:,} at most, not to {total:,}")
