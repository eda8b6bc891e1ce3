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

FEW: Final = 12
"""Up to so many fixes are quicker one by one, in the batches of a quiet hour by five times."""

ETA_EVERY_MS: Final = 30_000
"""How often at most a unit's time of arrival is worked out anew as it drives: a change below half a
minute is no news, and who stands still takes so long to lose as much."""
MAX_ETAS: Final = 4
"""So many in one batch, those that have waited longest; the others' turn comes with the next.

Few, since before the kernels are loaded each may take 80 ms; ten batches a second serve hundreds.
"""


class Moved(NamedTuple):
    """Rows that a batch moved (已移动).

    uncertain: those whose place was unknown or only said before. due: those under way whose time
    of arrival is to be worked out anew.
    """

    rows: list[int]
    uncertain: list[int]
    due: list[int]


def fold_fixes(board: Board, observation: Observation, at_ms: int) -> None:
    """Move the markers; a fix older than the marker, or in doubt, is kept in the tracks only."""
    assert isinstance(observation, FixBatch)  # noqa: S101 - the only observation there is
    fold_batch(board, observation, at_ms)


def fold_batch(board: Board, batch: FixBatch, at_ms: int) -> Moved:
    """Move the markers and return the rows that moved.

    Unknown units, arcs that this city does not have, fixes in doubt and from the future are passed
    over: a batch never breaks. Few fixes are taken one by one, which the arrays are too slow for;
    what comes of a batch is the same either way.
    """
    n_fixes = len(batch.unit_ids)
    if n_fixes <= FEW and not batch.doubt and len(set(batch.unit_ids)) == n_fixes:
        rows, uncertain = _fold_few(board, batch, at_ms)
    else:
        rows, uncertain = fold_many(board, batch, at_ms)
    return Moved(rows, uncertain, _take_due(board.fleet, rows, at_ms))


def _fold_few(board: Board, batch: FixBatch, at_ms: int) -> tuple[list[int], list[int]]:
    """Rows moved, and those of them that were uncertain; of each unit one fix at most."""
    fleet, n_arcs = board.fleet, board.reference.network.n_arcs
    moved: list[int] = []
    uncertain: list[int] = []
    elsewhere: list[int] = []
    for unit_id, fix_at_ms, lat, lon, arc, ppm, speed_mps, heading_deg in zip(
        batch.unit_ids,
        batch.fix_at_ms,
        batch.lat,
        batch.lon,
        batch.arc,
        batch.fraction_ppm,
        batch.speed_mps,
        batch.heading_deg,
        strict=True,
    ):
        row = fleet.index.get(unit_id, -1)
        if row < 0 or arc >= n_arcs or not fleet.fix_at_ms[row] < fix_at_ms <= at_ms + MAX_AHEAD_MS:
            continue
        before_arc = fleet.arc[row]
        if before_arc < 0 or fleet.uncertainty_m[row] > 0:
            uncertain.append(row)
            fleet.uncertainty_m[row] = 0
        if before_arc != arc or fleet.fraction_ppm[row] != ppm:
            elsewhere.append(row)
            fleet.arc[row], fleet.fraction_ppm[row] = arc, ppm
        fleet.fix_at_ms[row], fleet.lat[row], fleet.lon[row] = fix_at_ms, lat, lon
        fleet.speed_mps[row], fleet.heading_deg[row] = speed_mps, heading_deg
        moved.append(row)
    if elsewhere:
        board.note_moved(elsewhere)
    return moved, uncertain


def fold_many(board: Board, batch: FixBatch, at_ms: int) -> tuple[list[int], list[int]]:
    """The same of any batch. Vectorized over the batch."""
    fleet, index = board.fleet, board.fleet.index
    rows = np.array([index.get(unit_id, -1) for unit_id in batch.unit_ids], np.int64)
    newer = _newer(board, batch, rows, at_ms)
    rows = rows[newer]
    if not len(rows):
        return [], []
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
    return rows.tolist(), uncertain.tolist()


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


def _take_due(fleet: Fleet, rows: list[int], at_ms: int) -> list[int]:
    """Units under way whose turn it is; it is written down here, so that a rebuilt board agrees."""
    state, due_at_ms = fleet.state, fleet.eta_due_at_ms
    due = sorted({row for row in rows if state[row] == EN_ROUTE and due_at_ms[row] <= at_ms})
    if len(due) > MAX_ETAS:
        due = sorted(sorted(due, key=lambda row: int(due_at_ms[row]))[:MAX_ETAS])
    for row in due:
        due_at_ms[row] = at_ms + ETA_EVERY_MS
    return due
