"""The contraction hierarchy gives Dijkstra's integers, whatever is closed, opened or swapped."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import network_of, raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import PPM, Places, RoadPosition

N_NODES = 9
# Short times make many ties; the long ones come near to the limit of 32 bits.
times = st.one_of(
    st.integers(1, 4),
    st.integers(1, 5_000),
    st.sampled_from([UNREACHABLE_MS // 3, UNREACHABLE_MS - 1, UNREACHABLE_MS]),
)
nodes = st.integers(0, N_NODES - 1)
streets = st.lists(st.tuples(nodes, nodes, times, st.none() | times), min_size=1, max_size=24)
networks = streets.map(lambda drawn: network_of(N_NODES, drawn))
orders = st.permutations(range(N_NODES))
fractions = st.one_of(st.sampled_from([0, 1, PPM // 2, PPM - 1, PPM]), st.integers(0, PPM))


@st.composite
def questions(draw):
    network = draw(networks)
    places = st.builds(RoadPosition, st.integers(0, network.n_arcs - 1), fractions)
    starts, goal = draw(st.lists(places, min_size=1, max_size=5)), draw(places)
    # Every third question has its goal on the street of a start, either way round.
    if draw(st.integers(0, 2)) == 0:
        twin = int(network.twin[starts[0].arc])
        arc = draw(st.sampled_from([starts[0].arc, twin if twin >= 0 else starts[0].arc]))
        goal = RoadPosition(arc, draw(fractions))
    return network, draw(orders), starts, goal, draw(st.sampled_from([0, 1]))


@st.composite
def changes(draw):
    """A question, and arcs that get other times one after another, with all of the times so far."""
    network, order, starts, goal, profile = draw(questions())
    arc_lists = st.lists(st.integers(0, network.n_arcs - 1), max_size=4, unique=True)
    travel_ms, steps = network.travel_ms.copy(), []
    for arcs in draw(st.lists(arc_lists, min_size=1, max_size=4)):
        new_ms = [[draw(times) for _ in arcs] for _ in network.profiles]
        travel_ms = travel_ms.copy()
        travel_ms[:, arcs] = np.array(new_ms, np.int32).reshape(2, len(arcs))
        steps.append((arcs, np.reshape(new_ms, (2, len(arcs))), travel_ms))
    return network, order, starts, goal, profile, steps


def oracle(network, travel_ms=None):
    network = network if travel_ms is None else replace(network, travel_ms=travel_ms)
    engine = DijkstraTravelTimes(network)
    engine.load_kernel()
    return engine


def same_answers(engine, truth, starts, goal, how):
    arcs, ppm = zip(*starts, strict=True)
    expected = truth.to_one(arcs, ppm, goal, **how).tolist()
    assert engine.to_one(arcs, ppm, goal, **how).tolist() == expected
    back = truth.from_one(goal, arcs, ppm, **how).tolist()
    assert engine.from_one(goal, arcs, ppm, **how).tolist() == back
    assert engine.to_node_ms(goal, **how).tolist() == truth.to_node_ms(goal, **how).tolist()
    places = [goal, *starts]
    arcs, ppm = zip(*places, strict=True)
    table = [truth.to_one(arcs, ppm, place, **how).tolist() for place in places]
    assert engine.matrix((arcs, ppm), (arcs, ppm), **how).T.tolist() == table


def check_path(engine, truth, start, goal, profile):
    network = truth.network
    path, expected = (any_.path(start, goal, profile=profile) for any_ in (engine, truth))
    assert path.travel_ms == expected.travel_ms
    if path.travel_ms == UNREACHABLE_MS:
        assert path == expected
        return
    assert (path.arcs[0], path.first_fraction_ppm) in same_places(network, start)
    assert (path.arcs[-1], path.last_fraction_ppm) in same_places(network, goal)
    for arc, following in zip(path.arcs, path.arcs[1:], strict=False):
        assert network.head[arc] == network.tail[following]
    assert driven_ms(network, path, profile) == path.travel_ms
    assert len(path.arcs) != 1 or path.first_fraction_ppm <= path.last_fraction_ppm
    assert all(type(value) is int for value in (path.travel_ms, *path.arcs, *path[2:]))
    assert engine.path(start, goal, profile=profile) == path


def same_places(network, place):
    twin = int(network.twin[place.arc])
    return [tuple(place), *([(twin, PPM - place.fraction_ppm)] if twin >= 0 else [])]


def driven_ms(network, path, profile):
    begins = [path.first_fraction_ppm, *[0] * (len(path.arcs) - 1)]
    ends = [*[PPM] * (len(path.arcs) - 1), path.last_fraction_ppm]
    weights_ms = network.travel_ms[profile][list(path.arcs)].tolist()
    parts = zip(weights_ms, begins, ends, strict=True)
    return sum(ms * end // PPM - ms * begin // PPM for ms, begin, end in parts)


@settings(deadline=None, max_examples=300)
@given(questions())
def test_every_answer_equals_that_of_dijkstra_in_any_order_of_contraction(question):
    network, order, starts, goal, profile = question
    engine, truth = CchTravelTimes(network, order), oracle(network)
    same_answers(engine, truth, starts, goal, {"profile": profile})
    for start in starts:
        check_path(engine, truth, start, goal, profile)


@settings(deadline=None, max_examples=150)
@given(questions(), st.integers(0, 6_000))
def test_a_bound_only_hides_what_lies_beyond_it(question, bound_ms):
    network, order, starts, goal, profile = question
    engine, truth = CchTravelTimes(network, order), oracle(network)
    same_answers(engine, truth, starts, goal, {"profile": profile, "bound_ms": bound_ms})


@settings(deadline=None)
@given(questions(), st.data(), st.sampled_from([3_000, UNREACHABLE_MS]))
def test_places_of_several_profiles_are_answered_each_by_its_own(question, data, bound_ms):
    network, order, starts, goal, _ = question
    n = len(starts)
    arcs, ppm = (np.array(column, np.int32) for column in zip(*starts, strict=True))
    arcs[data.draw(st.lists(st.integers(0, n - 1), max_size=2))] = -1
    profiles = data.draw(st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n))
    asked = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    places = Places(arcs, ppm, np.array(profiles, np.int8), np.array(asked, np.bool_))
    engine, truth = CchTravelTimes(network, order), oracle(network)
    found = engine.to_one_each(places, goal, bound_ms=bound_ms).tolist()
    assert found == truth.to_one_each(places, goal, bound_ms=bound_ms).tolist()
    for start_ms, arc, part, profile, is_asked in zip(
        found, arcs.tolist(), ppm.tolist(), profiles, asked, strict=True
    ):
        how = {"profile": profile, "bound_ms": bound_ms}
        is_known = is_asked and arc >= 0
        expected = truth.to_one([arc], [part], goal, **how)[0] if is_known else UNREACHABLE_MS
        assert start_ms == expected


@pytest.mark.parametrize(
    ("arc", "ppm", "profile"), [(99, 0, 0), (0, PPM + 1, 0), (0, -1, 0), (0, 0, 9)]
)
def test_a_place_or_profile_that_is_not_there_is_refused_among_others(arc, ppm, profile):
    network = network_of(3, [(0, 1, 5, 5), (1, 2, 5, 5)])
    engine, goal = CchTravelTimes(network, order_nodes(network)), RoadPosition(0, 0)
    wrong = Places(
        np.array([0, arc], np.int32),
        np.array([0, ppm], np.int32),
        np.array([0, profile], np.int8),
        np.ones(2, np.bool_),
    )
    with pytest.raises(ValueError, match=r"place|profile|fraction|arc"):
        engine.to_one_each(wrong, goal)
    only_first = wrong._replace(is_asked=np.array([True, False]))
    assert engine.to_one_each(only_first, goal).tolist() == [0, UNREACHABLE_MS]


@pytest.mark.parametrize("n_places", [5, 255, 256, 700])
def test_few_places_and_many_sorted_ones_are_answered_alike(n_places):
    network, _ = build_network(raw_town(3, n_side=6))
    engine, truth = CchTravelTimes(network, order_nodes(network)), oracle(network)
    rng = np.random.default_rng(n_places)
    arcs, ppm = rng.integers(network.n_arcs, size=n_places), rng.integers(PPM, size=n_places)
    goal = RoadPosition(int(arcs[0]), 5)
    assert engine.to_one(arcs, ppm, goal).tolist() == truth.to_one(arcs, ppm, goal).tolist()


@settings(deadline=None, max_examples=200)
@given(changes())
def test_after_any_change_of_arcs_the_answers_are_those_of_the_changed_city(drawn):
    network, order, starts, goal, profile, steps = drawn
    engine = CchTravelTimes(network, order)
    for arcs, new_ms, travel_ms in steps:
        engine.change_arcs(arcs, new_ms)
        truth = oracle(network, travel_ms)
        same_answers(engine, truth, starts, goal, {"profile": profile})
        check_path(engine, truth, starts[0], goal, profile)
        assert np.array_equal(engine.travel_ms, travel_ms)


def town(seed, n_side=9):
    network, _ = build_network(raw_town(seed, n_side))
    return network


def random_places(rng, network, n_places):
    return rng.integers(network.n_arcs, size=n_places), rng.integers(PPM + 1, size=n_places)


def dense_town(seed):
    """Where nearly everything is joined to everything, so that blocks are wider than a lane."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(40, size=(400, 2)).tolist()
    ms = rng.integers(1, 2_000, size=(400, 2)).tolist()
    streets = [(a, b, *there_back) for (a, b), there_back in zip(pairs, ms, strict=True)]
    return network_of(40, streets)


@pytest.mark.parametrize("make", [town, dense_town])
@pytest.mark.parametrize("seed", range(3))
def test_a_town_with_closures_equals_dijkstra_and_opens_again_as_it_was(make, seed):
    network, rng = make(seed), np.random.default_rng(seed)
    engine, truth = CchTravelTimes(network, order_nodes(network)), oracle(network)
    arcs, ppm = random_places(rng, network, 40)
    whole = engine.matrix((arcs, ppm), (arcs, ppm))
    for target in range(40):
        goal = RoadPosition(int(arcs[target]), int(ppm[target]))
        assert whole[:, target].tolist() == truth.to_one(arcs, ppm, goal).tolist()
    closed = rng.choice(network.n_arcs, 20, replace=False)
    travel_ms = network.travel_ms.copy()
    travel_ms[:, closed] = UNREACHABLE_MS
    engine.change_arcs(closed, travel_ms[:, closed])
    truth = oracle(network, travel_ms)
    for target in range(40):
        goal = RoadPosition(int(arcs[target]), int(ppm[target]))
        how = {"profile": target % 2}
        assert engine.to_one(arcs, ppm, goal, **how).tolist() == (
            truth.to_one(arcs, ppm, goal, **how).tolist()
        )
        start = RoadPosition(int(arcs[target - 1]), int(ppm[target - 1]))
        check_path(engine, truth, start, goal, target % 2)
    engine.change_arcs(closed, network.travel_ms[:, closed])
    assert np.array_equal(engine.matrix((arcs, ppm), (arcs, ppm)), whole)


def test_a_few_changed_arcs_weigh_as_if_all_had_been_weighed_anew():
    network, rng = town(7, n_side=12), np.random.default_rng(7)
    order = order_nodes(network)
    engine, travel_ms = CchTravelTimes(network, order), network.travel_ms.copy()
    places = random_places(rng, network, 120)
    for _ in range(12):
        arcs = rng.integers(network.n_arcs, size=6)
        new_ms = rng.choice([1, 700, 9_000, UNREACHABLE_MS], size=(1, len(arcs)))
        # The last one given for an arc counts, as in the array beside.
        travel_ms[:, arcs] = np.repeat(new_ms, len(network.profiles), axis=0)
        engine.change_arcs(arcs, np.repeat(new_ms, len(network.profiles), axis=0))
        anew = CchTravelTimes(network, order)
        anew.use_weights(travel_ms)
        assert np.array_equal(engine.matrix(places, places), anew.matrix(places, places))


def test_other_weights_are_in_force_at_once_and_the_first_come_back():
    network, rng = town(3), np.random.default_rng(3)
    engine = CchTravelTimes(network, order_nodes(network))
    arcs, ppm = random_places(rng, network, 30)
    goal = RoadPosition(5, 250_000)
    before = engine.to_one(arcs, ppm, goal)
    slower = np.minimum(network.travel_ms.astype(np.int64) * 3, UNREACHABLE_MS)
    engine.use_weights(slower)
    assert engine.to_one(arcs, ppm, goal).tolist() == (
        oracle(network, slower).to_one(arcs, ppm, goal).tolist()
    )
    engine.use_weights(network.travel_ms)
    assert engine.to_one(arcs, ppm, goal).tolist() == before.tolist()


def test_the_nearest_places_come_soonest_first_and_then_by_index():
    network = network_of(4, [(0, 1, 10, 10), (1, 2, 10, 10), (2, 3, 10, None)])
    engine = CchTravelTimes(network, [0, 2, 1, 3])
    last = network.n_arcs - 1
    goal = RoadPosition(0, 0)
    order, travel_ms = engine.nearest([2, 0, 2, last], [0, 0, 0, PPM], goal, n_nearest=2)
    assert (order.tolist(), travel_ms.tolist()) == ([1, 0], [0, 10])
    order, travel_ms = engine.nearest([2, 0, 2, last], [0, 0, 0, PPM], goal, n_nearest=9)
    assert (order.tolist(), travel_ms.tolist()) == ([1, 0, 2], [0, 10, 10])
    order, _ = engine.nearest([2, 0], [0, 0], goal, n_nearest=9, bound_ms=5)
    assert order.tolist() == [1]


def test_threads_always_read_one_whole_set_of_weights_while_others_are_put_in_force():
    network, rng = town(4), np.random.default_rng(4)
    engine = CchTravelTimes(network, order_nodes(network))
    arcs, ppm = random_places(rng, network, 25)
    closed = rng.choice(network.n_arcs, 30, replace=False)
    shut, slow = network.travel_ms.copy(), np.minimum(network.travel_ms, UNREACHABLE_MS // 2) * 2
    shut[:, closed] = UNREACHABLE_MS
    goals = [RoadPosition(int(arc), 0) for arc in rng.integers(network.n_arcs, size=8)]
    allowed = [
        {tuple(oracle(network, ms).to_one(arcs, ppm, goal).tolist())
         for ms in (network.travel_ms, shut, slow)}
        for goal in goals
    ]  # fmt: skip
    done = Event()

    def read():
        n_read = 0
        while not done.is_set() or n_read < 50:
            at = n_read % len(goals)
            assert tuple(engine.to_one(arcs, ppm, goals[at]).tolist()) in allowed[at]
            n_read += 1
        return n_read

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for _ in range(60):
                engine.change_arcs(closed, shut[:, closed])
                engine.change_arcs(closed, network.travel_ms[:, closed])
                engine.use_weights(slow)
                engine.use_weights(network.travel_ms)
        finally:
            done.set()
        assert all(reader.result() >= 50 for reader in readers)


def test_an_order_is_a_permutation_and_the_same_every_time():
    network = town(2)
    order = order_nodes(network)
    assert np.sort(order).tolist() == list(range(network.n_nodes))
    assert order.tolist() == order_nodes(network).tolist()


def test_a_network_of_nothing_but_loops_can_be_ordered():
    network = network_of(2, [(0, 0, 10, None), (1, 1, 10, 10)])
    engine = CchTravelTimes(network, order_nodes(network))
    assert engine.to_one([0, 0], [0, 500_000], RoadPosition(0, 400_000)).tolist() == [4, 9]
    assert engine.to_one([0], [0], RoadPosition(1, 0)).tolist() == [UNREACHABLE_MS]
    assert engine.path(RoadPosition(0, 500_000), RoadPosition(0, 0)).arcs == (0, 0)


@pytest.mark.parametrize("order", [[0, 1], [0, 0, 1], [1, 2, 3]])
def test_an_order_for_another_network_is_refused(order):
    with pytest.raises(ValueError, match="import the map again"):
        CchTravelTimes(network_of(3, [(0, 1, 5, 5)]), order)


def small():
    return CchTravelTimes(network_of(2, [(0, 1, 100, 200)]), [0, 1])


@pytest.mark.parametrize(
    ("arc", "ppm", "complaint"),
    [(2, 0, "arc 2 at 0 ppm"), (-1, 0, "arc -1"), (0, PPM + 1, "1000001 ppm"), (0, -1, "-1 ppm")],
)
def test_a_place_off_the_network_is_refused_by_name(arc, ppm, complaint):
    engine, fine = small(), RoadPosition(0, 0)
    wrong = RoadPosition(arc, ppm)
    for ask in (
        lambda: engine.to_one([0, arc], [0, ppm], fine),
        lambda: engine.from_one(wrong, [0], [0]),
        lambda: engine.matrix(([arc], [ppm]), ([0], [0])),
        lambda: engine.path(fine, wrong),
        lambda: engine.to_node_ms(wrong),
    ):
        with pytest.raises(ValueError, match=complaint):
            ask()


def test_what_does_not_fit_is_refused_and_changes_nothing():
    engine, goal = small(), RoadPosition(0, 0)
    with pytest.raises(ValueError, match="2 arcs were given with 1 fractions"):
        engine.to_one([0, 1], [0], goal)
    with pytest.raises(ValueError, match="no profile 2"):
        engine.to_one([0], [0], goal, profile=2)
    with pytest.raises(ValueError, match="no profile -1"):
        engine.path(goal, goal, profile=-1)
    with pytest.raises(ValueError, match="not among the 2"):
        engine.change_arcs([2], [[5], [5]])
    with pytest.raises(ValueError, match=r"shape \(2, 1\)"):
        engine.change_arcs([0], [5])
    with pytest.raises(ValueError, match="1 to 1073741824 ms"):
        engine.use_weights([[0, 5], [5, 5]])
    assert engine.travel_ms.tolist() == [[100, 200], [50, 100]]


def test_no_places_and_no_changes_ask_for_nothing():
    engine = small()
    assert engine.to_one([], [], RoadPosition(0, 0)).tolist() == []
    assert engine.matrix(([], []), ([0], [0])).shape == (0, 1)
    engine.change_arcs([], np.empty((2, 0)))
    assert engine.to_one([1], [0], RoadPosition(0, 0)).tolist() == [200]


def test_weights_that_come_again_are_those_that_were_weighed():
    """Hours come again; also after a street was closed in between, and when few can be kept."""
    network = build_network(raw_town(seed=21))[0]
    engine, oracle = CchTravelTimes(network, order_nodes(network)), DijkstraTravelTimes(network)
    map_ms = network.travel_ms.astype(np.int64)
    hours = [np.minimum(map_ms * n, UNREACHABLE_MS) for n in (2, 3, 2, 3, 1, 2)]
    place, arcs = RoadPosition(network.n_arcs // 2, 500_000), np.arange(0, network.n_arcs, 7)
    ppm = np.full(len(arcs), 250_000)
    for times_ms in hours:
        engine.use_weights(times_ms)
        oracle.use_weights(times_ms)
        for profile in range(len(network.profiles)):
            asked = {"profile": profile}
            found = engine.to_one(arcs, ppm, place, **asked)
            assert np.array_equal(found, oracle.to_one(arcs, ppm, place, **asked))
            assert np.array_equal(
                engine.to_node_ms(place, **asked), oracle.to_node_ms(place, **asked)
            )
        engine.change_arcs([3], np.full((len(network.profiles), 1), UNREACHABLE_MS))
