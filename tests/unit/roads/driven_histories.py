"""Random maps with restrictions over streets, and a search that remembers all it has driven."""

import heapq
from collections import Counter
from dataclasses import replace
from itertools import groupby, pairwise

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from unit.roads.made_networks import raw_map

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.raw import RawWay, TurnRule
from kuaifan.roads.ride import Ride
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import PPM

N_NODES = 8
SPOTS = [(30.0 + 0.001 * (i * 5 % 8), 110.0 + 0.00113 * (i * 3 % 7)) for i in range(N_NODES)]
KINDS = ["no_left_turn", "no_u_turn", "no_straight_on", "only_straight_on", "only_left_turn"]
LONGEST = 8
highways = st.sampled_from(["service", "service", "tertiary"])
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
            ways.append(RawWay(way_id, tuple(nodes), draw(highways), oneway, name=str(way_id)))
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
        self.arcs = np.flatnonzero(network.is_driven & ~network.is_turn).tolist()
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


def remembered(driven, forbidden):
    """The longest end of what was driven that begins something forbidden; else the last stretch."""
    ends = (driven[at:] for at in range(len(driven)))
    begun = (end for end in ends if any(walk[: len(end)] == end for walk in forbidden))
    return next(begun, driven[-1:])


def has_trap(streets, forbidden):
    """Whether rules that contradict each other let a car in and never out: such are left out."""
    number, pairs = {}, []
    waiting = [(arc, remembered(streets.steps[arc], forbidden)) for arc in streets.arcs]
    while waiting:
        arc, driven = state = waiting.pop()
        if state in number:
            continue
        number[state] = len(number)
        last = streets.steps[arc][-1]
        for other in streets.arcs:
            steps = streets.steps[other]
            if last[2] == steps[0][1] and may_follow(driven, steps, forbidden):
                after = other, remembered((*driven, *steps), forbidden)
                pairs.append((state, after))
                waiting.append(after)
    ends = np.array([[number[one], number[other]] for one, other in pairs]).reshape(-1, 2).T
    graph = coo_array((np.ones(ends.shape[1]), ends), shape=(len(number),) * 2)
    _, part = connected_components(graph.tocsr(), connection="strong")
    is_left = part[ends[0]] != part[ends[1]]
    return bool(
        {*part.tolist()} - {*part[ends[0][is_left]].tolist()} - {np.bincount(part).argmax()}
    )


def nothing_ms(_before, _after):
    """Turning at once."""
    return 0


def brute_force_ms(streets, forbidden, start, goal, *, turn_ms=nothing_ms, profile=0):
    """Each state is an arc just driven to its end, and the last stretches before."""
    network = streets.network
    ms = network.travel_ms[profile].tolist()
    goals = dict(both_sides(network, goal))
    best, heap, done = UNREACHABLE_MS, [], set()
    for arc, ppm in both_sides(network, start):
        if ms[arc] >= UNREACHABLE_MS:
            continue
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
            if ms[other] >= UNREACHABLE_MS:
                continue
            if driven[-1][2] != steps[0][1] or not may_follow(driven, steps, forbidden):
                continue
            on_ms = at_ms + turn_ms(driven[-1], steps[0])
            if other in goals:
                best = min(best, on_ms + ms[other] * goals[other] // PPM)
            heapq.heappush(heap, (on_ms + ms[other], other, (*driven, *steps)[-LONGEST:]))
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
