"""How posts are drawn by hand (手工布点): the rule of a careful person with a map and a table.

Each district gets posts by its share of the calls, one at the least. In each, a pin goes into the
busiest square kilometre, at the busiest place of that square; the eight squares around it are then
left out, so that pins keep apart, until no other square with calls is left. It knows where the
calls are and no road.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.kernel.errors import BadInputError

Floats = NDArray[np.float64]
SQUARE_M: Final = 1_000.0
Square = tuple[int, int]


def draw_by_hand(
    lat: Floats, lon: Floats, weight: Floats, districts: Sequence[str], n_posts: int
) -> list[int]:
    """Choose cells for posts: the number of the cell for each, district by district.

    lat, lon, weight, districts: (n,) cells. Raises BadInputError for more posts than cells.
    """
    n_cells = int(np.count_nonzero(weight > 0))
    if n_posts > n_cells:
        raise BadInputError(f"{n_posts} posts want as many places with calls; there are {n_cells}")
    names = sorted(set(districts))
    owner = np.array([names.index(each) for each in districts], np.int64)
    shares = np.bincount(owner, weight, minlength=len(names)).astype(np.float64)
    rooms = np.bincount(owner[weight > 0], minlength=len(names))
    squares = _squares(lat, lon)
    chosen, taken = list[int](), set[Square]()
    for name, n_own in enumerate(share_out(shares, rooms, n_posts)):
        own = np.flatnonzero((owner == name) & (weight > 0))
        chosen += _pins(own, weight, squares, n_own, taken)
    return chosen


def share_out(shares: Floats, rooms: NDArray[np.int64], n_whole: int) -> list[int]:
    """Give whole things out by shares, one to each that has room, by Sainte-Laguë.

    Where there are fewer than takers, the largest shares have one. Ties go to the first.
    """
    given = np.zeros(len(shares), np.int64)
    for _ in range(n_whole):
        claim = np.where(given == 0, np.inf, shares / (2 * given + 1))
        claim = np.where(given < rooms, claim, -np.inf)
        first = np.flatnonzero(claim == claim.max())
        given[first[np.argmax(shares[first])]] += 1
    return [int(each) for each in given]


def _squares(lat: Floats, lon: Floats) -> list[Square]:
    east = lon * METRES_PER_DEGREE * np.cos(np.radians(lat.mean()))
    north = lat * METRES_PER_DEGREE
    columns, rows = (np.floor(each / SQUARE_M).astype(int).tolist() for each in (east, north))
    return list(zip(columns, rows, strict=True))


def _pins(
    own: NDArray[np.int64], weight: Floats, squares: list[Square], n: int, taken: set[Square]
) -> list[int]:
    """One pin after another, in the busiest square that is not beside a pin."""
    cells: dict[Square, list[int]] = {}
    for cell in own.tolist():
        cells.setdefault(squares[cell], []).append(cell)
    calls = {square: float(weight[some].sum()) for square, some in cells.items()}
    order = sorted(cells, key=lambda square: (-calls[square], square))
    chosen = list[int]()
    while len(chosen) < n:
        apart = [each for each in order if cells[each] and not _is_beside(each, taken)]
        free = apart or [each for each in order if cells[each]]
        square = free[0]
        best = max(cells[square], key=lambda cell: (float(weight[cell]), -cell))
        cells[square].remove(best)
        taken.add(square)
        chosen.append(best)
    return chosen


def _is_beside(square: Square, taken: set[Square]) -> bool:
    column, row = square
    return any((column + i, row + j) in taken for i in (-1, 0, 1) for j in (-1, 0, 1))
