"""Tables against all tables; more moves never cover less; what cannot be is said."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.models.compliance_tables.problem import RARE, Instance, TableProblem, pose
from kuaifan.models.compliance_tables.solve import solve
from kuaifan.plan.covering import cover_within
from kuaifan.plan.erlang import erlang_b, erlang_c
from kuaifan.plan.free_units import free_chances
from kuaifan.plan.siting import ProblemError


def a_town(seed, n_posts=6):
    rng = np.random.default_rng(seed)
    posts, demands = rng.random((n_posts, 2)) * 10, rng.random((30, 2)) * 10
    cost = np.hypot(*(posts[:, None] - demands[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 9, 30).astype(float)


def best_by_trying(cost, weight, limit, chance, n_moves):
    """The best chain of sets of 1, 2 … posts, by trying them all, level by level."""
    n_posts, n_levels = len(cost), len(chance) - 1
    worth = {}
    for k in range(1, n_levels + 1):
        level = {}
        for posts in combinations(range(n_posts), k):
            covered = weight[(cost[list(posts)] <= limit).any(axis=0)].sum()
            below = [v for s, v in worth.items() if len(set(s) - set(posts)) <= n_moves]
            if k == 1 or below:
                level[posts] = max(chance[k], RARE) * covered + max(below, default=0.0)
        worth = level
    return max(worth.values())


@pytest.mark.parametrize(("seed", "n_moves"), [*product([1, 2, 3], [0, 1, 3])])
def test_no_table_covers_more(seed, n_moves):
    cost, weight = a_town(seed)
    chance = free_chances(1.5 + seed / 2, 4)
    problem = TableProblem(covering=cover_within(cost, weight, 3.0), chance=chance, n_moves=n_moves)
    table = solve(problem, gap=0.0)
    assert table.value == pytest.approx(best_by_trying(cost, weight, 3.0, chance, n_moves))
    assert table.is_proven
    for level, below in pairwise(table.levels):
        assert len(level.posts) == level.n_free == below.n_free + 1
        assert set(below.posts) == set(level.posts) - set(level.left) | set(level.taken)
        assert len(level.taken) <= n_moves
        assert level.covered == weight[(cost[list(level.posts)] <= 3.0).any(axis=0)].sum()


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 99), st.floats(0.1, 3.9))
def test_more_moves_never_cover_less_and_a_nested_table_is_nested(seed, load):
    cost, weight = a_town(seed)
    covering = cover_within(cost, weight, 4.0)
    values = []
    for n_moves in (0, 1, 4):
        problem = TableProblem(covering=covering, chance=free_chances(load, 4), n_moves=n_moves)
        table = solve(problem, gap=0.0)
        values.append(table.value)
        assert table.bound >= table.value
        if n_moves == 0:
            sets = [set(level.posts) for level in table.levels]
            assert all(a > b for a, b in pairwise(sets))
    assert values == sorted(values, key=lambda v: round(v, 6))


def test_how_many_are_free_is_erlangs():
    delay, loss = free_chances(3.2, 5), free_chances(3.2, 5, is_queueing=False)
    assert delay[0] == pytest.approx(erlang_c(3.2, 5))
    assert loss[0] == pytest.approx(erlang_b(3.2, 5))
    assert delay.sum() == pytest.approx(1.0)
    assert loss @ np.arange(6) == pytest.approx(5 - 3.2 * (1 - loss[0]))
    assert free_chances(0.0, 2).tolist() == [0, 0, 1]
    assert free_chances(400.0, 500).sum() == pytest.approx(1.0)


def test_a_table_says_who_moves():
    # Two circles far apart and one post between that reaches a little of both.
    travel = [[1, 1, None, None], [None, 1, 1, None], [None, None, 1, 1]]
    problem = {"travel": travel, "weight": [5, 4, 4, 5], "limit": 1, "chance": [0, 0.9, 0.1]}
    nested, moving = (pose(Instance(**problem, n_moves=n)) for n in (0, 1))
    assert solve(nested).levels[0].posts == (0, 2)
    assert solve(moving).reasons[0] == (
        "2 free (10.0% of the time): hold 0, 2, which cover 100.0%; with one fewer leave 2"
    )


GOOD = {"travel": [[1.0, None], [None, 1.0]], "weight": [1, 1], "limit": 1.0, "chance": [0, 0, 1]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"chance": None}, "give either chance"),
        ({"n_units": 2, "load": 0.5}, "give either chance"),
        ({"chance": None, "n_units": 2, "load": 2.0}, "the queue would grow without end"),
        ({"chance": None, "n_units": 0, "load": 0.0}, "there are 0 units: give 1"),
        ({"chance": None, "n_units": 2, "load": -1.0}, "the load is -1"),
        ({"chance": [0.1, 0.1]}, "the chances of the levels sum to 0.2"),
        ({"chance": [1.5, -0.5]}, "they are to make 1"),
        ({"chance": [1.0]}, "0 free units at most"),
        ({"chance": [0, 0, 0, 1.0]}, "3 units may be free but there are 2 posts"),
        ({"n_moves": -1}, "-1 units may move"),
        ({"limit": 0.5}, "no post covers any demand"),
        ({"limit": -1.0}, "the limit is -1"),
        ({"weight": [0, 0]}, "all weights are zero"),
        ({"weight": [1]}, "2 demands but 1 weights"),
        ({"travel": []}, "0 sites and 0 demands"),
        ({"travel": [[1.0], [1.0, 2.0]]}, "row 1 of the travel has 2 entries, row 0 1"),
        ({"travel": [[-1.0, None], [None, 1.0]]}, "costs go from 0"),
    ],
)
def test_what_cannot_be_is_said(change, words):
    with pytest.raises(ProblemError, match=words):
        solve(pose(Instance(**GOOD | change)))
