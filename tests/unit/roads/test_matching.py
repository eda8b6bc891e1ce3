"""Fixes onto the way that was driven: back on the same arcs, and what cannot be is said."""

import numpy as np
import pytest
from unit.roads.made_networks import METRES_PER_DEGREE, raw_map, raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.matching import JUMP, NO_TRACE, OFF_ROAD, OK, REVERSED, Fix, Matcher
from kuaifan.roads.ride import Ride
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition

SOUTH, WEST = 32.6, 117.0
EAST_M = METRES_PER_DEGREE * np.cos(np.radians(SOUTH))
NOISE_M = 5.0


def spot(north_m, east_m):
    return SOUTH + north_m / METRES_PER_DEGREE, WEST + east_m / EAST_M


def matcher_of(raw):
    return Matcher(Snapper(build_network(raw)[0]))


@pytest.fixture(scope="module")
def town():
    return matcher_of(raw_town(3))


def avenue(*, lane_m):
    """A one-way street 800 m to the east, and so far north of it a street for both ways."""
    spots = [spot(north_m, east_m) for north_m in (0, lane_m) for east_m in (0, 400, 800)]
    ways = [((1, 2), 1), ((2, 3), 1), ((4, 5, 6), 0), ((1, 4), 0), ((3, 6), 0), ((2, 5), 0)]
    return matcher_of(raw_map(spots, ways))


def online(matcher, fixes):
    found, trace = [], NO_TRACE
    for fix in fixes:
        matched, trace = matcher.match_next(trace, fix)
        found.append(matched)
    return found


def drive(matcher, seed, *, step_s=5, says_heading=False):
    """A ride through the town as a receiver saw it: fixes with noise, and the arcs driven."""
    rng, network = np.random.default_rng(seed), matcher.snapper.network
    travel, path = DijkstraTravelTimes(network), None
    while path is None or len(path.arcs) < 12 or path.travel_ms >= 2**30:
        origin, target = (
            RoadPosition(int(a), 500_000) for a in rng.integers(network.n_arcs, size=2)
        )
        path = travel.path(origin, target)
    ride = Ride(matcher.snapper.lines, path)
    at_ms = np.arange(0, ride.travel_ms, step_s * 1000)
    places = ride.places_at(at_ms)
    lat = places.lat + rng.normal(0, NOISE_M, len(at_ms)) / METRES_PER_DEGREE
    lon = places.lon + rng.normal(0, NOISE_M, len(at_ms)) / EAST_M
    headings = places.heading_deg if says_heading else np.full(len(at_ms), -1.0)
    columns = (at_ms.tolist(), lat.tolist(), lon.tolist(), headings.tolist())
    return [Fix(*row, 10.0) for row in zip(*columns, strict=True)], set(path.arcs)


def share_on(arcs, found):
    return np.mean([matched.position.arc in arcs for matched in found])


def test_a_whole_ride_with_noise_is_matched_back_on_its_arcs(town):
    rides = [drive(town, seed) for seed in range(12)]
    shares = [share_on(arcs, town.match_track(fixes)) for fixes, arcs in rides]
    assert np.mean(shares) >= 0.95
    codes = [matched.code for fixes, _ in rides for matched in town.match_track(fixes)]
    assert set(codes) == {OK}


def test_with_headings_the_first_fix_already_knows_its_direction(town):
    rides = [drive(town, seed, says_heading=True) for seed in range(12)]
    shares = [share_on(arcs, online(town, fixes)) for fixes, arcs in rides]
    assert np.mean(shares) >= 0.95


def test_online_is_the_last_word_of_the_batch_so_far(town):
    fixes, _ = drive(town, 4)
    by_and_by = online(town, fixes)
    assert by_and_by[-1] == town.match_track(fixes)[-1]
    assert by_and_by[6] == town.match_track(fixes[:7])[-1]
    assert town.match_track(fixes) == town.match_track(fixes)


def test_a_car_that_stands_stays_on_its_street_whatever_the_noise(town):
    rng, network = np.random.default_rng(1), town.snapper.network
    lat, lon = town.snapper.point_at(int(np.argmax(network.length_m)), 500_000)
    noise = rng.normal(0, NOISE_M, (40, 2)) / METRES_PER_DEGREE
    fixes = [Fix(5_000 * i, lat + n, lon + e) for i, (n, e) in enumerate(noise.tolist())]
    found = town.match_track(fixes)
    assert len({matched.position.arc for matched in found}) == 1
    assert {matched.code for matched in found} == {OK}


def going_west(n_fixes=6, *, north_m=0.0, heading_deg=270.0):
    return [Fix(5_000 * i, *spot(north_m, 700 - 60 * i), heading_deg, 12.0) for i in range(n_fixes)]


@pytest.mark.parametrize("heading_deg", [270.0, -1.0])
@pytest.mark.parametrize("form", ["online", "whole"])
def test_a_one_way_street_is_not_matched_against_its_direction(heading_deg, form):
    matcher = avenue(lane_m=30)
    fixes = going_west(5, north_m=10.0, heading_deg=heading_deg)
    found = online(matcher, fixes) if form == "online" else matcher.match_track(fixes)
    settled = found if heading_deg > 0 or form == "whole" else found[1:]
    network = matcher.snapper.network
    for matched in settled:
        arc = matched.position.arc
        assert network.twin[arc] >= 0
        assert network.node_lon[network.head[arc]] < network.node_lon[network.tail[arc]]
        assert matched.code == OK


def test_against_the_only_street_there_is_it_is_said_to_be_reversed():
    found = online(avenue(lane_m=300), going_west())
    assert {matched.code for matched in found} == {REVERSED}


def test_backwards_over_a_crossing_is_reversed_too():
    fixes = [Fix(5_000 * i, *spot(0, 470 - 60 * i)) for i in range(4)]
    assert [m.code for m in online(avenue(lane_m=300), fixes)] == [OK, *[REVERSED] * 3]


def test_backwards_along_one_arc_is_reversed_without_any_heading():
    matcher = avenue(lane_m=300)
    fixes = [Fix(5_000 * i, *spot(0, 380 - 60 * i)) for i in range(5)]
    codes = [matched.code for matched in online(matcher, fixes)]
    assert codes == [OK, *[REVERSED] * 4]


def test_a_slow_car_is_not_held_to_its_heading():
    fixes = [fix._replace(speed_mps=1.0) for fix in going_west(1)]
    assert online(avenue(lane_m=300), fixes)[0].code == OK


def test_one_fix_elsewhere_is_a_jump_and_the_way_goes_on_without_it(town):
    fixes, arcs = drive(town, 2)
    lost = town.snapper.network
    far = max(range(lost.n_nodes), key=lambda v: abs(lost.node_lat[v] - fixes[5].lat))
    fixes[5] = fixes[5]._replace(lat=float(lost.node_lat[far]), lon=float(lost.node_lon[far]))
    for found in (online(town, fixes), town.match_track(fixes)):
        assert [i for i, matched in enumerate(found) if matched.code == JUMP] == [5]
        assert share_on(arcs, found[6:]) >= 0.9


def test_a_car_that_is_elsewhere_for_good_is_followed_there(town):
    here, _ = drive(town, 2)
    there, arcs = drive(town, 7)
    moved = [fix._replace(at_ms=fix.at_ms + 5_000 + here[3].at_ms) for fix in there]
    if abs(moved[0].lat - here[3].lat) * METRES_PER_DEGREE < 400:
        moved = moved[len(moved) // 2 :]
    codes = [matched.code for matched in online(town, [*here[:4], *moved])]
    assert codes[5:] == [OK] * (len(codes) - 5)
    assert share_on(arcs, online(town, [*here[:4], *moved])[8:]) >= 0.9


def test_off_the_roads_the_nearest_street_is_named_and_the_chain_goes_on(town):
    fixes, arcs = drive(town, 5)
    field = Fix(fixes[4].at_ms, SOUTH - 0.005, WEST - 0.005)
    found = online(town, [*fixes[:4], field, *fixes[5:]])
    assert found[4].code == OFF_ROAD
    assert found[4].distance_m > 60
    assert [matched.code for matched in found[5:]] == [OK] * (len(fixes) - 5)
    assert share_on(arcs, found[5:]) >= 0.9
    assert town.match_track([field])[0].code == OFF_ROAD


def test_a_fix_of_an_older_time_or_after_a_long_silence_begins_anew(town):
    fixes, _ = drive(town, 5)
    late = fixes[3]._replace(at_ms=fixes[2].at_ms + 400_000)
    assert [m.code for m in online(town, [*fixes[:3], late])] == [OK] * 4
    assert [m.code for m in online(town, [fixes[3], fixes[2]])] == [OK] * 2


def test_nothing_is_matched_to_nothing_and_a_point_off_the_globe_is_refused(town):
    assert town.match_track([]) == []
    with pytest.raises(ValueError, match="not on the globe"):
        town.match_next(NO_TRACE, Fix(0, float("nan"), 117.0))
