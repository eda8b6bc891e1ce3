"""How often so many units are free (空闲数分布) where all are alike: Erlang's loss and delay.

The level distribution of the hypercube with equal rates; where a city has its own, take that.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError

Floats = NDArray[np.float64]
MAX_UNITS = 10_000


def free_chances(load: float, n_units: int, *, is_queueing: bool = True) -> Floats:
    """(n_units + 1,) chance that 0, 1 … units are free under a load in erlang; sums to 1.

    is_queueing: calls that find all busy wait (M/M/n), else they are lost (M/M/n/n).
    """
    if not 1 <= n_units <= MAX_UNITS:
        raise ProblemError(f"there are {n_units} units: give 1 to {MAX_UNITS:,}")
    if not (math.isfinite(load) and load >= 0):
        raise ProblemError(f"the load is {load:g} units' work: give a number from 0")
    if is_queueing and load >= n_units:
        raise ProblemError(
            f"the load is {load:g} units' work and there are {n_units}: the queue would grow "
            "without end; add units"
        )
    if not load:
        return np.append(np.zeros(n_units), 1.0)
    busy = np.arange(n_units + 1)
    logs = busy * math.log(load) - np.array([math.lgamma(n + 1.0) for n in busy.tolist()])
    chance = np.exp(logs - logs.max())
    if is_queueing:
        chance[-1] *= n_units / (n_units - load)
    found: Floats = (chance / chance.sum())[::-1].copy()
    return found
