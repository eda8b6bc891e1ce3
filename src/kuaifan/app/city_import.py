"""The box of `city import` from what was typed (范围)."""

from __future__ import annotations

from kuaifan.city.clip import Box
from kuaifan.kernel.errors import BadInputError

SIDES = ("south", "west", "north", "east")


def read_box(text: str) -> Box:
    """Read south,west,north,east in degrees; raises BadInputError with the cure."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != len(SIDES):
        raise BadInputError(f"--bbox {text!r} is not {','.join(SIDES)} in degrees")
    south, west, north, east = numbers
    return Box(south, west, north, east)
