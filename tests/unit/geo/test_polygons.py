"""A point is in a ring or not, and in exactly one of two areas that share an edge."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from kuaifan.geo.polygons import Ground, find_ground, ring_contains

SQUARE = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0), (0.0, 0.0)]
HORSESHOE = [
    *((0.0, 0.0), (0.0, 3.0), (3.0, 3.0), (3.0, 2.0)),
    *((1.0, 2.0), (1.0, 1.0), (3.0, 1.0), (3.0, 0.0), (0.0, 0.0)),
]
degrees = st.floats(-5, 5)
inner = st.floats(30.0, 31.0)


def contains(ring, point):
    return ring_contains(ring, lat=point[0], lon=point[1])


def test_inside_and_outside_of_a_square():
    assert contains(SQUARE, (1.0, 1.0))
    assert not any(contains(SQUARE, point) for point in ((3, 1), (-1, 1), (1, 3), (1, -1)))


def test_the_gap_of_a_horseshoe_is_outside():
    assert contains(HORSESHOE, (2.0, 0.5))
    assert contains(HORSESHOE, (2.0, 2.5))
    assert contains(HORSESHOE, (0.5, 1.5))
    assert not contains(HORSESHOE, (2.0, 1.5))


def test_nothing_is_inside_an_empty_ring_or_a_line():
    assert not contains([], (0.0, 0.0))
    assert not contains([(0.0, 0.0), (2.0, 2.0), (0.0, 0.0)], (1.0, 0.5))
    assert not contains(SQUARE, (math.nan, 1.0))


@given(degrees, degrees, st.integers(3, 12), st.floats(0.5, 3))
def test_a_regular_polygon_contains_what_is_near_its_middle_and_not_what_is_far(lat, lon, n, r):
    angles = [2 * math.pi * i / n for i in range(n)]
    ring = [(lat + r * math.sin(angle), lon + r * math.cos(angle)) for angle in angles]
    ring.append(ring[0])
    assert contains(ring, (lat, lon))
    assert contains(ring, (lat + r * 0.4, lon))
    assert not contains(ring, (lat + r * 1.01, lon))
    assert not contains(ring, (lat, lon - r * 1.01))


@given(st.lists(st.tuples(degrees, degrees), min_size=3, max_size=8), st.tuples(degrees, degrees))
def test_neither_the_direction_nor_the_first_corner_of_a_ring_matters(corners, point):
    found = contains([*corners, corners[0]], point)
    backwards = corners[::-1]
    turned = [*corners[1:], corners[0]]
    assert contains([*backwards, backwards[0]], point) == found
    assert contains([*turned, turned[0]], point) == found


@given(st.lists(st.tuples(inner, st.floats(30.1, 30.9)), max_size=4), inner, inner)
def test_every_point_is_in_exactly_one_of_two_areas_that_share_a_bent_border(bends, lat, lon):
    # A square of the city cut in two, west and east, along a line from south to north.
    border = [(30.0, 30.3), *sorted(bends), (31.0, 30.6)]
    west = [(30.0, 30.0), *border, (31.0, 30.0), (30.0, 30.0)]
    east = [*reversed(border), (30.0, 31.0), (31.0, 31.0), border[-1]]
    assume(lat < 31.0)
    assume(lon < 31.0)
    # And the points of the border itself: each belongs to one side, the same for both.
    for point in ((lat, lon), *((lat, bend[1]) for bend in bends), *points_on(border, lat)):
        assert contains(west, point) + contains(east, point) == 1


def points_on(border, lat):
    """Points of a line at one latitude, as exactly as floats can say."""
    for (lat_a, lon_a), (lat_b, lon_b) in pairwise(border):
        if min(lat_a, lat_b) <= lat < max(lat_a, lat_b):
            lon = lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            yield from ((lat, lon), (lat, math.nextafter(lon, 0)), (lat, math.nextafter(lon, 99)))


@given(
    st.lists(
        st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=7),
        max_size=4,
    ),
    st.floats(-6, 6),
    st.floats(-6, 6),
)
def test_the_first_area_that_holds_a_point_is_found_box_or_no_box(rings, lat, lon):
    closed = [(*ring, ring[0]) for ring in rings]
    grounds = [Ground(f"G{i}", [ring]) for i, ring in enumerate(closed)]
    inside = [f"G{i}" for i, r in enumerate(closed) if ring_contains(r, lat=lat, lon=lon)]
    assert find_ground(grounds, lat=lat, lon=lon) == (inside[0] if inside else "")


@given(
    st.lists(st.tuples(inner, inner), min_size=3, max_size=40),
    st.lists(st.tuples(inner, inner), min_size=1, max_size=8),
)
def test_a_ground_holds_the_points_that_its_ring_contains_corners_and_all(ring, points):
    ground = Ground("G", [[*ring, ring[0]]])
    for lat, lon in (
        *points,
        *ring,
        *((point[0], corner[1]) for point in points for corner in ring),
    ):
        held = ground.contains(lat=lat, lon=lon)
        assert held == ring_contains([*ring, ring[0]], lat=lat, lon=lon)
