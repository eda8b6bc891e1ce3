"""Drawing pairs anew (重抽样): the one rule by which a comparison says how sure it is.

Days, or replications, are the pairs: both sides met the same luck in each. Intervals of 95 % are
those of drawing the pairs anew with replacement, as much wider as Student's t is than the normal
for so few of them: the expanded percentile interval of Hesterberg, T. C. (2015), The American
Statistician 69, 371.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TAIL: Final = 0.025


def draw_anew(n_pairs: int, n_draws: int, rng: np.random.Generator) -> Floats:
    """(1 + n_draws, n_pairs) how often each pair is in each draw; the first are the pairs as is."""
    drawn = rng.integers(0, n_pairs, (n_draws, n_pairs))
    times = np.apply_along_axis(np.bincount, 1, drawn, minlength=n_pairs)
    return np.vstack((np.ones(n_pairs), times)).astype(np.float64)


def interval_of(drawn: Floats, n_pairs: int) -> tuple[float, float]:
    """Where 95 % of the draws lie, made as wide as so few pairs ask; draws without a figure apart.

    drawn: (n_draws,) a figure of each draw. (0, 0) where none has one.
    """
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return 0.0, 0.0
    tail = tail_of(n_pairs)
    low, high = np.quantile(drawn, (tail, 1 - tail)).tolist()
    return low, high


@cache
def tail_of(n_pairs: int) -> float:
    """The share of draws beyond each end of a 95 % interval of so many pairs; none of one."""
    if n_pairs < 2:  # noqa: PLR2004 - one pair has no spread
        return 0.0
    from scipy.stats import norm, t

    wider = np.sqrt(n_pairs / (n_pairs - 1)) * t.ppf(1 - TAIL, n_pairs - 1)
    return float(norm.cdf(-wider))
