"""The model's moves against all of them; what cannot be is said."""

from itertools import permutations, product

import numpy as np
import pytest

from kuaifan.models.dmexclp.problem import FreeUnit, Instance, pose
from kuaifan.models.dmexclp.solve import solve
from kuaifan.plan.siting import ProblemError


def a_town(seed, **options):
    rng = np.random.default_rng(seed)
    n_posts, n_units = 4, 3
    units = [
        FreeUnit(
            name=f"P{k}",
            post=None if k == 0 else int(rng.integers(n_posts)),
            to_posts_s=[float(s) if s < 800 else None for s in rng.integers(0, 900, n_posts)],
        )
        for k in range(n_units)
    ]
    return Instance(
        travel_s=rng.integers(10, 500, (n_posts, 12)).astype(float).tolist(),
        weight=rng.integers(0, 9, 12).tolist(),
        target_s=240.0,
        busy_share=0.3,
        units=units,
        **options,
    )


def expected(instance, posts):
    """By the formula, with floats."""
    within = np.array(instance.travel_s) <= instance.target_s
    n = sum((within[p].astype(int) for p in posts if p is not None), np.zeros(12, int))
    return float(np.array(instance.weight) @ (1 - instance.busy_share**n))


def worth_of_all(instance, n_moves):
    """The best that any choice of so many moves gives."""
    start = [unit.post for unit in instance.units]
    best = expected(instance, start)
    for who in permutations(range(len(start)), n_moves):
        for where in product(range(4), repeat=n_moves):
            posts = list(start)
            times = [instance.units[u].to_posts_s[p] for u, p in zip(who, where, strict=True)]
            if any(s is None or s > instance.limit_s for s in times):
                continue
            for unit_i, post in zip(who, where, strict=True):
                posts[unit_i] = post
            best = max(best, expected(instance, posts))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_one_move_is_the_best_of_all(seed):
    instance = a_town(seed)
    moves = solve(pose(instance))
    assert moves.value == pytest.approx(worth_of_all(instance, 1), abs=1e-4)
    assert moves.is_proven
    assert moves.before == pytest.approx(expected(instance, [u.post for u in instance.units]))


@pytest.mark.parametrize("seed", range(8))
def test_several_moves_lie_between_the_first_and_the_bound(seed):
    one, two = solve(pose(a_town(seed))), solve(pose(a_town(seed, n_moves=2)))
    best = worth_of_all(a_town(seed, n_moves=2), 2)
    assert one.value <= two.value <= best + 1e-4
    assert best <= two.bound + 1e-4
    assert two.moves[:1] == one.moves
    assert sum(move.gain for move in two.moves) == pytest.approx(two.value - two.before)


def test_where_no_move_alone_helps_two_may_and_nothing_is_called_proven():
    reached = ((0, 1), (2, 3), (0, 2, 4), (1, 3, 5))
    travel = [[10.0 if j in own else 900.0 for j in range(6)] for own in reached]
    fields = {"travel_s": travel, "weight": [10] * 4 + [9] * 2, "target_s": 240.0}
    units = [FreeUnit(name=f"P{post}", post=post, to_posts_s=[60.0] * 4) for post in (0, 1)]
    stuck = Instance(**fields, busy_share=0.001, units=units, n_moves=2)
    moves = solve(pose(stuck))
    assert moves.moves == ()
    together = (1 - stuck.busy_share) * sum(stuck.weight)
    assert moves.value < together <= moves.bound
    assert not moves.is_proven


def test_the_moves_and_what_they_add_are_said():
    moves = solve(pose(a_town(1)))
    [move] = moves.moves
    assert moves.reasons[0].startswith(f"{move.unit} to post {move.post}, {move.travel_s:.0f} s")
    assert "% of the demand before, " in moves.reasons[-1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"moves_per_unit": 0}, "all moves of this shift are made"),
        ({"moves_per_shift": 0}, "all moves of this shift are made"),
        ({"n_moves": 0}, "all moves of this shift are made"),
        ({"limit_s": 0.0}, "no post is within reach of a free unit"),
    ],
)
def test_why_nobody_moves_is_said(options, words):
    moves = solve(pose(a_town(1, **options)))
    assert moves.moves == ()
    assert words in moves.reasons[0]
    assert moves.value == moves.bound == moves.before


def change(**options):
    given = {name: getattr(a_town(1), name) for name in Instance.__struct_fields__}
    return Instance(**given | options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"units": []}, "0 units are free"),
        ({"busy_share": 0.0}, "busy 0 of the time"),
        ({"busy_share": 1.0}, "busy 1 of the time"),
        ({"busy_share": float("nan")}, "busy nan"),
        ({"target_s": -1.0}, "the target: -1"),
        ({"n_moves": -1}, "moves at once: -1"),
        ({"weight": [0] * 12}, "all weights are zero"),
        ({"weight": [1]}, "12 demands but 1 weights"),
        ({"weight": [10**9] * 12}, "the weights sum to 12,000,000,000"),
        ({"travel_s": []}, "0 sites and 0 demands"),
        ({"travel_s": [[1.0], [1.0, 2.0]]}, "row 1 of the travel has 2 entries"),
        ({"units": [FreeUnit(name="A", to_posts_s=[1.0])]}, "A has times to 1 posts, there are 4"),
        ({"units": [FreeUnit(name="A", post=4, to_posts_s=[1.0] * 4)]}, "A stands at post 4"),
        ({"units": [FreeUnit(name="A", to_posts_s=[-1.0] * 4)]}, "A has a time or a count below"),
    ],
)
def test_what_cannot_be_is_said(options, words):
    with pytest.raises(ProblemError, match=words):
        pose(change(**options))
