"""Travel times equal scipy's on a graph cut at every place, whichever search answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from unit.roads.made_networks import network_of

from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 7
# Short times make many ties; the long ones come near to the limit of 32 bits.
times = st.one_of(st.integers(1, 4), st.integers(1, 5_000), st.just(UNREACHABLE_MS // 3))
nodes = st.integers(0, N_NODES - 1)
streets = st.lists(st.tuples(nodes, nodes, times, st.none() | times), min_size=1, max_size=16)
networks = streets.map(lambda drawn: network_of(N_NODES, drawn))
fractions = st.one_of(st.sampled_from([0, 1, PPM // 2, PPM - 1, PPM]), st.integers(0, PPM))


@st.composite
def questions(draw):
    network = draw(networks)
    arcs = st.integers(0, network.n_arcs - 1)
    places = st.builds(RoadPosition, arcs, fractions)
    # Every third question has its goal on the street of a start, either way round.
    starts, goal = draw(st.lists(places, min_size=1, max_size=4)), draw(places)
    if draw(st.integers(0, 2)) == 0:
        twin = int(network.twin[starts[0].arc])
        arc = draw(st.sampled_from([starts[0].arc, twin if twin >= 0 else starts[0].arc]))
        goal = RoadPosition(arc, draw(fractions))
    return network, starts, goal, draw(st.sampled_from([0, 1]))


def both_engines(network):
    plain, compiled = DijkstraTravelTimes(network), DijkstraTravelTimes(network)
    compiled.load_kernel()
    assert compiled.kernel_is_loaded
    assert not plain.kernel_is_loaded
    return plain, compiled


def expected_ms(network, start, goal, profile):
    """By scipy, with start and goal as nodes of their own on their arcs and the twins of those."""
    edges = {}
    for arc in range(network.n_arcs):
        ms = int(network.travel_ms[profile, arc])
        if ms >= UNREACHABLE_MS:
            continue
        # Two places may be apart by less than a millisecond: the fraction tells what lies ahead.
        stops = [(-1, 0, int(network.tail[arc])), (PPM + 1, ms, int(network.head[arc]))]
        for node, place in ((network.n_nodes, start), (network.n_nodes + 1, goal)):
            for on_arc, ppm in (place, (network.twin[place.arc], PPM - place.fraction_ppm)):
                if on_arc == arc:
                    stops.append((int(ppm), ms * int(ppm) // PPM, node))
        for at_ppm, at_ms, node in stops:
            for later_ppm, later_ms, other in stops:
                if later_ppm >= at_ppm and node != other:
                    edges[node, other] = min(later_ms - at_ms, edges.get((node, other), 2**60))
    size = network.n_nodes + 2
    rows, columns = zip(*edges, strict=True) if edges else ((), ())
    # So small a part that even a long path stays below the next integer; no weight is zero, which
    # a sparse matrix could take for no edge.
    weights = np.array([float(ms) for ms in edges.values()]) + 2.0**-20
    graph = csr_array((weights, (rows, columns)), shape=(size, size))
    found = dijkstra(graph, indices=network.n_nodes)[network.n_nodes + 1]
    return int(found) if found < UNREACHABLE_MS else UNREACHABLE_MS


@settings(deadline=None, max_examples=300)
@given(questions())
def test_to_one_equals_scipy_on_a_graph_cut_at_the_places(question):
    network, starts, goal, profile = question
    expected = [expected_ms(network, start, goal, profile) for start in starts]
    arcs, ppm = zip(*starts, strict=True)
    for engine in both_engines(network):
        assert engine.to_one(arcs, ppm, goal, profile=profile).tolist() == expected


@settings(deadline=None, max_examples=300)
@given(questions())
def test_from_one_equals_scipy_on_a_graph_cut_at_the_places(question):
    network, goals, start, profile = question
    expected = [expected_ms(network, start, goal, profile) for goal in goals]
    arcs, ppm = zip(*goals, strict=True)
    for engine in both_engines(network):
        assert engine.from_one(start, arcs, ppm, profile=profile).tolist() == expected


@settings(deadline=None, max_examples=200)
@given(questions(), st.integers(0, 6_000))
def test_a_bound_only_hides_what_lies_beyond_it(question, bound_ms):
    network, places, one, profile = question
    arcs, ppm = zip(*places, strict=True)
    how = {"profile": profile, "bound_ms": bound_ms}
    for engine in both_engines(network):
        whole = engine.to_one(arcs, ppm, one, profile=profile)
        expected = np.where(whole <= bound_ms, whole, UNREACHABLE_MS).tolist()
        assert engine.to_one(arcs, ppm, one, **how).tolist() == expected
        whole = engine.from_one(one, arcs, ppm, profile=profile)
        expected = np.where(whole <= bound_ms, whole, UNREACHABLE_MS).tolist()
        assert engine.from_one(one, arcs, ppm, **how).tolist() == expected


@settings(deadline=None, max_examples=200)
@given(questions(), st.integers(0, 6_000))
def test_every_node_has_the_time_that_a_car_at_it_has(question, bound_ms):
    network, _, goal, profile = question
    for engine in both_engines(network):
        node_ms = engine.to_node_ms(goal, profile=profile)
        limited = engine.to_node_ms(goal, profile=profile, bound_ms=bound_ms)
        assert limited.tolist() == np.where(node_ms <= bound_ms, node_ms, UNREACHABLE_MS).tolist()
        # A car at the end of an arc can do no better than from the node there.
        at_end = engine.to_one(range(network.n_arcs), [PPM] * network.n_arcs, goal, profile=profile)
        on_goal = np.isin(np.arange(network.n_arcs), [goal.arc, network.twin[goal.arc]])
        expected = node_ms[network.head]
        assert at_end[~on_goal].tolist() == expected[~on_goal].tolist()


@settings(deadline=None, max_examples=300)
@given(questions())
def test_a_path_joins_up_and_its_parts_add_up_to_the_time(question):
    network, starts, goal, profile = question
    plain, compiled = both_engines(network)
    path = compiled.path(starts[0], goal, profile=profile)
    assert path == plain.path(starts[0], goal, profile=profile)
    assert path.travel_ms == expected_ms(network, starts[0], goal, profile)
    if path.travel_ms == UNREACHABLE_MS:
        assert path.arcs == ()
        return
    begins = (path.arcs[0], path.first_fraction_ppm)
    ends = (path.arcs[-1], path.last_fraction_ppm)
    assert begins in same_places(network, starts[0])
    assert ends in same_places(network, goal)
    for arc, following in zip(path.arcs, path.arcs[1:], strict=False):
        assert network.head[arc] == network.tail[following]
    assert driven_ms(network, path, profile) == path.travel_ms
    assert all(type(value) is int for value in (path.travel_ms, *path.arcs, *path[2:]))


def same_places(network, place):
    twin = int(network.twin[place.arc])
    return [tuple(place), *([(twin, PPM - place.fraction_ppm)] if twin >= 0 else [])]


def driven_ms(network, path, profile):
    total_ms = 0
    for step, arc in enumerate(path.arcs):
        ms = int(network.travel_ms[profile, arc])
        begin = path.first_fraction_ppm if step == 0 else 0
        end = path.last_fraction_ppm if step == len(path.arcs) - 1 else PPM
        total_ms += ms * end // PPM - ms * begin // PPM
    return total_ms


def test_a_one_way_street_is_not_driven_back():
    ring = network_of(3, [(0, 1, 100, None), (1, 2, 100, None), (2, 0, 100, None)])
    engine = DijkstraTravelTimes(ring)
    assert engine.to_one([0], [200_000], RoadPosition(0, 700_000)).tolist() == [50]
    assert engine.to_one([0], [700_000], RoadPosition(0, 200_000)).tolist() == [250]
    assert engine.path(RoadPosition(0, 700_000), RoadPosition(0, 200_000)).arcs == (0, 1, 2, 0)


def test_a_two_way_street_is_driven_back():
    street = network_of(2, [(0, 1, 100, 200)])
    engine = DijkstraTravelTimes(street)
    assert engine.to_one([0], [700_000], RoadPosition(0, 200_000)).tolist() == [100]
    assert engine.path(RoadPosition(0, 700_000), RoadPosition(0, 200_000)).arcs == (1,)


def test_a_trap_is_left_by_nobody_and_reached_by_all():
    trap = network_of(2, [(0, 0, 10, None), (0, 1, 100, None), (1, 1, 10, None)])
    engine = DijkstraTravelTimes(trap)
    inside, outside = RoadPosition(2, 0), RoadPosition(0, 0)
    assert engine.to_one([0], [0], inside).tolist() == [110]
    assert engine.to_one([2], [0], outside).tolist() == [UNREACHABLE_MS]
    assert engine.path(inside, outside).arcs == ()


def test_a_closed_arc_is_driven_around():
    square = [(0, 1, UNREACHABLE_MS, None), (0, 2, 30, None), (2, 1, 30, None), (1, 0, 5, None)]
    engine = DijkstraTravelTimes(network_of(3, square))
    goal = RoadPosition(2, 0)
    assert engine.to_node_ms(goal).tolist() == [60, 0, 30]
    on_closed = engine.to_one([0], [500_000], goal)
    assert on_closed.tolist() == [UNREACHABLE_MS]


def test_no_places_ask_for_nothing():
    engine = DijkstraTravelTimes(network_of(2, [(0, 1, 100, 200)]))
    assert engine.to_one([], [], RoadPosition(0, 0)).tolist() == []


@pytest.mark.parametrize(
    ("arc", "ppm", "complaint"),
    [(2, 0, "arc 2 at 0 ppm"), (-1, 0, "arc -1"), (0, PPM + 1, "1000001 ppm"), (0, -1, "-1 ppm")],
)
def test_a_place_off_the_network_is_refused_by_name(arc, ppm, complaint):
    engine = DijkstraTravelTimes(network_of(2, [(0, 1, 100, 200)]))
    with pytest.raises(ValueError, match=complaint):
        engine.to_one([arc], [ppm], RoadPosition(0, 0))
    with pytest.raises(ValueError, match=complaint):
        engine.path(RoadPosition(0, 0), RoadPosition(arc, ppm))


def test_lists_of_unequal_length_and_unknown_profiles_are_refused():
    engine = DijkstraTravelTimes(network_of(2, [(0, 1, 100, 200)]))
    with pytest.raises(ValueError, match="2 arcs were given with 1 fractions"):
        engine.to_one([0, 1], [0], RoadPosition(0, 0))
    with pytest.raises(ValueError, match="no profile 2"):
        engine.to_one([0], [0], RoadPosition(0, 0), profile=2)
