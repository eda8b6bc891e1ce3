"""Markers from batches of fixes (定位归并), and the circles that the units hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_city import START_MS, UNITS, Desk, corner, fix_batch, toy_reference

from kuaifan.app.rules import new_board
from kuaifan.board.fold_positions import FEW, fold_batch, fold_fixes, fold_many
from kuaifan.board.reference import HOLDING_RING_MS
from kuaifan.board.state import COLUMNS
from kuaifan.board.views import Views
from kuaifan.policy.fleet import PATROLLING
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary.unit import FixBatch


@pytest.fixture
def board():
    return new_board(toy_reference())


def position(board, unit_id):
    row = board.fleet.index[unit_id]
    return board.fleet.lat[row], board.fleet.lon[row], int(board.fleet.fix_at_ms[row])


def test_a_fix_moves_its_marker_and_no_other(board):
    rows = fold_batch(board, fix_batch(("P2", *corner(3, 3), 5.5, START_MS)), START_MS).rows
    row = board.fleet.index["P2"]
    assert rows == [row]
    assert position(board, "P2") == (*corner(3, 3), START_MS)
    assert (board.fleet.speed_mps[row], board.fleet.heading_deg[row]) == (5.5, -1)
    assert int((board.fleet.arc >= 0).sum()) == 1


def test_a_fix_no_newer_than_the_marker_is_passed_over(board):
    fold_batch(board, fix_batch(("P1", *corner(3, 3), 0, START_MS)), START_MS)
    for late_ms in (0, 5_000):
        batch = fix_batch(("P1", *corner(5, 5), 0, START_MS - late_ms))
        assert fold_batch(board, batch, START_MS).rows == []
    assert position(board, "P1") == (*corner(3, 3), START_MS)


def test_of_several_fixes_of_one_unit_the_newest_stays_in_whatever_order(board):
    fixes = [("P1", *corner(1, i), 0, START_MS + 1_000 * i) for i in (2, 4, 3)]
    fold_batch(board, fix_batch(*fixes), START_MS)
    assert position(board, "P1") == (*corner(1, 4), START_MS + 4_000)


def test_units_and_arcs_that_the_city_does_not_have_are_passed_over(board):
    known = fix_batch(("P1", *corner(3, 3), 0, START_MS))
    columns = {name: getattr(known, name) * 3 for name in known.__struct_fields__}
    n_arcs = board.reference.network.n_arcs
    columns |= {"unit_ids": ("P1", "X9", "P2"), "arc": (0, 0, n_arcs)}
    rows = fold_batch(board, FixBatch(**columns), START_MS).rows
    assert rows == [board.fleet.index["P1"]]


def test_a_fix_from_the_future_never_freezes_its_marker(board):
    fold_batch(board, fix_batch(("P1", *corner(3, 3), 0, START_MS + 3_600_000)), START_MS)
    fold_batch(board, fix_batch(("P1", *corner(4, 4), 0, START_MS + 1_000)), START_MS)
    assert position(board, "P1") == (*corner(4, 4), START_MS + 1_000)


def test_a_batch_of_nothing_moves_nothing(board):
    fold_fixes(board, fix_batch(), START_MS)
    assert not (board.fleet.arc >= 0).any()


columns_of_fixes = st.lists(
    st.tuples(
        st.sampled_from([*sorted(UNITS), "X9"]),
        st.integers(START_MS - 2_000, START_MS + 8_000),
        st.sampled_from([0, 1, 7, 10**6]),
        st.sampled_from([0, 250_000]),
        st.floats(0, 30),
    ),
    max_size=5,
    unique_by=lambda fix: fix[0],
)


@settings(max_examples=60, deadline=None)
@given(st.lists(columns_of_fixes, max_size=4))
def test_few_fixes_one_by_one_come_to_the_same_as_many_at_once(batches):
    one, other = new_board(toy_reference()), new_board(toy_reference())
    assert len(UNITS) < FEW
    for fixes in batches:
        unit_ids, at_ms, arc, ppm, speed = zip(*fixes, strict=True) if fixes else ((),) * 5
        place = speed, tuple(-each for each in speed)
        batch = FixBatch(unit_ids, at_ms, *place, arc, ppm, speed, (-1,) * len(fixes))
        moved = fold_batch(one, batch, START_MS)
        rows, uncertain = fold_many(other, batch, START_MS)
        assert (sorted(moved.rows), sorted(moved.uncertain)) == (sorted(rows), sorted(uncertain))
        for name in COLUMNS:
            columns = getattr(one.fleet, name), getattr(other.fleet, name)
            assert np.array_equal(*columns, equal_nan=columns[0].dtype.kind == "f"), name
    assert np.array_equal(one.coverage.within, other.coverage.within)


# --- coverage --------------------------------------------------------------------------------


def brute_force_within(board, bound_ms=HOLDING_RING_MS):
    """Which units reach which circle in time, by one search per circle."""
    fleet, within = board.fleet, np.zeros_like(board.coverage.within)
    seen = np.flatnonzero(fleet.arc >= 0)
    for circle_i, post in enumerate(board.reference.circle_posts):
        if len(seen):
            travel_ms = board.reference.travel.to_one(
                fleet.arc[seen],
                fleet.fraction_ppm[seen],
                RoadPosition(post.arc, post.fraction_ppm),
            )
            within[seen, circle_i] = travel_ms <= bound_ms
    return within


spots = st.tuples(st.floats(0, 8), st.floats(0, 8))
moves = st.lists(st.tuples(st.sampled_from(sorted(UNITS)), spots), max_size=12)


@settings(max_examples=30, deadline=None)
@given(moves)
def test_the_circles_held_are_those_of_a_recomputation_after_any_moves(chosen):
    board = new_board(toy_reference())
    for i, (unit_id, spot) in enumerate(chosen):
        fold_batch(board, fix_batch((unit_id, *corner(*spot), 0, START_MS + i)), START_MS)
    assert np.array_equal(board.coverage.within, brute_force_within(board))
    for ring_i, bound_ms in enumerate(board.reference.rings_ms):
        is_in = board.coverage.ring <= ring_i
        assert np.array_equal(is_in, brute_force_within(board, bound_ms))


def test_a_circle_is_shown_with_the_state_of_each_of_its_rings():
    board = new_board(toy_reference())
    views = Views()
    views.load(board, START_MS, {})
    post = board.reference.circle_posts[0]
    before = views.rows["circles", post.post_id].row
    assert [ring.minutes for ring in before.rings] == [1.0, 3.0, 5.0]
    assert {ring.state for ring in before.rings} == {"lost"}
    unit_id = min(UNITS)
    board.fleet.state[board.fleet.index[unit_id]] = PATROLLING
    board.fleet.n_crew[board.fleet.index[unit_id]] = 2
    fold_batch(board, fix_batch((unit_id, post.lat, post.lon, 0, START_MS)), START_MS)
    views.on_moved(board)
    row = views.rows["circles", post.post_id].row
    assert [(ring.state, ring.n_holding) for ring in row.rings] == [("edge", 1)] * 3


def test_a_circle_is_held_on_the_edge_or_lost_by_who_can_be_sent():
    desk = Desk()
    circle_ids = [post.post_id for post in desk.reference.circle_posts]
    assert circle_ids == ["KS-M", "SB-N", "SB-S"]

    def state():
        return desk.board.coverage.states(desk.board.fleet.available())["KS-M"]

    assert state() == "lost"
    desk.on_duty("P1")
    assert state() == "edge"
    desk.on_duty("P4")
    assert state() == "held"
    desk.sent(desk.opened("020302", corner(4, 4)), "P1")
    assert state() == "edge"
