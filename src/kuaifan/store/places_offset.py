"""Reads and places what lies at a side of a place (方位): 锦绣花园东门, 学校南侧50米."""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

import msgspec

from kuaifan.geo.place_names import has_hanzi
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.store.places_rank import Candidate, Place

UNKNOWN_EDGE_M: Final = 60.0
"""How far the edge of a place is taken to be where its outline is not known."""

KERB_M: Final = 15.0
"""From the middle of a street or crossing to its side."""

MAX_AWAY_M: Final = 5_000.0
_NARROW: Final = frozenset(
    {"street", "crossing", "lamp_post", "lift", "pole", "bus_stop", "house_number", "position"}
)
_STEPS: Final = {"东": (0.0, 1.0), "西": (0.0, -1.0), "南": (-1.0, 0.0), "北": (1.0, 0.0)}
_OFFSET: Final = re.compile(
    r"^(?P<base>.{2,60}?)\s*(?:的|以|向|往|朝)?\s*(?P<side>(?P<towards>[东西][南北]|正?[东南西北])"
    r"(?P<what>大?门口?|侧|边|面|方向|方)?\s*(?:大?约)?\s*"
    r"(?:(?P<away>\d{1,4}(?:\.\d+)?|[一二两三四五六七八九十百]{1,5})\s*"
    r"(?P<unit>米|公尺|m|公里|千米|km))?)(?:处|附近|旁边?|外)?$",
    re.IGNORECASE,
)
_DIGITS: Final = {sign: i for i, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_UNITS: Final = {"十": 10, "百": 100}
_MOVED_M_WRONG: Final = 0.2
"""Share of a distance that people judge wrong."""


class Offset(NamedTuple):
    """A side of a place (方位): `base` is its name, north and east the direction, one long."""

    base: str
    side: str
    north: float
    east: float
    away_m: float


def read_offset(text: str) -> Offset | None:
    """The place and the side of it that a text names; None where it names no side."""
    match = _OFFSET.match(text.strip())
    if match is None or not (match["what"] or match["away"]):
        return None
    north, east = map(sum, zip(*(_STEPS[c] for c in match["towards"] if c in _STEPS), strict=True))
    length = math.hypot(north, east)
    away_m = _read_metres(match["away"], match["unit"])
    if away_m > MAX_AWAY_M:
        return None
    return Offset(match["base"], match["side"], north / length, east / length, away_m)


def move_place(found: Candidate, place: Place, offset: Offset) -> Place:
    """The place at the side: on the edge of its outline, then so many metres further.

    A gate may be anywhere on its side, so it is less certain than the place.
    """
    north_m, east_m = found.reach_m
    is_outlined = found.south is not None and found.kind not in _NARROW
    if found.kind in _NARROW:
        north_m = east_m = 0.0 if offset.away_m else KERB_M
    elif not is_outlined:
        north_m = east_m = UNKNOWN_EDGE_M
    lat, lon = _middle(found) if is_outlined else (found.lat, found.lon)
    lat += offset.north * _edge(north_m, offset, is_outlined=is_outlined) / METRES_PER_DEGREE
    east_deg_m = METRES_PER_DEGREE * math.cos(math.radians(lat))
    lon += offset.east * _edge(east_m, offset, is_outlined=is_outlined) / east_deg_m
    edge_m = max(UNKNOWN_EDGE_M, place.uncertainty_m) if not is_outlined else place.uncertainty_m
    return msgspec.structs.replace(
        place,
        name=f"{found.name}{'' if has_hanzi(found.name) else ' '}{offset.side}",
        lat=round(lat, 6),
        lon=round(lon, 6),
        confidence=round(place.confidence * (0.9 if is_outlined else 0.8), 2),
        uncertainty_m=round(edge_m * 1.25 + offset.away_m * _MOVED_M_WRONG, 1),
    )


def _edge(reach_m: float, offset: Offset, *, is_outlined: bool) -> float:
    """Metres along one axis; a diagonal of a box leads to its corner."""
    is_diagonal = abs(offset.north) not in (0.0, 1.0)
    to_corner = math.sqrt(2.0) if is_diagonal and is_outlined else 1.0
    return reach_m * to_corner + offset.away_m


def _middle(found: Candidate) -> tuple[float, float]:
    south, west, north, east = (
        float(side or 0.0) for side in (found.south, found.west, found.north, found.east)
    )
    return (south + north) / 2.0, (west + east) / 2.0


def _read_metres(number: str | None, unit: str | None) -> float:
    if number is None or unit is None:
        return 0.0
    metres = float(number) if number[0].isdecimal() else float(_read_chinese(number))
    return metres * (1000.0 if unit.casefold() in ("公里", "千米", "km") else 1.0)


def _read_chinese(number: str) -> int:
    total, digit = 0, 0
    for sign in number:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit
