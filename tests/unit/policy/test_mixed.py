"""Mixed: the urgent by lateness, the rest by the mean (混合派警)."""

import pytest
from unit.policy.made_fleets import case_of, fleet_of

from kuaifan.policy.fleet import STANDBY
from kuaifan.policy.mixed import LOST_MS
from kuaifan.policy.policies import get_policy
from kuaifan.policy.ranking import SET_OUT_MS, is_in_time

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


def test_a_drive_of_the_whole_target_leaves_no_time_to_set_out():
    assert is_in_time(180_000 - SET_OUT_MS, 180_000)
    assert not is_in_time(180_001 - SET_OUT_MS, 180_000)
    assert is_in_time(10_000_000, 0)
