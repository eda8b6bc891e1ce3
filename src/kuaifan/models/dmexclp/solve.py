"""DMEXCLP (动态期望覆盖): the moves that add most to the demand that is expected to be covered.

    E = Σ_j w_j (1 - q^{n_j})    n_j: free units within the target of demand j, q: busy share

Each move takes one unit to the post where E grows most, less what it leaves: Jagtenberg, C. J.,
Bhulai, S. and van der Mei, R. D. (2015), Operations Research for Health Care 4, 27; the coverage is
Daskin's, M. S. (1983), Transportation Science 17, 48. The decision itself is `policy/dmexclp.py`,
the same that a desk and a twin may use.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.answers import Answer, is_within
from kuaifan.plan.solving import DEFAULT_GAP, Watch, gap_of, go_on
from kuaifan.policy.dmexclp import PPM, best_move, expected_ppm, move_gains, post_gains
from kuaifan.policy.move_up import keep_in_limits

from .problem import AT_NO_POST, MoveProblem

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One unit to one post (一次补位). gain: weight that is expected to be covered by it."""

    unit: str
    post: int
    travel_s: float
    gain: float


class Moves(Answer, frozen=True, kw_only=True):
    """The moves to make now, in their order. value: expected weight covered after them."""

    before: float
    moves: tuple[Move, ...]


def solve(problem: MoveProblem, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Moves:
    """Choose the moves (补位); one is the best there is, several are chosen one after another.

    bound: with one move its own value; with several what so many units more at the best post would
    add, were nothing left for it.
    """
    del watch  # It takes milliseconds: there is nothing to stop.
    ground, within, moves = problem.ground, _within(problem), list[Move]()
    approach, n_left = keep_in_limits(problem.approach, problem.limits)
    before = expected_ppm(within.sum(axis=0), ground)
    bound = before + n_left * int(post_gains(within.sum(axis=0), ground).max())
    near = approach.travel_ms <= problem.limits.limit_ms
    can_move = bool(near.any())
    while len(moves) < n_left:
        gain = move_gains(within[approach.unit_i], within.sum(axis=0), ground)
        best = best_move(gain, approach, near)
        if best is None:
            break
        unit_i, post, travel_ms = best
        row = int(np.flatnonzero(approach.unit_i == unit_i)[0])
        moves.append(
            Move(
                unit=problem.names[unit_i],
                post=post,
                travel_s=travel_ms / 1000,
                gain=int(gain[row, post]) / PPM,
            )
        )
        within[unit_i], near[row] = ground.reach[post], False
    value = expected_ppm(within.sum(axis=0), ground)
    # That no move alone adds anything is no proof: two together may.
    is_best = n_left <= 1 or not can_move
    return _answer(problem, moves, (before, value, value if is_best else max(value, bound)), gap)


def _within(problem: MoveProblem) -> Bools:
    """(n_units, n_demands) what each unit reaches from where it stands."""
    stands = problem.post != AT_NO_POST
    within: Bools = problem.ground.reach[problem.post] & stands[:, None]
    return within


def _answer(
    problem: MoveProblem, moves: list[Move], worth_ppm: tuple[int, int, int], gap: float
) -> Moves:
    before, value, bound = (each / PPM for each in worth_ppm)
    return Moves(
        value=value,
        bound=bound,
        gap=gap_of(value, bound),
        is_proven=is_within(value, bound, gap),
        reasons=_reasons(problem, moves, before, value),
        before=before,
        moves=tuple(moves),
    )


def _reasons(
    problem: MoveProblem, moves: list[Move], before: float, value: float
) -> tuple[str, ...]:
    total = max(1, int(problem.ground.weight.sum()))
    said = [
        f"{move.unit} to post {move.post}, {move.travel_s:.0f} s away: "
        f"{move.gain / total:.2%} more of the demand is expected to be covered"
        for move in moves
    ]
    if not moves:
        said = [_why_none(problem)]
    return (*said, f"{before / total:.2%} of the demand before, {value / total:.2%} after")


def _why_none(problem: MoveProblem) -> str:
    """Say why nobody moves."""
    approach, n_left = keep_in_limits(problem.approach, problem.limits)
    if not n_left or not len(approach.unit_i):
        return "nobody moves: all moves of this shift are made"
    if not (approach.travel_ms <= problem.limits.limit_ms).any():
        return "nobody moves: no post is within reach of a free unit"
    if not problem.ground.reach.any():
        return "nobody moves: no post reaches any demand within the target"
    return "nobody moves: no move would add to the demand that is expected to be covered"
