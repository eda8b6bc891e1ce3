"""MEXCLP (期望最大覆盖): place crews so that the most demand can expect a free one near.

    max Σ_r w_r Σ_k (1 - q) q^(k-1) z_rk    Σ_k z_rk ≤ Σ_{i covers r} x_i,  Σ_i x_i = n,  x whole

Daskin, M. S. (1983), Transportation Science 17, 48: each crew is busy the share q of its time, all
alike and by themselves, so that of m crews near, one is free with 1 - q^m. The k-th crew adds
(1 - q) q^(k-1), less each time, so the levels fill in their order and z need not be whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.crews import MAX_CREWS, CrewCover, check_room, one_force
from kuaifan.plan.crews_solving import place_best, reasons_by_site
from kuaifan.plan.siting import ProblemError, check_choice
from kuaifan.plan.solving import DEFAULT_GAP, Solved, Watch, go_on

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FORGOTTEN: Final = 1e-12
"""Crews beyond those that leave so little are worth nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedCover:
    """Cover the most by crews that may be busy (期望最大覆盖问题).

    busy: share of its time that a crew cannot go, 0 to below 1. room: crews a site holds.
    """

    covering: Covering
    n_crews: int
    busy: float
    room: Ints
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


class Crewed(msgspec.Struct, frozen=True):
    """Crews at a site (驻点警力)."""

    site: int
    n_crews: int


class ExpectedSolved(Solved, frozen=True, kw_only=True):
    """The answer (期望最大覆盖结果): the value is demand expected to find a crew free and near."""

    crews: tuple[Crewed, ...]


def solve(
    problem: ExpectedCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on
) -> ExpectedSolved:
    """Choose how many crews stand where (求解). Raises ProblemError where none can."""
    cover = _as_crews(problem)
    plan = place_best(cover, gap=gap, watch=watch)
    there = np.flatnonzero(plan.crews)
    return ExpectedSolved(
        sites=tuple(there.tolist()),
        value=plan.value,
        bound=plan.bound,
        gap=plan.gap,
        is_proven=plan.is_proven,
        n_nodes=plan.n_nodes,
        reasons=reasons_by_site(cover, plan.crews),
        crews=tuple(Crewed(int(i), int(plan.crews[i])) for i in there),
    )


def describe(answer: ExpectedSolved) -> list[str]:
    """The answer for a person."""
    crews = {each.site: each.n_crews for each in answer.crews}
    return [
        f"  site {each.site}: {crews[each.site]} crews; {each.marginal:.6g} worse without them, "
        f"{each.served:.6g} if theirs alone went"
        for each in sorted(answer.reasons, key=lambda each: -each.marginal)
    ]


def gains(weight: Floats, busy: float, n_crews: int) -> Floats:
    """(rows, levels) what the first, second, … crew near adds."""
    n_levels = n_crews
    if busy < 1 and n_crews > 1:
        enough = 1 if busy == 0 else int(np.ceil(np.log(FORGOTTEN) / np.log(busy))) + 1
        n_levels = min(n_crews, enough)
    added: Floats = np.outer(weight, (1 - busy) * busy ** np.arange(n_levels))
    return added


def _as_crews(problem: ExpectedCover) -> CrewCover:
    covering = problem.covering
    if not 0 <= problem.busy < 1:
        raise ProblemError(f"crews are busy {problem.busy:g} of their time: give 0 to below 1")
    if not 1 <= problem.n_crews <= MAX_CREWS:
        raise ProblemError(f"{problem.n_crews} crews are to stand: give 1 to {MAX_CREWS}")
    check_room(problem.room, covering.n_sites)
    n_locked = max(1, len(set(problem.locked)))
    check_choice(covering.n_sites, n_locked, problem.locked, problem.forbidden)
    if not covering.n_rows:
        raise ProblemError("no site covers any demand: raise the limit or add sites near it")
    if any(problem.room[site] < 1 for site in problem.locked):
        raise ProblemError("a locked site has no room for a crew: give it room or unlock it")
    return one_force(
        covering,
        gains(covering.weight, problem.busy, problem.n_crews),
        n_crews=problem.n_crews,
        locked=problem.locked,
        forbidden=problem.forbidden,
        room=problem.room,
    )
