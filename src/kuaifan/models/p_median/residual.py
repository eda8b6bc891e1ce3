"""What prices leave of a p-median, as a whole-number program (半径模型).

Of the plans up to a limit, prices fix most sites and cut off how far each demand can be served.
What is left is posed by radius: z_jk says that no open site is within the k-th distance of j, and
costs what the next distance is above it.

    Σ_{i at the k-th distance of j} y_i + z_jk ≥ z_j,k-1    z_j0 = 1,  z of the last is 0

Cornuejols, G., Nemhauser, G. L. and Wolsey, L. A. (1980), SIAM J. Alg. Disc. Meth. 1, 261;
Elloumi, S. (2010), Journal of Combinatorial Optimization 19, 69; García, S., Labbé, M. and
Marín, A. (2011), INFORMS Journal on Computing 23, 546.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.highs import Program

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int8s = NDArray[np.int8]
Bools = NDArray[np.bool_]

ROUNDING: Final = 1e-9
"""Cut-offs are this share further than prices say: sums are rounded."""


class Medians(NamedTuple):
    """A p-median with what is settled of it: cost by sites and demands, 1 open, -1 closed."""

    cost: Floats
    weight: Floats
    state: Int8s
    n_open: int


class Kept(NamedTuple):
    """What plans up to a limit can look like: sites settled, and how far a demand is served."""

    state: Int8s
    reach: Floats


def bound_at(problem: Medians, price: Floats) -> tuple[float, Floats]:
    """The Lagrangian bound of prices, and what each site saves; -inf where too few can be open."""
    saving: Floats = np.minimum(problem.cost - price, 0.0) @ problem.weight
    n_left = problem.n_open - int((problem.state == 1).sum())
    free = np.sort(saving[problem.state == 0])
    if not 0 <= n_left <= len(free):
        return -np.inf, saving
    settled = float(saving[problem.state == 1].sum())
    return float(price @ problem.weight) + settled + float(free[:n_left].sum()), saving


def keep_up_to(problem: Medians, price: Floats, limit: float) -> Kept:
    """Settle the sites that no plan of at most this value could have otherwise, cut off the far."""
    bound, saving = bound_at(problem, price)
    slack = limit - bound + ROUNDING * abs(limit)
    free = np.flatnonzero(problem.state == 0)
    order = free[np.argsort(saving[free], kind="stable")]
    n_left = problem.n_open - int((problem.state == 1).sum())
    last = saving[order[n_left - 1]] if n_left else -np.inf
    after = saving[order[n_left]] if n_left < len(order) else np.inf
    state = problem.state.copy()
    chosen, others = order[:n_left], order[n_left:]
    state[chosen[after - saving[chosen] > slack]] = 1
    state[others[saving[others] - last > slack]] = -1
    return Kept(state, price + slack / problem.weight)


@dataclass(slots=True)
class _Rows:
    """Rows being written: the sites are the first columns, the z follow."""

    n_columns: int
    cost: list[float] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    low: list[float] = field(default_factory=list)

    def add_far(self, cost: float) -> int:
        """A new z: its column."""
        self.cost.append(cost)
        self.n_columns += 1
        return self.n_columns - 1

    def add(self, sites: Ints, before: int | None, beyond: int | None) -> None:
        """Some of the sites is open, or the demand goes beyond; only if none was open before."""
        more = [z for z in (beyond, before) if z is not None]
        signs = [1.0] * (beyond is not None) + [-1.0] * (before is not None)
        self.columns.append(np.append(sites, more).astype(np.int64))
        self.values.append(np.append(np.ones(len(sites)), signs))
        self.low.append(1.0 if before is None else 0.0)


def pose(problem: Medians, kept: Kept, *, most: int) -> Program | None:
    """The program of what is kept; None where it would have more than so many rows.

    Its cost leaves out a constant: what counts of its answer is which sites are open. A demand that
    nobody may serve leaves a row without columns, which no plan keeps.
    """
    n_sites = len(problem.cost)
    is_left = (kept.state >= 0)[:, None] & (problem.cost <= kept.reach)
    rows = _Rows(n_sites)
    rows.add(np.arange(n_sites), None, None)
    for j, weight in enumerate(problem.weight.tolist()):
        _pose_demand(rows, np.flatnonzero(is_left[:, j]), problem.cost[:, j], weight, kept.state)
        if len(rows.low) > most:
            return None
    rows.low[0] = problem.n_open
    return _program(rows, kept.state, problem.n_open)


def _pose_demand(rows: _Rows, sites: Ints, cost: Floats, weight: float, state: Int8s) -> None:
    """A row a distance, up to the first site that is open in every plan."""
    distances, rank = np.unique(cost[sites], return_inverse=True)
    if not len(distances):
        rows.add(sites, None, None)
    before: int | None = None
    for k, distance in enumerate(distances):
        near = sites[rank == k]
        if (state[near] == 1).any():
            return
        is_last = k + 1 == len(distances)
        beyond = None if is_last else rows.add_far(weight * float(distances[k + 1] - distance))
        rows.add(near, before, beyond)
        before = beyond


def _program(rows: _Rows, state: Int8s, n_open: int) -> Program:
    n_sites, n_rows = len(state), len(rows.low)
    n_far = rows.n_columns - n_sites
    return Program(
        cost=np.concatenate((np.zeros(n_sites), rows.cost)),
        floor=np.concatenate((state == 1, np.zeros(n_far))).astype(np.float64),
        ceiling=np.concatenate((state >= 0, np.ones(n_far))).astype(np.float64),
        is_whole=np.arange(rows.n_columns) < n_sites,
        first=np.cumsum([0, *map(len, rows.columns)]),
        column=np.concatenate(rows.columns),
        value=np.concatenate(rows.values),
        low=np.array(rows.low, np.float64),
        high=np.array([float(n_open), *[np.inf] * (n_rows - 1)]),
    )
