"""The rows of rings (圈层行): per ring, demand summed by the choices whose crews would cover it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.worth import cover_by_worth

from .problem import Ring, RingPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RingRows:
    """Rows of all rings (圈层行): whose ring, which share of its demand; worth of each ring."""

    covering: Covering
    ring: Ints
    share: Floats
    worth: Floats


def make_rows(problem: RingPlan) -> RingRows:
    """Sum each ring's demand. Raises ProblemError where no crew could cover any of it."""
    parts = [_rows_of(problem, ring) for ring in problem.rings]
    for ring, part in zip(problem.rings, parts, strict=True):
        if not part.n_rows:
            raise ProblemError(
                f"no site covers any demand of ring {ring.name}: raise its limit or add sites"
            )
    shifts = np.cumsum([0, *(len(part.site) for part in parts)])
    firsts = [part.first_site[:-1] + shift for part, shift in zip(parts, shifts[:-1], strict=True)]
    share = np.concatenate(
        [part.weight / ring.weight.sum() for ring, part in zip(problem.rings, parts, strict=True)]
    )
    covering = Covering(
        n_sites=problem.n_sites * len(problem.forces),
        first_site=np.concatenate([*firsts, shifts[-1:]]),
        site=np.concatenate([part.site for part in parts]),
        weight=share,
        uncovered=0.0,
    )
    return RingRows(
        covering=covering,
        ring=np.repeat(np.arange(len(parts)), [part.n_rows for part in parts]),
        share=share,
        worth=np.array([ring.worth for ring in problem.rings]),
    )


def shares_of(rows: RingRows, crews: Ints) -> Floats:
    """The share of each ring's demand that a plan covers; by a crew present in part, in part."""
    covering = rows.covering
    there = np.add.reduceat(crews[covering.site], covering.first_site[:-1]) > 0
    return np.bincount(rows.ring, rows.share * there, len(rows.worth)).astype(np.float64)


def _rows_of(problem: RingPlan, ring: Ring) -> Covering:
    counts = ring.weight > 0
    worth = np.zeros((len(problem.forces), problem.n_sites, int(counts.sum())))
    for f in set(ring.forces):
        force = problem.forces[f]
        worth[f] = np.where(force.cost[:, counts] <= ring.limit, force.presence, 0.0)
    return cover_by_worth(worth.reshape(-1, worth.shape[2]), ring.weight[counts])
