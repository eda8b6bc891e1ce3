"""Holds forecasts against the weeks that came after (滚动回测): deviance, and PAI.

Rolling origin: learned from all before, asked of the next weeks, moved on. Both scores are taken
over cells and hours, all classes together, every forecast with its own factors of kinds of day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.demand_calls import DAY_KINDS, HOURS_PER_DAY, HOURS_PER_WEEK, CallCounts
from kuaifan.plan.demand_forecast import FORECASTS, Forecast, day_factors

AREA_SHARE: Final = 0.05
"""Of the cells, those that PAI looks at in each hour."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Score:
    """How well a forecast did (预测得分).

    deviance: Poisson deviance per call asked of, less is better. pai: share of calls in the
    fullest twentieth of cells of each hour, through that share of cells; more is better.
    bias: calls forecast through calls that came, less 1.
    """

    deviance: float
    pai: float
    bias: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """What came out (回测结果). n_asked: calls of the later weeks. winner: least deviance."""

    n_folds: int
    n_asked: int
    scores: dict[str, Score]
    winner: str


@dataclass(frozen=True, slots=True)
class Folds:
    """How the back-test rolls, in weeks (回测安排)."""

    learn_weeks: int = 12
    ask_weeks: int = 4


@dataclass(slots=True)
class _Sums:
    """One forecast's sums over the folds; inside: calls in the fullest cells."""

    deviance: float = 0.0
    inside: float = 0.0
    expected: float = 0.0


def back_test(
    calls: CallCounts, folds: Folds, *, forecasts: Mapping[str, Forecast] = FORECASTS
) -> BackTest:
    """Let every forecast answer for the weeks after those that it learned from."""
    step = folds.ask_weeks * HOURS_PER_WEEK
    first = calls.first_hour + folds.learn_weeks * HOURS_PER_WEEK
    origins = range(first, calls.end_hour - step + 1, step)
    if not origins:
        raise BadInputError(
            f"the calls span {(calls.end_hour - calls.first_hour) // HOURS_PER_WEEK} weeks; a "
            f"back-test needs {folds.learn_weeks} to learn from and {folds.ask_weeks} to ask: give "
            "a longer file, or leave out --backtest"
        )
    sums = {name: _Sums() for name in forecasts}
    n_asked = 0
    for origin in origins:
        learned = calls.between(calls.first_hour, origin)
        asked = calls.between(origin, origin + step)
        n_asked += len(asked.hour)
        for name, forecast in forecasts.items():
            _ask(sums[name], forecast(learned), learned, asked)
    scores = {name: _score(each, n_asked) for name, each in sums.items()}
    winner = min(scores, key=lambda name: scores[name].deviance)
    return BackTest(len(origins), n_asked, scores, winner)


def _ask(sums: _Sums, hourly: Floats, learned: CallCounts, asked: CallCounts) -> None:
    factors = day_factors(learned, hourly, len(DAY_KINDS))
    of_hour = factors[asked.day_kind[asked.hours // HOURS_PER_DAY]]
    expected = float(of_hour @ hourly.sum(axis=0)[asked.slots(asked.hours)])
    at, counts = np.unique(asked.hour * asked.n_cells + asked.cell, return_counts=True)
    hour, cell = at // asked.n_cells, at % asked.n_cells
    slot = asked.slots(hour)
    mean = hourly[cell, slot] * factors[asked.day_kind[hour // HOURS_PER_DAY]]
    sums.deviance += poisson_deviance(counts, mean, expected)
    sums.inside += float(counts[_is_fullest(hourly)[cell, slot]].sum())
    sums.expected += expected


def poisson_deviance(counts: NDArray[np.int64], mean: Floats, total: float) -> float:
    """Deviance of all cells and hours, given the counts above zero, their means, and all means'.

    2 sum(y ln(y / mean) - y + mean); where y is 0, only the mean is left.
    """
    return float(2 * ((counts * np.log(counts / mean)).sum() - counts.sum() + total))


def _is_fullest(hourly: Floats) -> NDArray[np.bool_]:
    """Whether a cell is among the fullest of an hour; of equals, the first ones."""
    n_fullest = max(1, round(AREA_SHARE * len(hourly)))
    order = np.argsort(-hourly, axis=0, kind="stable")[:n_fullest]
    fullest = np.zeros(hourly.shape, np.bool_)
    np.put_along_axis(fullest, order, values=True, axis=0)
    return fullest


def _score(sums: _Sums, n_asked: int) -> Score:
    n = max(1, n_asked)
    return Score(
        deviance=round(sums.deviance / n, 4),
        pai=round(sums.inside / n / AREA_SHARE, 3),
        bias=round(sums.expected / n - 1, 4),
    )
