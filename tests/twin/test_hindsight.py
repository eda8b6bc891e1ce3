"""What nobody can beat (后见下界): below every policy, and met where all can be tried."""

from __future__ import annotations

from itertools import chain, combinations, pairwise

import numpy as np
import pytest

from kuaifan.app.bench_twin_city import draw_full
from kuaifan.policy.policies import get_policy
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.hindsight import hindsight, least_of, longest_wait, most_at_once
from kuaifan.twin.hindsight_places import Freedom
from kuaifan.twin.kernel_figures import nobody_busy_late, row_of
from kuaifan.twin.kernel_places import prices_under
from kuaifan.twin.kernel_run import new_sim, run_sim
from kuaifan.twin.variants import read_variant

VARIANTS = tuple(
    map(
        read_variant,
        (
            "patrol_first",
            "nearest",
            "nearest:moves=no:turns=no",
            "mixed",
            "reserve_urgent:kept=2",
            "mixed:moves=no",
            "mixed:way=all_circles",
            "nearest:way=dmexclp:turns=no",
        ),
    )
)


@pytest.fixture(scope="module")
def plane():
    return draw_full(1_500, 12, get_policy("nearest"))


def day_of(plane, number, *, faster=1.0, target=1.0):
    """A stretch of the drawn calls, more or less dense, with tighter or wider targets."""
    calls = plane.calls[:, 200 * number : 200 * number + 200].copy()
    calls[at.AT] = ((calls[at.AT] - calls[at.AT, 0]) / faster).astype(np.int64)
    calls[at.TARGET] = (calls[at.TARGET] * target).astype(np.int64)
    calls[at.PRICES] = 2 * (calls[at.WANTED] != 0) + 1
    return calls


def run(city, calls, variant):
    policy = variant.policy
    sim = new_sim(city, calls, prices_under(policy), policy=policy, rules=variant.rules)
    return run_sim(sim)


@pytest.mark.parametrize(("number", "faster"), [(0, 0.5), (1, 1.0), (2, 1.1), (3, 0.8), (4, 1.2)])
@pytest.mark.parametrize("target", [0.25, 0.5, 1.0])
def test_no_policy_is_below_it_with_moves_and_turns_or_without(plane, number, faster, target):
    calls = day_of(plane, number, faster=faster, target=target)
    runs = [run(plane.city, calls, variant) for variant in VARIANTS]
    wait_ms = max(longest_wait(calls, found.orders) for found in runs)
    for variant, found in zip(VARIANTS, runs, strict=True):
        free = variant.freedom
        best = hindsight(calls, plane.city, warm_up_ms=0, wait_ms=wait_ms, freedom=free)
        least = least_of(calls, plane.city, wait_ms, free)
        row = row_of(calls, found, warm_up_ms=0)
        assert best.late_share <= row.late_share + 1e-12
        assert best.late_share_urgent <= row.late_share_urgent + 1e-12
        assert best.mean_s <= row.mean_s
        there = found.there_ms >= 0
        assert (found.there_ms - calls[at.AT] >= least.response_ms)[there].all()


def test_it_knows_more_than_that_nobody_is_busy_only_where_units_are_moved(plane):
    calls = day_of(plane, 1, target=0.25)
    best = hindsight(calls, plane.city, warm_up_ms=0).late_share
    assert 0 < best <= nobody_busy_late(calls, plane.city, warm_up_ms=0)


def test_who_may_do_less_is_bounded_no_lower(plane):
    calls = day_of(plane, 1, target=0.25)
    still, moving = (
        hindsight(calls, plane.city, warm_up_ms=0, freedom=Freedom(moves, turns=moves))
        for moves in (False, True)
    )
    assert all(one > other for one, other in zip(still, moving, strict=True))


def rush(plane, n_calls, n_units):
    """Calls at one place at one moment, and as many units at the post beside it."""
    calls = plane.calls[:, :n_calls].copy()
    calls[at.AT], calls[at.PLACE], calls[at.PRIORITY], calls[at.N_NEEDED] = 0, 0, 1, 1
    calls[[at.SKILL, at.WANTED, at.TURNOUT]], calls[at.PRICES] = 0, 1
    calls[at.TARGET], calls[at.SERVICE] = 60_000, 3_600_000
    units = plane.city.units[:, :n_units].copy()
    units[[at.HOME, at.HOME_POST]] = 0
    return calls, plane.city._replace(units=units)


def test_more_calls_at_once_than_units_are_late_whoever_decides(plane):
    calls, city = rush(plane, 7, 3)
    best = hindsight(calls, city, warm_up_ms=0)
    assert best.late_share == best.late_share_urgent == pytest.approx(4 / 7)
    assert row_of(calls, run(city, calls, VARIANTS[2]), warm_up_ms=0).late_share == best.late_share


def test_what_is_not_counted_takes_no_unit_and_nothing_is_said_of_no_calls(plane):
    calls, city = rush(plane, 7, 3)
    calls[at.AT] = np.arange(7) * 1_000
    assert hindsight(calls, city, warm_up_ms=4_000).late_share == 0
    nothing = hindsight(calls, city, warm_up_ms=10_000)
    assert nothing == (None, None, None)


def kept_by_trying(starts, ends, n_units):
    """The most intervals of which no more than so many hold at once, over all choices."""
    real = [(s, e) for s, e in zip(starts, ends, strict=True) if s < e]
    choices = chain.from_iterable(combinations(real, n) for n in range(len(real) + 1))
    fits = (
        len(some)
        for some in choices
        if all(sum(s <= t < e for s, e in some) <= n_units for t, _ in some)
    )
    return max(fits) + len(starts) - len(real)


@pytest.mark.parametrize("seed", range(25))
def test_the_most_that_units_can_serve_is_what_trying_every_choice_finds(seed):
    luck = np.random.default_rng(seed)
    starts = luck.integers(0, 20, 8)
    ends = starts + luck.integers(-2, 12, 8)
    n_units = 1 + seed % 3
    assert most_at_once(starts, ends, n_units) == kept_by_trying(starts, ends, n_units)


def test_more_units_or_wider_targets_never_make_it_worse(plane):
    calls, _ = rush(plane, 7, 3)
    few = [hindsight(calls, rush(plane, 7, n)[1], warm_up_ms=0).late_share for n in (1, 3, 5, 7)]
    assert all(after <= before for before, after in pairwise(few))
    day = [
        hindsight(day_of(plane, 1, target=t), plane.city, warm_up_ms=0).late_share
        for t in (0.2, 0.5, 1.0)
    ]
    assert all(after <= before for before, after in pairwise(day))
