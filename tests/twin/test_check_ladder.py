"""The rungs between theory and the twin (检验阶梯).

Below: Erlang C, the textbook's hypercube and a sparse LU of twelve units hold the hypercube model
(models/hypercube/tests). Here the fast kernel is held against both, within its own interval.
Above: the kernel and the engine give the same orders (test_kernel_identity).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from kuaifan.models.hypercube import HypercubeProblem, solve
from kuaifan.plan.erlang import erlang_c
from kuaifan.twin.kernel_basic import run_basic
from kuaifan.twin.kernel_tree import new_tree

HOUR_MS = 3_600_000
N_RUNS, N_CALLS, WARM_UP = 20, 20_000, 2_000


def simulated(calls_per_h, served_per_h, prefers_ms, seed):
    """One long run: who served each call after the warm-up, how long, and whether it waited.

    Services are exponential and the drive hardly counts: it only says who is preferred.
    """
    rng = np.random.default_rng(seed)
    total = calls_per_h.sum()
    at_ms = np.cumsum(rng.exponential(HOUR_MS / total, N_CALLS)).astype(np.int64)
    place = rng.choice(len(calls_per_h), N_CALLS, p=calls_per_h / total)
    busy_ms = np.rint(rng.exponential(HOUR_MS / served_per_h, N_CALLS)).astype(np.int64)
    unit, sent_ms = run_basic(at_ms, place, busy_ms, prefers_ms, new_tree(prefers_ms.shape[1]))
    counted = slice(WARM_UP, None)
    span_ms = at_ms[-1] - at_ms[WARM_UP]
    waited = (sent_ms > at_ms)[counted]
    return unit[counted], busy_ms[counted], place[counted], waited, span_ms


def check_mean(found, expected):
    """Hold an exact figure against the 99.9 % interval of the mean of independent runs."""
    found = np.array(found)
    half = t.ppf(0.9995, len(found) - 1) * found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert np.all(np.abs(found.mean(axis=0) - expected) <= half + 1e-9)
    assert np.all(half < 0.1 * np.maximum(expected, 0.1))


@pytest.mark.parametrize(("n_units", "load"), [(3, 1.8), (8, 5.6)])
def test_as_many_calls_wait_in_the_kernel_as_erlang_c_says(n_units, load):
    alike = np.ones((1, n_units), np.int32)
    waits = [simulated(np.array([load]), 1.0, alike, seed)[3].mean() for seed in range(N_RUNS)]
    check_mean(waits, erlang_c(load, n_units))


def test_the_kernel_is_as_busy_and_sends_whom_the_hypercube_says():
    rng = np.random.default_rng(7)
    places, homes = rng.random((6, 2)), rng.random((4, 2))
    prefers = np.rint(100 * np.abs(places[:, None] - homes).sum(axis=2)).astype(np.int32)
    calls_per_h, served_per_h = rng.uniform(0.2, 0.6, 6), 1.0
    exact = solve(
        HypercubeProblem(
            calls_per_h=calls_per_h,
            served_per_h=np.full(4, served_per_h),
            travel=prefers.astype(np.float64),
        ),
        method="exact",
    )
    workload, sent = [], []
    for seed in range(N_RUNS):
        unit, busy_ms, place, _, span_ms = simulated(calls_per_h, served_per_h, prefers, seed)
        workload.append(np.bincount(unit, weights=busy_ms, minlength=4) / span_ms)
        sent.append(np.bincount(unit, minlength=4) / len(unit))
        assert len(np.unique(place)) == 6
    check_mean(workload, exact.workload)
    check_mean(sent, exact.dispatched.sum(axis=0))


def test_nobody_serves_two_calls_at_once_and_the_nearest_free_one_goes():
    rng = np.random.default_rng(3)
    at_ms = np.sort(rng.integers(0, 50_000, 300))
    place, busy_ms = rng.integers(0, 9, 300), rng.integers(100, 2_000, 300)
    travel_ms = rng.integers(1, 500, (9, 5)).astype(np.int32)
    unit, sent_ms = run_basic(at_ms, place, busy_ms, travel_ms, new_tree(5))
    free_at_ms = np.zeros(5, np.int64)
    for i in range(300):
        assert sent_ms[i] == max(at_ms[i], free_at_ms.min())
        free = np.flatnonzero(free_at_ms <= sent_ms[i])
        assert unit[i] == free[np.argmin(travel_ms[place[i], free])]
        free_at_ms[unit[i]] = sent_ms[i] + travel_ms[place[i], unit[i]] + busy_ms[i]
