"""The lot (抽检): so many in a hundred of a day's incidents, the same ones whoever asks again."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache


def draw(day: int, incident_ids: Sequence[str], percent: int) -> frozenset[str]:
    """Incidents drawn for a day, one at least of any: by date and id alone. O(n log n)."""
    return _draw(day, tuple(incident_ids), percent)


@lru_cache(maxsize=4)
def _draw(day: int, incident_ids: tuple[str, ...], percent: int) -> frozenset[str]:
    """Kept, for a day is looked at in pieces, and each of them asks for the same lot."""
    n_drawn = -(-len(incident_ids) * percent // 100)
    lots = sorted((zlib.crc32(f"{day}:{each}".encode()), each) for each in incident_ids)
    return frozenset(each for _, each in lots[:n_drawn])
