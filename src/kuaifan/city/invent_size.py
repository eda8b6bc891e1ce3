"""How large an invented city is (城市规模): small, medium and large, as numbers only."""

from dataclasses import dataclass
from typing import Literal

from kuaifan.kernel.errors import BadInputError

SizeName = Literal["small", "medium", "large"]
SIZE_NAMES: tuple[SizeName, ...] = ("small", "medium", "large")


@dataclass(frozen=True, slots=True)
class CitySize:
    """The numbers that make a city small or large.

    radius_m: how far the town reaches from its middle. old_m: the same of the old town.
    n_towns: towns beside the main one. n_urban, n_county: districts (区) and counties (县).
    n_express: expressways north to south and west to east. n_people: inhabitants, about.
    n_buildings: how many footprints at most. n_circles, n_stations: response circles and police
    stations, None where they follow the length of the streets.
    """

    name: SizeName
    radius_m: float
    old_m: float
    river_half_m: float
    n_towns: int
    n_urban: int
    n_county: int
    n_bridges: int
    n_lakes: int
    n_hills: int
    n_express: tuple[int, int]
    n_diagonals: int
    n_people: int
    n_buildings: int
    n_circles: int | None = None
    n_stations: int | None = None


_SIZES: dict[SizeName, CitySize] = {
    "small": CitySize(
        name="small",
        radius_m=2_900.0,
        old_m=950.0,
        river_half_m=85.0,
        n_towns=1,
        n_urban=3,
        n_county=1,
        n_bridges=4,
        n_lakes=1,
        n_hills=1,
        n_express=(1, 1),
        n_diagonals=2,
        n_people=260_000,
        n_buildings=3_200,
    ),
    "medium": CitySize(
        name="medium",
        radius_m=7_600.0,
        old_m=1_900.0,
        river_half_m=140.0,
        n_towns=4,
        n_urban=4,
        n_county=2,
        n_bridges=6,
        n_lakes=3,
        n_hills=2,
        n_express=(2, 2),
        n_diagonals=3,
        n_people=1_200_000,
        n_buildings=14_000,
    ),
    "large": CitySize(
        name="large",
        radius_m=15_000.0,
        old_m=3_000.0,
        river_half_m=190.0,
        n_towns=8,
        n_urban=6,
        n_county=3,
        n_bridges=9,
        n_lakes=6,
        n_hills=4,
        n_express=(3, 3),
        n_diagonals=4,
        n_people=3_000_000,
        n_buildings=40_000,
        # Domain row 5: one real prefecture counts 53 response circles.
        n_circles=53,
        n_stations=15,
    ),
}


def get_size(name: str) -> CitySize:
    """The numbers of a size; raises BadInputError naming the sizes there are."""
    for known in SIZE_NAMES:
        if known == name:
            return _SIZES[known]
    raise BadInputError(f"the size {name!r} is unknown: give small, medium or large")
