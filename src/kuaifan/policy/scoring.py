"""The integer score of a unit for an incident (派警评分), as plain numpy and as njit loop.

Both give the same integers, held equal by a test. The numpy path answers while numba loads; the
loop serves the desk afterwards, the engine twin and the fast kernel alike.

Score in milliseconds = road time + whose unit it is + missing skill + stale fix + uncertain
position + reserved + coverage price. Lower is better; a unit kept for this incident may fall below
zero. A unit that cannot go has a why-not code instead of a score.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.fleet import (
    AT_POST,
    FIRST_AVAILABLE,
    LAST_AVAILABLE,
    LINES,
    OFF_DUTY,
    STATION_LINE,
)

UNREACHABLE_MS: Final = 1 << 30

ELIGIBLE: Final = 0
WHY_OFF_DUTY: Final = 1
WHY_BUSY: Final = 2
WHY_ALREADY_ASKED: Final = 3
WHY_NO_POSITION: Final = 4
WHY_UNREACHABLE: Final = 5
WHY_NOT: Final = ("", "off_duty", "busy", "already_asked", "no_position", "unreachable")

OWN_STATION: Final = len(LINES)
"""The place in the line prices of a unit of the station whose ground it is (属地派出所)."""
N_LINE_PRICES: Final = OWN_STATION + 1

RESERVED_ELSEWHERE: Final = 1
RESERVED_HERE: Final = 2

Int = NDArray[np.integer]


class Weights(NamedTuple):
    """What each circumstance costs in milliseconds of road time (评分参数).

    uncertain_ms: for each metre, 120 at 30 km/h. reserved_here_ms is a bonus, below zero.
    """

    missing_skill_ms: int
    stale_moving_after_ms: int = 120_000
    stale_parked_after_ms: int = 900_000
    stale_cap_ms: int = 300_000
    uncertain_ms: int = 120
    uncertain_cap_ms: int = 300_000
    reserved_elsewhere_ms: int = 120_000
    reserved_here_ms: int = -60_000


class Terms(NamedTuple):
    """What this incident makes of the units beside road and skill (附加条件).

    line_ms: int64 (4,), the price of each line and of the own station. The others (n_units,):
    uncertainty_m int32; reserved int8, 1 for another incident, 2 for this one; is_owner int8.
    """

    line_ms: NDArray[np.int64]
    uncertainty_m: NDArray[np.int32]
    reserved: NDArray[np.int8]
    is_owner: NDArray[np.int8]


def plain_terms(n_units: int) -> Terms:
    """Terms that cost nobody anything."""
    nobody = np.zeros(n_units, np.int8)
    return Terms(np.zeros(N_LINE_PRICES, np.int64), nobody.astype(np.int32), nobody, nobody)


class Scores(NamedTuple):
    """score_ms int64, why int8 (0 = eligible), stale_ms int64 beyond the allowed age, all (n,)."""

    score_ms: NDArray[np.int64]
    why: NDArray[np.int8]
    stale_ms: NDArray[np.int64]


Scorer = Callable[..., Scores]


def line_places(line: Int, is_owner: Int) -> NDArray[np.int64]:
    """Where each unit stands in the line prices, (n_units,): its line, or the own station."""
    places: NDArray[np.int64] = np.where(
        (line == STATION_LINE) & (is_owner != 0), OWN_STATION, line
    )
    return places


def line_place(line: int, *, is_owner: bool) -> int:
    """Where one unit stands in the line prices."""
    return OWN_STATION if line == STATION_LINE and is_owner else line


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
    terms: Terms | None = None,
) -> Scores:
    """Score every unit with whole-array operations; without terms they cost nothing. O(n)."""
    terms = terms or plain_terms(len(state))
    limit = np.where(state <= AT_POST, weights.stale_parked_after_ms, weights.stale_moving_after_ms)
    stale = np.maximum(now_ms - fix_at_ms.astype(np.int64) - limit, 0)
    score = travel_ms.astype(np.int64) + price_ms + np.minimum(stale, weights.stale_cap_ms)
    score += terms.line_ms[line_places(line, terms.is_owner)]
    lacks = (skills & wanted_skills) != wanted_skills
    score += np.where(lacks, weights.missing_skill_ms, 0) + _doubts(terms, weights)
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


def _doubts(terms: Terms, weights: Weights) -> NDArray[np.int64]:
    """Where the unit may be, and for whom it is kept."""
    uncertain = terms.uncertainty_m.astype(np.int64) * weights.uncertain_ms
    kept = np.array([0, weights.reserved_elsewhere_ms, weights.reserved_here_ms], np.int64)
    doubts: NDArray[np.int64] = np.minimum(uncertain, weights.uncertain_cap_ms)
    return doubts + kept[terms.reserved]
