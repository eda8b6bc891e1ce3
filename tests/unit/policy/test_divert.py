"""Diversions: who under way would be there sooner by enough, from what, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import case_of, cases, fleet_of

from kuaifan.policy import nearest, station_first
from kuaifan.policy.divert import MAX_DIVERSIONS, MIN_GAIN_MS, rank_diversions
from kuaifan.policy.fleet import ASSIGNED, EN_ROUTE, ON_SCENE, SKILLS, STANDBY, skill_mask
from kuaifan.policy.policies import POLICIES
from kuaifan.policy.scoring import UNREACHABLE_MS, score_numpy
from kuaifan.policy.scoring_kernel import score_njit

ARMED = skill_mask(["armed"])


def divert(case, order_priority, can_divert, **more):
    inputs = (case.fleet, case.need, case.travel_ms, case.now_ms)
    return rank_diversions(*inputs, order_priority=order_priority, can_divert=can_divert, **more)


def road(*, away_ms, free_ms=500_000, state=EN_ROUTE, order_priority=4, **need):
    """One free unit F1 and one under way, A1; who is diverted, with reasons."""
    units = [("A1", "patrol", (), state), ("F1", "patrol", (), STANDBY)]
    case = case_of(fleet_of(*units), {"A1": away_ms, "F1": free_ms}, **need)
    return divert(case, np.array([order_priority, 0], np.int8), np.array([True, False]))


@pytest.mark.parametrize("state", [ASSIGNED, EN_ROUTE])
def test_a_unit_under_way_that_gains_a_minute_is_offered_with_what_it_leaves(state):
    [found] = road(away_ms=500_000 - MIN_GAIN_MS, state=state)
    assert found.unit_i == 0
    assert found.travel_ms == found.score_ms == 440_000
    assert found.reasons == (("diverts_from_priority", 4, ""), ("gains", MIN_GAIN_MS, ""))


def test_a_gain_below_a_minute_turns_nobody_round():
    assert road(away_ms=500_000 - MIN_GAIN_MS + 1) == ()


@pytest.mark.parametrize(("order_priority", "n_found"), [(0, 0), (1, 0), (2, 0), (3, 0), (4, 1)])
def test_only_a_less_urgent_order_is_left(order_priority, n_found):
    assert len(road(away_ms=1, order_priority=order_priority, priority=3)) == n_found


def test_who_is_on_scene_or_asked_or_bound_or_nowhere_is_not_diverted():
    assert road(away_ms=1, state=ON_SCENE) == ()
    assert road(away_ms=1, asked=["A1"]) == ()
    assert road(away_ms=UNREACHABLE_MS, free_ms=UNREACHABLE_MS) == ()
    case = case_of(fleet_of(("A1", "patrol", (), EN_ROUTE)), {"A1": 1})
    fours = np.array([4], np.int8)
    assert divert(case, fours, np.array([False])) == ()
    case.fleet.arc[0] = -1
    assert divert(case, fours, np.array([True])) == ()


def test_with_nobody_free_every_arrival_is_a_gain():
    [found] = road(away_ms=900_000, free_ms=UNREACHABLE_MS)
    assert found.reasons == (("diverts_from_priority", 4, ""), ("no_free_unit", 0, ""))


def test_for_a_skill_that_is_short_only_units_with_it_count():
    fleet = fleet_of(
        ("A1", "patrol", ("armed",), EN_ROUTE),
        ("A2", "patrol", (), EN_ROUTE),
        ("F1", "patrol", (), STANDBY),
    )
    case = case_of(fleet, {"A1": 300_000, "A2": 1, "F1": 100_000})
    fours, all_may = np.array([4, 4, 0], np.int8), np.ones(3, np.bool_)
    assert [found.unit_i for found in divert(case, fours, all_may)] == [1]
    [found] = divert(case, fours, all_may, skill_mask=ARMED)
    assert found.unit_i == 0
    assert ("no_free_unit", 0, "") in found.reasons


def test_equals_are_ordered_by_the_less_urgent_order_and_then_by_id():
    fleet = fleet_of(*((f"A{no}", "patrol", (), EN_ROUTE) for no in range(5)))
    case = case_of(fleet, dict.fromkeys(fleet.unit_ids, 7), priority=1)
    found = divert(case, np.array([2, 4, 5, 4, 3], np.int8), np.ones(5, np.int8))
    assert [ranked.unit_i for ranked in found] == [2, 1, 3]
    assert len(found) == MAX_DIVERSIONS


def test_the_policy_says_whose_unit_is_second_line_here_too():
    fleet = fleet_of(("P1", "patrol", (), EN_ROUTE), ("S1", "station", (), EN_ROUTE))
    case = case_of(fleet, {"P1": 1, "S1": 2}, is_owner=["S1"])
    args = (np.array([4, 4], np.int8), np.ones(2, np.bool_))
    first = {policy: divert(case, *args, policy=policy)[0].unit_i for policy in POLICIES.values()}
    assert first.pop(station_first.POLICY) == 1
    assert set(first.values()) == {0}
    assert nearest.POLICY in first


def diverted_by_hand(case, order_priority, can_divert, skill_mask):
    """Who would be offered, unit by unit; in no order."""
    fleet, need = case.fleet, case.need

    def is_fit(i):
        has = (int(fleet.skills[i]) & skill_mask) == skill_mask
        may = not need.asked[i] and fleet.arc[i] >= 0 and case.travel_ms[i] < UNREACHABLE_MS
        return has and may

    available = fleet.available()
    free_ms = [int(case.travel_ms[i]) for i in range(len(fleet)) if available[i] and is_fit(i)]
    return {
        i
        for i in range(len(fleet))
        if int(fleet.state[i]) in {ASSIGNED, EN_ROUTE}
        and is_fit(i)
        and can_divert[i]
        and order_priority[i] > need.priority
        and (not free_ms or min(free_ms) - int(case.travel_ms[i]) >= MIN_GAIN_MS)
    }


@settings(deadline=None, max_examples=100)
@given(cases(), st.data(), st.sampled_from([0, 1, 2 ** len(SKILLS) - 1]))
def test_those_offered_are_the_best_of_those_found_by_hand(case, data, skill_mask):
    n_units = len(case.fleet)
    sizes = {"min_size": n_units, "max_size": n_units}
    order_priority = np.array(data.draw(st.lists(st.integers(0, 5), **sizes)), np.int8)
    can_divert = np.array(data.draw(st.lists(st.booleans(), **sizes)), np.bool_)
    more = {"skill_mask": skill_mask}
    found = divert(case, order_priority, can_divert, scorer=score_numpy, **more)
    expected = diverted_by_hand(case, order_priority, can_divert, skill_mask)
    assert {ranked.unit_i for ranked in found} <= expected
    assert len(found) == min(len(expected), MAX_DIVERSIONS)
    ranks = [(r.score_ms, -int(order_priority[r.unit_i]), r.unit_i) for r in found]
    assert ranks == sorted(ranks)
    assert found == divert(case, order_priority, can_divert, scorer=score_njit, **more)
    for ranked in found:
        assert ranked.travel_ms == case.travel_ms[ranked.unit_i]
        assert ranked.reasons[0] == ("diverts_from_priority", order_priority[ranked.unit_i], "")
        whole = [ranked.unit_i, ranked.score_ms, *(number for _, number, _ in ranked.reasons)]
        assert {type(number) for number in whole} == {int}
