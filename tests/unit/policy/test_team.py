"""Who goes together: the joint choice equals the best of all teams, tried one by one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import case_of, cases, fleet_of, requirement_lists

from kuaifan.policy.fleet import OFF_DUTY, STANDBY, skill_mask
from kuaifan.policy.need import Requirement
from kuaifan.policy.patrol_first import MAX_CANDIDATES, WEIGHTS
from kuaifan.policy.scoring import score_numpy
from kuaifan.policy.scoring_kernel import score_njit
from kuaifan.policy.team import TeamWish, choose_team

ARMED, FEMALE = skill_mask(["armed"]), skill_mask(["female_officer"])
MISSING_SKILL_MS = WEIGHTS.missing_skill_ms


def n_missing(team, skills, requirements, *, is_wish):
    """How many units with skills a team lacks, counted by hand."""
    return sum(
        max(0, required.n - sum(int(skills[i]) & required.skill_mask == required.skill_mask
                                for i in team))
        for required in requirements
        if required.is_wish == is_wish
    )  # fmt: skip


def best_by_hand(eligible, score_ms, skills, wish):
    """The best of all teams of the size asked, or of all there are."""

    def key(team):
        n_wishes = n_missing(team, skills, wish.requirements, is_wish=True)
        return (
            n_missing(team, skills, wish.requirements, is_wish=False),
            sum(int(score_ms[i]) for i in team) + wish.wish_ms * n_wishes,
            n_wishes,
            team,
        )

    size = min(wish.n_wanted, len(eligible))
    return min(combinations(sorted(eligible), size), key=key)


teams = st.lists(
    st.tuples(st.integers(-2, 6) | st.integers(-60_000, 400_000), st.integers(0, 7)), max_size=9
)


@settings(deadline=None, max_examples=400)
@given(teams, requirement_lists, st.integers(0, 6), st.sampled_from([0, 2, 180_000]))
def test_the_team_is_the_best_of_all_teams_of_a_small_fleet(units, requirements, n_wanted, wish_ms):
    score_ms = np.array([score for score, _ in units], np.int64)
    skills = np.array([mask for _, mask in units], np.int32)
    ranked = np.argsort(score_ms, kind="stable")
    wish = TeamWish(n_wanted, requirements, wish_ms)
    team = choose_team(ranked, score_ms, skills, wish)
    assert tuple(sorted(team)) == best_by_hand(ranked.tolist(), score_ms, skills, wish)
    assert [(score_ms[i], i) for i in team] == sorted((score_ms[i], i) for i in team)


@settings(deadline=None, max_examples=100)
@given(cases(requirements=requirement_lists))
def test_the_team_of_a_ranking_stands_first_and_what_it_lacks_is_said(case):
    ranking, need, skills = case.rank(), case.need, case.fleet.skills
    shown = [ranked.unit_i for ranked in ranking.candidates]
    n_eligible = len(case.fleet) - sum(ranking.counts.values())
    assert tuple(shown[: len(ranking.team)]) == ranking.team
    assert len(ranking.team) == min(need.n_wanted, n_eligible)
    assert len(shown) == len(set(shown)) == min(n_eligible, MAX_CANDIDATES)
    rest = [(ranked.score_ms, ranked.unit_i) for ranked in ranking.candidates[len(ranking.team) :]]
    assert rest == sorted(rest)
    n_short = sum(n for mask, n in ranking.short if mask)
    assert n_short == n_missing(ranking.team, skills, need.requirements, is_wish=False)
    n_units = sum(n for mask, n in ranking.short if not mask)
    assert n_units == need.n_wanted - len(ranking.team)
    assert all(n > 0 for _, n in ranking.short)
    assert case.rank(scorer=score_numpy) == case.rank(scorer=score_njit)


@settings(deadline=None, max_examples=50)
@given(cases())
def test_without_requirements_the_team_is_the_head_of_the_list(case):
    ranking = case.rank()
    ranks = [(ranked.score_ms, ranked.unit_i) for ranked in ranking.candidates]
    assert ranks == sorted(ranks)
    assert ranking.team == tuple(unit_i for _, unit_i in ranks[: case.need.n_wanted])
    assert "fills_skill" not in {c for r in ranking.candidates for c, *_ in r.reasons}


def plan_case(*units, requirements, n_wanted):
    """Units are (id, skills, travel_ms)."""
    fleet = fleet_of(*((unit_id, "patrol", skills, STANDBY) for unit_id, skills, _ in units))
    times = {unit_id: travel_ms for unit_id, _, travel_ms in units}
    return case_of(fleet, times, requirements=requirements, n_wanted=n_wanted)


def team_of(case):
    return [case.fleet.unit_ids[unit_i] for unit_i in case.rank().team]


def fills_of(case):
    return {
        case.fleet.unit_ids[ranked.unit_i]: [name for c, _, name in ranked.reasons
                                             if c == "fills_skill"]
        for ranked in case.rank().candidates
    }  # fmt: skip


def test_one_unit_with_both_skills_leaves_room_for_the_nearest():
    case = plan_case(
        ("P1", (), 1_000),
        ("P2", ("armed",), 2_000),
        ("P3", ("female_officer",), 3_000),
        ("P4", ("armed", "female_officer"), 3_500),
        requirements=(Requirement(ARMED, 1), Requirement(FEMALE, 1)),
        n_wanted=2,
    )
    assert team_of(case) == ["P1", "P4"]
    assert fills_of(case) == {"P1": [], "P4": ["female_officer", "armed"], "P2": [], "P3": []}
    assert case.rank().short == ()


def test_a_required_skill_is_fetched_from_however_far():
    units = (("P1", (), 1_000), ("P2", (), 2_000), ("P9", ("armed",), 9_000_000))
    case = plan_case(*units, requirements=(Requirement(ARMED, 1),), n_wanted=1)
    assert team_of(case) == ["P9"]
    assert [case.fleet.unit_ids[r.unit_i] for r in case.rank().candidates] == ["P9", "P1", "P2"]


@pytest.mark.parametrize(("over_ms", "second"), [(-1, "P3"), (0, "P3"), (1, "P2")])
def test_a_wish_is_met_only_if_the_swap_costs_no_more_than_a_missing_skill(over_ms, second):
    case = plan_case(
        ("P1", (), 1_000),
        ("P2", (), 2_000),
        ("P3", ("female_officer",), 2_000 + MISSING_SKILL_MS + over_ms),
        requirements=(Requirement(FEMALE, 1, is_wish=True),),
        n_wanted=2,
    )
    assert team_of(case) == ["P1", second]
    assert fills_of(case)["P3"] == (["female_officer"] if second == "P3" else [])
    assert case.rank().short == ()


def test_what_nobody_can_meet_is_short_and_the_nearest_go_all_the_same():
    case = plan_case(
        ("P1", (), 1_000),
        ("P2", ("armed",), 2_000),
        requirements=(Requirement(ARMED, 2), Requirement(FEMALE, 1)),
        n_wanted=3,
    )
    assert team_of(case) == ["P1", "P2"]
    assert case.rank().short == ((ARMED, 1), (FEMALE, 1), (0, 1))


def test_who_cannot_go_fills_nothing():
    fleet = fleet_of(("P1", "patrol", (), STANDBY), ("P2", "patrol", ("armed",), OFF_DUTY))
    case = case_of(fleet, {"P1": 1, "P2": 1}, requirements=(Requirement(ARMED, 1),))
    assert team_of(case) == ["P1"]
    assert case.rank().short == ((ARMED, 1),)


def test_a_team_larger_than_the_list_is_shown_whole():
    fleet = fleet_of(*((f"P{no:02}", "patrol", (), STANDBY) for no in range(20)))
    case = case_of(fleet, dict.fromkeys(fleet.unit_ids, 5), n_wanted=12)
    ranking = case.rank()
    assert ranking.team == tuple(range(12))
    assert [ranked.unit_i for ranked in ranking.candidates] == [*range(12)]


def test_requirements_that_ask_nobody_or_are_too_many_are_refused_in_words():
    unit = ("P1", (), 1)
    for odd in (Requirement(ARMED, 0), Requirement(0, 1)):
        with pytest.raises(ValueError, match="asks for nobody"):
            plan_case(unit, requirements=(odd,), n_wanted=1).rank()
    for many in ((Requirement(ARMED, 3),) * 6, (Requirement(ARMED, 1_000_000),)):
        with pytest.raises(ValueError, match="units are too many to choose a team by"):
            plan_case(unit, requirements=many, n_wanted=1).rank()


def test_more_units_with_a_skill_than_asked_fill_it_with_the_best_ones():
    units = (("P1", ("armed",), 1), ("P2", ("armed",), 2), ("P3", ("armed",), 3))
    case = plan_case(*units, requirements=(Requirement(ARMED, 2),), n_wanted=3)
    assert fills_of(case) == {"P1": ["armed"], "P2": ["armed"], "P3": []}


def test_the_largest_scores_do_not_run_into_what_is_unmet():
    fleet = fleet_of(*((f"P{no:02}", "patrol", (), STANDBY) for no in range(40)))
    fleet.skills[39] = ARMED
    fleet.uncertainty_m[:] = 2**31 - 1
    case = case_of(
        fleet,
        dict.fromkeys(fleet.unit_ids, 2**30 - 1),
        wanted_skills=skill_mask(["traffic"]),
        n_wanted=30,
        requirements=(Requirement(ARMED, 15), Requirement(FEMALE, 15, is_wish=True)),
    )
    assert case.rank().team == (*range(29), 39)
    assert case.rank().short == ((ARMED, 14),)
