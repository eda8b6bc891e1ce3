"""Hours that drive alike: which one it is, when the next begins, and what it makes of the roads."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import raw_town

from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.hours import (
    CAR_FACTORS,
    HOUR_CLASSES,
    HOUR_MS,
    HourTable,
    HourTimes,
    factor_table,
    usual_week,
)
from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS
from kuaifan.roads.raw import DRIVEN, FOOT
from kuaifan.roads.travel import RoadPosition

SHANGHAI = ZoneInfo("Asia/Shanghai")
PEAK, DAY, WEEKEND, NIGHT = range(4)


def table(zone=SHANGHAI):
    return HourTable(usual_week(), zone)


def at_ms(text, zone=SHANGHAI):
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


@pytest.fixture(scope="module")
def town():
    raw = raw_town(5, n_side=7)
    ways = [replace(way, modes=DRIVEN | FOOT) for way in raw.ways]
    return build_network(replace(raw, ways=ways))[0]


@pytest.mark.parametrize(
    ("moment", "hour_class", "until"),
    [
        ("2024-05-06T08:30:15", PEAK, "2024-05-06T09:00"),
        ("2024-05-06T09:00:00", DAY, "2024-05-06T17:00"),
        ("2024-05-10T23:59:59", NIGHT, "2024-05-11T06:00"),
        ("2024-05-11T12:00:00", WEEKEND, "2024-05-11T21:00"),
    ],
)
def test_a_moment_has_its_class_until_the_next_begins(moment, hour_class, until):
    assert table().class_at(at_ms(moment)) == hour_class
    assert table().next_change_ms(at_ms(moment)) == at_ms(until)


@settings(max_examples=200)
@given(
    st.datetimes(datetime(2023, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001 - in the zone below
    st.sampled_from(["Asia/Shanghai", "Asia/Kolkata", "Europe/Lisbon", "America/New_York"]),
)
def test_the_next_class_begins_at_the_first_hour_that_is_of_another(moment, name):
    hours = table(ZoneInfo(name))
    now_ms = int(moment.replace(tzinfo=UTC).timestamp() * 1000)
    then_ms = hours.next_change_ms(now_ms)
    assert now_ms < then_ms <= now_ms + 20 * HOUR_MS
    assert hours.class_at(then_ms) != hours.class_at(now_ms) == hours.class_at(then_ms - 1)


def test_a_week_of_one_class_looks_again_a_week_later():
    hours = HourTable((DAY,) * 168, SHANGHAI)
    now_ms = at_ms("2024-05-06T08:00")
    assert hours.next_change_ms(now_ms) == now_ms + 168 * HOUR_MS


def test_the_peak_slows_a_car_most_a_siren_less_a_motorcycle_least_and_nobody_who_walks(town):
    times = HourTimes(town, table())
    day, peak = (times.times_ms(name) for name in ("weekday_day", "weekday_peak"))
    share = peak.astype(np.float64) / day
    streets = ~town.is_turn & (town.length_m > 50.0) & town.is_driven
    normal, siren, motorcycle, foot = share[:, streets]
    assert (normal >= siren).all()
    assert (siren > motorcycle).all()
    assert (foot == 1.0).all()
    assert np.array_equal(day[0], town.travel_ms[0])


def test_the_map_itself_holds_where_no_class_does_and_what_is_shut_stays_shut(town):
    shut = town.travel_ms.copy()
    shut[:, 3] = UNREACHABLE_MS
    times = HourTimes(replace(town, travel_ms=shut), table(), foot_kmh=10.0)
    assert times.times_ms("") is times._network.travel_ms
    night = times.times_ms("night")
    assert (night[:, 3] == UNREACHABLE_MS).all()
    walked = shut[3] < UNREACHABLE_MS
    assert np.abs(night[3, walked] * 2 - shut[3, walked]).max() <= 2


@pytest.mark.parametrize("name", HOUR_CLASSES)
def test_both_engines_agree_in_every_class_of_hours_and_with_a_closure_on_top(town, name):
    times_ms = HourTimes(town, table()).times_ms(name)
    engine, truth = CchTravelTimes(town, order_nodes(town)), DijkstraTravelTimes(town)
    rng = np.random.default_rng(3)
    arcs, ppm = rng.integers(town.n_arcs, size=30), rng.integers(1_000_001, size=30)
    goal = RoadPosition(int(arcs[0]), 250_000)
    closed = rng.integers(town.n_arcs, size=5)
    shut = times_ms[:, closed].copy()
    shut[:3] = UNREACHABLE_MS
    for step in ("hour", "closure"):
        for each in (engine, truth):
            if step == "hour":
                each.use_weights(times_ms)
            else:
                each.change_arcs(closed, shut)
        for profile in range(4):
            expected = truth.to_one(arcs, ppm, goal, profile=profile).tolist()
            assert engine.to_one(arcs, ppm, goal, profile=profile).tolist() == expected
    engine.use_weights(town.travel_ms)
    again = DijkstraTravelTimes(town).to_one(arcs, ppm, goal).tolist()
    assert engine.to_one(arcs, ppm, goal).tolist() == again


def test_a_link_is_as_its_road_and_what_is_not_named_as_other():
    rows = factor_table(CAR_FACTORS)
    primary, link, lane = (ROAD_CLASSES.index(n) for n in ("primary", "primary_link", "service"))
    assert rows[primary].tolist() == rows[link].tolist()
    assert rows[lane].tolist() == [CAR_FACTORS["other"][name] for name in HOUR_CLASSES]


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ({"moor": {"night": 1.0}}, "'moor' is no class of road"),
        ({"primary": {"noon": 1.0}}, "'noon' is no class of hours"),
        ({"primary": {"night": 0.0}}, "factor 0.0 of primary, night"),
    ],
)
def test_factors_that_cannot_be_are_named(factors, said):
    with pytest.raises(ValueError, match=said):
        factor_table(factors)
