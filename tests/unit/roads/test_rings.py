"""Rings reach exactly what can be driven to in time, on every arc and to the millionth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import network_of, raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.rings import RingGrower, ring_hull, ring_lines
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 9
times = st.one_of(st.integers(1, 6), st.integers(1, 5_000), st.just(UNREACHABLE_MS))
nodes = st.integers(0, N_NODES - 1)
streets = st.lists(st.tuples(nodes, nodes, times, st.none() | times), min_size=1, max_size=24)
networks = streets.map(lambda drawn: network_of(N_NODES, drawn))
fractions = st.one_of(st.sampled_from([1, PPM // 2, PPM]), st.integers(1, PPM))


def covered(pieces, post_i, arc, ppm, twin):
    """Whether a place lies in a piece of the post, seen along its arc or along its twin."""
    mine = slice(int(pieces.first[post_i]), int(pieces.first[post_i + 1]))
    rows = zip(
        pieces.arc[mine].tolist(),
        pieces.from_ppm[mine].tolist(),
        pieces.to_ppm[mine].tolist(),
        strict=True,
    )
    sides = {(arc, ppm), (twin, PPM - ppm)} if twin >= 0 else {(arc, ppm)}
    return any(at == a and begin <= p <= end for a, begin, end in rows for at, p in sides)


@settings(max_examples=150, deadline=None)
@given(networks, st.data())
def test_a_place_is_in_a_ring_if_and_only_if_dijkstra_gets_there_in_time(network, data):
    place = st.builds(RoadPosition, st.integers(0, network.n_arcs - 1), fractions)
    posts = data.draw(st.lists(place, min_size=1, max_size=3))
    narrow_ms, wide_ms = sorted(data.draw(st.tuples(st.integers(0, 9_000), st.integers(0, 9_000))))
    rings = RingGrower(network).grow(posts, wide_ms)
    oracle = DijkstraTravelTimes(network)
    asked = data.draw(st.lists(place, min_size=1, max_size=6))
    for bound in (narrow_ms, wide_ms):
        pieces = rings.cut(bound)
        for post_i, post in enumerate(posts):
            for arc, ppm in asked:
                twin = int(network.twin[arc])
                # The very end of a street belongs to every street that meets there.
                if ppm == PPM or (twin >= 0 and ppm == 0):
                    continue
                took_ms = int(oracle.from_one(post, [arc], [ppm])[0])
                assert covered(pieces, post_i, arc, ppm, twin) == (took_ms <= bound)


def test_all_posts_in_one_call_are_as_each_alone_and_narrow_rings_lie_in_wide_ones():
    network, _ = build_network(raw_town(3))
    grower, rng = RingGrower(network), np.random.default_rng(3)
    posts = [RoadPosition(int(rng.integers(network.n_arcs)), 400_000) for _ in range(12)]
    rings = grower.grow(posts, 60_000)
    lengths = [rings.length_m(bound_ms) for bound_ms in (10_000, 30_000, 60_000)]
    assert np.all(lengths[0] < lengths[1])
    assert np.all(lengths[1] < lengths[2])
    alone = [grower.grow([post], 60_000).length_m(30_000)[0] for post in posts]
    assert np.allclose(lengths[1], alone)


def test_room_grows_until_everything_fits_and_buffers_are_left_clean():
    network, _ = build_network(raw_town(4))
    small, large = RingGrower(network), RingGrower(network)
    small._capacity = 1
    posts = [RoadPosition(arc, 500_000) for arc in range(0, network.n_arcs, 40)]
    for _ in range(2):
        one, other = small.grow(posts, 90_000), large.grow(posts, 90_000)
        assert np.array_equal(one.arc, other.arc)
        assert np.array_equal(one.tail_ms, other.tail_ms)


def test_a_closed_street_is_in_no_ring_and_other_weights_make_other_rings():
    network, _ = build_network(raw_town(5))
    grower, post = RingGrower(network), RoadPosition(10, 500_000)
    before_m = grower.grow([post], 60_000).length_m(60_000)[0]
    shut_ms = network.travel_ms[0].copy()
    closed = [10, int(network.twin[10])] if network.twin[10] >= 0 else [10]
    shut_ms[closed] = UNREACHABLE_MS
    grower.use_weights(shut_ms)
    assert grower.grow([post], 60_000).length_m(60_000)[0] == 0.0
    grower.use_weights(network.travel_ms[0] * 2)
    assert 0.0 < grower.grow([post], 60_000).length_m(60_000)[0] < before_m


def test_pieces_are_drawn_along_their_streets_and_a_hull_holds_most_of_them():
    network, _ = build_network(raw_town(6))
    lines, post = ArcLines(network), RoadPosition(40, 300_000)
    pieces = RingGrower(network).grow([post], 45_000).cut(45_000)
    drawn = ring_lines(lines, pieces, 0)
    assert len(drawn) == len(pieces.arc)
    here = lines.point_at(40, 300_000)
    assert drawn[0][0] == pytest.approx(here)
    hull = ring_hull(lines, pieces, 0)
    assert hull[0] == hull[-1]
    lats = [lat for lat, _ in hull]
    assert min(lats) <= here[0] <= max(lats)


def test_a_ring_wider_than_what_was_grown_is_refused():
    network, _ = build_network(raw_town(7))
    rings = RingGrower(network).grow([RoadPosition(0, 0)], 1_000)
    with pytest.raises(ValueError, match="grown to 1000 ms only"):
        rings.cut(1_001)


@settings(max_examples=150, deadline=None)
@given(networks, st.data())
def test_posts_as_one_reach_what_the_nearest_of_them_reaches_and_when(network, data):
    place = st.builds(RoadPosition, st.integers(0, network.n_arcs - 1), fractions)
    posts = data.draw(st.lists(place, min_size=1, max_size=4))
    asked = data.draw(st.lists(place, min_size=1, max_size=8))
    bound_ms = data.draw(st.integers(0, 9_000))
    rings, oracle = RingGrower(network).grow(posts, bound_ms), DijkstraTravelTimes(network)
    merged = rings.as_one()
    arcs, ppms = (np.array(column, np.int64) for column in zip(*asked, strict=True))
    nearest_ms = np.min([oracle.from_one(post, arcs, ppms) for post in posts], axis=0)
    # The very end of a street belongs to every street that meets there.
    inner = (ppms < PPM) & ~((network.twin[arcs] >= 0) & (ppms == 0))
    due = np.where(nearest_ms <= bound_ms, nearest_ms, UNREACHABLE_MS)
    assert merged.at(arcs, ppms)[inner].tolist() == due[inner].tolist()
    pieces, whole = merged.cut(bound_ms), rings.cut(bound_ms)
    for arc, ppm in asked:
        twin = int(network.twin[arc])
        alone = any(covered(whole, i, arc, ppm, twin) for i in range(len(posts)))
        assert covered(pieces, 0, arc, ppm, twin) == alone
