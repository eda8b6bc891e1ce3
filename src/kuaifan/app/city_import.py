"""Options of `city import` from what was typed (导入选项)."""

from __future__ import annotations

from pathlib import Path

from kuaifan.city.city_toml import DEFAULT_TIME_ZONE
from kuaifan.city.clip import Box
from kuaifan.city.import_map import ImportOptions
from kuaifan.geo.datums import Datum
from kuaifan.kernel.errors import BadInputError

SIDES = ("south", "west", "north", "east")


def read_options(
    *,
    datum: str | None,
    bbox: str | None,
    time_zone: str | None,
    population: Path | None,
    name: str | None,
    n_circles: int | None,
    seed: int,
    is_replacing: bool,
) -> ImportOptions:
    """Turn the words of the command line into options; raises BadInputError with the cure."""
    return ImportOptions(
        datum=None if datum is None else Datum(datum),
        seed=seed,
        population=population,
        name=name,
        box=None if bbox is None else read_box(bbox),
        time_zone=time_zone or DEFAULT_TIME_ZONE,
        is_replacing=is_replacing,
        n_circles=n_circles,
    )


def read_box(text: str) -> Box:
    """Read south,west,north,east in degrees."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != len(SIDES):
        raise BadInputError(f"--bbox {text!r} is not {','.join(SIDES)} in degrees")
    south, west, north, east = numbers
    return Box(south, west, north, east)
