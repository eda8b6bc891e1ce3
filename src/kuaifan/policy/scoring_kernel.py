"""The same score as one njit loop (评分内核); imported only once numba may be loaded."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.policy.fleet import (
    AT_POST,
    FIRST_AVAILABLE,
    LAST_AVAILABLE,
    OFF_DUTY,
    STATION_LINE,
)
from kuaifan.policy.scoring import (
    ELIGIBLE,
    OWN_STATION,
    RESERVED_ELSEWHERE,
    RESERVED_HERE,
    UNREACHABLE_MS,
    WHY_ALREADY_ASKED,
    WHY_BUSY,
    WHY_NO_POSITION,
    WHY_OFF_DUTY,
    WHY_UNREACHABLE,
    Int,
    Scores,
    Terms,
    Weights,
    plain_terms,
)


@njit(cache=True, nogil=True)
def _why(state, asked, arc, travel_ms):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - numba infers
    if state == OFF_DUTY:
        return WHY_OFF_DUTY
    if state < FIRST_AVAILABLE or state > LAST_AVAILABLE:
        return WHY_BUSY
    if asked != 0:
        return WHY_ALREADY_ASKED
    if arc < 0:
        return WHY_NO_POSITION
    if travel_ms >= UNREACHABLE_MS:
        return WHY_UNREACHABLE
    return ELIGIBLE


@njit(cache=True, nogil=True)
def _doubt(uncertainty_m, reserved, weights):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - numba infers
    doubt = min(uncertainty_m * weights[4], weights[5])
    if reserved == RESERVED_ELSEWHERE:
        return doubt + weights[6]
    if reserved == RESERVED_HERE:
        return doubt + weights[7]
    return doubt


@njit(cache=True, nogil=True)
def score_unit(  # type: ignore[no-untyped-def]  # noqa: ANN201, PLR0913, PLR0917 - numba infers
    state,  # noqa: ANN001
    line,  # noqa: ANN001
    skills,  # noqa: ANN001
    arc,  # noqa: ANN001
    fix_at_ms,  # noqa: ANN001
    asked,  # noqa: ANN001
    travel_ms,  # noqa: ANN001
    price_ms,  # noqa: ANN001
    line_ms,  # noqa: ANN001
    uncertainty_m,  # noqa: ANN001
    reserved,  # noqa: ANN001
    is_owner,  # noqa: ANN001
    wanted_skills,  # noqa: ANN001
    now_ms,  # noqa: ANN001
    weights,  # noqa: ANN001
):
    """Score one unit: (score, why-not, stale); the fast kernel of the twin calls it too."""
    limit = weights[2] if state <= AT_POST else weights[1]
    stale = max(now_ms - fix_at_ms - limit, 0)
    score = np.int64(travel_ms) + price_ms + min(stale, weights[3])
    is_own = line == STATION_LINE and is_owner != 0
    score += line_ms[OWN_STATION] if is_own else line_ms[line]
    if (skills & wanted_skills) != wanted_skills:
        score += weights[0]
    score += _doubt(uncertainty_m, reserved, weights)
    return score, _why(state, asked, arc, travel_ms), stale


@njit(cache=True, nogil=True)
def score_loop(  # type: ignore[no-untyped-def]  # noqa: ANN201, PLR0913, PLR0917 - numba infers
    state,  # noqa: ANN001
    line,  # noqa: ANN001
    skills,  # noqa: ANN001
    arc,  # noqa: ANN001
    fix_at_ms,  # noqa: ANN001
    asked,  # noqa: ANN001
    travel_ms,  # noqa: ANN001
    price_ms,  # noqa: ANN001
    line_ms,  # noqa: ANN001
    uncertainty_m,  # noqa: ANN001
    reserved,  # noqa: ANN001
    is_owner,  # noqa: ANN001
    wanted_skills,  # noqa: ANN001
    now_ms,  # noqa: ANN001
    weights,  # noqa: ANN001
):
    """Score every unit; weights as an int64 array in the order of `Weights`."""
    n_units = len(state)
    score_ms = np.empty(n_units, np.int64)
    why = np.empty(n_units, np.int8)
    stale_ms = np.empty(n_units, np.int64)
    for i in range(n_units):
        score_ms[i], why[i], stale_ms[i] = score_unit(
            state[i],
            line[i],
            skills[i],
            arc[i],
            fix_at_ms[i],
            asked[i],
            travel_ms[i],
            price_ms[i],
            line_ms,
            uncertainty_m[i],
            reserved[i],
            is_owner[i],
            wanted_skills,
            now_ms,
            weights,
        )
    return score_ms, why, stale_ms


def score_njit(  # noqa: PLR0913 - the columns of the fleet
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
    """Score every unit in one compiled loop; same answer as `score_numpy`. O(n)."""
    packed: NDArray[np.int64] = np.array(weights, np.int64)
    columns = (state, line, skills, arc, fix_at_ms, asked, travel_ms, price_ms)
    terms = terms or plain_terms(len(state))
    return Scores(*score_loop(*columns, *terms, wanted_skills, now_ms, packed))
