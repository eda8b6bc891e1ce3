"""MCLP (最大覆盖选址): choose p sites so that the most demand has one within the limit.

    max Σ_r w_r z_r    z_r ≤ Σ_{i covers r} y_i,  Σ_i y_i = p,  y binary,  0 ≤ z ≤ 1

Church, R. and ReVelle, C. (1974), Papers of the Regional Science Association 32, 101. Demands of
one set of covering sites are one row (plan/covering.py), so the program is small however many
calls there are: compare Cordeau, Furini and Ljubić (2019), EJOR 275, 882, who cut instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.highs import Program, minimize
from kuaifan.plan.siting import ProblemError, check_choice, initial_state
from kuaifan.plan.solving import DEFAULT_GAP, SiteReason, Solved, Watch, gap_of, go_on

Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Floats = NDArray[np.float64]
Cover = tuple[Ints, Int32s, Ints, Int32s, Floats]
Bools = NDArray[np.bool_]
N_KICKS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaxCover:
    """Cover the most with so many posts (最大覆盖问题)."""

    covering: Covering
    n_open: int
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


def solve(problem: MaxCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解), proven to within a gap. Raises ProblemError where none can be."""
    _check(problem)
    start = _start(problem)
    outcome = minimize(
        _program(problem, start), gap=gap, infeasible="no choice of sites fits", watch=watch
    )
    is_open = outcome.x[: problem.covering.n_sites] > 0.5  # noqa: PLR2004 - a binary, rounded
    return _answer(problem, is_open, bound=-outcome.bound, n_nodes=outcome.n_nodes, gap=gap)


def solve_quickly(problem: MaxCover) -> Solved:
    """Greedy and interchange (启发式): a plan at once; its bound is all that can be covered."""
    _check(problem)
    bound = float(problem.covering.weight.sum())
    return _answer(problem, _start(problem), bound=bound, n_nodes=0, gap=0.0)


def _check(problem: MaxCover) -> None:
    covering = problem.covering
    check_choice(covering.n_sites, problem.n_open, problem.locked, problem.forbidden)
    if not covering.n_rows:
        raise ProblemError("no site covers any demand: raise the limit or add sites near it")


def _cover(covering: Covering) -> Cover:
    first_row, row = covering.rows_of_sites()
    return (first_row, row, covering.first_site, covering.site, covering.weight)


def _start(problem: MaxCover) -> Bools:
    from .kernel import cover_most

    state = initial_state(problem.covering.n_sites, problem.locked, problem.forbidden)
    found: Bools = cover_most(_cover(problem.covering), state, problem.n_open, N_KICKS)
    return found


def _program(problem: MaxCover, start: Bools) -> Program:
    """Sites first, then rows: Σ y - z ≥ 0 for each row, and Σ y = p."""
    covering = problem.covering
    n_sites, n_rows = covering.n_sites, covering.n_rows
    state = initial_state(n_sites, problem.locked, problem.forbidden)
    ends = covering.first_site[1:]
    column = np.insert(covering.site.astype(np.int64), ends, n_sites + np.arange(n_rows))
    value = np.insert(np.ones(len(covering.site)), ends, -1.0)
    first = np.concatenate((covering.first_site + np.arange(n_rows + 1), [len(value) + n_sites]))
    covered = np.add.reduceat(start[covering.site], covering.first_site[:-1]) > 0
    return Program(
        cost=np.concatenate((np.zeros(n_sites), -covering.weight)),
        floor=np.concatenate((state == 1, np.zeros(n_rows))).astype(np.float64),
        ceiling=np.concatenate((state >= 0, np.ones(n_rows))).astype(np.float64),
        is_whole=np.arange(n_sites + n_rows) < n_sites,
        first=first,
        column=np.concatenate((column, np.arange(n_sites))),
        value=np.concatenate((value, np.ones(n_sites))),
        low=np.concatenate((np.zeros(n_rows), [float(problem.n_open)])),
        high=np.concatenate((np.full(n_rows, np.inf), [float(problem.n_open)])),
        start=np.concatenate((start, covered)).astype(np.float64),
    )


def _answer(problem: MaxCover, is_open: Bools, *, bound: float, n_nodes: int, gap: float) -> Solved:
    from .kernel import worth

    value, alone, served = worth(_cover(problem.covering), is_open)
    found_gap = gap_of(value, max(bound, value))
    return Solved(
        sites=tuple(np.flatnonzero(is_open).tolist()),
        value=value,
        bound=max(bound, value),
        gap=found_gap,
        is_proven=found_gap <= gap + 1e-9,
        n_nodes=n_nodes,
        reasons=tuple(
            SiteReason(site=int(i), marginal=float(alone[i]), served=float(served[i]))
            for i in np.flatnonzero(is_open)
        ),
    )
