"""Mans the posts (勤务排班): units by kind and shift, with crews, skills and two command lines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from kuaifan.city.city import CityUnit, Line, PlacedBy, Shift
from kuaifan.vocabulary.unit_profile import UNIT_KINDS, UnitKind

SHIFTS = (Shift("早班", 8, 16), Shift("中班", 16, 24), Shift("夜班", 0, 8))

CENTRE, SWAT, TRAFFIC, BRANCH = "ORG-110", "ORG-SWAT", "ORG-TRAFFIC", "ORG-BRANCH"
ORGANISATIONS = (
    (CENTRE, "公安局指挥中心", ""),
    (SWAT, "特巡警支队", CENTRE),
    (TRAFFIC, "交警支队", CENTRE),
    (BRANCH, "公安分局", CENTRE),
)
_OF_TWENTY: dict[UnitKind, int] = {
    "patrol_car": 11,
    "motorcycle": 3,
    "station_car": 4,
    "traffic_unit": 2,
    "foot_patrol": 0,
}
_WHEELS_PER_FOOT = 10
"""Beside ten units on wheels one walks (步巡): the real city's twenty a shift are all on wheels,
and its one-minute rings are held by those who stand and walk there [U]."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What units of one kind have in common."""

    prefix: str
    call_sign: str
    line: Line
    skills: tuple[str, ...]
    admin_parent: str
    max_officers: int
    max_auxiliaries: int


# Patrol detachments belong to the swat-patrol brigade and take orders from the desk: the two
# command lines of domain row 21 (双重领导). A station's car takes its orders from the station.
_KINDS: dict[UnitKind, _Kind] = {
    "patrol_car": _Kind("P", "巡特", "patrol", ("patrol",), SWAT, 2, 2),
    "motorcycle": _Kind("M", "铁骑", "patrol", ("patrol",), SWAT, 1, 1),
    "station_car": _Kind("S", "所车", "station", ("mediation",), BRANCH, 2, 1),
    "foot_patrol": _Kind("W", "步巡", "patrol", ("patrol",), SWAT, 2, 2),
    "traffic_unit": _Kind("T", "交警", "traffic", ("traffic",), TRAFFIC, 1, 2),
}


@dataclass(frozen=True, slots=True)
class Bases:
    """Where units stand: some posts are held in every shift, the others take turns."""

    stations: Iterator[str]
    held: tuple[str, ...]
    standby_posts: Iterator[str]


def roster(
    bases: Bases, n_per_shift: int, *, placed_by: PlacedBy, rng: np.random.Generator
) -> tuple[CityUnit, ...]:
    """Every unit of every shift, in order of kind and number within each shift."""
    number: Counter[UnitKind] = Counter()
    units: list[CityUnit] = []
    n_of = share_kinds(n_per_shift)
    n_of["foot_patrol"] = n_per_shift // _WHEELS_PER_FOOT
    for shift in SHIFTS:
        homes = _shift_homes(bases, n_of)
        for kind in UNIT_KINDS:
            for home_post_id in homes[kind]:
                number[kind] += 1
                units.append(_unit(kind, number[kind], (shift, home_post_id), placed_by, rng))
    return tuple(units)


def share_kinds(n_units: int) -> dict[UnitKind, int]:
    """Share a shift's units among the kinds by largest remainder; a patrol car comes first."""
    total = sum(_OF_TWENTY.values())
    exact = {kind: n_units * share / total for kind, share in _OF_TWENTY.items()}
    n_of = {kind: int(value) for kind, value in exact.items()}
    by_remainder = sorted(exact, key=lambda kind: n_of[kind] - exact[kind])
    for kind in by_remainder[: n_units - sum(n_of.values())]:
        n_of[kind] += 1
    # A second line exists from the third unit on, however small the city.
    if n_of["station_car"] == 0 and n_of["patrol_car"] > 1:
        n_of["patrol_car"] -= 1
        n_of["station_car"] += 1
    return n_of


def _shift_homes(bases: Bases, n_of: dict[UnitKind, int]) -> dict[UnitKind, list[str]]:
    n_patrol = n_of["patrol_car"] + n_of["motorcycle"]
    patrol = list(bases.held[:n_patrol])
    patrol += islice(bases.standby_posts, n_patrol - len(patrol))
    return {
        "patrol_car": patrol[: n_of["patrol_car"]],
        "motorcycle": patrol[n_of["patrol_car"] :],
        "station_car": list(islice(bases.stations, n_of["station_car"])),
        "traffic_unit": list(islice(bases.standby_posts, n_of["traffic_unit"])),
        "foot_patrol": list(bases.held[: n_of["foot_patrol"]]),
    }


def _unit(
    kind: UnitKind,
    number: int,
    duty: tuple[Shift, str],
    placed_by: PlacedBy,
    rng: np.random.Generator,
) -> CityUnit:
    common = _KINDS[kind]
    shift, home_post_id = duty
    return CityUnit(
        unit_id=f"{common.prefix}{number:03d}",
        call_sign=f"{common.call_sign}{number:03d}",
        kind=kind,
        line=common.line,
        skills=(*common.skills, *_extra_skills(kind, number)),
        officers=int(rng.integers(1, common.max_officers, endpoint=True)),
        auxiliaries=int(rng.integers(1, common.max_auxiliaries, endpoint=True)),
        shift=shift,
        home_post_id=home_post_id,
        admin_parent=common.admin_parent,
        operational_parent=home_post_id if common.line == "station" else CENTRE,
        placed_by=placed_by,
    )


def _extra_skills(kind: UnitKind, number: int) -> tuple[str, ...]:
    """Skills by turns, so that every plan finds its people: every third patrol car is armed, ...

    Every fourth station car also does traffic (所队协作, domain row 22).
    """
    if kind == "patrol_car":
        turns = (("armed", 3), ("female_officer", 4), ("first_aid", 2))
        return tuple(skill for skill, n in turns if number % n == 1)
    if kind == "station_car":
        return ("traffic",) if number % 4 == 0 else ()
    return ("first_aid",) if kind == "motorcycle" else ()
