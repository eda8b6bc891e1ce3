"""The fewest posts against brute force; what cannot be covered is said."""

from itertools import combinations

import numpy as np
import pytest

from kuaifan.models.lscp.solve import FullCover, solve
from kuaifan.plan.covering import cover_within
from kuaifan.plan.siting import ProblemError


def a_town(seed):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((10, 2)) * 30, rng.random((40, 2)) * 30
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 9, 40).astype(float)


def fewest_by_trying(cost, limit):
    for n_open in range(1, len(cost) + 1):
        for plan in combinations(range(len(cost)), n_open):
            if (cost[list(plan)] <= limit).any(axis=0).all():
                return n_open
    return None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_fewer_posts_are_enough(seed):
    cost, weight = a_town(seed)
    limit = float(cost.min(axis=0).max())
    solved = solve(FullCover(covering=cover_within(cost, weight, limit)), gap=0.0)
    assert solved.value == fewest_by_trying(cost, limit) == len(solved.sites)
    assert (cost[list(solved.sites)] <= limit).any(axis=0).all()
    assert solved.is_proven
    assert solved.gap == 0


def test_what_no_site_covers_is_said_with_the_share_that_can_be_had():
    cost, weight = a_town(1)
    covering = cover_within(cost, weight, float(cost.min(axis=0).max()) - 0.01)
    with pytest.raises(ProblemError, match=r"cover 9\d\.\d+% of the demand, 100.00% is asked for"):
        solve(FullCover(covering=covering))


def test_forbidding_the_only_site_near_is_answered_in_words():
    cost, weight = a_town(1)
    limit = float(cost.min(axis=0).max())
    only = int(np.argmin(cost[:, np.argmax(cost.min(axis=0))]))
    covering = cover_within(cost, weight, limit)
    with pytest.raises(ProblemError, match="do not cover enough"):
        solve(FullCover(covering=covering, forbidden=(only,)))
