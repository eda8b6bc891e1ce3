"""Distances, bearings and the local plane agree with the globe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaifan.geo.points import (
    FixedPlaces,
    LocalPlane,
    bearing_deg,
    bearings_deg,
    distance_m,
    distances_m,
)

lats = st.floats(-80.0, 80.0)
lons = st.floats(-180.0, 180.0)
steps = st.floats(-0.2, 0.2)


def test_a_quarter_of_the_equator_is_ten_thousand_kilometres():
    assert distance_m(0.0, 0.0, to_lat=0.0, to_lon=90.0) == pytest.approx(10_007_557, abs=1)


def test_beijing_is_1067_km_from_shanghai():
    metres = distance_m(39.9042, 116.4074, to_lat=31.2304, to_lon=121.4737)
    assert metres == pytest.approx(1_067_000, rel=0.002)


def test_antipodes_are_half_a_globe_apart():
    assert distance_m(10.0, 20.0, to_lat=-10.0, to_lon=-160.0) == pytest.approx(20_015_114, abs=2)


@given(lats, lons, lats, lons)
def test_distance_is_the_same_there_and_back(lat, lon, to_lat, to_lon):
    there = distance_m(lat, lon, to_lat=to_lat, to_lon=to_lon)
    assert there == pytest.approx(distance_m(to_lat, to_lon, to_lat=lat, to_lon=lon), abs=1e-6)


@pytest.mark.parametrize(
    ("to_lat", "to_lon", "bearing"), [(31, 117, 0), (30, 118, 90), (29, 117, 180), (30, 116, 270)]
)
def test_bearings_run_clockwise_from_north(to_lat, to_lon, bearing):
    assert bearing_deg(30.0, 117.0, to_lat=to_lat, to_lon=to_lon) == pytest.approx(bearing, abs=0.3)


def test_a_point_has_bearing_zero_to_itself():
    assert bearing_deg(30.0, 117.0, to_lat=30.0, to_lon=117.0) == 0.0


@given(lats, lons, lats, lons)
def test_bearings_stay_below_a_full_turn(lat, lon, to_lat, to_lon):
    assert 0.0 <= bearing_deg(lat, lon, to_lat=to_lat, to_lon=to_lon) < 360.0


@given(st.lists(st.tuples(lats, lons), min_size=1, max_size=9), lats, lons)
def test_fixed_places_are_as_far_as_any_others(places, lat, lon):
    to_lat, to_lon = zip(*places, strict=True)
    found = FixedPlaces(to_lat, to_lon).distances_m(lat, lon)
    assert np.array_equal(found, distances_m(lat, lon, to_lat=to_lat, to_lon=to_lon))


def test_many_pairs_are_measured_at_once():
    lat, lon = np.array([30.0, 31.0]), np.array([117.0, 118.0])
    assert distances_m(lat, lon, to_lat=30.0, to_lon=117.0).shape == (2,)
    assert bearings_deg(lat, lon, to_lat=30.0, to_lon=117.0).shape == (2,)


def test_one_pair_gives_a_python_float():
    assert type(distance_m(30.0, 117.0, to_lat=30.1, to_lon=117.0)) is float
    assert type(bearing_deg(30.0, 117.0, to_lat=30.1, to_lon=117.0)) is float


@given(lats, lons, steps, steps)
def test_the_local_plane_undoes_itself(lat, lon, d_lat, d_lon):
    plane = LocalPlane(lat, lon)
    back_lat, back_lon = plane.to_degrees(*plane.to_metres(lat + d_lat, lon + d_lon))
    assert float(back_lat) == pytest.approx(lat + d_lat, abs=1e-10)
    assert float(back_lon) == pytest.approx(lon + d_lon, abs=1e-10)


@given(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_the_local_plane_agrees_with_the_globe_within_two_kilometres(d_lat, d_lon):
    east_m, north_m = LocalPlane(32.6, 117.0).to_metres(32.6 + d_lat, 117.0 + d_lon)
    globe_m = distance_m(32.6, 117.0, to_lat=32.6 + d_lat, to_lon=117.0 + d_lon)
    assert float(np.hypot(east_m, north_m)) == pytest.approx(globe_m, rel=2e-4, abs=1e-6)
