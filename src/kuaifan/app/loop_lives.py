"""The lives of items in a log (事项台账): what each seat opened, closed, let run late, owes.

Read from the events alone. Each rung of a ladder is held against its own time: it rings then, once
and not at all where the item was dealt with before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from kuaifan.kernel.record import Record
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner, Rung

PEOPLE: Final = frozenset({"dispatcher", "supervisor", "leader"})
DECIDES: Final = frozenset({"supervisor", "leader"})
GRACE_MS: Final = 3_600_000
"""So long before the end of a log an alarm may still wait for whoever takes it up."""
MAX_FAULTS: Final = 20
"""Of each kind, so many are named."""


class ItemLife(msgspec.Struct, kw_only=True):
    """An item that is open (在办事项); level: how far its ladder has rung for this due time."""

    item_id: str
    seat_id: str
    kind: str
    stage: str
    incident_id: str
    owner: Owner
    ladder: tuple[Rung, ...]
    opened_at_ms: int
    due_at_ms: int
    since_ms: int
    level: int = 0
    is_late: bool = False
    raised_at_ms: int = 0
    taken_up_by: str = ""

    def due_of(self, level: int) -> int:
        """When a rung rings; not before the due time was set."""
        return max(self.due_at_ms + self.ladder[level - 1].after_ms, self.since_ms)


class SeatLoop(msgspec.Struct, kw_only=True):
    """What one seat owed (专席闭环): items, and rings by whom they were for."""

    seat_id: str
    n_opened: int = 0
    n_closed: int = 0
    n_late: int = 0
    n_open: int = 0
    n_open_late: int = 0
    rings: dict[str, int] = {}
    n_to_the_end: int = 0
    kinds: dict[str, int] = {}


class Lives:
    """Follows every item of a log (事项跟踪).

    faults: what should not be, in words, by the law that it breaks; empty for a sound log.
    """

    def __init__(self) -> None:
        self.open: dict[str, ItemLife] = {}
        self.seats: dict[str, SeatLoop] = {}
        self.faults: dict[str, list[str]] = {}
        self.n_faults: Counter[str] = Counter()
        self.at_ms = 0

    def take(self, record: Record) -> None:
        """Take a record into account."""
        self.at_ms = record.at_ms
        for event in record.events:
            if isinstance(event, items.ItemOpened):
                self._opened(event, record.at_ms)
            elif isinstance(event, items.ItemMoved):
                self._moved(event, record.at_ms)
            elif isinstance(event, items.ItemPostponed):
                self._due(event.item_id, event.due_at_ms, record.at_ms)
            elif isinstance(event, items.ItemHandedOn):
                self.open[event.item_id].owner = event.owner
            elif isinstance(event, items.ItemRehung):
                self.open[event.item_id].incident_id = event.incident_id
            elif isinstance(event, items.ItemClosed):
                self._closed(event, record.at_ms)
            elif isinstance(event, alarms.AlarmRaised) and event.kind == "item":
                self._rang(event, record.at_ms)
            elif isinstance(event, alarms.AlarmTakenUp):
                self._taken_up(event)

    def finish(self) -> list[SeatLoop]:
        """What the seats owe at the end of the log, by seat."""
        for life in self.open.values():
            self._settle(life, self.at_ms)
            seat = self.seats[life.seat_id]
            seat.n_open += 1
            seat.n_open_late += life.due_at_ms < self.at_ms
            if life.level == len(life.ladder) and not life.taken_up_by:
                self._look_at_end(life)
        return [self.seats[seat_id] for seat_id in sorted(self.seats)]

    def _opened(self, event: items.ItemOpened, at_ms: int) -> None:
        if event.item_id in self.open:
            self._fault("an item is opened once", event.item_id)
        life = self.open[event.item_id] = ItemLife(
            item_id=event.item_id,
            seat_id=event.seat_id,
            kind=event.kind,
            stage=event.stage,
            incident_id=event.incident_id,
            owner=event.owner,
            ladder=event.ladder,
            opened_at_ms=at_ms,
            due_at_ms=event.due_at_ms,
            since_ms=at_ms,
        )
        seat = self.seats.setdefault(event.seat_id, SeatLoop(seat_id=event.seat_id))
        seat.n_opened += 1
        seat.kinds[event.kind] = seat.kinds.get(event.kind, 0) + 1
        if not event.ladder or event.ladder[-1].to not in DECIDES:
            self._fault("a ladder ends with a person who decides", event.item_id)
        self._look_at_owner(life)

    def _moved(self, event: items.ItemMoved, at_ms: int) -> None:
        life = self._due(event.item_id, event.due_at_ms, at_ms)
        life.stage, life.owner = event.stage, event.owner
        self._look_at_owner(life)

    def _due(self, item_id: str, due_at_ms: int, at_ms: int) -> ItemLife:
        life = self.open[item_id]
        self._settle(life, at_ms)
        life.due_at_ms, life.since_ms, life.level, life.taken_up_by = due_at_ms, at_ms, 0, ""
        return life

    def _closed(self, event: items.ItemClosed, at_ms: int) -> None:
        life = self.open.pop(event.item_id)
        self._settle(life, at_ms)
        self.seats[life.seat_id].n_closed += 1
        if not event.by:
            self._fault("whoever closes an item is named", event.item_id)

    def _rang(self, event: alarms.AlarmRaised, at_ms: int) -> None:
        life = self.open.get(event.subject_id)
        if life is None:
            self._fault("nothing rings for a closed item", event.subject_id)
            return
        if event.level != life.level + 1:
            law = "each rung rings once, in its order"
            self._fault(law, f"{life.item_id} rung {event.level} after {life.level}")
        elif at_ms != life.due_of(event.level):
            self._fault("a rung rings at its own time", f"{life.item_id} rung {event.level}")
        seat = self.seats[life.seat_id]
        seat.rings[event.to] = seat.rings.get(event.to, 0) + 1
        seat.n_late += not life.is_late
        seat.n_to_the_end += event.level == len(life.ladder)
        life.level, life.is_late = event.level, True
        life.raised_at_ms, life.taken_up_by = at_ms, ""
        if event.to not in PEOPLE:
            self._fault("an escalation goes to a person", f"{life.item_id} to {event.to}")

    def _taken_up(self, event: alarms.AlarmTakenUp) -> None:
        kind, _, item_id = event.alarm_id.partition(":")
        if kind == "item" and (life := self.open.get(item_id)) is not None:
            life.taken_up_by = event.by

    def _settle(self, life: ItemLife, at_ms: int) -> None:
        """Every rung that was due before has rung."""
        if life.level < len(life.ladder) and life.due_of(life.level + 1) < at_ms:
            missed = f"{life.item_id} rung {life.level + 1} of {life.seat_id}/{life.kind}"
            self._fault("no timer is lost", missed)

    def _look_at_owner(self, life: ItemLife) -> None:
        if not life.owner.owner_id or life.due_at_ms <= 0:
            self._fault("an open item has an owner and a due time", life.item_id)

    def _look_at_end(self, life: ItemLife) -> None:
        if life.raised_at_ms < self.at_ms - GRACE_MS:
            self._fault("an escalation ends with a person who takes it up", life.item_id)

    def _fault(self, law: str, what: str) -> None:
        self.n_faults[law] += 1
        named = self.faults.setdefault(law, [])
        if len(named) < MAX_FAULTS:
            named.append(what)


def late_first(lives: Iterable[ItemLife]) -> Iterator[ItemLife]:
    """Open items, the one longest overdue first."""
    return iter(sorted(lives, key=lambda life: (life.due_at_ms, life.item_id)))
