"""How a problem of sites and demands is written down (算例格式): a table of costs, or two maps.

The forms of most models begin with these fields; see docs/reference/plan-instances.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import check_points
from kuaifan.plan.crews import MAX_CREWS
from kuaifan.plan.siting import ProblemError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table: TypeAlias = list[list[float | None]]
Points: TypeAlias = list[tuple[float, float]]


MAX_PAIRS: Final = 50_000_000


class SiteForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sites and demands (选址算例).

    cost: a row a site, a number a demand, null where it cannot be reached; or else sites and
    demands as points of x, y, whose costs are distances. weight: of each demand, 1 if left out.
    """

    cost: Table | None = None
    sites: Points | None = None
    demands: Points | None = None
    weight: list[float] | None = None
    locked: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()


def costs_of(form: SiteForm) -> tuple[Floats, Floats]:
    """Costs, sites by demands, and weights."""
    if form.cost is not None:
        if form.sites is not None or form.demands is not None:
            raise ProblemError("costs and points are both given: give one of them")
        cost = table_of(form.cost)
    else:
        cost = _distances(form.sites, form.demands)
    weight = np.ones(cost.shape[1]) if form.weight is None else np.array(form.weight, np.float64)
    return cost, weight


def table_of(rows: Table) -> Floats:
    """Costs as a table; null is out of reach."""
    if not rows or not rows[0]:
        raise ProblemError("the table of costs is empty: give a row a site, a number a demand")
    for site, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise ProblemError(
                f"site {site} has {len(row)} costs, site 0 has {len(rows[0])}: give one a demand"
            )
    return np.array([[np.inf if cost is None else cost for cost in row] for row in rows])


def room_of(room: int | list[int] | None, n_sites: int, usual: int) -> Ints:
    """Crews that each site holds, given as one number or one a site."""
    if room is None:
        return np.full(n_sites, usual, np.int64)
    rooms = [room] * n_sites if isinstance(room, int) else room
    for site, crews in enumerate(rooms):
        if not 0 <= crews <= MAX_CREWS:
            raise ProblemError(f"site {site} has room for {crews} crews: give 0 to {MAX_CREWS}")
    return np.array(rooms, np.int64)


def _distances(sites: Sequence[tuple[float, float]] | None, demands: Points | None) -> Floats:
    if not sites or not demands:
        raise ProblemError("give a table of costs, or sites and demands as points, at least one")
    if len(sites) * len(demands) > MAX_PAIRS:
        raise ProblemError(
            f"{len(sites):,} sites and {len(demands):,} demands are {len(sites) * len(demands):,} "
            f"pairs, {MAX_PAIRS:,} are taken: sum demands by cells or take fewer sites"
        )
    start, end = np.array(sites, np.float64), np.array(demands, np.float64)
    check_points(start, "site")
    check_points(end, "demand")
    found: Floats = np.hypot(*(start[:, None] - end[None]).transpose(2, 0, 1))
    return found
