"""The table of times to the posts gives what a search from each position would have found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import network_of, raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.reach import Marks, Reach, mark_plain
from kuaifan.roads.reach_kernel import mark_compiled
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 6
fractions = st.one_of(st.sampled_from([0, 1, PPM // 2, PPM - 1, PPM]), st.integers(0, PPM))
times_ms = st.one_of(st.integers(1, 4), st.integers(1, 5_000), st.just(UNREACHABLE_MS))
bounds_ms = st.one_of(st.integers(0, 6), st.integers(0, 20_000), st.just(UNREACHABLE_MS - 1))
nodes = st.integers(0, N_NODES - 1)
streets = st.lists(st.tuples(nodes, nodes, times_ms, st.none() | times_ms), min_size=1, max_size=10)


@st.composite
def questions(draw):
    network = network_of(N_NODES, draw(streets))
    arcs = st.integers(0, network.n_arcs - 1)
    places = st.builds(RoadPosition, arcs, fractions)
    positions, targets = draw(st.lists(places, max_size=4)), draw(st.lists(places, max_size=3))
    # Some targets stand on the street of a position, either way round.
    for place in positions[: draw(st.integers(0, len(positions)))]:
        twin = int(network.twin[place.arc])
        arc = draw(st.sampled_from([place.arc, twin if twin >= 0 else place.arc]))
        targets.append(RoadPosition(arc, draw(fractions)))
    return network, positions, targets, draw(bounds_ms), draw(st.sampled_from([0, 1]))


def columns_of(positions):
    arcs = np.array([place.arc for place in positions], np.int32)
    return arcs, np.array([place.fraction_ppm for place in positions], np.int32)


def searched(travel, positions, targets, **options):
    """(k, n_targets) by one search per target."""
    columns = [travel.to_one(*columns_of(positions), target, **options) for target in targets]
    return np.array(columns, np.int64).reshape(len(targets), len(positions)).T


@settings(deadline=None)
@given(questions())
def test_the_table_equals_a_search_from_each_position(question):
    network, positions, targets, bound_ms, profile = question
    travel = DijkstraTravelTimes(network)
    options = {"bound_ms": bound_ms, "profile": profile}
    reach = Reach(network, travel, targets, **options)
    expected = searched(travel, positions, targets, **options)
    found = reach.times(*columns_of(positions))
    assert found.tolist() == expected.tolist()
    assert found.shape == (len(positions), len(targets))
    within = reach.within(*columns_of(positions))
    assert within.tolist() == (expected <= bound_ms).tolist()


@settings(deadline=None)
@given(questions(), st.lists(st.integers(0, 12), min_size=1, max_size=3), bounds_ms)
def test_rows_are_marked_alike_plainly_and_compiled(question, limits_s, near_ms):
    network, positions, targets, bound_ms, profile = question
    travel = DijkstraTravelTimes(network)
    reach = Reach(network, travel, targets, bound_ms=bound_ms, profile=profile)
    limits_ms = np.array(sorted(each * 1000 for each in limits_s), np.int64)
    places, rows = columns_of(positions), np.arange(len(positions))[::2]
    found = []
    for mark in (mark_plain, mark_compiled):
        shape = len(positions), len(targets)
        band, near = np.full(shape, 9, np.int8), np.zeros(shape, np.bool_)
        marks = Marks(band, near, np.zeros(shape, np.int32), limits_ms, near_ms)
        mark(reach, rows, places, marks)
        found.append((band.tolist(), near.tolist(), marks.way_ms.tolist()))
    assert found[0] == found[1]
    times_ms = searched(travel, positions, targets, bound_ms=bound_ms, profile=profile)
    assert found[0][1][::2] == (times_ms <= near_ms)[::2].tolist()
    is_near = (times_ms <= bound_ms)[::2]
    ways_ms = np.array(found[0][2]).reshape(times_ms.shape)[::2]
    assert ways_ms[is_near].tolist() == times_ms[::2][is_near].tolist()


@pytest.mark.parametrize("seed", range(4))
def test_on_a_built_town_the_table_equals_a_search_from_each_position(seed):
    network, _report = build_network(raw_town(seed, n_side=6))
    rng = np.random.default_rng(seed)
    travel = DijkstraTravelTimes(network)
    targets = [
        RoadPosition(int(rng.integers(network.n_arcs)), int(rng.integers(PPM + 1)))
        for _ in range(5)
    ]
    arcs = rng.integers(0, network.n_arcs, 300)
    # Every tenth position stands on the street of a target.
    arcs[::10] = [targets[i % len(targets)].arc for i in range(len(arcs[::10]))]
    ppm = rng.integers(0, PPM + 1, len(arcs))
    positions = [RoadPosition(int(arc), int(part)) for arc, part in zip(arcs, ppm, strict=True)]
    n_within = list[int]()
    for bound_ms in (30_000, 60_000, 900_000):
        reach = Reach(network, travel, targets, bound_ms=bound_ms)
        expected = searched(travel, positions, targets, bound_ms=bound_ms)
        assert reach.times(arcs, ppm).tolist() == expected.tolist()
        n_within.append(int(reach.within(arcs, ppm).sum()))
    assert 0 < n_within[0] < n_within[1] < n_within[2]


@pytest.mark.parametrize("seed", range(2))
def test_a_place_named_from_either_side_of_its_street_has_the_same_times(seed):
    network, _report = build_network(raw_town(seed, n_side=5))
    reach = Reach(
        network, DijkstraTravelTimes(network), [RoadPosition(3, 400_000)], bound_ms=600_000
    )
    arcs = np.flatnonzero(network.twin >= 0)
    ppm = np.random.default_rng(seed).integers(0, PPM + 1, len(arcs))
    there = reach.times(arcs, ppm)
    back = reach.times(network.twin[arcs], PPM - ppm)
    assert there.tolist() == back.tolist()


def test_a_closed_street_is_not_driven_even_to_a_post_on_it():
    network = network_of(2, [(0, 1, UNREACHABLE_MS, 1_000)])
    travel = DijkstraTravelTimes(network)
    [closed] = np.flatnonzero(network.travel_ms[0] >= UNREACHABLE_MS)
    reach = Reach(network, travel, [RoadPosition(int(closed), 2)], bound_ms=10_000)
    assert reach.times(np.array([closed]), np.array([1])).tolist() == [[UNREACHABLE_MS]]


def test_after_other_weights_the_table_is_that_of_the_other_weights():
    network, _ = build_network(raw_town(8))
    rng = np.random.default_rng(8)
    targets = [RoadPosition(int(arc), 500_000) for arc in rng.integers(network.n_arcs, size=4)]
    positions = [RoadPosition(int(arc), 250_000) for arc in rng.integers(network.n_arcs, size=40)]
    travel = DijkstraTravelTimes(network)
    reach = Reach(network, travel, targets, bound_ms=120_000)
    before = reach.times(*columns_of(positions)).tolist()
    closed = rng.choice(network.n_arcs, 12, replace=False)
    travel.change_arcs(closed, np.full((len(network.profiles), 12), UNREACHABLE_MS))
    reach.refresh(travel, travel.network.travel_ms)
    after = reach.times(*columns_of(positions)).tolist()
    assert after == searched(travel, positions, targets, bound_ms=120_000).tolist()
    assert after != before
    travel.change_arcs(closed, network.travel_ms[:, closed])
    reach.refresh(travel, travel.network.travel_ms)
    assert reach.times(*columns_of(positions)).tolist() == before
