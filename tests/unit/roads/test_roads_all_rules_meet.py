"""Doubled streets, turns that take time, feet, hours and a closure on one map at once."""

from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.roads.driven_histories import (
    Streets,
    brute_force_ms,
    build_both,
    forbidden_walks,
    fractions,
    has_trap,
    maps,
)
from unit.roads.made_networks import raw_map
from unit.roads.paid_turns import Turns
from unit.roads.walked_ways import WALK, walked_ms

from kuaifan.board.road_changes import CLOSED, NO_CHANGES, Closure, changes_of, difference
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.hours import HOUR_CLASSES, HourTable, HourTimes, usual_week
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.raw import CAR, DRIVEN, FOOT, RawWay, TurnRule
from kuaifan.roads.reach import Reach
from kuaifan.roads.ride import Ride
from kuaifan.roads.rings import RingGrower
from kuaifan.roads.snap import Snapper
from kuaifan.roads.speeds import PROFILES
from kuaifan.roads.travel import PPM, RoadPosition
from kuaifan.roads.turn_times import TURN_MS, TurnPenalties

ALL = DRIVEN | FOOT
USES = [(None, ALL), (None, ALL), (None, DRIVEN), (None, CAR | FOOT), ("footway", FOOT)]


@st.composite
def maps_for_all(draw):
    """Restrictions over streets that are walked as well, here and there a way for feet alone."""
    raw, ways = draw(maps()), []
    for way in raw.ways:
        highway, modes = draw(st.sampled_from(USES))
        ways.append(replace(way, highway=highway or way.highway, modes=modes))
    return replace(raw, ways=ways)


def closure(arc, percent):
    parts = {"points": (), "reason": "x", "by": "y", "until_ms": 1}
    return Closure(closure_id="R1", arcs=(arc,), percent=percent, **parts)


def hours_of(network):
    return HourTimes(network, HourTable(usual_week(), UTC), foot_kmh=6.0)


@st.composite
def changes_on(draw, network):
    """An hour and a closure, as the board has them in force."""
    name = draw(st.sampled_from(["", *HOUR_CLASSES]))
    hour_ms = hours_of(network).times_ms(name)
    arc = draw(st.sampled_from(Streets(network).arcs))
    shut = closure(arc, draw(st.sampled_from([CLOSED, 50])))
    return hour_ms, changes_of(network, [shut], name, hour_ms)


def engines_under(network, hour_ms, changes, order):
    """Dijkstra by all weights at once; CCH by all at once, and by the hour and then the closure."""
    under_ms = hour_ms.copy()
    under_ms[:, changes.arcs] = changes.travel_ms
    plain, at_once, in_turn = (
        DijkstraTravelTimes(network),
        *(CchTravelTimes(network, order) for _ in range(2)),
    )
    plain.use_weights(under_ms)
    at_once.use_weights(under_ms)
    in_turn.use_weights(hour_ms)
    before = changes_of(network, [], changes.hour_class) if changes.hour_class else NO_CHANGES
    in_turn.change_arcs(*difference(network, before, changes, hour_ms))
    return replace(network, travel_ms=under_ms), (plain, at_once, in_turn)


@settings(deadline=None, max_examples=60)
@given(maps_for_all(), st.sampled_from(list(TurnPenalties)), st.data())
def test_every_profile_is_exact_where_all_rules_meet(raw, where, data):
    try:
        open_, _ = build_network(replace(raw, turn_rules=()))
        network, report = build_network(raw, turn_penalties=where)
    except BadInputError:
        assume(condition=False)
        raise
    steps = Streets(open_).all_steps()
    forbidden, _ = forbidden_walks(raw, steps)
    assume(not has_trap(Streets(network), forbidden))
    hour_ms, changes = data.draw(changes_on(network))
    order = data.draw(st.permutations(range(network.n_nodes)))
    under, engines = engines_under(network, hour_ms, changes, order)
    arcs = st.sampled_from(np.flatnonzero(~network.is_turn).tolist())
    places = st.builds(RoadPosition, arcs, fractions)
    starts, goal = data.draw(st.lists(places, min_size=1, max_size=2)), data.draw(places)
    at = ([one.arc for one in starts], [one.fraction_ppm for one in starts])
    truth, streets = engines[0], Streets(under)
    # The search that remembers all knows nothing of arcs that only feet use.
    on_map = {arc for one in (*starts, goal) for arc in (one.arc, int(network.twin[one.arc]))}
    streets.steps |= {arc: ((0, 0, 0),) for arc in on_map - {-1} if arc not in streets.steps}
    remembered = data.draw(st.sampled_from(range(WALK)))
    for profile, name in enumerate(PROFILES):
        times_ms = truth.to_one(*at, goal, profile=profile).tolist()
        back_ms = truth.from_one(goal, *at, profile=profile).tolist()
        if profile == WALK:
            n_split = report.turns.n_split + report.turns.n_timed
            for one, ms in zip(starts, times_ms, strict=True):
                walked = walked_ms(under, one, goal)
                assert walked <= ms <= min(walked + 2 * n_split, UNREACHABLE_MS)
        elif profile == remembered:
            how = {"turn_ms": Turns(raw, steps, where, name), "profile": profile}
            expected = [brute_force_ms(streets, forbidden, one, goal, **how) for one in starts]
            assert times_ms == expected
            assert back_ms == [brute_force_ms(streets, forbidden, goal, s, **how) for s in starts]
        reach = Reach(network, truth, [goal], bound_ms=UNREACHABLE_MS, profile=profile)
        reach.refresh(truth, under.travel_ms)
        table_ms = reach.times(np.array(at[0]), np.array(at[1]))[:, 0].tolist()
        assert table_ms == times_ms
        node_ms = truth.to_node_ms(goal, profile=profile)
        for engine in engines[1:]:
            assert engine.to_one(*at, goal, profile=profile).tolist() == times_ms
            assert engine.from_one(goal, *at, profile=profile).tolist() == back_ms
            assert engine.path(starts[0], goal, profile=profile).travel_ms == times_ms[0]
            goals = [goal.arc], [goal.fraction_ppm]
            assert engine.matrix(at, goals, profile=profile)[:, 0].tolist() == times_ms
            assert np.array_equal(engine.to_node_ms(goal, profile=profile), node_ms)


@settings(deadline=None, max_examples=60)
@given(maps_for_all(), st.data())
def test_a_double_takes_what_its_street_takes_at_every_hour_and_a_turn_always_the_same(raw, data):
    _, network, _ = build_both(raw)
    timed, _ = build_network(raw, turn_penalties=TurnPenalties.ALL)
    for each in (network, timed):
        double, street = each.hidden[each.hidden[:, 1] >= 0].T
        turns = each.is_turn & ~each.is_double
        for name in ("", *HOUR_CLASSES):
            ms = hours_of(each).times_ms(name)
            is_own = (ms[:, double] == ms[:, street]) | (ms[:, double] == UNREACHABLE_MS)
            assert is_own.all()
            assert np.array_equal(ms[:, turns], each.travel_ms[:, turns])
        # Somebody walks along every street that is walked.
        walked = street[each.travel_ms[WALK, street] < UNREACHABLE_MS]
        assert {*walked.tolist()} == {*street[each.travel_ms[WALK, double] < 2**30].tolist()}
        assert not each.twin[double][each.twin[double] >= 0].size
        assert not (each.is_street & each.is_turn).any()
        assert (each.travel_ms[WALK, turns] <= 1).all() or not raw_is_walked(raw)
    post = data.draw(st.sampled_from(Streets(network).arcs))
    grower = RingGrower(network, profile=WALK)
    pieces = grower.grow([RoadPosition(post, PPM // 2)], 60_000).cut(60_000)
    assert not network.is_turn[pieces.arc].any()


def raw_is_walked(raw):
    return any(way.modes & FOOT for way in raw.ways)


def carriageways(*rules, modes=ALL):
    """Two one-way carriageways, 1-2-3 east and 4-5-6 west, joined at 2-5 by way 5."""
    spots = [(30.0, 110.0), (30.0, 110.001), (30.0, 110.002)]
    spots += [(30.0002, 110.002), (30.0002, 110.001), (30.0002, 110.0)]
    lines = [((1, 2), 1), ((2, 3), 1), ((4, 5), 1), ((5, 6), 1), ((2, 5), 0), ((3, 4), 1)]
    lines += [((6, 1), 1)]
    ways = [
        RawWay(i, nodes, "secondary", oneway, name=str(i), modes=modes)
        for i, (nodes, oneway) in enumerate(lines, start=1)
    ]
    return raw_map(spots, ways, turn_rules=rules)


BACK = TurnRule(1, 1, 0, 4, "no_u_turn", (5,))


def middle_of(network, way, ppm=PPM // 2):
    is_way = np.array([network.names[i] == str(way) for i in network.name_i])
    arc = int(np.flatnonzero(is_way & network.is_driven & ~network.is_turn)[0])
    return RoadPosition(arc, ppm)


def time_ms(engine, network, ways, profile):
    one, other = middle_of(network, ways[0], 3 * PPM // 4), middle_of(network, ways[1], PPM // 4)
    return int(engine.to_one([one.arc], [one.fraction_ppm], other, profile=profile)[0])


@pytest.mark.parametrize(
    "make", [DijkstraTravelTimes, lambda n: CchTravelTimes(n, range(n.n_nodes))]
)
def test_feet_cross_a_doubled_street_straight_and_where_it_is_closed(make):
    network, _ = build_network(carriageways(BACK), turn_penalties=TurnPenalties.ALL)
    assert network.is_double.any()
    engine = make(network)
    straight_ms = time_ms(engine, network, (1, 4), WALK)
    by_car_ms = time_ms(engine, network, (1, 4), 0)
    assert by_car_ms > 2 * TURN_MS["normal"][2]
    link = middle_of(network, 5).arc
    changes = changes_of(network, [closure(link, CLOSED)])
    engine.change_arcs(changes.arcs, changes.travel_ms)
    shut = network.travel_ms.copy()
    shut[:, changes.arcs] = changes.travel_ms
    doubles = network.hidden[network.hidden[:, 1] == link, 0]
    assert (shut[:WALK, doubles] == UNREACHABLE_MS).all()
    assert time_ms(engine, network, (1, 4), WALK) == straight_ms
    ends = middle_of(network, 1, 3 * PPM // 4), middle_of(network, 4, PPM // 4)
    path = engine.path(*ends, profile=WALK)
    driven = [arc for arc in path.arcs if not network.is_turn[arc]]
    assert [network.names[network.name_i[arc]] for arc in driven] == ["1", "5", "4"]
    assert not network.is_double[list(path.arcs)].any()


def test_a_footway_off_a_doubled_street_ends_no_walk_and_makes_no_junction_for_cars():
    raw = carriageways(BACK)
    spots = [*zip(raw.node_lat, raw.node_lon, strict=True), (30.0001, 110.001), (30.0001, 110.0005)]
    ways = [
        replace(way, nodes=(2, 7, 5)) if way.way_id == 5 else way  # through the footway's end
        for way in raw.ways
    ]
    footway = RawWay(8, (7, 8), "footway", name="8", modes=FOOT)
    network, report = build_network(
        raw_map(spots, [*ways, footway], turn_rules=(BACK,)), turn_penalties=TurnPenalties.ALL
    )
    assert (report.turns.n_via_ways, report.turns.n_timed) == (1, 2)
    plain, _ = build_network(
        raw_map(spots, ways, turn_rules=(BACK,)), turn_penalties=TurnPenalties.ALL
    )
    engine, without = DijkstraTravelTimes(network), DijkstraTravelTimes(plain)
    ends = Snapper(network, profile=WALK).snap_one(30.0001, 110.0005).position
    start = middle_of(network, 1)
    walked = engine.to_one([start.arc], [start.fraction_ppm], ends, profile=WALK)[0]
    assert 0 <= walked - walked_ms(network, start, ends) <= 6
    for pair in ((1, 4), (3, 2), (3, 6)):
        by_car, alone = (time_ms(e, n, pair, 0) for e, n in ((engine, network), (without, plain)))
        # A street of two arcs is rounded up twice.
        assert alone <= by_car <= alone + 4


def test_a_path_by_car_over_a_doubled_street_is_read_as_the_street_at_the_peak():
    network, _ = build_network(carriageways(BACK))
    times_ms = hours_of(network).times_ms("weekday_peak")
    under = replace(network, travel_ms=times_ms)
    engine = CchTravelTimes(network, range(network.n_nodes))
    engine.use_weights(times_ms)
    path = engine.path(middle_of(network, 3), middle_of(network, 2))
    assert Ride(Snapper(under).lines, path).travel_ms == path.travel_ms < UNREACHABLE_MS
    assert not network.is_double[list(path.arcs)].any()
