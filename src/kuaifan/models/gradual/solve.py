"""Gradual covering (渐变覆盖): choose p sites so that demand is covered most, the nearer the more.

    max Σ_j w_j max_{i open} f(c_ij)    f falls from 1 to 0, in steps or along a line; p sites open

Church, R. L. and Roberts, K. L. (1983), Papers of the Regional Science Association 53, 117; Berman,
O. and Krass, D. (2002), The generalized maximal covering location problem, Computers & Operations
Research 29, 563 (steps); Berman, O., Krass, D. and Drezner, Z. (2003), The gradual covering decay
location problem on a network, EJOR 151, 474 (lines). Each step of each demand is a row of a maximal
cover (plan/worth.py), which is exact for either form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.crews import CrewCover, one_force
from kuaifan.plan.crews_solving import place_best
from kuaifan.plan.siting import ProblemError, check_choice, check_weights
from kuaifan.plan.solving import DEFAULT_GAP, SiteReason, Solved, Watch, go_on
from kuaifan.plan.worth import cover_by_worth

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GradualCover:
    """Cover that fades (渐变覆盖问题). worth: (sites, demands) 0 to 1, what each cover is worth."""

    worth: Floats
    weight: Floats
    n_open: int
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


def solve(problem: GradualCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解), proven to within a gap. Raises ProblemError where none can be."""
    cover = _as_crews(problem)
    plan = place_best(cover, gap=gap, watch=watch)
    sites = np.flatnonzero(plan.crews)
    return Solved(
        sites=tuple(sites.tolist()),
        value=plan.value,
        bound=plan.bound,
        gap=plan.gap,
        is_proven=plan.is_proven,
        n_nodes=plan.n_nodes,
        reasons=tuple(_reasons(problem, sites)),
    )


def _as_crews(problem: GradualCover) -> CrewCover:
    if problem.worth.ndim != 2 or not problem.worth.size:  # noqa: PLR2004 - sites by demands
        raise ProblemError("what covers are worth must be a table of sites by demands")
    check_weights(problem.weight, problem.worth.shape[1])
    if not ((problem.worth >= 0) & (problem.worth <= 1)).all():
        raise ProblemError("what a cover is worth lies between 0 and 1")
    check_choice(len(problem.worth), problem.n_open, problem.locked, problem.forbidden)
    covering = cover_by_worth(problem.worth, problem.weight)
    if not covering.n_rows:
        raise ProblemError("no site covers any demand: raise the limits or add sites near it")
    return one_force(
        covering,
        covering.weight[:, None],
        n_crews=problem.n_open,
        locked=problem.locked,
        forbidden=problem.forbidden,
    )


def _reasons(problem: GradualCover, sites: NDArray[np.int64]) -> list[SiteReason]:
    """Served is the demand that a site is best for, by what it is worth to it."""
    worth = problem.worth[sites]
    best = worth.argmax(axis=0)
    value = worth.max(axis=0)
    reasons = []
    for k, site in enumerate(sites.tolist()):
        rest = np.delete(worth, k, axis=0).max(axis=0, initial=0.0)
        lost, mine = (value - rest) @ problem.weight, (value * (best == k)) @ problem.weight
        reasons.append(SiteReason(site=site, marginal=float(lost), served=float(mine)))
    return reasons
