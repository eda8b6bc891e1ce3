"""What a plan showed on the twin (孪生试跑结果), day by day: two plans meet the very same days."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from kuaifan.plan.scenario import TwinAsk

CELL_DEG: Final = 0.01
"""Side of the squares that response is told by: about a kilometre."""
SOUTH_DEG, WEST_DEG, WIDE = 90.0, 180.0, 100_000


class TrialDay(msgspec.Struct, frozen=True, kw_only=True):
    """One simulated day (试跑日): a row for each incident that units came to, in order of calls.

    call_s: when the call rang, seconds since the day began: the same in every plan, which makes
    pairs. response_s: from the first order to the first unit there. hour: of the week. cell: square
    of the city. is_late: over its target. circle: place of the nearest post among `posts`, -1 where
    none reaches it. way_s: from that post. busy_s: of each unit, from order to handled.
    """

    call_s: tuple[int, ...]
    response_s: tuple[int, ...]
    hour: tuple[int, ...]
    cell: tuple[int, ...]
    priority: tuple[int, ...]
    is_late: tuple[bool, ...]
    circle: tuple[int, ...]
    way_s: tuple[int, ...]
    n_incidents: int
    n_unattended: int
    lost_min: float
    n_orders: dict[str, int]
    busy_s: dict[str, int]
    is_done: bool = True


class TwinFigures(msgspec.Struct, frozen=True, kw_only=True):
    """All days of a run (试跑结果).

    calls_hash: of the calls that rang; equal for plans that met the same days. day_hashes: of each
    day's, so that runs of unlike length can be held against each other. post_ids: the circles that
    `circle` counts by. plan: whose expected calls it was run with; empty for none, as older
    releases ran.
    """

    scenario_hash: str
    ask: TwinAsk
    calls_hash: str
    post_ids: tuple[str, ...]
    days: tuple[TrialDay, ...]
    seconds: float
    is_stopped: bool = False
    day_hashes: tuple[str, ...] = ()
    plan: str = ""


def cell_of(lat: float, lon: float) -> int:
    """The number of the square that a place is in."""
    row = math.floor((lat + SOUTH_DEG) / CELL_DEG)
    return row * WIDE + math.floor((lon + WEST_DEG) / CELL_DEG)


def middle_of(cell: int) -> tuple[float, float]:
    """Latitude and longitude of the middle of a square."""
    row, col = divmod(cell, WIDE)
    return (
        round((row + 0.5) * CELL_DEG - SOUTH_DEG, 5),
        round((col + 0.5) * CELL_DEG - WEST_DEG, 5),
    )
