"""What the hypercube answers (结果), and the figures that follow from who is sent where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kuaifan.models.hypercube.problem import HypercubeProblem

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class HypercubeResult:
    """How busy units are and who goes where, in the long run (超立方结果).

    workload: (n_units,) share of time busy. dispatched: (n_places, n_units) share of all
    dispatches that send unit j to place i; sums to 1. mean_travel: of a dispatch, in the unit of
    `travel`; unit_travel: (n_units,) of a unit's own, NaN where it is never sent. queued_share:
    of calls that wait; lost_share: of asked-for units that never come (0 with a queue).
    mean_queue: calls waiting. level: (n_units + 1,) probability that so many units are busy.
    n_rounds, residual: of the iteration; residual is the greatest relative change in its last.
    """

    method: Literal["exact", "larson"]
    workload: Floats
    dispatched: Floats
    mean_travel: float
    unit_travel: Floats
    queued_share: float
    lost_share: float
    mean_queue: float
    level: Floats
    n_rounds: int
    residual: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Flows:
    """What a solver found, before figures are made of it.

    sent_per_h: (n_places, n_units) dispatches an hour.
    """

    method: Literal["exact", "larson"]
    workload: Floats
    sent_per_h: Floats
    queued_share: float
    mean_queue: float
    level: Floats
    n_rounds: int
    residual: float


def make_result(problem: HypercubeProblem, flows: Flows) -> HypercubeResult:
    """Figures from flows. O(places x units)."""
    sent = flows.sent_per_h
    total = float(sent.sum())
    asked = float(problem.calls_per_h @ problem.sent())
    by_unit = sent.sum(axis=0)
    driven = (sent * problem.travel).sum(axis=0)
    unit_travel = np.divide(driven, by_unit, out=np.full_like(driven, np.nan), where=by_unit > 0.0)
    return HypercubeResult(
        method=flows.method,
        workload=flows.workload,
        dispatched=sent / total,
        mean_travel=float(driven.sum()) / total,
        unit_travel=unit_travel,
        queued_share=flows.queued_share,
        lost_share=0.0 if problem.is_queueing else max(0.0, 1.0 - total / asked),
        mean_queue=flows.mean_queue,
        level=flows.level,
        n_rounds=flows.n_rounds,
        residual=flows.residual,
    )
