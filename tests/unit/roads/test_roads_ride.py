"""A car on a path stays on the streets and within their speeds, and arrives on time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import network_of, raw_town

from kuaifan.geo.points import distances_m
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.ride import Ride
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import PPM, UNREACHABLE_MS, Path, RoadPosition

NETWORK = build_network(raw_town(seed=21))[0]
ENGINE = DijkstraTravelTimes(NETWORK)
SNAPPER = Snapper(NETWORK)
LINES = SNAPPER.lines
COMPILED_LINES = ArcLines(NETWORK)
COMPILED_LINES.load_kernel()

places = st.builds(RoadPosition, st.integers(0, NETWORK.n_arcs - 1), st.integers(0, PPM))


def same_place(place, other):
    twin = int(NETWORK.twin[other.arc])
    return place == other or place == (twin, PPM - other.fraction_ppm)


@settings(deadline=None, max_examples=150)
@given(places, places, st.integers(0, 1), st.integers(100, 15_000))
def test_every_fix_is_on_a_street_and_no_faster_than_it(origin, target, profile, step_ms):
    path = ENGINE.path(origin, target, profile=profile)
    ride = Ride(LINES, path, profile=profile)
    at_ms = np.append(np.arange(0, path.travel_ms, step_ms), path.travel_ms)
    found = ride.places_at(at_ms)
    assert set(found.arc.tolist()) <= set(path.arcs)
    assert SNAPPER.snap(found.lat, found.lon).distance_m.max() < 0.05
    on_arc = LINES.places_at(found.arc, found.fraction_ppm)
    assert np.array_equal(on_arc.lat, found.lat)
    assert np.array_equal(on_arc.lon, found.lon)
    moved_m = distances_m(
        found.lat[:-1], found.lon[:-1], to_lat=found.lat[1:], to_lon=found.lon[1:]
    )
    fastest_mps = arc_speeds_mps(path, profile).max()
    # One millionth of an arc and the last started millisecond are what integers cost.
    slack_m = NETWORK.length_m.max() / PPM + fastest_mps / 1000.0
    assert np.all(moved_m <= np.diff(at_ms) / 1000.0 * fastest_mps + slack_m)


def arc_speeds_mps(path, profile):
    arcs = np.array(path.arcs)
    return NETWORK.length_m[arcs] * 1000.0 / NETWORK.travel_ms[profile, arcs]


@settings(deadline=None, max_examples=100)
@given(places, places)
def test_a_ride_begins_at_the_origin_and_ends_at_the_target(origin, target):
    path = ENGINE.path(origin, target)
    ride = Ride(LINES, path)
    assert ride.travel_ms == path.travel_ms
    assert same_place(ride.position_at(-5), origin)
    assert same_place(ride.position_at(path.travel_ms), target)
    assert same_place(ride.position_at(path.travel_ms + 10**9), target)


@settings(deadline=None, max_examples=100)
@given(places, places, st.floats(0.0, 1.0))
def test_what_is_left_from_any_moment_is_the_rest_of_the_time(origin, target, share):
    path = ENGINE.path(origin, target)
    elapsed_ms = int(path.travel_ms * share)
    here = Ride(LINES, path).position_at(elapsed_ms)
    left_ms = ENGINE.path(here, target).travel_ms
    # The place is rounded to a millionth of the arc, the part of the arc to a millisecond.
    assert left_ms == pytest.approx(path.travel_ms - elapsed_ms, abs=2)


@settings(deadline=None, max_examples=100)
@given(places, places, st.integers(0, 1), st.integers(1, 40_000), st.integers(100, 40_000))
def test_all_fixes_at_once_are_those_of_each_moment_with_and_without_the_kernel(
    origin, target, profile, first_ms, every_ms
):
    path = ENGINE.path(origin, target, profile=profile)
    ride, at_once = (Ride(lines, path, profile=profile) for lines in (LINES, COMPILED_LINES))
    fixes = ride.fixes_at(first_ms, every_ms)
    at_ms = np.arange(first_ms, path.travel_ms, every_ms)
    assert len(fixes) == len(at_ms)
    assert fixes == at_once.fixes_at(first_ms, every_ms)
    for ms, fix in zip(at_ms.tolist(), fixes, strict=True):
        assert fix[2:4] == ride.position_at(ms)
        assert LINES.place_at(*fix[2:4]) == COMPILED_LINES.place_at(*fix[2:4])
        assert [type(value) for value in fix] == [float, float, int, int, float, int]


def test_a_car_never_goes_back():
    path = ENGINE.path(RoadPosition(0, 300_000), RoadPosition(NETWORK.n_arcs - 1, 700_000))
    ride = Ride(LINES, path)
    steps = [ride.position_at(ms) for ms in range(0, path.travel_ms + 1, 7)]
    keys = [(path.arcs.index(step.arc), step.fraction_ppm) for step in steps]
    assert keys == sorted(keys)
    assert len({arc for arc, _ in keys}) == len(path.arcs)


def test_speed_is_the_arcs_own_until_the_ride_is_over():
    path = ENGINE.path(RoadPosition(0, 0), RoadPosition(NETWORK.n_arcs // 2, 500_000))
    found = Ride(LINES, path).places_at([-1, 0, path.travel_ms // 2, path.travel_ms])
    assert found.speed_mps[0] == 0.0
    assert found.speed_mps[-1] == 0.0
    expected = NETWORK.length_m[found.arc] * 1000.0 / NETWORK.travel_ms[0, found.arc]
    assert found.speed_mps[1:3] == pytest.approx(expected[1:3])
    assert np.all((found.heading_deg >= 0.0) & (found.heading_deg < 360.0))


def test_positions_are_plain_python_integers():
    path = ENGINE.path(RoadPosition(0, 0), RoadPosition(5, 500_000))
    assert [type(value) for value in Ride(LINES, path).position_at(100)] == [int, int]


def test_there_is_no_ride_without_a_way():
    with pytest.raises(ValueError, match="cannot be reached"):
        Ride(LINES, Path(UNREACHABLE_MS, (), 0, 0))


def test_a_path_of_another_profile_is_refused():
    path = ENGINE.path(RoadPosition(0, 0), RoadPosition(NETWORK.n_arcs // 2, 500_000))
    with pytest.raises(ValueError, match="another profile"):
        Ride(LINES, path, profile=1)


def test_a_ride_around_a_block_comes_back_to_the_street_it_began_on():
    ring = network_of(3, [(0, 1, 100, None), (1, 2, 100, None), (2, 0, 100, None)])
    path = DijkstraTravelTimes(ring).path(RoadPosition(0, 700_000), RoadPosition(0, 200_000))
    ride = Ride(ArcLines(ring), path)
    at_ms = [0, 29, 30, 130, 230, 240, 250]
    arcs = [ride.position_at(ms).arc for ms in at_ms]
    assert arcs == [0, 0, 1, 2, 0, 0, 0]
    assert ride.position_at(240).fraction_ppm == 100_000
