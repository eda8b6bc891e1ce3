"""The second half of the board (定位归并): markers folded from batches of fixes.

A fix never makes a fact by itself; what it shows (an arrival, a circle left) is decided by rules.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.state import Board
from kuaifan.kernel.message import Observation
from kuaifan.policy.fleet import EN_ROUTE, Fleet
from kuaifan.vocabulary.unit import FixBatch

MAX_AHEAD_MS: Final = 5_000
"""A fix from further in the future comes from a wrong clock, and would freeze its marker."""

ETA_EVERY_MS: Final = 15_000
"""How often at most a unit's time of arrival is worked out anew as it drives."""
MAX_ETAS: Final = 4
"""So many in one batch, those that have waited longest; the others' turn comes with the next.

Few, since before the kernels are loaded each may take 80 ms; ten batches a second serve hundreds.
"""


class Moved(NamedTuple):
    """Rows that a batch moved (已移动).

    uncertain: those whose place was unknown or only said before. due: those under way whose time
    of arrival is to be worked out anew.
    """

    rows: NDArray[np.int64]
    uncertain: NDArray[np.int64]
    due: NDArray[np.int64]


def fold_fixes(board: Board, observation: Observation, at_ms: int) -> None:
    """Move the markers; a fix older than the marker, or in doubt, is kept in the tracks only."""
    assert isinstance(observation, FixBatch)  # noqa: S101 - the only observation there is
    fold_batch(board, observation, at_ms)


def fold_batch(board: Board, batch: FixBatch, at_ms: int) -> Moved:
    """Move the markers and return the rows that moved. Vectorized over the batch.

    Unknown units, arcs that this city does not have, fixes in doubt and from the future are passed
    over: a batch never breaks.
    """
    fleet, index = board.fleet, board.fleet.index
    rows = np.array([index.get(unit_id, -1) for unit_id in batch.unit_ids], np.int64)
    newer = _newer(board, batch, rows, at_ms)
    rows = rows[newer]
    if not len(rows):
        return Moved(rows, rows, rows)
    arc = np.array(batch.arc, np.int32)[newer]
    fraction_ppm = np.array(batch.fraction_ppm, np.int32)[newer]
    before_arc = fleet.arc[rows]
    uncertain = rows[(fleet.uncertainty_m[rows] > 0) | (before_arc < 0)]
    # Who stands says so again and again: that costs no circle a look-up.
    board.note_moved(rows[(arc != before_arc) | (fraction_ppm != fleet.fraction_ppm[rows])])
    fleet.uncertainty_m[rows] = 0
    fleet.fix_at_ms[rows] = np.array(batch.fix_at_ms, np.int64)[newer]
    fleet.lat[rows] = np.array(batch.lat)[newer]
    fleet.lon[rows] = np.array(batch.lon)[newer]
    fleet.arc[rows] = arc
    fleet.fraction_ppm[rows] = fraction_ppm
    fleet.speed_mps[rows] = np.array(batch.speed_mps, np.float32)[newer]
    fleet.heading_deg[rows] = np.array(batch.heading_deg, np.int16)[newer]
    return Moved(rows, uncertain, _take_due(fleet, rows, at_ms))


def _newer(
    board: Board, batch: FixBatch, rows: NDArray[np.int64], at_ms: int
) -> NDArray[np.int64] | slice:
    """Which fixes are believed, oldest first: of several of one unit the last assignment stays."""
    fix_at_ms = np.array(batch.fix_at_ms, np.int64)
    good = (rows >= 0) & (np.array(batch.arc, np.int64) < board.reference.network.n_arcs)
    good &= fix_at_ms <= at_ms + MAX_AHEAD_MS
    # The last row stands in for unknown units, whose fixes are not good anyway.
    good &= fix_at_ms > board.fleet.fix_at_ms[rows]
    if batch.doubt:
        good &= np.array(batch.doubt, np.int64) == 0
    n_fixes = len(batch.fix_at_ms)
    is_one_moment = batch.fix_at_ms.count(batch.fix_at_ms[0]) == n_fixes if n_fixes else True
    if is_one_moment and np.count_nonzero(good) == n_fixes:
        return slice(None)
    newer = np.flatnonzero(good)
    return newer[np.argsort(fix_at_ms[newer], kind="stable")]


def _take_due(fleet: Fleet, rows: NDArray[np.int64], at_ms: int) -> NDArray[np.int64]:
    """Units under way whose turn it is; it is written down here, so that a rebuilt board agrees."""
    is_due = (fleet.state[rows] == EN_ROUTE) & (fleet.eta_due_at_ms[rows] <= at_ms)
    if not is_due.any():
        return rows[:0]
    due: NDArray[np.int64] = np.unique(rows[is_due])
    if len(due) > MAX_ETAS:
        due = np.sort(due[np.argsort(fleet.eta_due_at_ms[due], kind="stable")[:MAX_ETAS]])
    fleet.eta_due_at_ms[due] = at_ms + ETA_EVERY_MS
    return due
