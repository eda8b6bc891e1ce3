"""Coordinates as people type them: order, datum, degrees, full-width digits, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaifan.geo.coordinate_text import GOOD_FIX_M, read_coordinates
from kuaifan.geo.datums import Datum
from kuaifan.geo.points import distance_m


@pytest.mark.parametrize(
    "text",
    [
        "32.65, 117.01",
        "117.01 32.65",
        "３２．６５，１１７．０１",
        "(32.65；117.01)",
        "32.65°N 117.01°E",
        "N32.65 E117.01",
        "E117.01N32.65",
        "北纬32.65度，东经117.01度",
        "经度:117.01 纬度:32.65",
        "lat=32.65, lon=117.01",
        "32°39'00\"N, 117°00′36″E",
        "32度39分0秒 117度0分36秒",
        "坐标 32.65,117.01",
        "geo:32.65,117.01",
    ],
)
def test_a_position_is_read_however_it_is_typed(text):
    found = [(p.lat, p.lon, p.datum) for p in read_coordinates(text)]
    assert found == [(32.65, 117.01, None)]


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("gcj02 117.012,32.653", Datum.GCJ02),
        ("32.653 117.012 GCJ-02", Datum.GCJ02),
        ("高德坐标：117.012，32.653", Datum.GCJ02),
        ("百度 117.012,32.653", Datum.BD09),
        ("bd09ll 32.653,117.012", Datum.BD09),
        ("GPS 32.653,117.012", Datum.WGS84),
        ("wgs84: 32.653,117.012", Datum.WGS84),
    ],
)
def test_the_datum_that_is_said_is_heeded(text, datum):
    (found,) = read_coordinates(text)
    assert (found.lat, found.lon, found.datum) == (32.653, 117.012, datum)
    assert not found.is_ambiguous
    moved_m = distance_m(
        32.653, 117.012, to_lat=found.to_wgs84(datum)[0], to_lon=found.to_wgs84(datum)[1]
    )
    assert (moved_m > 300) == (datum is not Datum.WGS84)


def test_an_unsaid_datum_is_ambiguous_in_china_only():
    assert read_coordinates("32.65,117.01")[0].is_ambiguous
    assert not read_coordinates("41.15,-8.61")[0].is_ambiguous


def test_both_orders_are_kept_where_both_lie_on_earth():
    assert [(p.lat, p.lon) for p in read_coordinates("32.65,41.5")] == [
        (32.65, 41.5),
        (41.5, 32.65),
    ]
    assert [(p.lat, p.lon) for p in read_coordinates("8.61 W 41.15 N")] == [(41.15, -8.61)]


def test_the_digits_typed_bound_the_uncertainty():
    assert read_coordinates("32.6512345,117.0112345")[0].within_m == GOOD_FIX_M
    assert read_coordinates("32.65,117.01")[0].within_m == pytest.approx(556, abs=1)
    assert read_coordinates("32°39'N 117°01'E")[0].within_m == pytest.approx(927, abs=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "99,300",
        "解放北路 12,5",
        "解放北路120号",
        "32.65",
        "N32 N33",
        "E117 32",
        "百度",
        "1,2,3",
    ],
)
def test_what_is_no_position_is_none(text):
    assert read_coordinates(text) == []


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_position_is_read_back(lat, lon):
    found = read_coordinates(f"{lat:.6f}, {lon:.6f}")
    assert any(abs(p.lat - lat) < 1e-6 and abs(p.lon - lon) < 1e-6 for p in found)


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading(text):
    assert isinstance(read_coordinates(text), list)
