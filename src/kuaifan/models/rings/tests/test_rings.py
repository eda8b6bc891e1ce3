"""Rings of several forces against brute force; promises kept or answered; bad input in words."""

from itertools import combinations, product

import numpy as np
import pytest

from kuaifan.models.rings import Instance, pose, solve
from kuaifan.models.rings.problem import Force, Ring, RingPlan
from kuaifan.plan.siting import ProblemError

N_SITES, N_DEMANDS = 6, 25


def a_town(seed, *, promise=0.0, room=1, presence=1.0):
    """Two stations and one patrol, each with roads of its own; rings of 12, 14 and 15."""
    rng = np.random.default_rng(seed)
    sites, demands = rng.random((N_SITES, 2)) * 40, rng.random((N_DEMANDS, 2)) * 40
    cost = np.hypot(*(sites[:, None] - demands[None]).transpose(2, 0, 1))
    kind = rng.integers(0, 3, N_DEMANDS)
    weight = rng.integers(1, 9, N_DEMANDS).astype(float)
    return RingPlan(
        forces=(
            Force(name="station", cost=cost, n_crews=2, forbidden=(0,) if seed % 2 else ()),
            Force(
                name="patrol",
                cost=cost * 0.8,
                n_crews=1,
                presence=presence,
                locked=(1,) * (seed % 2),
            ),
        ),
        rings=tuple(
            Ring(
                name=f"ring {i}",
                limit=limit,
                weight=np.where(kind == i, weight, 0.0),
                worth=worth,
                promise=promise if i == 2 else 0.0,
                forces=(0, 1) if i else (1,),
            )
            for i, (limit, worth) in enumerate([(12.0, 3.0), (14.0, 2.0), (15.0, 1.0)])
        ),
        room=np.full(N_SITES, room),
    )


def judged(problem, crews):
    """Value and share of each ring of crews[force][site], written out."""
    shares = []
    for ring in problem.rings:
        best = np.zeros(N_DEMANDS)
        for f in ring.forces:
            force = problem.forces[f]
            for site in np.flatnonzero(crews[f]):
                best = np.maximum(best, (force.cost[site] <= ring.limit) * force.presence)
        shares.append(float(best @ ring.weight / ring.weight.sum()))
    return sum(r.worth * s for r, s in zip(problem.rings, shares, strict=True)), shares


def every_plan(problem):
    picks = [
        [
            pick
            for pick in combinations(range(N_SITES), force.n_crews)
            if set(force.locked) <= set(pick) and not set(force.forbidden) & set(pick)
        ]
        for force in problem.forces
    ]
    for chosen in product(*picks):
        crews = np.zeros((len(problem.forces), N_SITES), int)
        for f, pick in enumerate(chosen):
            crews[f, list(pick)] += 1
        if (crews.sum(axis=0) <= problem.room).all():
            yield crews


def crews_of(problem, solved):
    crews = np.zeros((len(problem.forces), N_SITES), int)
    names = [force.name for force in problem.forces]
    for reason in solved.reasons:
        crews[names.index(reason.force), reason.site] = reason.n_crews
    return crews


@pytest.mark.parametrize("seed", range(6))
def test_it_keeps_what_trying_every_plan_keeps(seed):
    problem = a_town(seed, presence=0.6)
    solved = solve(problem, gap=0.0)
    best = max(judged(problem, crews)[0] for crews in every_plan(problem))
    value, shares = judged(problem, crews_of(problem, solved))
    assert solved.value == pytest.approx(best)
    assert value == pytest.approx(best)
    assert [each.share for each in solved.rings] == pytest.approx(shares)
    assert solved.is_proven
    assert best <= solved.bound + 1e-9
    for reason in solved.reasons:
        crews = crews_of(problem, solved)
        crews[[f.name for f in problem.forces].index(reason.force), reason.site] = 0
        assert reason.marginal == pytest.approx(best - judged(problem, crews)[0])


@pytest.mark.parametrize("seed", [0, 3, 5])
def test_a_promise_is_kept_at_the_least_price(seed):
    free = judged(a_town(seed), crews_of(a_town(seed), solve(a_town(seed), gap=0.0)))
    reachable = max(judged(a_town(seed), crews)[1][2] for crews in every_plan(a_town(seed)))
    problem = a_town(seed, promise=(reachable + free[1][2]) / 2)
    solved = solve(problem, gap=0.0)
    kept = [judged(problem, crews) for crews in every_plan(problem)]
    best = max(value for value, shares in kept if shares[2] >= problem.rings[2].promise - 1e-9)
    assert solved.value == pytest.approx(best)
    assert solved.rings[2].share >= problem.rings[2].promise - 1e-9
    with pytest.raises(ProblemError, match=r"ring 2 promises .* cover .* at most"):
        solve(a_town(seed, promise=reachable + 0.02))


def test_forces_share_the_room_of_a_site():
    problem = a_town(4, room=2)
    solved = solve(problem, gap=0.0)
    assert (crews_of(problem, solved).sum(axis=0) <= 2).all()
    assert solved.value >= solve(a_town(4), gap=0.0).value - 1e-9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"forces": []}, "at least one force and one ring"),
        ({"room": 0}, "3 crews are to stand but sites have room for 0"),
        ({"locked": (1,)}, "lock a site for a force"),
        ({"rings": [{"name": "a", "limit": 0.001}]}, "no site covers any demand of ring a"),
        ({"rings": [{"name": "a", "limit": 9, "forces": ["fleet"]}]}, "names the force 'fleet'"),
        ({"rings": [{"name": "a", "limit": 9, "promise": 2}]}, "promises 2: give a share"),
        ({"rings": [{"name": "a", "limit": -1}]}, "ring a: the limit is -1"),
        ({"rings": [{"name": "a", "limit": 9}] * 2}, "two rings are called 'a'"),
        (
            {"forces": [{"name": "x", "n_crews": 9}]},
            "9 crews are to stand but sites have room for 4",
        ),
        ({"forces": [{"name": "x", "n_crews": 1, "presence": 0}]}, "present 0 of its time"),
        ({"forces": [{"name": "x", "n_crews": 1, "cost": [[1]]}]}, "has costs of 1 sites"),
    ],
)
def test_bad_input_is_answered_in_words(change, words):
    import msgspec

    fine = {
        "sites": [[0, 0], [9, 9]],
        "demands": [[1, 1], [8, 8]],
        "forces": [{"name": "x", "n_crews": 2}, {"name": "y", "n_crews": 1}],
        "rings": [{"name": "a", "limit": 5}],
        "room": 2,
    }
    more = {"room": 0} if change == {"room": 0} else change
    with pytest.raises(ProblemError, match=words):
        solve(pose(msgspec.convert(fine | more, Instance)))
