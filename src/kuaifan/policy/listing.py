"""From scores to a list (推荐列表): who is best, who is passed over, and what is said of them.

Plain and compiled, both give the same integers; the words are made of them by `explain`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE, PAIR
from kuaifan.policy.scoring import WHY_NOT, Int, line_places

MAX_PASSED_OVER: Final = 8

Int64s = NDArray[np.int64]


class Listing(NamedTuple):
    """Those who can go and those who cannot (可派与不可派).

    best: rows that can go, the lowest score first, then the lowest row. counts: how many rows for
    each why-not code. passed: (k, 2) the first rows that cannot go, each with its code.
    nearest_ms: the shortest road time of those who can go, 0 where nobody can.
    """

    best: Int64s
    counts: Int64s
    passed: Int64s
    nearest_ms: int


class Columns(NamedTuple):
    """What reasons are made from, (n_units,) each (理由数据)."""

    travel_ms: Int
    score_ms: Int
    stale_ms: Int
    uncertainty_m: Int
    line: Int
    is_owner: Int
    skills: Int
    reserved: Int
    other_desk: Int


class Facts(NamedTuple):
    """The same of one unit, as numbers; place: where it stands in the line prices."""

    unit_i: int
    travel_ms: int
    score_ms: int
    stale_ms: int
    uncertainty_m: int
    place: int
    skills: int
    reserved: int
    other_desk: int


def list_plain(score_ms: Int64s, why: NDArray[np.int8], travel_ms: Int) -> Listing:
    """List all rows with whole-array operations."""
    eligible = np.flatnonzero(why == 0)
    best = eligible[score_ms[eligible].argsort(kind="stable")]
    counts = np.bincount(why, minlength=len(WHY_NOT)).astype(np.int64, copy=False)
    first = np.flatnonzero(why)[:MAX_PASSED_OVER]
    passed = np.stack((first, why[first].astype(np.int64)), axis=1)
    nearest_ms = int(travel_ms[eligible].min()) if len(eligible) else 0
    return Listing(best, counts, passed, nearest_ms)


def facts_plain(units: Int64s, columns: Columns) -> Int64s:
    """Take what is said of some rows out of the columns, (k, 9) in the order of `Facts`."""
    travel_ms, score_ms, stale_ms, uncertainty_m, line, is_owner, *others = (
        column[units] for column in columns
    )
    place = line_places(line, is_owner)
    parts = (units, travel_ms, score_ms, stale_ms, uncertainty_m, place, *others)
    return np.stack([part.astype(np.int64) for part in parts], axis=1)


def thin_plain(units: Int64s, within: NDArray[np.bool_], n_holding: Int64s) -> Int64s:
    """List the circles that some rows hold alone or with one other, (k, 3).

    Each with the place of the row among those asked, the circle, and how many hold it; of one row
    those it holds alone come first.
    """
    parts = list[NDArray[np.int64]]()
    for n in (ALONE, PAIR):
        circles = np.flatnonzero(n_holding == n)
        places, columns = np.nonzero(within[units[:, None], circles])
        parts.append(np.stack((places, circles[columns], np.full(len(places), n)), axis=1))
    found = np.concatenate(parts)
    return found[found[:, 0].argsort(kind="stable")]


class Lister(NamedTuple):
    """How it is listed (列表工具): plainly, or compiled to the same integers."""

    order: Callable[[Int64s, NDArray[np.int8], Int], Listing] = list_plain
    facts: Callable[[Int64s, Columns], Int64s] = facts_plain
    thin: Callable[[Int64s, NDArray[np.bool_], Int64s], Int64s] = thin_plain


PLAIN: Final = Lister()
