"""Who may use a street of OpenStreetMap (通行者): cars, motorcycles (铁骑), those on foot (徒步).

What cars may is in drivable.py. A motorcycle goes where a car goes, unless motorcycles alone are
shut out; beyond that only where the map says that motorcycles or mopeds may. Whoever walks uses
every street a car uses except motorways and motor roads (汽车专用路), and the streets and squares
for walking (步行街): see docs/decisions for why other footways are left out.
"""

from collections.abc import Mapping
from typing import Final

from kuaifan.city.drivable import (
    CLOSED_WORDS,
    DRIVABLE,
    OPEN_WORDS,
    find_access,
    find_closure,
    is_out_of_use,
)
from kuaifan.roads.raw import CAR, FOOT, MOTORCYCLE

WALKED: Final = frozenset({"pedestrian"})
"""Ways without cars that are streets to those who walk."""

RIDDEN: Final = frozenset({"pedestrian", "footway", "path", "cycleway", "track"})
"""Ways without cars that are motorcycles' where the map says so."""

_FAST = frozenset({"motorway", "motorway_link"})
_NARROW_KEYS = ("motorcycle", "moped")


def find_modes(tags: Mapping[str, str], obstacle: str | None) -> int:
    """The bits of who may use a way; 0 where nobody of a crew may.

    obstacle: why no car may, as `find_obstacle` gives it.
    """
    highway = tags.get("highway", "")
    if obstacle is not None and is_out_of_use(tags):
        return 0
    car = CAR if obstacle is None else 0
    return car | _motorcycle(tags, highway, obstacle) | _foot(tags, highway, obstacle)


def _motorcycle(tags: Mapping[str, str], highway: str, obstacle: str | None) -> int:
    said = [tags[key] for key in _NARROW_KEYS if key in tags]
    if obstacle is None:
        is_open = find_access(tags) == "yes" or tags.get("motorcycle") not in CLOSED_WORDS
        return MOTORCYCLE if is_open else 0
    is_way = highway in RIDDEN or (highway in DRIVABLE and obstacle == "access_no")
    return MOTORCYCLE if is_way and any(word in OPEN_WORDS for word in said) else 0


def _foot(tags: Mapping[str, str], highway: str, obstacle: str | None) -> int:
    said = tags.get("foot", "")
    if said in CLOSED_WORDS:
        return 0
    if said in OPEN_WORDS and highway in DRIVABLE | WALKED:
        return FOOT
    if highway in _FAST or tags.get("motorroad") == "yes":
        return 0
    if obstacle is None:
        return FOOT
    if highway in WALKED:
        return FOOT if tags.get("access") not in CLOSED_WORDS | {"private"} else 0
    # A street closed to what has a motor or wheels; one closed to all is closed to those on foot.
    is_only_wheels = obstacle == "access_no" and find_closure({"access": tags.get("access", "")})
    return FOOT if obstacle == "access_no" and not is_only_wheels else 0


def find_barrier_modes(tags: Mapping[str, str]) -> int:
    """The bits of who passes a barrier that no car passes."""
    kind, foot = tags.get("barrier", ""), tags.get("foot", "")
    modes = FOOT if foot in OPEN_WORDS or kind in _STEPPED_PAST else 0
    if foot in CLOSED_WORDS:
        modes = 0
    if kind in _RIDDEN_THROUGH and tags.get("motorcycle") not in CLOSED_WORDS:
        modes |= MOTORCYCLE
    return modes


_RIDDEN_THROUGH = frozenset({"bollard", "block", "planter", "bus_trap", "sump_buster"})
"""Barriers with gaps that a motorcycle fits through."""

_STEPPED_PAST = _RIDDEN_THROUGH | {
    *("jersey_barrier", "log", "debris", "chain", "rope", "cycle_barrier", "motorcycle_barrier"),
    *("kissing_gate", "wicket_gate", "stile", "turnstile", "horse_stile", "guard_rail"),
}
"""Barriers that somebody on foot goes past; walls, fences, hedges and ditches are none."""
