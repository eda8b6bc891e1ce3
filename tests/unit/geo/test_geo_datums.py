"""The three datums turn into one another with the measured shifts and without loss."""

import numpy as np
import pytest

from kuaifan.geo.datums import (
    Datum,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
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


def test_a_published_example_of_gcj02_is_met():
    # From the test set of googollee/eviltransform.
    lat, lon = wgs84_to_gcj02([31.1774276, 39.911954], [121.5272106, 116.377817])
    assert lat == pytest.approx([31.17530398364597, 39.91334545536069], abs=1e-7)
    assert lon == pytest.approx([121.531541859215, 116.38404722455657], abs=1e-7)


def test_bd09_lies_nine_hundred_metres_from_gcj02():
    lat, lon = gcj02_to_bd09(32.62, 117.0)
    moved_m = distance_m(32.62, 117.0, to_lat=float(lat), to_lon=float(lon))
    assert moved_m == pytest.approx(900, abs=60)


@pytest.mark.parametrize("datum", list(Datum))
def test_twenty_thousand_points_come_back_within_two_millimetres(datum):
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(18.0, 53.0, 20_000), rng.uniform(74.0, 135.0, 20_000)
    back_lat, back_lon = to_wgs84(*from_wgs84(lat, lon, datum), datum)
    assert distances_m(lat, lon, to_lat=back_lat, to_lon=back_lon).max() < 0.002


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


def test_a_datum_is_named_by_its_word():
    assert Datum("gcj02") is Datum.GCJ02
    with pytest.raises(ValueError, match="cgcs"):
        Datum("cgcs2000x")
