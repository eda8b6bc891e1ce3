"""The table [travel] of city.toml (行车时段): hours that drive alike, and how fast crews walk.

A folder without it has one set of road times for all hours, as every folder had before.
"""

from typing import Any

import msgspec

from kuaifan.roads.hours import (
    CAR_FACTORS,
    HOUR_CLASSES,
    MOTORCYCLE_FACTORS,
    factor_table,
    usual_week,
)
from kuaifan.roads.speeds import WALK_KMH

LETTERS = {"p": "weekday_peak", "d": "weekday_day", "w": "weekend_day", "n": "night"}
"""How one hour is written in [travel.hours]."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIN_FOOT_KMH, MAX_FOOT_KMH = 2.0, 15.0
_HOURS_A_DAY = 24
_INDEX = {letter: HOUR_CLASSES.index(name) for letter, name in LETTERS.items()}
_LETTER = {index: letter for letter, index in _INDEX.items()}
_USUAL = usual_week()


def _usual_day(day_i: int) -> str:
    hours = _USUAL[day_i * _HOURS_A_DAY : (day_i + 1) * _HOURS_A_DAY]
    return "".join(_LETTER[hour_class] for hour_class in hours)


class WeekHours(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One letter an hour, from midnight on (每周时段): p peak, d day, w weekend day, n night."""

    monday: str = _usual_day(0)
    tuesday: str = _usual_day(1)
    wednesday: str = _usual_day(2)
    thursday: str = _usual_day(3)
    friday: str = _usual_day(4)
    saturday: str = _usual_day(5)
    sunday: str = _usual_day(6)


class CityTravel(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The table [travel] (行车时段). foot_kmh: how fast a crew on foot goes.

    factors: by road class and class of hours, how much longer cars take than by the map, in the
    form that `kuaifan twin calibrate` writes; motorcycle_factors: likewise for motorcycles.
    """

    foot_kmh: float = WALK_KMH
    hours: WeekHours = WeekHours()
    factors: dict[str, dict[str, float]] = msgspec.field(
        default_factory=lambda: {name: dict(row) for name, row in CAR_FACTORS.items()}
    )
    motorcycle_factors: dict[str, dict[str, float]] = msgspec.field(
        default_factory=lambda: {name: dict(row) for name, row in MOTORCYCLE_FACTORS.items()}
    )


def read_week(hours: WeekHours) -> tuple[int, ...]:
    """(168,) indices into HOUR_CLASSES, from Monday midnight on."""
    return tuple(_INDEX[letter] for day in DAYS for letter in getattr(hours, day))


def find_travel_fault(travel: CityTravel | None) -> str | None:
    """One sentence about the first setting that cannot be, with the cure; None where all can."""
    if travel is None:
        return None
    for day in DAYS:
        written: str = getattr(travel.hours, day)
        if len(written) != _HOURS_A_DAY or not set(written) <= set(LETTERS):
            known = ", ".join(f"{letter} {name}" for letter, name in LETTERS.items())
            return f"travel.hours.{day} needs 24 letters, one an hour from midnight on: {known}"
    if not MIN_FOOT_KMH <= travel.foot_kmh <= MAX_FOOT_KMH:
        return f"travel.foot_kmh must be {MIN_FOOT_KMH:g} to {MAX_FOOT_KMH:g} km/h"
    for name in ("factors", "motorcycle_factors"):
        try:
            factor_table(getattr(travel, name))
        except ValueError as error:
            return f"travel.{name}: {error}"
    return None


def write_travel(document: dict[str, Any]) -> None:
    """Leave the table out of a document where there is none: TOML has no word for nothing."""
    if document.get("travel") is None:
        document.pop("travel", None)
