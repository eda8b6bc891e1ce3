"""How long the exact hypercube takes (超立方基准), units spread over a square."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Final

import msgspec
import numpy as np

from kuaifan.models.hypercube import HypercubeProblem, solve

SIZES: Final = (10, 12, 15, 18, 20)
N_PLACES: Final = 100
LOAD: Final = 0.5
SEED: Final = 1


class HypercubeFigure(msgspec.Struct, frozen=True):
    """One size (一个规模). n: units; seconds: of the whole solve, on the wall.

    rounds: of the iteration. residual: relative change of the last. unbalanced: greatest share
    by which what a unit is sent differs from what it serves.
    """

    n: int
    seconds: float
    rounds: int
    residual: float
    unbalanced: float


def bench_hypercube(sizes: Sequence[int] = SIZES) -> list[HypercubeFigure]:
    """Solve one problem of each size exactly, unequal rates, half loaded, with a queue."""
    solve(_draw(2))  # compiles, outside of what is timed
    return [_measure(_draw(n_units)) for n_units in sizes]


def _draw(n_units: int) -> HypercubeProblem:
    rng = np.random.default_rng(SEED)
    places, units = rng.random((N_PLACES, 2)), rng.random((n_units, 2))
    served = rng.uniform(0.8, 1.25, n_units)
    calls = rng.random(N_PLACES)
    return HypercubeProblem(
        calls_per_h=calls * LOAD * served.sum() / calls.sum(),
        served_per_h=served,
        travel=np.abs(places[:, None] - units).sum(axis=2),
    )


def _measure(problem: HypercubeProblem) -> HypercubeFigure:
    began_s = perf_counter()
    result = solve(problem, method="exact")
    seconds = perf_counter() - began_s
    sent = result.dispatched.sum(axis=0) * problem.calls_per_h.sum()
    served = result.workload * problem.served_per_h
    return HypercubeFigure(
        n=problem.n_units,
        seconds=round(seconds, 4),
        rounds=result.n_rounds,
        residual=result.residual,
        unbalanced=float(np.max(np.abs(sent / served - 1))),
    )
