"""The score in whole milliseconds: both scorers give the same, and it is the one in the book."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import cases

from kuaifan.policy.fleet import (
    AT_POST,
    OFF_DUTY,
    PATROLLING,
    RETURNING,
    SKILLS,
    STANDBY,
    STATION_LINE,
    TRAFFIC_LINE,
)
from kuaifan.policy.patrol_first import WEIGHTS
from kuaifan.policy.scoring import UNREACHABLE_MS, WHY_NOT, Weights, score_numpy
from kuaifan.policy.scoring_kernel import _why, score_loop, score_njit
from kuaifan.roads import network

amounts_ms = st.integers(0, 2**30)
weights = st.builds(
    Weights,
    amounts_ms,
    amounts_ms,
    stale_moving_after_ms=amounts_ms,
    stale_parked_after_ms=amounts_ms,
    stale_cap_ms=amounts_ms,
)


def columns_of(case, price_ms):
    fleet = case.fleet
    columns = (fleet.state, fleet.line, fleet.skills, fleet.arc, fleet.fix_at_ms)
    return (*columns, case.need.asked, case.travel_ms, price_ms)


def score_by_hand(case, price_ms, unit_i, weights):
    """Score, why-not and staleness of one unit in plain Python."""
    fleet, need = case.fleet, case.need
    state, travel_ms = int(fleet.state[unit_i]), int(case.travel_ms[unit_i])
    age_ms = case.now_ms - int(fleet.fix_at_ms[unit_i])
    is_parked = state <= AT_POST
    allowed_ms = weights.stale_parked_after_ms if is_parked else weights.stale_moving_after_ms
    stale_ms = max(age_ms - allowed_ms, 0)
    score_ms = travel_ms + int(price_ms[unit_i]) + min(stale_ms, weights.stale_cap_ms)
    off_traffic = not need.wanted_skills >> SKILLS.index("traffic") & 1
    if fleet.line[unit_i] == STATION_LINE or (fleet.line[unit_i] == TRAFFIC_LINE and off_traffic):
        score_ms += weights.second_line_ms
    if need.wanted_skills & ~int(fleet.skills[unit_i]):
        score_ms += weights.missing_skill_ms
    hindrances = (
        (state == OFF_DUTY, "off_duty"),
        (state not in {STANDBY, AT_POST, PATROLLING, RETURNING}, "busy"),
        (bool(need.asked[unit_i]), "already_asked"),
        (int(fleet.arc[unit_i]) < 0, "no_position"),
        (travel_ms >= UNREACHABLE_MS, "unreachable"),
    )
    why = next((name for holds, name in hindrances if holds), "")
    return score_ms, WHY_NOT.index(why), stale_ms


@settings(deadline=None, max_examples=50)
@given(cases(), st.just(WEIGHTS) | weights)
def test_numpy_and_njit_and_a_count_by_hand_give_the_same_integers(case, weights):
    price_ms = case.coverage.price_ms(case.fleet.available())
    wants = {
        "wanted_skills": case.need.wanted_skills,
        "now_ms": case.now_ms,
        "weights": weights,
    }
    found = [score(*columns_of(case, price_ms), **wants) for score in (score_numpy, score_njit)]
    expected = [score_by_hand(case, price_ms, i, weights) for i in range(len(case.fleet))]
    for scores in found:
        assert [*zip(*map(np.ndarray.tolist, scores), strict=True)] == expected
        assert [column.dtype for column in scores] == [np.int64, np.int8, np.int64]


@settings(deadline=None, max_examples=30)
@given(cases())
def test_the_compiled_loop_is_the_loop_that_is_written(case):
    # The source of the kernel run by Python, so that what is measured as covered is what runs.
    price_ms = case.coverage.price_ms(case.fleet.available())
    packed = np.array(WEIGHTS, np.int64)
    last = (case.need.wanted_skills, case.now_ms, packed)
    plain = score_loop.py_func(*columns_of(case, price_ms), *last)
    compiled = score_loop(*columns_of(case, price_ms), *last)
    assert [column.tolist() for column in plain] == [column.tolist() for column in compiled]
    for i in range(len(case.fleet)):
        arguments = (case.fleet.state[i], case.need.asked[i], case.fleet.arc[i], case.travel_ms[i])
        assert _why.py_func(*arguments) == _why(*arguments)


@settings(deadline=None, max_examples=50)
@given(cases())
def test_both_scorers_rank_alike(case):
    assert case.rank(scorer=score_numpy) == case.rank(scorer=score_njit)


def test_roads_and_policy_agree_on_what_is_unreachable():
    assert network.UNREACHABLE_MS == UNREACHABLE_MS


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_scores_do_not_overflow_at_the_largest_times(dtype):
    one = np.ones(1, np.int8)
    skills, never_ms = np.zeros(1, np.int32), np.zeros(1, np.int64)
    columns = (one * PATROLLING, one * STATION_LINE, skills, one, never_ms, one * 0)
    travel_ms = np.array([UNREACHABLE_MS - 1], dtype)
    price_ms = np.array([2**31], np.int64)
    wants = {"wanted_skills": 511, "now_ms": 2**42, "weights": WEIGHTS}
    expected = UNREACHABLE_MS - 1 + 2**31 + 240_000 + 180_000 + 300_000
    for score in (score_numpy, score_njit):
        scores = score(*columns, travel_ms, price_ms, **wants)
        assert scores.score_ms.tolist() == [expected]
        assert scores.why.tolist() == [0]
