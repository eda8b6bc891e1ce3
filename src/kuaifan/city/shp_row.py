"""One row of a road shapefile's table understood (属性): class, direction, speed, name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kuaifan.city import shp_fields as fields
from kuaifan.city.drivable import get_direction, get_street_name
from kuaifan.roads.speeds import parse_maxspeed_kmh

_KIND = re.compile("0[0-9a-f][0-9a-f]{2}")
_MAX_ID = 2**62
_IMPORTANCE = frozenset({"fc", "funcclass", "func_class", "funct_clas"})
_LINKED = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table are read for what, by their names in small letters."""

    name: tuple[str, ...]
    road_class: tuple[str, ...]
    direction: tuple[str, ...]
    speed: tuple[str, ...]
    way_id: tuple[str, ...]
    tags: tuple[str, ...]
    is_osm: bool
    provider: str

    @property
    def wanted(self) -> frozenset[str]:
        """All that is read."""
        return frozenset((
            *self.name, *self.road_class, *self.direction, *self.speed, *self.way_id, *self.tags
        ))  # fmt: skip


def find_columns(there: Sequence[str]) -> Columns:
    """Choose the columns to read among those that are there."""

    def present(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in there)

    return Columns(
        name=present(fields.NAME),
        road_class=present(fields.CLASS),
        direction=present(fields.DIRECTION),
        speed=present((*fields.SPEED_KMH, *fields.SPEED_TENTHS, *fields.SPEED_CLASS)),
        way_id=present(fields.WAY_ID),
        tags=present(fields.OSM_TAGS),
        is_osm=bool(present(fields.OSM_ID)),
        provider=find_provider(there),
    )


def find_provider(there: Iterable[str]) -> str:
    """The Chinese provider whose columns, in small letters, are all there; '' if none's are."""
    names = frozenset(there)
    return next((name for name, signs in fields.PROVIDERS.items() if signs <= names), "")


def refuse_to_guess(source: str, provider: str) -> str:
    """Why the datum of a provider's map is asked for, as a sentence with the cure."""
    return (
        f"{source} has the columns of {provider}, whose positions are shifted by law unless they "
        "were turned back: add --datum gcj02, bd09 or wgs84"
    )


def read_class(row: Row, columns: Columns) -> str | None:
    """The OpenStreetMap word of a road's class; None where no column says one that is known."""
    for column in columns.road_class:
        value = row[column].lower()
        word = _class_of(column, value) if value else None
        if word is not None:
            return word
    return None


def _class_of(column: str, value: str) -> str | None:
    if column in {"fclass", "highway"}:
        return value
    first = value.partition("|")[0]
    if _KIND.fullmatch(first):
        road = fields.NAVINFO_KIND.get(first[:2])
        return f"{road}_link" if road in _LINKED and first[2:] in fields.NAVINFO_RAMPS else road
    plain = value.removesuffix(".0")
    if column in _IMPORTANCE and plain in fields.FUNCTION_CLASS:
        return fields.FUNCTION_CLASS[plain]
    word = fields.AUTONAVI_LEVEL.get(plain) or fields.WORDS.get(value)
    return word or (value if value in _OSM_WORDS else None)


_OSM_WORDS = frozenset({*fields.WORDS.values(), "tertiary_link", "secondary_link", "primary_link",
                        "motorway_link", "busway", "road"})  # fmt: skip


def read_direction(row: Row, columns: Columns, tags: Row) -> int | None:
    """1 as drawn, -1 against, 0 both ways, None where it cannot be driven; silent as OSM's rules.

    Raises KeyError with the value if it is no direction that is known.
    """
    for column in columns.direction:
        value = row[column].lower().removesuffix(".0")
        if not value:
            continue
        is_oneway = column in fields.ONEWAY_COLUMNS
        codes = fields.ONEWAY_CODES if is_oneway else fields.DIRECTION_CODES
        return codes[value] if value in codes else fields.DIRECTIONS[value]
    return get_direction(tags)


def read_speed_kmh(row: Row, columns: Columns) -> float | None:
    """The posted speed; None where no column says one."""
    tenths: list[float] = []
    for column in columns.speed:
        value = row[column].removesuffix(".0")
        if column in fields.SPEED_TENTHS:
            kmh = parse_maxspeed_kmh(value[:-1])
            tenths += [] if kmh is None else [kmh]
        elif column not in fields.SPEED_CLASS:
            kmh = parse_maxspeed_kmh(value)
            if kmh is not None:
                return kmh
        elif not tenths:
            return fields.SPEED_CLASS_KMH.get(value)
    return min(tenths, default=None)


def read_name(row: Row, columns: Columns) -> str:
    """The street's name, '' without one; a column may hold a mere dash for none."""
    values = (row[column] for column in columns.name)
    found = next((value for value in values if value.strip("-—_ 0")), "")
    return get_street_name({"name": found})


def read_way_id(row: Row, columns: Columns, row_i: int) -> int:
    """The road's own number, where it is one; else that of its row, from 1."""
    values = (row[column].removesuffix(".0") for column in columns.way_id)
    numbers = (int(value) for value in values if value.isdecimal())
    return next((number for number in numbers if number < _MAX_ID), row_i + 1)


def read_tags(row: Row, columns: Columns, highway: str) -> dict[str, str]:
    """What drivable.py is asked with."""
    tags = {column: row[column].lower() for column in columns.tags if row[column]}
    return tags | {"highway": highway}
