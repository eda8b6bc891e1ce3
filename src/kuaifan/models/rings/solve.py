"""Rings 1·3·5 of several forces (多圈层布警): crews so that what rings promise is kept most.

    max Σ_g v_g Σ_j w_gj z_gj / W_g    z_gj ≤ best presence of a crew within the limit of g from j
    Σ_i x_if = n_f,  Σ_f x_if ≤ room_i,  Σ_j w_gj z_gj ≥ α_g W_g,  x whole

A ring is a limit, the demand of its site class and the forces that count in it; a force has crews,
costs and presence of its own. Rings after Schilling, D. A. et al. (1979), The TEAM/FLEET models,
Transportation Science 13, 163 (several kinds of forces with a standard each), and Charnes, A. and
Storbeck, J. (1980), Socio-Economic Planning Sciences 14, 155 (weighted levels of cover). Since each
row's worth is nested (plan/worth.py), it is a maximal cover whose choices are site and force.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.blocks import Block, total
from kuaifan.plan.crews import CrewCover
from kuaifan.plan.crews_solving import (
    CrewPlan,
    crew_program,
    judge_plan,
    place_best,
    place_well,
)
from kuaifan.plan.highs import minimize
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.solving import DEFAULT_GAP, Watch, go_on, turned

from .problem import RingPlan, check_rings
from .result import RingsSolved, make_answer
from .rows import RingRows, make_rows, shares_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
N_TRIES: Final = 12
PRESSED: Final = 1.7
FORGIVEN: Final = 1e-9


def solve(problem: RingPlan, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> RingsSolved:
    """Choose site and force of each crew (求解). ProblemError where a promise cannot be kept.

    The value is Σ of the rings' worth times the share covered; without promises it is proven by
    prices alone in most cities, with them by HiGHS.
    """
    check_rings(problem)
    rows = make_rows(problem)
    cover = _as_crews(problem, rows)
    plan = place_best(cover, gap=gap, watch=watch)
    if not _keeps(problem, rows, plan.crews):
        plan = _keep_promises(problem, rows, cover, gap=gap, watch=watch)
    return make_answer(problem, rows, cover, plan)


def _as_crews(problem: RingPlan, rows: RingRows, worth: Floats | None = None) -> CrewCover:
    """Choices force by force, each over all sites."""
    n_sites = problem.n_sites
    floor = np.zeros((len(problem.forces), n_sites), np.int64)
    ceiling = np.tile(problem.room, (len(problem.forces), 1))
    for f, force in enumerate(problem.forces):
        floor[f, list(force.locked)] = 1
        ceiling[f, list(force.forbidden)] = 0
    value = rows.worth if worth is None else worth
    return CrewCover(
        covering=rows.covering,
        gain=(rows.share * value[rows.ring])[:, None],
        floor=floor.ravel(),
        ceiling=ceiling.ravel(),
        force=np.repeat(np.arange(len(problem.forces)), n_sites),
        site=np.tile(np.arange(n_sites), len(problem.forces)),
        n_crews=np.array([force.n_crews for force in problem.forces]),
        room=problem.room,
    )


def _keeps(problem: RingPlan, rows: RingRows, crews: Ints) -> bool:
    promised = np.array([ring.promise for ring in problem.rings])
    return bool((shares_of(rows, crews) >= promised - FORGIVEN).all())


def _keep_promises(
    problem: RingPlan, rows: RingRows, cover: CrewCover, *, gap: float, watch: Watch
) -> CrewPlan:
    """The best plan among those that keep what is promised."""
    start = _press(problem, rows)
    if start is None:
        _say_what_cannot_be_kept(problem, rows)
    blocks = [
        _promise(rows, ring_i, ring.promise, len(cover.force))
        for ring_i, ring in enumerate(problem.rings)
        if ring.promise > 0
    ]
    outcome = minimize(
        crew_program(cover, start, blocks),
        gap=gap,
        infeasible="each ring's promise could be kept alone, but not all of them together: "
        "promise less, or give more crews",
        watch=turned(watch),
    )
    crews = np.rint(outcome.x[: len(cover.force)]).astype(np.int64)
    return judge_plan(cover, crews, bound=-outcome.bound, gap=gap, n_nodes=outcome.n_nodes)


def _press(problem: RingPlan, rows: RingRows) -> Ints | None:
    """A plan that keeps all promises, found by weighing rings that fall short more and more."""
    worth = np.maximum(rows.worth, float(rows.worth.max()) / 100 or 1.0)
    promised = np.array([ring.promise for ring in problem.rings])
    for _ in range(N_TRIES):
        plan = place_well(_as_crews(problem, rows, worth))
        short = shares_of(rows, plan.crews) < promised - FORGIVEN
        if not short.any():
            return plan.crews
        worth = np.where(short, worth * PRESSED, worth)
    return None


def _say_what_cannot_be_kept(problem: RingPlan, rows: RingRows) -> None:
    """Raise ProblemError if a ring cannot be kept even if nothing else counts."""
    for ring_i, ring in enumerate(problem.rings):
        if ring.promise <= 0:
            continue
        alone = np.zeros(len(problem.rings))
        alone[ring_i] = 1.0
        plan = place_best(_as_crews(problem, rows, alone), gap=0.0001, watch=go_on)
        if plan.bound < ring.promise - FORGIVEN:
            raise ProblemError(
                f"ring {ring.name} promises {ring.promise:.1%} but all crews together cover "
                f"{plan.bound:.1%} at most: promise less, raise the limit, add crews or sites"
            )


def _promise(rows: RingRows, ring_i: int, share: float, begin: int) -> Block:
    """Σ of what a ring's rows cover is at least its promise."""
    mine = np.flatnonzero(rows.ring == ring_i)
    return total(begin + mine, low=share - FORGIVEN, high=np.inf, value=rows.share[mine])
