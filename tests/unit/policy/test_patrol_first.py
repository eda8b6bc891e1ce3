"""Patrol first: who goes, in which order, and with which reasons and numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import NOW_MS, case_of, cases, fleet_of

from kuaifan.policy import patrol_first
from kuaifan.policy.coverage import EDGE_PRICE_MS, LOST_PRICE_MS
from kuaifan.policy.fleet import (
    AT_POST,
    EN_ROUTE,
    LINES,
    NOT_AVAILABLE,
    OFF_DUTY,
    PATROLLING,
    STANDBY,
    STATION_LINE,
    Fleet,
    FleetRow,
    skill_mask,
)
from kuaifan.policy.patrol_first import EMERGENCY_PRIORITY, MAX_CANDIDATES, MAX_PASSED_OVER, WEIGHTS
from kuaifan.policy.scoring import UNREACHABLE_MS, WHY_NOT

SECOND_LINE_MS, MISSING_SKILL_MS = patrol_first.SECOND_LINE_MS, WEIGHTS.missing_skill_ms


def patrols(*unit_ids, state=PATROLLING, skills=()):
    return fleet_of(*((unit_id, "patrol", skills, state) for unit_id in unit_ids))


def order_of(case):
    return [case.fleet.unit_ids[ranked.unit_i] for ranked in case.rank().candidates]


def reasons_of(case, unit_id):
    unit_i = case.fleet.index[unit_id]
    [found] = [ranked for ranked in case.rank().candidates if ranked.unit_i == unit_i]
    return found.reasons


def test_the_nearest_by_road_goes_first():
    case = case_of(patrols("P1", "P2", "P3"), {"P1": 300, "P2": 100, "P3": 200})
    assert order_of(case) == ["P2", "P3", "P1"]
    assert reasons_of(case, "P2") == (("nearest_by_road", 100, ""),)
    assert reasons_of(case, "P3") == ()


def test_ties_go_to_the_first_unit_id():
    case = case_of(patrols("P10", "P2", "P1"), {"P10": 100, "P2": 100, "P1": 100})
    assert order_of(case) == ["P1", "P10", "P2"]


@settings(deadline=None, max_examples=50)
@given(cases())
def test_candidates_are_the_best_scores_with_ties_by_unit_id(case):
    ranking = case.rank()
    ranks = [(ranked.score_ms, case.fleet.unit_ids[ranked.unit_i]) for ranked in ranking.candidates]
    assert ranks == sorted(ranks)
    n_eligible = len(case.fleet) - sum(ranking.counts.values())
    assert len(ranks) == min(n_eligible, MAX_CANDIDATES)
    assert case.rank() == ranking


@settings(deadline=None, max_examples=50)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_in_which_units_are_named_does_not_matter(case, random):
    fleet = case.fleet
    names = {code: name for name, code in LINES.items()}
    given_rows = [FleetRow(u, names[fleet.line[i]], ()) for i, u in enumerate(fleet.unit_ids)]
    random.shuffle(given_rows)
    again = Fleet(given_rows)
    for column in ("state", "skills", "arc", "fix_at_ms", "uncertainty_m"):
        getattr(again, column)[:] = getattr(fleet, column)
    assert case._replace(fleet=again).rank() == case.rank()


@settings(deadline=None, max_examples=50)
@given(cases())
def test_everybody_is_a_candidate_or_counted_with_a_reason_why_not(case):
    ranking = case.rank()
    available = set(np.flatnonzero(case.fleet.available()).tolist())
    assert {ranked.unit_i for ranked in ranking.candidates} <= available
    assert len(ranking.passed_over) == min(sum(ranking.counts.values()), MAX_PASSED_OVER)
    assert set(ranking.counts) <= set(WHY_NOT[1:])
    assert 0 not in ranking.counts.values()
    for unit_i, why in ranking.passed_over:
        assert ranking.counts[why] > 0
        assert (unit_i in available) == (why in {"already_asked", "no_position", "unreachable"})


@settings(deadline=None, max_examples=50)
@given(cases())
def test_the_nearest_and_only_they_are_called_nearest(case):
    ranking = case.rank()
    free = case.fleet.available() & (case.need.asked == 0) & (case.fleet.arc >= 0)
    times = case.travel_ms[free & (case.travel_ms < UNREACHABLE_MS)]
    for ranked in ranking.candidates:
        is_nearest = ("nearest_by_road", ranked.travel_ms, "") in ranked.reasons
        assert is_nearest == (ranked.travel_ms == times.min())


def test_a_station_unit_goes_first_only_when_it_is_nearer_by_more_than_the_constant():
    fleet = fleet_of(("T1", "patrol", (), STANDBY), ("T2", "station", (), STANDBY))
    for lead_ms, first in ((-1, "T1"), (0, "T1"), (1, "T2")):
        near_ms = 500_000 - SECOND_LINE_MS - lead_ms
        case = case_of(fleet, {"T1": 500_000, "T2": near_ms})
        assert order_of(case)[0] == first
        assert ("second_line", SECOND_LINE_MS, "") in reasons_of(case, "T2")
        assert "second_line" not in [code for code, *_ in reasons_of(case, "T1")]


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["station", "traffic"]))
def test_station_and_traffic_units_are_second_line_to_patrol(first_ms, other_ms, line):
    fleet = fleet_of(("A", "patrol", (), STANDBY), ("S", line, (), STANDBY))
    case = case_of(fleet, {"A": first_ms, "S": other_ms})
    assert (order_of(case)[0] == "S") == (first_ms - other_ms > SECOND_LINE_MS)


def test_for_traffic_the_traffic_police_are_no_second_line():
    fleet = fleet_of(
        ("A", "patrol", ("traffic",), STANDBY), ("T", "traffic", ("traffic",), STANDBY)
    )
    case = case_of(fleet, {"A": 100_000, "T": 99_000}, wanted_skills=skill_mask(["traffic"]))
    assert order_of(case)[0] == "T"


def test_with_only_the_station_free_the_station_goes():
    fleet = fleet_of(("P1", "patrol", (), EN_ROUTE), ("S1", "station", (), AT_POST))
    case = case_of(fleet, {"P1": 1, "S1": 10})
    assert order_of(case) == ["S1"]
    assert fleet.line[fleet.index["S1"]] == STATION_LINE
    assert reasons_of(case, "S1") == (
        ("nearest_by_road", 10, ""),
        ("second_line", SECOND_LINE_MS, ""),
    )


def test_a_missing_skill_costs_and_is_named_beside_those_there_are():
    fleet = fleet_of(
        ("P1", "patrol", ["armed"], PATROLLING),
        ("P2", "patrol", ["armed", "minors"], PATROLLING),
        ("P3", "patrol", [], PATROLLING),
    )
    wanted = skill_mask(["armed", "minors"])
    far_ms = 1_000 + MISSING_SKILL_MS
    case = case_of(fleet, {"P1": 1_000, "P2": far_ms - 1, "P3": 1_000}, wanted_skills=wanted)
    assert order_of(case) == ["P2", "P1", "P3"]
    assert reasons_of(case, "P1")[1:] == (("has_skill", 0, "armed"), ("lacks_skill", 0, "minors"))
    assert reasons_of(case, "P2") == (("has_skill", 0, "armed"), ("has_skill", 0, "minors"))
    assert reasons_of(case, "P3")[1:] == (("lacks_skill", 0, "armed"), ("lacks_skill", 0, "minors"))
    assert order_of(case_of(fleet, {"P1": 2, "P2": 3, "P3": 1})) == ["P3", "P1", "P2"]


@pytest.mark.parametrize(
    ("state", "allowed_ms"),
    [(PATROLLING, WEIGHTS.stale_moving_after_ms), (AT_POST, WEIGHTS.stale_parked_after_ms)],
)
@pytest.mark.parametrize("over_ms", [-1, 0, 1, 5_000, WEIGHTS.stale_cap_ms, 10**9])
def test_a_stale_fix_is_flagged_with_its_number_and_costs_up_to_the_cap(state, allowed_ms, over_ms):
    case = case_of(patrols("P1", state=state), {"P1": 100})
    case.fleet.fix_at_ms[0] = NOW_MS - allowed_ms - over_ms
    [ranked] = case.rank().candidates
    flags = [reason for reason in ranked.reasons if reason[0] == "stale_fix"]
    assert flags == ([("stale_fix", over_ms, "")] if over_ms > 0 else [])
    assert ranked.score_ms == 100 + min(max(over_ms, 0), WEIGHTS.stale_cap_ms)


def test_a_unit_never_heard_of_costs_no_more_than_the_cap_and_has_no_position():
    case = case_of(patrols("P1", "P2"), {"P1": 100, "P2": 400_101})
    case.fleet.fix_at_ms[0] = 0
    assert order_of(case) == ["P1", "P2"]
    case.fleet.arc[0] = -1
    assert case.rank().passed_over == ((0, "no_position"),)


@pytest.mark.parametrize("priority", [1, 2, 3, 4])
def test_nobody_is_kept_back_for_a_circle_in_an_emergency(priority):
    circles = {"circles": ("C7", "C12"), "within": (["P1"], ["P1", "P2"])}
    times = {"P1": 100, "P2": 100 + LOST_PRICE_MS - 1}
    case = case_of(patrols("P1", "P2"), times, priority=priority, **circles)
    is_emergency = priority <= EMERGENCY_PRIORITY
    assert order_of(case) == (["P1", "P2"] if is_emergency else ["P2", "P1"])
    assert reasons_of(case, "P1") == (
        ("nearest_by_road", 100, ""),
        ("leaves_circle_lost", LOST_PRICE_MS, "C7"),
        ("leaves_circle_edge", EDGE_PRICE_MS, "C12"),
    )
    assert reasons_of(case, "P2") == (("leaves_circle_edge", EDGE_PRICE_MS, "C12"),)
    scores = {case.fleet.unit_ids[r.unit_i]: r.score_ms for r in case.rank().candidates}
    price_ms = 0 if is_emergency else LOST_PRICE_MS + EDGE_PRICE_MS
    assert scores["P1"] == 100 + price_ms


def test_what_lies_beyond_the_target_is_said_with_by_how_much():
    case = case_of(patrols("P1", "P2"), {"P1": 300, "P2": 301}, target_ms=300)
    assert reasons_of(case, "P1") == (("nearest_by_road", 300, ""),)
    assert reasons_of(case, "P2") == (("beyond_target", 1, ""),)
    assert reasons_of(case_of(patrols("P1"), {"P1": 999}), "P1") == (("nearest_by_road", 999, ""),)


def test_each_why_not_is_named_and_counted():
    states = {"a": OFF_DUTY, "b": NOT_AVAILABLE, "c": EN_ROUTE, "d": STANDBY, "e": STANDBY}
    fleet = fleet_of(*((name, "patrol", (), state) for name, state in states.items()))
    times = {"a": 1, "b": 1, "c": 1, "d": 1, "e": UNREACHABLE_MS}
    case = case_of(fleet, times, asked=["d"])
    ranking = case.rank()
    assert ranking.candidates == ()
    assert ranking.passed_over == (
        (0, "off_duty"),
        (1, "busy"),
        (2, "busy"),
        (3, "already_asked"),
        (4, "unreachable"),
    )
    assert ranking.counts == {"off_duty": 1, "busy": 2, "already_asked": 1, "unreachable": 1}


def test_only_the_first_few_are_shown_but_all_are_counted():
    fleet = patrols(*(f"P{no:02}" for no in range(30)))
    fleet.state[10:] = OFF_DUTY
    ranking = case_of(fleet, dict.fromkeys(fleet.unit_ids, 5)).rank()
    assert [ranked.unit_i for ranked in ranking.candidates] == [*range(MAX_CANDIDATES)]
    assert ranking.passed_over == tuple((10 + i, "off_duty") for i in range(MAX_PASSED_OVER))
    assert ranking.counts == {"off_duty": 20}


def test_an_empty_fleet_and_a_fleet_with_nobody_free_give_nobody():
    empty = case_of(fleet_of(), {}, circles=("C1",), within=([],)).rank()
    assert empty == ((), (), {}, (), ((0, 1),))
    nobody = case_of(patrols("P1", "P2", state=OFF_DUTY), {"P1": 1, "P2": 1}).rank()
    assert nobody == ((), ((0, "off_duty"), (1, "off_duty")), {"off_duty": 2}, (), ((0, 1),))


@settings(deadline=None, max_examples=50)
@given(cases())
def test_numbers_are_plain_integers_that_can_be_written_down(case):
    ranking = case.rank()
    for ranked in ranking.candidates:
        whole = [ranked.unit_i, ranked.travel_ms, ranked.score_ms]
        whole += [number for _, number, _ in ranked.reasons]
        assert {type(number) for number in whole} == {int}
    assert {type(number) for number in ranking.counts.values()} <= {int}
    assert {type(unit_i) for unit_i, _ in ranking.passed_over} <= {int}
