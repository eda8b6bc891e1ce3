"""What a unit's absence costs the calls to come equals a count with and without it (前瞻代价)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import cases

from kuaifan.policy.look_ahead import (
    AROUND_MS,
    LOOK_MS,
    MOST_CALLS,
    NO_HELP_MS,
    WEEK_MS,
    look_ahead,
    wait_of,
)
from kuaifan.policy.scoring import UNREACHABLE_MS


def wait_by_hand(drive_ms):
    if drive_ms > LOOK_MS:
        return NO_HELP_MS
    if drive_ms < AROUND_MS:
        return drive_ms**2 // (2 * AROUND_MS)
    return drive_ms - AROUND_MS // 2


def soonest_by_hand(way_ms, available, circle):
    waits = [wait_by_hand(int(ms)) for ms in way_ms[available, circle]]
    return min([*waits, NO_HELP_MS])


def price_by_hand(case, calls, unit_i, away_ms):
    """Take the unit away, see how much longer each circle waits, charge the calls it expects."""
    available = case.fleet.available()
    if not available[unit_i]:
        return 0
    without = available.copy()
    without[unit_i] = False
    way_ms = case.coverage.way_ms
    return sum(
        n
        * (soonest_by_hand(way_ms, without, circle) - soonest_by_hand(way_ms, available, circle))
        * away_ms
        // WEEK_MS
        for circle, n in enumerate(calls)
    )


@settings(max_examples=100)
@given(cases(), st.integers(1, 3_600_000), st.data())
def test_the_price_equals_a_count_with_and_without_each_unit(case, away_ms, data):
    n_units, n_circles = case.coverage.way_ms.shape
    drawn = st.lists(st.integers(1, 10_000), min_size=n_circles, max_size=n_circles)
    calls = np.array(data.draw(drawn), np.int64)
    ahead = look_ahead(case.coverage.way_ms, case.fleet.available(), calls, away_ms)
    expected = [price_by_hand(case, calls.tolist(), i, away_ms) for i in range(n_units)]
    assert ahead.price_ms(n_units).tolist() == expected
    assert [int(ahead.of_unit(i).sum()) for i in range(n_units)] == expected


@given(st.integers(0, UNREACHABLE_MS), st.integers(0, UNREACHABLE_MS))
def test_who_is_further_from_a_post_lets_its_calls_wait_no_less(one_ms, other_ms):
    near, far = wait_of(np.array(sorted((one_ms, other_ms)))).tolist()
    assert 0 <= near <= far <= NO_HELP_MS
    assert [near, far] == [wait_by_hand(ms) for ms in sorted((one_ms, other_ms))]


def test_the_first_metres_count_little_and_the_last_as_they_are():
    half, whole, more = wait_of(np.array([AROUND_MS // 2, AROUND_MS, AROUND_MS + 7])).tolist()
    assert (half, whole, more) == (AROUND_MS // 8, AROUND_MS // 2, AROUND_MS // 2 + 7)


def town(*ways_ms):
    return np.array(ways_ms, np.int32).reshape(-1, 1), np.ones(len(ways_ms), np.bool_)


@pytest.mark.parametrize(("n_calls", "price_ms"), [(10, 5_000), (100, 50_000), (500, 250_000)])
def test_a_circle_far_from_help_costs_by_its_calls(n_calls, price_ms):
    """Ten minutes of the 10,080 of a week; its calls wait 504 s longer for the next."""
    way_ms, available = town(0, 594_000)
    ahead = look_ahead(way_ms, available, np.array([n_calls]), 600_000)
    assert ahead.price_ms(2).tolist() == [price_ms, 0]


def test_a_circle_with_another_unit_as_near_costs_nothing():
    way_ms, available = town(0, 0, 500_000)
    assert look_ahead(way_ms, available, np.array([5_000]), 600_000).price_ms(3).sum() == 0


def test_nobody_free_or_nobody_near_costs_nothing():
    far, calls = np.full((2, 1), UNREACHABLE_MS, np.int32), np.array([9])
    assert look_ahead(far, np.ones(2, np.bool_), calls, 1).price_ms(2).tolist() == [0, 0]
    assert look_ahead(far, np.zeros(2, np.bool_), calls, 1).price_ms(2).tolist() == [0, 0]


def test_the_dearest_circle_there_can_be_is_no_overflow():
    way_ms, available = town(0)
    ahead = look_ahead(way_ms, available, np.array([7_000_000_000]), 3_600_000)
    assert ahead.cost_ms.tolist() == [MOST_CALLS * NO_HELP_MS * 3_600_000 // WEEK_MS]
