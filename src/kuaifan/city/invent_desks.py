"""The desks of an invented city and its crews without GPS (指挥席、无定位警组)."""

from collections.abc import Sequence
from dataclasses import replace

from kuaifan.city.city import Area, CityUnit
from kuaifan.city.desks import WHOLE_CITY, CityDesk
from kuaifan.city.force_csv import Forces

DESK_WORD = "指挥席"
RADIO_ONLY_EVERY = 15
_FIRST_CARS = frozenset(f"P{number:03d}" for number in range(1, 11))


def make_desks(districts: Sequence[Area]) -> tuple[CityDesk, ...]:
    """The city desk, then one desk for each district and county, with the number of its area."""
    return (
        WHOLE_CITY,
        *(
            CityDesk(
                desk_id=area.area_id.lower(),
                name=f"{area.name}{DESK_WORD}",
                kind=area.level,
                districts=(area.area_id,),
            )
            for area in districts
        ),
    )


def take_gps_from_some(forces: Forces) -> Forces:
    """The same forces with one crew in fifteen heard by radio only, the first cars never."""
    return replace(forces, units=tuple(map(_with_or_without, enumerate(forces.units, start=1))))


def _with_or_without(numbered: tuple[int, CityUnit]) -> CityUnit:
    number, unit = numbered
    is_radio_only = number % RADIO_ONLY_EVERY == 0 and unit.unit_id not in _FIRST_CARS
    return replace(unit, has_gps=False) if is_radio_only else unit
