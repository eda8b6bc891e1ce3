"""Simulated shift changes (仿真交接班): units come on and go off duty at the roster's hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kuaifan.board.reference import UnitProfile
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.twin.world import World
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

ROSTER: Final = "sim:roster"
RETRY_MS: Final = 300_000
HOURS_A_DAY: Final = 24
FREED: Final = (orders.OrderHandled, orders.OrderWithdrawn)


class Shifts:
    """Starts and ends every unit's shift, day after day (仿真排班)."""

    def __init__(self, world: World, zone: ZoneInfo) -> None:
        self._world, self._zone = world, zone
        self._overdue: set[str] = set()

    def start(self, start_ms: int) -> None:
        """Bring on duty whoever is on shift now; the others come at their hour."""
        units_now = self._world.board.units
        for profile in self._world.board.reference.units.values():
            begins_ms, _ = self._window(profile, start_ms)
            if units_now[profile.unit_id].status == "off_duty":
                self._on(profile, max(begins_ms, start_ms))
            elif begins_ms <= start_ms:
                self._started(profile.unit_id, start_ms)
            else:
                # Still on duty from the shift before: to be sent home, then on at its hour.
                self._off(profile.unit_id, start_ms)
                self._on(profile, begins_ms)

    def follow(self, record: Record) -> None:
        """Once a shift begins, schedule its end and the next one; once a late crew is free, end."""
        command = record.command
        if record.refusal is not None and isinstance(command, units.StartShift):
            profile = self._world.board.reference.units[command.unit_id]
            again_ms = record.at_ms + RETRY_MS
            begins_ms, _ = self._window(profile, again_ms)
            self._on(profile, max(begins_ms, again_ms))
        for event in record.events:
            if isinstance(event, units.ShiftStarted) and record.actor == ROSTER:
                self._started(event.unit_id, record.at_ms)
            elif isinstance(event, units.ShiftEnded):
                self._overdue.discard(event.unit_id)
            elif isinstance(event, FREED) and event.unit_id in self._overdue:
                self._off(event.unit_id, record.at_ms)

    def _end(self, unit_id: str) -> Command | None:
        """The crew goes home, or finishes its incident first: the next who waits gets another."""
        unit = self._world.board.units[unit_id]
        if unit.status == "off_duty":
            return None
        if unit.order_id:
            self._overdue.add(unit_id)
            return None
        return units.EndShift(unit_id=unit_id)

    def _started(self, unit_id: str, at_ms: int) -> None:
        profile = self._world.board.reference.units[unit_id]
        _, ends_ms = self._window(profile, at_ms)
        self._off(unit_id, ends_ms)
        begins_ms, _ = self._window(profile, ends_ms)
        self._on(profile, begins_ms)

    def _on(self, profile: UnitProfile, at_ms: int) -> None:
        start = units.StartShift(
            unit_id=profile.unit_id,
            n_officers=profile.n_officers,
            n_auxiliaries=profile.n_auxiliaries,
        )
        self._world.agenda.put(start, actor=ROSTER, at_ms=at_ms)

    def _off(self, unit_id: str, at_ms: int) -> None:
        self._world.agenda.put(lambda _at_ms: self._end(unit_id), actor=ROSTER, at_ms=at_ms)

    def _window(self, profile: UnitProfile, at_ms: int) -> tuple[int, int]:
        """The shift that is on at a moment, or the next one: begin and end in UTC ms."""
        local = datetime.fromtimestamp(at_ms / 1000, self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = (profile.shift_end_hour - profile.shift_start_hour) % HOURS_A_DAY or HOURS_A_DAY
        for day in (-1, 0, 1):
            begin = midnight + timedelta(days=day, hours=profile.shift_start_hour)
            end = midnight + timedelta(days=day, hours=profile.shift_start_hour + hours)
            if _ms(end) > at_ms:
                return _ms(begin), _ms(end)
        raise AssertionError("one of three days holds the next shift")


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
