"""What driving took: learned per road class and hour, and closer to trips that were held out."""

from datetime import datetime

import numpy as np
import pytest
from unit.roads.made_networks import raw_town

from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.hours import HOUR_CLASSES, hour_class_of
from kuaifan.roads.matching import JUMP, OK, Fix, Matched
from kuaifan.roads.network import ROAD_CLASSES
from kuaifan.roads.observed import (
    Hop,
    fit_factors,
    make_trip,
    trip_errors,
)
from kuaifan.roads.ride import Ride
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import RoadPosition

PRIMARY, SERVICE = ROAD_CLASSES.index("primary"), ROAD_CLASSES.index("service")
DAY, NIGHT = HOUR_CLASSES.index("weekday_day"), HOUR_CLASSES.index("night")


class Town:
    """Rides through a made town, as matched tracks."""

    def __init__(self):
        self.network, _ = build_network(raw_town(3))
        self.snapper, self.travel = Snapper(self.network), DijkstraTravelTimes(self.network)

    def track(self, seed, *, slower=1.0, step_ms=10_000):
        """One ride that took so much longer than the profile says: fixes with their places."""
        rng, path = np.random.default_rng(seed), None
        while path is None or len(path.arcs) < 8:
            ends = rng.integers(self.network.n_arcs, size=2).tolist()
            path = self.travel.path(*(RoadPosition(arc, 500_000) for arc in ends))
        at_ms = np.arange(0, path.travel_ms, step_ms)
        places = Ride(self.snapper.lines, path).places_at(at_ms)
        columns = (at_ms * slower, places.lat, places.lon, places.arc, places.fraction_ppm)
        return [
            (Fix(round(at), lat, lon), Matched(RoadPosition(int(arc), int(ppm)), 0.0, OK))
            for at, lat, lon, arc, ppm in zip(*columns, strict=True)
        ]

    def trip(self, track):
        return make_trip(self.travel, self.network, track, [DAY] * len(track))


@pytest.fixture(scope="module")
def town():
    return Town()


def took_s(trip):
    return sum(hop.took_ms for hop in trip) / 1000


def hop(took_ms, road_class, profile_ms, hour_class=DAY):
    by_class = np.zeros(len(ROAD_CLASSES))
    by_class[road_class] = profile_ms
    return Hop(hour_class, took_ms, by_class, road_class)


def test_trips_that_were_held_out_are_met_better(town):
    trips = [town.trip(town.track(seed, slower=1.5)) for seed in range(40)]
    factors = fit_factors(trips[::2])
    before, after = (trip_errors(trips[1::2], each) for each in (np.ones_like(factors), factors))
    assert np.median(before) == pytest.approx(1 / 3, abs=0.02)
    assert np.median(after) < 0.02


def test_each_class_and_hour_learns_for_itself_and_leans_where_little_was_seen():
    hour_ms = 3_600_000
    trips = [
        [hop(20 * hour_ms, PRIMARY, 10 * hour_ms), hop(10 * hour_ms, SERVICE, 10 * hour_ms)],
        [hop(30 * hour_ms, PRIMARY, 10 * hour_ms, NIGHT)],
    ]
    factors = fit_factors(trips)
    assert factors[PRIMARY, DAY] == pytest.approx(2.0, abs=0.02)
    assert factors[PRIMARY, NIGHT] == pytest.approx(3.0, abs=0.02)
    assert factors[SERVICE, DAY] == pytest.approx(1.0, abs=0.03)
    # Never driven: what all driving took.
    assert factors[ROAD_CLASSES.index("motorway"), DAY] == pytest.approx(2.0, abs=0.02)


def test_waiting_within_a_street_counts_for_its_class():
    waited = [hop(10_000_000, PRIMARY, 10_000_000), hop(5_000_000, PRIMARY, 0.0)]
    assert fit_factors([waited])[PRIMARY, DAY] == pytest.approx(1.5)


def test_a_long_stand_is_no_driving_and_a_short_one_is(town):
    track = town.track(1)
    driven_s = took_s(town.trip(track))

    def standing(stop_ms):
        at = 4
        fix, place = track[at]
        stood = (fix._replace(at_ms=fix.at_ms + stop_ms), place)
        later = [(f._replace(at_ms=f.at_ms + stop_ms), p) for f, p in track[at + 1 :]]
        return town.trip([*track[: at + 1], stood, *later])

    assert took_s(standing(30_000)) == driven_s + 30
    assert took_s(standing(90_000)) == driven_s


def test_standing_before_and_after_the_ride_is_none_of_it(town):
    track = town.track(1)
    first, last = track[0], track[-1]
    before = (first[0]._replace(at_ms=first[0].at_ms - 20_000), first[1])
    after = (last[0]._replace(at_ms=last[0].at_ms + 20_000), last[1])
    assert took_s(town.trip([before, *track, after])) == took_s(town.trip(track))


def test_what_was_not_matched_for_sure_is_left_out(town):
    track = town.track(1)
    doubted = [*track]
    doubted[3] = (track[3][0], track[3][1]._replace(code=JUMP))
    assert len(town.trip(doubted)) == len(town.trip(track)) - 2


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2013-07-01T08:30", "weekday_peak"),
        ("2013-07-01T12:00", "weekday_day"),
        ("2013-07-06T08:30", "weekend_day"),
        ("2013-07-06T05:59", "night"),
        ("2013-07-01T21:00", "night"),
    ],
)
def test_an_hour_has_one_class(moment, name):
    assert HOUR_CLASSES[hour_class_of(datetime.fromisoformat(moment))] == name


def test_without_driving_there_is_nothing_to_learn():
    with pytest.raises(BadInputError, match="nothing to learn"):
        fit_factors([[]])
