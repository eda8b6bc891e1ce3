"""Porto's own turn restrictions: never faster than without, and equal to a search over streets."""

import itertools
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from kuaifan.city.read_osm import read_osm
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.travel import PPM, RoadPosition

PORTO = Path(__file__).resolve().parents[4] / "shared" / "data" / "roads" / "porto_portugal.osm.pbf"
N_TARGETS, N_STARTS = 10, 100


@pytest.fixture(name="porto", scope="module")
def fixture_porto():
    raw, _ = read_osm(PORTO)
    # Those that lead over streets are held against what remembers all, on made maps.
    rules = tuple(rule for rule in raw.turn_rules if not rule.via_ways)
    raw = replace(raw, barrier_ms={}, turn_rules=rules)
    network, report = build_network(raw)
    assert report.turns.n_applied > 300
    assert report.turns.n_split > 200
    return raw, network


def points_of(network, arc):
    first, last = network.shape_first[arc], network.shape_first[arc + 1]
    lat, lon = network.shape_lat[first:last].tolist(), network.shape_lon[first:last].tolist()
    return tuple(zip(lat, lon, strict=True))


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.skipif(not PORTO.parent.is_dir(), reason="there is no folder shared/data here")
def test_a_thousand_ways_are_never_faster_than_without_restrictions(porto):
    raw, network = porto
    open_, _ = build_network(replace(raw, turn_rules=()))
    there = {points_of(open_, arc): arc for arc in range(open_.n_arcs)}
    here = {arc: there.get(points_of(network, arc), -1) for arc in range(network.n_arcs)}
    driven = network.is_driven & ~network.is_turn
    same = np.array([arc for arc, other in here.items() if other >= 0 and driven[arc]])
    rng, engines = np.random.default_rng(1), []
    for one in (network, open_):
        engines.append(DijkstraTravelTimes(one))
        engines[-1].load_kernel()
    n_slower = 0
    for _ in range(N_TARGETS):
        arcs, ppm = rng.choice(same, N_STARTS), rng.integers(PPM + 1, size=N_STARTS)
        goal, goal_ppm = int(rng.choice(same)), int(rng.integers(PPM + 1))
        ms = engines[0].to_one(arcs, ppm, RoadPosition(goal, goal_ppm))
        others = [here[int(arc)] for arc in arcs]
        open_ms = engines[1].to_one(others, ppm, RoadPosition(here[goal], goal_ppm))
        assert (ms >= open_ms).all()
        n_slower += int((ms > open_ms + 1_000).sum())
    assert n_slower > 0


def forbidden_pairs(raw, open_):
    """From stretch to stretch of the map, read off the rules alone."""
    spot = {
        place: node
        for *place_, node in zip(
            raw.node_lat.tolist(), raw.node_lon.tolist(), raw.node_id.tolist(), strict=True
        )
        for place in [tuple(place_)]
    }
    way_of = {}
    for way in sorted(raw.ways, key=lambda way: -way.way_id):
        way_of |= {
            frozenset(pair): way.way_id for pair in zip(way.nodes, way.nodes[1:], strict=False)
        }
    ins, outs = defaultdict(list), defaultdict(list)
    vias = {rule.via_node for rule in raw.turn_rules}
    for arc in np.flatnonzero(open_.is_driven).tolist():
        nodes = [spot[point] for point in points_of(open_, arc)]
        for u, v in itertools.pairwise(nodes):
            if u in vias:
                outs[u].append((way_of[frozenset((u, v))], u, v))
            if v in vias:
                ins[v].append((way_of[frozenset((u, v))], u, v))
    pairs = set()
    for rule in raw.turn_rules:
        come = [s for s in ins[rule.via_node] if s[0] == rule.from_way]
        go = [s for s in outs[rule.via_node] if s[0] == rule.to_way]
        if rule.kind == "no_u_turn" and rule.from_way == rule.to_way:
            pairs |= {(s[1:], (s[2], s[1])) for s in come}
        elif len(come) == len(go) == 1 and rule.kind.startswith("only_"):
            pairs |= {(come[0][1:], s[1:]) for s in outs[rule.via_node] if s != go[0]}
        elif len(come) == len(go) == 1:
            pairs.add((come[0][1:], go[0][1:]))
    return spot, pairs


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.skipif(not PORTO.parent.is_dir(), reason="there is no folder shared/data here")
def test_times_over_porto_equal_a_search_from_street_to_street(porto):
    raw, network = porto
    spot, pairs = forbidden_pairs(raw, build_network(replace(raw, turn_rules=()))[0])
    arcs = np.flatnonzero(network.is_driven & ~network.is_turn)
    ms, twin = network.travel_ms[0].astype(np.int64), network.driven_twin
    ends = {}
    leaving = defaultdict(list)
    for arc in arcs.tolist():
        nodes = [spot[point] for point in points_of(network, arc)]
        ends[arc] = ((nodes[0], nodes[1]), (nodes[-2], nodes[-1]))
        leaving[nodes[0]].append(arc)
    rows, columns = [], []
    for arc, (_, end) in ends.items():
        onward = [other for other in leaving[end[1]] if (end, ends[other][0]) not in pairs]
        rows += [arc] * len(onward)
        columns += onward
    graph = csr_array((ms[columns].astype(float), (rows, columns)), shape=(network.n_arcs,) * 2)
    rng, engine = np.random.default_rng(2), CchTravelTimes(network, order_nodes(network))
    for start in rng.choice(arcs, N_TARGETS).tolist():
        goals = rng.choice(arcs[arcs != start], N_STARTS)
        goals = goals[goals != twin[start]]
        # The end of a street is the beginning of its twin, both to leave it and to reach it.
        at_ms = dijkstra(graph, indices=start)
        if twin[start] >= 0:
            at_ms = np.minimum(at_ms, dijkstra(graph, indices=twin[start]) + ms[twin[start]])
        other = np.where(twin[goals] >= 0, twin[goals], goals)
        over_twin_ms = np.where(twin[goals] >= 0, at_ms[other] - ms[other], np.inf)
        expected = np.minimum(at_ms[goals], over_twin_ms)
        found = engine.from_one(RoadPosition(start, PPM), goals, np.full(len(goals), PPM))
        assert found.tolist() == expected.astype(int).tolist()
