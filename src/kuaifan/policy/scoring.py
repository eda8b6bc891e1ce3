"""The integer score of a unit for an incident (派警评分), as plain numpy and as njit loop.

Both give the same integers, held equal by a test. The numpy path answers while numba loads; the
loop serves the desk afterwards, the engine twin and the fast kernel alike.

Score in milliseconds = road time + second line + missing skill + stale fix + coverage price.
Lower is better. A unit that cannot go has a why-not code instead of a score.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.fleet import (
    AT_POST,
    FIRST_AVAILABLE,
    LAST_AVAILABLE,
    OFF_DUTY,
    STATION_LINE,
    TRAFFIC_BIT,
    TRAFFIC_LINE,
)

UNREACHABLE_MS: Final = 1 << 30

ELIGIBLE: Final = 0
WHY_OFF_DUTY: Final = 1
WHY_BUSY: Final = 2
WHY_ALREADY_ASKED: Final = 3
WHY_NO_POSITION: Final = 4
WHY_UNREACHABLE: Final = 5
WHY_NOT: Final = ("", "off_duty", "busy", "already_asked", "no_position", "unreachable")

Int = NDArray[np.integer]


class Weights(NamedTuple):
    """What each circumstance costs in milliseconds of road time (评分参数)."""

    second_line_ms: int
    missing_skill_ms: int
    stale_moving_after_ms: int = 120_000
    stale_parked_after_ms: int = 900_000
    stale_cap_ms: int = 300_000


def is_off_traffic(wanted_skills: int) -> bool:
    """Whether an incident is none for the traffic police, who are then the second line too."""
    return not wanted_skills & TRAFFIC_BIT


class Scores(NamedTuple):
    """score_ms int64, why int8 (0 = eligible), stale_ms int64 beyond the allowed age, all (n,)."""

    score_ms: NDArray[np.int64]
    why: NDArray[np.int8]
    stale_ms: NDArray[np.int64]


def score_numpy(  # noqa: PLR0913 - the columns of the fleet
    state: Int,
    line: Int,
    skills: Int,
    arc: Int,
    fix_at_ms: Int,
    asked: Int,
    travel_ms: Int,
    price_ms: Int,
    *,
    wanted_skills: int,
    now_ms: int,
    weights: Weights,
) -> Scores:
    """Score every unit with whole-array operations. O(n)."""
    parked = state <= AT_POST
    limit = np.where(parked, weights.stale_parked_after_ms, weights.stale_moving_after_ms)
    stale = np.maximum(now_ms - fix_at_ms.astype(np.int64) - limit, 0)
    score = travel_ms.astype(np.int64) + price_ms + np.minimum(stale, weights.stale_cap_ms)
    is_second = (line == STATION_LINE) | ((line == TRAFFIC_LINE) & is_off_traffic(wanted_skills))
    score = score + np.where(is_second, weights.second_line_ms, 0)
    lacks = (skills & wanted_skills) != wanted_skills
    score = score + np.where(lacks, weights.missing_skill_ms, 0)
    why = np.select(
        [
            state == OFF_DUTY,
            (state < FIRST_AVAILABLE) | (state > LAST_AVAILABLE),
            asked != 0,
            arc < 0,
            travel_ms >= UNREACHABLE_MS,
        ],
        [WHY_OFF_DUTY, WHY_BUSY, WHY_ALREADY_ASKED, WHY_NO_POSITION, WHY_UNREACHABLE],
        ELIGIBLE,
    ).astype(np.int8)
    return Scores(score.astype(np.int64), why, stale.astype(np.int64))
