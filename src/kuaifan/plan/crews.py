"""Crews that cover demand (警力覆盖): of each row the first crew near is worth most, the next less.

Most models that cover are this one problem with other rows: maximal covering has one crew a row,
expected covering a falling worth of more, rings a row for each ring. A choice is a site as taken by
one force; forces are counted apart, and share the room of a site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.siting import ProblemError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Cover = tuple[Ints, Int32s, Ints, Int32s, Floats]
Limits = tuple[Ints, Ints, Ints, Ints, Ints]
MAX_CREWS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrewCover:
    """Where crews of several forces stand so that what they cover is worth most (警力覆盖问题).

    covering: rows by choices. gain: (rows, levels) what the first, second, … crew on a row adds,
    falling. floor, ceiling: crews at a choice. force, site: of each choice. n_crews: of each force.
    room: crews at a site, of all forces.
    """

    covering: Covering
    gain: Floats
    floor: Ints
    ceiling: Ints
    force: Ints
    site: Ints
    n_crews: Ints
    room: Ints

    def cover(self) -> Cover:
        """Rows of choices, choices of rows, and gains, as the kernels take them."""
        first_row, row = self.covering.rows_of_sites()
        covering = self.covering
        return first_row, row, covering.first_site, covering.site, self.gain

    def limits(self) -> Limits:
        """Least and most crews, force and site of each choice, and room, as the kernels do."""
        return self.floor, self.ceiling, self.force, self.site, self.room


def one_force(
    covering: Covering,
    gain: Floats,
    *,
    n_crews: int,
    locked: Sequence[int],
    forbidden: Sequence[int],
    room: Ints | None = None,
) -> CrewCover:
    """Each site is a choice of the only force; a locked one has a crew, a forbidden one none."""
    n_sites = covering.n_sites
    seats = np.ones(n_sites, np.int64) if room is None else room
    floor, ceiling = np.zeros(n_sites, np.int64), seats.copy()
    floor[list(locked)] = 1
    ceiling[list(forbidden)] = 0
    return CrewCover(
        covering=covering,
        gain=gain,
        floor=floor,
        ceiling=ceiling,
        force=np.zeros(n_sites, np.int64),
        site=np.arange(n_sites),
        n_crews=np.array([n_crews]),
        room=seats,
    )


def check_room(room: Ints, n_sites: int) -> None:
    """Raise ProblemError unless each site says how many crews it holds."""
    if room.shape != (n_sites,):
        raise ProblemError(f"there are {n_sites} sites but room is given for {room.size}")
    bad = (room < 0) | (room > MAX_CREWS)
    if bad.any():
        site = int(np.argmax(bad))
        raise ProblemError(f"site {site} has room for {room[site]} crews: give 0 to {MAX_CREWS}")


def merge_rows(
    covering: Covering, gain: Floats, *, is_kept: NDArray[np.bool_]
) -> tuple[Covering, Floats]:
    """Rows by the choices that are kept alone: equal ones are one row, empty ones none."""
    row = np.repeat(np.arange(covering.n_rows), np.diff(covering.first_site))
    number = np.cumsum(is_kept) - 1
    inside = is_kept[covering.site]
    n_kept = int(is_kept.sum())
    bits = np.zeros((covering.n_rows, n_kept), np.bool_)
    bits[row[inside], number[covering.site[inside]]] = True
    packed = np.packbits(bits, axis=1)
    keys, where = _unique_rows(packed)
    sums = np.zeros((len(keys), gain.shape[1]))
    np.add.at(sums, where, gain)
    found = np.unpackbits(keys, axis=1, count=n_kept).astype(np.bool_)
    counts = found.any(axis=1) & (sums[:, 0] > 0)
    rows, sites = np.nonzero(found[counts])
    merged = Covering(
        n_sites=n_kept,
        first_site=np.searchsorted(rows, np.arange(int(counts.sum()) + 1)).astype(np.int64),
        site=sites.astype(np.int32),
        weight=sums[counts, 0],
        uncovered=covering.uncovered,
    )
    return merged, sums[counts]


def _unique_rows(packed: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Ints]:
    """Different rows, and which of them each row is."""
    width = packed.shape[1]
    if not width:
        return packed[:1], np.zeros(len(packed), np.int64)
    whole = np.ascontiguousarray(packed).view([("", f"V{width}")]).ravel()
    _, first, where = np.unique(whole, return_index=True, return_inverse=True)
    return packed[first], where.ravel()
