"""The desks of one centre as city.toml names them (指挥席): city, district and county desks."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from kuaifan.city.city_numbers import N_PRIORITIES, Seconds

DeskKind = Literal["city", "district", "county"]
Policy = Literal["patrol_first", "station_first", "nearest", "reserve_urgent", "mixed"]
DESK_KINDS: tuple[DeskKind, ...] = ("city", "district", "county")
POLICIES: tuple[Policy, ...] = (
    "patrol_first",
    "station_first",
    "nearest",
    "reserve_urgent",
    "mixed",
)
CITY_DESK = "city"
_DESK_ID = re.compile("[a-z][a-z0-9_-]{0,31}")


class CityDesk(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One desk (指挥席); what is left out is as the city has it.

    kind: one of DESK_KINDS. districts: area ids of areas.geojson. first_order_s: by priority.
    response_targets_s: by area class, by priority. policy: one of POLICIES.
    """

    desk_id: str
    name: str
    kind: str
    districts: tuple[str, ...] = ()
    first_order_s: Seconds = ()
    response_targets_s: dict[str, Seconds] = {}
    policy: str = "patrol_first"

    @property
    def known_kind(self) -> DeskKind:
        """The kind, once it is known to be one."""
        return next(kind for kind in DESK_KINDS if kind == self.kind)


WHOLE_CITY = CityDesk(CITY_DESK, "市局指挥中心", "city")


def read_desks(written: Sequence[str | CityDesk]) -> tuple[CityDesk, ...]:
    """The desks as written: an old folder names the city desk alone, by its id."""
    return tuple(WHOLE_CITY if isinstance(desk, str) else desk for desk in written)


def find_desk_fault(written: Sequence[str | CityDesk], area_classes: Sequence[str]) -> str | None:
    """One sentence about the first desk that cannot be, with the cure; None where all can."""
    for desk in written:
        if isinstance(desk, str) and desk != CITY_DESK:
            return (
                f"desks names {desk!r} alone: write it as a table [[desks]] with desk_id, name, "
                "kind and districts"
            )
    return next(_list_faults(read_desks(written), area_classes), None)


def _list_faults(desks: Sequence[CityDesk], area_classes: Sequence[str]) -> Iterator[str]:
    n_named = Counter(desk.desk_id for desk in desks)
    yield from (
        f"desks: the desk_id {name!r} is used {n} times: give each desk its own"
        for name, n in n_named.items()
        if n > 1
    )
    for desk in desks:
        yield from _list_own_faults(desk, area_classes)
    if CITY_DESK not in n_named:
        yield 'desks: there is no city desk: add [[desks]] with desk_id = "city", kind = "city"'
    n_of = Counter(area for desk in desks for area in desk.districts)
    yield from (
        f"desks: the district {area!r} has {n} desks: leave it to one of them"
        for area, n in n_of.items()
        if n > 1
    )


def _list_own_faults(desk: CityDesk, area_classes: Sequence[str]) -> Iterator[str]:
    where = f"desks, {desk.desk_id!r}"
    if not _DESK_ID.fullmatch(desk.desk_id):
        yield f"{where}: a desk_id is small letters, digits, - and _, beginning with a letter"
    if not desk.name.strip():
        yield f"{where} has no name: give it one"
    if desk.kind not in DESK_KINDS:
        yield f"{where}: kind {desk.kind!r} is unknown: write {', '.join(DESK_KINDS)}"
    elif (desk.kind == "city") != (desk.desk_id == CITY_DESK):
        yield f'{where}: the one city desk has desk_id = "city" and kind = "city", no other has'
    elif desk.kind != "city" and not desk.districts:
        yield f"{where} has no ground: give it districts, by their ids in areas.geojson"
    if desk.policy not in POLICIES:
        yield f"{where}: policy {desk.policy!r} is unknown: write {', '.join(POLICIES)}"
    yield from (f"{where}: {fault}" for fault in _list_time_faults(desk, area_classes))


def _list_time_faults(desk: CityDesk, area_classes: Sequence[str]) -> Iterator[str]:
    rows = {"first_order_s": desk.first_order_s} if desk.first_order_s else {}
    for area_class, seconds in desk.response_targets_s.items():
        if area_class not in area_classes:
            yield f"response_targets_s.{area_class} is none of area_classes: rename it"
        rows[f"response_targets_s.{area_class}"] = seconds
    for name, seconds in rows.items():
        if len(seconds) != N_PRIORITIES or min(seconds) <= 0:
            yield f"{name} needs {N_PRIORITIES} whole seconds above zero, P1 to P5"


def list_ground_faults(desks: Sequence[CityDesk], area_ids: Sequence[str]) -> list[str]:
    """Desks whose districts are not drawn, one sentence each; area_ids: of the districts drawn."""
    known = ", ".join(area_ids) or "none"
    return [
        f"desks, {desk.desk_id!r}: the district {area!r} is not in areas.geojson: write one of "
        f"those there ({known}) or draw it"
        for desk in desks
        for area in desk.districts
        if area not in area_ids
    ]
