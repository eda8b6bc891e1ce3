import numpy as np
import pytest

from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.demand_backtest import Folds, back_test, poisson_deviance
from kuaifan.plan.demand_calls import EVENT, HOLIDAY, ORDINARY, WORKED, CallCounts
from kuaifan.plan.demand_forecast import (
    FORECASTS,
    day_factors,
    forecast_kernel,
    forecast_raw,
    forecast_shrunk,
)
from kuaifan.plan.demand_shrink import shrink, shrink_cells
from kuaifan.plan.demand_spread import variance_to_mean, warning_threshold
from kuaifan.plan.demand_thresholds import list_thresholds

WEEK = 168


def drawn(n_weeks, *, seed=1, calls_per_week=400.0, day_kind=None):
    """Calls of a city whose north-east calls most, in the evening, in two classes."""
    rng = np.random.default_rng(seed)
    rows = columns = 12
    place = np.exp(np.add.outer(np.arange(rows), np.arange(columns)) / 3).ravel()
    place /= place.sum()
    day = 1.5 + np.sin((np.arange(24) - 12) * np.pi / 12)
    hours = np.tile(day, 7 * n_weeks)
    n = rng.poisson(calls_per_week * hours / hours[:WEEK].sum())
    total = int(n.sum())
    return CallCounts(
        hour=np.repeat(np.arange(len(n)), n),
        cell=rng.choice(len(place), total, p=place),
        kind=rng.integers(0, 2, total),
        n_rows=rows,
        n_columns=columns,
        n_kinds=2,
        day_kind=np.zeros(7 * n_weeks, np.int64) if day_kind is None else day_kind,
        first_hour=0,
        end_hour=n_weeks * WEEK,
    )


def test_shrinking_keeps_the_sum_and_moves_towards_what_is_expected():
    counts, expected = np.array([0.0, 2.0, 30.0, 4.0]), np.array([3.0, 3.0, 20.0, 10.0])
    guess = shrink(counts, expected)
    assert guess.sum() == pytest.approx(counts.sum())
    assert guess[0] > 0
    assert np.all(np.diff(guess[[0, 1, 2]]) > 0)


def test_counts_that_are_only_chance_shrink_to_what_is_expected_and_others_stay():
    rng = np.random.default_rng(3)
    expected = np.full(400, 10.0)
    alike = shrink(rng.poisson(expected).astype(float), expected)
    assert alike.std() < 0.5
    rates = rng.gamma(0.5, 20.0, 400)
    counts = rng.poisson(rates).astype(float)
    differing = shrink(counts, expected)
    assert np.corrcoef(differing, counts)[0, 1] > 0.99


def test_a_map_of_cells_keeps_its_calls_and_is_nowhere_zero():
    counts = np.zeros((20, 33))
    counts[4, 5], counts[5, 5], counts[19, 32] = 40, 20, 3
    rates = shrink_cells(counts)
    assert rates.shape == counts.shape
    # Blocks that hang over the edge are scaled before they are cut to the grid.
    assert rates.sum() == pytest.approx(63, rel=1e-6)
    assert rates.min() > 0
    assert rates[4, 5] > rates[4, 6] > rates[12, 20]


def test_an_empty_map_stays_empty():
    assert shrink_cells(np.zeros((3, 3))).sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", sorted(FORECASTS))
def test_every_forecast_brings_as_many_calls_as_there_were(name):
    calls = drawn(6)
    learned = calls.between(5 * WEEK, 6 * WEEK) if name == "last_week" else calls
    n_weeks = (learned.end_hour - learned.first_hour) / WEEK
    rates = FORECASTS[name](calls)
    assert rates.shape == (144, WEEK)
    assert rates.sum() == pytest.approx(len(learned.hour) / n_weeks, rel=1e-3)
    assert rates.min() > 0


def test_a_class_has_its_own_map_and_week():
    for rates in (forecast_shrunk(drawn(4)), forecast_kernel(drawn(4))):
        assert rates.week.sum(axis=1) == pytest.approx([1, 1])
        assert rates.weekly.shape == (144, 2)


def test_the_forecast_beats_raw_counts_where_places_and_hours_are_apart():
    tested = back_test(drawn(20), Folds(learn_weeks=8, ask_weeks=4))
    assert tested.n_folds == 3
    # So smooth a city suits a kernel as well; real ones are told apart in test_plan_demand.
    assert tested.winner in {"shrunk", "kernel"}
    shrunk, raw = tested.scores["shrunk"], tested.scores["raw"]
    assert shrunk.deviance < raw.deviance
    assert shrunk.pai > raw.pai
    assert abs(shrunk.bias) < 0.1


def test_a_forecast_never_sees_the_weeks_that_it_is_asked_of():
    seen = []

    def note(calls):
        seen.append((calls.end_hour, int(calls.hour.max())))
        return forecast_raw(calls)

    back_test(drawn(8), Folds(learn_weeks=4, ask_weeks=2), forecasts={"note": note})
    assert [end for end, _ in seen] == [4 * WEEK, 6 * WEEK]
    assert all(last < end for end, last in seen)


def test_deviance_is_the_sum_over_all_cells_written_out():
    counts, means = np.array([0, 1, 3, 0]), np.array([0.5, 0.7, 2.0, 0.1])
    y = counts[counts > 0]
    whole = sum(
        2 * ((n * np.log(n / m) if n else 0.0) - n + m)
        for n, m in zip(counts.tolist(), means.tolist(), strict=True)
    )
    assert poisson_deviance(y, means[counts > 0], means.sum()) == pytest.approx(whole)


def test_a_holiday_is_like_a_sunday_and_a_day_worked_like_a_wednesday():
    kinds = np.array([ORDINARY, HOLIDAY, ORDINARY, EVENT, ORDINARY, WORKED, ORDINARY])
    calls = drawn(1, day_kind=kinds)
    slots = calls.slots(np.array([24 + 5, 5 * 24 + 6, 3 * 24 + 7, 8]))
    assert slots.tolist() == [6 * 24 + 5, 2 * 24 + 6, 3 * 24 + 7, 8]
    assert calls.exposure().sum() == WEEK


def test_a_kind_of_day_learns_its_factor_and_an_unknown_one_stays_at_one():
    kinds = np.zeros(70, np.int64)
    kinds[3::7] = EVENT
    calls = drawn(10, day_kind=kinds, calls_per_week=2_000)
    half_rate = forecast_raw(calls) / 2
    factors = day_factors(calls, half_rate, 4)
    assert factors[ORDINARY] == 1
    assert factors[HOLIDAY] == 1
    assert 1.8 < factors[EVENT] < 2


def test_poisson_counts_spread_as_their_mean_and_doubled_ones_twice():
    calls = drawn(30)
    hourly = forecast_shrunk(calls).hourly()
    assert variance_to_mean(calls, hourly, np.ones(4)) == pytest.approx(1, abs=0.08)
    twice = CallCounts(
        hour=np.repeat(calls.hour, 2),
        cell=np.repeat(calls.cell, 2),
        kind=np.repeat(calls.kind, 2),
        n_rows=12,
        n_columns=12,
        n_kinds=2,
        day_kind=calls.day_kind,
        first_hour=0,
        end_hour=calls.end_hour,
    )
    assert variance_to_mean(twice, hourly * 2, np.ones(4)) == pytest.approx(2, abs=0.16)


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 1.0), (0.2, 1.0), (3.0, 2.4), (40.0, 1.5)])
def test_a_threshold_is_the_least_count_that_chance_seldom_brings(mean, spread):
    least = warning_threshold(mean, spread, share=0.01)
    assert _tail(mean, spread, least) <= 0.01
    assert least == 1 or _tail(mean, spread, least - 1) > 0.01


def _tail(mean, spread, count):
    from scipy import stats

    if spread == 1:
        return stats.poisson.sf(count - 1, mean)
    return stats.nbinom.sf(count - 1, mean / (spread - 1), 1 / spread)


def test_a_threshold_of_thousands_is_near_the_normal_one():
    assert 10_450 < warning_threshold(10_000.0, 2.4, share=0.001) < 10_500


def test_thresholds_name_place_time_and_class_and_are_above_their_means():
    listed = list_thresholds(drawn(20), forecast_shrunk(drawn(20)))
    assert listed
    assert all(each.threshold > each.mean for each in listed)
    assert {each.kind for each in listed} == {0, 1}
    assert max(each.block_row for each in listed) == 2


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: back_test(drawn(10), Folds()), "span 10 weeks; a back-test needs 12"),
        (lambda: forecast_shrunk(drawn(2).between(0, 100)), "a week of calls at least"),
        (lambda: warning_threshold(-1.0, 2.0), "a mean of 0 or more"),
        (lambda: drawn(1, day_kind=np.zeros(3, np.int64)), "do not span the hours"),
    ],
)
def test_what_cannot_be_learned_is_said_in_words(act, said):
    with pytest.raises(BadInputError, match=said):
        act()
