"""Patrol grids (巡防网格): contiguous grids of like workload, compact, none across a border.

    least Σ_g Σ_{i in g} d(i, middle of g)²    |W_g / mean - 1| ≤ tolerance,  each grid contiguous

where that can be; else the least excess over the tolerance first. A division by METIS (Karypis and
Kumar, 1998) is bettered by moving single border cells (Bozkaya, B., Erkut, E. and Laporte, G.
(2003), EJOR 144, 12) and by throwing two bordering grids together and cutting a random spanning
tree (DeFord, D., Duchin, M. and Solomon, J. (2021), Harvard Data Science Review 3). No move breaks
a grid apart. value is the work of the busiest grid; its bound needs no search.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.answers import Answer, is_within
from kuaifan.plan.solving import DEFAULT_GAP, Progress, Watch, gap_of, go_on

from .pieces import Piece, list_pieces
from .problem import GridProblem, check
from .search import Search
from .start import first_division

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_KICKS: Final = 60
KICKED_CELLS: Final = 20_000
"""Cells times kicks, about: a small piece is searched harder."""


class PatrolGrid(msgspec.Struct, frozen=True, kw_only=True):
    """One grid (网格). rms_m: how far its cells lie from its middle, in the quadratic mean."""

    grid: int
    n_cells: int
    work: float
    share: float
    rms_m: float
    middle_m: tuple[float, float]
    borders: tuple[int, ...]


class Grids(Answer, frozen=True, kw_only=True):
    """A division into grids (网格划分). grid_of: each cell's grid. value: the busiest grid's work.

    imbalance: how far the grid that is furthest off lies from its piece's mean, as a share.
    """

    grid_of: tuple[int, ...]
    grids: tuple[PatrolGrid, ...]
    imbalance: float


def solve(problem: GridProblem, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Grids:
    """Divide the cells (划分). Raises ProblemError where no contiguous division can be.

    Proven where the busiest grid is within the gap of what no division can be below.
    """
    check(problem)
    pieces = list_pieces(problem)
    grid_of = np.full(len(problem.work), -1, np.int64)
    bound = _bound(problem, pieces)
    for piece in pieces:
        label = _divide(problem, piece, bound, watch)
        grid_of[piece.cells] = piece.grids[label]
    return _answer(problem, pieces, grid_of, bound=bound, gap=gap)


def _divide(problem: GridProblem, piece: Piece, bound: float, watch: Watch) -> Ints:
    """(n,) the place of each cell's grid among the piece's."""
    work, n_grids = problem.work[piece.cells], len(piece.grids)
    label = first_division(piece, work)
    if n_grids == 1 or not work.any():
        return label
    search = Search(problem, piece)
    best, best_score = label, search.better(label)
    n_kicks = min(MOST_KICKS, KICKED_CELLS // len(label))
    for n_kick in range(n_kicks):
        seen = Progress(float(np.bincount(best, weights=work).max()), bound, n_kick)
        if not watch(seen):
            break
        label = best.copy()
        search.kick(label)
        score = search.better(label)
        if score < best_score:
            best, best_score = label, score
    return best


def _bound(problem: GridProblem, pieces: list[Piece]) -> float:
    """What the busiest grid cannot be below: a piece's mean, the heaviest cell, what is locked."""
    work, locked = problem.work, np.zeros(problem.n_grids)
    for cell, grid in problem.locked.items():
        locked[grid] += work[cell]
    least = max(float(work[piece.cells].sum()) / len(piece.grids) for piece in pieces)
    if np.array_equal(work, np.round(work)):
        least = float(math.ceil(least - 1e-9))
    return max(least, float(work.max()), float(locked.max()))


def _answer(
    problem: GridProblem, pieces: list[Piece], grid_of: Ints, *, bound: float, gap: float
) -> Grids:
    work = np.bincount(grid_of, weights=problem.work, minlength=problem.n_grids)
    mean = np.zeros(problem.n_grids)
    for piece in pieces:
        mean[piece.grids] = work[piece.grids].mean()
    off = np.abs(work - mean) / np.where(mean > 0, mean, 1.0)
    value = float(work.max())
    grids = tuple(_describe(problem, grid_of, grid) for grid in range(problem.n_grids))
    return Grids(
        value=value,
        bound=min(bound, value),
        gap=gap_of(value, min(bound, value)),
        is_proven=is_within(value, min(bound, value), gap),
        reasons=_reasons(problem, grids, float(off.max()), len(pieces)),
        grid_of=tuple(grid_of.tolist()),
        grids=grids,
        imbalance=float(off.max()),
    )


def _describe(problem: GridProblem, grid_of: Ints, grid: int) -> PatrolGrid:
    is_mine = grid_of == grid
    place = problem.place_m[is_mine]
    middle = place.mean(axis=0)
    a, b = problem.borders.T
    over = np.concatenate((grid_of[b[is_mine[a]]], grid_of[a[is_mine[b]]]))
    work = float(problem.work[is_mine].sum())
    return PatrolGrid(
        grid=grid,
        n_cells=int(is_mine.sum()),
        work=work,
        share=work / float(problem.work.sum()),
        rms_m=float(np.sqrt(((place - middle) ** 2).sum(axis=1).mean())),
        middle_m=(float(middle[0]), float(middle[1])),
        borders=tuple(np.unique(over[over != grid]).tolist()),
    )


def _reasons(
    problem: GridProblem, grids: tuple[PatrolGrid, ...], imbalance: float, n_pieces: int
) -> tuple[str, ...]:
    kept = "kept" if imbalance <= problem.tolerance + 1e-9 else "not kept"
    pieces = "one piece" if n_pieces == 1 else f"{n_pieces} pieces that no road joins in a region"
    head = (
        f"the grid furthest off is {imbalance:.1%} from the mean of its piece, a tolerance of "
        f"{problem.tolerance:.1%} is {kept}; the cells are {pieces}"
    )
    return (
        head,
        *(
            f"grid {each.grid}: {each.n_cells} cells, {each.share:.1%} of the work, cells "
            f"{each.rms_m:.0f} m from its middle (rms), borders {list(each.borders)}"
            for each in grids
        ),
    )
