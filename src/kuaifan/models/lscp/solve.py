"""LSCP and partial covering (集合覆盖、部分覆盖): the fewest sites that cover enough demand.

    min Σ_i y_i    z_r ≤ Σ_{i covers r} y_i,  Σ_r w_r z_r ≥ α Σ_j w_j,  y binary,  0 ≤ z ≤ 1

With α = 1 every z is 1: Toregas, C. et al. (1971), Operations Research 19, 1363; with less,
partial covering: Daskin, M. S. and Owen, S. H. (1999), Geographical Analysis 31, 217.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.covering_reasons import reasons_of
from kuaifan.plan.highs import Program, minimize
from kuaifan.plan.siting import ProblemError, check_choice, initial_state
from kuaifan.plan.solving import DEFAULT_GAP, Solved, Watch, gap_of, go_on

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnoughCover:
    """Cover a share of all demand with the fewest posts (集合覆盖问题)."""

    covering: Covering
    share: float = 1.0
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


def solve(problem: EnoughCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解): the value is how many. Raises ProblemError where none are enough."""
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
    total = within + covering.uncovered
    if within < _needed(problem):
        raise ProblemError(
            f"all sites together cover {within / total:.2%} of the demand, {problem.share:.2%} is "
            "asked for: raise the limit, lower the share or add sites"
        )


def _needed(problem: EnoughCover) -> float:
    """Weight to cover; what rounding adds to a sum is not asked for."""
    covering = problem.covering
    total = float(covering.weight.sum()) + covering.uncovered
    return total * problem.share * (1 - 1e-12)


def _program(problem: EnoughCover) -> Program:
    """Sites first, then rows: Σ y - z ≥ 0 for each row, and Σ w z ≥ what is needed."""
    covering, is_all = problem.covering, problem.share == 1
    n_sites, n_rows = covering.n_sites, covering.n_rows
    state = initial_state(n_sites, problem.locked, problem.forbidden)
    ends, rows = covering.first_site[1:], n_sites + np.arange(n_rows)
    column = np.insert(covering.site.astype(np.int64), ends, rows)
    value = np.insert(np.ones(len(covering.site)), ends, -1.0)
    first = np.concatenate((covering.first_site + np.arange(n_rows + 1), [len(value) + n_rows]))
    served = np.full(n_rows, 1.0 if is_all else 0.0)
    share = covering.weight / covering.weight.sum()
    return Program(
        cost=np.concatenate((np.ones(n_sites), np.zeros(n_rows))),
        floor=np.concatenate(((state == 1).astype(np.float64), served)),
        ceiling=np.concatenate((state >= 0, np.ones(n_rows))).astype(np.float64),
        is_whole=np.arange(n_sites + n_rows) < n_sites,
        first=first,
        column=np.concatenate((column, rows)),
        value=np.concatenate((value, share)),
        low=np.concatenate((np.zeros(n_rows), [_needed(problem) / covering.weight.sum() - 1e-9])),
        high=np.full(n_rows + 1, np.inf),
    )
