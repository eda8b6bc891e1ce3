"""Simulated radios (仿真车载终端): where the cars are, one batch of fixes for all of them.

Moving cars report at common ticks, every ten seconds unless a run says otherwise; standing ones
every five minutes. A car on a ride is exactly
where its path says, on the road's own line and at the road's own speed.
"""

from __future__ import annotations

from typing import Final

from kuaifan.kernel.message import Observation
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.ride import Fix, Ride
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin.offices import RADIOS
from kuaifan.twin.world import Agenda
from kuaifan.vocabulary.unit import FixBatch

MOVING_EVERY_MS: Final = 10_000
"""What a screen asks for; vehicle terminals report every 10 to 30 seconds."""
STANDING_EVERY_MS: Final = 300_000
MAX_KNOWN: Final = 1_000
"""Places whose fix is remembered."""


class Driving:
    """A unit on a ride (行驶中); its fixes at the common ticks are worked out when it leaves."""

    def __init__(self, ride: Ride, started_at_ms: int, every_ms: int = MOVING_EVERY_MS) -> None:
        self.ride, self.started_at_ms = ride, started_at_ms
        self.ends_at_ms = started_at_ms + ride.travel_ms
        self._every_ms, self._first_tick_ms = every_ms, next_tick(started_at_ms, every_ms)
        self._fixes = ride.fixes_at(self._first_tick_ms - started_at_ms, every_ms)

    def position_at(self, at_ms: int) -> RoadPosition:
        """Where the car is at a moment."""
        return self.ride.position_at(at_ms - self.started_at_ms)

    def find_fix(self, tick_ms: int) -> Fix | None:
        """Its fix at a common tick, None before it left and once it has arrived."""
        tick_i = (tick_ms - self._first_tick_ms) // self._every_ms
        return self._fixes[tick_i] if 0 <= tick_i < len(self._fixes) else None


def next_tick(at_ms: int, every_ms: int = MOVING_EVERY_MS) -> int:
    """The first common tick after a moment."""
    return (at_ms // every_ms + 1) * every_ms


class Radios:
    """Positions of all units on duty (仿真车载终端).

    silent: units without GPS; they drive as the others do, and nobody is told where they are.
    every_ms: how often moving cars report; where a car stops, it says so at once in any case.
    """

    def __init__(
        self,
        agenda: Agenda,
        lines: ArcLines,
        silent: frozenset[str] = frozenset(),
        *,
        every_ms: int = MOVING_EVERY_MS,
    ) -> None:
        self._agenda, self._lines, self._silent = agenda, lines, silent
        self._every_ms = every_ms
        self._standing: dict[str, tuple[RoadPosition, Fix]] = {}
        self._driving: dict[str, Driving] = {}
        self._known: dict[RoadPosition, Fix] = {}
        self._is_ticking = False
        self._is_beating = False

    def stand(self, unit_id: str, position: RoadPosition, at_ms: int) -> None:
        """The unit stands here and says so at once."""
        self._driving.pop(unit_id, None)
        self._standing[unit_id] = position, self._fix_at(position)
        self._agenda.put(_Report(self, unit_id), actor=RADIOS, at_ms=at_ms)
        if not self._is_beating:
            self._is_beating = True
            self._agenda.put(self._beat, actor=RADIOS, at_ms=at_ms + STANDING_EVERY_MS)

    def drive(self, unit_id: str, ride: Ride, at_ms: int) -> Driving:
        """The unit leaves now; returns the ride as it stands in time."""
        self._standing.pop(unit_id, None)
        driving = self._driving[unit_id] = Driving(ride, at_ms, self._every_ms)
        if not self._is_ticking:
            self._is_ticking = True
            self._agenda.put(self._tick, actor=RADIOS, at_ms=next_tick(at_ms, self._every_ms))
        return driving

    def switch_off(self, unit_id: str) -> None:
        """The crew has gone home."""
        self._driving.pop(unit_id, None)
        self._standing.pop(unit_id, None)

    def position_at(self, unit_id: str, at_ms: int) -> RoadPosition | None:
        """Where a unit is, or None when its radio is off."""
        driving = self._driving.get(unit_id)
        if driving is not None:
            return driving.position_at(at_ms)
        standing = self._standing.get(unit_id)
        return None if standing is None else standing[0]

    def report_of(self, unit_id: str, at_ms: int) -> Observation | None:
        """One fix of a standing unit, None when it stands no longer."""
        standing = self._standing.get(unit_id)
        if standing is None or unit_id in self._silent:
            return None
        return _batch([unit_id], [standing[1]], at_ms)

    def find_ride(self, unit_id: str) -> Driving | None:
        """The ride a unit is on, if any."""
        return self._driving.get(unit_id)

    def _tick(self, at_ms: int) -> Observation | None:
        if not self._driving:
            self._is_ticking = False
            return None
        self._agenda.put(self._tick, actor=RADIOS, at_ms=at_ms + self._every_ms)
        unit_ids: list[str] = []
        fixes: list[Fix] = []
        for unit_id, driving in self._driving.items():
            fix = driving.find_fix(at_ms)
            if fix is not None and unit_id not in self._silent:
                unit_ids.append(unit_id)
                fixes.append(fix)
        return _batch(unit_ids, fixes, at_ms)

    def _beat(self, at_ms: int) -> Observation | None:
        if not self._standing:
            self._is_beating = False
            return None
        self._agenda.put(self._beat, actor=RADIOS, at_ms=at_ms + STANDING_EVERY_MS)
        unit_ids = [unit_id for unit_id in self._standing if unit_id not in self._silent]
        return _batch(unit_ids, [self._standing[unit_id][1] for unit_id in unit_ids], at_ms)

    def _fix_at(self, position: RoadPosition) -> Fix:
        # Most stand at a post, where somebody has stood before.
        if position not in self._known and len(self._known) < MAX_KNOWN:
            self._known[position] = self._measured(position)
        return self._known.get(position) or self._measured(position)

    def _measured(self, position: RoadPosition) -> Fix:
        lat, lon, heading_deg = self._lines.place_at(*position)
        return lat, lon, *position, 0.0, round(heading_deg)


def _batch(unit_ids: list[str], fixes: list[Fix], at_ms: int) -> FixBatch | None:
    """One observation of all these units, None without any."""
    if not fixes:
        return None
    lat, lon, arc, fraction_ppm, speed_mps, heading_deg = zip(*fixes, strict=True)
    return FixBatch(
        unit_ids=tuple(unit_ids),
        fix_at_ms=(at_ms,) * len(fixes),
        lat=lat,
        lon=lon,
        arc=arc,
        fraction_ppm=fraction_ppm,
        speed_mps=speed_mps,
        heading_deg=heading_deg,
    )


class _Report:
    """One standing unit's report, made when its moment comes."""

    def __init__(self, radios: Radios, unit_id: str) -> None:
        self._radios, self._unit_id = radios, unit_id

    def __call__(self, at_ms: int) -> Observation | None:
        return self._radios.report_of(self._unit_id, at_ms)
