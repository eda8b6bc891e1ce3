"""Hours that drive alike (时段): which class each hour of the week is, and the times that follow.

A class of hours makes one whole set of road times out of the map's, by a factor for each class of
road. What is in force changes a few times a day; nothing is worked out for a single question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.speeds import WALK_KMH

Int32s = NDArray[np.int32]
Floats = NDArray[np.float64]

HOUR_CLASSES: Final = ("weekday_peak", "weekday_day", "weekend_day", "night")
"""Peak, 7 to 9 and 17 to 19, and night, 21 to 6, are [U]: a city sets its own hours."""
PEAK_HOURS: Final = frozenset({7, 8, 17, 18})
DAY_FROM, DAY_UNTIL = 6, 21
SATURDAY: Final = 5
HOURS_A_WEEK: Final = 168
HOUR_MS: Final = 3_600_000
OTHER_ROADS: Final = "other"
"""Stands for every road class that is not named."""

Factors = Mapping[str, Mapping[str, float]]
"""Road class, or `other`, to class of hours to how much longer driving takes then."""

# How much longer than by the map's own speeds, which are those of an ordinary day. All of it [U]
# until `kuaifan twin calibrate` has seen the city's own tracks: slower in the peaks, most of all on
# main roads, and quicker at night.
CAR_FACTORS: Final[Factors] = {
    "motorway": {"weekday_peak": 1.3, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    "trunk": {"weekday_peak": 1.4, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    "primary": {"weekday_peak": 1.5, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.8},
    "secondary": {"weekday_peak": 1.4, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.8},
    "tertiary": {"weekday_peak": 1.25, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    OTHER_ROADS: {"weekday_peak": 1.1, "weekday_day": 1.0, "weekend_day": 1.0, "night": 0.9},
}

# A motorcycle filters: the room it needs in a stream falls from a car's in free flow to none in a
# standing queue (Transport & Mobility Leuven, Commuting by motorcycle, 2011). It keeps a quarter
# of what the peak costs a car [U], for it still meets the lights and slows between the lanes.
MOTORCYCLE_FACTORS: Final[Factors] = {
    "motorway": {"weekday_peak": 1.08, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    "trunk": {"weekday_peak": 1.1, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    "primary": {"weekday_peak": 1.12, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    "secondary": {"weekday_peak": 1.1, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.85},
    "tertiary": {"weekday_peak": 1.06, "weekday_day": 1.0, "weekend_day": 0.95, "night": 0.9},
    OTHER_ROADS: {"weekday_peak": 1.03, "weekday_day": 1.0, "weekend_day": 1.0, "night": 0.95},
}
SIREN_SHARE: Final = 0.5
"""Share of what the hour costs, or saves, that is left with lights and siren [U]: cars make room,
queues do not vanish; and at night the siren has less to clear."""


def hour_class_of(at: datetime) -> int:
    """Index into HOUR_CLASSES of a moment in the city's own time, where no table says other."""
    if not DAY_FROM <= at.hour < DAY_UNTIL:
        return HOUR_CLASSES.index("night")
    if at.weekday() >= SATURDAY:
        return HOUR_CLASSES.index("weekend_day")
    return HOUR_CLASSES.index("weekday_peak" if at.hour in PEAK_HOURS else "weekday_day")


def usual_week() -> tuple[int, ...]:
    """(168,) the class of every hour from Monday midnight on, as `hour_class_of` has it."""
    # The first of January 2024 was a Monday.
    hours = (datetime(2024, 1, 1 + hour // 24, hour % 24, tzinfo=UTC) for hour in range(168))
    return tuple(hour_class_of(hour) for hour in hours)


@dataclass(frozen=True, slots=True)
class HourTable:
    """Which class each hour of the week is (时段表), in the city's own time.

    week: (168,) indices into HOUR_CLASSES, from Monday midnight on.
    """

    week: tuple[int, ...]
    zone: tzinfo

    def class_at(self, at_ms: int) -> int:
        """Index of the class that a moment belongs to."""
        at = datetime.fromtimestamp(at_ms // 1000, self.zone)
        return self.week[at.weekday() * 24 + at.hour]

    def next_change_ms(self, at_ms: int) -> int:
        """When the next class begins; a week on where all hours are of one."""
        was, then_ms = self.class_at(at_ms), at_ms
        for _ in range(HOURS_A_WEEK):
            then_ms = self._next_hour_ms(then_ms)
            if self.class_at(then_ms) != was:
                break
        return then_ms

    def _next_hour_ms(self, at_ms: int) -> int:
        at = datetime.fromtimestamp(at_ms // 1000, self.zone)
        return at_ms - at_ms % 1000 + HOUR_MS - (at.minute * 60 + at.second) * 1000


class HourTimes:
    """The road times of every class of hours (分时段行车时间), each made once, when first needed.

    Raises ValueError for factors of a road class or hour class that there is not.
    """

    def __init__(
        self,
        network: RoadNetwork,
        table: HourTable,
        *,
        car: Factors = CAR_FACTORS,
        motorcycle: Factors = MOTORCYCLE_FACTORS,
        foot_kmh: float = WALK_KMH,
    ) -> None:
        self.table, self._network = table, network
        self._car, self._motorcycle = factor_table(car), factor_table(motorcycle)
        self._foot = foot_kmh / WALK_KMH
        self._made: dict[str, Int32s] = {}

    def times_ms(self, hour_class: str) -> Int32s:
        """(n_profiles, n_arcs) read-only; '' is the map itself, as before there were classes."""
        if not hour_class:
            return self._network.travel_ms
        if hour_class not in self._made:
            self._made[hour_class] = self._make(HOUR_CLASSES.index(hour_class))
        return self._made[hour_class]

    def _make(self, hour_i: int) -> Int32s:
        network, road_class = self._network, self._network.road_class
        car = self._car[:, hour_i][road_class]
        by_profile = {
            "normal": car,
            "siren": 1.0 + (car - 1.0) * SIREN_SHARE,
            "motorcycle": self._motorcycle[:, hour_i][road_class],
            "foot": np.full(network.n_arcs, 1.0 / self._foot),
        }
        factors = np.stack([by_profile[name] for name in network.profiles])
        base_ms = network.travel_ms
        made_ms = np.clip(np.ceil(base_ms * factors - 1e-6), 1, UNREACHABLE_MS - 1)
        # A turn takes the same at any hour, a step what keeps it from taking nothing.
        is_turn = network.is_turn & ~network.is_double
        keeps = (base_ms >= UNREACHABLE_MS) | (base_ms == 0) | is_turn
        times_ms = np.where(keeps, base_ms, made_ms).astype(np.int32)
        times_ms.flags.writeable = False
        return times_ms


def factor_table(factors: Factors) -> Floats:
    """(n_road_classes, n_hour_classes); a link is as its road, what is not named as `other`."""
    for name, row in factors.items():
        if name not in {*ROAD_CLASSES, OTHER_ROADS}:
            raise ValueError(f"{name!r} is no class of road; known are {', '.join(ROAD_CLASSES)}")
        for hours, factor in row.items():
            if hours not in HOUR_CLASSES:
                raise ValueError(f"{hours!r} is no class of hours; use {', '.join(HOUR_CLASSES)}")
            if not 0.1 <= factor <= 10.0:  # noqa: PLR2004 - beyond that it is a slip of the pen
                raise ValueError(f"the factor {factor} of {name}, {hours} is not from 0.1 to 10")
    other = factors.get(OTHER_ROADS, {})
    rows = [
        factors.get(name) or factors.get(name.removesuffix("_link")) or other
        for name in ROAD_CLASSES
    ]
    return np.array([[float(row.get(hours, 1.0)) for hours in HOUR_CLASSES] for row in rows])
