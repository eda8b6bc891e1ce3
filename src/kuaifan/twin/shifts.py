"""Simulated shift changes (仿真交接班): units come on and go off duty at the roster's hours.

Where the next crew begins as the last one ends, the unit is handed over, on scene by a relief that
the supervisor allows; else the crew goes home once it is free, and the next one begins at its hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kuaifan.board.entities import Unit
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.twin.offices import ROSTER, SUPERVISOR
from kuaifan.twin.world import World
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.unit_profile import UnitProfile

RETRY_MS: Final = 300_000
HOURS_A_DAY: Final = 24
MAX_WINDOWS: Final = 4
"""Of each roster's hours: the shift now and those asked for ahead."""
FREED: Final = (orders.OrderHandled, orders.OrderWithdrawn)
TAKEN: Final = (units.ShiftStarted, units.ShiftHandedOver)


class Window(NamedTuple):
    """A shift (班次): which is on, or the next one, after the end of the one before it."""

    after_ms: int
    begins_ms: int
    ends_ms: int


class Shifts:
    """Starts and ends every unit's shift, day after day (仿真排班)."""

    hears = (*TAKEN, units.ShiftEnded, *FREED)

    def __init__(self, world: World, zone: ZoneInfo) -> None:
        self._world, self._zone = world, zone
        self._overdue: set[str] = set()
        self._windows: dict[tuple[int, int], list[Window]] = {}

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
        for event in record.events:
            if type(event) not in self.hears:
                continue
            if isinstance(event, TAKEN) and record.actor == ROSTER:
                self._started(event.unit_id, record.at_ms)
            elif isinstance(event, units.ShiftEnded):
                self._overdue.discard(event.unit_id)
            elif isinstance(event, FREED) and event.unit_id in self._overdue:
                self._off(event.unit_id, record.at_ms)

    def _end(self, unit_id: str, at_ms: int) -> Command | None:
        """The crew goes home, or finishes its incident first: the next who waits gets another."""
        unit = self._world.board.units[unit_id]
        if unit.status == "off_duty":
            return None
        profile = self._world.board.reference.units[unit_id]
        begins_ms, _ = self._window(profile, at_ms)
        if unit.emergency_id:
            self._off(unit_id, at_ms + RETRY_MS)
            return None
        if begins_ms <= at_ms:
            return self._hand_over(unit, profile, at_ms)
        if unit.order_id:
            self._overdue.add(unit_id)
            return None
        return units.EndShift(unit_id=unit_id)

    def _hand_over(self, unit: Unit, profile: UnitProfile, at_ms: int) -> Command | None:
        """The next crew takes the unit over, but not while it is on its way to an incident."""
        order = self._world.board.orders.get(unit.order_id)
        if order is not None and order.state != "on_scene":
            self._off(unit.unit_id, at_ms + RETRY_MS)
            return None
        begins_ms, _ = self._window(profile, at_ms)
        return units.HandOverShift(
            unit_id=unit.unit_id,
            n_officers=profile.n_officers,
            n_auxiliaries=profile.n_auxiliaries,
            handed_by=unit.crew_name or f"{profile.call_sign} before",
            taken_by=_crew_name(profile, begins_ms),
            approved_by=SUPERVISOR if order is not None else "",
        )

    def _started(self, unit_id: str, at_ms: int) -> None:
        profile = self._world.board.reference.units[unit_id]
        _, ends_ms = self._window(profile, at_ms)
        self._off(unit_id, ends_ms)
        begins_ms, _ = self._window(profile, ends_ms)
        if begins_ms > ends_ms:
            self._on(profile, begins_ms)

    def _on(self, profile: UnitProfile, at_ms: int) -> None:
        def start(now_ms: int) -> Command | None:
            if self._world.board.units[profile.unit_id].status != "off_duty":
                # The crew before is still out.
                again_ms = now_ms + RETRY_MS
                begins_ms, _ = self._window(profile, again_ms)
                self._on(profile, max(begins_ms, again_ms))
                return None
            return units.StartShift(
                unit_id=profile.unit_id,
                n_officers=profile.n_officers,
                n_auxiliaries=profile.n_auxiliaries,
                crew_name=_crew_name(profile, self._window(profile, now_ms)[0]),
            )

        self._world.agenda.put(start, actor=ROSTER, at_ms=at_ms)

    def _off(self, unit_id: str, at_ms: int) -> None:
        self._world.agenda.put(lambda now_ms: self._end(unit_id, now_ms), actor=ROSTER, at_ms=at_ms)

    def _window(self, profile: UnitProfile, at_ms: int) -> tuple[int, int]:
        """The shift that is on at a moment, or the next one: begin and end in UTC ms.

        The last few are kept by the hours of a roster: whoever has the same ones asks for the same.
        """
        hours = profile.shift_start_hour, profile.shift_end_hour
        known = self._windows.setdefault(hours, [])
        for window in known:
            if window.after_ms <= at_ms < window.ends_ms:
                return window.begins_ms, window.ends_ms
        found = self._find_window(profile, at_ms)
        known.insert(0, found)
        del known[MAX_WINDOWS:]
        return found.begins_ms, found.ends_ms

    def _find_window(self, profile: UnitProfile, at_ms: int) -> Window:
        local = datetime.fromtimestamp(at_ms / 1000, self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        hours = (profile.shift_end_hour - profile.shift_start_hour) % HOURS_A_DAY or HOURS_A_DAY
        for day in (-1, 0, 1):
            begin = midnight + timedelta(days=day, hours=profile.shift_start_hour)
            end = midnight + timedelta(days=day, hours=profile.shift_start_hour + hours)
            if _ms(end) > at_ms:
                return Window(_ms(end - timedelta(days=1)), _ms(begin), _ms(end))
        raise AssertionError("one of three days holds the next shift")


def _crew_name(profile: UnitProfile, begins_ms: int) -> str:
    """Crews of a unit take turns, four of them."""
    return f"{profile.call_sign} crew {begins_ms // 86_400_000 % 4 + 1}"


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
