"""Mixed: the urgent by lateness, the rest by the mean (混合派警)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.policy.made_fleets import case_of, fleet_of

from kuaifan.board.policies import chosen_policy, policy_text
from kuaifan.policy.explain import lost_to_come_ms
from kuaifan.policy.fleet import STANDBY
from kuaifan.policy.look_ahead import LOOK_MS
from kuaifan.policy.mixed import AWAY_MS, LATE_MS, LOST_MS
from kuaifan.policy.need import SET_OUT_MS, are_in_time, is_in_time
from kuaifan.policy.policies import get_policy
from kuaifan.vocabulary.desk import Ways

MIXED = get_policy("mixed")


def town():
    return fleet_of(*((name, "patrol", (), STANDBY) for name in ("P1", "P2", "P3")))


def first(times, *, within=(), **need):
    case = case_of(town(), times, circles=("C1",), within=(within,), **need)
    return case.fleet.unit_ids[case.rank(MIXED).candidates[0].unit_i]


@pytest.mark.parametrize("priority", [1, 2])
def test_to_the_urgent_goes_the_nearest_in_time_or_not_whatever_circle_is_left(priority):
    """Of those in time by the mean of setting out a fifth is late: a margin none can promise."""
    asked = {"priority": priority, "target_ms": 180_000}
    assert first({"P1": 20_000, "P2": 10_000, "P3": 30_000}, within=["P2"], **asked) == "P2"
    assert first({"P1": 400_000, "P2": 400_001, "P3": 900_000}, within=["P1"], **asked) == "P1"


@pytest.mark.parametrize("priority", [3, 4, 5])
def test_the_rest_spares_a_circle_its_last_unit_where_another_is_there_little_later(priority):
    asked = {"within": ["P1"], "priority": priority, "target_ms": 600_000}
    assert first({"P1": 10_000, "P2": 10_000 + LOST_MS - 1, "P3": 300_000}, **asked) == "P2"
    assert first({"P1": 10_000, "P2": 10_000 + LOST_MS + 1, "P3": 300_000}, **asked) == "P1"


def test_the_last_reserve_of_a_circle_costs_the_rest_nothing():
    times = {"P1": 10_000, "P2": 10_001, "P3": 30_000}
    assert first(times, within=["P1", "P3"], priority=3, target_ms=600_000) == "P1"


def test_the_reasons_name_the_price_that_is_paid():
    case = case_of(town(), dict.fromkeys(("P1", "P2", "P3"), 9), circles=("C1",), within=(["P1"],))
    reasons = {each.unit_i: each.reasons for each in case.rank(MIXED).candidates}
    assert ("leaves_circle_lost", LOST_MS, "C1") in reasons[0]
    assert lost_to_come_ms(reasons[0]) is None


def ahead_case(n_calls, next_ms, *, priority=3, target_ms=600_000):
    """P1 is at the post of C1 and nearest to the call, P2 so far from it, P3 nowhere near."""
    times = {"P1": 10_000, "P2": 30_000, "P3": 800_000}
    case = case_of(
        town(), times, circles=("C1",), within=(["P1"],), priority=priority, target_ms=target_ms
    )
    case.coverage.way_ms[:, 0] = [0, next_ms, LOOK_MS]
    case.coverage.calls_a_week = np.array([n_calls])
    return case


def first_of(case):
    return case.fleet.unit_ids[case.rank(MIXED).candidates[0].unit_i]


def test_where_the_calls_are_known_a_circle_costs_what_they_would_lose():
    """Twenty seconds more for the call: worth it for a busy circle far from help, for no other."""
    assert first_of(ahead_case(500, 400_000)) == "P2"
    assert first_of(ahead_case(5, 400_000)) == "P1"
    assert first_of(ahead_case(500, 60_000)) == "P1"
    assert first_of(ahead_case(500, 400_000, priority=2)) == "P1"


def test_the_reasons_name_what_the_calls_to_come_lose():
    [p1, *_] = sorted(ahead_case(500, 400_000).rank(MIXED).candidates, key=lambda each: each.unit_i)
    lost_ms = 500 * (400_000 - 90_000) * AWAY_MS // 604_800_000
    assert {("leaves_circle_lost", lost_ms, "C1"), ("next_calls_wait", 0, "")} <= set(p1.reasons)
    assert lost_to_come_ms(p1.reasons) == lost_ms
    case = ahead_case(500, 400_000)
    case.coverage.within[:] = False
    [p1, *_] = sorted(case.rank(MIXED).candidates, key=lambda each: each.unit_i)
    assert ("next_calls_wait", lost_ms, "") in p1.reasons
    assert lost_to_come_ms(p1.reasons) == lost_ms


def test_who_would_be_late_at_what_is_not_urgent_costs_two_minutes_more():
    reasons = {each.unit_i: each.reasons for each in ahead_case(5, 0).rank(MIXED).candidates}
    assert ("not_in_time", LATE_MS, "") in reasons[2]
    assert all("not_in_time" not in {code for code, *_ in reasons[i]} for i in (0, 1))
    urgent = ahead_case(5, 0, priority=2).rank(MIXED).candidates
    assert all("not_in_time" not in {code for code, *_ in each.reasons} for each in urgent)


def test_a_price_of_ones_own_is_a_constant_again():
    own = chosen_policy("mixed", Ways(lost_s=45))
    case = ahead_case(5_000, 700_000)
    assert case.fleet.unit_ids[case.rank(own).candidates[0].unit_i] == "P2"
    [p1, *_] = sorted(case.rank(own).candidates, key=lambda each: each.unit_i)
    assert ("leaves_circle_lost", 45_000, "C1") in p1.reasons
    assert policy_text("mixed", Ways(lost_s=45)) == "mixed:lost=45"
    assert policy_text("mixed", Ways()) == "mixed"


def test_a_drive_of_the_whole_target_leaves_no_time_to_set_out():
    assert is_in_time(180_000 - SET_OUT_MS, 180_000)
    assert not is_in_time(180_001 - SET_OUT_MS, 180_000)
    assert is_in_time(10_000_000, 0)


@given(st.lists(st.integers(0, 400_000)), st.sampled_from([0, 180_000]))
def test_several_drives_are_in_time_as_each_is(drives, target_ms):
    expected = [is_in_time(drive_ms, target_ms) for drive_ms in drives]
    assert are_in_time(np.array(drives, np.int32), target_ms).tolist() == expected
