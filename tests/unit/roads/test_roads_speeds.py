"""Speed limits are read as people write them, and times are rounded the safe way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS
from kuaifan.roads.speeds import (
    driven_kmh,
    find_road_class,
    parse_maxspeed_kmh,
    siren_factors,
    travel_ms,
)

ALL_CLASSES = np.arange(len(ROAD_CLASSES), dtype=np.uint8)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50.0),
        ("50 km/h", 50.0),
        ("50km/h", 50.0),
        ("30 mph", 48.28032),
        ("BR:urban", 50.0),
        ("CN:rural", 90.0),
        ("['40', '50']", 40.0),
        ("50;60", 50.0),
        ("50|none", 50.0),
        ("walk", 7.0),
        ("none", None),
        ("signals", None),
        ("0", None),
        ("500", None),
        ("12 furlongs", None),
        ("", None),
        (None, None),
    ],
)
def test_a_maxspeed_is_read(text, kmh):
    assert parse_maxspeed_kmh(text) == (None if kmh is None else pytest.approx(kmh))


@given(st.text(max_size=30))
def test_any_text_is_a_plausible_speed_or_none(text):
    kmh = parse_maxspeed_kmh(text)
    assert kmh is None or 1.0 <= kmh <= 200.0


@pytest.mark.parametrize(
    ("highway", "word"),
    [
        ("primary", "primary"),
        ("['residential', 'tertiary']", "residential"),
        ("['footway', 'service']", "service"),
        ("footway", None),
        ("", None),
    ],
)
def test_a_highway_word_is_a_class_or_not_drivable(highway, word):
    assert find_road_class(highway) == (None if word is None else ROAD_CLASSES.index(word))


def test_every_class_has_a_speed_and_a_siren_is_faster():
    kmh = driven_kmh(ALL_CLASSES, np.full(len(ROAD_CLASSES), np.nan))
    assert np.all(kmh > 0.0)
    assert np.all(siren_factors(ALL_CLASSES) > 1.0)


def test_a_posted_limit_counts_before_the_class():
    assert driven_kmh(np.array([0, 0], np.uint8), [50.0, np.nan]).tolist() == [40.0, 80.0]


@given(st.floats(0.0, 50_000.0), st.floats(1.0, 200.0))
def test_no_arc_is_driven_faster_than_its_speed(length_m, kmh):
    ms = int(travel_ms(length_m, kmh))
    assert ms >= 1
    assert ms >= length_m * 3600.0 / kmh - 1e-5
    assert ms <= length_m * 3600.0 / kmh + 1.0


def test_whole_milliseconds_stay_whole():
    assert travel_ms([100.0, 0.0, 1e12], 36.0).tolist() == [10_000, 1, UNREACHABLE_MS - 1]
