"""MCLP (最大覆盖选址): choose p sites so that the most demand has one within the limit.

    max Σ_r w_r z_r    z_r ≤ Σ_{i covers r} y_i,  Σ_i y_i = p,  y binary,  0 ≤ z ≤ 1

Church, R. and ReVelle, C. (1974), Papers of the Regional Science Association 32, 101. Demands of
one set of covering sites are one row (plan/covering.py), so the program is small however many
calls there are: compare Cordeau, Furini and Ljubić (2019), EJOR 275, 882, who cut instead. Bounds
by Lagrangian prices first: Galvão, R. D. and ReVelle, C. (1996), EJOR 88, 114.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kuaifan.plan.covering import Covering
from kuaifan.plan.crews import CrewCover, one_force
from kuaifan.plan.crews_solving import CrewPlan, place_best, place_well, reasons_by_site
from kuaifan.plan.siting import ProblemError, check_choice
from kuaifan.plan.solving import DEFAULT_GAP, Solved, Watch, go_on


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaxCover:
    """Cover the most with so many posts (最大覆盖问题)."""

    covering: Covering
    n_open: int
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


def solve(problem: MaxCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解), proven to within a gap. Raises ProblemError where none can be."""
    crews = _as_crews(problem)
    return _answer(crews, place_best(crews, gap=gap, watch=watch))


def solve_quickly(problem: MaxCover) -> Solved:
    """Greedy and interchange (启发式): a plan at once; its bound is all that can be covered."""
    crews = _as_crews(problem)
    return _answer(crews, place_well(crews))


def _as_crews(problem: MaxCover) -> CrewCover:
    """One crew a post, and a row is worth its weight to the first."""
    covering = problem.covering
    check_choice(covering.n_sites, problem.n_open, problem.locked, problem.forbidden)
    if not covering.n_rows:
        raise ProblemError("no site covers any demand: raise the limit or add sites near it")
    return one_force(
        covering,
        covering.weight[:, None],
        n_crews=problem.n_open,
        locked=problem.locked,
        forbidden=problem.forbidden,
    )


def _answer(problem: CrewCover, plan: CrewPlan) -> Solved:
    return Solved(
        sites=tuple(np.flatnonzero(plan.crews).tolist()),
        value=plan.value,
        bound=plan.bound,
        gap=plan.gap,
        is_proven=plan.is_proven,
        n_nodes=plan.n_nodes,
        reasons=reasons_by_site(problem, plan.crews),
    )
