"""A split junction is still one crossing of the same streets to whoever reads the map."""

from dataclasses import replace

import numpy as np
import pytest
from unit.roads.made_networks import raw_town

from kuaifan.board.road_changes import CLOSED, Closure, changes_of, stand_beside
from kuaifan.city.basemap_roads import gather_streets
from kuaifan.city.placement import list_standing
from kuaifan.city.places_streets import list_crossings, list_streets
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.raw import TurnRule
from kuaifan.roads.ride import Ride
from kuaifan.roads.rings import RingGrower, ring_hull, ring_lines
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import PPM, RoadPosition


def with_rules(raw, seed=3, n_rules=40):
    rng = np.random.default_rng(seed)
    rules = []
    for rule_id in range(n_rules):
        one = raw.ways[int(rng.integers(len(raw.ways)))]
        via = one.nodes[-1]
        others = [way for way in raw.ways if via in (way.nodes[0], way.nodes[-1]) and way != one]
        other = others[int(rng.integers(len(others)))]
        rules.append(TurnRule(rule_id, one.way_id, via, other.way_id, "no_left_turn"))
    return replace(raw, turn_rules=tuple(rules))


@pytest.fixture(name="towns", scope="module")
def fixture_towns():
    town = raw_town(5)
    # Both ways everywhere, so that no forbidden turn leaves a street without a way in.
    raw = replace(town, ways=[replace(way, oneway=0) for way in town.ways])
    plain, _ = build_network(raw)
    split, report = build_network(with_rules(raw))
    assert report.turns.n_split > 10
    assert split.is_turn.sum() > 10
    assert "cut_off_by_turns" not in report.dropped
    return plain, split


def test_crossings_and_streets_are_those_of_the_map_without_rules(towns):
    plain, split = towns
    assert list_crossings(split) == list_crossings(plain)
    named = [[(s.name, s.rank) for s in list_streets(network)] for network in towns]
    assert named[0] == named[1]


def test_the_basemap_draws_no_line_for_a_turn(towns):
    plain, split = (gather_streets(network) for network in towns)
    assert len(split.lines) == len(plain.lines)
    assert sorted(line.wkb for line in split.lines) == sorted(line.wkb for line in plain.lines)


def test_no_post_stands_on_a_turn(towns):
    plain, split = (list_standing(network) for network in towns)
    assert not towns[1].is_turn[split.arc].any()
    assert np.isclose(split.length_m.sum(), plain.length_m.sum())


def test_every_street_keeps_its_length_its_times_and_its_twin(towns):
    def streets(network):
        return sorted(
            (
                network.names[network.name_i[arc]],
                *network.shape_lat[first : first + 2].tolist(),
                float(network.length_m[arc]),
                *network.travel_ms[:, arc].tolist(),
                network.twin[arc] >= 0,
            )
            for arc, first in enumerate(network.shape_first[:-1].tolist())
            if not network.is_turn[arc]
        )

    plain, split = towns
    assert streets(split) == streets(plain)


def test_rings_over_split_junctions_hold_streets_only(towns):
    _, split = towns
    rings = RingGrower(split).grow([RoadPosition(0, PPM // 2)], 120_000)
    pieces = rings.cut(120_000)
    assert len(pieces.arc) > 50
    assert not split.is_turn[pieces.arc].any()
    lines = Snapper(split).lines
    assert all(line[0] != line[-1] for line in ring_lines(lines, pieces, 0) if len(line) > 2)
    assert len(ring_hull(lines, pieces, 0)) > 3


def test_a_ride_over_a_turn_goes_on_without_a_stop(towns):
    _, split = towns
    engine, snapper = DijkstraTravelTimes(split), Snapper(split)
    turn = int(np.flatnonzero(split.is_turn)[0])
    start = int(np.flatnonzero((split.head == split.tail[turn]) & ~split.is_turn)[0])
    goal = int(np.flatnonzero((split.tail == split.head[turn]) & ~split.is_turn)[0])
    path = engine.path(RoadPosition(start, 0), RoadPosition(goal, PPM))
    assert turn in path.arcs
    ride = Ride(snapper.lines, path, profile=0)
    places = ride.places_at(np.linspace(0, path.travel_ms, 200))
    assert not split.is_turn[places.arc].any()
    assert (places.speed_mps[1:-1] > 0.0).all()


def test_a_closed_way_over_a_turn_leaves_the_turn_open_to_others(towns):
    _, split = towns
    turn = int(np.flatnonzero(split.is_turn)[0])
    street = int(np.flatnonzero(split.head == split.tail[turn])[0])
    closure = Closure(
        closure_id="R1",
        points=(),
        arcs=(street, turn),
        percent=CLOSED,
        reason="水管爆裂",
        by="1",
        until_ms=1,
    )
    changes = changes_of(split, [closure])
    assert changes.arcs.tolist() == [street]
    assert (changes.travel_ms == UNREACHABLE_MS).all()
    arc, _ = stand_beside(split, changes, np.array([street]), np.array([PPM]))
    assert not split.is_turn[arc].any()
    assert arc.tolist() != [street]
