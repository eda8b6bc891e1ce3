"""Larson's approximation (近似超立方), with unequal rates and several units an incident.

Each unit is taken to be busy by itself, corrected by what holds where all units are alike
(Larson 1975). Unequal rates: units are weighed by their own rate, and the chain of alike units
takes the rate of those that are really busy (after Jarvis 1985). Several units: an incident takes
the first free ones of its list, each freed by itself (after Chelst & Barlach 1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.models.hypercube.levels import Levels, correction_table, make_levels
from kuaifan.models.hypercube.problem import HypercubeProblem
from kuaifan.models.hypercube.result import Flows

TOLERANCE: Final = 1e-9
MAX_ROUNDS: Final = 500
MAX_WORKLOAD: Final = 1.0 - 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Carried:
    """What the chain of alike units says: at once, late and in all, in dispatches an hour."""

    levels: Levels
    at_once: Floats
    late: float
    total: float


def solve_approximately(problem: HypercubeProblem) -> Flows:
    """Find workloads that give themselves, by rounds. O(rounds x places x units x n_sent)."""
    mu, order = problem.served_per_h, problem.order()
    n_most = int(problem.sent().max())
    workload = np.full(problem.n_units, min(0.9, problem.load / problem.n_units))
    residual, n_rounds = np.inf, 0
    while residual > TOLERANCE and n_rounds < MAX_ROUNDS:
        carried = _carry(problem, workload)
        asked = _ask(problem, order, workload, correction_table(carried.levels, n_most))
        load = asked.sum(axis=0) / mu
        found = (load + carried.late / mu.sum()) / (1.0 + load)
        found = np.minimum(found * (carried.total / float(found @ mu)), MAX_WORKLOAD)
        residual = float(np.max(np.abs(found - workload)))
        workload = found
        n_rounds += 1
    return _make_flows(problem, workload, asked, _Rounds(carried, n_rounds, residual))


@dataclass(frozen=True, slots=True, eq=False)
class _Rounds:
    """Where the rounds ended."""

    carried: _Carried
    n_rounds: int
    residual: float


def _carry(problem: HypercubeProblem, workload: Floats) -> _Carried:
    """The chain of alike units at the rate of those that are busy."""
    mu, sent, calls = problem.served_per_h, problem.sent(), problem.calls_per_h
    busy_rate = float(workload @ mu) / float(workload.sum())
    freed = np.arange(1, problem.n_units + 1, dtype=np.float64) * busy_rate
    freed[-1] = float(mu.sum())
    batches: Floats = np.bincount(sent, weights=calls)[1:].astype(np.float64)
    levels = make_levels(batches, freed, is_queueing=problem.is_queueing)
    by_size = np.array([levels.at_once_share(n) for n in range(1, len(batches) + 1)])
    asked = calls * sent
    at_once = asked * by_size[sent - 1]
    total = float(asked.sum()) if problem.is_queueing else float(at_once.sum())
    late = max(0.0, total - float(at_once.sum()))
    return _Carried(levels, at_once, late, total)


def _ask(
    problem: HypercubeProblem, order: NDArray[np.int64], workload: Floats, correction: Floats
) -> Floats:
    """What each place would send each unit an hour if that unit were free, (places, units)."""
    n_places, n_units = order.shape
    rows, n_most = np.arange(n_places), correction.shape[1]
    sent = problem.sent()
    # passed[:, f]: the chance that f of the units before this one are free and the rest busy.
    passed = np.zeros((n_places, n_most))
    passed[:, 0] = 1.0
    asked = np.zeros((n_places, n_units))
    for k in range(n_units):
        unit = order[:, k]
        for free in range(min(k + 1, n_most)):
            is_still_short = free < sent
            reached = passed[:, free] * correction[k - free, free]
            asked[rows, unit] += np.where(is_still_short, reached, 0.0)
        busy = workload[unit][:, None]
        moved = passed * busy
        moved[:, 1:] += passed[:, :-1] * (1.0 - busy)
        passed = moved
    return asked * problem.calls_per_h[:, None]


def _make_flows(
    problem: HypercubeProblem, workload: Floats, asked: Floats, rounds: _Rounds
) -> Flows:
    """Dispatches, each place's at once made to sum to what the chain says it gets at once."""
    mu, carried = problem.served_per_h, rounds.carried
    at_once = asked * (1.0 - workload)
    sums = at_once.sum(axis=1)
    at_once *= np.divide(carried.at_once, sums, out=np.zeros_like(sums), where=sums > 0.0)[:, None]
    calls = problem.calls_per_h * problem.sent()
    short = calls - carried.at_once if problem.is_queueing else np.zeros_like(calls)
    return Flows(
        method="larson",
        workload=workload,
        sent_per_h=at_once + np.outer(short, mu / mu.sum()),
        queued_share=carried.late / carried.total,
        mean_queue=carried.levels.mean_queue,
        level=carried.levels.chance,
        n_rounds=rounds.n_rounds,
        residual=rounds.residual,
    )
