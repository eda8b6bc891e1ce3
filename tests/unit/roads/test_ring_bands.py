"""Bands of rings cover what the rings do, and no street twice."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import network_of, raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.lines import ArcLines, step_lengths_m
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.ring_bands import _spans, _without, ring_bands
from kuaifan.roads.rings import RingGrower
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 9
times = st.one_of(st.integers(1, 6), st.integers(1, 5_000), st.just(UNREACHABLE_MS))
nodes = st.integers(0, N_NODES - 1)
streets = st.lists(st.tuples(nodes, nodes, times, st.none() | times), min_size=1, max_size=24)
networks = streets.map(lambda drawn: network_of(N_NODES, drawn))


@settings(max_examples=100, deadline=None)
@given(networks, st.data())
def test_spans_are_the_union_of_the_pieces_of_both_directions(network, data):
    place = st.builds(RoadPosition, st.integers(0, network.n_arcs - 1), st.integers(0, PPM))
    bound_ms = data.draw(st.integers(0, 9_000))
    rings = RingGrower(network).grow([data.draw(place)], bound_ms)
    spans, pieces = _spans(rings, 0, bound_ms), rings.cut(bound_ms)
    for arc, begin, end in zip(
        pieces.arc.tolist(), pieces.from_ppm.tolist(), pieces.to_ppm.tolist(), strict=True
    ):
        twin = int(network.twin[arc])
        turned = 0 <= twin < arc
        key, low, high = (twin, PPM - end, PPM - begin) if turned else (arc, begin, end)
        assert any(a <= low and high <= b for a, b in spans[key])
    for apart in spans.values():
        assert all(a[1] < b[0] for a, b in pairwise(apart))


cuts = st.lists(st.integers(0, 40), max_size=8).map(lambda drawn: sorted(set(drawn)))


@given(cuts, cuts)
def test_what_is_left_and_what_is_taken_are_the_whole(edges, others):
    spans = [tuple(edges[i : i + 2]) for i in range(0, len(edges) - 1, 2)]
    inside = {n for low, high in spans for n in range(low, high)}
    taken = [(n, n + 1) for n in others if n in inside]
    left = {n for low, high in _without(spans, taken) for n in range(low, high)}
    assert left == inside - {n for n, _ in taken}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_bands_together_are_as_long_as_the_widest_ring(seed):
    network, _ = build_network(raw_town(seed))
    lines = ArcLines(network)
    rings = RingGrower(network).grow([RoadPosition(5, PPM // 3)], 240_000)
    bounds_ms = (60_000, 120_000, 240_000)
    bands = ring_bands(lines, rings, 0, bounds_ms)
    assert all(bands)
    drawn_m = sum(_length_m(line) for band in bands for line in band)
    alone_m = sum(_length_m(line) for line in ring_bands(lines, rings, 0, bounds_ms[-1:])[0])
    assert drawn_m == pytest.approx(alone_m, rel=1e-6)


def test_a_post_that_reaches_nothing_has_empty_bands():
    network = network_of(2, [(0, 1, UNREACHABLE_MS, None)])
    rings = RingGrower(network).grow([RoadPosition(0, 0)], 1_000)
    assert ring_bands(ArcLines(network), rings, 0, (500, 1_000)) == [[], []]


def _length_m(line):
    lat, lon = np.array(line).T
    return float(step_lengths_m(np.array([0, len(line)]), lat, lon).sum())
