"""What a crew may do next (排班状态网): states between days, and the days that lead on from them.

A state is all that the rules ask of the past: how many hours of the new day are still rest, how
many nights there were in a row, and how many hours this week. A way round through the states of
one or more whole weeks is a roster that goes on for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from .problem import DAY, RosterProblem, usable

OFF: Final = -1
DAYS: Final = 7


class State(NamedTuple):
    """Before a day begins (状态)."""

    rest_hours: int
    n_nights: int
    week_hours: int


class Step(NamedTuple):
    """A day: from a state by a shift (or OFF) to the next day's state; states by their number."""

    day: int
    shift: int
    origin: int
    target: int


FRESH: Final = State(0, 0, 0)


@dataclass(frozen=True, slots=True)
class DayNet:
    """All states that can come up, by day and number, and all steps (状态网)."""

    n_states: tuple[int, ...]
    steps: tuple[Step, ...]


def make_net(problem: RosterProblem) -> DayNet:
    """The net, from a fresh Monday as far as it goes."""
    number: list[dict[State, int]] = [{} for _ in range(DAYS)]
    number[0][FRESH] = 0
    steps, waiting = list[Step](), [(0, FRESH)]
    shifts = [OFF, *usable(problem)]
    while waiting:
        day, state = waiting.pop()
        for shift in shifts:
            after = _after(problem, state, shift)
            if after is None:
                continue
            next_day = (day + 1) % DAYS
            if next_day == 0:
                after = after._replace(week_hours=0)
            known = number[next_day]
            if after not in known:
                known[after] = len(known)
                waiting.append((next_day, after))
            steps.append(Step(day, shift, number[day][state], known[after]))
    return DayNet(tuple(len(each) for each in number), tuple(sorted(steps)))


def _after(problem: RosterProblem, state: State, shift_i: int) -> State | None:
    """The state after a day, or None where the rules forbid it."""
    rules = problem.rules
    if shift_i == OFF:
        return State(max(0, state.rest_hours - DAY), 0, state.week_hours)
    shift = problem.shifts[shift_i]
    nights = state.n_nights + 1 if shift.is_night else 0
    hours = state.week_hours + shift.hours
    if (
        shift.start_hour < state.rest_hours
        or nights > rules.nights_in_row
        or hours > rules.week_hours
    ):
        return None
    rest = max(0, shift.start_hour + shift.hours + rules.rest_hours - DAY)
    return State(rest, nights, hours)
