"""What hangs together (连通块), and how many grids each piece gets.

A grid lies in one piece: within it one comes from any cell to any other by borders that cross no
region. The most loaded grid is as light as it can be if each grid in turn goes to the piece whose
mean is greatest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError

from .problem import GridProblem

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """Cells that hang together, and the grids they get (连通块).

    cells: their numbers. grids: theirs. first, neighbour: who borders whom, by place in cells.
    lock: by place in cells and grids, -1 for none.
    """

    cells: Ints
    grids: Ints
    first: Ints
    neighbour: Ints
    lock: Ints


def list_pieces(problem: GridProblem) -> list[Piece]:
    """Cut into pieces and share the grids out. Raises ProblemError where that cannot be."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n_cells = len(problem.work)
    a, b = problem.borders.T
    kept = (problem.region[a] == problem.region[b]) & (a != b)
    pairs = np.unique(np.concatenate((np.stack((a, b), 1), np.stack((b, a), 1)))[np.tile(kept, 2)],
                      axis=0)  # fmt: skip
    graph = csr_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), (n_cells,) * 2)
    n_pieces, piece_of = connected_components(graph, directed=False)
    owners = _share_out(problem, n_pieces, piece_of.astype(np.int64))
    return [
        _cut(problem, pairs, np.flatnonzero(piece_of == p), np.flatnonzero(owners == p))
        for p in range(n_pieces)
    ]


def _share_out(problem: GridProblem, n_pieces: int, piece_of: Ints) -> Ints:
    """(n_grids,) the piece that each grid lies in."""
    if n_pieces > problem.n_grids:
        sizes = np.bincount(piece_of)
        lone = int(np.flatnonzero(piece_of == int(np.argmin(sizes)))[0])
        raise ProblemError(
            f"the cells fall into {n_pieces} pieces that no road joins within a region, the least "
            f"of {sizes.min()} cells about cell {lone}, and {problem.n_grids} grids are asked "
            f"for: ask for at least {n_pieces}, join them by a border or leave cells out"
        )
    owners = _owners_by_lock(problem, piece_of)
    n_cells = np.bincount(piece_of, minlength=n_pieces)
    work = np.bincount(piece_of, weights=problem.work, minlength=n_pieces)
    n_own = np.bincount(owners[owners >= 0], minlength=n_pieces)
    free = np.flatnonzero(owners < 0).tolist()
    while free:
        # Each piece needs one before any gets a second.
        need = np.where(n_own == 0, np.inf, work / np.maximum(n_own, 1))
        need[n_own >= n_cells] = -1.0
        best = int(np.argmax(need))
        owners[free.pop(0)] = best
        n_own[best] += 1
    if (n_own == 0).any():
        bare = int(np.flatnonzero(piece_of == int(np.argmin(n_own)))[0])
        raise ProblemError(
            f"all grids are locked to other pieces than that of cell {bare}: unlock one or ask "
            "for more grids"
        )
    return owners


def _owners_by_lock(problem: GridProblem, piece_of: Ints) -> Ints:
    owners = np.full(problem.n_grids, -1, np.int64)
    for cell, grid in sorted(problem.locked.items()):
        piece = int(piece_of[cell])
        if owners[grid] not in (-1, piece):
            raise ProblemError(
                f"grid {grid} is locked to cell {cell} and to others from which no road leads "
                "there within a region: lock cells of one piece"
            )
        owners[grid] = piece
    return owners


def _cut(problem: GridProblem, pairs: Ints, cells: Ints, grids: Ints) -> Piece:
    place = np.full(len(problem.work), -1, np.int64)
    place[cells] = np.arange(len(cells))
    number = {grid: i for i, grid in enumerate(grids.tolist())}
    mine = place[pairs[place[pairs[:, 0]] >= 0]]
    lock = np.full(len(cells), -1, np.int64)
    for cell, grid in problem.locked.items():
        if place[cell] >= 0:
            lock[place[cell]] = number[grid]
    return Piece(
        cells=cells,
        grids=grids,
        first=np.searchsorted(mine[:, 0], np.arange(len(cells) + 1)).astype(np.int64),
        neighbour=np.ascontiguousarray(mine[:, 1]),
        lock=lock,
    )
