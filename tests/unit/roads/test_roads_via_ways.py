"""Restrictions that lead over streets: times equal a search that remembers all it has driven."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.driven_histories import (
    Streets,
    both_sides,
    brute_force_ms,
    build_both,
    check_path,
    forbidden_walks,
    fractions,
    has_trap,
    maps,
)
from unit.roads.made_networks import raw_map

from kuaifan.board.road_changes import CLOSED, Closure, changes_of
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.raw import RawWay, TurnRule
from kuaifan.roads.rings import RingGrower
from kuaifan.roads.travel import PPM, RoadPosition
from kuaifan.roads.turn_times import TurnPenalties


@settings(deadline=None, max_examples=80)
@given(maps(), st.data())
def test_times_equal_a_search_that_remembers_every_street_it_has_driven(raw, data):
    open_, network, report = build_both(raw)
    forbidden, counts = forbidden_walks(raw, Streets(open_).all_steps())
    streets = Streets(network)
    n_over_ways = sum(bool(rule.via_ways) for rule in raw.turn_rules)
    assert report.turns.n_via_ways == n_over_ways - counts.total()
    assume(not has_trap(streets, forbidden))
    places = st.builds(RoadPosition, st.sampled_from(streets.arcs), fractions)
    starts, goal = data.draw(st.lists(places, min_size=1, max_size=4)), data.draw(places)
    expected = [brute_force_ms(streets, forbidden, one, goal) for one in starts]
    back = [brute_force_ms(streets, forbidden, goal, one) for one in starts]
    order = data.draw(st.permutations(range(network.n_nodes)))
    at = ([one.arc for one in starts], [one.fraction_ppm for one in starts])
    for engine in (DijkstraTravelTimes(network), CchTravelTimes(network, order)):
        assert engine.to_one(*at, goal).tolist() == expected
        assert engine.from_one(goal, *at).tolist() == back
        check_path(streets, forbidden, engine.path(starts[0], goal), expected[0])
    cch = CchTravelTimes(network, order)
    assert cch.matrix(at, ([goal.arc], [goal.fraction_ppm]))[:, 0].tolist() == expected
    assert np.array_equal(cch.to_node_ms(goal), DijkstraTravelTimes(network).to_node_ms(goal))


@settings(deadline=None, max_examples=60)
@given(maps(), st.data())
def test_rings_hold_what_is_reached_in_time_and_closures_hold_on_doubles(raw, data):
    _, network, _ = build_both(raw)
    streets = Streets(network)
    places = st.builds(RoadPosition, st.sampled_from(streets.arcs), st.integers(1, PPM - 1))
    post, one = data.draw(places), data.draw(places)
    shut = Closure(
        closure_id="R1",
        points=(),
        arcs=(data.draw(st.sampled_from(streets.arcs)),),
        percent=data.draw(st.sampled_from([CLOSED, 50])),
        reason="x",
        by="y",
        until_ms=1,
    )
    changes = changes_of(network, [shut])
    engines = DijkstraTravelTimes(network), CchTravelTimes(network, range(network.n_nodes))
    for engine in engines:
        engine.change_arcs(changes.arcs, changes.travel_ms)
    times_ms = [engine.from_one(post, [one.arc], [one.fraction_ppm])[0] for engine in engines]
    assert times_ms[0] == times_ms[1]
    closed_ms = network.travel_ms.copy()
    closed_ms[:, changes.arcs] = changes.travel_ms
    under = replace(network, travel_ms=closed_ms)
    streets.network = under
    forbidden, _ = forbidden_walks(raw, Streets(build_both(raw)[0]).all_steps())
    if shut.percent != CLOSED and not has_trap(streets, forbidden):
        assert times_ms[0] == brute_force_ms(streets, forbidden, post, one)
    bound_ms = 60_000
    grower = RingGrower(network)
    grower.use_weights(closed_ms[0])
    pieces = grower.grow([post], bound_ms).cut(bound_ms)
    assert not network.is_turn[pieces.arc].any()
    rows = list(
        zip(*(x.tolist() for x in (pieces.arc, pieces.from_ppm, pieces.to_ppm)), strict=True)
    )
    is_in = any(
        arc == row[0] and row[1] <= ppm <= row[2]
        for arc, ppm in both_sides(network, one)
        for row in rows
    )
    assert is_in == (times_ms[0] <= bound_ms)


def dual_carriageway(*rules):
    """Two one-way carriageways, 1-2-3 east and 4-5-6 west, joined at 2-5, and far off by a loop."""
    spots = [(30.0, 110.0), (30.0, 110.001), (30.0, 110.002)]
    spots += [(30.0002, 110.002), (30.0002, 110.001), (30.0002, 110.0)]
    lines = [
        ((1, 2), 1),
        ((2, 3), 1),
        ((4, 5), 1),
        ((5, 6), 1),
        ((2, 5), 0),
        ((3, 4), 1),
        ((6, 1), 1),
    ]
    ways = [
        RawWay(i, nodes, "secondary", oneway, name=str(i))
        for i, (nodes, oneway) in enumerate(lines, start=1)
    ]
    return raw_map(spots, ways, turn_rules=rules)


def at_middle(network, way):
    arc = next(
        arc
        for arc in np.flatnonzero(~network.is_turn).tolist()
        if network.names[network.name_i[arc]] == str(way)
    )
    return RoadPosition(arc, PPM // 2)


def driven_ways(network, path):
    return [network.names[network.name_i[arc]] for arc in path.arcs if not network.is_turn[arc]]


@pytest.mark.parametrize(
    "make", [DijkstraTravelTimes, lambda n: CchTravelTimes(n, range(n.n_nodes))]
)
def test_a_u_turn_forbidden_between_carriageways_is_driven_round_and_the_link_stays_open(make):
    network, report = build_network(dual_carriageway(TurnRule(1, 1, 0, 4, "no_u_turn", (5,))))
    assert (report.turns.n_via_ways, report.dropped) == (1, {})
    engine = make(network)
    way = engine.path(at_middle(network, 1), at_middle(network, 4))
    # Who turns round on both ends of the link has broken no rule of this map.
    assert driven_ways(network, way) == ["1", "5", "5", "5", "4"]
    raw = dual_carriageway(TurnRule(1, 1, 0, 4, "no_u_turn", (5,)))
    timed = make(build_network(raw, turn_penalties=TurnPenalties.MAIN)[0])
    round_ = timed.path(at_middle(timed.network, 1), at_middle(timed.network, 4))
    assert driven_ways(timed.network, round_) == ["1", "2", "6", "3", "4"]
    onto_link = engine.path(at_middle(network, 1), at_middle(network, 5))
    assert driven_ways(network, onto_link) == ["1", "5"]
    from_link = engine.path(at_middle(network, 5), at_middle(network, 4))
    assert driven_ways(network, from_link) == ["5", "4"]
    across = engine.path(at_middle(network, 3), at_middle(network, 2))
    assert driven_ways(network, across) == ["3", "5", "2"]


def test_a_command_over_a_street_holds_once_that_street_is_entered():
    rule = TurnRule(1, 3, 0, 2, "only_left_turn", (5,))
    network, report = build_network(dual_carriageway(rule))
    assert report.turns.n_via_ways == 1
    engine = DijkstraTravelTimes(network)
    ahead = engine.path(at_middle(network, 3), at_middle(network, 4))
    assert driven_ways(network, ahead) == ["3", "4"]
    back = engine.path(at_middle(network, 3), at_middle(network, 2))
    assert driven_ways(network, back) == ["3", "5", "2"]


def test_a_network_with_doubles_is_stored_and_read_and_one_without_keeps_its_arrays():
    plain, _ = build_network(dual_carriageway())
    assert "hidden" not in plain.to_arrays()
    doubled, _ = build_network(dual_carriageway(TurnRule(1, 1, 0, 4, "no_u_turn", (5,))))
    assert len(doubled.hidden) == 2
    read = RoadNetwork.from_arrays(doubled.to_arrays())
    assert read.content_hash() == doubled.content_hash()
    assert np.array_equal(read.hidden, doubled.hidden)
    with pytest.raises(ValueError, match="a hidden arc has a length"):
        replace(
            doubled,
            hidden=np.array([[0, -1]]) + np.flatnonzero(doubled.length_m)[:1, None] * [1, 0],
        )
