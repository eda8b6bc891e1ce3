"""How many units are busy (忙碌数分布) where all are alike, and what Larson corrects by it.

A birth chain with batches: an incident takes several units at once, each of which is freed by
itself. With a queue, units that are short are waited for one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The chance that so many units are busy; the last holds all states with a queue too.

    waiting: chance that somebody waits. mean_queue: units waited for.
    """

    chance: Floats
    waiting: float
    mean_queue: float

    @property
    def workload(self) -> float:
        """Mean share of busy units."""
        n_units = len(self.chance) - 1
        return float(self.chance @ np.arange(n_units + 1)) / n_units

    def at_once_share(self, n_sent: int) -> float:
        """Share of the units of an incident that are free when it comes."""
        n_units = len(self.chance) - 1
        free = np.minimum(n_sent, n_units - np.arange(n_units + 1))
        return float(self.chance @ free) / n_sent


def make_levels(batch_rates: Floats, freed_per_h: Floats, *, is_queueing: bool) -> Levels:
    """Solve the chain by its cuts: what comes up through one is what comes down.

    batch_rates: (n_most,) rate of incidents that take 1, 2 … units. freed_per_h: (n_units,) rate
    at which one is freed when 1, 2 … are busy. O(units x n_most).
    """
    n_units = len(freed_per_h)
    at_least = np.cumsum(batch_rates[::-1])[::-1]
    chance = np.zeros(n_units + 1)
    chance[0] = 1.0
    for n in range(1, n_units + 1):
        reach = min(n, len(at_least))
        below = chance[n - reach : n][::-1]
        chance[n] = float(below @ at_least[:reach]) / freed_per_h[n - 1]
    tail = mean_queue = 0.0
    if is_queueing:
        tail, mean_queue = _sum_tail(chance, at_least, float(freed_per_h[-1]))
    total = chance.sum() + tail
    chance[-1] += tail
    return Levels(chance / total, tail / total, mean_queue / total)


def _sum_tail(chance: Floats, at_least: Floats, freed_per_h: float) -> tuple[float, float]:
    """The mass behind the last level and its mean length, summing the cuts behind it."""
    n_units = len(chance) - 1
    mass = moment = drift = 0.0
    for k, rate in enumerate(at_least.tolist(), start=1):
        levels = np.arange(max(0, n_units - k + 1), n_units + 1)
        near = chance[levels]
        mass += rate * float(near.sum())
        moment += rate * float(near @ (levels + k - n_units))
        drift += rate * k
    spare = freed_per_h - float(at_least.sum())
    tail = mass / spare
    return tail, (moment + drift * tail) / spare


def correction_table(levels: Levels, n_most: int) -> Floats:
    """Larson's Q for b busy and f + 1 free units, (n_units, n_most): [b, f] (校正系数).

    What units would answer for at random, where all are alike, over what they would if each were
    busy by itself. With n_most = 1 it is Larson's (1975) Q(N, rho, j).
    """
    n_units = len(levels.chance) - 1
    rho = min(max(levels.workload, 1e-300), 1.0 - 1e-12)
    factorial = np.array([math.lgamma(n + 1.0) for n in range(n_units + 1)])
    with np.errstate(divide="ignore"):
        log_chance = np.log(levels.chance)
    n = np.arange(n_units + 1)
    log_each = log_chance - (factorial[-1] - factorial[n] - factorial[n_units - n])
    table = np.zeros((n_units, n_most))
    for free in range(1, n_most + 1):
        for busy in range(n_units - free + 1):
            spread = n_units - busy - free
            among = np.arange(spread + 1)
            ways = factorial[spread] - factorial[among] - factorial[spread - among]
            logs = log_each[busy : busy + spread + 1] + ways
            alone = busy * math.log(rho) + free * math.log1p(-rho)
            table[busy, free - 1] = float(np.exp(logs - alone).sum())
    return table
