"""Finds a house by its number on a street (门牌号): known, or between two known ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from kuaifan.geo.place_names import fold_name
from kuaifan.geo.points import distance_m
from kuaifan.store.places_rank import EXTENT_M, Place

_HOUSE: Final = re.compile(r"^(?P<street>.*?[^\d\s附])\s*附?\s*(?P<number>\d{1,5})\s*(?:号|$).*$")
_HOUSE_M: Final = EXTENT_M["house_number"]
WIDEST_GAP_M: Final = 1_000.0
"""Known numbers further apart say nothing about those between: two streets of one name."""

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


def place_house(asked: HouseAsked, known: Sequence[KnownHouse]) -> Place | None:
    """The house itself, else a point between its neighbours in number; None beyond all of them.

    known: the houses of its street by number. Numbers of one side of a street, odd or even, are
    preferred; the uncertainty is half of the gap.
    """
    for house in known:
        if house.number == asked.number:
            return _place(asked, (house.lat, house.lon), confidence=1.0, uncertainty_m=_HOUSE_M)
    own_side = [house for house in known if house.number % 2 == asked.number % 2]
    for houses, confidence in ((own_side, SURE_BETWEEN), (known, UNSURE_BETWEEN)):
        below = [house for house in houses if house.number < asked.number]
        above = [house for house in houses if house.number > asked.number]
        if below and above:
            between = _between(asked, below[-1], above[0], confidence)
            if between is not None:
                return between
    return None


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
