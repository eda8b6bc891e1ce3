"""What is known to be left of a way found before is what a search would find."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.driven_histories import fractions, maps
from unit.roads.made_networks import raw_town

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.known_ways import MAX_ENDS, KnownWays
from kuaifan.roads.travel import PPM, RoadPosition
from kuaifan.roads.turn_times import TurnPenalties

NETWORK = build_network(raw_town(seed=21))[0]
ENGINE = DijkstraTravelTimes(NETWORK)

places = st.builds(RoadPosition, st.integers(0, NETWORK.n_arcs - 1), st.integers(0, PPM))


def note_way(network, engine, ways, origin, target, profile=0):
    """The way found and noted, as arcs; none where there is no way."""
    path = engine.path(origin, target, profile=profile)
    if path.arcs:
        ways.note(target, profile, path, network.travel_ms[profile, list(path.arcs)])
    return path


@settings(deadline=None, max_examples=100)
@given(places, places, st.integers(0, 1), st.integers(0, PPM), st.data())
def test_along_a_way_the_rest_is_known_to_the_millisecond(origin, target, profile, ppm, data):
    ways = KnownWays(NETWORK)
    path = note_way(NETWORK, ENGINE, ways, origin, target, profile)
    assume(not {target.arc, int(NETWORK.twin[target.arc])} & set(path.arcs[:-1]))
    here = RoadPosition(data.draw(st.sampled_from(path.arcs)), ppm)
    left_ms = ways.find_ms(here, target, profile)
    if path.arcs[0] != here.arc != path.arcs[-1]:
        assert left_ms is not None
    if left_ms is not None:
        assert left_ms == ENGINE.to_one(*zip(here, strict=True), target, profile=profile)[0]


@settings(deadline=None, max_examples=150)
@given(maps(), st.sampled_from(list(TurnPenalties)), st.data())
def test_where_turns_are_forbidden_it_is_exact_or_not_known(raw, where, data):
    try:
        network, _ = build_network(raw, turn_penalties=where)
    except BadInputError:
        assume(condition=False)
        raise
    engine, ways = DijkstraTravelTimes(network), KnownWays(network)
    arcs = st.sampled_from((~network.is_turn).nonzero()[0].tolist())
    spots = st.builds(RoadPosition, arcs, fractions)
    origin, target = data.draw(spots), data.draw(spots)
    path = note_way(network, engine, ways, origin, target)
    note_way(network, engine, ways, data.draw(spots), target)
    for arc in path.arcs:
        here = RoadPosition(arc, data.draw(fractions))
        left_ms = ways.find_ms(here, target, 0)
        assert left_ms is None or left_ms == engine.to_one([arc], [here.fraction_ppm], target)[0]


def test_nothing_is_known_off_the_way_of_another_profile_or_by_other_weights():
    ways, target = KnownWays(NETWORK), RoadPosition(NETWORK.n_arcs // 2, 500_000)
    path = note_way(NETWORK, ENGINE, ways, RoadPosition(0, 0), target)
    here = RoadPosition(path.arcs[len(path.arcs) // 2], 500_000)
    off = next(arc for arc in range(NETWORK.n_arcs) if arc not in path.arcs)
    assert ways.find_ms(here, target, 0) is not None
    assert ways.find_ms(RoadPosition(off, 500_000), target, 0) is None
    assert ways.find_ms(here, target, 1) is None
    ways.clear()
    assert ways.find_ms(here, target, 0) is None


@pytest.mark.parametrize(("later", "is_known"), [(MAX_ENDS - 1, True), (MAX_ENDS, False)])
def test_the_oldest_end_is_given_up_first(later, is_known):
    ways, origin = KnownWays(NETWORK), RoadPosition(0, 0)
    first = RoadPosition(NETWORK.n_arcs // 2, 500_000)
    note_way(NETWORK, ENGINE, ways, origin, first)
    other = ENGINE.path(origin, RoadPosition(NETWORK.n_arcs // 2, 400_000))
    for i in range(later):
        end = RoadPosition(other.arcs[-1], i)
        ways.note(end, 0, other, NETWORK.travel_ms[0, list(other.arcs)])
    assert (ways.find_ms(origin, first, 0) is not None) == is_known
