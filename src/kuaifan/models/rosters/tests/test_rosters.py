"""Rosters against trying them all; the rules hold day by day; what cannot be names the hour."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.models.rosters.problem import (
    DutyShift,
    Instance,
    RestRules,
    RosterProblem,
    hours_of,
    pose,
)
from kuaifan.models.rosters.solve import solve
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.staffing import Staffing, crews_needed

LONG = (
    DutyShift(name="day", start_hour=8, hours=12),
    DutyShift(name="night", start_hour=20, hours=12),
)


def need_of(*hours, crews=1):
    need = np.zeros(168, np.int64)
    need[list(hours)] = crews
    return need


def days_of(problem, ring):
    return [None if n == "" else next(s for s in problem.shifts if s.name == n)
            for week in ring for n in week]  # fmt: skip


def breaks_a_rule(problem, days):
    """Goes round a ring twice, by the clock, knowing nothing of states."""
    rules, free_at, nights = problem.rules, 0, 0
    for n, shift in enumerate([*days, *days]):
        nights = nights + 1 if shift and shift.is_night else 0
        if shift and (n * 24 + shift.start_hour < free_at or nights > rules.nights_in_row):
            return True
        if shift:
            free_at = n * 24 + shift.start_hour + shift.hours + rules.rest_hours
    weeks = [days[k : k + 7] for k in range(0, len(days), 7)]
    return any(sum(s.hours for s in week if s) > rules.week_hours for week in weeks)


def mans(problem, rings):
    on_duty = np.zeros(168, np.int64)
    for ring in rings:
        for n, shift in enumerate(ring):
            if shift:
                on_duty[hours_of(shift, n % 7)] += 1
    return bool((on_duty >= problem.need).all())


def some_roster_mans(problem, n_crews):
    """Whether any way of one ring, or of single weeks, with so many crews keeps all rules."""
    choices = [None, *problem.shifts]
    if n_crews == 0:
        return not problem.need.any()
    weeks = [w for w in product(choices, repeat=7) if not breaks_a_rule(problem, list(w))]
    if n_crews == 1:
        return any(mans(problem, [week]) for week in weeks)
    if any(mans(problem, [a, b]) for a in weeks for b in weeks):
        return True
    return any(
        mans(problem, [days]) and not breaks_a_rule(problem, list(days))
        for days in product(choices, repeat=14)
    )


@pytest.mark.parametrize("seed", range(6))
def test_no_fewer_crews_would_do(seed):
    rng = np.random.default_rng(seed)
    shift = LONG[seed % 2]
    hours = rng.choice(7, 3 + seed % 3, replace=False) * 24 + 21 - 12 * (seed % 2 == 0)
    rules = RestRules(nights_in_row=1 + seed % 2, week_hours=36)
    problem = RosterProblem(need=need_of(*hours), shifts=(shift,), rules=rules)
    solved = solve(problem, gap=0.0)
    assert solved.value == solved.bound <= 3
    assert not some_roster_mans(problem, int(solved.value) - 1)


def test_of_two_kinds_of_shift_no_single_crew_would_do():
    need = need_of(9, 24 + 22, 48 + 9)
    problem = RosterProblem(need=need, shifts=LONG)
    assert solve(problem).value == 2
    assert not some_roster_mans(problem, 1)
    eased = RosterProblem(need=need, shifts=LONG, rules=RestRules(rest_hours=0))
    assert solve(eased).value == 1
    assert some_roster_mans(eased, 1)


needs = st.lists(st.integers(0, 5), min_size=7, max_size=7)


@settings(deadline=None, max_examples=12)
@given(needs, needs, st.integers(1, 3), st.sampled_from([24, 36, 44]))
def test_every_hour_is_manned_and_every_rule_is_kept(by_day, by_night, nights, week_hours):
    need = np.concatenate(
        [np.r_[np.full(8, n), np.full(12, d), np.full(4, n)]
         for d, n in zip(by_day, by_night, strict=True)]
    )  # fmt: skip
    if not need.any():
        return
    problem = RosterProblem(
        need=need, shifts=LONG, rules=RestRules(nights_in_row=nights, week_hours=week_hours)
    )
    solved = solve(problem, gap=0.05)
    rings = [days_of(problem, ring) for ring in solved.rings]
    assert mans(problem, rings)
    assert not any(breaks_a_rule(problem, ring) for ring in rings)
    assert sum(len(ring) for ring in solved.rings) == solved.value >= solved.bound
    assert solved.crew_hours == sum(solved.on_duty)


def test_a_ring_is_gone_through_week_by_week():
    solved = solve(RosterProblem(need=need_of(*range(168), crews=2), shifts=LONG))
    [ring] = solved.rings
    assert len(ring) == solved.value == solved.bound
    assert all(len(week) == 7 for week in ring)
    assert "Monday 00:00 needs most, 2 crews: 2 are on duty" in solved.reasons


def test_calls_become_crews_by_the_hour():
    calls = [0.0] * 168
    calls[20] = 6.0
    need = pose(Instance(calls_per_hour=calls, staffing=Staffing(least=0))).need
    assert need[20] == crews_needed(calls, Staffing(least=0))[20] >= 6
    assert need.sum() == need[20]
    assert crews_needed([0.0] * 168, Staffing(least=2)).tolist() == [2] * 168


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RosterProblem(need=need_of()), "no hour needs a crew"),
        (RosterProblem(need=np.ones(24, np.int64)), "there are 24 hours of need: give the 168"),
        (RosterProblem(need=-need_of(5)), "Monday 05:00 needs an absurd number"),
        (RosterProblem(need=need_of(27), shifts=LONG[:1]), "Tuesday 03:00 needs 1 crews, and no s"),
        (
            RosterProblem(need=need_of(27), shifts=LONG, rules=RestRules(nights_in_row=0)),
            "Tuesday 03:00 needs 1 crews, and the rules of rest allow none",
        ),
        (
            RosterProblem(need=need_of(27), shifts=LONG, rules=RestRules(week_hours=8)),
            "the rules of rest allow none",
        ),
        (RosterProblem(need=need_of(1), shifts=()), "there are 0 shifts"),
        (RosterProblem(need=need_of(1), shifts=(LONG[0], LONG[0])), "give each a name of its own"),
        (
            RosterProblem(
                need=need_of(1), shifts=(DutyShift(name="x", start_hour=24, hours=8),)
            ),
            "a start is from 0 to 23",
        ),
        (RosterProblem(need=need_of(9), rules=RestRules(rest_hours=-1)), "-1 hours of rest"),
        (RosterProblem(need=need_of(9), most_crews=0), "there are 0 crews: give 1"),
        (
            RosterProblem(need=need_of(27, crews=9), most_crews=5),
            "5 crews are not enough: .* Tuesday 03:00 with 5 of the 9 it needs; 9 crews would do",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(problem, words):
    with pytest.raises(ProblemError, match=words):
        solve(problem)


@pytest.mark.parametrize(
    ("instance", "words"),
    [
        (Instance(), "give either need"),
        (Instance(need=[1] * 168, calls_per_hour=[1.0] * 168), "give either need"),
        (Instance(calls_per_hour=[1.0] * 3), "3 hours of calls"),
        (Instance(calls_per_hour=[float("nan")] * 168), "Monday 00:00 has nan calls"),
        (Instance(calls_per_hour=[1.0] * 168, staffing=Staffing(share=1.0)), "share in time is 1"),
        (Instance(calls_per_hour=[1.0] * 168, staffing=Staffing(least=-1)), "at least -1 crews"),
        (Instance(calls_per_hour=[1.0] * 168, staffing=Staffing(wait_min=0)), "the wait is 0 min"),
        (
            Instance(calls_per_hour=[1.0] * 168, staffing=Staffing(crews_per_call=0)),
            "0 crews go to a call",
        ),
    ],
)
def test_a_bad_instance_is_said(instance, words):
    with pytest.raises(ProblemError, match=words):
        pose(instance)
