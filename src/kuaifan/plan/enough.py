"""The fewest sites that cover enough (最少覆盖): what LSCP and partial covering have in common.

min Σ_i y_i    z_r ≤ Σ_{i covers r} y_i,  Σ_r w_r z_r ≥ α Σ_j w_j,  y binary,  0 ≤ z ≤ 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.blocks import (
    choices,
    covered,
    join_columns,
    make_program,
    paid_by_cover,
    shares,
    total,
)
from kuaifan.plan.covering import Covering
from kuaifan.plan.covering_reasons import reasons_of
from kuaifan.plan.highs import Program, minimize
from kuaifan.plan.siting import ProblemError, check_choice, initial_state
from kuaifan.plan.solving import Solved, Watch, gap_of

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnoughCover:
    """Cover a share of all demand with the fewest posts (最少覆盖问题)."""

    covering: Covering
    share: float = 1.0
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


def cover_enough(problem: EnoughCover, *, gap: float, watch: Watch) -> Solved:
    """Choose the sites: the value is how many. Raises ProblemError where none are enough."""
    _check(problem)
    outcome = minimize(
        _program(problem),
        gap=gap,
        infeasible="the sites that may be opened do not cover enough: "
        "raise the limit, lower the share, add or allow sites",
        watch=watch,
    )
    is_open = outcome.x[: problem.covering.n_sites] > 0.5  # noqa: PLR2004 - a binary, rounded
    value = float(is_open.sum())
    # Posts are whole: 7.2 of them are 8.
    bound = min(value, float(np.ceil(outcome.bound - 1e-6)))
    return Solved(
        sites=tuple(np.flatnonzero(is_open).tolist()),
        value=value,
        bound=bound,
        gap=gap_of(value, bound),
        is_proven=outcome.is_proven,
        n_nodes=outcome.n_nodes,
        reasons=reasons_of(problem.covering, is_open),
    )


def _check(problem: EnoughCover) -> None:
    covering = problem.covering
    if not 0 < problem.share <= 1:
        raise ProblemError(f"the share to cover is {problem.share:g}: give one above 0, at most 1")
    n_locked = max(1, len(set(problem.locked)))
    check_choice(covering.n_sites, n_locked, problem.locked, problem.forbidden)
    within = float(covering.weight.sum())
    everything = within + covering.uncovered
    if within < _needed(problem):
        raise ProblemError(
            f"all sites together cover {within / everything:.2%} of the demand, "
            f"{problem.share:.2%} is asked for: raise the limit, lower the share or add sites"
        )


def _needed(problem: EnoughCover) -> float:
    """Weight to cover; what rounding adds to a sum is not asked for."""
    covering = problem.covering
    everything = float(covering.weight.sum()) + covering.uncovered
    return everything * problem.share * (1 - 1e-12)


def _program(problem: EnoughCover) -> Program:
    """Sites first, then rows: Σ y - z ≥ 0 for each row, and Σ w z ≥ what is needed."""
    covering = problem.covering
    n_sites, n_rows = covering.n_sites, covering.n_rows
    state = initial_state(n_sites, problem.locked, problem.forbidden)
    sites = choices((state == 1).astype(np.int64), (state >= 0).astype(np.int64), np.ones(n_sites))
    if problem.share == 1:
        return make_program(sites, [covered(covering)])
    share = covering.weight / covering.weight.sum()
    needed = _needed(problem) / float(covering.weight.sum()) - 1e-9
    rows = n_sites + np.arange(n_rows)
    return make_program(
        join_columns([sites, shares(np.zeros(n_rows))]),
        [
            paid_by_cover(covering, 1, n_sites),
            total(rows, low=needed, high=np.inf, value=share),
        ],
    )
