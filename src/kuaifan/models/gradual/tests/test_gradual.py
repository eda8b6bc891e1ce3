"""Cover that fades, in steps and along a line, against brute force; bad input in words."""

from itertools import combinations

import msgspec
import numpy as np
import pytest

from kuaifan.models.gradual import Instance, pose, solve
from kuaifan.models.gradual.solve import GradualCover
from kuaifan.plan import crews_solving
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.worth import fade, steps


def a_town(seed):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((9, 2)) * 50, rng.random((40, 2)) * 50
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 9, 40).astype(float)


def covered(problem, plan):
    return float(problem.worth[list(plan)].max(axis=0, initial=0.0) @ problem.weight)


@pytest.mark.parametrize("seed", range(6))
def test_it_covers_what_trying_every_plan_covers(seed):
    cost, weight = a_town(seed)
    worth = fade(6.0, 20.0) if seed < 3 else steps([(6.0, 1.0), (12.0, 0.6), (20.0, 0.25)])
    locked, forbidden = ((8,), (0, 1)) if seed % 2 else ((), ())
    problem = GradualCover(
        worth=worth(cost), weight=weight, n_open=3, locked=locked, forbidden=forbidden
    )
    solved = solve(problem, gap=0.0)
    best = max(
        covered(problem, plan)
        for plan in combinations(range(9), 3)
        if set(locked) <= set(plan) and not set(forbidden) & set(plan)
    )
    assert solved.value == pytest.approx(best)
    assert covered(problem, solved.sites) == pytest.approx(best)
    assert solved.is_proven
    for reason in solved.reasons:
        others = [site for site in solved.sites if site != reason.site]
        assert reason.marginal == pytest.approx(best - covered(problem, others))
    assert sum(reason.served for reason in solved.reasons) == pytest.approx(best)


def stop_after(n_looks):
    looks = iter(range(1, n_looks))
    return lambda _seen: next(looks, None) is not None


@pytest.fixture
def begin_badly(monkeypatch):
    """The search begins with the first sites that may be opened, and betters no plan itself."""

    def first_ones(problem):
        crews, left = problem.floor.copy(), int(problem.n_crews[0] - problem.floor.sum())
        crews[np.flatnonzero(crews < problem.ceiling)[:left]] += 1
        return crews

    monkeypatch.setattr(crews_solving, "_start", first_ones)
    monkeypatch.setattr(crews_solving._Search, "_polish", lambda _search, _crews: None)


@pytest.mark.usefixtures("begin_badly")
@pytest.mark.parametrize("gap", [1e-4, 0.1, 0.3])
@pytest.mark.parametrize("n_looks", [1, 1_000_000])
def test_no_plan_is_above_the_bound_of_a_rough_or_a_stopped_search(gap, n_looks):
    for seed in range(30):
        cost, weight = a_town(seed)
        problem = GradualCover(worth=fade(6.0, 20.0)(cost), weight=weight, n_open=3)
        solved = solve(problem, gap=gap, watch=stop_after(n_looks))
        best = max(covered(problem, plan) for plan in combinations(range(9), 3))
        assert solved.value <= best + 1e-6
        assert solved.bound >= best - 1e-6
        assert not solved.is_proven or best - solved.value <= gap * solved.value + 1e-6


def test_worth_falls_as_it_is_told_to():
    assert steps([(60, 1.0), (180, 0.6)])(np.array([60.0, 60.1, 180.0, 181.0])).tolist() == [
        1.0,
        0.6,
        0.6,
        0.0,
    ]
    assert fade(60, 180)(np.array([0.0, 60.0, 120.0, 180.0, np.inf])).tolist() == [1, 1, 0.5, 0, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": None}, "give either steps, or both full and nothing"),
        ({"full": 3}, "give either steps, or both full and nothing"),
        ({"steps": None, "full": 9, "nothing": 3}, "full up to 9 and nothing from 3"),
        ({"steps": []}, "no step is given"),
        ({"steps": [[5, 0.5], [9, 0.7]]}, "limits must rise and what they are worth must fall"),
        ({"steps": [[5, 1.5]]}, "between 0 and 1"),
        ({"steps": [[0.01, 1]]}, "no site covers any demand"),
        ({"n_open": 3}, "only 2 sites may be opened"),
        ({"locked": [0], "forbidden": [0]}, "both locked and forbidden"),
    ],
)
def test_bad_input_is_answered_in_words(change, words):
    fine = {"sites": [[0, 0], [9, 9]], "demands": [[1, 1], [8, 8]], "n_open": 1}
    fine |= {"steps": [[5, 1], [9, 0.5]]}
    with pytest.raises(ProblemError, match=words):
        solve(pose(msgspec.convert(fine | change, Instance)))
