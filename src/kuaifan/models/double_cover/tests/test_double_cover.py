"""Double covering against brute force; what cannot be covered once is answered in words."""

from itertools import combinations_with_replacement

import msgspec
import numpy as np
import pytest

from kuaifan.models.double_cover import Instance, describe, pose, solve
from kuaifan.models.double_cover.solve import DoubleCover
from kuaifan.plan.covering import cover_within
from kuaifan.plan.siting import ProblemError

LIMIT, OUTER = 22.0, 40.0


def a_town(seed):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((7, 2)) * 50, rng.random((40, 2)) * 50
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 9, 40).astype(float)


def judged(cost, weight, crews):
    """Demand with one crew near and with two, and whether all is within the outer limit."""
    near = (cost <= LIMIT).T @ crews
    is_in = ((cost <= OUTER).T @ crews >= 1).all()
    return float(weight[near >= 1].sum()), float(weight[near >= 2].sum()), bool(is_in)


@pytest.mark.parametrize("seed", range(5))
def test_it_covers_twice_what_trying_every_plan_does(seed):
    cost, weight = a_town(seed)
    room = np.array([1, 2, 2, 1, 2, 2, 2])
    forbidden, share = ((0,), 0.6) if seed % 2 else ((), 0.8)
    problem = DoubleCover(
        covering=cover_within(cost, weight, LIMIT),
        outer=cover_within(cost, weight, OUTER),
        n_crews=4,
        share=share,
        room=room,
        forbidden=forbidden,
    )
    best = None
    for pick in combinations_with_replacement(range(7), 4):
        crews = np.bincount(pick, minlength=7)
        once, twice, is_in = judged(cost, weight, crews)
        if (
            is_in
            and once >= share * weight.sum()
            and (crews <= room).all()
            and not (crews[list(forbidden)].any())
        ):
            best = max(best or 0.0, twice)
    solved = solve(problem, gap=0.0)
    crews = np.zeros(7, int)
    crews[list(solved.sites)] = solved.crews
    assert (solved.once, solved.value, True) == judged(cost, weight, crews)
    assert solved.value == best
    assert solved.is_proven
    for reason in solved.reasons:
        rest = np.where(np.arange(7) == reason.site, 0, crews)
        assert reason.marginal == best - judged(cost, weight, rest)[1]
    assert "has one crew near" in describe(solved)[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"share": 1.5}, "the share to cover once is 1.5"),
        ({"n_crews": 1}, "1 crews do not cover 100.0% of the demand"),
        ({"n_crews": 3}, "there is room for 2 only"),
        ({"limit": 0.1}, "no site covers any demand"),
        ({"limit": 1.5, "demands": [[1, 1], [4, 4]]}, "cover 50.00% of the demand, 100.00%"),
        ({"outer": 5, "share": 0, "demands": [[1, 1], [99, 9]]}, "within the outer limit of no"),
    ],
)
def test_bad_input_is_answered_in_words(change, words):
    fine = {"sites": [[0, 0], [9, 9]], "demands": [[1, 1], [8, 8]], "n_crews": 2, "limit": 5}
    with pytest.raises(ProblemError, match=words):
        solve(pose(msgspec.convert(fine | change, Instance)))
