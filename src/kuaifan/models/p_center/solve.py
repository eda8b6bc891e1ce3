"""p-center (p 中心): choose p sites so that the cost of the worst served demand is least.

    min max_j min_{i open} c_ij    over all choices of p sites

The answer is one of the costs: between them, halving, it is asked whether p sites cover everything
within one (Minieka, E. (1970), SIAM Review 12, 138; Daskin, M. S. (1995), Network and Discrete
Location, ch. 5). Weights only say which demands count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering, cover_within
from kuaifan.plan.highs import Program, minimize
from kuaifan.plan.siting import ProblemError, Siting, check_siting, initial_state
from kuaifan.plan.solving import Progress, SiteReason, Solved, Watch, gap_of, go_on

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def solve(problem: Siting, *, gap: float = 0.0, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解), stopping within a gap. Raises ProblemError where none reach all."""
    check_siting(problem)
    cost = problem.cost[:, problem.weight > 0]
    may_open = initial_state(len(cost), problem.locked, problem.forbidden) >= 0
    steps = _steps(cost[may_open])
    low, high, n_nodes = 0, len(steps) - 1, 0
    best = _cover_all(problem, cost, float(steps[high]))
    if best is None:
        raise ProblemError(
            f"{problem.n_open} posts do not reach every demand: open more, add sites or leave out "
            "what cannot be reached"
        )
    while low < high and gap_of(float(steps[high]), float(steps[low])) > gap:
        if not watch(Progress(float(steps[high]), float(steps[low]), n_nodes)):
            break
        middle, n_nodes = (low + high) // 2, n_nodes + 1
        found = _cover_all(problem, cost, float(steps[middle]))
        if found is None:
            low = middle + 1
        else:
            best = found
            high = int(np.searchsorted(steps, cost[best].min(axis=0).max()))
    return _answer(problem, best, bound=float(steps[low]), gap=gap, n_nodes=n_nodes)


def _steps(cost: Floats) -> Floats:
    """Costs the answer may have: none below what the worst placed demand costs at best."""
    if not len(cost):
        raise ProblemError("every site is forbidden: allow some")
    nearest = cost.min(axis=0)
    if np.isinf(nearest).any():
        raise ProblemError(
            f"{int(np.isinf(nearest).sum())} demands cannot be reached from any site that may be "
            "opened: add a site near them or leave them out"
        )
    found: Floats = np.unique(cost[np.isfinite(cost) & (cost >= nearest.max())])
    return found


def _cover_all(problem: Siting, cost: Floats, limit: float) -> Bools | None:
    """Sites that cover everything within a limit with no more posts than there are, if any do."""
    # A limit of zero is a cover too: each demand stands on a post.
    covering = cover_within(cost, np.ones(cost.shape[1]), max(limit, 1e-300))
    try:
        outcome = minimize(_program(problem, covering), gap=0.0, infeasible="")
    except ProblemError:
        return None
    is_open: Bools = outcome.x > 0.5  # noqa: PLR2004 - a binary, rounded
    if is_open.sum() > problem.n_open:
        return None
    may_open = initial_state(len(cost), problem.locked, problem.forbidden) >= 0
    spare = np.flatnonzero(may_open & ~is_open)[: problem.n_open - int(is_open.sum())]
    is_open[spare] = True
    return is_open


def _program(problem: Siting, covering: Covering) -> Program:
    """The fewest sites that cover each row."""
    n_sites, n_rows = covering.n_sites, covering.n_rows
    state = initial_state(n_sites, problem.locked, problem.forbidden)
    return Program(
        cost=np.ones(n_sites),
        floor=(state == 1).astype(np.float64),
        ceiling=(state >= 0).astype(np.float64),
        is_whole=np.ones(n_sites, np.bool_),
        first=covering.first_site,
        column=covering.site.astype(np.int64),
        value=np.ones(len(covering.site)),
        low=np.ones(n_rows),
        high=np.full(n_rows, np.inf),
    )


def _answer(problem: Siting, is_open: Bools, *, bound: float, gap: float, n_nodes: int) -> Solved:
    counts = problem.weight > 0
    sites = np.flatnonzero(is_open)
    cost, weight = problem.cost[np.ix_(sites, np.flatnonzero(counts))], problem.weight[counts]
    value = float(cost.min(axis=0).max())
    found_gap = gap_of(value, bound)
    nearest = cost.argmin(axis=0)
    reasons = []
    for k, site in enumerate(sites.tolist()):
        without = np.delete(cost, k, axis=0)
        worst = float(without.min(axis=0).max()) if len(without) else float(cost.max())
        served = float(weight[nearest == k].sum())
        reasons.append(SiteReason(site=site, marginal=worst - value, served=served))
    return Solved(
        sites=tuple(sites.tolist()),
        value=value,
        bound=bound,
        gap=found_gap,
        is_proven=found_gap <= gap,
        n_nodes=n_nodes,
        reasons=tuple(reasons),
    )
