"""Finding places for the web (地点检索接线): the city's gazetteer, opened when first asked."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from kuaifan.app.gazetteer import open_gazetteer
from kuaifan.store.places import PlaceIndex
from kuaifan.web.desk import FoundPlace


class CityPlaces:
    """Places of one city (地点检索); an old city without a gazetteer knows none."""

    def __init__(self, city_dir: Path) -> None:
        self._city_dir, self._lock = city_dir, threading.Lock()
        self._index: PlaceIndex | None = None

    def __call__(
        self, text: str, *, lat: float | None, lon: float | None, limit: int
    ) -> list[FoundPlace]:
        """Find the best places, best first; see web.desk.PlaceSearch."""
        with self._lock:
            # Asked each time until there is one: it may be made while the desk runs.
            self._index = index = self._index or open_gazetteer(self._city_dir)
        if index is None:
            return []
        near = None if lat is None or lon is None else (lat, lon)
        found = index.find_places(text, limit=limit, near=near)
        return [FoundPlace(**msgspec.structs.asdict(place)) for place in found]
