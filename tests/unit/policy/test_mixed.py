"""Mixed: the urgent by lateness, the rest by the mean (混合派警)."""

import pytest
from unit.policy.made_fleets import case_of, fleet_of

from kuaifan.policy.coverage import LOST_PRICE_MS
from kuaifan.policy.fleet import STANDBY
from kuaifan.policy.policies import get_policy
from kuaifan.policy.ranking import SET_OUT_MS

MIXED = get_policy("mixed")
IN_TIME_MS = 180_000 - SET_OUT_MS
"""Of a target of three minutes."""


def town():
    return fleet_of(*((name, "patrol", (), STANDBY) for name in ("P1", "P2", "P3")))


def first(times, *, within=(), **need):
    case = case_of(town(), times, circles=("C1",), within=(within,), **need)
    return case.fleet.unit_ids[case.rank(MIXED).candidates[0].unit_i]


def test_of_those_in_time_for_the_urgent_goes_whom_no_circle_misses():
    times = {"P1": 10_000, "P2": IN_TIME_MS, "P3": IN_TIME_MS + 1_000}
    asked = {"priority": 1, "target_ms": 180_000}
    assert first(times, within=["P1"], **asked) == "P2"
    # With nothing to lose all in time are alike, and the first id goes.
    assert first(times, **asked) == "P1"


def test_where_nobody_is_in_time_the_nearest_goes_unless_a_circle_is_worth_more():
    times = {"P1": 400_000, "P2": 400_000 + LOST_PRICE_MS - 1, "P3": 900_000}
    asked = {"priority": 2, "target_ms": 180_000}
    assert first(times, **asked) == "P1"
    assert first(times, within=["P1"], **asked) == "P2"


@pytest.mark.parametrize("priority", [3, 4, 5])
def test_to_the_rest_goes_the_nearest_whatever_circle_is_left(priority):
    times = {"P1": 10_000, "P2": 20_000, "P3": 30_000}
    assert first(times, within=["P1"], priority=priority, target_ms=180_000) == "P1"


def test_without_a_target_each_second_counts():
    times = {"P1": 30_000, "P2": 10_000, "P3": 20_000}
    assert first(times, priority=1, target_ms=0) == "P2"


def test_the_reason_says_by_how_much_it_is_in_time():
    case = case_of(
        town(), {"P1": 20_000, "P2": 200_000, "P3": 300_000}, priority=1, target_ms=180_000
    )
    reasons = {
        case.fleet.unit_ids[each.unit_i]: each.reasons for each in case.rank(MIXED).candidates
    }
    assert ("there_in_time", IN_TIME_MS - 20_000, "") in reasons["P1"]
    assert "there_in_time" not in {code for code, *_ in reasons["P2"]}
