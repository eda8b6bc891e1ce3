"""The score in whole milliseconds: both scorers give the same, and it is the one in the book."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import NOW_MS, cases

from kuaifan.policy.fleet import (
    AT_POST,
    OFF_DUTY,
    PATROL_LINE,
    PATROLLING,
    RETURNING,
    STANDBY,
    STATION_LINE,
    TRAFFIC_LINE,
)
from kuaifan.policy.patrol_first import WEIGHTS
from kuaifan.policy.scoring import (
    UNREACHABLE_MS,
    WHY_NOT,
    Terms,
    Weights,
    plain_terms,
    score_numpy,
)
from kuaifan.policy.scoring_kernel import _doubt, _why, score_loop, score_njit
from kuaifan.roads import network

amounts_ms = st.integers(0, 2**30)
weights = st.builds(
    Weights,
    amounts_ms,
    stale_moving_after_ms=amounts_ms,
    stale_parked_after_ms=amounts_ms,
    stale_cap_ms=amounts_ms,
    uncertain_ms=st.integers(0, 1_000),
    uncertain_cap_ms=amounts_ms,
    reserved_elsewhere_ms=amounts_ms,
    reserved_here_ms=amounts_ms.map(lambda ms: -ms),
)
line_prices = st.lists(amounts_ms, min_size=4, max_size=4)


def terms_of(case, line_ms):
    """The columns of the need, nobody's where it has none."""
    need, n_units = case.need, len(case.fleet)
    nobody = np.zeros(n_units, np.int8)
    reserved = nobody if need.reserved is None else need.reserved
    is_owner = nobody if need.is_owner is None else need.is_owner
    return Terms(np.array(line_ms, np.int64), case.fleet.uncertainty_m, reserved, is_owner)


def columns_of(case, price_ms):
    fleet = case.fleet
    columns = (fleet.state, fleet.line, fleet.skills, fleet.arc, fleet.fix_at_ms)
    return (*columns, case.need.asked, case.travel_ms, price_ms)


def score_by_hand(case, price_ms, unit_i, weights, terms):
    """Score, why-not and staleness of one unit in plain Python."""
    fleet, need = case.fleet, case.need
    state, travel_ms = int(fleet.state[unit_i]), int(case.travel_ms[unit_i])
    age_ms = case.now_ms - int(fleet.fix_at_ms[unit_i])
    is_parked = state <= AT_POST
    allowed_ms = weights.stale_parked_after_ms if is_parked else weights.stale_moving_after_ms
    stale_ms = max(age_ms - allowed_ms, 0)
    score_ms = travel_ms + int(price_ms[unit_i]) + min(stale_ms, weights.stale_cap_ms)
    patrol_ms, station_ms, traffic_ms, own_ms = terms.line_ms.tolist()
    if terms.is_owner[unit_i]:
        station_ms = own_ms
    lines_ms = {PATROL_LINE: patrol_ms, STATION_LINE: station_ms, TRAFFIC_LINE: traffic_ms}
    score_ms += lines_ms[int(fleet.line[unit_i])]
    if need.wanted_skills & ~int(fleet.skills[unit_i]):
        score_ms += weights.missing_skill_ms
    uncertain_ms = int(terms.uncertainty_m[unit_i]) * weights.uncertain_ms
    score_ms += min(uncertain_ms, weights.uncertain_cap_ms)
    kept_ms = {0: 0, 1: weights.reserved_elsewhere_ms, 2: weights.reserved_here_ms}
    score_ms += kept_ms[int(terms.reserved[unit_i])]
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
@given(cases(), st.just(WEIGHTS) | weights, line_prices)
def test_numpy_and_njit_and_a_count_by_hand_give_the_same_integers(case, weights, line_ms):
    price_ms = case.coverage.price_ms(case.fleet.available())
    terms = terms_of(case, line_ms)
    wants = {
        "terms": terms,
        "wanted_skills": case.need.wanted_skills,
        "now_ms": case.now_ms,
        "weights": weights,
    }
    found = [score(*columns_of(case, price_ms), **wants) for score in (score_numpy, score_njit)]
    expected = [score_by_hand(case, price_ms, i, weights, terms) for i in range(len(case.fleet))]
    for scores in found:
        assert [*zip(*map(np.ndarray.tolist, scores), strict=True)] == expected
        assert [column.dtype for column in scores] == [np.int64, np.int8, np.int64]


@settings(deadline=None, max_examples=30)
@given(cases(), line_prices)
def test_the_compiled_loop_is_the_loop_that_is_written(case, line_ms):
    # The source of the kernel run by Python, so that what is measured as covered is what runs.
    price_ms = case.coverage.price_ms(case.fleet.available())
    packed = np.array(WEIGHTS, np.int64)
    terms = terms_of(case, line_ms)
    last = (*terms, case.need.wanted_skills, case.now_ms, packed)
    plain = score_loop.py_func(*columns_of(case, price_ms), *last)
    compiled = score_loop(*columns_of(case, price_ms), *last)
    assert [column.tolist() for column in plain] == [column.tolist() for column in compiled]
    for i in range(len(case.fleet)):
        arguments = (case.fleet.state[i], case.need.asked[i], case.fleet.arc[i], case.travel_ms[i])
        assert _why.py_func(*arguments) == _why(*arguments)
        doubts = (terms.uncertainty_m[i], terms.reserved[i], packed)
        assert _doubt.py_func(*doubts) == _doubt(*doubts)


@settings(deadline=None, max_examples=30)
@given(cases())
def test_without_terms_they_cost_nobody_anything(case):
    price_ms = case.coverage.price_ms(case.fleet.available())
    wants = {"wanted_skills": case.need.wanted_skills, "now_ms": NOW_MS, "weights": WEIGHTS}
    for score in (score_numpy, score_njit):
        plain = score(*columns_of(case, price_ms), **wants)
        free = score(*columns_of(case, price_ms), **wants, terms=plain_terms(len(case.fleet)))
        assert [column.tolist() for column in plain] == [column.tolist() for column in free]


@settings(deadline=None, max_examples=50)
@given(cases())
def test_both_scorers_rank_alike(case):
    assert case.rank(scorer=score_numpy) == case.rank(scorer=score_njit)


def test_roads_and_policy_agree_on_what_is_unreachable():
    assert network.UNREACHABLE_MS == UNREACHABLE_MS


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_scores_do_not_overflow_at_the_largest_numbers(dtype):
    one = np.ones(1, np.int8)
    skills, never_ms = np.zeros(1, np.int32), np.zeros(1, np.int64)
    columns = (one * PATROLLING, one * STATION_LINE, skills, one, never_ms, one * 0)
    travel_ms = np.array([UNREACHABLE_MS - 1], dtype)
    price_ms = np.array([2**31], np.int64)
    far_m = np.array([2**31 - 1], np.int32)
    terms = Terms(np.array([0, 240_000, 0, 0], np.int64), far_m, one, one * 0)
    wants = {"wanted_skills": 511, "now_ms": 2**42, "weights": WEIGHTS, "terms": terms}
    expected = UNREACHABLE_MS - 1 + 2**31 + 240_000 + 180_000 + 300_000 + 300_000 + 120_000
    for score in (score_numpy, score_njit):
        scores = score(*columns, travel_ms, price_ms, **wants)
        assert scores.score_ms.tolist() == [expected]
        assert scores.why.tolist() == [0]
