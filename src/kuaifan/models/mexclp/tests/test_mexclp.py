"""Expected covering against brute force; at no busy time it is the maximal cover; bad input."""

from itertools import combinations_with_replacement

import msgspec
import numpy as np
import pytest

from kuaifan.models.mexclp import Instance, pose, solve
from kuaifan.models.mexclp.solve import ExpectedCover
from kuaifan.plan.covering import cover_within
from kuaifan.plan.siting import ProblemError

LIMIT = 14.0


def a_town(seed):
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((6, 2)) * 50, rng.random((40, 2)) * 50
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    return cost, rng.integers(1, 9, 40).astype(float)


def expected(cost, weight, busy, crews):
    near = (cost <= LIMIT).T @ crews
    return float(weight @ (1 - busy**near))


@pytest.mark.parametrize(("seed", "busy"), [(0, 0.3), (1, 0.7), (2, 0.1), (3, 0.5)])
def test_it_expects_what_trying_every_plan_expects(seed, busy):
    cost, weight = a_town(seed)
    locked, forbidden = ((5,), (0,)) if seed % 2 else ((), ())
    room = np.array([4, 4, 2, 4, 1, 4])
    problem = ExpectedCover(
        covering=cover_within(cost, weight, LIMIT),
        n_crews=4,
        busy=busy,
        room=room,
        locked=locked,
        forbidden=forbidden,
    )
    solved = solve(problem, gap=0.0)
    plans = [np.bincount(pick, minlength=6) for pick in combinations_with_replacement(range(6), 4)]
    allowed = [
        crews
        for crews in plans
        if (crews <= room).all() and all(crews[list(locked)]) and not crews[list(forbidden)].any()
    ]
    assert solved.value == pytest.approx(
        max(expected(cost, weight, busy, crews) for crews in allowed)
    )
    crews = np.zeros(6, int)
    for each in solved.crews:
        crews[each.site] = each.n_crews
    assert expected(cost, weight, busy, crews) == pytest.approx(solved.value)
    assert crews.sum() == 4
    assert solved.is_proven
    for reason in solved.reasons:
        rest = np.where(np.arange(6) == reason.site, 0, crews)
        assert reason.marginal == pytest.approx(solved.value - expected(cost, weight, busy, rest))


def test_crews_that_are_never_busy_cover_as_maximal_covering_does():
    from kuaifan.models.mclp.solve import MaxCover
    from kuaifan.models.mclp.solve import solve as cover_most

    cost, weight = a_town(4)
    covering = cover_within(cost, weight, LIMIT)
    idle = ExpectedCover(covering=covering, n_crews=3, busy=0.0, room=np.ones(6, np.int64))
    assert solve(idle, gap=0.0).value == cover_most(MaxCover(covering=covering, n_open=3)).value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"busy": 1.0}, "busy 1 of their time: give 0 to below 1"),
        ({"n_crews": 0}, "0 crews are to stand"),
        ({"n_crews": 5, "room": 2}, "5 crews are to stand but there is room for 4 only"),
        ({"room": [1]}, "there are 2 sites but room is given for 1"),
        ({"room": -3}, "site 0 has room for -3 crews"),
        ({"limit": 0.01}, "no site covers any demand"),
        ({"locked": [0], "room": [0, 9]}, "a locked site has no room"),
        ({"sites": []}, "give a table of costs, or sites and demands"),
        ({"weight": [0, 0]}, "all weights are zero"),
    ],
)
def test_bad_input_is_answered_in_words(change, words):
    fine = {"sites": [[0, 0], [9, 9]], "demands": [[1, 1], [8, 8]]}
    fine |= {"limit": 5, "n_crews": 2, "busy": 0.3}
    with pytest.raises(ProblemError, match=words):
        solve(pose(msgspec.convert(fine | change, Instance)))
