"""Motorcycles and people on foot: each way of going equals a search that knows its rules alone."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import raw_map
from unit.roads.walked_ways import WALK, walked_ms

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.raw import BLOCKED_MS, CAR, DRIVEN, FOOT, MOTORCYCLE, RawWay, TurnRule
from kuaifan.roads.reach import Reach
from kuaifan.roads.snap import Snapper
from kuaifan.roads.speeds import PROFILES
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 9
SPOTS = [(30.0 + 0.001 * (i * 5 % 9), 110.0 + 0.001 * (i * 3 % 7)) for i in range(N_NODES)]
SIREN, MOTOR = (PROFILES.index(name) for name in ("siren", "motorcycle"))
BIT = {0: CAR, SIREN: CAR, MOTOR: MOTORCYCLE, WALK: FOOT}
ALL = DRIVEN | FOOT
fractions = st.one_of(st.sampled_from([0, 1, PPM // 2, PPM - 1, PPM]), st.integers(0, PPM))
kinds = st.sampled_from(
    [
        *(("service", ALL), ("service", ALL), ("motorway", DRIVEN), ("service", CAR | FOOT)),
        *(("pedestrian", FOOT), ("footway", FOOT | MOTORCYCLE)),
    ]
)


@st.composite
def maps(draw):
    """Streets and ways for some only, some one-way, with forbidden turns and bollards."""
    ways, taken = [], set()
    lines = st.lists(st.integers(1, N_NODES), min_size=2, max_size=4, unique=True)
    for nodes in draw(st.lists(lines, min_size=5, max_size=14)):
        pairs = {frozenset(pair) for pair in pairwise(nodes)}
        if not pairs & taken:
            taken |= pairs
            (highway, modes), way_id = draw(kinds), len(ways) + 1
            oneway = draw(st.sampled_from([0, 0, 0, 1, -1]))
            name = str(way_id)
            ways.append(RawWay(way_id, tuple(nodes), highway, oneway, name=name, modes=modes))
    rules = []
    for rule_id in range(draw(st.integers(0, 5))):
        one = draw(st.sampled_from(ways))
        via = draw(st.sampled_from(one.nodes))
        other = draw(st.sampled_from([way for way in ways if via in way.nodes]))
        rules.append(TurnRule(rule_id, one.way_id, via, other.way_id, "no_left_turn"))
    node = st.integers(1, N_NODES)
    bollards = draw(st.dictionaries(node, st.just(BLOCKED_MS), max_size=1))
    passing = dict.fromkeys(bollards, FOOT | MOTORCYCLE)
    return raw_map(SPOTS, ways, turn_rules=tuple(rules), barrier_ms=bollards, barrier_modes=passing)


def built(raw):
    try:
        return build_network(raw)
    except BadInputError:
        assume(condition=False)
        raise


@settings(deadline=None, max_examples=250)
@given(maps(), st.data())
def test_whoever_walks_heeds_no_one_way_no_turn_and_no_bollard(raw, data):
    network, report = built(raw)
    arcs = np.flatnonzero(~network.is_turn).tolist()
    places = st.builds(RoadPosition, st.sampled_from(arcs), fractions)
    start, goal = data.draw(places), data.draw(places)
    by_rule = walked_ms(network, start, goal)
    order = data.draw(st.permutations(range(network.n_nodes)))
    for engine in (DijkstraTravelTimes(network), CchTravelTimes(network, order)):
        ms = int(engine.to_one([start.arc], [start.fraction_ppm], goal, profile=WALK)[0])
        # A split junction is stepped through in two milliseconds at most.
        assert by_rule <= ms <= min(by_rule + 2 * report.turns.n_split, UNREACHABLE_MS)


@settings(deadline=None, max_examples=250)
@given(maps(), st.data())
def test_both_engines_give_the_same_integers_by_every_profile_and_on_its_own_arcs(raw, data):
    network, _ = built(raw)
    profile = data.draw(st.sampled_from(range(len(PROFILES))))
    places = st.builds(RoadPosition, st.integers(0, network.n_arcs - 1), fractions)
    starts, goal = data.draw(st.lists(places, min_size=1, max_size=5)), data.draw(places)
    truth = DijkstraTravelTimes(network)
    engine = CchTravelTimes(network, data.draw(st.permutations(range(network.n_nodes))))
    arcs, ppm = zip(*starts, strict=True)
    how = {"profile": profile}
    assert (
        engine.to_one(arcs, ppm, goal, **how).tolist()
        == truth.to_one(arcs, ppm, goal, **how).tolist()
    )
    path, expected = (each.path(starts[0], goal, **how) for each in (engine, truth))
    assert path.travel_ms == expected.travel_ms
    if path.travel_ms < UNREACHABLE_MS:
        assert (network.travel_ms[profile, list(path.arcs)] < UNREACHABLE_MS).all()
    reach = Reach(network, truth, [goal], bound_ms=UNREACHABLE_MS, profile=profile)
    table = reach.times(np.array(arcs), np.array(ppm))[:, 0]
    assert table.tolist() == truth.to_one(arcs, ppm, goal, **how).tolist()


@settings(deadline=None, max_examples=200)
@given(maps())
def test_what_is_walked_changes_nothing_for_cars(raw):
    def is_car(way):
        return bool(way.modes & CAR)

    for_cars = [replace(way, modes=CAR) for way in raw.ways if is_car(way)]
    assume(for_cars)
    network, report = built(raw)
    plain, plain_report = built(replace(raw, ways=for_cars, barrier_modes={}))
    assert network.is_driven.sum() >= plain.n_arcs
    assert report.length_km == pytest.approx(plain_report.length_km, abs=1e-6)
    truth, with_walks = DijkstraTravelTimes(plain), DijkstraTravelTimes(network)
    at = {}
    for arc in np.flatnonzero(network.is_driven & ~network.is_turn).tolist():
        at.setdefault((network.names[network.name_i[arc]], *first_spots(network, arc)), arc)
    for one in np.flatnonzero(~plain.is_turn).tolist():
        for other in (0, plain.n_arcs - 1):
            if plain.is_turn[other]:
                continue
            starts = [at[(g.names[g.name_i[a]], *first_spots(g, a))] for g, a in ((plain, one),)]
            goals = at[(plain.names[plain.name_i[other]], *first_spots(plain, other))]
            ms = truth.to_one([one], [0], RoadPosition(other, 0))[0]
            same = with_walks.to_one(starts, [0], RoadPosition(goals, 0))[0]
            # Each arc is rounded up by itself; where somebody walks off, it is two.
            assert ms <= same <= ms + 2 * N_NODES


def first_spots(network, arc):
    first = int(network.shape_first[arc])
    lat, lon = network.shape_lat, network.shape_lon
    return lat[first], lon[first], lat[first + 1], lon[first + 1]


SQUARE = [(30.0, 110.0), (30.0, 110.002), (30.002, 110.002), (30.002, 110.0), (30.001, 110.0005)]
RING = RawWay(1, (1, 2, 3, 4, 1), "residential", name="环路", modes=ALL)


def test_no_car_is_found_on_a_way_for_walking_and_whoever_walks_is():
    lane = RawWay(2, (1, 5, 3), "pedestrian", name="步行街", modes=FOOT)
    network, report = build_network(raw_map(SQUARE, [RING, lane]))
    assert report.n_ways_drivable == 1
    for profile, is_lane in ((0, False), (MOTOR, False), (WALK, True)):
        found = Snapper(network, profile=profile).snap_one(30.001, 110.0005).position
        assert (network.names[network.name_i[found.arc]] == "步行街") is is_lane
        assert network.travel_ms[profile, found.arc] < UNREACHABLE_MS


def test_a_car_against_a_one_way_is_not_turned_onto_the_arc_that_is_only_walked():
    ring = replace(RING, oneway=1)
    network, _ = build_network(raw_map(SQUARE, [ring]))
    assert network.twin[0] >= 0
    for heading_deg in (0.0, 90.0, 180.0, 270.0):
        found = Snapper(network).snap([30.0], [110.001], heading_deg=[heading_deg])
        assert network.is_driven[found.arc[0]]
    walker = Snapper(network, profile=WALK)
    ways = {
        int(walker.snap([30.0], [110.001], heading_deg=[heading]).arc[0]) for heading in (90, 270)
    }
    assert len(ways) == 2


def test_a_motorcycle_rides_between_bollards_where_cars_turn_round():
    street = RawWay(2, (1, 5, 3), "service", name="巷", modes=ALL)
    raw = raw_map(
        SQUARE,
        [RING, street],
        barrier_ms={5: BLOCKED_MS},
        barrier_modes={5: FOOT | MOTORCYCLE},
    )
    network, report = build_network(raw)
    assert report.turns.n_blocked == 1
    snapper = Snapper(network)
    at = snapper.snap([30.0009, 30.0011], [110.00045, 110.00065])
    goal = RoadPosition(int(at.arc[1]), int(at.fraction_ppm[1]))
    engine = DijkstraTravelTimes(network)
    by_car, by_motorcycle, on_foot = (
        int(engine.to_one(at.arc[:1], at.fraction_ppm[:1], goal, profile=profile)[0])
        for profile in (0, MOTOR, WALK)
    )
    assert by_motorcycle < by_car // 3
    assert on_foot < 40_000


def test_a_walk_reaches_only_what_can_be_walked_to_and_the_rest_is_left_out():
    island = RawWay(3, (6, 7), "pedestrian", name="岛", modes=FOOT)
    spots = [*SQUARE, (31.0, 111.0), (31.001, 111.0)]
    network, _ = build_network(raw_map(spots, [RING, island]))
    assert "岛" not in network.names
    assert network.n_nodes < len(spots)
