"""Betters a division of a piece (局部搜索), and kicks it; same piece, same division."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .pieces import Piece
from .problem import GridProblem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_ROUNDS: Final = 60
N_TREES: Final = 6
PATIENCE: Final = 3
"""Rounds without anything better before it is left."""


class Search:
    """The search within one piece of several grids (搜索)."""

    def __init__(self, problem: GridProblem, piece: Piece) -> None:
        self._graph, self._lock = (piece.first, piece.neighbour), piece.lock
        self._n_grids, self._draw = len(piece.grids), 1
        self._cells = _cells(problem, piece)
        work, n, x, y, square = self._cells.sum(axis=0).tolist()
        inertia = square - (x * x + y * y) / n
        self._aim = (work / self._n_grids, problem.tolerance, max(inertia, 1e-9))

    def better(self, label: Ints) -> float:
        """Better a division in place until nothing is found; return its score."""
        from .kernel import score_all, settle, sum_up

        sums = sum_up(self._cells, label, self._n_grids)
        idle = 0
        for _ in range(MAX_ROUNDS):
            n_moved = settle(self._graph, self._cells, label, self._lock, sums, self._aim)
            is_better = self._recombine(label, sums, is_kick=False) or n_moved > 0
            idle = 0 if is_better else idle + 1
            if idle == PATIENCE:
                break
        score: float = score_all(sums, self._aim)
        return score

    def kick(self, label: Ints) -> None:
        """Cut one pair of bordering grids anew, for better or worse."""
        from .kernel import sum_up

        self._recombine(label, sum_up(self._cells, label, self._n_grids), is_kick=True)

    def _recombine(self, label: Ints, sums: Floats, *, is_kick: bool) -> bool:
        from .kernel import list_bordering, recombine

        pairs = list_bordering(self._graph, label, self._n_grids).tolist()
        if is_kick:
            pairs = [pairs[(self._draw >> 8) % len(pairs)]]
        found = False
        for a, b in pairs:
            is_better, self._draw = recombine(
                self._graph,
                (self._cells, label, self._lock),
                sums,
                self._aim,
                (a, b),
                self._draw,
                0 if is_kick else N_TREES,
            )
            found |= is_better
        return found


def _cells(problem: GridProblem, piece: Piece) -> Floats:
    """(n, 5) what the kernel sums, about the piece's own middle so that no digits are lost."""
    place = problem.place_m[piece.cells]
    x, y = (place - place.mean(axis=0)).T
    return np.stack((problem.work[piece.cells], np.ones(len(x)), x, y, x * x + y * y), axis=1)
