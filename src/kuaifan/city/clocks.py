"""When the desk is reminded, as city.toml says it (时限): the table [clocks], in seconds.

The values here are what holds where a folder says nothing; domain §2.3, all ours to tune.
"""

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from kuaifan.city.city_numbers import Seconds

Levels = int | Seconds
"""The levels of one clock, each counted from the same start; one alone may stand without [ ]."""

N_UNSIGNED = 3
MAX_CLOCK = 31 * 24 * 3600
"""No clock runs longer than a month: who writes more has taken milliseconds for seconds."""


class CityClocks(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The table [clocks] (时限). unsigned_s: empty where it follows sign_s."""

    unsigned_s: Levels = ()
    queue_percent: Levels = (60, 100)
    not_moving_s: Levels = (120,)
    eta_passed_s: Levels = (120,)
    silent_on_scene_s: Levels = (1800, 3600)
    amendment_s: Levels = (30, 60)
    agency_receipt_s: Levels = (60, 180)
    hand_over_s: Levels = (60, 180)
    call_back_s: Levels = (60, 300)
    backup_s: Levels = (60, 120)
    emergency_s: Levels = (15, 30, 60)
    take_grace_s: int = 20
    duplicate_radius_m: int = 200
    duplicate_age_s: int = 1800
    retire_hours: int = 48


def list_levels(levels: Levels) -> Seconds:
    """The levels of a clock, one or many."""
    return (levels,) if isinstance(levels, int) else levels


def list_unsigned_s(clocks: CityClocks, sign_s: int) -> Seconds:
    """When an unsigned order reminds: once, twice and three times the time to sign, or as told."""
    return list_levels(clocks.unsigned_s) or tuple(sign_s * n for n in range(1, N_UNSIGNED + 1))


def find_clock_fault(clocks: CityClocks) -> str | None:
    """One sentence about the first clock that cannot be, with the cure; None where all can."""
    return next(_list_faults(clocks), None)


def _list_faults(clocks: CityClocks) -> Iterator[str]:
    for name in clocks.__struct_fields__:
        levels = list_levels(getattr(clocks, name))
        is_left_out = name == "unsigned_s" and not levels
        is_rising = all(one < two for one, two in pairwise((0, *levels)))
        if not is_left_out and (not levels or not is_rising or levels[-1] > MAX_CLOCK):
            yield (
                f"clocks.{name} is {list(levels)}: its levels are whole numbers above zero, each "
                f"greater than the one before, up to {MAX_CLOCK:,}"
            )
    if len(list_levels(clocks.unsigned_s)) not in {0, N_UNSIGNED}:
        yield f"clocks.unsigned_s needs {N_UNSIGNED} levels: repeat, next unit, supervisor"
