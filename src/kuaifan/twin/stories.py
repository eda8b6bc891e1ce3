"""Calls of a living city (来电故事), without end: same seed, start and city, same calls.

Every hour is drawn from the seed and its own number, and every story from its place in the hour;
so any call can be told at any time, after a restart too, and only a few hours are held.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from datetime import datetime
from typing import Final

import numpy as np

from kuaifan.board.reference import Reference
from kuaifan.kernel.errors import BadInputError
from kuaifan.twin.demand import HOUR_MS
from kuaifan.twin.habits import HOURS_PER_DAY
from kuaifan.twin.stories_hours import (
    FIRST_LANE,
    LATER_LANE,
    HourPlan,
    hour_luck,
    invented_luck,
    plan_hour,
)
from kuaifan.twin.stories_teller import StoryCity, Teller, make_rates
from kuaifan.twin.world import SimCall

HOURS_HELD: Final = 8
MAX_HOURS: Final = 100 * 366 * HOURS_PER_DAY
"""Nobody calls a hundred years after the start; eight bytes are kept for each hour passed."""


class LiveStories:
    """An endless stream of calls for a living city (城市来电), from `start_ms` on.

    The demand counts calls with a story; others who report the same, and misdials, come on top.
    `find` costs a millisecond or so, and 0.1 ms for every hour since the start at the first time.
    """

    def __init__(self, reference: Reference, city: StoryCity, *, seed: int, start_ms: int) -> None:
        self._seed, self._start_ms, self._zone = seed, start_ms, city.zone
        self._rates, self._teller = make_rates(reference, city), Teller(reference, city)
        self._repeats = np.array([self._teller.repeat_chance(t.key) for t in self._rates.types])
        self._first_hour = start_ms // HOUR_MS
        self._held: OrderedDict[int, HourPlan] = OrderedDict()
        # Number of calls up to the end of each hour since the start.
        self._ends = array("q")

    def find(self, call_no: int) -> SimCall | None:
        """The n-th call since the start, counted from 0; None only after a hundred years."""
        found = self._locate(call_no)
        if found is None:
            return None
        hour, i = found
        plan = self._plan(hour)
        story_i, nth = int(plan.story_i[i]), int(plan.nth[i])
        later = hour_luck(self._seed, hour, story_i=story_i, lane=LATER_LANE + nth)
        return self._teller.tell(
            self._rates.types[int(plan.type_i[i])],
            int(plan.class_i[i]),
            hour_luck(self._seed, hour, story_i=story_i, lane=FIRST_LANE),
            at_ms=int(plan.at_ms[i]),
            later=later if nth else None,
        )

    def invent(self, luck_no: int, at_ms: int) -> SimCall:
        """A call for a caller nobody has heard yet; same number and hour, same call."""
        rng = invented_luck(self._seed, luck_no)
        type_i, class_i = self._rates.draw_types(self._hour_of_week(at_ms // HOUR_MS), 1, rng)
        incident_type = self._rates.types[int(type_i[0])]
        return self._teller.tell(incident_type, int(class_i[0]), rng, at_ms=at_ms)

    def find_original(self, call_no: int) -> int | None:
        """The call that reported the same incident first; None where this one did."""
        found = self._locate(call_no)
        if found is None:
            return None
        hour, i = found
        plan = self._plan(hour)
        is_first = (plan.story_i == plan.story_i[i]) & (plan.nth == 0)
        return call_no - i + int(np.argmax(is_first)) if plan.nth[i] and is_first.any() else None

    def first_after(self, at_ms: int) -> int:
        """The number of the first call at or after an instant, without telling any."""
        hour = max(at_ms // HOUR_MS, self._first_hour)
        before = self._count_until(hour - 1)
        return before + int(np.searchsorted(self._plan(hour).at_ms, at_ms, side="left"))

    def _locate(self, call_no: int) -> tuple[int, int] | None:
        """The hour of a call and its place in it."""
        if call_no < 0:
            raise BadInputError(f"calls are counted from 0, so there is no call {call_no}")
        while not self._ends or self._ends[-1] <= call_no:
            if len(self._ends) >= MAX_HOURS:
                return None
            self._count_until(self._first_hour + len(self._ends))
        hour_i = bisect_right(self._ends, call_no)
        before = self._ends[hour_i - 1] if hour_i else 0
        return self._first_hour + hour_i, call_no - before

    def _count_until(self, hour: int) -> int:
        """How many calls there are from the start to the end of an hour."""
        for later in range(self._first_hour + len(self._ends), hour + 1):
            so_far = self._ends[-1] if self._ends else 0
            self._ends.append(so_far + len(self._plan(later).at_ms))
        return self._ends[hour - self._first_hour] if hour >= self._first_hour else 0

    def _plan(self, hour: int) -> HourPlan:
        if hour in self._held:
            self._held.move_to_end(hour)
            return self._held[hour]
        hour_of_week = self._hour_of_week(hour)
        plan = plan_hour(
            self._rates, self._repeats, seed=self._seed, hour=hour, hour_of_week=hour_of_week
        )
        self._held[hour] = plan = plan.since(self._start_ms)
        if len(self._held) > HOURS_HELD:
            self._held.popitem(last=False)
        return plan

    def _hour_of_week(self, hour: int) -> int:
        local = datetime.fromtimestamp(hour * HOUR_MS / 1000, self._zone)
        return local.weekday() * HOURS_PER_DAY + local.hour
