"""Forbidden turns: times equal a search over streets that knows the rules but no split node."""

import heapq
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import raw_map

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.raw import BLOCKED_MS, RawWay, TurnRule
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 8
SPOTS = [(30.0 + 0.001 * (i * 5 % 8), 110.0 + 0.001 * (i * 3 % 7)) for i in range(N_NODES)]
KINDS = ["no_left_turn", "no_u_turn", "no_straight_on", "only_straight_on", "only_left_turn"]
fractions = st.one_of(st.sampled_from([0, 1, PPM // 2, PPM - 1, PPM]), st.integers(0, PPM))


@st.composite
def maps(draw):
    """Ways with names of their own, so that an arc tells its way; no two between the same nodes."""
    ways, taken = [], set()
    lines = st.lists(st.integers(1, N_NODES), min_size=2, max_size=4, unique=True)
    for nodes in draw(st.lists(lines, min_size=4, max_size=14)):
        pairs = {frozenset(pair) for pair in pairwise(nodes)}
        if not pairs & taken:
            taken |= pairs
            way_id, oneway = len(ways) + 1, draw(st.sampled_from([0, 0, 0, 1, -1]))
            ways.append(RawWay(way_id, tuple(nodes), "service", oneway, name=str(way_id)))
    rules = []
    for rule_id in range(draw(st.integers(1, 8))):
        one = draw(st.sampled_from(ways))
        via = draw(st.sampled_from([one.nodes[0], one.nodes[-1], *one.nodes]))
        other = draw(st.sampled_from([way for way in ways if via in way.nodes]))
        kind = draw(st.sampled_from(KINDS))
        rules.append(TurnRule(rule_id, one.way_id, via, other.way_id, kind))
    barriers = st.dictionaries(
        st.integers(1, N_NODES), st.sampled_from([BLOCKED_MS, 20_000]), max_size=1
    )
    return raw_map(SPOTS, ways, turn_rules=tuple(rules), barrier_ms=draw(barriers))


class Streets:
    """What the built network is told apart by: the node ids along each arc, and its way."""

    def __init__(self, network: RoadNetwork) -> None:
        spot = {place: node for node, place in enumerate(SPOTS, start=1)}
        at = list(zip(network.shape_lat.tolist(), network.shape_lon.tolist(), strict=True))
        first = network.shape_first.tolist()
        self.network = network
        self.arcs = np.flatnonzero(~network.is_turn).tolist()
        self.nodes = {i: [spot[place] for place in at[first[i] : first[i + 1]]] for i in self.arcs}
        self.way = {i: int(network.names[network.name_i[i]]) for i in self.arcs}

    def begin(self, arc):
        return (self.way[arc], *self.nodes[arc][:2])

    def end(self, arc):
        return (self.way[arc], *self.nodes[arc][-2:])

    def steps(self):
        """Every stretch between two nodes of the map, as (way, from, to)."""
        return {(self.way[arc], *pair) for arc in self.arcs for pair in pairwise(self.nodes[arc])}


def forbidden_turns(raw, steps):
    """By the rules' own words, from one stretch to the next; also how often each rule counts."""
    turns, counts = set(), Counter()
    for rule in raw.turn_rules:
        ins = [s for s in steps if s[0] == rule.from_way and s[2] == rule.via_node]
        outs = [s for s in steps if s[0] == rule.to_way and s[1] == rule.via_node]
        back = {(s, (s[0], s[2], s[1])) for s in ins if (s[0], s[2], s[1]) in outs}
        is_back = rule.kind == "no_u_turn" and rule.from_way == rule.to_way
        if not ins or not outs or (is_back and not back):
            counts["turn_not_driven"] += 1
        elif is_back:
            turns |= back
        elif len(ins) + len(outs) > 2:
            counts["turn_ambiguous"] += 1
        elif rule.kind.startswith("only"):
            turns |= {(ins[0], s) for s in steps if s[1] == rule.via_node and s != outs[0]}
        else:
            turns.add((ins[0], outs[0]))
    for node, ms in raw.barrier_ms.items():
        near = {frozenset(s[1:]) for s in steps if node in s[1:]}
        if ms == BLOCKED_MS and len(near) == 2:
            turns |= {(s, t) for s in steps for t in steps if s[2] == t[1] == node and s[1] != t[2]}
    return turns, counts


def both_sides(network, place):
    yield place.arc, place.fraction_ppm
    if network.twin[place.arc] >= 0:
        yield int(network.twin[place.arc]), PPM - place.fraction_ppm


def brute_force_ms(streets, forbidden, start, goal, profile):
    """From arc to arc: each state is an arc just driven to its end."""
    network = streets.network
    ms = network.travel_ms[profile].tolist()
    goals = dict(both_sides(network, goal))
    best, heap, done = UNREACHABLE_MS, [], set()
    for arc, ppm in both_sides(network, start):
        heap.append((ms[arc] - ms[arc] * ppm // PPM, arc))
        if goals.get(arc, -1) >= ppm:
            best = min(best, ms[arc] * goals[arc] // PPM - ms[arc] * ppm // PPM)
    heapq.heapify(heap)
    while heap:
        at_ms, arc = heapq.heappop(heap)
        if arc in done:
            continue
        done.add(arc)
        for other in streets.arcs:
            if streets.end(arc)[2] != streets.begin(other)[1]:
                continue
            if (streets.end(arc), streets.begin(other)) in forbidden:
                continue
            if other in goals:
                best = min(best, at_ms + ms[other] * goals[other] // PPM)
            heapq.heappush(heap, (at_ms + ms[other], other))
    return best


def build_both(raw):
    try:
        open_, _ = build_network(replace(raw, turn_rules=(), barrier_ms={}))
        return open_, *build_network(raw)
    except BadInputError:
        assume(condition=False)
        raise


@settings(deadline=None, max_examples=300)
@given(maps(), st.data())
def test_times_equal_a_search_from_street_to_street_that_knows_only_the_rules(raw, data):
    open_, network, report = build_both(raw)
    forbidden, counts = forbidden_turns(raw, Streets(open_).steps())
    streets = Streets(network)
    assert streets.steps() <= Streets(open_).steps()
    for cause in ("turn_not_driven", "turn_ambiguous"):
        assert report.dropped.get(cause, 0) == counts[cause]
    assert report.turns.n_applied == len(raw.turn_rules) - counts.total()
    places = st.builds(RoadPosition, st.sampled_from(streets.arcs), fractions)
    starts, goal = data.draw(st.lists(places, min_size=1, max_size=4)), data.draw(places)
    profile = data.draw(st.sampled_from([0, 1]))
    expected = [brute_force_ms(streets, forbidden, one, goal, profile) for one in starts]
    back = [brute_force_ms(streets, forbidden, goal, one, profile) for one in starts]
    order = data.draw(st.permutations(range(network.n_nodes)))
    arcs, ppm = zip(*starts, strict=True)
    for engine in (DijkstraTravelTimes(network), CchTravelTimes(network, order)):
        assert engine.to_one(arcs, ppm, goal, profile=profile).tolist() == expected
        assert engine.from_one(goal, arcs, ppm, profile=profile).tolist() == back
        path = engine.path(starts[0], goal, profile=profile)
        assert path.travel_ms == expected[0]
        driven = [arc for arc in path.arcs if not network.is_turn[arc]]
        for one, other in pairwise(driven):
            assert streets.end(one)[2] == streets.begin(other)[1]
            assert (streets.end(one), streets.begin(other)) not in forbidden


@settings(deadline=None, max_examples=200)
@given(maps())
def test_every_street_still_reaches_every_other_and_keeps_its_shape_and_its_twin(raw):
    open_, network, _ = build_both(raw)
    streets, before = Streets(network), Streets(open_)
    forbidden, _ = forbidden_turns(raw, before.steps())
    places = [RoadPosition(arc, PPM // 2) for arc in streets.arcs]
    for one in places:
        for other in (places[0], places[-1]):
            assert brute_force_ms(streets, forbidden, one, other, 0) < UNREACHABLE_MS
            assert brute_force_ms(streets, forbidden, other, one, 0) < UNREACHABLE_MS
    steps = streets.steps()
    for arc in streets.arcs:
        twin = int(network.twin[arc])
        back = [(streets.way[arc], *pair[::-1]) for pair in pairwise(streets.nodes[arc])]
        assert (twin >= 0) == (back[0] in steps)
        assert twin < 0 or streets.nodes[twin] == streets.nodes[arc][::-1]
    turns = np.flatnonzero(network.is_turn)
    lat, lon = network.node_lat, network.node_lon
    assert np.array_equal(lat[network.tail[turns]], lat[network.head[turns]])
    assert np.array_equal(lon[network.tail[turns]], lon[network.head[turns]])
    assert not network.name_i[turns].any()


# A crossing: 1 in the middle, 2 north, 3 east, 4 south, 5 west.
CROSS = [(30.0, 110.0), (30.001, 110.0), (30.0, 110.001), (29.999, 110.0), (30.0, 109.999)]
ARMS = [RawWay(i, (i, 1), "residential", name=f"{i}") for i in (2, 3, 4, 5)]


def cross(*rules, ways=ARMS, **more):
    made = tuple(TurnRule(i, one, 1, other, kind) for i, (one, kind, other) in enumerate(rules))
    return raw_map(CROSS, ways, turn_rules=made, **more)


def test_one_forbidden_turn_costs_one_node_and_one_arc():
    network, report = build_network(cross((4, "no_left_turn", 5)))
    assert (network.n_nodes, network.n_arcs, int(network.is_turn.sum())) == (6, 9, 1)
    assert (report.turns.n_applied, report.turns.n_split) == (1, 1)
    assert report.steps[-2].name == "junctions split"
    assert network.travel_ms[:, network.is_turn].tolist() == [[0], [0], [0], [UNREACHABLE_MS]]
    assert (network.travel_ms[:, ~network.is_turn] > 0).all()


def test_a_map_without_rules_stays_what_it_was():
    plain, report = build_network(cross())
    assert (plain.n_nodes, plain.n_arcs, report.turns.n_split) == (5, 8, 0)
    network, _ = build_network(cross((4, "no_left_turn", 9), (9, "only_left_turn", 4)))
    assert network.content_hash() == plain.content_hash()


def test_a_left_turn_forbidden_is_driven_round_the_arm_ahead():
    network, _ = build_network(cross((4, "no_left_turn", 5)))
    engine, name = DijkstraTravelTimes(network), np.array(network.names)[network.name_i]
    arm = {n: next(a for a in np.flatnonzero(name == n) if network.head[a] != 0) for n in "2345"}
    path = engine.path(RoadPosition(int(arm["4"]), PPM // 2), RoadPosition(int(arm["5"]), PPM // 2))
    driven = [str(name[arc]) for arc in path.arcs if name[arc]]
    assert driven[0] == "4"
    assert driven[-1] == "5"
    assert len(driven) == 4
    assert driven[1] == driven[2]


def test_a_street_that_nobody_may_enter_any_more_goes_and_is_counted():
    rules = [(n, "no_straight_on", 5) for n in (2, 3, 4)]
    network, report = build_network(cross(*rules))
    assert report.dropped == {"cut_off_by_turns": 2}
    assert "5" not in {network.names[i] for i in network.name_i}


def test_a_bollard_ends_the_street_on_both_sides_and_a_gate_takes_twenty_seconds():
    spots = [(30.0, 110.0), (30.001, 110.0), (30.002, 110.0), (30.001, 110.003)]
    ring = [RawWay(1, (1, 2, 3), "service"), RawWay(2, (3, 4, 1), "residential")]
    plain, _ = build_network(raw_map(spots, ring))
    gated, report = build_network(raw_map(spots, ring, barrier_ms={2: 20_000}))
    assert report.turns.n_gates == 1
    wait_ms = gated.travel_ms[:3].sum(axis=1) - plain.travel_ms[:3].sum(axis=1)
    # Both ways; rounded up once more for each piece that stands alone now.
    assert all(40_000 <= ms < 40_010 for ms in wait_ms.tolist())
    shut, report = build_network(raw_map(spots, ring, barrier_ms={2: BLOCKED_MS}))
    assert (report.turns.n_blocked, report.turns.n_split) == (1, 1)
    at = Snapper(shut).snap([30.0009, 30.0011], [110.0, 110.0])
    goal = RoadPosition(int(at.arc[1]), int(at.fraction_ppm[1]))
    over_ms = DijkstraTravelTimes(shut).to_one(at.arc[:1], at.fraction_ppm[:1], goal)[0]
    # All round: more than along the other street.
    assert over_ms > shut.travel_ms[0].sum() / 2 * 0.9


def test_a_barrier_at_a_junction_bars_nothing():
    network, report = build_network(cross(barrier_ms={1: BLOCKED_MS}))
    assert report.dropped == {"barrier_at_junction": 1}
    assert network.n_nodes == 5


def test_nobody_is_placed_on_a_turn_arc():
    network, _ = build_network(cross((4, "no_left_turn", 5), (2, "only_straight_on", 4)))
    snapper = Snapper(network)
    found = snapper.snap([30.0, 30.0, 30.0005], [110.0, 110.0, 110.0])
    assert not network.is_turn[found.arc].any()


@pytest.mark.parametrize("kind", ["no_left_turn", "only_left_turn"])
def test_a_way_that_goes_on_beyond_the_junction_leaves_the_rule_ambiguous(kind):
    through = [RawWay(2, (2, 1, 4), "residential", name="2"), *(ARMS[1], ARMS[3])]
    for rule in ((2, kind, 3), (3, kind, 2)):
        _, report = build_network(cross(rule, ways=through))
        assert report.dropped == {"turn_ambiguous": 1}
    one_way = [replace(through[0], oneway=1), *through[1:], RawWay(9, (4, 2), "residential")]
    _, report = build_network(cross((2, kind, 3), ways=one_way))
    assert report.turns.n_applied == 1
