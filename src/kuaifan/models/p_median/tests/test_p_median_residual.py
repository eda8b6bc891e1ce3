"""What prices leave of a p-median: no plan within the limit is lost, the program finds the best."""

from itertools import combinations

import numpy as np
import pytest

from kuaifan.models.p_median import branch, solve
from kuaifan.models.p_median.residual import Medians, bound_at, keep_up_to, pose
from kuaifan.plan.highs import InfeasibleError, minimize
from kuaifan.plan.siting import Siting


def towns(seed, n=9, n_open=3):
    """A small drawn problem in whole numbers, and the prices of demands at some plan."""
    rng = np.random.default_rng(seed)
    at = rng.random((n, 2)) * 60
    cost = np.rint(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)))
    weight = rng.integers(1, 5, n).astype(float)
    price = np.sort(cost, axis=0)[2] + rng.random(n)
    return Medians(cost, weight, np.zeros(n, np.int8), n_open), price


def plans(problem):
    """Every plan with its value."""
    for plan in combinations(range(len(problem.cost)), problem.n_open):
        yield plan, float(problem.cost[list(plan)].min(axis=0) @ problem.weight)


@pytest.mark.parametrize("seed", range(8))
def test_every_plan_up_to_the_limit_is_kept(seed):
    problem, price = towns(seed)
    bound, _ = bound_at(problem, price)
    best = min(value for _, value in plans(problem))
    assert bound <= best
    limit = best + 5
    kept = keep_up_to(problem, price, limit)
    for plan, value in plans(problem):
        if value <= limit:
            served = problem.cost[list(plan)].min(axis=0)
            assert (kept.state[list(plan)] >= 0).all()
            assert set(np.flatnonzero(kept.state == 1)) <= set(plan)
            assert (served <= kept.reach).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("above", [-1, 4])
def test_the_program_finds_the_best_plan_or_that_there_is_none_within_the_limit(seed, above):
    problem, price = towns(seed)
    best = min(value for _, value in plans(problem))
    kept = keep_up_to(problem, price, best + above)
    program = pose(problem, kept, most=1_000)
    try:
        chosen = minimize(program, gap=0.0, infeasible="none").x[:9] > 0.5
        value = float(problem.cost[chosen].min(axis=0) @ problem.weight)
    except InfeasibleError:
        value = np.inf
    assert value == best if above >= 0 else value >= best


def test_a_program_of_too_many_rows_is_not_written():
    problem, price = towns(1)
    assert pose(problem, keep_up_to(problem, price, 1e6), most=10) is None


def streets(n, n_open, seed):
    """A graph as OR-Library draws them: a chain and chords, n²/50 edges of 1 to 100 in all."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import shortest_path

    rng, n_edges = np.random.default_rng(seed), n * n // 50
    start = np.append(np.arange(n - 1), rng.integers(0, n, n_edges - n + 1))
    end = np.append(np.arange(1, n), rng.integers(0, n, n_edges - n + 1))
    length = np.zeros((n, n))
    for a, b, long in zip(start, end, rng.integers(1, 101, n_edges), strict=True):
        length[a, b] = length[b, a] = long if a != b else 0
    cost = shortest_path(csr_matrix(length), directed=False)
    return Siting(cost=cost, weight=np.ones(n), n_open=n_open)


def test_many_posts_of_a_middle_town_are_proven_where_bounds_alone_leave_a_gap():
    problem = streets(400, 60, seed=3)
    solved = solve(problem, gap=0.0)
    assert solved.is_proven
    assert solved.value == solved.bound
    assert solved.value == problem.cost[list(solved.sites)].min(axis=0).sum()


@pytest.mark.parametrize("is_whole", [True, False])
def test_programs_and_branches_come_to_the_same(monkeypatch, is_whole):
    problem = streets(120, 30, seed=1)
    cost = problem.cost if is_whole else np.sqrt(problem.cost)
    asked = Siting(cost=cost, weight=problem.weight, n_open=30, locked=(3,), forbidden=(5, 7))
    found = solve(asked, gap=0.0)
    monkeypatch.setattr(branch, "MOST_ROWS", 0)
    assert solve(asked, gap=0.0).value == pytest.approx(found.value)
    assert found.is_proven
    assert found.bound == pytest.approx(found.value)


def test_it_stops_in_the_midst_of_a_program_and_says_how_far_it_came():
    problem = streets(300, 40, seed=2)
    left = [3]

    def watch(_seen):
        left[0] -= 1
        return left[0] > 0

    solved = solve(problem, gap=0.0, watch=watch)
    assert solved.bound <= solved.value
    assert len(solved.sites) == 40
