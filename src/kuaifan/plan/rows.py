"""The rows of a program, a block at a time (约束行): gathered in any order, given as CSR."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.plan.highs import Program

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(slots=True)
class Rows:
    """Blocks of rows low ≤ A x ≤ high."""

    n_rows: int = 0
    _parts: list[tuple[Floats, Floats, Floats]] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)

    def open(self, n_rows: int, *, low: ArrayLike, high: ArrayLike) -> int:
        """Add so many empty rows; return the number of the first."""
        first = self.n_rows
        self._low.append(np.broadcast_to(np.asarray(low, np.float64), n_rows))
        self._high.append(np.broadcast_to(np.asarray(high, np.float64), n_rows))
        self.n_rows += n_rows
        return first

    def put(self, row: ArrayLike, column: ArrayLike, value: ArrayLike) -> None:
        """Put values into rows that are open; no place twice."""
        rows, columns, values = np.broadcast_arrays(row, column, value)
        flat = (rows.ravel(), columns.ravel(), values.ravel())
        self._parts.append(tuple(part.astype(np.float64) for part in flat))  # type: ignore[arg-type] # three of them

    def program(
        self, cost: Floats, *, ceiling: Floats, is_whole: Bools, start: Floats | None = None
    ) -> Program:
        """The program with these rows, all x from 0 to a ceiling."""
        row, column, value = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        order = np.lexsort((column, row))
        return Program(
            cost=cost,
            floor=np.zeros(len(cost)),
            ceiling=ceiling,
            is_whole=is_whole,
            first=np.searchsorted(row[order], np.arange(self.n_rows + 1)).astype(np.int64),
            column=column[order].astype(np.int64),
            value=value[order],
            low=np.concatenate(self._low),
            high=np.concatenate(self._high),
            start=start,
        )
