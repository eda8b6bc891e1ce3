"""The three policies side by side: the same units and times, and who goes first under each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from unit.policy.made_fleets import case_of, cases, fleet_of

from kuaifan.policy import nearest, patrol_first, station_first
from kuaifan.policy.coverage import EDGE_PRICE_MS, LOST_PRICE_MS
from kuaifan.policy.fleet import STANDBY, skill_mask
from kuaifan.policy.policies import POLICIES, get_policy
from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.policy.scoring import score_numpy
from kuaifan.policy.scoring_kernel import score_njit
from kuaifan.policy.station_first import OTHER_STATION_MS, SECOND_LINE_MS

BY_ID = [*POLICIES.values()]
PRICED = {
    "second_line",
    "other_station",
    "own_station",
    "reserved_elsewhere",
    "reserved_here",
    "not_in_time",
}
OF_CIRCLES = {"leaves_circle_lost", "leaves_circle_edge", "next_calls_wait"}


def town():
    """A patrol, the station whose ground it is, another station, and the traffic police."""
    return fleet_of(
        ("P1", "patrol", (), STANDBY),
        ("S1", "station", (), STANDBY),
        ("S2", "station", (), STANDBY),
        ("T1", "traffic", ("traffic",), STANDBY),
    )


def order_under(case, policy):
    return [case.fleet.unit_ids[ranked.unit_i] for ranked in case.rank(policy).candidates]


def reasons_under(case, policy, unit_id):
    unit_i = case.fleet.index[unit_id]
    [found] = [r for r in case.rank(policy).candidates if r.unit_i == unit_i]
    return found.reasons


def test_the_policies_are_found_by_their_ids_and_an_unknown_one_is_named():
    assert [*POLICIES] == ["patrol_first", "station_first", "nearest", "reserve_urgent", "mixed"]
    assert get_policy("nearest") is nearest.POLICY
    assert patrol_first.rank_units == get_policy("patrol_first").rank_units
    assert station_first.rank_units == get_policy("station_first").rank_units
    with pytest.raises(ValueError, match="policy 'fastest' is unknown; choose one of patrol_first"):
        get_policy("fastest")


@pytest.mark.parametrize(
    ("policy_id", "expected"),
    [
        ("patrol_first", ["P1", "T1", "S2", "S1"]),
        ("station_first", ["S1", "S2", "T1", "P1"]),
        ("nearest", ["T1", "S2", "S1", "P1"]),
    ],
)
def test_each_policy_sends_its_own_line_first(policy_id, expected):
    times = {"T1": 1_000, "S2": 2_000, "S1": 3_000, "P1": 4_000}
    case = case_of(town(), times, is_owner=["S1"])
    assert order_under(case, get_policy(policy_id)) == expected


def test_another_station_is_two_minutes_and_a_patrol_four_behind_the_own_station():
    for lead_ms, first in ((0, "S1"), (1, "S2")):
        times = {"T1": 900_000, "P1": 900_000, "S1": 500_000}
        case = case_of(
            town(), {**times, "S2": 500_000 - OTHER_STATION_MS - lead_ms}, is_owner=["S1"]
        )
        assert order_under(case, station_first.POLICY)[0] == first
    # Between equals the first id goes, which is the patrol's.
    for lead_ms, first in ((-1, "S1"), (0, "P1")):
        times = {"T1": 900_000, "S2": 900_000, "S1": 500_000}
        case = case_of(town(), {**times, "P1": 500_000 - SECOND_LINE_MS - lead_ms}, is_owner=["S1"])
        assert order_under(case, station_first.POLICY)[0] == first


def test_station_first_says_whose_station_it_is_and_who_is_second():
    case = case_of(town(), {"P1": 1, "S1": 2, "S2": 3, "T1": 4}, is_owner=["S1"])
    reasons = {unit_id: reasons_under(case, station_first.POLICY, unit_id) for unit_id in
               case.fleet.unit_ids}  # fmt: skip
    assert reasons == {
        "P1": (("nearest_by_road", 1, ""), ("second_line", SECOND_LINE_MS, "")),
        "S1": (("own_station", 0, ""),),
        "S2": (("other_station", OTHER_STATION_MS, ""),),
        "T1": (("second_line", SECOND_LINE_MS, ""),),
    }


def test_where_nobody_says_whose_ground_it_is_all_stations_are_first():
    case = case_of(town(), {"P1": 1, "S1": 3, "S2": 2, "T1": 4})
    assert order_under(case, station_first.POLICY) == ["S2", "S1", "P1", "T1"]
    assert reasons_under(case, station_first.POLICY, "S2") == ()


def test_a_patrol_at_home_in_a_station_is_no_station():
    case = case_of(town(), {"P1": 1, "S1": 2, "S2": 3, "T1": 4}, is_owner=["P1", "T1"])
    assert order_under(case, station_first.POLICY) == ["S1", "S2", "P1", "T1"]


@pytest.mark.parametrize("policy", [patrol_first.POLICY, station_first.POLICY])
def test_for_traffic_the_traffic_police_are_first_line(policy):
    times = {"P1": 500_000, "S1": 500_000, "S2": 500_000, "T1": 499_999}
    wanted = skill_mask(["traffic"])
    case = case_of(town(), times, is_owner=["S1"], wanted_skills=wanted)
    assert order_under(case, policy)[0] == "T1"
    assert "second_line" not in {code for code, *_ in reasons_under(case, policy, "T1")}


def test_nearest_pays_for_skills_and_never_for_lines_or_circles():
    circles = {"circles": ("C1",), "within": (["S1"],)}
    times = {"P1": 4, "S1": 1, "S2": 3, "T1": 2}
    case = case_of(town(), times, priority=5, is_owner=["S2"], **circles)
    ranking = case.rank(nearest.POLICY)
    assert [ranked.score_ms for ranked in ranking.candidates] == [1, 2, 3, 4]
    shown = ("leaves_circle_lost", LOST_PRICE_MS, "C1")
    assert ranking.candidates[0].reasons == (("nearest_by_road", 1, ""), shown)
    wanted = case._replace(need=case.need._replace(wanted_skills=skill_mask(["traffic"])))
    assert order_under(wanted, nearest.POLICY) == ["T1", "S1", "S2", "P1"]


@pytest.mark.parametrize("policy", BY_ID)
@settings(deadline=None, max_examples=30)
@given(case=cases())
def test_the_score_is_what_the_reasons_say(policy, case):
    for ranked in case.rank(policy).candidates:
        found = dict[str, int]()
        for code, number, _ in ranked.reasons:
            found[code] = found.get(code, 0) + number
        expected = ranked.travel_ms + sum(found.get(code, 0) for code in PRICED)
        expected += min(found.get("stale_fix", 0), policy.weights.stale_cap_ms)
        expected += min(120 * found.get("position_uncertain", 0), 300_000)
        expected += policy.weights.missing_skill_ms * ("lacks_skill" in found)
        is_calm = case.need.priority > EMERGENCY_PRIORITY
        if policy.pays_circles and is_calm:
            expected += sum(found.get(code, 0) for code in OF_CIRCLES)
        assert ranked.score_ms == expected


@pytest.mark.parametrize("policy", BY_ID)
@settings(deadline=None, max_examples=30)
@given(case=cases())
def test_under_every_policy_both_scorers_rank_alike_and_best_first(policy, case):
    ranking = case.rank(policy, scorer=score_numpy)
    assert ranking == case.rank(policy, scorer=score_njit)
    ranks = [(ranked.score_ms, ranked.unit_i) for ranked in ranking.candidates]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("uncertainty_m", "cost_ms"), [(0, 0), (1, 120), (2_500, 300_000), (2_501, 300_000)]
)
def test_an_uncertain_position_costs_its_metres_at_30_km_an_hour_up_to_five_minutes(
    uncertainty_m, cost_ms
):
    case = case_of(fleet_of(("P1", "patrol", (), STANDBY)), {"P1": 100})
    case.fleet.uncertainty_m[0] = uncertainty_m
    [ranked] = case.rank().candidates
    assert ranked.score_ms == 100 + cost_ms
    flags = [reason for reason in ranked.reasons if reason[0] == "position_uncertain"]
    assert flags == ([("position_uncertain", uncertainty_m, "")] if uncertainty_m else [])


def test_a_unit_kept_here_comes_before_equals_and_one_kept_elsewhere_after():
    units = ((unit_id, "patrol", (), STANDBY) for unit_id in ("P1", "P2", "P3"))
    case = case_of(fleet_of(*units), dict.fromkeys(("P1", "P2", "P3"), 30_000),
                   reserved={"P1": 1, "P3": 2}, other_desk=["P2"])  # fmt: skip
    near = ("nearest_by_road", 30_000, "")
    assert case.rank().candidates == (
        (2, 30_000, -30_000, (near, ("reserved_here", -60_000, ""))),
        (1, 30_000, 30_000, (near, ("other_desk", 0, ""))),
        (0, 30_000, 150_000, (near, ("reserved_elsewhere", 120_000, ""))),
    )


def test_an_emergency_shows_the_circles_under_every_policy_and_pays_them_under_none():
    fleet = fleet_of(("P1", "patrol", (), STANDBY), ("P2", "patrol", (), STANDBY))
    circles = {"circles": ("C1",), "within": (["P1", "P2"],)}
    case = case_of(fleet, {"P1": 1, "P2": 2}, priority=1, **circles)
    for policy in (patrol_first.POLICY, nearest.POLICY):
        [first, _] = case.rank(policy).candidates
        assert first.score_ms == 1
        assert first.reasons[-1] == ("leaves_circle_edge", EDGE_PRICE_MS, "C1")
    assert np.array_equal(case.coverage.price_ms(fleet.available()), [EDGE_PRICE_MS] * 2)
