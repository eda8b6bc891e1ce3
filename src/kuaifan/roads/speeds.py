"""How fast each street is driven (车速): defaults by class, posted limits, the siren's gain."""

import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS, WALK_CLASSES
from kuaifan.roads.raw import CAR, DRIVEN, FOOT, MOTORCYCLE

PROFILES: tuple[str, ...] = ("normal", "siren", "motorcycle", "foot")
"""With the traffic, with blue lights and siren (警灯警笛), by motorcycle (铁骑), on foot (徒步)."""

PROFILE_MODES: tuple[int, ...] = (CAR, CAR, MOTORCYCLE, FOOT)
"""The bit that lets each profile use a street."""

POSTED_FACTOR = 0.8
"""Share of a posted limit that town traffic makes, as in OSRM's car profile (speed_reduction)."""

MS_PER_HOUR_PER_KM_PER_M = 3_600.0
"""Milliseconds that one metre takes at one kilometre an hour."""

# Typical moving speeds, not limits. Edmonton's published network drives 31 km/h on local streets
# and 71 km/h on freeways without siren; links are ramps taken at half speed.
_DRIVEN_KMH: dict[str, float] = {
    "motorway": 80.0,
    "trunk": 60.0,
    "primary": 45.0,
    "secondary": 40.0,
    "tertiary": 35.0,
    "unclassified": 30.0,
    "residential": 25.0,
    "motorway_link": 45.0,
    "trunk_link": 40.0,
    "primary_link": 30.0,
    "secondary_link": 30.0,
    "tertiary_link": 25.0,
    "living_street": 10.0,
    "service": 15.0,
    "road": 25.0,
    "busway": 35.0,
}

# Edmonton's two modes differ by 1.42 to 1.45 in every class (JEMSS.jl, 71,241 arcs). Where people
# walk on the carriageway a siren does not make room.
_SIREN_FACTOR = 1.4
_SIREN_FACTOR_SLOW = 1.2
_SLOW_CLASSES = frozenset({"living_street", "service"})

_MOTORCYCLE_FACTOR = 1.2
_MOTORCYCLE_FACTOR_SLOW = 1.5
"""Above a car without siren where traffic flows: it starts sooner at a light, and passes what
stands in a lane of its own width. [U]: no published network gives a class by class figure. What
it saves in dense traffic comes on top, by the hour (see hours.py)."""
_MOTORCYCLE_NARROW_KMH = 10.0
"""Where no car fits and riding is allowed: among people who walk."""

WALK_KMH = 5.0
"""People walk at 1.3 to 1.4 m/s on the level; a city whose crews run says so in city.toml."""

_KMH_PER_UNIT = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_ZONE_KMH = {"urban": 50.0, "rural": 90.0, "trunk": 100.0, "motorway": 120.0}
_ZONE_KMH |= {"living_street": 20.0, "nsl_single": 96.56, "nsl_dual": 112.65, "walk": 7.0}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z/]*)")
_PLAUSIBLE_KMH = (1.0, 200.0)


_WALK_WORDS = {"path": "footway", "cycleway": "footway", "track": "footway"}
"""Further words for ways without cars, each with the class it counts as."""


def find_road_class(highway: str, modes: int = DRIVEN) -> int | None:
    """The index of a highway word in ROAD_CLASSES, or None where nobody of these goes.

    OSMnx writes "['residential', 'tertiary']" for a way merged from several: the first word that
    fits is taken.
    """
    for word in re.findall(r"[a-z_]+", highway.lower()):
        known = word if modes & CAR else _WALK_WORDS.get(word, word)
        if known in ROAD_CLASSES and not (modes & CAR and known in WALK_CLASSES):
            return ROAD_CLASSES.index(known)
    return None


def parse_maxspeed_kmh(text: str | None) -> float | None:
    """A maxspeed tag in km/h, or None where it states no usable number (限速).

    Reads "50", "30 mph", "BR:urban", "50;60" and OSMnx lists; of several the lowest counts, since
    promising less is safer. "none", "signals" and speeds outside 1 to 200 km/h are no statement.
    """
    words = re.sub(r"[\[\]'\"]", " ", (text or "").lower())
    stated = [_one_kmh(word.strip()) for word in re.split(r"[,;|]", words)]
    low, high = _PLAUSIBLE_KMH
    return min((kmh for kmh in stated if kmh is not None and low <= kmh <= high), default=None)


def _one_kmh(word: str) -> float | None:
    match = _NUMBER.fullmatch(word)
    if match is None:
        return _ZONE_KMH.get(word.rpartition(":")[2])
    factor = _KMH_PER_UNIT.get(match[2])
    return None if factor is None else float(match[1]) * factor


def driven_kmh(road_class: NDArray[np.uint8], maxspeed_kmh: ArrayLike) -> NDArray[np.float64]:
    """Speeds driven without siren; nan in `maxspeed_kmh` means that no limit is stated."""
    by_class = np.asarray([_DRIVEN_KMH.get(word, _MOTORCYCLE_NARROW_KMH) for word in ROAD_CLASSES])
    posted = np.asarray(maxspeed_kmh, np.float64)
    return np.where(np.isnan(posted), by_class[road_class], posted * POSTED_FACTOR)


def siren_factors(road_class: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How many times faster each arc is driven with siren."""
    slow = [word in _SLOW_CLASSES for word in ROAD_CLASSES]
    return np.where(slow, _SIREN_FACTOR_SLOW, _SIREN_FACTOR)[road_class]


def motorcycle_kmh(road_class: NDArray[np.uint8], kmh: NDArray[np.float64]) -> NDArray[np.float64]:
    """Speeds by motorcycle where nothing is dense; kmh: without siren, 0 where no car drives."""
    slow = [word in _SLOW_CLASSES for word in ROAD_CLASSES]
    factors = np.where(slow, _MOTORCYCLE_FACTOR_SLOW, _MOTORCYCLE_FACTOR)[road_class]
    return np.where(kmh > 0.0, kmh * factors, _MOTORCYCLE_NARROW_KMH)


def travel_ms(length_m: ArrayLike, kmh: ArrayLike) -> NDArray[np.int32]:
    """Whole milliseconds to drive a length, rounded up so that no arc is driven too fast; >= 1."""
    exact_ms = np.asarray(length_m, np.float64) * MS_PER_HOUR_PER_KM_PER_M / np.asarray(kmh)
    # Without the millionth, 100 m at 36 km/h could become 10,001 ms by the last bit.
    whole_ms = np.ceil(exact_ms - 1e-6)
    return np.asarray(np.clip(whole_ms, 1, UNREACHABLE_MS - 1), np.int32)
