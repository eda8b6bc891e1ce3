"""Shrinks small counts towards what is round them (收缩): empirical Bayes, gamma and Poisson.

A count n with expected value m is taken as Poisson of m times a factor that is gamma with mean 1
and shape a, so that the best guess of its rate is m (a + n) / (a + m): few calls stay near what
is round them, many speak for themselves. The shape a is the likeliest for all counts of a level.
Clayton, D. & Kaldor, J. (1987), Empirical Bayes estimates of age-standardized relative risks.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SHAPES: Final = np.geomspace(0.03, 3_000.0, 48)
N_LEVELS: Final = 5
PLACEMENTS: Final = ((0, 0), (5, 3), (11, 9), (3, 13))
"""Blocks have edges: the answer is the mean over four ways to lay them."""
_FLOOR: Final = 1e-9

Floats = NDArray[np.float64]


def shrink(counts: Floats, expected: Floats) -> Floats:
    """Best guesses of the rates behind counts, of the same shape; the sums stay as counted."""
    safe = np.maximum(expected, _FLOOR)
    shape = likeliest_shape(counts, safe)
    guess: Floats = safe * (shape + counts) / (shape + safe)
    total = float(counts.sum())
    return guess * (total / float(guess.sum())) if total > 0.0 else guess


def likeliest_shape(counts: Floats, expected: Floats) -> float:
    """The gamma shape under which the counts are likeliest (负二项形状), of `SHAPES`."""
    n = counts.ravel().astype(np.int64)
    m = expected.ravel()
    return float(max(SHAPES, key=lambda shape: _log_likelihood(n, m, float(shape))))


def shrink_cells(counts: Floats) -> Floats:
    """Rates of the cells of a grid (rows, columns), from coarse blocks down to each cell."""
    found = np.zeros(counts.shape)
    for placement in PLACEMENTS:
        found += _shrink_blocks(counts, placement)
    return found / len(PLACEMENTS)


def shrink_week(counts: Floats, exposure: Floats) -> Floats:
    """Rates of the hours of a week (168,), towards the same hour of all like days.

    exposure: how often each hour was watched. Like days are Monday to Friday, and the weekend.
    """
    per_hour = float(counts.sum()) / max(1.0, float(exposure.sum()))
    by_day = np.concatenate(
        [_alike(counts, exposure, days, per_hour) for days in (slice(0, 5), slice(5, 7))]
    )
    smooth = (np.roll(by_day, 1) + 2 * by_day + np.roll(by_day, -1)) / 4
    return shrink(counts, smooth * exposure) / np.maximum(exposure, _FLOOR)


def _alike(counts: Floats, exposure: Floats, days: slice, per_hour: float) -> Floats:
    """The hours of like days taken together, once for each of them."""
    n, watched = counts.reshape(7, 24)[days], exposure.reshape(7, 24)[days]
    seen = watched.sum(axis=0)
    rates = shrink(n.sum(axis=0), seen * per_hour) / np.maximum(seen, _FLOOR)
    return np.tile(rates, len(n))


def _shrink_blocks(counts: Floats, placement: tuple[int, int]) -> Floats:
    side = 1 << N_LEVELS
    down, right = placement
    rows, columns = counts.shape
    padded = np.pad(counts, ((down, -(rows + down) % side), (right, -(columns + right) % side)))
    inside = np.pad(
        np.ones_like(counts), [(down, -(rows + down) % side), (right, -(columns + right) % side)]
    )
    area = _sum_blocks(inside, side)
    rate = padded.sum() * area / area.sum()
    rate = shrink(_sum_blocks(padded, side), rate)
    while side > 1:
        side //= 2
        finer = _sum_blocks(inside, side)
        share = finer / np.maximum(_spread(area), _FLOOR)
        rate = shrink(_sum_blocks(padded, side), _spread(rate) * share)
        area = finer
    return rate[down : down + rows, right : right + columns]


def _sum_blocks(values: Floats, side: int) -> Floats:
    rows, columns = values.shape
    blocks = values.reshape(rows // side, side, columns // side, side)
    total: Floats = blocks.sum(axis=(1, 3))
    return total


def _spread(values: Floats) -> Floats:
    return np.repeat(np.repeat(values, 2, axis=0), 2, axis=1)


def _log_likelihood(n: NDArray[np.int64], m: Floats, shape: float) -> float:
    """Of negative binomial counts, less what no shape changes."""
    rising = np.concatenate(([0.0], np.cumsum(np.log(shape + np.arange(n.max(initial=0))))))
    both = np.log(shape + m)
    return float((rising[n] - n * both + shape * (np.log(shape) - both)).sum())
