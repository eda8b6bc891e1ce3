"""Two policies on the same luck (配对比较): differences run by run, with intervals.

Common random numbers: in one replication every policy gets the same calls, turn-outs and times on
scene, so what differs is the policy's. The interval is Student's t over replications, beside it
that of drawing them anew, as plans are compared. Law, A. M. (2015), Simulation Modeling and
Analysis, ch. 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

from kuaifan.plan.redraw import TAIL, draw_anew, interval_of

N_RESAMPLES: Final = 2_000


class PairedDifference(msgspec.Struct, frozen=True):
    """What one policy is above another, on the average (配对差). n: replications that have both.

    t_low, t_high and resampled_low, resampled_high: two 95 % intervals. is_sure: both exclude 0.
    """

    n: int
    base: float
    mean: float
    t_low: float
    t_high: float
    resampled_low: float
    resampled_high: float
    is_sure: bool


def seed_of(seed: int, number: int) -> int:
    """The seed of one replication (重复种子): of other seeds and numbers, others.

    Sums would not do: all replications but one of seed 2 would be those of seed 1 over again.
    """
    [word] = np.random.SeedSequence((seed, number)).generate_state(1, np.uint64).tolist()
    return int(word) >> 1


def compare_paired(
    base: Sequence[float | None], other: Sequence[float | None], *, seed: int = 1
) -> PairedDifference | None:
    """The difference other - base with its intervals; None with fewer than two pairs."""
    pairs = [(a, b) for a, b in zip(base, other, strict=True) if a is not None and b is not None]
    if len(pairs) < 2:  # noqa: PLR2004 - one pair has no spread
        return None
    from scipy.stats import t

    was, now = np.array(pairs).T
    change = now - was
    mean, n = float(change.mean()), len(change)
    half = float(t.ppf(1 - TAIL, n - 1) * change.std(ddof=1) / np.sqrt(n))
    times = draw_anew(n, N_RESAMPLES, np.random.default_rng(seed))[1:]
    low, high = interval_of(times @ change / n, n)
    t_low, t_high = mean - half, mean + half
    return PairedDifference(
        n=n,
        base=round(float(was.mean()), 4),
        mean=round(mean, 4),
        t_low=round(t_low, 4),
        t_high=round(t_high, 4),
        resampled_low=round(low, 4),
        resampled_high=round(high, 4),
        is_sure=(t_low > 0 and low > 0) or (t_high < 0 and high < 0),
    )
