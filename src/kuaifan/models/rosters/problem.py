"""What a roster is asked (排班问题): crews by hour, shifts to choose from, rules of rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError
from kuaifan.plan.staffing import HOURS_PER_WEEK, MAX_CREWS, Staffing, crews_needed, name_hour

Ints = NDArray[np.int64]

NIGHT_END: Final = 5
"""A night shift works three of the hours from midnight to five."""
NIGHT_HOURS: Final = 3
MAX_SHIFTS: Final = 24
DAY: Final = 24


class DutyShift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift to choose from (班次): on any day from start_hour, so many hours."""

    name: str
    start_hour: int
    hours: int

    @property
    def is_night(self) -> bool:
        """Whether it is a night's work (夜班)."""
        worked = ((self.start_hour + h) % DAY for h in range(self.hours))
        return sum(hour < NIGHT_END for hour in worked) >= NIGHT_HOURS


class RestRules(msgspec.Struct, frozen=True, kw_only=True):
    """What nobody is asked beyond (休息规则).

    rest_hours: between two shifts. nights_in_row: at most. week_hours: a crew's at most in any one
    week from Monday; a shift counts to the day it starts on.
    """

    rest_hours: int = 11
    nights_in_row: int = 3
    week_hours: int = 44


THREE_SHIFTS: Final = (
    DutyShift(name="day", start_hour=8, hours=8),
    DutyShift(name="late", start_hour=16, hours=8),
    DutyShift(name="night", start_hour=0, hours=8),
)


USUAL_RULES: Final = RestRules()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RosterProblem:
    """A week to be manned for ever (排班问题).

    need: (168,) crews in each hour from Monday 00:00. most_crews: that there are; None for as many
    as it takes.
    """

    need: Ints
    shifts: tuple[DutyShift, ...] = THREE_SHIFTS
    rules: RestRules = USUAL_RULES
    most_crews: int | None = None


class Instance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A roster problem in a file: need (168), or calls_per_hour (168) and a staffing standard."""

    need: list[int] | None = None
    calls_per_hour: list[float] | None = None
    staffing: Staffing = Staffing()
    shifts: tuple[DutyShift, ...] = THREE_SHIFTS
    rules: RestRules = USUAL_RULES
    most_crews: int | None = None


def pose(instance: Instance) -> RosterProblem:
    """The problem of a file. Raises ProblemError in words."""
    if (instance.need is None) == (instance.calls_per_hour is None):
        raise ProblemError("give either need, crews for 168 hours, or calls_per_hour for as many")
    if instance.need is None:
        need = crews_needed(instance.calls_per_hour or [], instance.staffing)
    else:
        need = np.array([min(max(n, -1), MAX_CREWS + 1) for n in instance.need], np.int64)
    return RosterProblem(
        need=need, shifts=instance.shifts, rules=instance.rules, most_crews=instance.most_crews
    )


def check(problem: RosterProblem) -> None:
    """Raise ProblemError for what is empty, absurd or cannot be manned whatever the crews."""
    _check_need(problem.need)
    _check_shifts(problem.shifts)
    rules = problem.rules
    for what, value, most in (
        ("hours of rest", rules.rest_hours, 48),
        ("nights in a row", rules.nights_in_row, 28),
        ("hours a week", rules.week_hours, HOURS_PER_WEEK),
    ):
        if not 0 <= value <= most:
            raise ProblemError(f"the rules say {value} {what}: give 0 to {most}")
    if problem.most_crews is not None and not 1 <= problem.most_crews <= MAX_CREWS:
        raise ProblemError(f"there are {problem.most_crews} crews: give 1 to {MAX_CREWS:,}")
    _check_hours(problem)


def usable(problem: RosterProblem) -> list[int]:
    """Shifts that the rules let anybody work at all, by their index."""
    rules = problem.rules
    return [
        i
        for i, shift in enumerate(problem.shifts)
        if shift.hours <= rules.week_hours and (rules.nights_in_row or not shift.is_night)
    ]


def hours_of(shift: DutyShift, day: int) -> Ints:
    """The hours of the week that a shift of a day works; Sunday's runs on into Monday."""
    return (day * DAY + shift.start_hour + np.arange(shift.hours)) % HOURS_PER_WEEK


def _check_need(need: Ints) -> None:
    if need.shape != (HOURS_PER_WEEK,):
        raise ProblemError(
            f"there are {need.size} hours of need: give the {HOURS_PER_WEEK} of a week, "
            "from Monday 00:00"
        )
    bad = (need < 0) | (need > MAX_CREWS)
    if bad.any():
        hour = int(np.argmax(bad))
        raise ProblemError(
            f"{name_hour(hour)} needs an absurd number of crews: give 0 to {MAX_CREWS:,}"
        )
    if not need.any():
        raise ProblemError("no hour needs a crew: there is nothing to roster")


def _check_shifts(shifts: tuple[DutyShift, ...]) -> None:
    if not 1 <= len(shifts) <= MAX_SHIFTS:
        raise ProblemError(f"there are {len(shifts)} shifts: give 1 to {MAX_SHIFTS}")
    names = [shift.name for shift in shifts]
    for shift in shifts:
        if not shift.name.strip() or names.count(shift.name) > 1:
            raise ProblemError(f"shift {shift.name!r}: give each a name of its own")
        if not (0 <= shift.start_hour < DAY and 1 <= shift.hours <= DAY):
            raise ProblemError(
                f"shift {shift.name} starts at {shift.start_hour} for {shift.hours} h: "
                "a start is from 0 to 23, a length from 1 to 24"
            )


def _check_hours(problem: RosterProblem) -> None:
    """Name the first hour that no shift can man."""
    offered, allowed = np.zeros(HOURS_PER_WEEK, np.bool_), np.zeros(HOURS_PER_WEEK, np.bool_)
    can = usable(problem)
    for i, shift in enumerate(problem.shifts):
        for day in range(7):
            offered[hours_of(shift, day)] = True
            allowed[hours_of(shift, day)] |= i in can
    open_hours = np.flatnonzero((problem.need > 0) & ~allowed)
    if not len(open_hours):
        return
    hour = int(open_hours[0])
    crews = int(problem.need[hour])
    why = (
        "the rules of rest allow none of the shifts that work then: shorten them or ease the rules"
        if offered[hour]
        else "no shift works then: add one"
    )
    raise ProblemError(f"{name_hour(hour)} needs {crews} crews, and {why}")
