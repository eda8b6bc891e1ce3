"""Where open incidents are (未结警情位置): found by neighbourhood, not by looking at all."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from typing import Final

CELL_DEG: Final = 0.005
"""About 550 m from south to north; a search looks at the cells around."""


class OpenPlaces:
    """Incident ids by cells of latitude and longitude (位置格)."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], dict[str, None]] = {}
        self._cell_of: dict[str, tuple[int, int]] = {}

    def put(self, incident_id: str, lat: float, lon: float) -> None:
        """An incident is at a place now, and no longer where it was."""
        self.drop(incident_id)
        cell = _cell(lat, lon)
        self._cells.setdefault(cell, {})[incident_id] = None
        self._cell_of[incident_id] = cell

    def drop(self, incident_id: str) -> None:
        """It is over, or has no place."""
        cell = self._cell_of.pop(incident_id, None)
        if cell is not None:
            del self._cells[cell][incident_id]
            if not self._cells[cell]:
                del self._cells[cell]

    def near(self, lat: float, lon: float) -> Iterator[str]:
        """Incidents in the cells around a place: all within 400 m, some beyond."""
        row, column = _cell(lat, lon)
        for i in (row - 1, row, row + 1):
            for j in (column - 1, column, column + 1):
                yield from self._cells.get((i, j), ())


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return floor(lat / CELL_DEG), floor(lon / CELL_DEG)
