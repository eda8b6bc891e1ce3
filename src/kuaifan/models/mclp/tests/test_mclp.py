"""Maximal covering against brute force; sums by signature are exact; bad input in words."""

from itertools import combinations

import numpy as np
import pytest

from kuaifan.models.mclp.solve import MaxCover, solve, solve_quickly
from kuaifan.plan.covering import cover_in_radius, cover_within
from kuaifan.plan.siting import ProblemError

LIMIT = 14.0


def a_town(seed, n_sites=9, n_demands=60):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((n_sites, 2)) * 50, rng.random((n_demands, 2)) * 50
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return sites, demands, cost, rng.integers(1, 9, n_demands).astype(float)


def covered_by(cost, weight, plan):
    return float(weight[(cost[list(plan)] <= LIMIT).any(axis=0)].sum())


@pytest.mark.parametrize("seed", range(6))
def test_it_covers_what_trying_every_plan_covers(seed):
    _sites, _demands, cost, weight = a_town(seed)
    locked, forbidden = ((8,), (0, 1)) if seed % 2 else ((), ())
    covering = cover_within(cost, weight, LIMIT)
    problem = MaxCover(covering=covering, n_open=3, locked=locked, forbidden=forbidden)
    solved = solve(problem, gap=0.0)
    plans = [
        plan
        for plan in combinations(range(9), 3)
        if set(locked) <= set(plan) and not set(forbidden) & set(plan)
    ]
    assert solved.value == max(covered_by(cost, weight, plan) for plan in plans)
    assert solved.value == covered_by(cost, weight, solved.sites)
    assert solved.is_proven
    for reason in solved.reasons:
        others = [site for site in solved.sites if site != reason.site]
        assert reason.marginal == solved.value - covered_by(cost, weight, others)


def test_the_quick_plan_is_a_plan_and_says_what_it_covers():
    _sites, _demands, cost, weight = a_town(7, n_sites=30, n_demands=300)
    problem = MaxCover(covering=cover_within(cost, weight, LIMIT), n_open=4)
    quick, proven = solve_quickly(problem), solve(problem, gap=0.0)
    assert quick.value == covered_by(cost, weight, quick.sites)
    assert 0.99 * proven.value <= quick.value <= proven.value <= quick.bound
    assert solve_quickly(problem) == quick


@pytest.mark.parametrize("radius", [1.0, LIMIT, 80.0])
def test_points_of_a_plane_are_summed_as_their_table_is(radius):
    sites, demands, cost, weight = a_town(8, n_sites=70, n_demands=2_000)
    by_points = cover_in_radius(sites, demands, weight, radius)
    by_table = cover_within(cost, weight, radius)
    assert np.array_equal(by_points.site, by_table.site)
    assert np.array_equal(by_points.first_site, by_table.first_site)
    assert np.array_equal(by_points.weight, by_table.weight)
    assert by_points.uncovered == by_table.uncovered
    assert by_points.weight.sum() + by_points.uncovered == weight.sum()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_open": 10}, "only 9 sites may be opened"),
        ({"n_open": 0}, "open at least one"),
        ({"locked": (9,)}, "there is no site 9"),
        ({"limit": 1e-9}, "no site covers any demand"),
        ({"limit": float("nan")}, "the limit is nan"),
    ],
)
def test_bad_input_is_answered_in_words(change, words):
    _sites, _demands, cost, weight = a_town(1)
    more = {"n_open": 3} | change
    limit = more.pop("limit", LIMIT)
    with pytest.raises(ProblemError, match=words):
        solve(MaxCover(covering=cover_within(cost, weight, limit), **more))


def test_points_that_are_nowhere_are_named():
    sites, demands, _cost, weight = a_town(1)
    demands[5, 1] = np.nan
    with pytest.raises(ProblemError, match="demand 5 is nowhere"):
        cover_in_radius(sites, demands, weight, LIMIT)
