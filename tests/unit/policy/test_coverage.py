"""The price of sending a unit equals what a count of the circles with and without it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.policy.made_fleets import cases, fleet_of

from kuaifan.policy.coverage import EDGE_PRICE_MS, LOST_PRICE_MS, PLAIN, Coverage, Holding
from kuaifan.policy.coverage_kernel import COMPILED
from kuaifan.policy.fleet import FIRST_AVAILABLE, LAST_AVAILABLE, ON_SCENE

RANK = {"held": 0, "edge": 1, "lost": 2}


def states_of(within, available):
    """State of each circle, counted unit by unit."""
    names = ["lost", "edge"]
    n_holding = [
        sum(bool(row[circle_i]) for row, is_free in zip(within, available, strict=True) if is_free)
        for circle_i in range(within.shape[1])
    ]
    return [names[n] if n < len(names) else "held" for n in n_holding]


def price_by_hand(within, available, unit_i):
    """Take the unit away, count anew, and charge each circle that came down."""
    if not available[unit_i]:
        return 0
    without = available.copy()
    without[unit_i] = False
    before, after = states_of(within, available), states_of(within, without)
    prices = {("edge", "lost"): LOST_PRICE_MS, ("held", "edge"): EDGE_PRICE_MS}
    return sum(prices.get(pair, 0) for pair in zip(before, after, strict=True))


@settings(max_examples=50)
@given(cases())
def test_the_price_equals_a_count_with_and_without_each_unit(case):
    coverage, available = case.coverage, case.fleet.available()
    expected = [price_by_hand(coverage.within, available, i) for i in range(len(case.fleet))]
    assert coverage.price_ms(available).tolist() == expected
    assert coverage.price_ms(available).dtype == np.int64


@settings(max_examples=50)
@given(cases())
def test_the_states_and_the_circles_left_are_those_counted(case):
    coverage, available = case.coverage, case.fleet.available()
    before = states_of(coverage.within, available)
    assert coverage.states(available) == dict(zip(coverage.circle_ids, before, strict=True))
    for unit_i in np.flatnonzero(available):
        without = available.copy()
        without[unit_i] = False
        after = states_of(coverage.within, without)
        moved = [
            (circle_id, state)
            for circle_id, was, state in zip(coverage.circle_ids, before, after, strict=True)
            if was != state
        ]
        lost = [circle_id for circle_id, state in moved if state == "lost"]
        edge = [circle_id for circle_id, state in moved if state == "edge"]
        assert coverage.left_lost(unit_i, available) == lost
        assert coverage.left_edge(unit_i, available) == edge


@given(cases(), st.data())
def test_a_unit_more_never_makes_a_circle_worse(case, data):
    if not len(case.fleet):
        return
    available = case.fleet.available()
    more = available.copy()
    more[data.draw(st.integers(0, len(case.fleet) - 1))] = True
    before, after = case.coverage.states(available), case.coverage.states(more)
    assert all(RANK[after[circle_id]] <= RANK[before[circle_id]] for circle_id in before)


def test_without_circles_or_units_nothing_costs_anything():
    assert Coverage((), 3).price_ms(np.ones(3, np.bool_)).tolist() == [0, 0, 0]
    assert Coverage(("C1",), 0).price_ms(np.ones(0, np.bool_)).tolist() == []
    assert Coverage(("C1",), 0).states(np.ones(0, np.bool_)) == {"C1": "lost"}


@pytest.mark.parametrize("state", range(ON_SCENE + 1))
@pytest.mark.parametrize("n_others", [0, 1, 2])
def test_a_unit_costs_the_circle_it_leaves_in_every_state_that_may_be_sent(state, n_others):
    fleet = fleet_of(
        ("P0", "patrol", (), state),
        *((f"P{no}", "patrol", (), FIRST_AVAILABLE) for no in range(1, n_others + 1)),
    )
    coverage = Coverage(("C1",), len(fleet))
    coverage.within[:] = True
    price_ms = coverage.price_ms(fleet.available())
    may_go = FIRST_AVAILABLE <= state <= LAST_AVAILABLE
    expected_ms = (LOST_PRICE_MS, EDGE_PRICE_MS, 0)[n_others] if may_go else 0
    assert price_ms[0] == expected_ms == price_by_hand(coverage.within, fleet.available(), 0)


@given(cases(), st.integers(0, 90_000), st.integers(0, 90_000))
def test_circles_are_counted_and_priced_alike_plainly_and_compiled(case, lost_ms, edge_ms):
    within, available = case.coverage.within, case.fleet.available()
    n_holding = PLAIN.n_holding(within, available)
    found = COMPILED.n_holding(within, available)
    assert (found.tolist(), found.dtype) == (n_holding.tolist(), np.int64)
    prices = [
        each.price_ms(within, available, n_holding, (lost_ms, edge_ms))
        for each in (PLAIN, COMPILED)
    ]
    assert prices[0].tolist() == prices[1].tolist()
    assert {each.dtype for each in prices} == {np.dtype(np.int64)}


@settings(max_examples=50)
@given(cases(), st.data())
def test_the_count_carried_from_change_to_change_is_the_count_made_anew(case, data):
    coverage, available = case.coverage, case.fleet.available()
    n_units, n_circles = coverage.within.shape
    first = coverage.within.copy(), available.copy()
    holding = Holding(coverage, available)
    for _ in range(data.draw(st.integers(0, 4))):
        few = st.lists(st.sampled_from(range(n_units)), unique=True) if n_units else st.just([])
        units = np.array(data.draw(few), np.int64)
        size = len(units) * (n_circles + 1)
        drawn = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
        change = np.array(drawn, np.bool_).reshape(len(units), n_circles + 1)
        holding.set_available(units, change[:, 0])
        holding.set_within(units, change[:, 1:])
        again = Coverage(coverage.circle_ids, n_units)
        again.within[:] = holding.within
        assert holding.n_holding.tolist() == again.n_holding(holding.available).tolist()
    assert (coverage.within == first[0]).all()
    assert (available == first[1]).all()
