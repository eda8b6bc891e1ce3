"""Simulated radios (仿真车载终端): where the cars are, one batch of fixes for all of them.

Moving cars report every ten seconds, standing ones every five minutes. A car on a ride is exactly
where its path says, on the road's own line and at the road's own speed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from kuaifan.kernel.inbox import SimInbox
from kuaifan.kernel.message import Observation
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.ride import Ride
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary.unit import FixBatch

MOVING_EVERY_MS: Final = 10_000
STANDING_EVERY_MS: Final = 300_000
RADIOS: Final = "sim:radios"


class Driving:
    """A unit on a ride (行驶中)."""

    def __init__(self, ride: Ride, started_at_ms: int) -> None:
        self.ride, self.started_at_ms = ride, started_at_ms

    @property
    def ends_at_ms(self) -> int:
        """When the car stands at its target."""
        return self.started_at_ms + self.ride.travel_ms


class Radios:
    """Positions of all units on duty (仿真车载终端)."""

    def __init__(self, inbox: SimInbox, lines: ArcLines) -> None:
        self._inbox, self._lines = inbox, lines
        self._standing: dict[str, RoadPosition] = {}
        self._driving: dict[str, Driving] = {}
        self._is_ticking = False
        self._is_beating = False

    def stand(self, unit_id: str, position: RoadPosition, at_ms: int) -> None:
        """The unit stands here and says so at once."""
        self._driving.pop(unit_id, None)
        self._standing[unit_id] = position
        self._inbox.put(self._report_one(unit_id), actor=RADIOS, at_ms=at_ms)
        if not self._is_beating:
            self._is_beating = True
            self._inbox.put(self._beat, actor=RADIOS, at_ms=at_ms + STANDING_EVERY_MS)

    def drive(self, unit_id: str, ride: Ride, at_ms: int) -> Driving:
        """The unit leaves now; returns the ride as it stands in time."""
        self._standing.pop(unit_id, None)
        driving = self._driving[unit_id] = Driving(ride, at_ms)
        if not self._is_ticking:
            self._is_ticking = True
            self._inbox.put(self._tick, actor=RADIOS, at_ms=at_ms + MOVING_EVERY_MS)
        return driving

    def switch_off(self, unit_id: str) -> None:
        """The crew has gone home."""
        self._driving.pop(unit_id, None)
        self._standing.pop(unit_id, None)

    def position_at(self, unit_id: str, at_ms: int) -> RoadPosition | None:
        """Where a unit is, or None when its radio is off."""
        driving = self._driving.get(unit_id)
        if driving is not None:
            return driving.ride.position_at(at_ms - driving.started_at_ms)
        return self._standing.get(unit_id)

    def find_ride(self, unit_id: str) -> Driving | None:
        """The ride a unit is on, if any."""
        return self._driving.get(unit_id)

    def _tick(self, at_ms: int) -> Observation | None:
        under_way = [u for u, driving in self._driving.items() if driving.ends_at_ms > at_ms]
        if not self._driving:
            self._is_ticking = False
            return None
        self._inbox.put(self._tick, actor=RADIOS, at_ms=at_ms + MOVING_EVERY_MS)
        return self._batch(under_way, at_ms) if under_way else None

    def _beat(self, at_ms: int) -> Observation | None:
        if not self._standing:
            self._is_beating = False
            return None
        self._inbox.put(self._beat, actor=RADIOS, at_ms=at_ms + STANDING_EVERY_MS)
        return self._batch(list(self._standing), at_ms)

    def _report_one(self, unit_id: str) -> _Report:
        return _Report(self, unit_id)

    def batch_of(self, unit_id: str, at_ms: int) -> Observation | None:
        """One fix of one unit, None when its radio is off by now."""
        known = unit_id in self._standing or unit_id in self._driving
        return self._batch([unit_id], at_ms) if known else None

    def _batch(self, unit_ids: list[str], at_ms: int) -> FixBatch:
        arcs, ppms = np.empty(len(unit_ids), np.int32), np.empty(len(unit_ids), np.int32)
        speeds = np.zeros(len(unit_ids))
        for i, unit_id in enumerate(unit_ids):
            driving = self._driving.get(unit_id)
            if driving is None:
                arcs[i], ppms[i] = self._standing[unit_id]
                continue
            place = driving.ride.places_at(at_ms - driving.started_at_ms)
            arcs[i], ppms[i], speeds[i] = place.arc[0], place.fraction_ppm[0], place.speed_mps[0]
        places = self._lines.places_at(arcs, ppms)
        return FixBatch(
            unit_ids=tuple(unit_ids),
            fix_at_ms=(at_ms,) * len(unit_ids),
            lat=tuple(places.lat.tolist()),
            lon=tuple(places.lon.tolist()),
            arc=tuple(arcs.tolist()),
            fraction_ppm=tuple(ppms.tolist()),
            speed_mps=tuple(np.round(speeds, 2).tolist()),
            heading_deg=tuple(np.rint(places.heading_deg).astype(int).tolist()),
        )


class _Report:
    """One unit's report, made when its moment comes."""

    def __init__(self, radios: Radios, unit_id: str) -> None:
        self._radios, self._unit_id = radios, unit_id

    def __call__(self, at_ms: int) -> Observation | None:
        return self._radios.batch_of(self._unit_id, at_ms)
