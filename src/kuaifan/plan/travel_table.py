"""Travel as it stands in a file (出行表): rows of numbers, null where there is no way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError


def read_travel(rows: list[list[float | None]]) -> NDArray[np.float64]:
    """A table with infinity for null; raises ProblemError where rows differ in length."""
    n_columns = len(rows[0]) if rows else 0
    for i, row in enumerate(rows):
        if len(row) != n_columns:
            raise ProblemError(f"row {i} of the travel has {len(row)} entries, row 0 {n_columns}")
    values = [[np.inf if each is None else each for each in row] for row in rows]
    return np.array(values, np.float64).reshape(len(rows), n_columns)
