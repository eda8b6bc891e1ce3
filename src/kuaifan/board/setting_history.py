"""What a change would have meant lately (回看): counted from the records of the log.

Each incident opened in the period is measured twice, by the old and by the new time, with the
stamps that it really has; what has not happened yet, or is not in the log, is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import msgspec

from kuaifan.board.reference import Reference
from kuaifan.board.settings import levels_of
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import setting

DAY_MS: Final = 86_400_000
PERIODS_MS: Final = (DAY_MS, 7 * DAY_MS)
COUNTED_CLOCKS: Final = {"unsigned": "signed_ms", "not_moving": "moving_ms"}
"""Clocks whose waits can be read off the stamps of an order: which wait."""


class PastCount(msgspec.Struct, frozen=True, kw_only=True):
    """One period of the log (回看时段); of n, so many missed the time, old and new.

    from_ms: later than asked for where the log is younger, or longer than is read at once.
    """

    from_ms: int
    to_ms: int
    n: int
    missed_old: int | None = None
    missed_new: int | None = None


class Wait(NamedTuple):
    """A time that something took, and when it began (用时)."""

    at_ms: int
    took_ms: int


class _Life(msgspec.Struct):
    """What the log says of one incident."""

    opened_ms: int
    type_code: str
    priority: int
    desk_id: str
    area_class: str = ""
    placed_ms: int = 0
    ordered_ms: int = 0
    arrived_ms: int = 0


class _Duty(msgspec.Struct):
    """What the log says of one order: when it was sent, signed, and the wheels turned."""

    sent_ms: int
    signed_at_ms: int = 0
    moved_at_ms: int = 0

    @property
    def signed_ms(self) -> int:
        """From sent to signed, -1 where one is not known."""
        return self.signed_at_ms - self.sent_ms if self.signed_at_ms else -1

    @property
    def moving_ms(self) -> int:
        """From signed to wheels, -1 where one is not known."""
        is_known = self.signed_at_ms and self.moved_at_ms
        return self.moved_at_ms - self.signed_at_ms if is_known else -1


class History:
    """Collects stamps record by record (回看)."""

    def __init__(self) -> None:
        self._lives: dict[str, _Life] = {}
        self._duties: dict[str, _Duty] = {}

    def add(self, record: Record) -> None:
        """Take in one record of the log; records come in order.

        What a phone or a paper card says of the time holds, as it does for the stamps themselves.
        """
        for event in record.events:
            reader = READERS.get(type(event))
            if reader is not None:
                reader(self, event, getattr(event, "stamp_at_ms", 0) or record.at_ms)

    def judge(
        self, reference: Reference, event: setting.SettingChanged, *, from_ms: int, to_ms: int
    ) -> list[PastCount]:
        """Measure what was read by the times as they are and as they would be.

        A log that is younger than a day gives one period.
        """
        periods = dict.fromkeys(max(from_ms, to_ms - period_ms) for period_ms in PERIODS_MS)
        return [
            past
            for since_ms in periods
            if (past := self._judge(reference, event, since_ms, to_ms)) is not None
        ]

    def _judge(
        self, reference: Reference, event: setting.SettingChanged, since_ms: int, to_ms: int
    ) -> PastCount | None:
        if isinstance(event, setting.IncidentTypeChanged):
            code = event.value.code
            n = sum(x.type_code == code and x.opened_ms >= since_ms for x in self._lives.values())
            return PastCount(from_ms=since_ms, to_ms=to_ms, n=n)
        times = self._measured(reference, event)
        if times is None:
            return None
        waits, old_ms, new_ms = times
        counted = [wait.took_ms for wait in waits if wait.at_ms >= since_ms]
        return PastCount(
            from_ms=since_ms,
            to_ms=to_ms,
            n=len(counted),
            missed_old=sum(took_ms > old_ms for took_ms in counted) if old_ms else None,
            missed_new=sum(took_ms > new_ms for took_ms in counted),
        )

    def _measured(
        self, reference: Reference, event: setting.SettingChanged
    ) -> tuple[list[Wait], int, int] | None:
        """The waits that the event is about, the old time and the new one."""
        if isinstance(event, setting.ArrivalTargetChanged):
            old_ms = reference.target_ms(event.priority, event.area_class, event.desk_id)
            lives = [x for x in self._of(event) if x.area_class == event.area_class]
            waits = [
                Wait(x.opened_ms, x.arrived_ms - x.ordered_ms)
                for x in lives
                if x.arrived_ms and x.ordered_ms
            ]
            return waits, old_ms, event.target_ms
        if isinstance(event, setting.FirstOrderTargetChanged):
            old_ms = reference.first_order_ms(event.priority, event.desk_id)
            waits = [
                Wait(x.opened_ms, max(0, x.ordered_ms - x.placed_ms))
                for x in self._of(event)
                if x.ordered_ms and x.placed_ms
            ]
            return waits, old_ms, event.target_ms
        if isinstance(event, setting.ClockChanged) and event.clock in COUNTED_CLOCKS:
            name = COUNTED_CLOCKS[event.clock]
            done = [duty for duty in self._duties.values() if getattr(duty, name) >= 0]
            waits = [Wait(duty.sent_ms, getattr(duty, name)) for duty in done]
            return waits, levels_of(reference.clocks, event.clock)[0], event.levels[0]
        return None

    def _of(
        self, event: setting.ArrivalTargetChanged | setting.FirstOrderTargetChanged
    ) -> Iterable[_Life]:
        """Incidents of the priority, and of the desk where one is named."""
        return (
            life
            for life in self._lives.values()
            if life.priority == event.priority
            and (not event.desk_id or life.desk_id == event.desk_id)
        )

    def opened(self, event: incidents.IncidentOpened, at_ms: int) -> None:
        """An incident begins."""
        self._lives[event.incident_id] = _Life(
            at_ms, event.type_code, event.priority, event.desk_id
        )

    def placed(self, event: incidents.IncidentPlaced, at_ms: int) -> None:
        """Its place is known: the first time counts."""
        if (life := self._lives.get(event.incident_id)) is not None:
            life.area_class, life.desk_id = event.area_class, event.desk_id or life.desk_id
            life.placed_ms = life.placed_ms or at_ms

    def graded(self, event: incidents.PrioritySet, _at_ms: int) -> None:
        """It is measured by its last priority."""
        if (life := self._lives.get(event.incident_id)) is not None:
            life.priority = event.priority

    def retyped(self, event: incidents.IncidentUpdated, _at_ms: int) -> None:
        """It counts for its last type."""
        if (life := self._lives.get(event.incident_id)) is not None:
            life.type_code = event.type_code

    def sent(self, event: orders.UnitAssigned, at_ms: int) -> None:
        """A unit is sent: the first one counts."""
        self._duties[event.order_id] = _Duty(at_ms)
        if (life := self._lives.get(event.incident_id)) is not None:
            life.ordered_ms = min(life.ordered_ms or at_ms, at_ms)

    def signed(self, event: orders.OrderAcknowledged, at_ms: int) -> None:
        """The crew has signed."""
        if (duty := self._duties.get(event.order_id)) is not None:
            duty.signed_at_ms = duty.signed_at_ms or at_ms

    def moved(self, event: orders.UnitEnRoute, at_ms: int) -> None:
        """The wheels turn."""
        if (duty := self._duties.get(event.order_id)) is not None:
            duty.moved_at_ms = duty.moved_at_ms or at_ms

    def arrived(self, event: orders.UnitArrived, at_ms: int) -> None:
        """Somebody is there: the first one counts."""
        if (life := self._lives.get(event.incident_id)) is not None:
            life.arrived_ms = min(life.arrived_ms or at_ms, at_ms)


READERS: Final[dict[type[Event], Callable[..., None]]] = {
    incidents.IncidentOpened: History.opened,
    incidents.IncidentPlaced: History.placed,
    incidents.PrioritySet: History.graded,
    incidents.IncidentUpdated: History.retyped,
    orders.UnitAssigned: History.sent,
    orders.OrderAcknowledged: History.signed,
    orders.UnitEnRoute: History.moved,
    orders.UnitArrived: History.arrived,
}
