"""The p-median against brute force, bad input in words, and what locks and forbids mean."""

from itertools import combinations

import numpy as np
import pytest

from kuaifan.models.p_median import solve
from kuaifan.plan.siting import ProblemError, Siting


def a_problem(seed=1, n_sites=9, n_demands=14, **more):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((n_sites, 2)) * 50, rng.random((n_demands, 2)) * 50
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    weight = rng.integers(1, 9, n_demands).astype(float)
    return Siting(**({"cost": cost, "weight": weight, "n_open": 3} | more))


def best_by_trying(problem):
    sites = [i for i in range(len(problem.cost)) if i not in problem.forbidden]
    plans = (
        plan for plan in combinations(sites, problem.n_open) if set(problem.locked) <= set(plan)
    )
    return min(float(problem.cost[list(p)].min(axis=0) @ problem.weight) for p in plans)


@pytest.mark.parametrize("seed", range(12))
def test_it_finds_what_trying_every_plan_finds(seed):
    problem = a_problem(seed, n_open=1 + seed % 5)
    solved = solve(problem, gap=0.0)
    assert solved.value == pytest.approx(best_by_trying(problem))
    assert solved.is_proven
    assert solved.bound == pytest.approx(solved.value)
    chosen = problem.cost[list(solved.sites)].min(axis=0) @ problem.weight
    assert chosen == pytest.approx(solved.value)


@pytest.mark.parametrize("seed", range(6))
def test_locked_sites_are_open_and_forbidden_ones_are_not(seed):
    problem = a_problem(seed, locked=(seed, 8), forbidden=(6, 7))
    solved = solve(problem, gap=0.0)
    assert set(problem.locked) <= set(solved.sites)
    assert not set(problem.forbidden) & set(solved.sites)
    assert solved.value == pytest.approx(best_by_trying(problem))


def test_a_site_is_explained_by_what_would_be_lost_without_it():
    problem = a_problem(3)
    solved = solve(problem)
    for reason in solved.reasons:
        others = [site for site in solved.sites if site != reason.site]
        without = float(problem.cost[others].min(axis=0) @ problem.weight)
        assert reason.marginal == pytest.approx(without - solved.value)
    assert sum(reason.served for reason in solved.reasons) == pytest.approx(problem.weight.sum())


def test_pairs_out_of_reach_are_never_served():
    problem = a_problem(4)
    cost = np.where(problem.cost > 25, np.inf, problem.cost)
    bounded = a_problem(4, cost=cost, n_open=5)
    assert solve(bounded, gap=0.0).value == pytest.approx(best_by_trying(bounded))


def test_it_stops_when_told_and_says_how_far_it_came():
    solved = solve(a_problem(5, n_sites=40, n_demands=80), gap=0.0, watch=lambda _progress: False)
    assert not solved.is_proven or solved.gap == 0
    assert solved.bound <= solved.value


def test_a_gap_that_is_asked_for_is_kept():
    solved = solve(a_problem(6, n_sites=40, n_demands=80), gap=0.05)
    assert solved.is_proven
    assert solved.gap <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cost": np.zeros((0, 3)), "weight": np.ones(3)}, "there are 0 sites and 3 demands"),
        ({"cost": np.full((9, 14), np.nan)}, "from site 0 to demand 0 is not a number"),
        ({"cost": np.full((9, 14), -1.0)}, "costs go from 0 to"),
        ({"cost": np.full((9, 14), 1e13)}, "costs go from 0 to"),
        ({"cost": np.full((9, 14), np.inf)}, "cannot be reached from any site"),
        ({"cost": np.where(np.eye(9, 14), 1.0, np.inf)[:, :9], "weight": np.ones(9)}, "do not rea"),
        ({"weight": np.zeros(14)}, "all weights are zero"),
        ({"weight": np.full(14, np.nan)}, "weight of demand 0 is nan"),
        ({"weight": np.ones(3)}, "14 demands but 3 weights"),
        ({"n_open": 0}, "open at least one"),
        ({"n_open": 10}, "only 9 sites may be opened"),
        ({"locked": (9,)}, "there is no site 9"),
        ({"locked": (1,), "forbidden": (1,)}, "both locked and forbidden"),
        ({"locked": (0, 1, 2, 3)}, "4 sites are locked but only 3"),
    ],
)
def test_bad_input_is_answered_in_words(more, words):
    with pytest.raises(ProblemError, match=words):
        solve(a_problem(**more))
