"""What is asked of patrol grids (网格划分问题): cells, who borders whom, how many grids."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError, check_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_CELLS: Final = 200_000
MAX_GRIDS: Final = 500
MAX_METRES: Final = 1e7
NO_LOCK: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridProblem:
    """Cells to be divided (网格划分问题).

    work: (n,) workload of each cell. place_m: (n, 2) east and north. borders: (m, 2) cells from
    which one comes into the other by road. region: (n,) a grid lies in one of them (district
    borders). locked: cell to the grid that it must belong to. tolerance: within this share of the
    mean a grid's work is good enough, and compactness counts.
    """

    work: Floats
    place_m: Floats
    borders: Ints
    n_grids: int
    region: Ints
    locked: dict[int, int] = field(default_factory=dict)
    tolerance: float = 0.05


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cell in a file (单元): grid is the one that it is locked to."""

    work: float
    x_m: float
    y_m: float
    region: str = ""
    grid: int | None = None


class Instance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A grid problem in a file; borders are pairs of cells, counted from 0."""

    cells: list[Cell]
    borders: list[tuple[int, int]]
    n_grids: int
    tolerance: float = 0.05


def pose(instance: Instance) -> GridProblem:
    """The problem of a file."""
    regions = {name: i for i, name in enumerate(sorted({c.region for c in instance.cells}))}
    return GridProblem(
        work=np.array([cell.work for cell in instance.cells], np.float64),
        place_m=np.array([(c.x_m, c.y_m) for c in instance.cells], np.float64).reshape(-1, 2),
        borders=np.array(_kept_small(instance.borders), np.int64).reshape(-1, 2),
        n_grids=instance.n_grids,
        region=np.array([regions[cell.region] for cell in instance.cells], np.int64),
        locked={i: c.grid for i, c in enumerate(instance.cells) if c.grid is not None},
        tolerance=instance.tolerance,
    )


def _kept_small(borders: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Borders with numbers that an array holds; what is no cell stays none."""
    return [(min(max(a, -1), MAX_CELLS), min(max(b, -1), MAX_CELLS)) for a, b in borders]


def check(problem: GridProblem) -> None:
    """Raise ProblemError for what is empty or absurd."""
    n_cells = len(problem.work)
    if not 1 <= n_cells <= MAX_CELLS:
        raise ProblemError(f"there are {n_cells} cells: give 1 to {MAX_CELLS:,}")
    check_weights(problem.work, n_cells)
    if problem.place_m.shape != (n_cells, 2) or problem.region.shape != (n_cells,):
        raise ProblemError(f"there are {n_cells} cells: give each a place and a region")
    lost = ~(np.abs(problem.place_m) <= MAX_METRES).all(axis=1)
    if lost.any():
        raise ProblemError(
            f"cell {int(np.argmax(lost))} lies nowhere near: give metres from a place in the city"
        )
    if not 1 <= problem.n_grids <= min(MAX_GRIDS, n_cells):
        raise ProblemError(
            f"{problem.n_grids} grids are asked for: there are {n_cells} cells, "
            f"give 1 to {min(MAX_GRIDS, n_cells)}"
        )
    if not 0 <= problem.tolerance < 1:
        raise ProblemError(f"the tolerance is {problem.tolerance:g}: give 0 or more, less than 1")
    _check_numbers(problem, n_cells)


def _check_numbers(problem: GridProblem, n_cells: int) -> None:
    ends = problem.borders
    if ends.ndim != 2 or ends.shape[1:] != (2,):  # noqa: PLR2004 - from and to
        raise ProblemError("borders must be pairs of cells")
    if len(ends) and not (ends.min() >= 0 and ends.max() < n_cells):
        raise ProblemError(f"a border names a cell that is not one of 0 to {n_cells - 1}")
    for cell, grid in problem.locked.items():
        if not 0 <= cell < n_cells:
            raise ProblemError(f"cell {cell} is locked but is not one of 0 to {n_cells - 1}")
        if not 0 <= grid < problem.n_grids:
            raise ProblemError(
                f"cell {cell} is locked to grid {grid}: grids go from 0 to {problem.n_grids - 1}"
            )
