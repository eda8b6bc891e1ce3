"""Calls drawn as a city's own were (习得需求来电)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from toy_city import corner, toy_reference

from kuaifan.twin.demand_learned import LearnedWeek, draw_learned

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY_MS = round(datetime(2026, 1, 4, 16, tzinfo=UTC).timestamp() * 1000)
CITY = toy_reference()


def week(**parts):
    """Disputes in the west at night, traffic in the east at eight in the morning."""
    (south, west), (north, east) = corner(1, 1), corner(7, 7)
    shape = np.zeros((2, 168))
    shape[0, [24 * day + 23 for day in range(7)]] = 1 / 7
    shape[1, [24 * day + 8 for day in range(7)]] = 1 / 7
    given = {
        "lat": np.array([south, north]),
        "lon": np.array([west, east]),
        "cell_m": 100.0,
        "weekly": np.array([[700.0, 0.0], [0.0, 1400.0]]),
        "shape": shape,
        "classes": ("dispute", "road_traffic"),
        "variance_to_mean": 2.0,
        "zone": ZONE,
        "day_kinds": {},
        "day_factors": {},
    }
    return LearnedWeek(**(given | parts))


def draw(of_week, *, n_days=7, calls_per_day=300.0, seed=1):
    return draw_learned(
        CITY,
        of_week,
        start_ms=MONDAY_MS,
        n_days=n_days,
        calls_per_day=calls_per_day,
        rng=np.random.default_rng(seed),
    )


def hour(call):
    return datetime.fromtimestamp(call.at_ms / 1000, ZONE).hour


def test_calls_come_at_the_hours_and_places_of_their_class():
    calls = draw(week())
    assert calls == sorted(calls, key=lambda call: call.at_ms)
    classes = Counter((CITY.types[call.type_code].class_key, hour(call)) for call in calls)
    assert set(classes) == {("dispute", 23), ("road_traffic", 8)}
    assert 1.5 < classes["road_traffic", 8] / classes["dispute", 23] < 2.7
    middle = corner(4, 4)[0]
    assert all((call.lat < middle) == (hour(call) == 23) for call in calls)


def test_same_luck_same_calls_and_other_luck_others():
    assert draw(week()) == draw(week())
    assert draw(week()) != draw(week(), seed=2)


def test_a_holiday_brings_what_was_learned_of_holidays():
    kinds = {date(2026, 1, 6): "holiday"}
    calls = draw(week(day_kinds=kinds, day_factors={"holiday": 0.0}))
    days = {datetime.fromtimestamp(call.at_ms / 1000, ZONE).date() for call in calls}
    assert len(days) == 6
    assert date(2026, 1, 6) not in days


def test_counts_spread_as_much_as_was_learned():
    def spread(ratio):
        counts = [len(draw(week(variance_to_mean=ratio), n_days=1, seed=s)) for s in range(120)]
        return np.var(counts) / np.mean(counts)

    assert spread(1.0) < 1.4
    assert spread(5.0) > 3.0


def test_a_class_that_the_city_does_not_know_takes_any_type():
    calls = draw(week(classes=("of another land", "road_traffic")))
    at_night = {CITY.types[call.type_code].class_key for call in calls if hour(call) == 23}
    assert len(at_night) > 3
