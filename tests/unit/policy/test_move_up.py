"""Move-up: the move suggested equals the best of all single moves, tried one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.policy.coverage import EDGE_PRICE_MS, Coverage
from kuaifan.policy.fleet import (
    AT_POST,
    EN_ROUTE,
    NOT_AVAILABLE,
    OFF_DUTY,
    ON_SCENE,
    PATROLLING,
    RETURNING,
    STANDBY,
)
from kuaifan.policy.move_up import (
    HEAVY_WEIGHT,
    LIMIT_MS,
    Approach,
    Standing,
    list_movable,
    list_worth_filling,
    suggest_moves,
)
from kuaifan.policy.scoring import UNREACHABLE_MS

FREE = {STANDBY, AT_POST, PATROLLING, RETURNING}


def standing_of(within, *, states=None, weights=None, holds=None):
    within = np.array(within, np.bool_)
    n_units, n_circles = within.shape
    coverage = Coverage(tuple(f"C{i}" for i in range(n_circles)), n_units)
    coverage.within[:] = within
    state = np.array([AT_POST] * n_units if states is None else states, np.int8)
    available = (state >= STANDBY) & (state <= RETURNING)
    return Standing(coverage, available, state, weights, holds)


def approach_of(travel_ms):
    travel_ms = np.array(travel_ms, np.int32)
    return Approach(*map(np.arange, travel_ms.shape), travel_ms)


def test_the_nearest_reserve_goes_to_the_lost_circle_and_says_what_it_leaves():
    standing = standing_of([[1, 0, 0], [1, 0, 0], [0, 1, 0]])
    [move] = suggest_moves(standing, approach_of([[0, 9, 300], [0, 9, 200], [9, 0, 100]]))
    # P2 is nearest, but would leave C1 without anyone.
    assert (move.unit_i, move.circle_i, move.travel_ms) == (1, 2, 200)
    assert (move.gained, move.weakened) == ((2,), (0,))
    assert move.reasons == (("ends_circle_lost", 0, "C2"), ("leaves_circle_edge", EDGE_PRICE_MS,
                                                             "C0"))  # fmt: skip


def test_a_unit_that_holds_nothing_weakens_nothing():
    standing = standing_of([[0, 0], [1, 0], [1, 0]])
    [move] = suggest_moves(standing, approach_of([[9, 50], [9, 60], [9, 70]]))
    assert (move.unit_i, move.weakened) == (0, ())
    assert move.reasons == (("ends_circle_lost", 0, "C1"),)


def test_between_equally_near_units_the_one_goes_that_weakens_less():
    standing = standing_of([[1, 0, 1], [1, 0, 0], [1, 0, 1]])
    [move] = suggest_moves(standing, approach_of([[0, 7, 0], [0, 7, 0], [0, 7, 0]]))
    assert (move.unit_i, move.circle_i, move.weakened) == (1, 1, ())


def test_nobody_moves_further_than_the_limit():
    standing = standing_of([[1, 0], [1, 0]])
    for travel_ms, n_moves in ((LIMIT_MS, 1), (LIMIT_MS + 1, 0), (UNREACHABLE_MS, 0)):
        assert len(suggest_moves(standing, approach_of([[0, travel_ms]] * 2))) == n_moves
    assert suggest_moves(standing, approach_of([[0, 10]] * 2), limit_ms=9) == ()


@pytest.mark.parametrize("state", range(ON_SCENE + 1))
def test_only_free_units_are_moved(state):
    standing = standing_of([[0]], states=[state])
    assert len(suggest_moves(standing, approach_of([[5]]))) == (state in FREE)
    assert list_movable(standing).tolist() == ([0] if state in FREE else [])


def test_a_free_unit_kept_from_being_available_is_not_moved():
    standing = standing_of([[0]])._replace(available=np.zeros(1, np.bool_))
    assert suggest_moves(standing, approach_of([[5]])) == ()


def test_an_edge_circle_is_filled_only_where_demand_is_heavy():
    within = [[1, 0], [0, 0]]
    near = approach_of([[0, 5], [5, UNREACHABLE_MS]])
    lost_ignored = np.array([1, 0])
    assert suggest_moves(standing_of(within, weights=lost_ignored), near) == ()
    heavy = standing_of(within, weights=np.array([HEAVY_WEIGHT, 0]))
    [move] = suggest_moves(heavy, near)
    assert (move.unit_i, move.gained) == (1, (0,))
    assert move.reasons == (("makes_circle_held", 0, "C0"),)
    assert list_worth_filling(heavy).tolist() == [0]


def test_reserves_are_not_swapped_between_equally_heavy_circles():
    within, near = [[1, 0], [1, 0], [0, 1]], approach_of([[0, 5]] * 3)
    assert suggest_moves(standing_of(within, weights=np.array([2, 2])), near) == ()
    [move] = suggest_moves(standing_of(within, weights=np.array([2, 3])), near)
    assert (move.unit_i, move.gained, move.weakened) == (0, (1,), (0,))


def test_the_lost_circle_comes_before_the_edge_one_and_the_heavier_before_the_nearer():
    standing = standing_of([[1, 0, 0], [0, 0, 0]], weights=np.array([9, 1, 2]))
    [move] = suggest_moves(standing, approach_of([[0, 1, 1], [1, 2, 3]]))
    assert (move.unit_i, move.circle_i) == (1, 2)


def test_a_circle_of_weight_nought_is_left_alone():
    standing = standing_of([[0, 0]], weights=np.array([0, 0]))
    assert suggest_moves(standing, approach_of([[1, 1]])) == ()


def test_what_a_post_holds_beside_its_own_circle_counts():
    holds = np.array([[1, 0], [1, 1]], np.bool_)
    standing = standing_of([[1, 0]], holds=holds)
    [move] = suggest_moves(standing, approach_of([[0, 5]]))
    assert (move.circle_i, move.gained, move.weakened) == (1, (1,), ())
    assert suggest_moves(standing._replace(holds_from_post=None), approach_of([[0, 5]])) == ()


def test_the_second_move_is_made_after_the_first():
    standing = standing_of([[1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]])
    travel = approach_of([[0, 10, 20], [0, 11, 19], [0, 12, 12], [0, 13, 13]])
    moves = suggest_moves(standing, travel, n_moves=9)
    assert [(move.unit_i, move.circle_i) for move in moves] == [(0, 1), (2, 2)]
    assert suggest_moves(standing, travel, n_moves=0) == ()
    assert standing.coverage.within[:, 0].all()


def test_road_times_may_be_given_for_a_few_units_and_circles_only():
    standing = standing_of([[1, 0, 0], [1, 0, 0], [1, 0, 0]])
    few = Approach(np.array([2, 1]), np.array([2]), np.array([[7], [7]], np.int32))
    [move] = suggest_moves(standing, few)
    assert (move.unit_i, move.circle_i, move.travel_ms) == (1, 2, 7)


def n_holding(within, available):
    return [sum(bool(r[c]) for r, a in zip(within, available, strict=True) if a)
            for c in range(within.shape[1])]  # fmt: skip


def moves_by_hand(standing, travel_ms, weights, holds):
    """All single moves that may be made, by what they are chosen for."""
    within, available = standing.coverage.within, standing.available
    was = n_holding(within, available)
    for unit_i, circle_i in np.ndindex(travel_ms.shape):
        if not available[unit_i] or int(standing.state[unit_i]) not in FREE:
            continue
        after_within = within.copy()
        after_within[unit_i] = holds[circle_i]
        after = n_holding(after_within, available)
        to_edge = was[circle_i] == 0 and weights[circle_i] >= 1
        to_held = was[circle_i] == 1 and weights[circle_i] >= HEAVY_WEIGHT
        weakened = [c for c in range(len(was)) if was[c] >= 2 and after[c] == 1]
        if (
            travel_ms[unit_i, circle_i] <= LIMIT_MS
            and (to_edge or to_held)
            and after[circle_i] == was[circle_i] + 1
            and not any(n == 0 < before for before, n in zip(was, after, strict=True))
            and (to_edge or all(weights[c] < weights[circle_i] for c in weakened))
        ):
            gained = [c for c in range(len(was)) if min(after[c], 2) > min(was[c], 2)]
            key = (was[circle_i], -weights[circle_i], travel_ms[unit_i, circle_i], len(weakened))
            yield (*map(int, key), unit_i, circle_i), tuple(gained), tuple(weakened)


@st.composite
def towns(draw):
    n_units, n_circles = draw(st.integers(0, 6)), draw(st.integers(0, 4))

    def table(rows, columns, values, dtype):
        drawn = draw(st.lists(values, min_size=rows * columns, max_size=rows * columns))
        return np.array(drawn, dtype).reshape(rows, columns)

    states = st.sampled_from([*FREE, *FREE, OFF_DUTY, NOT_AVAILABLE, EN_ROUTE])
    state = table(1, n_units, states, np.int8)[0]
    standing = standing_of(table(n_units, n_circles, st.booleans(), np.bool_), states=state)
    kept = table(1, n_units, st.sampled_from([True, True, False]), np.bool_)[0]
    holds = table(n_circles, n_circles, st.booleans(), np.bool_) | np.eye(n_circles, dtype=np.bool_)
    times = st.integers(0, 3) | st.integers(LIMIT_MS - 1, LIMIT_MS + 1) | st.just(UNREACHABLE_MS)
    return (
        standing._replace(
            available=standing.available & kept,
            circle_weights=draw(
                st.sampled_from([None, table(1, n_circles, st.integers(0, 3), int)[0]])
            ),
            holds_from_post=draw(st.sampled_from([None, holds])),
        ),
        table(n_units, n_circles, times, np.int32),
    )


@settings(deadline=None, max_examples=300)
@given(towns())
def test_the_move_is_the_best_of_all_single_moves(town):
    standing, travel_ms = town
    n_circles = travel_ms.shape[1]
    given_weights, given_holds = standing.circle_weights, standing.holds_from_post
    weights = np.ones(n_circles, int) if given_weights is None else given_weights
    holds = np.eye(n_circles, dtype=np.bool_) if given_holds is None else given_holds
    every = sorted(moves_by_hand(standing, travel_ms, weights, holds))
    found = suggest_moves(standing, approach_of(travel_ms))
    assert len(found) == min(len(every), 1)
    for move, (key, gained, weakened) in zip(found, every, strict=False):
        assert (move.travel_ms, move.unit_i, move.circle_i) == (key[2], *key[4:])
        assert (move.gained, move.weakened) == (gained, weakened)
        assert move.circle_i in list_worth_filling(standing)
        assert move.unit_i in list_movable(standing)


@settings(deadline=None, max_examples=100)
@given(towns(), st.integers(0, 4))
def test_however_many_moves_no_circle_is_lost_by_them(town, n_moves):
    standing, travel_ms = town
    moves = suggest_moves(standing, approach_of(travel_ms), n_moves=n_moves)
    assert len(moves) <= n_moves
    assert len({move.unit_i for move in moves}) == len(moves)
    holds = standing.holds_from_post
    within = standing.coverage.within.copy()
    before = n_holding(within, standing.available)
    for move in moves:
        row = np.arange(within.shape[1]) == move.circle_i if holds is None else holds[move.circle_i]
        within[move.unit_i] = row
    after = n_holding(within, standing.available)
    assert all(now > 0 for was, now in zip(before, after, strict=True) if was > 0)
    assert sum(n == 0 for n in after) <= sum(n == 0 for n in before)
