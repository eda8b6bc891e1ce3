"""A first division of a piece (初始划分): by METIS, or grown from locked cells."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError

from .pieces import Piece

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SEED: Final = 1
_WHOLE: Final = 10_000_000
_FEW: Final = 4
"""Cells a grid, below which METIS leaves grids empty."""


def first_division(piece: Piece, work: Floats) -> Ints:
    """(n,) a grid for each cell of the piece, all contiguous and none empty."""
    n_grids = len(piece.grids)
    if n_grids == 1:
        return np.zeros(len(piece.cells), np.int64)
    if (piece.lock < 0).all() and len(piece.cells) >= _FEW * n_grids:
        label = _by_metis(piece, work)
        if _is_whole(piece, label):
            return label
    return _grow(piece)


def _by_metis(piece: Piece, work: Floats) -> Ints:
    """Karypis, G. and Kumar, V. (1998), J. Parallel and Distributed Computing 48, 96."""
    import pymetis

    weights = np.round(work / max(work.sum(), 1e-300) * _WHOLE).astype(np.int64)
    _, parts = pymetis.part_graph(
        len(piece.grids),
        pymetis.CSRAdjacency(piece.first.astype(np.int32), piece.neighbour.astype(np.int32)),
        vweights=weights.tolist(),
        recursive=False,
        options=pymetis.Options(seed=_SEED, numbering=0, contig=1),
    )
    return np.asarray(parts, np.int64)


def _is_whole(piece: Piece, label: Ints) -> bool:
    """Whether every grid has cells and hangs together."""
    reached = np.zeros(len(label), np.bool_)
    for grid in range(len(piece.grids)):
        cells = np.flatnonzero(label == grid)
        if not len(cells):
            return False
        reached[list(_reach(piece, [int(cells[0])], label == grid))] = True
    return bool(reached.all())


def _grow(piece: Piece) -> Ints:
    """Join each grid's locked cells, put the other grids far from all, then grow hop by hop."""
    label = piece.lock.copy()
    for grid in np.unique(label[label >= 0]).tolist():
        _join(piece, label, grid)
    for grid in range(len(piece.grids)):
        if not (label == grid).any():
            held = np.flatnonzero(label >= 0).tolist()
            free = label < 0
            if not free.any():
                raise ProblemError(
                    "the locked cells leave no cell for the other grids: unlock some"
                )
            hops = _reach(piece, held or [0], np.ones(len(label), np.bool_))
            label[max(np.flatnonzero(free).tolist(), key=lambda cell: (hops[cell], -cell))] = grid
    waiting = deque(np.flatnonzero(label >= 0).tolist())
    while waiting:
        cell = waiting.popleft()
        for other in _borders(piece, cell):
            if label[other] < 0:
                label[other] = label[cell]
                waiting.append(other)
    return label


def _join(piece: Piece, label: Ints, grid: int) -> None:
    """Give a grid the shortest ways between its locked cells that cross no other's."""
    mine = np.flatnonzero(piece.lock == grid).tolist()
    for target in mine[1:]:
        way = {mine[0]: -1}
        waiting = deque([mine[0]])
        while waiting and target not in way:
            cell = waiting.popleft()
            for other in _borders(piece, cell):
                if other not in way and label[other] in (-1, grid):
                    way[other] = cell
                    waiting.append(other)
        if target not in way:
            raise ProblemError(
                f"the cells locked to grid {piece.grids[grid]} cannot be joined without crossing "
                f"another grid's, such as {piece.cells[mine[0]]} and {piece.cells[target]}: unlock "
                "some, or lock a way between them"
            )
        while target != -1:
            label[target] = grid
            target = way[target]  # noqa: PLW2901 - walks back


def _reach(piece: Piece, start: list[int], allowed: NDArray[np.bool_]) -> dict[int, int]:
    """Hops from the start to each allowed cell that it reaches."""
    hops = dict.fromkeys(start, 0)
    waiting = deque(start)
    while waiting:
        cell = waiting.popleft()
        for other in _borders(piece, cell):
            if other not in hops and allowed[other]:
                hops[other] = hops[cell] + 1
                waiting.append(other)
    return hops


def _borders(piece: Piece, cell: int) -> list[int]:
    found: list[int] = piece.neighbour[piece.first[cell] : piece.first[cell + 1]].tolist()
    return found
