"""Snapping finds what brute force finds, whichever search answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import raw_map, raw_town

from kuaifan.geo.points import LocalPlane, distance_m
from kuaifan.roads.build import build_network
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import PPM, RoadPosition

NETWORK = build_network(raw_town(seed=11))[0]
PLAIN = Snapper(NETWORK)
COMPILED = Snapper(NETWORK)
COMPILED.load_kernel()
SOUTH, NORTH = NETWORK.node_lat.min() - 0.01, NETWORK.node_lat.max() + 0.01
WEST, EAST = NETWORK.node_lon.min() - 0.01, NETWORK.node_lon.max() + 0.01


def nearest_m(lat, lon):
    """Distance to the nearest of all segments."""
    east, north = LocalPlane(lat, lon).to_metres(NETWORK.shape_lat, NETWORK.shape_lon)
    best = np.inf
    for arc in range(NETWORK.n_arcs):
        for i in range(NETWORK.shape_first[arc], NETWORK.shape_first[arc + 1] - 1):
            a, b = np.array([east[i], north[i]]), np.array([east[i + 1], north[i + 1]])
            along = b - a
            share = np.clip(-(a @ along) / max(along @ along, 1e-12), 0.0, 1.0)
            best = min(best, float(np.hypot(*(a + share * along))))
    return best


def test_the_nearest_of_all_segments_is_found():
    rng = np.random.default_rng(2)
    lat, lon = rng.uniform(SOUTH, NORTH, 60), rng.uniform(WEST, EAST, 60)
    found = COMPILED.snap(lat, lon)
    for i in range(60):
        assert found.distance_m[i] == pytest.approx(nearest_m(lat[i], lon[i]), rel=1e-5, abs=1e-3)
        point = COMPILED.point_at(int(found.arc[i]), int(found.fraction_ppm[i]))
        metres = distance_m(lat[i], lon[i], to_lat=point[0], to_lon=point[1])
        assert metres == pytest.approx(float(found.distance_m[i]), rel=1e-3, abs=0.01)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), max_size=4), st.integers(0))
def test_both_searches_find_the_same_near_and_far(far, seed):
    rng = np.random.default_rng(seed)
    lat = np.concatenate((rng.uniform(SOUTH, NORTH, 30), [lat for lat, _ in far]))
    lon = np.concatenate((rng.uniform(WEST, EAST, 30), [lon for _, lon in far]))
    for plain, compiled in zip(PLAIN.snap(lat, lon), COMPILED.snap(lat, lon), strict=True):
        assert plain.tolist() == compiled.tolist()
        assert plain.dtype == compiled.dtype


@pytest.mark.parametrize("snapper", [PLAIN, COMPILED], ids=["plain", "compiled"])
def test_a_place_on_the_road_snaps_to_itself(snapper):
    rng = np.random.default_rng(4)
    arcs = rng.integers(0, NETWORK.n_arcs, 200)
    ppm = rng.integers(50_000, 950_000, 200)
    places = snapper.lines.places_at(arcs, ppm)
    found = snapper.snap(places.lat, places.lon)
    assert found.distance_m.max() < 0.001
    back = snapper.lines.places_at(found.arc, found.fraction_ppm)
    assert np.abs(back.lat - places.lat).max() < 1e-8
    on_twin = NETWORK.twin[found.arc] == arcs
    assert np.mean((found.arc == arcs) | on_twin) > 0.99


@pytest.mark.parametrize("snapper", [PLAIN, COMPILED], ids=["plain", "compiled"])
def test_at_a_crossing_the_lowest_arc_is_taken(snapper):
    for node in range(NETWORK.n_nodes):
        arc = int(snapper.snap(NETWORK.node_lat[node], NETWORK.node_lon[node]).arc[0])
        touching = np.flatnonzero((NETWORK.tail == node) | (NETWORK.head == node))
        assert arc == touching.min()


def test_without_a_heading_the_lower_of_two_twins_is_taken():
    rng = np.random.default_rng(5)
    found = COMPILED.snap(rng.uniform(SOUTH, NORTH, 300), rng.uniform(WEST, EAST, 300))
    twin = NETWORK.twin[found.arc]
    assert np.all((twin < 0) | (found.arc < twin))


def test_a_heading_picks_the_direction_of_a_two_way_street_only():
    rng = np.random.default_rng(6)
    lat, lon = rng.uniform(SOUTH, NORTH, 300), rng.uniform(WEST, EAST, 300)
    heading_deg = rng.uniform(0.0, 360.0, 300)
    plain, facing = COMPILED.snap(lat, lon), COMPILED.snap(lat, lon, heading_deg=heading_deg)
    along_deg = COMPILED.lines.places_at(facing.arc, facing.fraction_ppm).heading_deg
    two_way = NETWORK.twin[facing.arc] >= 0
    at_bend = (facing.fraction_ppm == 0) | (facing.fraction_ppm == PPM)
    apart = np.cos(np.radians(heading_deg - along_deg))
    assert np.all(apart[two_way & ~at_bend] > -0.9)
    assert np.mean(apart[two_way] >= 0.0) > 0.95
    assert np.array_equal(facing.arc[~two_way], plain.arc[~two_way])
    turned = facing.arc != plain.arc
    assert turned.any()
    assert np.array_equal(facing.fraction_ppm[turned], PPM - plain.fraction_ppm[turned])


def test_an_unknown_heading_changes_nothing():
    place = (float(NETWORK.node_lat[3]), float(NETWORK.node_lon[3]))
    assert COMPILED.snap_one(*place, heading_deg=float("nan")) == COMPILED.snap_one(*place)


@pytest.mark.parametrize("snapper", [PLAIN, COMPILED], ids=["plain", "compiled"])
def test_one_point_is_found_as_it_is_among_many(snapper):
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(SOUTH, NORTH, 200), rng.uniform(WEST, EAST, 200)
    many = [column.tolist() for column in snapper.snap(lat, lon)]
    for at, arc, ppm, off_m in zip(
        zip(lat.tolist(), lon.tolist(), strict=True), *many, strict=True
    ):
        one = snapper.snap_one(*at)
        assert (*one.position, one.distance_m) == (arc, ppm, off_m)


def test_one_point_gives_plain_python_numbers():
    found = COMPILED.snap_one(32.6, 117.0)
    assert isinstance(found.position, RoadPosition)
    assert [type(value) for value in (*found.position, found.distance_m)] == [int, int, float]
    assert [type(value) for value in COMPILED.point_at(*found.position)] == [float, float]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 91.0])
def test_a_point_off_the_globe_is_named(bad):
    with pytest.raises(ValueError, match="point 1 at"):
        COMPILED.snap([32.6, bad], [117.0, 117.0])


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="2 latitudes were given with 1 longitudes"):
        COMPILED.snap([32.6, 32.6], [117.0])


def test_no_points_snap_to_nothing():
    assert COMPILED.snap([], []).arc.tolist() == []


@pytest.mark.parametrize("compiled", [False, True])
def test_a_town_of_one_straight_street_has_a_grid_too(compiled):
    network, _ = build_network(raw_map([(30.0, 110.0), (30.01, 110.0)], [((1, 2), 0)]))
    snapper = Snapper(network)
    if compiled:
        snapper.load_kernel()
    found = snapper.snap_one(30.0025, 110.01)
    assert found.position.arc == 0
    assert found.position.fraction_ppm in {250_000, 750_000}
    assert found.distance_m == pytest.approx(963.0, abs=1.0)
