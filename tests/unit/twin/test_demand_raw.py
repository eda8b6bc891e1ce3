"""Raw calls: of four that ring one is handled, and every other one is of a kind, at a place."""

from collections import Counter

import numpy as np
import pytest
from toy_city import START_MS, corner, toy_reference

from kuaifan.geo.points import distance_m
from kuaifan.twin.demand import CallCells, draw_calls
from kuaifan.twin.demand_raw import RAW_PER_HANDLED, add_raw_calls
from kuaifan.twin.world import INCIDENT_KINDS, CallFileStories

DAY_MS = 86_400_000
N_DAYS = 7


def _luck(seed):
    return np.random.Generator(np.random.Philox(key=[seed, 0]))


def _handled(seed=1, cells=None, per_day=300.0):
    return draw_calls(
        toy_reference(),
        start_ms=START_MS,
        n_days=N_DAYS,
        calls_per_day=per_day,
        rng=_luck(seed),
        cells=cells,
    )


def _raw(handled, seed=2, raw_per_handled=RAW_PER_HANDLED):
    return add_raw_calls(
        toy_reference(),
        handled,
        n_days=N_DAYS,
        start_ms=START_MS,
        raw_per_handled=raw_per_handled,
        rng=_luck(seed),
    )


@pytest.fixture(name="raw", scope="module")
def fixture_raw():
    return _raw(_handled())


def test_about_a_quarter_of_what_rings_is_handled(raw):
    kinds = Counter(call.kind for call in raw)
    assert kinds["effective"] / len(raw) == pytest.approx(0.244, abs=0.01)
    assert {"repeat", "silent", "misdial", "nuisance", "test", "enquiry", "hotline"} < set(kinds)
    assert kinds["silent"] > kinds["misdial"] > kinds["nuisance"] > kinds["test"] > 0


def test_calls_ring_in_order_of_time_and_by_the_hours_of_the_day(raw):
    times = [call.at_ms for call in raw]
    assert times == sorted(times)
    by_quarter = Counter((call.at_ms - START_MS) % DAY_MS // (DAY_MS // 4) for call in raw)
    assert by_quarter[0] < by_quarter[1] < by_quarter[2] > by_quarter[3]


def test_a_repeat_names_the_call_that_told_it_first(raw):
    stories, n_repeats = CallFileStories(raw), 0
    for call_no, call in enumerate(raw):
        original_no = stories.find_original(call_no)
        assert (original_no is not None) == (call.kind == "repeat")
        if original_no is not None:
            first = raw[original_no]
            assert first.kind == "effective"
            assert first.at_ms < call.at_ms
            assert first.type_code == call.type_code
            assert distance_m(first.lat, first.lon, to_lat=call.lat, to_lon=call.lon) < 60
            n_repeats += 1
    assert n_repeats > 500


def test_others_call_again_more_about_what_many_see(raw):
    types, first = toy_reference().types, Counter(c.type_code for c in raw if c.kind == "effective")
    again = Counter(call.type_code for call in raw if call.kind == "repeat")

    def rate(key):
        code = next(code for code, each in types.items() if each.key == key)
        return again[code] / first[code]

    assert rate("fight_in_progress") > 2 * rate("debt_dispute")


def test_handled_calls_are_the_same_however_many_ring_besides():
    handled = _handled()
    alone = _raw(handled, raw_per_handled=1.0)
    assert {call.kind for call in alone} <= INCIDENT_KINDS
    assert [call.at_ms for call in alone] == [call.at_ms for call in handled]


def test_the_same_luck_draws_the_same_calls():
    assert _raw(_handled()) == _raw(_handled())
    assert _raw(_handled(), seed=3) != _raw(_handled())


def test_callers_differ_in_line_patience_and_what_they_say(raw):
    handled = [call for call in raw if call.kind == "effective"]
    lines = Counter(call.line for call in handled)
    assert lines["110"] > lines["122"] > lines["walk_in"] > 0
    assert sum(call.wrong_lat is not None for call in handled) / len(handled) < 0.03
    assert any(call.facts for call in handled)
    assert all(call.patience_ms for call in raw if call.kind != "repeat")
    assert all(call.sign is None for call in raw if call.kind != "silent")
    urgent = {call.sign for call in raw} & {"keypad_yes", "distress", "whisper"}
    assert urgent, "a few silent lines are no error"


def test_calls_come_from_where_the_demand_is():
    lat, lon = corner(2, 2)
    cells = CallCells(np.array([lat, 0.0]), np.array([lon, 0.0]), np.array([3.0, 0.0]), 100.0)
    calls = _handled(cells=cells, per_day=40.0)
    away = [distance_m(call.lat, call.lon, to_lat=lat, to_lon=lon) for call in calls]
    assert len(calls) > 100
    assert max(away) < 71
