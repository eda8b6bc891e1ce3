"""Move-up (机动补位): which free unit should stand where, so that no circle is left empty.

A move takes one unit to the post of one circle. It turns a lost circle into edge, or an edge one
into held where demand is heavy, and it never makes another circle lost. It is a suggestion: the
desk orders it or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE, EDGE_PRICE_MS, PAIR, Coverage, Holding
from kuaifan.policy.explain import Why
from kuaifan.policy.fleet import FIRST_AVAILABLE, LAST_AVAILABLE
from kuaifan.policy.scoring import Int

LIMIT_MS: Final = 600_000
"""Nobody is moved further than ten minutes."""
HEAVY_WEIGHT: Final = 2
"""From this weight on a circle is worth a move to have its reserve back."""


class Standing(NamedTuple):
    """Who holds what before a move (布防现状).

    available: bool, state: int8, both (n_units,). circle_weights: (n_circles,) demand, by default
    1 each; 0 for a circle not to be filled, such as one that a unit is on its way to already.
    holds_from_post: bool (n_circles, n_circles), [i, j]: a unit at the post of circle i holds
    circle j too; by default each post holds its own circle only. n_holding: (n_circles,) as counted
    from the coverage, where it has been; not to be written.
    """

    coverage: Coverage
    available: NDArray[np.bool_]
    state: NDArray[np.int8]
    circle_weights: Int | None = None
    holds_from_post: NDArray[np.bool_] | None = None
    n_holding: NDArray[np.int64] | None = None


class Approach(NamedTuple):
    """Road times of some units to the posts of some circles (补位路程).

    travel_ms: (len(unit_i), len(circle_i)); both index arrays without repeats, in any order.
    """

    unit_i: NDArray[np.int64]
    circle_i: NDArray[np.int64]
    travel_ms: Int


class MoveUp(NamedTuple):
    """One unit to one circle's post, with the circles that come up and those that weaken (补位)."""

    unit_i: int
    circle_i: int
    travel_ms: int
    gained: tuple[int, ...]
    weakened: tuple[int, ...]
    reasons: tuple[Why, ...]


class MoveLimits(NamedTuple):
    """What may be asked of the units (补位限度).

    n_moves: at most at once. limit_ms: nobody is moved further. n_moved: (n_units,) moves that each
    made on this shift, none known by default; per_unit and per_shift: at most on a shift, by a unit
    and by all. busy_ppm: share of time that a unit is busy, for policies that ask.
    """

    n_moves: int = 1
    limit_ms: int = LIMIT_MS
    n_moved: NDArray[np.int64] | None = None
    per_unit: int = 3
    per_shift: int = 40
    busy_ppm: int = 110_000


class _Option(NamedTuple):
    """A move by what it is chosen for, smallest first: lost before edge, heavy, near, ids."""

    was_holding: int
    lightness: int
    travel_ms: int
    n_weakened: int
    unit_i: int
    circle_i: int


class _Ground(NamedTuple):
    """What does not change from move to move: weights, what each post holds, how far at most."""

    weights: NDArray[np.int64]
    reach: NDArray[np.bool_]
    limit_ms: int


def list_movable(standing: Standing) -> NDArray[np.int64]:
    """Units that may be moved up, so that their road times can be asked for; by index."""
    state = standing.state
    is_free = (state >= FIRST_AVAILABLE) & (state <= LAST_AVAILABLE)
    return np.flatnonzero(is_free & standing.available)


def count_holding(standing: Standing) -> NDArray[np.int64]:
    """How many available units hold each circle, counted once."""
    given = standing.n_holding
    return standing.coverage.n_holding(standing.available) if given is None else given


def list_worth_filling(standing: Standing) -> NDArray[np.int64]:
    """Circles that a move may be made for, so that road times to them can be asked for."""
    n_holding = count_holding(standing)
    return np.flatnonzero(_is_worth(n_holding, _weights(standing)))


def suggest_moves(
    standing: Standing, approach: Approach, *, n_moves: int = 1, limit_ms: int = LIMIT_MS
) -> tuple[MoveUp, ...]:
    """Suggest the best move, then the best one after it, up to n_moves (补位建议).

    Best is: a lost circle before an edge one, the heavier circle, the nearer unit, the fewer
    circles weakened, the first ids. For an edge circle no equally heavy one is weakened, so that
    units do not change places for ever. O(n_moves x targets x units x circles), vectorized.
    """
    holding = Holding(standing.coverage, standing.available)
    weights, reach = _weights(standing), _holds_from_post(standing)
    moves, free = list[MoveUp](), np.isin(approach.unit_i, list_movable(standing))
    while len(moves) < n_moves:
        options = _options(holding, approach, free, _Ground(weights, reach, limit_ms))
        best = min(options, default=None)
        if best is None:
            break
        was = holding.n_holding.copy()
        holding.set_within(np.array([best.unit_i]), reach[[best.circle_i]])
        chosen = (best.unit_i, best.circle_i, best.travel_ms)
        moves.append(make_move(chosen, was, holding.n_holding, standing.coverage.circle_ids))
        free = free & (approach.unit_i != best.unit_i)
    return tuple(moves)


def _weights(standing: Standing) -> NDArray[np.int64]:
    given, n_circles = standing.circle_weights, len(standing.coverage.circle_ids)
    return np.ones(n_circles, np.int64) if given is None else given.astype(np.int64)


def _holds_from_post(standing: Standing) -> NDArray[np.bool_]:
    given = standing.holds_from_post
    return np.eye(len(standing.coverage.circle_ids), dtype=np.bool_) if given is None else given


def _is_worth(n_holding: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.bool_]:
    is_lost, is_edge = n_holding < ALONE, n_holding == ALONE
    worth: NDArray[np.bool_] = (is_lost & (weights > 0)) | (is_edge & (weights >= HEAVY_WEIGHT))
    return worth


def _options(
    holding: Holding, approach: Approach, free: NDArray[np.bool_], ground: _Ground
) -> Iterator[_Option]:
    """Yield the best move to each circle that is worth one."""
    worth = _is_worth(holding.n_holding, ground.weights)
    for column, circle_i in enumerate(approach.circle_i.tolist()):
        if not worth[circle_i]:
            continue
        near = free & (approach.travel_ms[:, column] <= ground.limit_ms)
        rows = np.flatnonzero(near)
        units = approach.unit_i[rows]
        may, n_weakened = _judge(holding, units, circle_i, ground)
        if not may.any():
            continue
        travel_ms, keys = approach.travel_ms[rows, column][may], units[may]
        first = int(np.lexsort((keys, n_weakened[may], travel_ms))[0])
        yield _Option(
            was_holding=int(holding.n_holding[circle_i]),
            lightness=-int(ground.weights[circle_i]),
            travel_ms=int(travel_ms[first]),
            n_weakened=int(n_weakened[may][first]),
            unit_i=int(keys[first]),
            circle_i=circle_i,
        )


def _judge(
    holding: Holding, units: NDArray[np.int64], circle_i: int, ground: _Ground
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which units may go to a circle, and how many circles each would weaken."""
    was = holding.n_holding
    after = was - holding.within[units] + ground.reach[circle_i]
    is_lost = (after < ALONE) & (was >= ALONE)
    is_weaker = (after == ALONE) & (was >= PAIR)
    # To fill an empty circle any reserve may be spent; to renew one, only of lighter circles.
    is_spared = (was[circle_i] >= ALONE) & (ground.weights >= ground.weights[circle_i])
    is_bad = is_lost | (is_weaker & is_spared)
    may = (after[:, circle_i] > was[circle_i]) & ~is_bad.any(axis=1)
    return may, is_weaker.sum(axis=1)


def keep_in_limits(approach: Approach, limits: MoveLimits) -> tuple[Approach, int]:
    """The approach without units that moved enough on this shift, and how many moves are left."""
    if limits.n_moved is None:
        return approach, min(limits.n_moves, limits.per_shift)
    may = limits.n_moved[approach.unit_i] < limits.per_unit
    left = max(0, min(limits.n_moves, limits.per_shift - int(limits.n_moved.sum())))
    return Approach(approach.unit_i[may], approach.circle_i, approach.travel_ms[may]), left


def make_move(
    chosen: tuple[int, int, int],
    was: NDArray[np.int64],
    after: NDArray[np.int64],
    circle_ids: tuple[str, ...],
) -> MoveUp:
    """Turn a chosen unit, circle and road time into circles and reasons."""
    before, now = np.minimum(was, PAIR), np.minimum(after, PAIR)
    gained, weakened = np.flatnonzero(now > before), np.flatnonzero(now < before)
    reasons: list[Why] = [
        ("ends_circle_lost" if was[i] < ALONE else "makes_circle_held", 0, circle_ids[i])
        for i in gained
    ]
    reasons += [("leaves_circle_edge", EDGE_PRICE_MS, circle_ids[i]) for i in weakened]
    return MoveUp(
        unit_i=chosen[0],
        circle_i=chosen[1],
        travel_ms=chosen[2],
        gained=tuple(gained.tolist()),
        weakened=tuple(weakened.tolist()),
        reasons=tuple(reasons),
    )
