"""Restrictions that lead over streets: times equal a search that remembers all it has driven."""

import heapq
from collections import Counter
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import raw_map

from kuaifan.board.road_changes import CLOSED, Closure, changes_of
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.raw import RawWay, TurnRule
from kuaifan.roads.ride import Ride
from kuaifan.roads.rings import RingGrower
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 8
SPOTS = [(30.0 + 0.001 * (i * 5 % 8), 110.0 + 0.001 * (i * 3 % 7)) for i in range(N_NODES)]
KINDS = ["no_left_turn", "no_u_turn", "no_straight_on", "only_straight_on", "only_left_turn"]
LONGEST = 8
fractions = st.one_of(st.sampled_from([0, 1, PPM // 2, PPM - 1, PPM]), st.integers(0, PPM))


@st.composite
def maps(draw):
    """Short ways, and rules over one or two of them that mostly lead on from each other."""
    ways, taken = [], set()
    lines = st.lists(st.integers(1, N_NODES), min_size=2, max_size=4, unique=True)
    for nodes in draw(st.lists(lines, min_size=6, max_size=16)):
        pairs = {frozenset(pair) for pair in pairwise(nodes)}
        if not pairs & taken:
            taken |= pairs
            way_id, oneway = len(ways) + 1, draw(st.sampled_from([0, 0, 0, 0, 1, -1]))
            ways.append(RawWay(way_id, tuple(nodes), "service", oneway, name=str(way_id)))
    rules = []
    for rule_id in range(draw(st.integers(1, 5))):
        walk = [draw(st.sampled_from(ways))]
        for _ in range(draw(st.sampled_from([2, 2, 3]))):
            ends = {walk[-1].nodes[0], walk[-1].nodes[-1]}
            fresh = [w for w in ways if ends & {*w.nodes} and w not in walk[1:]]
            walk.append(draw(st.sampled_from(fresh or ways)))
        assume(not {walk[0].way_id, walk[-1].way_id} & {way.way_id for way in walk[1:-1]})
        assume(len({way.way_id for way in walk[1:-1]}) == len(walk) - 2)
        one, *via, other = (way.way_id for way in walk)
        kind = draw(st.sampled_from(KINDS))
        rules.append(TurnRule(rule_id, one, 0, other, kind, tuple(via)))
    for rule_id in range(draw(st.integers(0, 3))):
        one = draw(st.sampled_from(ways))
        via = draw(st.sampled_from(one.nodes))
        other = draw(st.sampled_from([way for way in ways if via in way.nodes]))
        rules.append(TurnRule(50 + rule_id, one.way_id, via, other.way_id, "no_left_turn"))
    return raw_map(SPOTS, ways, turn_rules=tuple(rules))


class Streets:
    """The stretches of the map, as (way, from, to), that each arc leads over."""

    def __init__(self, network: RoadNetwork) -> None:
        spot = {place: node for node, place in enumerate(SPOTS, start=1)}
        at = list(zip(network.shape_lat.tolist(), network.shape_lon.tolist(), strict=True))
        first = network.shape_first.tolist()
        self.network = network
        self.arcs = np.flatnonzero(~network.is_turn).tolist()
        self.steps = {}
        for arc in self.arcs:
            nodes = [spot[place] for place in at[first[arc] : first[arc + 1]]]
            way = int(network.names[network.name_i[arc]])
            self.steps[arc] = tuple((way, *pair) for pair in pairwise(nodes))

    def all_steps(self):
        return {step for steps in self.steps.values() for step in steps}


def walks(rule, steps):
    """Every walk by a rule's own words, without driving any stretch twice, either way."""
    found = []
    for order in (rule.via_ways, rule.via_ways[::-1]):
        waiting = [] if found else [(step,) for step in steps if step[0] == rule.from_way]
        while waiting:
            walk = waiting.pop()
            for step in steps:
                if step[1] != walk[-1][2]:
                    continue
                driven = [way for way, _ in groupby(each[0] for each in walk[1:])]
                is_back = step[1:] == walk[-1][:0:-1] and step[0] == walk[-1][0]
                if driven == [*order] and step[0] == rule.to_way and not is_back:
                    found.append((*walk, step))
                again = any({*step[1:]} == {*each[1:]} for each in walk[1:])
                onward = [way for way, _ in groupby((*(e[0] for e in walk[1:]), step[0]))]
                if not again and not is_back and onward == [*order[: len(onward)]]:
                    waiting.append((*walk, step))
    return [*dict.fromkeys(found)]


def forbidden_walks(raw, steps):
    """Sequences of stretches that nobody may drive, and how often each rule counts."""
    found, counts = set(), Counter()
    for rule in raw.turn_rules:
        if not rule.via_ways:
            ins = [s for s in steps if s[0] == rule.from_way and s[2] == rule.via_node]
            outs = [s for s in steps if s[0] == rule.to_way and s[1] == rule.via_node]
            if len(ins) == len(outs) == 1:
                found.add((ins[0], outs[0]))
            continue
        ways = walks(rule, steps)
        if len(ways) != 1:
            counts["turn_ambiguous" if ways else "turn_not_driven"] += 1
        elif rule.kind.startswith("only"):
            for n in range(2, len(ways[0])):
                ahead = [s for s in steps if s[1] == ways[0][n - 1][2] and s != ways[0][n]]
                found |= {(*ways[0][:n], s) for s in ahead}
        else:
            found.add(ways[0])
    return found, counts


def both_sides(network, place):
    yield place.arc, place.fraction_ppm
    if network.twin[place.arc] >= 0:
        yield int(network.twin[place.arc]), PPM - place.fraction_ppm


def may_follow(driven, steps, forbidden):
    whole = (*driven, *steps)
    return not any(
        whole[at : at + len(walk)] == walk
        for walk in forbidden
        for at in range(max(0, len(driven) - len(walk) + 1), len(whole) - len(walk) + 1)
    )


def brute_force_ms(streets, forbidden, start, goal, profile=0):
    """Each state is an arc just driven to its end, and the last stretches before."""
    network = streets.network
    ms = network.travel_ms[profile].tolist()
    goals = dict(both_sides(network, goal))
    best, heap, done = UNREACHABLE_MS, [], set()
    for arc, ppm in both_sides(network, start):
        heap.append((ms[arc] - ms[arc] * ppm // PPM, arc, streets.steps[arc][-LONGEST:]))
        if goals.get(arc, -1) >= ppm:
            best = min(best, ms[arc] * goals[arc] // PPM - ms[arc] * ppm // PPM)
    heapq.heapify(heap)
    while heap:
        at_ms, arc, driven = heapq.heappop(heap)
        if (arc, driven) in done or at_ms >= best:
            continue
        done.add((arc, driven))
        for other in streets.arcs:
            steps = streets.steps[other]
            if driven[-1][2] != steps[0][1] or not may_follow(driven, steps, forbidden):
                continue
            if other in goals:
                best = min(best, at_ms + ms[other] * goals[other] // PPM)
            heapq.heappush(heap, (at_ms + ms[other], other, (*driven, *steps)[-LONGEST:]))
    return best


def build_both(raw):
    try:
        open_, _ = build_network(replace(raw, turn_rules=()))
        return open_, *build_network(raw)
    except BadInputError:
        assume(condition=False)
        raise


def check_path(streets, forbidden, path, travel_ms):
    """It takes that long, drives on streets only, and nothing that is forbidden."""
    network = streets.network
    assert path.travel_ms == travel_ms
    if not path.arcs:
        return
    driven = ()
    for arc in path.arcs:
        if network.is_turn[arc]:
            continue
        assert may_follow(driven, streets.steps[arc], forbidden)
        driven = (*driven, *streets.steps[arc])
    assert Ride(Snapper(network).lines, path).travel_ms == travel_ms


@settings(deadline=None, max_examples=80)
@given(maps(), st.data())
def test_times_equal_a_search_that_remembers_every_street_it_has_driven(raw, data):
    open_, network, report = build_both(raw)
    forbidden, counts = forbidden_walks(raw, Streets(open_).all_steps())
    streets = Streets(network)
    n_over_ways = sum(bool(rule.via_ways) for rule in raw.turn_rules)
    assert report.turns.n_via_ways == n_over_ways - counts.total()
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
    if shut.percent != CLOSED:
        assert times_ms[0] == brute_force_ms(streets, forbidden, post, one)
    bound_ms = 60_000
    grower = RingGrower(network)
    grower.use_weights(closed_ms[0])
    pieces = grower.grow([post], bound_ms).cut(bound_ms)
    assert not network.is_turn[pieces.arc].any()
    rows = list(zip(*(x.tolist() for x in (pieces.arc, pieces.from_ppm, pieces.to_ppm)), strict=True))
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
    lines = [((1, 2), 1), ((2, 3), 1), ((4, 5), 1), ((5, 6), 1), ((2, 5), 0), ((3, 4), 1), ((6, 1), 1)]
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


@pytest.mark.parametrize("make", [DijkstraTravelTimes, lambda n: CchTravelTimes(n, range(n.n_nodes))])
def test_a_u_turn_forbidden_between_carriageways_is_driven_round_and_the_link_stays_open(make):
    network, report = build_network(dual_carriageway(TurnRule(1, 1, 0, 4, "no_u_turn", (5,))))
    assert (report.turns.n_via_ways, report.dropped) == (1, {})
    engine = make(network)
    way = engine.path(at_middle(network, 1), at_middle(network, 4))
    # Who turns round on both ends of the link has broken no rule of this map.
    assert driven_ways(network, way) == ["1", "5", "5", "5", "4"]
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
        replace(doubled, hidden=np.array([[0, -1]]) + np.flatnonzero(doubled.length_m)[:1, None] * [1, 0])
