"""p-median (p 中位): choose p sites so that the weighted cost to the nearest one is least.

    min Σ_j w_j Σ_i c_ij x_ij    Σ_i x_ij = 1,  x_ij ≤ y_i,  Σ_i y_i = p,  y binary

Hakimi, S. L. (1964), Operations Research 12, 450; interchange: Teitz, M. B. and Bart, P. (1968),
Operations Research 16, 955, in the fast form of Whitaker, R. A. (1983), INFOR 21, 95; Lagrangian
branch and bound: Christofides, N. and Beasley, J. E. (1982), EJOR 10, 196.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import (
    ProblemError,
    Siting,
    check_siting,
    initial_state,
)
from kuaifan.plan.solving import DEFAULT_GAP, SiteReason, Solved, Watch, gap_of, go_on

if TYPE_CHECKING:
    from .branch import Branching

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def solve(problem: Siting, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解): proven to within a gap; with whole numbers and gap 0, exactly.

    Raises ProblemError for a problem that has no answer. Time grows with sites × demands.
    """
    from .branch import Branching

    check_siting(problem)
    may_open, counts = _used(problem)
    cost, penalty = _finite(problem.cost[np.ix_(may_open, counts)], problem.weight[counts])
    weight = problem.weight[counts]
    state = initial_state(len(problem.cost), problem.locked, problem.forbidden)[may_open]
    search = Branching(cost, weight, state, problem.n_open, gap=gap)
    search.run(watch)
    if search.value >= penalty:
        raise ProblemError(
            f"{problem.n_open} posts do not reach every demand: open more, add sites or leave out "
            "what cannot be reached"
        )
    return _answer(search, cost, weight, may_open)


def _used(problem: Siting) -> tuple[Bools, Bools]:
    """Which sites may be opened, and which demands count; each of those is within reach."""
    may_open = np.ones(len(problem.cost), np.bool_)
    may_open[list(problem.forbidden)] = False
    counts: Bools = problem.weight > 0
    stranded = counts & ~np.isfinite(problem.cost[may_open]).any(axis=0)
    if stranded.any():
        raise ProblemError(
            f"demand {int(np.argmax(stranded))} cannot be reached from any site that may be opened "
            f"({int(stranded.sum())} in all): add a site near it or leave it out"
        )
    return may_open, counts


def _finite(cost: Floats, weight: Floats) -> tuple[Floats, float]:
    """Costs with what cannot be reached priced above any plan, and the least such plan's value."""
    is_far = np.isinf(cost)
    if not is_far.any():
        return np.ascontiguousarray(cost), np.inf
    penalty = float(np.where(is_far, 0.0, cost).max(axis=0) @ weight) + 1.0
    far = np.ceil(penalty / float(weight.min()))
    return np.ascontiguousarray(np.where(is_far, far, cost)), penalty


def _answer(search: Branching, cost: Floats, weight: Floats, may_open: Bools) -> Solved:
    from .kernel import losses

    loss, served = losses(cost, weight, search.is_open)
    number = np.flatnonzero(may_open)
    chosen = np.flatnonzero(search.is_open)
    return Solved(
        sites=tuple(number[chosen].tolist()),
        value=search.value,
        bound=search.bound,
        gap=gap_of(search.value, search.bound),
        is_proven=search.is_done,
        n_nodes=search.n_nodes,
        reasons=tuple(
            SiteReason(site=int(number[i]), marginal=float(loss[i]), served=float(served[i]))
            for i in chosen
        ),
    )
