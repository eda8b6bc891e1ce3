"""The p-center against brute force; locks, forbids and bad input."""

from itertools import combinations

import numpy as np
import pytest

from kuaifan.models.p_center import solve
from kuaifan.plan.siting import ProblemError, Siting


def a_problem(seed, **more):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((9, 2)) * 50, rng.random((14, 2)) * 50
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return Siting(**({"cost": cost, "weight": np.ones(14), "n_open": 3} | more))


@pytest.mark.parametrize("seed", range(4))
def test_it_finds_what_trying_every_plan_finds(seed):
    locked, forbidden = ((8,), (0, 1)) if seed % 2 else ((), ())
    problem = a_problem(seed, locked=locked, forbidden=forbidden)
    solved = solve(problem)
    best = min(
        problem.cost[list(plan)].min(axis=0).max()
        for plan in combinations(range(9), 3)
        if set(locked) <= set(plan) and not set(forbidden) & set(plan)
    )
    assert solved.value == solved.bound == best
    assert solved.is_proven
    assert len(solved.sites) == problem.n_open
    assert problem.cost[list(solved.sites)].min(axis=0).max() == best


def test_posts_that_stand_on_every_demand_cost_nothing():
    assert solve(Siting(cost=1.0 - np.eye(3), weight=np.ones(3), n_open=3)).value == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"n_open": 0}, "open at least one"),
        ({"cost": np.full((9, 14), np.nan)}, "is not a number"),
        ({"cost": np.full((9, 14), np.inf)}, "14 demands cannot be reached"),
        ({"cost": np.where(np.eye(9), 1.0, np.inf), "weight": np.ones(9)}, "do not reach every"),
    ],
)
def test_bad_input_is_answered_in_words(more, words):
    with pytest.raises(ProblemError, match=words):
        solve(a_problem(1, **more))
