"""When and where calls of each type come from (警情习性), as habits.toml says."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.vocabulary.call import Line

HOURS_PER_DAY: Final = 24
HOURS_PER_WEEK: Final = 168
WEEKDAYS: Final = 5
UNNAMED_CLASS: Final = 0.3
"""Weight of a place class that a setting does not name."""


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shape over the week (时段): 24 weights of a day, and a factor for Saturday and Sunday."""

    day: tuple[float, ...]
    weekend: float

    def over_week(self) -> NDArray[np.float64]:
        """(168,) weights from Monday 0:00 in the city's own time."""
        days = np.ones(HOURS_PER_WEEK // HOURS_PER_DAY)
        days[WEEKDAYS:] = self.weekend
        return np.outer(days, np.asarray(self.day, np.float64)).ravel()


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sort of ground (场所): named places, place classes of the demand, streets preferred."""

    kinds: Mapping[str, float]
    share: float
    classes: Mapping[str, float]
    roads: Literal["any", "local", "arterial"]

    def class_weight(self, place_class: str) -> float:
        """How much such calls belong to a place class of the demand."""
        return self.classes.get(place_class, UNNAMED_CLASS)


class Habit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is usual for one type (习性); repeats: chance that somebody else calls too."""

    at: str = "anywhere"
    hours: str = "even"
    repeats: float = 0.0
    line: Line = "110"


class Habits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table (习性表); a type that it does not name has the plainest habit."""

    hours: Mapping[str, Hours]
    settings: Mapping[str, Setting]
    types: Mapping[str, Habit]

    def habit_of(self, type_key: str) -> Habit:
        """The habit of a type by its key."""
        return self.types.get(type_key, Habit())

    def setting_of(self, type_key: str) -> Setting:
        """Where calls of a type come from."""
        return self.settings[self.habit_of(type_key).at]

    def hours_of(self, type_key: str) -> NDArray[np.float64]:
        """(168,) when calls of a type come."""
        return self.hours[self.habit_of(type_key).hours].over_week()


@cache
def read_habits() -> Habits:
    """Read the table that comes with the twin."""
    text = (importlib.resources.files("kuaifan.twin") / "habits.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Habits)
