"""Turns that take time: times equal a search that pays at every turn it makes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.driven_histories import (
    Streets,
    brute_force_ms,
    check_path,
    forbidden_walks,
    fractions,
    has_trap,
    maps,
)
from unit.roads.made_networks import raw_town
from unit.roads.paid_turns import Turns

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.travel import RoadPosition
from kuaifan.roads.turn_times import TURN_MS, TurnPenalties

ON = [TurnPenalties.MAIN, TurnPenalties.ALL]


@settings(deadline=None, max_examples=80)
@given(maps(), st.sampled_from(ON), st.data())
def test_times_equal_a_search_that_pays_at_every_turn(raw, where, data):
    try:
        open_, _ = build_network(replace(raw, turn_rules=()))
        network, _ = build_network(raw, turn_penalties=where)
    except BadInputError:
        assume(condition=False)
        raise
    steps = Streets(open_).all_steps()
    forbidden, _ = forbidden_walks(raw, steps)
    streets = Streets(network)
    assume(not has_trap(streets, forbidden))
    places = st.builds(RoadPosition, st.sampled_from(streets.arcs), fractions)
    starts, goal = data.draw(st.lists(places, min_size=1, max_size=3)), data.draw(places)
    at = ([one.arc for one in starts], [one.fraction_ppm for one in starts])
    order = data.draw(st.permutations(range(network.n_nodes)))
    engines = DijkstraTravelTimes(network), CchTravelTimes(network, order)
    for profile, name in enumerate(TURN_MS):
        assert network.profiles[profile] == name
        how = {"turn_ms": Turns(raw, steps, where, name), "profile": profile}
        expected = [brute_force_ms(streets, forbidden, one, goal, **how) for one in starts]
        back = [brute_force_ms(streets, forbidden, goal, one, **how) for one in starts]
        for engine in engines:
            assert engine.to_one(*at, goal, profile=profile).tolist() == expected
            assert engine.from_one(goal, *at, profile=profile).tolist() == back
            if profile == 0:
                check_path(streets, forbidden, engine.path(starts[0], goal), expected[0])


@pytest.mark.parametrize("where", ON)
def test_streets_keep_their_times_and_only_turns_take_more(where):
    raw = raw_town(5)
    plain, _ = build_network(raw)
    timed, report = build_network(raw, turn_penalties=where)
    assert report.turns.n_timed > 0
    streets = ~timed.is_turn
    assert streets.sum() == plain.n_arcs
    assert np.isclose(timed.length_m.sum(), plain.length_m.sum())
    assert sorted(timed.travel_ms[0, streets].tolist()) == sorted(plain.travel_ms[0].tolist())
    assert set(timed.travel_ms[0, ~streets].tolist()) <= {0, *TURN_MS["normal"]}
    assert set(timed.travel_ms[1, ~streets].tolist()) <= {0, *TURN_MS["siren"]}
    read = RoadNetwork.from_arrays(timed.to_arrays())
    assert np.array_equal(read.is_turn, timed.is_turn)


def test_off_builds_what_it_built_before():
    raw = raw_town(5)
    off, _ = build_network(raw, turn_penalties=TurnPenalties.OFF)
    assert off.content_hash() == build_network(raw)[0].content_hash()
