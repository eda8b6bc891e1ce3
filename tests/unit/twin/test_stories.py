from collections import Counter
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from toy_city import corner, toy_reference

from kuaifan.geo.points import distance_m
from kuaifan.twin.demand import HOUR_MS, QUARTER_SHARES
from kuaifan.twin.habits import read_habits
from kuaifan.twin.stories import HOURS_HELD, LiveStories
from kuaifan.twin.stories_demand import EXTRA, MISDIALS, DemandCells, Rates
from kuaifan.twin.stories_hours import plan_hour
from kuaifan.twin.stories_teller import StoryCity

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY_MS = 1_699_804_800_000
"""Monday 13 November 2023, 0:00 in Shanghai."""
CLASSES = ("residential", "night_life", "commercial", "school", "industrial", "road")
SCHOOL_AT, BAR_AT = corner(1.2, 1.5), corner(7.5, 6.7)


def toy_places():
    return [
        ("实验小学", "school", *SCHOOL_AT),
        ("老地方酒馆(东店)", "leisure", *BAR_AT),
        ("梧桐花园", "estate", *corner(5.4, 2.5)),
        ("人民医院", "hospital", *corner(3.5, 5.5)),
    ]


def toy_cells(calls_per_day=240.0, **changes):
    """Sixteen cells; night life is in the north-east, all else spread; nights are quieter."""
    spots = [corner(row, col) for row in (1, 3, 5, 7) for col in (1, 3, 5, 7)]
    weekly = np.ones((16, len(CLASSES)))
    weekly[:, 1] = 0.0
    weekly[15, 1] = 8.0
    weekly *= 7 * calls_per_day / weekly.sum()
    day = np.where((np.arange(24) >= 7) & (np.arange(24) < 23), 1.0, 0.25)
    night = np.where((np.arange(24) >= 20) | (np.arange(24) < 3), 1.0, 0.1)
    week = np.array([np.tile(night if name == "night_life" else day, 7) for name in CLASSES])
    lat, lon = np.array(spots).T
    cells = {"cell_m": 400.0, "lat": lat, "lon": lon, "weekly": weekly, "classes": CLASSES}
    cells["shape"] = week / week.sum(axis=1, keepdims=True)
    return DemandCells(**{**cells, **changes})


@cache
def stories(seed=1, start_ms=MONDAY_MS, *, has_cells=True, calls_per_day=240.0):
    cells = toy_cells(calls_per_day) if has_cells else None
    life = StoryCity(ZONE, cells, calls_per_day, toy_places())
    return LiveStories(toy_reference(), life, seed=seed, start_ms=start_ms)


@cache
def toy_rates(calls_per_day=240.0):
    cells = toy_cells(calls_per_day)
    types = list(toy_reference().types.values())
    return Rates(types, cells.mean_by_class(), CLASSES, habits=read_habits(), variance_to_mean=2.4)


def key_of(call):
    return toy_reference().types[call.type_code].key


@pytest.mark.parametrize("has_cells", [True, False])
def test_same_seed_start_and_city_give_the_same_calls_in_any_order(has_cells):
    life = StoryCity(ZONE, toy_cells() if has_cells else None, 240.0, toy_places())
    first, again = (LiveStories(toy_reference(), life, seed=3, start_ms=MONDAY_MS) for _ in "ab")
    told = [first.find(i) for i in range(150)]
    assert [again.find(i) for i in reversed(range(150))] == told[::-1]
    other = LiveStories(toy_reference(), life, seed=4, start_ms=MONDAY_MS)
    assert [other.find(i) for i in range(150)] != told


def test_calls_come_in_order_of_time_and_never_before_the_start():
    start_ms = MONDAY_MS + 9 * HOUR_MS + 1_234_567
    live = stories(start_ms=start_ms)
    at_ms = [live.find(i).at_ms for i in range(400)]
    assert at_ms == sorted(at_ms)
    assert at_ms[0] >= start_ms


def test_the_first_call_after_an_instant_is_found_without_telling_the_others():
    live = stories()
    at_ms = MONDAY_MS + 5 * HOUR_MS + 42
    call_no = live.first_after(at_ms)
    assert live.find(call_no).at_ms >= at_ms > live.find(call_no - 1).at_ms
    assert live.first_after(0) == 0


def test_a_start_later_tells_the_same_hours():
    later = stories(start_ms=MONDAY_MS + 48 * HOUR_MS)
    at = stories().first_after(MONDAY_MS + 48 * HOUR_MS)
    assert [later.find(i) for i in range(20)] == [stories().find(at + i) for i in range(20)]


def test_memory_is_bounded_by_a_few_hours():
    live = stories(seed=11)
    live.first_after(MONDAY_MS + 24 * 60 * HOUR_MS)
    live.find(10)
    assert len(live._held) <= HOURS_HELD


def test_a_caller_nobody_has_heard_yet_is_invented_from_number_and_hour():
    live = stories()
    call = live.invent(77, MONDAY_MS + 5)
    assert call == live.invent(77, MONDAY_MS + 5)
    assert call.at_ms == MONDAY_MS + 5
    assert call.narrative
    assert len({live.invent(i, MONDAY_MS).narrative for i in range(20)}) > 10


def test_there_is_no_call_before_the_first():
    with pytest.raises(ValueError, match="counted from 0"):
        stories().find(-1)


def test_counts_are_over_dispersed_as_measured():
    rates = toy_rates(1200.0)
    no_repeats = np.zeros(len(rates.types))
    at_noon = [
        len(plan_hour(rates, no_repeats, seed=1, hour=h, hour_of_week=12).at_ms)
        for h in range(3000)
    ]
    ratio = np.var(at_noon) / np.mean(at_noon)
    assert 2.1 < ratio < 2.7
    assert np.mean(at_noon) == pytest.approx(rates.mean[12], rel=0.02)


def test_the_week_follows_the_demand():
    live, weeks = stories(seed=5), 20
    ends = [live.first_after(MONDAY_MS + h * HOUR_MS) for h in range(weeks * 168 + 1)]
    by_hour = np.diff(ends).reshape(-1, 24).sum(axis=0)
    expected = toy_rates().mean.reshape(-1, 24).sum(axis=0)
    assert np.corrcoef(by_hour, expected)[0, 1] > 0.98
    per_day = ends[-1] / weeks / 7
    ringing = 240 * (1 + sum(EXTRA.values()))
    assert ringing * 0.98 < per_day < ringing * 1.15, "stories, the rest, and who calls again"


def test_without_demand_calls_follow_the_quarter_days():
    live, n_days = stories(seed=6, has_cells=False), 120
    ends = [live.first_after(MONDAY_MS + h * 6 * HOUR_MS) for h in range(n_days * 4 + 1)]
    shares = np.diff(ends).reshape(-1, 4).sum(axis=0) / ends[-1]
    assert shares == pytest.approx(np.array(QUARTER_SHARES), abs=0.02)


def test_types_come_by_their_weights():
    rates = toy_rates()
    flat = np.diff(rates._cumulated, axis=1, prepend=0.0)
    by_type = flat.reshape(168, len(rates.types), len(CLASSES)).sum(axis=(0, 2))
    weight = np.array([t.weight_permille for t in rates.types])
    extra = np.array([EXTRA.get(t.key, 0.0) for t in rates.types])
    told = (weight > 0) & (extra == 0)
    assert by_type.sum() == pytest.approx(240 * 7 * (1 + extra.sum()))
    off = by_type[told] / by_type[told].sum() / (weight[told] / weight[told].sum())
    assert off == pytest.approx(1.0, rel=0.25)
    wanted = extra + weight / weight.sum()
    share = by_type[~told].sum() / by_type.sum()
    assert share == pytest.approx(wanted[~told].sum() / wanted.sum(), rel=0.1)


@pytest.mark.parametrize(
    ("key", "hours", "least"),
    [
        ("drunk_provocation", {*range(20, 24), *range(5)}, 0.55),
        ("noise", {*range(20, 24), *range(5)}, 0.5),
        ("child_harm_bullying", range(7, 18), 0.9),
        ("medical_dispute", range(8, 18), 0.8),
        ("collision_damage", range(7, 20), 0.6),
    ],
)
def test_a_type_keeps_its_hours(key, hours, least):
    rates = toy_rates()
    flat = np.diff(rates._cumulated, axis=1, prepend=0.0).reshape(7, 24, len(rates.types), -1)
    by_hour = flat[:, :, [t.key for t in rates.types].index(key)].sum(axis=(0, 2))
    assert by_hour[[*hours]].sum() / by_hour.sum() > least


def test_drunks_are_where_the_night_life_is_and_bullying_is_at_the_school():
    live = stories(seed=8)
    found = {"drunk_provocation": [], "child_harm_bullying": []}
    spots = {"drunk_provocation": BAR_AT, "child_harm_bullying": SCHOOL_AT}
    types = {t.key: t for t in live._rates.types}
    for key, calls in found.items():
        for i in range(60):
            rng = np.random.default_rng(i)
            class_i = CLASSES.index("night_life" if key[0] == "d" else "school")
            calls.append(live._teller.tell(types[key], class_i, rng, at_ms=MONDAY_MS))
    for key, calls in found.items():
        lat, lon = spots[key]
        away_m = [distance_m(call.lat, call.lon, to_lat=lat, to_lon=lon) for call in calls]
        assert np.median(away_m) < 150, key
        assert max(away_m) < 600, key


@pytest.mark.parametrize("has_cells", [True, False])
def test_calls_lie_beside_a_street(has_cells):
    live, snapper = stories(seed=9, has_cells=has_cells), toy_reference().snapper
    calls = [live.find(i) for i in range(300)]
    found = snapper.snap([call.lat for call in calls], [call.lon for call in calls])
    aside = [
        distance
        for i, distance in enumerate(found.distance_m.tolist())
        if live.find_original(i) is None
    ]
    assert max(found.distance_m) < 80
    assert np.percentile(aside, 90) < 40


def test_other_callers_of_an_incident_are_near_it_and_soon():
    live, n_repeats = stories(seed=10, calls_per_day=900.0), 0
    for call_no in range(3000):
        original_no = live.find_original(call_no)
        if original_no is None:
            continue
        n_repeats += 1
        first, again = live.find(original_no), live.find(call_no)
        assert live.find_original(original_no) is None
        assert 20_000 <= again.at_ms - first.at_ms <= 120_000
        assert again.type_code == first.type_code
        assert again.address == first.address
        assert distance_m(first.lat, first.lon, to_lat=again.lat, to_lon=again.lon) <= 41
        assert again.narrative != first.narrative
    assert 20 < n_repeats < 225


def test_every_call_says_something_that_a_desk_can_write_down():
    live = stories(seed=12)
    calls = [live.find(i) for i in range(500)]
    for call in calls:
        assert 2 < len(call.narrative) <= 120
        assert "{" not in call.narrative
        assert call.address or key_of(call) in MISDIALS
        assert len(call.address) <= 100
    handled = [call.narrative for call in calls if call.kind == "effective"]
    assert len(set(handled)) > 0.8 * len(handled) > 80


def test_some_hang_up_or_misdial_and_alarms_come_on_their_own_lines():
    live = stories(seed=13, calls_per_day=900.0)
    calls = [live.find(i) for i in range(0, 20_000, 8)]
    keys = Counter(key_of(call) for call in calls)
    misdialled = sum(keys[key] for key in MISDIALS)
    assert misdialled / len(calls) == pytest.approx(0.45, abs=0.05)
    assert {key_of(call) for call in calls if call.kind == "misdial"} == {"accidental"}
    handled = sum(call.kind == "effective" for call in calls)
    assert 0.22 < handled / len(calls) < 0.32, "of four that ring, one is handled"
    lines = Counter(call.line for call in calls)
    assert set(lines) <= {"110", "122", "119", "12345", "one_key", "iot"}
    assert lines["110"] > lines["122"] > lines["119"]
    assert all(call.line == "iot" for call in calls if key_of(call) == "intrusion_alarm")


def test_a_city_without_places_or_names_still_has_callers():
    live = LiveStories(toy_reference(), StoryCity(ZONE), seed=1, start_ms=MONDAY_MS)
    assert all(live.find(i).address or key_of(live.find(i)) in MISDIALS for i in range(50))


@pytest.mark.parametrize(
    ("changes", "cure"),
    [
        ({"weekly": np.zeros((16, 6))}, "nil"),
        ({"weekly": np.full((16, 6), -1.0)}, "below zero"),
        ({"lat": np.full(16, np.nan)}, "no number"),
        ({"shape": np.ones((6, 24))}, "do not fit"),
        ({"variance_to_mean": 0.5}, "variance_to_mean"),
    ],
)
def test_a_demand_that_cannot_be_used_is_refused_by_name(changes, cure):
    with pytest.raises(ValueError, match=cure):
        toy_cells(**changes)


def test_a_rate_of_no_calls_is_refused():
    with pytest.raises(ValueError, match="calls a day"):
        LiveStories(toy_reference(), StoryCity(ZONE, None, -1.0), seed=1, start_ms=MONDAY_MS)
