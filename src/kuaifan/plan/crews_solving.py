"""Solves where crews stand (警力覆盖求解): a good plan at once, then a bound, then a proof.

Greedy and interchange give the plan; Lagrangian prices bound it and close what no better plan can
hold; HiGHS is asked about what is left, if the gap is still wider than wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.blocks import (
    Block,
    choices,
    groups,
    join_columns,
    make_program,
    paid_by_cover,
    shares,
)
from kuaifan.plan.crews import CrewCover, merge_rows
from kuaifan.plan.highs import InfeasibleError, Program, minimize
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.solving import Progress, SiteReason, Watch, gap_of, turned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
N_KICKS: Final = 300
N_POLISHING_KICKS: Final = 20
ROUNDS: Final = 60
STEPS: Final = 25
FIRST_STRIDE: Final = 1.0
LAST_STRIDE: Final = 0.005
ROUNDING: Final = 1e-9
TINY: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrewPlan:
    """Crews of each choice (警力方案), what they cover is worth, what none can be above."""

    crews: Ints
    value: float
    bound: float
    gap: float
    is_proven: bool
    n_nodes: int


def place_well(problem: CrewCover) -> CrewPlan:
    """A good plan at once (启发式); its bound is all that can be covered."""
    _check(problem)
    crews = _start(problem)
    every = float(problem.gain.sum())
    return judge_plan(problem, crews, bound=every, gap=0.0, n_nodes=0)


def place_best(problem: CrewCover, *, gap: float, watch: Watch) -> CrewPlan:
    """The best plan to within a gap (求解). Raises ProblemError where the crews find no room."""
    _check(problem)
    search = _Search(problem, gap)
    search.lower(watch)
    n_nodes = 0
    if search.bound > search.target:
        found, bound, n_nodes = _prove(search.tight, search.crews, gap=gap, watch=watch)
        if found is not None:
            search.offer(found)
        search.bound = min(search.bound, max(bound, search.given_up))
    bound = float(np.floor(search.bound + TINY)) if search.is_whole else search.bound
    return judge_plan(problem, search.crews, bound=bound, gap=gap, n_nodes=n_nodes)


class _Search:
    """The best plan and the bound so far (搜索); `tight` is without what no better plan holds."""

    def __init__(self, problem: CrewCover, gap: float) -> None:
        self.problem, self._gap = problem, gap
        self.is_whole = bool((problem.gain == np.rint(problem.gain)).all())
        self.tight = replace(problem, floor=problem.floor.copy(), ceiling=problem.ceiling.copy())
        self.crews = _start(problem)
        self.value, self.bound = _value(problem, self.crews), float(problem.gain.sum())

    @property
    def target(self) -> float:
        """A bound at or below this ends the search."""
        return self.value + max(self._unit(), self._gap * self.value)

    @property
    def given_up(self) -> float:
        """What plans that were closed on the way may be worth: up to the target, unless none is."""
        tight, problem = self.tight, self.problem
        is_cut = (tight.floor != problem.floor).any() or (tight.ceiling != problem.ceiling).any()
        is_exact = self._gap * self.value < self._unit()
        return self.target if is_cut and not is_exact else self.value

    def _unit(self) -> float:
        """By so much a better plan is better at least, or what rounding makes of nothing."""
        return 1 - TINY if self.is_whole else ROUNDING * max(1.0, self.value)

    def offer(self, crews: Ints) -> None:
        """Keep a plan if it is better."""
        value = _value(self.problem, crews)
        if value > self.value:
            self.crews, self.value = crews, value

    def lower(self, watch: Watch) -> None:
        """Lower the bound by prices, and polish the plans met on the way."""
        from kuaifan.plan.crews_bound_kernel import lower_bound

        n_near = np.diff(self.problem.covering.first_site)
        per_row = self.problem.n_crews.sum() * n_near / max(1, self.problem.covering.n_sites)
        prices = (
            self.problem.gain[:, 0] / (1 + per_row),
            np.zeros(len(self.problem.room)),
            self.crews.copy(),
        )
        cover, limits, stride = self.tight.cover(), self.tight.limits(), FIRST_STRIDE
        for _ in range(ROUNDS):
            goal = (self.value, self.target, stride, STEPS)
            found, stride = lower_bound(cover, limits, self.problem.n_crews, prices, goal)
            self.bound = min(self.bound, max(found, self.given_up))
            is_on = watch(Progress(self.value, self.bound, 0))
            if self.bound <= self.target or stride < LAST_STRIDE or not is_on:
                break
            self._polish(prices[2])

    def _polish(self, crews: Ints) -> None:
        """Improve the plan that prices send, where it fits."""
        from kuaifan.plan.crews_kernel import place_crews

        problem = self.problem
        if (np.bincount(problem.site, crews, len(problem.room)) > problem.room).any():
            return
        found = place_crews(
            problem.cover(), problem.limits(), problem.n_crews, crews, N_POLISHING_KICKS
        )
        self.offer(found)


def reason_of_crews(problem: CrewCover, crews: Ints) -> tuple[Ints, Floats, Floats]:
    """Choices with crews; what the plan would lose without each, and what each covers at all."""
    from kuaifan.plan.crews_kernel import judge

    _total, alone, served = judge(problem.cover(), crews)
    there = np.flatnonzero(crews > 0)
    return there, alone[there], served[there]


def reasons_by_site(problem: CrewCover, crews: Ints) -> tuple[SiteReason, ...]:
    """One reason a choice with crews, where choices are sites."""
    there, alone, served = reason_of_crews(problem, crews)
    return tuple(
        SiteReason(site=int(i), marginal=float(lost), served=float(near))
        for i, lost, near in zip(there, alone, served, strict=True)
    )


def _check(problem: CrewCover) -> None:
    """Whether each force has room of its own; forces that share sites are tried."""
    seats = np.minimum(problem.ceiling, problem.room[problem.site])
    for force, n_crews in enumerate(problem.n_crews.tolist()):
        room = int(seats[problem.force == force].sum())
        held = int(problem.floor[problem.force == force].sum())
        if n_crews > room:
            raise ProblemError(f"{n_crews} crews are to stand but there is room for {room} only")
        if n_crews < held:
            raise ProblemError(f"{held} crews are locked but only {n_crews} are to stand")


def _start(problem: CrewCover) -> Ints:
    from kuaifan.plan.crews_kernel import place_crews

    found: Ints = place_crews(
        problem.cover(), problem.limits(), problem.n_crews, problem.floor, N_KICKS
    )
    sent = np.bincount(problem.force, found, len(problem.n_crews))
    if (sent < problem.n_crews).any():
        return _fit(problem)
    return found


def _fit(problem: CrewCover) -> Ints:
    """Any plan that gives each force room, where they crowd each other out of it."""
    columns = choices(problem.floor, problem.ceiling)
    outcome = minimize(
        make_program(columns, _force_blocks(problem)),
        gap=0.0,
        infeasible="the forces together find no room at the sites they may take: give sites more "
        "room, allow more of them or ask for fewer crews",
    )
    found: Ints = np.rint(outcome.x).astype(np.int64)
    return found


def _value(problem: CrewCover, crews: Ints) -> float:
    from kuaifan.plan.crews_kernel import judge

    return float(judge(problem.cover(), crews)[0])


def _prove(
    tight: CrewCover, crews: Ints, *, gap: float, watch: Watch
) -> tuple[Ints | None, float, int]:
    """Ask HiGHS about what is left; the plan, the bound and branches; no plan where none is.

    Where a watch stops it before it knows anything, nothing is proven: the bound is infinite then.
    """
    is_kept = tight.ceiling > 0
    rows, gain = merge_rows(tight.covering, tight.gain, is_kept=is_kept)
    small = replace(
        tight,
        covering=rows,
        gain=gain,
        floor=tight.floor[is_kept],
        ceiling=tight.ceiling[is_kept],
        force=tight.force[is_kept],
        site=tight.site[is_kept],
    )
    begin = crews[is_kept]
    has_start = bool((begin >= small.floor).all() and begin.sum() == crews.sum())
    try:
        outcome = minimize(
            crew_program(small, begin if has_start else None),
            gap=gap,
            infeasible="nothing better is left",
            watch=turned(watch),
        )
    except InfeasibleError:
        # What was closed or held leaves nothing that is better than the plan known.
        return None, 0.0, 0
    except ProblemError:
        return None, np.inf, 0
    found = np.zeros(len(crews), np.int64)
    found[is_kept] = np.rint(outcome.x[: int(is_kept.sum())]).astype(np.int64)
    return found, -outcome.bound, outcome.n_nodes


def crew_program(problem: CrewCover, crews: Ints | None, more: Sequence[Block] = ()) -> Program:
    """Choices first, then levels of rows: Σ x - Σ z ≥ 0 a row, Σ x a force, Σ x a site.

    crews: a plan to begin from. more: blocks of the model's own.
    """
    n_choices, n_levels = len(problem.force), problem.gain.shape[1]
    columns = join_columns([choices(problem.floor, problem.ceiling), shares(-problem.gain.ravel())])
    blocks = [paid_by_cover(problem.covering, n_levels, n_choices), *_force_blocks(problem)]
    blocks += more
    start = None
    if crews is not None:
        covering = problem.covering
        there = np.add.reduceat(crews[covering.site], covering.first_site[:-1])
        paid = np.arange(n_levels) < there[:, None]
        start = np.concatenate((crews, paid.ravel())).astype(np.float64)
    return make_program(columns, blocks, start=start)


def _force_blocks(problem: CrewCover) -> list[Block]:
    n_crews, room = problem.n_crews.astype(np.float64), problem.room.astype(np.float64)
    blocks = [groups(problem.force, n_crews, low=n_crews)]
    asked = np.bincount(problem.site, problem.ceiling, len(room))
    if (asked > room).any():
        blocks.append(groups(problem.site, room, low=np.zeros(len(room))))
    return blocks


def judge_plan(
    problem: CrewCover, crews: Ints, *, bound: float, gap: float, n_nodes: int
) -> CrewPlan:
    """A plan with what it is worth, against a bound."""
    value = _value(problem, crews)
    found_gap = gap_of(value, max(bound, value))
    return CrewPlan(
        crews=crews,
        value=value,
        bound=max(bound, value),
        gap=found_gap,
        is_proven=found_gap <= gap + ROUNDING,
        n_nodes=n_nodes,
    )
