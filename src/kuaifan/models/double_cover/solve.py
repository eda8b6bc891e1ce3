"""Double covering (双重覆盖): a share of the demand has one crew near, and the most of it has two.

    max Σ_r w_r b_r    a_r + b_r ≤ Σ_{i covers r} x_i,  b_r ≤ a_r,  Σ_r w_r a_r ≥ α Σ_j w_j
    Σ_{i reaches s} x_i ≥ 1 for each demand s,  Σ_i x_i = n,  x_i ≤ room_i
    x and a whole,  0 ≤ a, b ≤ 1

With α = 1 and no outer limit: BACOP1, Hogan, K. and ReVelle, C. (1986), Management Science 32,
1434. With both: the double standard model, Gendreau, M., Laporte, G. and Semet, F. (1997), Location
Science 5, 75.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.blocks import (
    Block,
    choices,
    covered,
    join_columns,
    make_program,
    paid_by_cover,
    shares,
    total,
)
from kuaifan.plan.covering import Covering
from kuaifan.plan.crews import MAX_CREWS, check_room
from kuaifan.plan.highs import Program, minimize
from kuaifan.plan.siting import ProblemError, check_choice
from kuaifan.plan.solving import DEFAULT_GAP, SiteReason, Solved, Watch, gap_of, go_on, turned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DoubleCover:
    """Cover a share once and the most twice (双重覆盖问题). outer: all demand is to be in it."""

    covering: Covering
    n_crews: int
    room: Ints
    share: float = 1.0
    outer: Covering | None = None
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


class DoubleSolved(Solved, frozen=True, kw_only=True):
    """The answer (双重覆盖结果): the value is demand with two crews near; once: with one at least.

    crews: at each of the sites.
    """

    once: float
    crews: tuple[int, ...]


def solve(problem: DoubleCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> DoubleSolved:
    """Choose how many crews stand where (求解). Raises ProblemError where none are enough."""
    _check(problem)
    outcome = minimize(
        _program(problem),
        gap=gap,
        infeasible=f"{problem.n_crews} crews do not cover {problem.share:.1%} of the demand within "
        "the limit"
        + ("" if problem.outer is None else " and all of it within the outer one")
        + ": give more crews, promise less or raise the limit",
        watch=turned(watch),
    )
    crews = np.rint(outcome.x[: problem.covering.n_sites]).astype(np.int64)
    once, twice = _covered(problem.covering, crews)
    bound = max(twice, -outcome.bound)
    sites = np.flatnonzero(crews)
    return DoubleSolved(
        sites=tuple(sites.tolist()),
        value=twice,
        bound=bound,
        gap=gap_of(twice, bound),
        is_proven=gap_of(twice, bound) <= gap + ROUNDING or bound - twice <= ROUNDING,
        n_nodes=outcome.n_nodes,
        reasons=tuple(_reason(problem.covering, crews, int(site), twice) for site in sites),
        once=once,
        crews=tuple(crews[sites].tolist()),
    )


def describe(answer: DoubleSolved) -> list[str]:
    """The answer for a person."""
    lines = [f"  {answer.once:.6g} of the demand has one crew near, {answer.value:.6g} two"]
    crews = dict(zip(answer.sites, answer.crews, strict=True))
    lines += [
        f"  site {each.site}: {crews[each.site]} crews; {each.marginal:.6g} less covered twice "
        f"without, serves {each.served:.6g}"
        for each in sorted(answer.reasons, key=lambda each: -each.marginal)
    ]
    return lines


def _check(problem: DoubleCover) -> None:
    covering = problem.covering
    check_room(problem.room, covering.n_sites)
    if not 0 <= problem.share <= 1:
        raise ProblemError(f"the share to cover once is {problem.share:g}: give 0 to 1")
    if not 1 <= problem.n_crews <= MAX_CREWS:
        raise ProblemError(f"{problem.n_crews} crews are to stand: give 1 to {MAX_CREWS}")
    n_locked = max(1, len(set(problem.locked)))
    check_choice(covering.n_sites, n_locked, problem.locked, problem.forbidden)
    seats = problem.room.copy()
    seats[list(problem.forbidden)] = 0
    if problem.n_crews > seats.sum():
        raise ProblemError(
            f"{problem.n_crews} crews are to stand but there is room for {seats.sum()} only"
        )
    if not covering.n_rows:
        raise ProblemError("no site covers any demand: raise the limit or add sites near it")
    within = float(covering.weight.sum())
    everything = within + covering.uncovered
    if within < problem.share * everything * (1 - 1e-12):
        raise ProblemError(
            f"all sites together cover {within / everything:.2%} of the demand, "
            f"{problem.share:.2%} is asked for: raise the limit, lower the share or add sites"
        )
    if problem.outer is not None and problem.outer.uncovered > 0:
        raise ProblemError(
            f"{problem.outer.uncovered:g} of the demand is within the outer limit of no site: "
            "raise it, add sites or leave that demand out"
        )


def _program(problem: DoubleCover) -> Program:
    """Sites first, then once and twice of each row in turn."""
    covering = problem.covering
    n_sites, n_rows = covering.n_sites, covering.n_rows
    floor, ceiling = np.zeros(n_sites, np.int64), problem.room.copy()
    floor[list(problem.locked)] = 1
    ceiling[list(problem.forbidden)] = 0
    within = float(covering.weight.sum())
    worth = np.zeros((n_rows, 2))
    worth[:, 1] = -covering.weight / within
    once = n_sites + 2 * np.arange(n_rows)
    needed = problem.share * (within + covering.uncovered) / within - ROUNDING
    blocks = [
        paid_by_cover(covering, 2, n_sites),
        _twice_after_once(once),
        total(once, low=needed, high=np.inf, value=covering.weight / within),
        total(np.arange(n_sites), low=problem.n_crews, high=problem.n_crews),
    ]
    if problem.outer is not None:
        blocks.append(covered(problem.outer))
    # Half of one crew must not be half of twice: being covered once is whole.
    rows = replace(shares(worth.ravel() * within), is_whole=np.tile([True, False], n_rows))
    return make_program(join_columns([choices(floor, ceiling), rows]), blocks)


def _twice_after_once(once: Ints) -> Block:
    """A row is covered twice no more than once."""
    n_rows = len(once)
    return Block(
        first=2 * np.arange(n_rows + 1),
        column=np.column_stack((once, once + 1)).ravel(),
        value=np.tile([1.0, -1.0], n_rows),
        low=np.zeros(n_rows),
        high=np.full(n_rows, np.inf),
    )


def _covered(covering: Covering, crews: Ints) -> tuple[float, float]:
    """The weight with one crew near at least, and with two."""
    there = np.add.reduceat(crews[covering.site], covering.first_site[:-1])
    weight = covering.weight
    return float(weight[there >= 1].sum()), float(weight[there >= 2].sum())  # noqa: PLR2004 - twice


def _reason(covering: Covering, crews: Ints, site: int, twice: float) -> SiteReason:
    rest = crews.copy()
    rest[site] = 0
    row = np.repeat(np.arange(covering.n_rows), np.diff(covering.first_site))
    served = float(covering.weight[row[covering.site == site]].sum())
    return SiteReason(site=site, marginal=twice - _covered(covering, rest)[1], served=served)
