"""Differences of two policies, run by run (配对比较)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_rel

from kuaifan.twin.paired import compare_paired, seed_of


def test_the_interval_is_that_of_the_paired_t_test():
    rng = np.random.default_rng(1)
    was = rng.normal(10, 3, 30)
    now = was - 1 + rng.normal(0, 0.5, 30)
    found = compare_paired(was.tolist(), now.tolist())
    expected = ttest_rel(now, was).confidence_interval(0.95)
    assert found.t_low == pytest.approx(expected.low, abs=1e-4)
    assert found.t_high == pytest.approx(expected.high, abs=1e-4)
    assert found.resampled_low == pytest.approx(found.t_low, abs=0.1)
    assert found.is_sure


def test_equal_luck_shows_what_unequal_luck_would_hide():
    rng = np.random.default_rng(2)
    was = rng.normal(100, 20, 30)
    assert compare_paired(was.tolist(), (was - 2).tolist()).is_sure
    assert not compare_paired(was.tolist(), (rng.permutation(was) - 2).tolist()).is_sure


def test_runs_without_a_figure_are_left_out_and_one_run_is_no_comparison():
    found = compare_paired([1.0, None, 3.0], [2.0, 5.0, 4.0])
    assert (found.n, found.mean, found.base) == (2, 1.0, 2.0)
    assert compare_paired([1.0], [2.0]) is None
    assert compare_paired([1.0, 2.0], [None, 3.0]) is None


def test_nothing_different_is_not_sure():
    found = compare_paired([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert (found.mean, found.t_low, found.t_high, found.is_sure) == (0.0, 0.0, 0.0, False)


def test_another_seed_has_other_replications_every_one():
    runs = [{seed_of(seed, number) for number in range(30)} for seed in range(4)]
    assert len(set.union(*runs)) == 4 * 30
    assert seed_of(1, 2) == seed_of(1, 2) < 2**63
