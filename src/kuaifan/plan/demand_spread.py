"""How far counts spread round their means (离散度), and from which count on to warn (预警阈值).

Counts are negative binomial with a variance of so many times the mean. A threshold is of a place,
a time and a type of call; nothing here knows of persons.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.demand_calls import HOURS_PER_DAY, HOURS_PER_WEEK, CallCounts

MAX_COUNT: Final = 1_000_000

Floats = NDArray[np.float64]


def variance_to_mean(calls: CallCounts, hourly: Floats, factors: Floats) -> float:
    """Variance through mean of all calls of an hour, beyond the hour of the week and kind of day.

    1 is Poisson.
    """
    mean = hourly.sum(axis=0)[calls.slots(calls.hours)]
    mean = np.maximum(mean * factors[calls.day_kind[calls.hours // HOURS_PER_DAY]], 1e-9)
    counts = np.bincount(calls.hour - calls.first_hour, minlength=len(mean))
    # Of a short span the hours of the week are shrunk hard: they have taken up little of it.
    return spread_of(counts, mean, n_fitted=min(HOURS_PER_WEEK, len(mean) // 8))


def spread_of(counts: NDArray[np.int64], mean: Floats, *, n_fitted: int = 0) -> float:
    """Pearson's statistic through its degrees of freedom, never below 1; means above 0."""
    freedom = max(1, len(mean) - n_fitted)
    return max(1.0, float(((counts - mean) ** 2 / mean).sum()) / freedom)


def warning_threshold(mean: float, spread: float, *, share: float = 0.001) -> int:
    """The least count that comes in at most `share` of such hours by chance (预警阈值).

    mean: calls expected of the place, time and type. spread: variance through mean, 1 or more.
    """
    if not (np.isfinite(mean) and mean >= 0.0 and spread >= 1.0 and 0.0 < share < 1.0):
        raise BadInputError(
            f"a threshold of mean {mean:g}, spread {spread:g} and share {share:g}: give a mean of "
            "0 or more, a spread of 1 or more and a share between 0 and 1"
        )
    log_chance = -mean if spread == 1.0 else -mean / (spread - 1) * float(np.log(spread))
    if mean > MAX_COUNT / 2 or log_chance < -700:  # noqa: PLR2004 - where exp gives 0
        return _normal_threshold(mean, spread, share)
    chance = above = float(np.exp(log_chance))
    count = 0
    while 1 - above > share and count < MAX_COUNT:
        # NB with size mean / (spread - 1); Poisson is its limit.
        chance *= (mean + count * (spread - 1)) / ((count + 1) * spread)
        count += 1
        above += chance
    return count + 1


def _normal_threshold(mean: float, spread: float, share: float) -> int:
    """For means so large that the first chance is zero in doubles."""
    from statistics import NormalDist

    return int(np.ceil(mean + NormalDist().inv_cdf(1 - share) * np.sqrt(mean * spread))) + 1
