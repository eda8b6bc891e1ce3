"""Who could cover what (覆盖关系): demands summed by the set of sites that cover them.

Demands that the same sites cover are one row with the sum of their weights, so ten million calls
become a few thousand rows and the answer stays exact. What no site covers is counted and dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError, check_costs, check_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Words = NDArray[np.uint64]

WORD_BITS: Final = 64
PER_CELL: Final = 4
"""Demands to a cell of the plane, about; more cells than MAX_SIDE a side pay no more."""
MAX_SIDE: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covering:
    """Rows of demand and the sites that cover each (覆盖).

    Row r is covered by site[first_site[r]:first_site[r + 1]], ascending. uncovered: the weight that
    no site covers.
    """

    n_sites: int
    first_site: Ints
    site: Int32s
    weight: Floats
    uncovered: float

    @property
    def n_rows(self) -> int:
        """How many different sets of sites cover something."""
        return len(self.weight)

    def rows_of_sites(self) -> tuple[Ints, Int32s]:
        """The same, the other way round: where each site's rows begin, and the rows."""
        order = np.argsort(self.site, kind="stable")
        row = np.repeat(np.arange(self.n_rows, dtype=np.int32), np.diff(self.first_site))
        first = np.searchsorted(self.site[order], np.arange(self.n_sites + 1))
        return first.astype(np.int64), row[order]


def cover_within(cost: Floats, weight: Floats, limit: float) -> Covering:
    """Cover by cost (按时限覆盖): a site covers a demand that costs at most the limit."""
    check_costs(cost, weight)
    check_limit(limit)
    n_sites, n_words = len(cost), -(-len(cost) // WORD_BITS)
    bits = np.zeros((n_words * WORD_BITS, cost.shape[1]), np.uint8)
    bits[:n_sites] = cost <= limit
    packed = np.packbits(bits, axis=0, bitorder="little").T
    keys = np.ascontiguousarray(packed).view("<u8").astype(np.uint64)
    return cover_by_keys(keys, weight, n_sites)


def cover_by_keys(keys: Words, weight: Floats, n_sites: int) -> Covering:
    """Sum demands of the same key; a key is the set of covering sites as bits."""
    from kuaifan.plan.covering_kernel import sum_by_key

    found, sums = sum_by_key(keys, np.ascontiguousarray(weight, np.float64))
    return _from_keys(found, sums, n_sites)


def cover_in_radius(sites: Floats, demands: Floats, weight: Floats, radius: float) -> Covering:
    """Cover by distance on a plane (按半径覆盖), at most the radius; points are rows of x, y.

    The plane is cut into cells: what a site covers wholly or not at all is known per cell, and only
    a circle's edge is looked at point by point.
    """
    from kuaifan.plan.covering_kernel import sum_in_radius

    check_points(sites, "site")
    check_points(demands, "demand")
    check_weights(weight, len(demands))
    check_limit(radius)
    side = int(min(MAX_SIDE, max(1, (len(demands) / PER_CELL) ** 0.5)))
    found, sums = sum_in_radius(
        np.ascontiguousarray(sites, np.float64),
        np.ascontiguousarray(demands, np.float64),
        np.ascontiguousarray(weight),
        float(radius),
        side,
    )
    return _from_keys(found, sums, len(sites))


def check_limit(limit: float) -> None:
    """Raise ProblemError unless a limit is a number above zero."""
    if not 0 < limit < np.inf:
        raise ProblemError(f"the limit is {limit:g}: give a number above zero")


def check_points(points: Floats, what: str) -> None:
    """Raise ProblemError unless points are rows of two finite numbers."""
    if points.ndim != 2 or points.shape[1:] != (2,) or not len(points):  # noqa: PLR2004 - x and y
        raise ProblemError(f"{what}s must be rows of x and y, at least one")
    bad = ~np.isfinite(points).all(axis=1)
    if bad.any():
        raise ProblemError(f"{what} {int(np.argmax(bad))} is nowhere: its x or y is not a number")


def _from_keys(keys: Words, sums: Floats, n_sites: int) -> Covering:
    """Rows in the order of their keys, so that the same demands give the same rows."""
    covers = keys.any(axis=1)
    uncovered = float(sums[~covers].sum())
    kept = np.flatnonzero(covers & (sums > 0))
    kept = kept[np.lexsort(keys[kept].T)]
    bits = np.unpackbits(
        keys[kept].astype("<u8").view(np.uint8), axis=1, bitorder="little", count=n_sites
    )
    row, site = np.nonzero(bits)
    return Covering(
        n_sites=n_sites,
        first_site=np.searchsorted(row, np.arange(len(kept) + 1)).astype(np.int64),
        site=site.astype(np.int32),
        weight=sums[kept],
        uncovered=uncovered,
    )
