"""Two plans on the same days: differences with intervals, and the sentence that says them."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from kuaifan.plan.scenario import ScenarioError, TwinAsk
from kuaifan.plan.trial import TrialDay, TwinFigures, cell_of, middle_of
from kuaifan.plan.trial_compare import _Pair, compare
from kuaifan.plan.trial_words import say

N_DAYS, N_CALLS = 30, 60


def day(rng, faster_s):
    response = np.maximum(rng.gamma(4, 60, N_CALLS) - faster_s, 1).astype(int)
    return TrialDay(
        call_s=tuple(range(N_CALLS)),
        response_s=tuple(response.tolist()),
        hour=tuple(i % 24 for i in range(N_CALLS)),
        cell=tuple(cell_of(32.605, 117.005 + 0.01 * (i % 3)) for i in range(N_CALLS)),
        priority=(2,) * N_CALLS,
        is_late=tuple((response > 300).tolist()),
        circle=(0,) * N_CALLS,
        way_s=(60,) * N_CALLS,
        n_incidents=N_CALLS,
        n_unattended=0,
        lost_min=100.0 - faster_s,
        n_orders={"P1": 3},
        busy_s={"P1": 7_200},
    )


def run(faster_s=0, calls_hash="same", seed=1):
    rng = np.random.default_rng(5)
    return TwinFigures(
        scenario_hash="s",
        ask=TwinAsk(n_days=N_DAYS, seed=seed),
        calls_hash=calls_hash,
        post_ids=("A",),
        days=tuple(day(rng, faster_s) for _ in range(N_DAYS)),
        seconds=1.0,
    )


def compared(old, new):
    return compare(old, new, np.random.default_rng(1))


def test_a_faster_plan_is_said_to_be_faster_by_what_it_is_and_surely():
    found = compared(run(), run(40))
    p90 = found.metrics[0]
    assert p90.key == "p90_s"
    assert p90.verdict == "better"
    assert p90.low <= p90.difference <= p90.high < 0
    assert p90.difference == pytest.approx(-40, abs=3)
    zh, en = say(found, "今天", "方案B")
    # The sentence says the table's own numbers.
    assert f"{abs(p90.difference):.3g} 秒" in zh
    assert f"{abs(p90.difference):.3g} s less" in en
    assert "30 个相同的仿真日" in zh


def test_the_same_plan_twice_shows_no_difference_and_says_so():
    found = compared(run(), run())
    assert all(each.difference == each.low == each.high == 0 for each in found.metrics)
    assert "看不出" in say(found, "A", "B")[0]


def test_the_same_runs_give_the_same_figures():
    assert compared(run(), run(7)) == compared(run(), run(7))


def test_every_chart_has_its_numbers():
    found = compared(run(), run(40))
    assert len(found.cells) == 3
    assert {each.hour for each in found.hours} == set(range(24))
    assert found.units[0].busy_h.new == 2.0
    assert found.ecdf[-1].new == 1.0
    lat, lon = middle_of(found.cells[0].cell)
    assert abs(lat - 32.605) < 1e-6
    assert abs(lon - 117.005) < 1e-6


def test_of_a_few_days_nothing_is_sure():
    few = [msgspec.structs.replace(each, days=each.days[:2]) for each in (run(), run(40))]
    found = compared(*few)
    assert found.metrics[0].difference < 0
    assert {each.verdict for each in found.metrics} == {"unsure"}
    assert "尚不能判断" in say(found, "A", "B")[0]


def test_runs_on_other_calls_are_not_held_against_each_other():
    with pytest.raises(ScenarioError, match="seed"):
        compared(run(), run(seed=2))
    with pytest.raises(ScenarioError, match="demand"):
        compared(run(), run(calls_hash="other"))


def test_runs_of_unlike_length_are_held_against_each_other_day_by_day():
    hashes = tuple(f"day {i}" for i in range(N_DAYS))
    whole = msgspec.structs.replace(run(40), calls_hash="whole", day_hashes=hashes)
    begun = msgspec.structs.replace(
        run(), calls_hash="begun", days=run().days[:9], day_hashes=hashes[:9]
    )
    assert compared(begun, whole).n_days == 9
    with pytest.raises(ScenarioError, match="demand"):
        compared(msgspec.structs.replace(begun, day_hashes=("other", *hashes[1:9])), whole)
    with pytest.raises(ScenarioError, match="demand"):
        compared(begun, msgspec.structs.replace(whole, day_hashes=()))


def test_luck_alone_seems_sure_no_more_often_than_is_said():
    rng, n_days, n_trials = np.random.default_rng(3), 6, 400
    blank = day(rng, 0)

    def luck():
        return tuple(
            msgspec.structs.replace(blank, lost_min=float(each))
            for each in rng.normal(9, 3, n_days)
        )

    pairs = (_Pair(luck(), luck(), rng) for _ in range(n_trials))
    found = [pair.per_day("lost_min", "min", lambda day: day.lost_min) for pair in pairs]
    n_sure = sum(each.verdict != "unsure" for each in found)
    # Plain percentiles say it of one in eight; 5 % of 400 are 20, give or take 4.
    assert n_sure <= 34


def test_a_square_that_one_plan_never_came_to_has_no_response_of_nothing():
    elsewhere = tuple(
        msgspec.structs.replace(each, cell=(cell_of(10.0, 10.0),) * N_CALLS) for each in run().days
    )
    assert compared(run(), msgspec.structs.replace(run(), days=elsewhere)).cells == ()


def test_whom_nobody_came_to_was_reached_late():
    old, new = run(), run()
    left = [msgspec.structs.replace(each, n_unattended=6) for each in new.days]
    late = {m.key: m for m in compared(old, msgspec.structs.replace(new, days=tuple(left))).metrics}
    was = late["late"].old * N_CALLS
    assert late["late"].new == pytest.approx((was + 6) / (N_CALLS + 6), abs=1e-4)
    assert late["late"].verdict == "worse"
    assert late["late"].n == N_DAYS * (N_CALLS + 6)
