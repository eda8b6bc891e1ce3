"""`kuaifan twin calibrate`: tracks that took longer than the profile says teach how much longer."""

import json
import shutil
import tomllib

import numpy as np
import pytest

from kuaifan.city.folder import read_city
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.ride import Ride
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition

SLOWER = 1.6
FIRST_S = 1_767_592_800  # 2026-01-05 06:00 UTC, a Monday
N_RIDES = 12


@pytest.fixture(scope="module")
def tracks(town, tmp_path_factory):
    """Rides through the town, each slower than its streets allow."""
    network = read_city(town.city).network
    snapper, travel = Snapper(network), DijkstraTravelTimes(network)
    rng, lines = np.random.default_rng(1), []
    while lines.count("-1") < N_RIDES:
        arcs = rng.integers(network.n_arcs, size=2).tolist()
        path = travel.path(*(RoadPosition(arc, 500_000) for arc in arcs))
        if path.travel_ms < 120_000:
            continue
        at_ms = np.arange(0, path.travel_ms, 10_000)
        places = Ride(snapper.lines, path).places_at(at_ms)
        at_s = FIRST_S + at_ms * SLOWER / 1000
        rows = zip(at_s.tolist(), places.lat.tolist(), places.lon.tolist(), strict=True)
        lines += [*(f"{t:.1f} {lat:.8f} {lon:.8f} 0" for t, lat, lon in rows), "-1"]
    folder = tmp_path_factory.mktemp("rides")
    (folder / "rides_input.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_the_error_falls_and_the_factors_are_written_beside(kuaifan, town, tracks, tmp_path):
    target = tmp_path / "factors.toml"
    before = sorted(path.name for path in town.city.iterdir())
    arguments = ("--roads", town.city, "--tracks", tracks, "-o", target)
    assert kuaifan("twin", "calibrate", *arguments) == 0
    figures = json.loads(kuaifan.said)
    assert (figures["tracks"], figures["trips_held_out"]) == (N_RIDES, N_RIDES // 2)
    assert figures["error_before"] == pytest.approx(1 - 1 / SLOWER, abs=0.03)
    assert figures["error_after"] < 0.05
    written = tomllib.loads(target.read_text(encoding="utf-8"))
    assert written["error_after"] == figures["error_after"]
    residential = written["travel"]["factors"]["residential"]
    assert residential["weekday_day"] == pytest.approx(SLOWER, abs=0.08)
    # The city itself is as it was: a person decides what follows from the factors.
    assert sorted(path.name for path in town.city.iterdir()) == before


def test_a_map_file_needs_a_zone_and_the_factors_lie_beside_it(kuaifan, town, tracks, tmp_path):
    streets = tmp_path / town.streets.name
    shutil.copy(town.streets, streets)
    arguments = ("twin", "calibrate", "--roads", streets, "--tracks", tracks)
    assert "--zone" in kuaifan.refuses(*arguments)
    assert "no time zone 'Mars'" in kuaifan.refuses(*arguments, "--zone", "Mars")
    assert kuaifan(*arguments, "--zone", "Asia/Shanghai") == 0
    assert (tmp_path / f"{streets.name}.times.toml").is_file()


def test_one_trip_is_too_little(kuaifan, town, tmp_path):
    (tmp_path / "x_input.txt").write_text("1 22.5 114.0 0\n11 22.5001 114.0 0", encoding="utf-8")
    arguments = ("--roads", town.city, "--tracks", tmp_path, "-o", tmp_path / "t.toml")
    assert "two are needed" in kuaifan.refuses("twin", "calibrate", *arguments)
    assert not (tmp_path / "t.toml").exists()
