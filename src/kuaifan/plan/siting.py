"""Where to stand, in costs (选址问题): sites, demands, what each costs the other, how many to open.

Costs are whatever is to be small: seconds on the road, metres. What is bad in a problem is said
here, in words, before any solver sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError

Floats = NDArray[np.float64]
Int8s = NDArray[np.int8]

FREE: Final = 0
OPEN: Final = 1
CLOSED: Final = -1
MAX_COST: Final = 1e12
MAX_WEIGHT: Final = 1e12


class ProblemError(BadInputError):
    """A planning problem has no answer as it stands (问题无解); says why and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Siting:
    """A problem of choosing sites (选址问题).

    cost: sites by demands; infinite where a demand cannot be reached from a site. weight: of each
    demand. locked: sites that must be open. forbidden: sites that must not.
    """

    cost: Floats
    weight: Floats
    n_open: int
    locked: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()


def check_siting(problem: Siting) -> None:
    """Raise ProblemError for a problem that is empty, absurd or cannot be solved at all."""
    check_costs(problem.cost, problem.weight)
    check_choice(len(problem.cost), problem.n_open, problem.locked, problem.forbidden)


def check_costs(cost: Floats, weight: Floats) -> None:
    """Raise ProblemError unless costs and weights are numbers that mean something."""
    if cost.ndim != 2:  # noqa: PLR2004 - sites by demands
        raise ProblemError("costs must be a table of sites by demands")
    n_sites, n_demands = cost.shape
    if not n_sites or not n_demands:
        raise ProblemError(f"there are {n_sites} sites and {n_demands} demands: give at least one")
    check_weights(weight, n_demands)
    if np.isnan(cost).any():
        site, demand = np.argwhere(np.isnan(cost))[0]
        raise ProblemError(
            f"the cost from site {site} to demand {demand} is not a number: "
            "give one, or infinity where it cannot be reached"
        )
    absurd = (cost < 0) | (np.isfinite(cost) & (cost > MAX_COST))
    if absurd.any():
        site, demand = np.argwhere(absurd)[0]
        raise ProblemError(
            f"the cost from site {site} to demand {demand} is {cost[site, demand]:g}: "
            f"costs go from 0 to {MAX_COST:g}, or infinity where it cannot be reached"
        )


def check_weights(weight: Floats, n_demands: int) -> None:
    """Raise ProblemError unless there is one weight a demand, and some of them above zero."""
    if weight.shape != (n_demands,):
        raise ProblemError(f"there are {n_demands} demands but {weight.size} weights")
    bad = ~((weight >= 0) & (weight <= MAX_WEIGHT))
    if bad.any():
        j = int(np.argmax(bad))
        raise ProblemError(
            f"the weight of demand {j} is {weight[j]:g}: weights go from 0 to {MAX_WEIGHT:g}"
        )
    if not weight.any():
        raise ProblemError("all weights are zero: there is no demand to stand for")


def check_choice(
    n_sites: int, n_open: int, locked: Sequence[int], forbidden: Sequence[int]
) -> None:
    """Raise ProblemError unless so many sites can be opened under what is locked and forbidden."""
    for site in (*locked, *forbidden):
        if not 0 <= site < n_sites:
            raise ProblemError(f"there is no site {site}: sites are numbered 0 to {n_sites - 1}")
    if both := set(locked) & set(forbidden):
        raise ProblemError(f"site {min(both)} is both locked and forbidden: take one away")
    n_free = n_sites - len(set(forbidden))
    if n_open < 1:
        raise ProblemError(f"{n_open} posts are asked for: open at least one")
    if n_open > n_free:
        raise ProblemError(f"{n_open} posts are asked for but only {n_free} sites may be opened")
    if n_open < len(set(locked)):
        raise ProblemError(
            f"{len(set(locked))} sites are locked but only {n_open} posts asked for: "
            "ask for more or unlock some"
        )


def initial_state(n_sites: int, locked: Sequence[int], forbidden: Sequence[int]) -> Int8s:
    """What is settled from the start: OPEN, CLOSED or FREE per site."""
    state = np.full(n_sites, FREE, np.int8)
    state[list(locked)] = OPEN
    state[list(forbidden)] = CLOSED
    return state
