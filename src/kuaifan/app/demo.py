"""The demo (演示): an invented city, a living desk, one command.

The desk is the real one; the people are simulated, each seat by a human's leave. The city's clock
runs faster than the wall's and goes on from the last instant of its log.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.app.demo_life import DemoLife
from kuaifan.app.gazetteer import make_gazetteer, open_gazetteer
from kuaifan.app.live import LiveEngine
from kuaifan.app.phone import PhoneOptions
from kuaifan.app.printing import print_lines, print_progress
from kuaifan.app.serve import ServeOptions, Wiring, serve
from kuaifan.app.served_seats import seat_actors
from kuaifan.board.reference import Reference
from kuaifan.city.city import City
from kuaifan.city.city_toml import CITY_FILE
from kuaifan.city.folder import read_city, read_demand, read_features
from kuaifan.city.invent import invent_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.inbox import SteadyClock
from kuaifan.kernel.whole_file import replace_file
from kuaifan.twin.life import MAX_SPEED, MIN_SPEED, CityLife
from kuaifan.twin.live_agenda import LiveAgenda
from kuaifan.twin.stories import LiveStories
from kuaifan.twin.stories_demand import DemandCells
from kuaifan.twin.stories_teller import StoryCity

SEED: Final = 110
START_HOUR: Final = 14
"""The first run begins in the busy quarter of the day."""
BUSY_SHARE: Final = 0.5
MEAN_BUSY_MIN: Final = 45.0
"""As many calls as keep every second crew busy: something happens, and somebody is free."""
DAY_MIN: Final = 1_440
LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
UNDO_S: Final = 100
"""Ten seconds of the wall at the demo's speed; a real city has ten of its own."""


class DemoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to show (演示选项); city None: invent one in `folder`."""

    folder: Path
    city: Path | None = None
    speed: float = 10.0
    host: str = "127.0.0.1"
    port: int = 8110
    phone: PhoneOptions = PhoneOptions()


def run_demo(options: DemoOptions) -> int:
    """Serve a living city until stopped; exit code as of `serve`."""
    if not MIN_SPEED <= options.speed <= MAX_SPEED:
        raise BadInputError(f"--speed {options.speed:g} is out of range: give 1 to 60")
    if options.host not in LOCAL_HOSTS:
        raise BadInputError(
            "the demo asks nobody who it is, so it is for this machine only: leave --host out, or "
            "serve the city with `kuaifan serve`"
        )
    city = options.city or _own_city(options.folder / "city")
    log = options.folder / city.resolve().name / "log.db" if options.city else None
    wiring = _DemoWiring(read_city(city), options.speed)
    print_lines(
        [
            f"快反 Kuaifan: {wiring.city.meta.name}, city time x{options.speed:g}",
            "  /start     three lines that say what to try",
            "  /dispatch  派警席    /intake  接警席    /patrol  处警端",
        ]
    )
    return serve(
        ServeOptions(
            city=city,
            log=log or options.folder / "log.db",
            host=options.host,
            port=options.port,
            phone=options.phone,
        ),
        Wiring(make_inbox=wiring.make_inbox, bring_to_life=wiring.bring_to_life),
    )


def _own_city(target: Path) -> Path:
    """The demo's own city, made once."""
    if not (target / CITY_FILE).is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        invent_city(target, seed=SEED, size="small", progress=print_progress)
        settings = target / CITY_FILE
        text = settings.read_text(encoding="utf-8")
        replace_file(settings, text.replace("undo_s = 10\n", f"undo_s = {UNDO_S}\n").encode())
    places = open_gazetteer(target)
    # None also where an older release made it in a format of its own.
    if places is None:
        make_gazetteer(target, progress=print_progress)
    else:
        places.close()
    return target


class _DemoWiring:
    """The clock and the people of a demo."""

    def __init__(self, city: City, speed: float) -> None:
        self.city, self._speed = city, speed
        self._zone = ZoneInfo(city.meta.time_zone)

    def make_inbox(self, last_at_ms: int) -> LiveAgenda:
        """City time goes on where the log ends."""
        start_ms = last_at_ms or _first_instant_ms(self._zone)
        return LiveAgenda(SteadyClock(start_ms=start_ms, speed=self._speed))

    def bring_to_life(self, live: LiveEngine, city: City) -> DemoLife:
        """Put simulated people on every seat and in every car."""
        assert isinstance(live.inbox, LiveAgenda)  # noqa: S101 - make_inbox has made it
        reference = live.engine.board.reference
        stories = LiveStories(
            reference,
            StoryCity(
                zone=self._zone,
                cells=_cells(city, lively_calls_per_day(reference)),
                calls_per_day=lively_calls_per_day(reference),
                places=_named_places(city),
            ),
            seed=SEED,
            start_ms=_first_of_log_ms(live) or live.inbox.now_ms(),
        )
        life = CityLife(
            live.engine, live.inbox, stories, seed=SEED, zone=self._zone, seat_actors=seat_actors()
        )
        life.begin()
        return DemoLife(life)


def lively_calls_per_day(reference: Reference) -> float:
    """Calls a day that keep every second crew on shift busy."""
    hours = sum(
        (unit.shift_end_hour - unit.shift_start_hour) % 24 or 24
        for unit in reference.units.values()
    )
    n_on_shift = hours / 24
    return max(24.0, BUSY_SHARE * n_on_shift * DAY_MIN / MEAN_BUSY_MIN)


def _first_instant_ms(zone: ZoneInfo) -> int:
    start = datetime.now(zone).replace(hour=START_HOUR, minute=0, second=0, microsecond=0)
    return round(start.timestamp() * 1000)


def _first_of_log_ms(live: LiveEngine) -> int:
    """Calls are counted from the first instant of the log, whatever was restarted since."""
    with live.journal.open_reader() as reader:
        return next((record.at_ms for record in reader.read_records()), 0)


def _cells(city: City, calls_per_day: float) -> DemandCells | None:
    """The city's own demand, its places and hours, scaled to a busy desk."""
    demand = read_demand(city.path)
    if demand is None:
        return None
    return DemandCells(
        cell_m=demand.cell_m,
        lat=demand.lat,
        lon=demand.lon,
        weekly=demand.weekly.astype(np.float64) * (calls_per_day / demand.incidents_per_day),
        shape=demand.shape.astype(np.float64),
        classes=demand.classes,
        variance_to_mean=demand.variance_to_mean,
    )


def _named_places(city: City) -> list[tuple[str, str, float, float]]:
    features = read_features(city.path)
    if features is None:
        return []
    return [(p.name, p.kind, p.lat, p.lon) for p in features.points if p.name]
