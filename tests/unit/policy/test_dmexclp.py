"""DMEXCLP: gains equal to counting both ways round; the move is the best of all; caps hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.coverage import Coverage
from kuaifan.policy.dmexclp import (
    MAX_WEIGHT,
    PPM,
    Ground,
    added_by_next,
    expected_ppm,
    move_gains,
    post_gains,
    suggest_for_coverage,
)
from kuaifan.policy.fleet import AT_POST, EN_ROUTE
from kuaifan.policy.move_up import LIMIT_MS, Approach, MoveLimits, Standing
from kuaifan.policy.move_ups import MOVE_UPS, get_move_up


def standing_of(within, *, weights=None, holds=None, states=None):
    within = np.array(within, np.bool_)
    coverage = Coverage(tuple(f"C{i}" for i in range(within.shape[1])), len(within))
    coverage.within[:] = within
    state = np.array([AT_POST] * len(within) if states is None else states, np.int8)
    return Standing(coverage, state == AT_POST, state, weights, holds)


def approach_of(travel_ms):
    travel_ms = np.array(travel_ms, np.int32)
    return Approach(*map(np.arange, travel_ms.shape), travel_ms)


def test_the_textbook_figures():
    # q = 0.3: one unit covers 70 %, the second adds 21 %, the third 6.3 %.
    assert added_by_next(2, 300_000).tolist() == [700_000, 210_000, 63_000]
    ground = Ground(np.array([[1, 0], [1, 1]], np.bool_), np.array([10, 4]), 300_000)
    assert expected_ppm(np.array([2, 0]), ground) == 9_100_000
    assert post_gains(np.array([2, 0]), ground).tolist() == [630_000, 630_000 + 2_800_000]


@st.composite
def towns(draw):
    n_units, n_circles = draw(st.integers(1, 5)), draw(st.integers(1, 4))

    def table(rows, columns, values):
        drawn = draw(st.lists(values, min_size=rows * columns, max_size=rows * columns))
        return np.array(drawn).reshape(rows, columns)

    holds = table(n_circles, n_circles, st.booleans()) | np.eye(n_circles, dtype=np.bool_)
    weights = table(1, n_circles, st.sampled_from([0, 1, 2, 900]))[0].astype(np.int64)
    states = table(1, n_units, st.sampled_from([AT_POST, AT_POST, EN_ROUTE]))[0]
    within = table(n_units, n_circles, st.booleans())
    times = st.integers(0, 2) | st.integers(LIMIT_MS, LIMIT_MS + 1)
    return (
        standing_of(within, weights=weights, holds=holds, states=states),
        table(n_units, n_circles, times).astype(np.int32),
        draw(st.integers(1, PPM - 1)),
    )


def n_of(within, available):
    return np.count_nonzero(within[available], axis=0)


def worth_after(standing, ground, unit_i, circle_i):
    within = standing.coverage.within.copy()
    within[unit_i] = ground.reach[circle_i]
    return expected_ppm(n_of(within, standing.available), ground)


@settings(deadline=None, max_examples=150)
@given(towns())
def test_the_move_is_the_best_of_all_single_moves_counted_anew(town):
    standing, travel_ms, busy_ppm = town
    ground = Ground(standing.holds_from_post, standing.circle_weights, busy_ppm)
    within, free = standing.coverage.within, np.flatnonzero(standing.available)
    now = n_of(within, standing.available)
    gains = move_gains(within[free], now, ground)
    options = []
    for row, unit_i in enumerate(free.tolist()):
        for circle_i in range(len(now)):
            gain = worth_after(standing, ground, unit_i, circle_i) - expected_ppm(now, ground)
            assert gains[row, circle_i] == gain
            if gain > 0 and travel_ms[unit_i, circle_i] <= LIMIT_MS and ground.weight[circle_i] > 0:
                options.append((-gain, int(travel_ms[unit_i, circle_i]), unit_i, circle_i))
    found = suggest_for_coverage(standing, approach_of(travel_ms), MoveLimits(busy_ppm=busy_ppm))
    assert [(m.travel_ms, m.unit_i, m.circle_i) for m in found] == [
        each[1:] for each in sorted(options)[:1]
    ]


@settings(deadline=None, max_examples=60)
@given(towns(), st.integers(0, 5))
def test_every_move_adds_to_the_coverage_and_nobody_is_asked_twice(town, n_moves):
    standing, travel_ms, busy_ppm = town
    ground = Ground(standing.holds_from_post, standing.circle_weights, busy_ppm)
    limits = MoveLimits(n_moves=n_moves, busy_ppm=busy_ppm)
    moves = suggest_for_coverage(standing, approach_of(travel_ms), limits)
    assert len(moves) <= n_moves
    assert len({move.unit_i for move in moves}) == len(moves)
    within, worth = standing.coverage.within.copy(), 0
    worth = expected_ppm(n_of(within, standing.available), ground)
    for move in moves:
        within[move.unit_i] = ground.reach[move.circle_i]
        after = expected_ppm(n_of(within, standing.available), ground)
        assert after > worth
        worth = after


@settings(deadline=None, max_examples=60)
@given(towns())
def test_a_unit_more_never_adds_more_than_the_one_before(town):
    standing, _, busy_ppm = town
    ground = Ground(standing.holds_from_post, standing.circle_weights, busy_ppm)
    now = n_of(standing.coverage.within, standing.available)
    gains = post_gains(now, ground)
    assert (post_gains(now + 1, ground) <= gains).all()
    for post_i, gain in enumerate(gains.tolist()):
        assert gain == expected_ppm(now + ground.reach[post_i], ground) - expected_ppm(now, ground)


def test_a_unit_that_comes_free_goes_where_the_paper_sends_it():
    # Two units stand at the heavy circle already; the third adds more at the light one.
    weights = np.array([10, 3])
    standing = standing_of([[1, 0], [1, 0], [0, 0]], weights=weights)
    freed = Approach(np.array([2]), np.arange(2), np.array([[5, 900]], np.int32))
    for busy_ppm, circle_i in ((300_000, 1), (800_000, 0)):
        [move] = suggest_for_coverage(standing, freed, MoveLimits(busy_ppm=busy_ppm))
        assert (move.unit_i, move.circle_i) == (2, circle_i)
    assert move.reasons == ()


def test_a_unit_leaves_what_it_held_and_says_so():
    standing = standing_of([[1, 0], [1, 0]], weights=np.array([2, 9]))
    [move] = suggest_for_coverage(standing, approach_of([[0, 70], [0, 50]]))
    assert (move.unit_i, move.gained, move.weakened) == (1, (1,), (0,))
    assert [code for code, _, _ in move.reasons] == ["ends_circle_lost", "leaves_circle_edge"]


@pytest.mark.parametrize("policy_id", ["circles", "dmexclp"])
def test_nobody_is_asked_more_often_than_the_cap_of_a_shift(policy_id):
    suggest = get_move_up(policy_id)
    standing = standing_of([[1, 0, 0], [1, 0, 0], [1, 0, 0]])
    near = approach_of([[0, 10, 20], [0, 11, 21], [0, 12, 22]])
    asked = MoveLimits(n_moves=2, n_moved=np.array([2, 1, 0]), per_unit=2, per_shift=9)
    assert {move.unit_i for move in suggest(standing, near, asked)} == {1, 2}
    assert suggest(standing, near, asked._replace(per_shift=3)) == ()
    assert len(suggest(standing, near, asked._replace(per_shift=4))) == 1
    assert suggest(standing, near, asked._replace(per_unit=0)) == ()
    assert len(suggest(standing, near, asked._replace(n_moved=None))) == 2
    assert suggest(standing, near, asked._replace(limit_ms=9)) == ()


def test_a_way_to_move_up_is_chosen_by_its_name():
    assert [*MOVE_UPS] == ["circles", "all_circles", "dmexclp", "none"]
    assert get_move_up("none")(standing_of([[0]]), approach_of([[1]]), MoveLimits()) == ()
    known = "'nearest' is unknown; choose one of circles, all_circles, dmexclp"
    with pytest.raises(BadInputError, match=known):
        get_move_up("nearest")


@pytest.mark.parametrize("busy_ppm", [0, PPM, -5])
def test_an_absurd_share_of_busy_time_is_refused(busy_ppm):
    ground = Ground(np.ones((1, 1), np.bool_), np.array([1]), busy_ppm)
    with pytest.raises(ValueError, match="ppm"):
        post_gains(np.array([0]), ground)


def test_more_demand_than_can_be_counted_exactly_is_refused():
    ground = Ground(np.ones((1, 1), np.bool_), np.array([MAX_WEIGHT + 1]), 1)
    with pytest.raises(ValueError, match="weights go from 0"):
        expected_ppm(np.array([0]), ground)
