"""Building keeps every metre, millisecond and one-way rule of the map's largest connected part."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from unit.roads.made_networks import raw_map, raw_town

from kuaifan.geo.points import distance_m
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.lines import drawn_lengths_m
from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS
from kuaifan.roads.raw import RawWay, RawWays
from kuaifan.roads.travel import RoadPosition

LINE = [(30.0, 110.0), (30.001, 110.0), (30.001, 110.001), (30.002, 110.001)]


def shape_of(network, arc):
    at = slice(network.shape_first[arc], network.shape_first[arc + 1])
    return list(zip(network.shape_lat[at].tolist(), network.shape_lon[at].tolist(), strict=True))


def way(nodes, oneway=0, **more):
    return RawWay(more.pop("way_id", 1), nodes, more.pop("highway", "residential"), oneway, **more)


def test_a_street_of_three_pieces_becomes_one_arc_each_way_with_its_bends():
    network, report = build_network(raw_map(LINE, [((1, 2, 3, 4), 0)]))
    assert (network.n_nodes, network.n_arcs) == (2, 2)
    assert network.twin.tolist() == [1, 0]
    assert {tuple(shape_of(network, 0)), tuple(shape_of(network, 1))} == {
        tuple(LINE),
        tuple(LINE[::-1]),
    }
    metres = sum(distance_m(*a, to_lat=b[0], to_lon=b[1]) for a, b in pairwise(LINE))
    assert network.length_m.tolist() == pytest.approx([metres, metres], rel=1e-6)
    assert report.length_km == pytest.approx(2 * metres / 1000, rel=1e-6)
    assert [(step.n_nodes, step.n_arcs) for step in report.steps] == [(4, 6)] * 3 + [(2, 2)]


def test_a_one_way_ring_is_one_arc_without_a_twin():
    network, _ = build_network(raw_map(LINE, [((1, 2, 3, 4, 1), 1)]))
    assert (network.n_nodes, network.n_arcs) == (1, 1)
    assert network.twin.tolist() == [-1]
    assert shape_of(network, 0) == [*LINE, LINE[0]]


def test_a_one_way_against_its_nodes_runs_the_other_way():
    ways = [((1, 2, 3, 4), 0), ((4, 1), -1)]
    network, _ = build_network(raw_map(LINE, ways))
    one_way = int(np.flatnonzero(network.twin < 0)[0])
    assert shape_of(network, one_way) == [LINE[0], LINE[3]]


def test_a_cul_de_sac_ending_in_a_loop_keeps_the_loop_both_ways():
    positions = [*LINE, (30.003, 110.0)]
    network, _ = build_network(raw_map(positions, [((1, 2), 0), ((2, 3, 4, 5, 2), 0)]))
    loops = np.flatnonzero(network.tail == network.head)
    assert len(loops) == 2
    assert network.twin[loops].tolist() == loops[::-1].tolist()
    assert shape_of(network, loops[0]) == shape_of(network, loops[1])[::-1]


def test_two_streets_between_the_same_crossings_stay_two():
    network, _ = build_network(raw_map(LINE, [((1, 2, 4), 0), ((1, 3, 4), 0), ((1, 4), 1)]))
    assert (network.n_nodes, network.n_arcs) == (2, 5)
    assert sorted(network.twin.tolist()).count(-1) == 1


@pytest.mark.parametrize(
    "change", [{"name": "Other"}, {"highway": "primary"}, {"maxspeed_kmh": 30.0}, {"oneway": 1}]
)
def test_a_chain_ends_where_name_class_speed_or_direction_changes(change):
    back = way((3, 1), way_id=3)
    same = raw_map(LINE[:3], [way((1, 2), way_id=1), way((2, 3), way_id=2), back])
    assert build_network(same)[0].n_nodes == 1
    other = raw_map(LINE[:3], [way((1, 2), way_id=1), way((2, 3), way_id=2, **change), back])
    network, _ = build_network(other)
    assert network.n_nodes == 2


def test_dead_ends_and_islands_that_cannot_be_left_are_dropped_and_counted():
    positions = [*LINE, (31.0, 111.0), (31.001, 111.0)]
    ways = [((1, 2, 3), 0), ((3, 4), 1), ((5, 6), 0)]
    network, report = build_network(raw_map(positions, ways))
    assert network.n_arcs == 2
    assert report.dropped == {"outside_component": 3}


def test_what_is_dropped_is_counted_by_cause():
    ways = [
        way((1, 2, 3)),
        way((1, 3), way_id=2, highway="footway"),
        way((1,), way_id=3),
        way((3, 99, 4, 3), way_id=4),
        way((2, 2), way_id=5),
        way((1, 2), way_id=6),
    ]
    _, report = build_network(raw_map(LINE, ways, dropped=Counter(cut_relation=2)))
    assert report.dropped == {
        "cut_relation": 2,
        "duplicate_arc": 2,
        "missing_node": 1,
        "not_drivable": 1,
        "single_node": 1,
        "zero_length": 1,
    }
    assert (report.n_ways, report.n_ways_drivable, report.n_speeds_assumed) == (6, 4, 4)


def test_two_nodes_in_one_place_still_connect():
    positions = [(30.0, 110.0), (30.001, 110.0), (30.001, 110.0), (30.002, 110.0)]
    ways = [way((1, 2), name="A"), way((2, 3), way_id=2, name="B"), way((3, 4), way_id=3, name="A")]
    network, _ = build_network(raw_map(positions, ways))
    assert network.n_nodes == 4
    assert network.travel_ms.min() == 1


def test_a_street_drawn_once_each_way_is_one_two_way_street():
    bend = ((30.0, 110.0), (30.0005, 110.0009), (30.001, 110.0))
    ways = [
        way((1, 2), 1, way_id=1, shape=bend, length_m=300.0),
        way((2, 1), 1, way_id=2, shape=bend[::-1], length_m=300.0),
    ]
    network, report = build_network(raw_map(LINE[:2], ways))
    assert network.twin.tolist() == [1, 0]
    assert report.dropped == {}
    assert network.length_m.tolist() == [300.0, 300.0]
    assert shape_of(network, 0) == shape_of(network, 1)[::-1]


def test_a_shape_drawn_from_the_far_end_is_turned():
    bend = ((30.001, 110.0), (30.0005, 110.0009), (30.0, 110.0))
    network, _ = build_network(raw_map(LINE[:2], [way((1, 2), shape=bend), way((2, 1), way_id=2)]))
    starts = {shape_of(network, arc)[0]: network.tail[arc] for arc in range(network.n_arcs)}
    for (lat, _), tail in starts.items():
        assert lat == network.node_lat[tail]


def test_a_stated_length_shorter_than_the_drawing_is_not_believed():
    network, _ = build_network(raw_map(LINE[:2], [way((1, 2), length_m=5.0)]))
    assert network.length_m[0] == pytest.approx(111.2, abs=0.1)


def test_a_stated_length_is_shared_out_over_the_pieces():
    crossing = way((2, 4), way_id=2)
    network, _ = build_network(raw_map(LINE, [way((1, 2, 3), length_m=1000.0), crossing]))
    on_it = (network.head != network.tail) & (network.length_m > 300.0)
    assert network.length_m[on_it].sum() == pytest.approx(2000.0, rel=1e-4)


@pytest.mark.parametrize(
    ("ways", "complaint"),
    [
        ([way((1, 2), highway="footway")], "no drivable road"),
        ([], "no drivable road"),
        ([way((8, 9))], "no drivable road"),
        ([way((1, 2), 1)], "to and fro"),
        ([way((1, 2, 3), shape=((0.0, 0.0), (1.0, 1.0)))], "way 1 has a shape"),
        ([way((1, 2), shape=((np.nan, 0.0), (1.0, 1.0)))], "not a number"),
    ],
)
def test_a_map_that_gives_no_network_is_refused_in_words(ways, complaint):
    with pytest.raises(ValueError, match=complaint):
        build_network(raw_map(LINE, ways))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 95.0])
def test_a_node_off_the_globe_is_named(bad):
    with pytest.raises(ValueError, match="node 2 has no usable position"):
        build_network(raw_map([(30.0, 110.0), (bad, 110.0)], [((1, 2), 0)]))


def test_a_repeated_node_id_is_refused():
    raw = raw_map(LINE, [((1, 2), 0)])
    twice = RawWays(np.array([1, 2, 2, 4]), raw.node_lat, raw.node_lon, raw.ways)
    with pytest.raises(ValueError, match="same node id twice"):
        build_network(twice)


def test_the_same_map_in_another_order_is_the_same_network():
    raw = raw_town(seed=5)
    order = np.random.default_rng(1).permutation(len(raw.node_id))
    nodes = (raw.node_id[order], raw.node_lat[order], raw.node_lon[order])
    shuffled = RawWays(*nodes, raw.ways[::-1], attribution=raw.attribution)
    first, again = build_network(raw)[0], build_network(raw)[0]
    assert first.content_hash() == again.content_hash()
    assert build_network(shuffled)[0].content_hash() == first.content_hash()


def test_arcs_are_sorted_and_twins_mirror_one_another():
    network, _ = build_network(raw_town(seed=6))
    keys = list(zip(network.tail, network.head, network.length_m, strict=True))
    assert keys == sorted(keys)
    for arc in np.flatnonzero(network.twin >= 0).tolist():
        twin = int(network.twin[arc])
        assert (network.tail[arc], network.head[arc]) == (network.head[twin], network.tail[twin])
        assert shape_of(network, arc) == shape_of(network, twin)[::-1]
        assert network.travel_ms[0, arc] == network.travel_ms[0, twin]


def test_every_arc_runs_from_its_tail_to_its_head_and_is_as_long_as_drawn():
    network, _ = build_network(raw_town(seed=7))
    for end, node in (
        (network.shape_first[:-1], network.tail),
        (network.shape_first[1:] - 1, network.head),
    ):
        assert np.array_equal(network.shape_lat[end], network.node_lat[node])
        assert np.array_equal(network.shape_lon[end], network.node_lon[node])
    drawn_m = drawn_lengths_m(network.shape_first, network.shape_lat, network.shape_lon)
    assert network.length_m == pytest.approx(drawn_m, rel=1e-6)


def test_a_siren_is_never_slower():
    network, _ = build_network(raw_town(seed=8))
    assert np.all(network.travel_ms[1] <= network.travel_ms[0])


SPEED_KMH = {"residential": 25.0, "primary": 45.0}
spots = st.tuples(st.integers(0, 30), st.integers(0, 30))
drawn_ways = st.lists(
    st.tuples(
        st.lists(st.integers(1, 9), min_size=2, max_size=6).map(tuple),
        st.sampled_from([-1, 0, 0, 1]),
        st.sampled_from(sorted(SPEED_KMH)),
        st.sampled_from(["", "A"]),
    ),
    min_size=1,
    max_size=6,
)


def exact_ms(raw):
    """Times between all nodes as the ways say them, without any merging."""
    size = len(raw.node_id)
    best = {}
    for drawn in raw.ways:
        for a, b in pairwise(drawn.nodes):
            lat, lon = raw.node_lat, raw.node_lon
            metres = distance_m(lat[a - 1], lon[a - 1], to_lat=lat[b - 1], to_lon=lon[b - 1])
            ms = metres * 3600.0 / SPEED_KMH[drawn.highway]
            ends = [(a - 1, b - 1)] * (drawn.oneway >= 0) + [(b - 1, a - 1)] * (drawn.oneway <= 0)
            best.update({end: min(ms, best.get(end, ms)) for end in ends if a != b})
    rows, columns = zip(*best, strict=True) if best else ((), ())
    return dijkstra(csr_array((list(best.values()), (rows, columns)), shape=(size, size)))


@settings(deadline=None, max_examples=100)
@given(st.lists(spots, min_size=9, max_size=9, unique=True), drawn_ways)
def test_merging_changes_no_travel_time_and_no_one_way(positions, ways):
    degrees = [(30.0 + y * 0.001, 110.0 + x * 0.001) for y, x in positions]
    made = [
        RawWay(i, nodes, kind, oneway, name=name)
        for i, (nodes, oneway, kind, name) in enumerate(ways)
    ]
    raw = raw_map(degrees, made)
    expected_ms = exact_ms(raw)
    mutual = np.isfinite(expected_ms) & np.isfinite(expected_ms.T) & ~np.eye(9, dtype=bool)
    if not mutual.any():
        with pytest.raises(ValueError, match=r"drivable|to and fro"):
            build_network(raw)
        return
    network, _ = build_network(raw)
    node_of = [
        degrees.index((lat, lon))
        for lat, lon in zip(network.node_lat.tolist(), network.node_lon.tolist(), strict=True)
    ]
    engine = DijkstraTravelTimes(network)
    for arc in range(network.n_arcs):
        to_tail_ms = engine.to_node_ms(RoadPosition(arc, 0))
        exact = expected_ms[node_of, node_of[network.tail[arc]]]
        # Each arc is rounded up by less than a millisecond.
        assert np.all(to_tail_ms >= exact - 1e-3)
        assert np.all(to_tail_ms <= exact + 9 * 3 + 1)
        assert to_tail_ms.max() < UNREACHABLE_MS


@settings(deadline=None, max_examples=150)
@given(st.lists(spots, min_size=9, max_size=9, unique=True), drawn_ways)
def test_merging_keeps_every_metre_of_the_connected_part(positions, ways):
    degrees = [(30.0 + y * 0.001, 110.0 + x * 0.001) for y, x in positions]
    made = [
        RawWay(i, nodes, kind, oneway, name=name)
        for i, (nodes, oneway, kind, name) in enumerate(ways)
    ]
    raw = raw_map(degrees, made)
    ms = exact_ms(raw)
    group = np.isfinite(ms) & np.isfinite(ms.T)
    sizes = group.sum(axis=1)
    if sizes.max() < 2 or len({tuple(row) for row in group[sizes == sizes.max()]}) > 1:
        return  # Nothing connects, or two parts are equally large and either may be kept.
    inside = set(np.flatnonzero(group[sizes.argmax()]).tolist())
    network, _ = build_network(raw)
    directed = {
        end
        for drawn in raw.ways
        for a, b in pairwise(drawn.nodes)
        for end in [(a - 1, b - 1)] * (drawn.oneway >= 0) + [(b - 1, a - 1)] * (drawn.oneway <= 0)
        if a != b and {a - 1, b - 1} <= inside
    }
    metres = sum(
        distance_m(*degrees[a], to_lat=degrees[b][0], to_lon=degrees[b][1]) for a, b in directed
    )
    assert network.length_m.sum(dtype=float) == pytest.approx(metres, rel=1e-6)
    assert set(network.road_class.tolist()) <= {ROAD_CLASSES.index(kind) for kind in SPEED_KMH}
