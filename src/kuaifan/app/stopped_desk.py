"""A desk without a web (停机操作): an engine on a log that nobody serves, for one act.

What is done so is an input of the log like any other. While a desk serves the log it is refused:
a serving desk does the same by itself, or by its routes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kuaifan.app.live import LiveEngine
from kuaifan.app.reference import make_reference
from kuaifan.app.replay_city import read_city_of
from kuaifan.city.city import City

START_S = 60.0


@contextmanager
def engine_on(db: str, city: Path | None) -> Iterator[tuple[LiveEngine, City]]:
    """An engine that runs, and its city; raises BadInputError where the log is in use."""
    place, folder = read_city_of(db, city)
    live = LiveEngine(place, make_reference(folder), city_path=str(folder.path.resolve()))
    try:
        live.start().wait(START_S)
        yield live, folder
    finally:
        live.stop()
