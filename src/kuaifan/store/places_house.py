"""Finds a house by its number on a street (门牌号): known, or between two known ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from kuaifan.geo.place_names import fold_name
from kuaifan.geo.points import LocalPlane, distance_m
from kuaifan.store.places_rank import EXTENT_M, Place

_HOUSE: Final = re.compile(r"^(?P<street>.*?[^\d\s附])\s*附?\s*(?P<number>\d{1,5})\s*(?:号|$).*$")
_HOUSE_M: Final = EXTENT_M["house_number"]
_LEAST_STEP_M: Final = 0.01
WIDEST_GAP_M: Final = 1_000.0
"""Known numbers further apart say nothing about those between: two streets of one name."""

SURE_ALONG: Final = 0.9
SURE_BETWEEN: Final = 0.85
UNSURE_BETWEEN: Final = 0.7


class HouseAsked(NamedTuple):
    """A street, folded and as typed, and a number on it (门牌)."""

    street: str
    shown: str
    number: int


class KnownHouse(NamedTuple):
    """A house whose place is known (已知门牌)."""

    number: int
    lat: float
    lon: float


def read_house(text: str) -> HouseAsked | None:
    """The street and the number that a text names, such as 淮海路88号; None if it names none."""
    match = _HOUSE.match(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    shown = match["street"].strip()
    return HouseAsked(fold_name(shown), shown, int(match["number"]))


class HouseRange(NamedTuple):
    """The street between two known houses (门牌区间): what is numbered between them lies along it.

    step: 2 where only numbers of one side, odd or even, lie on it, else 1. low_off_m, high_off_m:
    how far left of the street the two houses stand. line: (lat, lon) from the low one to the high.
    """

    street: str
    part: int
    low: int
    high: int
    step: int
    low_off_m: float
    high_off_m: float
    line: tuple[tuple[float, float], ...]


def place_house(
    asked: HouseAsked,
    known: Sequence[KnownHouse],
    ranges: Sequence[HouseRange] = (),
    *,
    trust: float = 1.0,
) -> Place | None:
    """The house itself, else a point between its neighbours in number; None beyond all of them.

    known: the houses of its street by number. ranges: those around the number; along one of them
    is surer than across the blocks. Numbers of one side of a street, odd or even, are preferred;
    the uncertainty is half of the gap. trust: that this street is meant.
    """
    found = _find(asked, known, ranges)
    if found is None or trust == 1.0:
        return found
    return msgspec.structs.replace(found, confidence=round(trust * found.confidence, 2))


def _find(
    asked: HouseAsked, known: Sequence[KnownHouse], ranges: Sequence[HouseRange]
) -> Place | None:
    for house in known:
        if house.number == asked.number:
            return _place(asked, (house.lat, house.lon), confidence=1.0, uncertainty_m=_HOUSE_M)
    fitting = [each for each in ranges if (asked.number - each.low) % each.step == 0]
    if fitting:
        return _along(asked, min(fitting, key=lambda each: each.high - each.low))
    own_side = [house for house in known if house.number % 2 == asked.number % 2]
    for houses, confidence in ((own_side, SURE_BETWEEN), (known, UNSURE_BETWEEN)):
        below = [house for house in houses if house.number < asked.number]
        above = [house for house in houses if house.number > asked.number]
        if below and above:
            between = _between(asked, below[-1], above[0], confidence)
            if between is not None:
                return between
    return None


def _along(asked: HouseAsked, around: HouseRange) -> Place:
    """By its share of the numbers between the two houses, as far along the street."""
    share = (asked.number - around.low) / (around.high - around.low)
    plane = LocalPlane(*around.line[0])
    east_m, north_m = plane.to_metres(*zip(*around.line, strict=True))
    steps_m = np.hypot(np.diff(east_m), np.diff(north_m))
    at_m = np.concatenate(([0.0], np.cumsum(steps_m)))
    goal_m = share * at_m[-1]
    i = min(int(np.searchsorted(at_m, goal_m, side="right")) - 1, len(steps_m) - 1)
    step_m = max(float(steps_m[i]), _LEAST_STEP_M)
    ahead = (east_m[i + 1] - east_m[i]) / step_m, (north_m[i + 1] - north_m[i]) / step_m
    left_m = around.low_off_m + share * (around.high_off_m - around.low_off_m)
    past_m = goal_m - at_m[i]
    lat, lon = plane.to_degrees(
        east_m[i] + past_m * ahead[0] - left_m * ahead[1],
        north_m[i] + past_m * ahead[1] + left_m * ahead[0],
    )
    return _place(
        asked,
        (float(lat), float(lon)),
        confidence=SURE_ALONG,
        uncertainty_m=max(_HOUSE_M, float(at_m[-1]) / 2.0),
    )


def _between(
    asked: HouseAsked, low: KnownHouse, high: KnownHouse, confidence: float
) -> Place | None:
    gap_m = distance_m(low.lat, low.lon, to_lat=high.lat, to_lon=high.lon)
    if gap_m > WIDEST_GAP_M:
        return None
    share = (asked.number - low.number) / (high.number - low.number)
    at = (low.lat + share * (high.lat - low.lat), low.lon + share * (high.lon - low.lon))
    return _place(asked, at, confidence=confidence, uncertainty_m=max(_HOUSE_M, gap_m / 2.0))


def _place(
    asked: HouseAsked, at: tuple[float, float], *, confidence: float, uncertainty_m: float
) -> Place:
    return Place(
        name=f"{asked.shown}{asked.number}号",
        kind="house_number",
        lat=round(at[0], 6),
        lon=round(at[1], 6),
        address=asked.shown,
        confidence=confidence,
        uncertainty_m=round(uncertainty_m, 1),
    )
