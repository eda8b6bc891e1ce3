"""Simulated radios: cars on a ride report at common ticks, standing ones every five minutes."""

import pytest
from toy_city import START_MS, toy_reference

from kuaifan.geo.points import distances_m
from kuaifan.kernel.inbox import SimInbox
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.ride import Ride
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin.radios import MOVING_EVERY_MS, STANDING_EVERY_MS, Radios, next_tick

WEST, EAST = RoadPosition(0, 0), RoadPosition(200, 500_000)


class Street:
    """Radios on an agenda of their own."""

    def __init__(self, every_ms=MOVING_EVERY_MS):
        self.inbox = SimInbox(START_MS)
        self.lines = ArcLines(toy_reference().network)
        self.radios = Radios(self.inbox, self.lines, every_ms=every_ms)

    def ride(self, begin=WEST, end=EAST):
        return Ride(self.lines, toy_reference().travel.path(begin, end))

    def apart_m(self, one, other):
        """Metres between two road positions; each street is two arcs."""
        (lat, lon), (to_lat, to_lon) = (self.lines.point_at(*each) for each in (one, other))
        return float(distances_m(lat, lon, to_lat=to_lat, to_lon=to_lon))

    def batches(self, until_ms):
        """Every batch until a moment."""
        found = []
        while (arrival := self.inbox.receive(until_ms)) is not None:
            found.append((arrival.at_ms, arrival.payload))
        return found


@pytest.fixture(name="street")
def fixture_street():
    return Street()


@pytest.mark.parametrize(
    ("at_ms", "tick_ms"), [(0, 10_000), (9_999, 10_000), (10_000, 20_000), (10_001, 20_000)]
)
def test_the_next_tick_is_always_later(at_ms, tick_ms):
    assert next_tick(at_ms) == tick_ms


def test_cars_that_leave_at_different_times_report_together(street):
    street.radios.drive("P1", street.ride(), START_MS)
    street.radios.drive("P2", street.ride(EAST, WEST), START_MS + 3_700)
    batches = street.batches(START_MS + 60_000)
    assert len(batches) >= 4
    assert all(at_ms % MOVING_EVERY_MS == 0 for at_ms, _ in batches)
    assert {batch.unit_ids for _, batch in batches[:4]} == {("P1", "P2")}
    assert all(set(batch.fix_at_ms) == {at_ms} for at_ms, batch in batches)


def test_radios_that_report_seldom_say_the_same_of_the_same_moments(street):
    seldom = Street(every_ms=30_000)
    for each in (street, seldom):
        each.radios.drive("P1", each.ride(), START_MS + 3_700)
        each.radios.stand("P2", WEST, START_MS + 40_100)
    often, found = (dict(each.batches(START_MS + 100_000)) for each in (street, seldom))
    assert [at_ms for at_ms in found if at_ms % 30_000] == [START_MS + 40_100]
    assert len(often) > 2 * len(found) > 6
    assert found == {at_ms: often[at_ms] for at_ms in found}


def test_a_fix_is_where_the_ride_is_at_that_moment(street):
    driving = street.radios.drive("P1", street.ride(), START_MS)
    for at_ms, batch in street.batches(START_MS + 40_000):
        place = driving.ride.places_at([at_ms - START_MS])
        assert (batch.lat[0], batch.lon[0]) == (place.lat[0], place.lon[0])
        assert (batch.arc[0], batch.fraction_ppm[0]) == tuple(
            street.radios.position_at("P1", at_ms)
        )
        assert batch.speed_mps[0] == pytest.approx(place.speed_mps[0], abs=0.005)


def test_after_its_ride_a_car_is_silent_until_it_stands(street):
    driving = street.radios.drive("P1", street.ride(), START_MS)
    moving = street.batches(driving.ends_at_ms + 60_000)
    assert moving[-1][0] < driving.ends_at_ms
    assert street.radios.position_at("P1", driving.ends_at_ms + 60_000).arc == EAST.arc
    street.radios.stand("P1", EAST, driving.ends_at_ms + 60_000)
    ((at_ms, batch),) = street.batches(driving.ends_at_ms + 60_001)
    assert (at_ms, batch.speed_mps, batch.arc[0]) == (driving.ends_at_ms + 60_000, (0.0,), EAST.arc)


def test_standing_cars_report_every_five_minutes_in_one_batch(street):
    street.radios.stand("P1", WEST, START_MS)
    street.radios.stand("P2", EAST, START_MS)
    first, second, *beats = street.batches(START_MS + 3 * STANDING_EVERY_MS + 1)
    assert (first[1].unit_ids, second[1].unit_ids) == (("P1",), ("P2",))
    assert [at_ms - START_MS for at_ms, _ in beats] == [n * STANDING_EVERY_MS for n in (1, 2, 3)]
    assert {batch.unit_ids for _, batch in beats} == {("P1", "P2")}


def test_a_radio_that_is_switched_off_says_nothing_and_the_others_go_on(street):
    street.radios.stand("P1", WEST, START_MS)
    street.radios.stand("P2", EAST, START_MS)
    street.radios.drive("P3", street.ride(), START_MS)
    for unit_id in ("P1", "P3"):
        street.radios.switch_off(unit_id)
        assert street.radios.position_at(unit_id, START_MS) is None
    batches = street.batches(START_MS + STANDING_EVERY_MS + 1)
    assert {unit_id for _, batch in batches for unit_id in batch.unit_ids} == {"P2"}
    street.radios.switch_off("P2")
    assert street.batches(START_MS + 10 * STANDING_EVERY_MS) == []


def test_beats_and_ticks_begin_again_after_everybody_was_silent(street):
    street.radios.stand("P1", WEST, START_MS)
    street.radios.switch_off("P1")
    assert street.batches(START_MS + 2 * STANDING_EVERY_MS) == []
    now_ms = street.inbox.now_ms()
    street.radios.stand("P1", WEST, now_ms)
    street.radios.drive("P2", street.ride(), now_ms)
    batches = street.batches(now_ms + STANDING_EVERY_MS + 1)
    assert {unit_id for _, batch in batches for unit_id in batch.unit_ids} == {"P1", "P2"}


def test_who_is_sent_elsewhere_goes_on_from_where_the_car_is(street):
    first = street.radios.drive("P1", street.ride(), START_MS)
    turned_ms = START_MS + first.ride.travel_ms // 2
    here = street.radios.position_at("P1", turned_ms)
    street.radios.drive("P1", street.ride(here, WEST), turned_ms)
    assert street.apart_m(street.radios.position_at("P1", turned_ms), here) < 1.0
    batches = street.batches(START_MS + 2 * first.ride.travel_ms)
    assert all(len(batch.unit_ids) == 1 for _, batch in batches)
    end = street.radios.position_at("P1", START_MS + 2 * first.ride.travel_ms)
    assert street.apart_m(end, WEST) < 1.0
