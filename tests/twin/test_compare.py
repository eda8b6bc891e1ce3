"""Policies compared on the same luck (政策比较), on a drawn plane without streets."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from kuaifan.app.bench_twin_city import draw_full
from kuaifan.app.cli_twin import compare
from kuaifan.app.twin_compare import CompareOptions, run_all
from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.policies import get_policy
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.comparison import Job, figures_of, run_job, warnings_of
from kuaifan.twin.kernel_figures import is_overloaded
from kuaifan.twin.kernel_places import prices_under
from kuaifan.twin.kernel_run import new_sim, run_sim
from kuaifan.twin.variants import read_variant

N_UNITS = 12
VARIANTS = tuple(read_variant(each) for each in ("patrol_first:moves=no", "nearest:moves=no"))


@pytest.fixture(scope="module")
def plane():
    return draw_full(1_500, N_UNITS, get_policy("nearest"))


def job_of(plane, number, *, faster=1.0):
    """One replication: a stretch of the drawn calls, here and there shifted."""
    calls = plane.calls[:, 300 * number : 300 * number + 300].copy()
    calls[at.AT] = ((calls[at.AT] - calls[at.AT, 0]) / faster).astype(np.int64)
    calls[at.PRICES] = 2 * (calls[at.WANTED] != 0) + 1
    return Job(calls, VARIANTS, 3_600_000)


def test_equal_jobs_give_equal_rows_and_lost_circles_are_counted(plane):
    first, again = (run_job(plane.city, job_of(plane, 0)) for _ in range(2))
    assert first == again
    assert first.rows[0].n_calls < 300
    assert first.rows[0].lost_min > 0
    assert 0 < first.rows[0].busy_share < 1


def test_who_prefers_the_nearest_is_there_sooner_and_it_is_said_how_sure(plane):
    found = [run_job(plane.city, job_of(plane, number)) for number in range(5)]
    base, nearest = figures_of(VARIANTS, found, days=1.0)
    assert not base.against_first
    difference = nearest.against_first["mean_s"]
    assert difference.n == 5
    assert difference.mean == pytest.approx(
        nearest.means["mean_s"] - base.means["mean_s"], abs=1e-3
    )
    assert difference.t_low <= difference.mean <= difference.t_high
    said = warnings_of([base, nearest], 5)
    assert said[-1] == "5 replications are few: take 30 or more to decide by"


def test_no_policy_is_less_late_than_if_nobody_were_ever_busy(plane):
    found = run_job(plane.city, job_of(plane, 1))
    assert found.nobody_busy_late <= min(row.late_share for row in found.rows)


def test_too_many_calls_are_told_from_enough_units(plane):
    calm, rushed = (run_job(plane.city, job_of(plane, 2, faster=f)).rows[0] for f in (0.4, 5.0))
    assert not is_overloaded(calm)
    assert is_overloaded(rushed)
    figures = figures_of(VARIANTS, [run_job(plane.city, job_of(plane, 2, faster=5.0))] * 2, days=1)
    assert "overloaded in 2 of 2 runs" in warnings_of(figures, 2)[0]


def test_the_first_hours_count_for_nothing(plane):
    job = job_of(plane, 3)
    whole, later = (
        run_job(plane.city, job._replace(warm_up_ms=ms)).rows[0] for ms in (0, 10_800_000)
    )
    assert whole.n_calls == 300
    assert later.n_calls == int((job.calls[at.AT] >= 10_800_000).sum())
    assert msgspec.structs.replace(later, n_calls=0) != msgspec.structs.replace(whole, n_calls=0)


def test_nothing_of_the_warm_up_is_counted_and_nobody_is_sent_otherwise(plane):
    job, variant = job_of(plane, 3), VARIANTS[0]
    whole, never = (
        run_sim(
            new_sim(
                plane.city,
                job.calls,
                prices_under(variant.policy),
                policy=variant.policy,
                rules=variant.rules,
                warm_up_ms=warm_up_ms,
            )
        )
        for warm_up_ms in (0, 10**12)
    )
    assert np.array_equal(whole.orders, never.orders)
    assert whole.busy_ms.sum() > 0
    assert whole.lost_ms.sum() > 0
    assert never.busy_ms.sum() == never.lost_ms.sum() == 0


@pytest.mark.soak
def test_two_processes_find_what_one_does(plane):
    jobs = [job_of(plane, number) for number in range(3)]
    one, two = (list(run_all(plane.city, jobs, CompareOptions(n_jobs=n_jobs))) for n_jobs in (1, 2))
    assert one == two


@pytest.mark.parametrize("variants", [["nearest"], ["nearest", "nearest"]])
def test_one_variant_is_nothing_to_compare(variants, tmp_path):
    with pytest.raises(BadInputError, match="two or more --variants"):
        compare(city=tmp_path, variants=variants)
