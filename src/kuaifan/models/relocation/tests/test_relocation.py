"""Relocations against brute force: every choice of sites, every way to move posts there."""

from itertools import combinations, permutations

import msgspec
import numpy as np
import pytest

from kuaifan.models.relocation import Instance, describe, pose, solve
from kuaifan.models.relocation.problem import Relocation
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.worth import steps

N_SITES = 7
NOW = (4, 0, 2)


def a_town(seed, **more):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((N_SITES, 2)) * 40, rng.random((30, 2)) * 40
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    far = np.hypot(*(sites[list(NOW)][:, None] - sites[None]).transpose(2, 0, 1))
    fine = {
        "worth": steps([(8.0, 1.0), (14.0, 0.5)])(cost),
        "weight": rng.integers(1, 9, 30).astype(float),
        "existing": NOW,
        "n_open": 3,
        "move_cost": far,
    }
    return Relocation(**(fine | more))


def cheapest(problem, plan):
    """The least cost of moves that lead to a plan, and how many; None where none does."""
    costs = problem.costs()
    gone = [k for k, site in enumerate(NOW) if site not in plan]
    new = [site for site in plan if site not in NOW]
    n_moves = min(len(gone), len(new))
    ways = [
        sum(costs[k, site] for k, site in zip(movers, goals, strict=True))
        for movers in permutations(gone, n_moves)
        for goals in combinations(new, n_moves)
    ]
    return min(ways), n_moves


def best_by_trying(problem):
    found = []
    for plan in combinations(range(N_SITES), problem.n_open):
        spent, n_moves = cheapest(problem, plan)
        if (
            set(problem.locked) <= set(plan)
            and not set(problem.forbidden) & set(plan)
            and len(set(plan) & set(NOW)) >= problem.keep
            and n_moves <= (9 if problem.max_moves is None else problem.max_moves)
            and spent <= (np.inf if problem.budget is None else problem.budget)
        ):
            cover = float(problem.worth[list(plan)].max(axis=0) @ problem.weight)
            found.append(cover - problem.price * spent)
    return max(found)


@pytest.mark.parametrize(
    ("seed", "more"),
    [
        (0, {}),
        (1, {"max_moves": 1}),
        (2, {"keep": 2, "price": 0.3}),
        (3, {"budget": 25.0}),
        (4, {"n_open": 5, "price": 0.2}),
        (5, {"n_open": 2, "max_moves": 1}),
        (6, {"locked": (1,), "forbidden": (0,), "price": 0.1}),
        (7, {"move_cost": 2.0, "price": 3.0}),
    ],
)
def test_it_gains_what_trying_every_way_gains(seed, more):
    problem = a_town(seed, **more)
    solved = solve(problem, gap=0.0)
    assert solved.value == pytest.approx(best_by_trying(problem))
    assert solved.is_proven
    assert solved.value == pytest.approx(solved.cover - problem.price * solved.move_cost)
    left = set(NOW) - {move.from_site for move in solved.moves} - set(solved.closed)
    assert set(solved.sites) == left | {move.to_site for move in solved.moves} | set(solved.built)
    assert len(solved.built) == max(0, problem.n_open - len(NOW))
    assert len(solved.closed) == max(0, len(NOW) - problem.n_open)
    assert f"{len(solved.moves)} moves" in describe(solved)[0]


def test_no_move_is_made_where_none_is_allowed():
    solved = solve(a_town(0, max_moves=0), gap=0.0)
    assert solved.sites == tuple(sorted(NOW))
    assert solved.cover == solved.cover_now
    assert solved.moves == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"existing": []}, "no post stands yet"),
        ({"existing": [5]}, "there is no site 5"),
        ({"existing": [0, 0]}, "named twice"),
        ({"keep": 2}, "2 posts are to be kept: give 0 to 1"),
        ({"max_moves": -1}, "-1 moves are allowed"),
        ({"forbidden": [0], "keep": 1}, "only 0 stand where they may stay"),
        ({"forbidden": [0], "max_moves": 0}, "no moves fit what is locked"),
        ({"price": -1}, "the price is -1"),
        ({"move_cost": [[1]]}, "costs of moving are 1 by 1: give a row an existing post, 1"),
        ({"move_cost": [[1, -2]]}, "costs of moving go from 0"),
        ({"limit": None}, "give either a limit or steps"),
        ({"limit": 0.01}, "no site covers any demand"),
        ({"cost": [[1], []]}, "costs and points are both given"),
    ],
)
def test_bad_input_is_answered_in_words(change, words):
    fine = {"sites": [[0, 0], [9, 9]], "demands": [[1, 1], [8, 8]], "existing": [0], "limit": 5}
    with pytest.raises(ProblemError, match=words):
        solve(pose(msgspec.convert(fine | change, Instance)))
