"""How many crews each hour of the week needs (逐时警力需求): calls, work, and a wait to keep to.

Each hour is taken by itself, as if it had gone on for ever (Green, Kolesar and Whitt, 2007,
Production and Operations Management 16, 13: good where the work is short beside the hour's change).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.erlang import load_of, seats_needed
from kuaifan.plan.siting import ProblemError

HOURS_PER_WEEK: Final = 168
DAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
MAX_CREWS: Final = 10_000
MAX_CALLS: Final = 1_000
"""In an hour; Huainan has 28."""


class Staffing(msgspec.Struct, frozen=True, kw_only=True):
    """The promise that an hour's crews keep (警力标准).

    service_min: how long a call keeps a crew, the drive included. wait_min: a crew is free within
    so long, for such a share of calls. least: crews on duty however quiet it is. crews_per_call: on
    average.
    """

    service_min: float = 50.0
    wait_min: float = 2.0
    share: float = 0.95
    least: int = 1
    crews_per_call: float = 1.0


def name_hour(hour_of_week: int) -> str:
    """An hour of the week as people say it."""
    return f"{DAYS[hour_of_week // 24]} {hour_of_week % 24:02d}:00"


def crews_needed(calls_per_hour: Sequence[float], staffing: Staffing) -> NDArray[np.int64]:
    """Crews for each hour of the week by Erlang C (逐时警力); (168,) calls. See Staffing."""
    _check(calls_per_hour, staffing)
    return np.array([_crews(calls, staffing) for calls in calls_per_hour], np.int64)


def _crews(calls: float, staffing: Staffing) -> int:
    service_ms, wait_ms = staffing.service_min * 60_000, staffing.wait_min * 60_000
    load = load_of(calls * staffing.crews_per_call, service_ms)
    if not load:
        return staffing.least
    crews = seats_needed(load, mean_talk_ms=service_ms, target_ms=wait_ms, share=staffing.share)
    return max(staffing.least, crews)


def _check(calls_per_hour: Sequence[float], staffing: Staffing) -> None:
    if len(calls_per_hour) != HOURS_PER_WEEK:
        raise ProblemError(
            f"there are {len(calls_per_hour)} hours of calls: give the {HOURS_PER_WEEK} of a week, "
            "from Monday 00:00"
        )
    for hour, calls in enumerate(calls_per_hour):
        if not 0 <= calls <= MAX_CALLS:
            raise ProblemError(
                f"{name_hour(hour)} has {calls:g} calls: give a number from 0 to {MAX_CALLS:,}"
            )
    if not 0 < staffing.share < 1:
        raise ProblemError(f"the share in time is {staffing.share:g}: give one between 0 and 1")
    if not 0 <= staffing.least <= MAX_CREWS:
        raise ProblemError(f"at least {staffing.least} crews an hour: give 0 to {MAX_CREWS:,}")
    for what, minutes in (("a call's work", staffing.service_min), ("the wait", staffing.wait_min)):
        if not 0 < minutes <= 24 * 60:
            raise ProblemError(f"{what} is {minutes:g} min: give more than 0, a day at most")
    if not 0 < staffing.crews_per_call <= 100:  # noqa: PLR2004 - nobody sends more
        raise ProblemError(
            f"{staffing.crews_per_call:g} crews go to a call: give more than 0, 100 at most"
        )
