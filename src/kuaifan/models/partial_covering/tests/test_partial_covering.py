"""The fewest posts for a share against brute force; what cannot be covered is said."""

from itertools import combinations

import numpy as np
import pytest

from kuaifan.models.partial_covering import solve
from kuaifan.plan.covering import cover_within
from kuaifan.plan.enough import EnoughCover
from kuaifan.plan.siting import ProblemError


def a_town(seed):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((10, 2)) * 30, rng.random((40, 2)) * 30
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 9, 40).astype(float)


def fewest_by_trying(cost, weight, limit, share):
    for n_open in range(1, len(cost) + 1):
        for plan in combinations(range(len(cost)), n_open):
            is_covered = (cost[list(plan)] <= limit).any(axis=0)
            if weight[is_covered].sum() >= share * weight.sum() - 1e-9:
                return n_open
    return None


@pytest.mark.parametrize(("seed", "share"), [(1, 1.0), (3, 0.9), (4, 0.75), (5, 0.5)])
def test_no_fewer_posts_are_enough(seed, share):
    cost, weight = a_town(seed)
    limit = float(cost.min(axis=0).max())
    solved = solve(EnoughCover(covering=cover_within(cost, weight, limit), share=share), gap=0.0)
    assert solved.value == fewest_by_trying(cost, weight, limit, share) == len(solved.sites)
    is_covered = (cost[list(solved.sites)] <= limit).any(axis=0)
    assert weight[is_covered].sum() >= share * weight.sum() - 1e-6
    assert solved.is_proven
    assert solved.gap == 0


def test_forbidding_the_only_site_near_is_answered_in_words():
    cost, weight = a_town(1)
    limit = float(cost.min(axis=0).max())
    only = int(np.argmin(cost[:, np.argmax(cost.min(axis=0))]))
    covering = cover_within(cost, weight, limit)
    with pytest.raises(ProblemError, match="do not cover enough"):
        solve(EnoughCover(covering=covering, forbidden=(only,)))


@pytest.mark.parametrize("share", [0.0, 1.1, float("nan")])
def test_an_absurd_share_is_refused(share):
    cost, weight = a_town(1)
    with pytest.raises(ProblemError, match="the share to cover"):
        solve(EnoughCover(covering=cover_within(cost, weight, 50.0), share=share))
