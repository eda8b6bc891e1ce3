"""Shift rosters (勤务排班): the fewest crews whose shifts meet each hour's need, week after week.

    min Σ_{a leaves Monday} f_a    Σ_{a into v} f_a = Σ_{a out of v} f_a,  Σ_{a works h} f_a ≥ n_h

f_a whole: how many crews take step a of the net of states (days.py). A circulation falls into
closed ways (Euler): each is a cyclic roster, whose weeks the crews go through one after another.
Covering: Dantzig, G. B. (1954), Operations Research 2, 339; rotating rosters as flows:
Balakrishnan, N. and Wong, R. T. (1990), Networks 20, 25; see README.md.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.answers import Answer, is_within
from kuaifan.plan.highs import Outcome, Program, minimize
from kuaifan.plan.rows import Rows
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.solving import DEFAULT_GAP, Watch, gap_of, go_on
from kuaifan.plan.staffing import HOURS_PER_WEEK, name_hour

from .days import DAYS, OFF, DayNet, make_net
from .problem import RosterProblem, check, hours_of
from .rings import Ring, make_rings

Ints = NDArray[np.int64]
REST = ""
"""A day off, in a roster's line."""


class Roster(Answer, frozen=True, kw_only=True):
    """Cyclic rosters (轮班表).

    rings: of each ring its weeks, seven names of shifts, "" for a day off. As many crews as weeks
    go round a ring, each a week ahead of the next. on_duty: (168,) crews by hour. need: what was
    asked for. value: crews.
    """

    rings: tuple[Ring, ...]
    need: tuple[int, ...]
    on_duty: tuple[int, ...]
    crew_hours: int


def solve(problem: RosterProblem, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Roster:
    """Make the roster (排班), with the fewest crews to within a gap.

    Raises ProblemError naming the hour that cannot be manned.
    """
    check(problem)
    net = make_net(problem)
    outcome = minimize(
        _program(problem, net), gap=gap, infeasible="no roster keeps these rules", watch=watch
    )
    n_crews = round(outcome.cost)
    if problem.most_crews is not None and n_crews > problem.most_crews:
        raise _too_few(problem, net, n_crews)
    return _answer(problem, net, outcome, gap)


def _program(problem: RosterProblem, net: DayNet, most_crews: int | None = None) -> Program:
    """Flows, then, if the crews are given, the share that the worst hour lacks: that is least."""
    steps = np.array(net.steps, np.int64).reshape(-1, 4)
    day, shift, origin, target = steps.T
    n_steps = len(steps)
    rows = Rows()
    first_node = np.concatenate(([0], np.cumsum(net.n_states)))
    rows.open(int(first_node[-1]), low=0.0, high=0.0)
    out, into = first_node[day] + origin, first_node[(day + 1) % DAYS] + target
    rows.put(out, np.arange(n_steps), 1.0)
    rows.put(into, np.arange(n_steps), -1.0)
    first_hour = rows.open(HOURS_PER_WEEK, low=problem.need.astype(np.float64), high=np.inf)
    for s in np.unique(shift[shift != OFF]).tolist():
        for d in range(DAYS):
            columns = np.flatnonzero((shift == s) & (day == d))
            rows.put(first_hour + hours_of(problem.shifts[s], d)[:, None], columns, 1.0)
    cost = (day == 0).astype(np.float64)
    ceiling = np.full(n_steps, float(problem.need.sum()))
    if most_crews is not None:
        rows.put(first_hour + np.arange(HOURS_PER_WEEK), n_steps, problem.need)
        rows.put(rows.open(1, low=0.0, high=float(most_crews)), np.flatnonzero(day == 0), 1.0)
        cost, ceiling = np.append(np.zeros(n_steps), 1.0), np.append(ceiling, 1.0)
    return rows.program(cost, ceiling=ceiling, is_whole=np.arange(len(cost)) < n_steps)


def _too_few(problem: RosterProblem, net: DayNet, n_crews: int) -> ProblemError:
    """Name the hour that is worst off with the crews there are."""
    short = minimize(
        _program(problem, net, problem.most_crews),
        gap=0.05,
        infeasible="no roster keeps these rules",
    )
    rings = make_rings(net, _whole(short.x[:-1]), [shift.name for shift in problem.shifts])
    on_duty, need = count_on_duty(problem, rings), problem.need
    hour = int(np.argmin(on_duty / np.maximum(need, 1) + (need == 0)))
    return ProblemError(
        f"{problem.most_crews} crews are not enough: however they are laid, about as badly off as "
        f"{name_hour(hour)} with {on_duty[hour]} of the {need[hour]} it needs; {n_crews} crews "
        "would do, or ease the rules of rest"
    )


def _whole(x: NDArray[np.float64]) -> Ints:
    return np.round(x).astype(np.int64)


def _answer(problem: RosterProblem, net: DayNet, outcome: Outcome, gap: float) -> Roster:
    rings = make_rings(net, _whole(outcome.x), [shift.name for shift in problem.shifts])
    n_crews = sum(len(ring) for ring in rings)
    bound = float(max(math.ceil(outcome.bound - 1e-6), _by_hours(problem)))
    on_duty = count_on_duty(problem, rings)
    crew_hours = int(on_duty.sum())
    return Roster(
        value=float(n_crews),
        bound=min(bound, float(n_crews)),
        gap=gap_of(float(n_crews), min(bound, float(n_crews))),
        is_proven=is_within(float(n_crews), min(bound, float(n_crews)), gap),
        n_nodes=outcome.n_nodes,
        reasons=_reasons(problem, on_duty, n_crews),
        rings=rings,
        need=tuple(problem.need.tolist()),
        on_duty=tuple(on_duty.tolist()),
        crew_hours=crew_hours,
    )


def count_on_duty(problem: RosterProblem, rings: tuple[Ring, ...]) -> Ints:
    """Crews by hour of the week under a roster, (168,)."""
    shifts = {shift.name: shift for shift in problem.shifts}
    on_duty = np.zeros(HOURS_PER_WEEK, np.int64)
    for ring in rings:
        for week in ring:
            for day, name in enumerate(week):
                if name != REST:
                    on_duty[hours_of(shifts[name], day)] += 1
    return on_duty


def _by_hours(problem: RosterProblem) -> int:
    """Crews that the hours alone ask for, were there no rest but the week's."""
    return math.ceil(int(problem.need.sum()) / max(1, problem.rules.week_hours))


def _reasons(problem: RosterProblem, on_duty: Ints, n_crews: int) -> tuple[str, ...]:
    peak = int(np.argmax(problem.need))
    spare = on_duty - problem.need
    tight, loose = int(np.count_nonzero((spare == 0) & (problem.need > 0))), int(np.argmax(spare))
    return (
        f"{name_hour(peak)} needs most, {problem.need[peak]} crews: {on_duty[peak]} are on duty",
        (
            f"the need is {problem.need.sum()} crew-hours a week, {_by_hours(problem)} crews' work;"
            f" whole shifts and rest make it {n_crews} crews and {on_duty.sum()} crew-hours"
        ),
        (
            f"{tight} hours have exactly what they need; {name_hour(loose)} has most to spare, "
            f"{spare[loose]} crews"
        ),
    )
