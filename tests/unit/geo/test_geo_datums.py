"""The three datums turn into one another with the measured shifts and without loss."""

import numpy as np
import pytest

from kuaifan.geo.datums import (
    Datum,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    is_in_china,
    to_wgs84,
    wgs84_to_gcj02,
)
from kuaifan.geo.points import distance_m, distances_m


@pytest.mark.parametrize(
    ("lat", "lon", "shift_m"),
    [(32.6255, 116.9998, 561), (32.9170, 117.3890, 578), (36.6700, 117.0000, 522)],
    ids=["Huainan", "Bengbu", "Jinan"],
)
def test_gcj02_lies_as_far_away_as_measured(lat, lon, shift_m):
    gcj_lat, gcj_lon = wgs84_to_gcj02(lat, lon)
    moved_m = distance_m(lat, lon, to_lat=float(gcj_lat), to_lon=float(gcj_lon))
    assert moved_m == pytest.approx(shift_m, abs=8)


# github.com/googollee/eviltransform, python/test.py, TESTS: WGS-84 and the GCJ-02 of it.
EVILTRANSFORM = [
    (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
]


@pytest.mark.parametrize("vector", EVILTRANSFORM, ids=["Shanghai", "Shenzhen", "Beijing"])
def test_the_published_gcj02_of_eviltransform_is_met_both_ways(vector):
    lat, lon, gcj_lat, gcj_lon = vector
    assert wgs84_to_gcj02(lat, lon) == pytest.approx((gcj_lat, gcj_lon), abs=1e-11)
    assert off_m(gcj02_to_wgs84(gcj_lat, gcj_lon), (lat, lon)) < 0.001


def off_m(found, meant):
    """How far apart two places (lat, lon) lie."""
    (lat, lon), (meant_lat, meant_lon) = found, meant
    return distance_m(float(lat), float(lon), to_lat=meant_lat, to_lon=meant_lon)


def test_the_published_examples_of_coordtransform_are_met():
    # github.com/wandergis/coordtransform, test/app.js, all of the one point 39.915, 116.404.
    gcj = wgs84_to_gcj02(39.915, 116.404)
    assert gcj == pytest.approx((39.91640428150164, 116.41024449916938), abs=1e-11)
    bd = gcj02_to_bd09(39.915, 116.404)
    assert bd == pytest.approx((39.92133699351021, 116.41036949371029), abs=1e-11)
    both = from_wgs84(39.915, 116.404, Datum.BD09)
    assert both == pytest.approx((39.922699552216216, 116.41662724378733), abs=1e-11)
    # Their way back is one step and so up to metres off; ours is not.
    back = bd09_to_gcj02(39.915, 116.404)
    assert off_m(back, (39.90865673957631, 116.39762729119315)) < 2.0
    assert gcj02_to_bd09(*back) == pytest.approx((39.915, 116.404), abs=1e-9)
    # github.com/ipcjs/coordtransform, CoordinateTransformUtilTest: from BD-09 to WGS-84.
    back = to_wgs84(31.324966, 120.698967, Datum.BD09)
    assert off_m(back, (31.320969743354603, 120.68817433685123)) < 5.0


def test_bd09_lies_nine_hundred_metres_from_gcj02():
    lat, lon = gcj02_to_bd09(32.62, 117.0)
    moved_m = distance_m(32.62, 117.0, to_lat=float(lat), to_lon=float(lon))
    assert moved_m == pytest.approx(900, abs=60)


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("seed", [7, 8])
def test_twenty_thousand_points_of_china_come_back_within_a_millimetre(datum, seed):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(18.0, 53.5, 20_000), rng.uniform(73.6, 135.0, 20_000)
    back_lat, back_lon = to_wgs84(*from_wgs84(lat, lon, datum), datum)
    assert distances_m(lat, lon, to_lat=back_lat, to_lon=back_lon).max() <= 0.001


def test_single_steps_are_undone_too():
    lat, lon = gcj02_to_wgs84(*wgs84_to_gcj02(32.62, 117.0))
    assert (float(lat), float(lon)) == pytest.approx((32.62, 117.0), abs=1e-8)
    lat, lon = bd09_to_gcj02(*gcj02_to_bd09(32.62, 117.0))
    assert (float(lat), float(lon)) == pytest.approx((32.62, 117.0), abs=1e-8)


def test_porto_alegre_is_not_shifted():
    lat, lon = wgs84_to_gcj02([-30.03, 32.6], [-51.22, 117.0])
    assert (lat[0], lon[0]) == (-30.03, -51.22)
    assert lat[1] != 32.6
    assert lon[1] != 117.0


def test_nothing_outside_china_is_shifted():
    rng = np.random.default_rng(3)
    lat, lon = rng.uniform(-80.0, 80.0, 20_000), rng.uniform(-180.0, 70.0, 20_000)
    for shifted in (wgs84_to_gcj02(lat, lon), gcj02_to_wgs84(lat, lon)):
        assert np.array_equal(shifted, (lat, lon))
    assert not is_in_china(lat, lon).any()
    assert is_in_china(32.6, 117.0)


def test_a_datum_is_named_by_its_word():
    assert Datum("gcj02") is Datum.GCJ02
    with pytest.raises(ValueError, match="cgcs"):
        Datum("cgcs2000x")
