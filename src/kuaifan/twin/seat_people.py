"""Simulated people at the special seats (仿真专席人员): what each seat's folder says they do.

A seat declares `ACTORS`: event class -> act(board, event, at_ms, draw), which yields (delay in ms,
command) pairs. A draw belongs to the seed, the incident, the seat and its name, so that two runs
on the same calls have the same luck. What is refused is counted, and nobody minds.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple

from kuaifan.board.item_papers import Item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import SPECIAL
from kuaifan.twin.world import World
from kuaifan.vocabulary.item import ItemMoved, ItemOpened

Draw = Callable[[str], float]
Act = Callable[[Board, Event, int, Draw], Iterable[tuple[int, Command]]]
MAX_DELAY_MS: Final = 400 * 86_400_000
"""As far ahead as anything is ever due."""
WITHOUT_INCIDENT: Final = 1 << 41
"""What belongs to no incident draws from numbers that no call and no incident has."""


class SeatActor(NamedTuple):
    """What people at a seat do upon an event (专席行为)."""

    seat_id: str
    event: type[Event]
    act: Act


class SeatPeople:
    """Everybody at the special seats (仿真专席人员)."""

    def __init__(self, world: World, actors: Sequence[SeatActor]) -> None:
        self._world = world
        self._of_event: dict[type[Event], list[SeatActor]] = {}
        for actor in actors:
            self._of_event.setdefault(actor.event, []).append(actor)

    @property
    def hears(self) -> Collection[type[Event]]:
        """Events that it does anything upon."""
        return self._of_event

    def follow(self, record: Record) -> None:
        """Do what the record asks of anybody at a seat."""
        for event in record.events:
            for actor in self._of_event.get(type(event), ()):
                self._do(actor, event, record.at_ms)

    def resume(self, at_ms: int) -> None:
        """Take up every open item as it stands: as if it had come there just now."""
        for item in self._world.board.items.values():
            event = _as_it_came(item)
            for actor in self._of_event.get(type(event), ()):
                if actor.seat_id == item.seat_id:
                    self._do(actor, event, at_ms)

    def _do(self, actor: SeatActor, event: Event, at_ms: int) -> None:
        draw = self._draw_of(actor.seat_id, event)
        for delay_ms, command in actor.act(self._world.board, event, at_ms, draw):
            if not 0 <= delay_ms <= MAX_DELAY_MS:
                raise ValueError(
                    f"seat {actor.seat_id}: an actor waits {delay_ms} ms to submit "
                    f"{type(command).__name__}; give 0 to {MAX_DELAY_MS}"
                )
            self._world.post(command, actor=f"{SPECIAL}{actor.seat_id}", at_ms=at_ms + delay_ms)

    def _draw_of(self, seat_id: str, event: Event) -> Draw:
        luck_no = self._luck_of(event)

        def draw(name: str) -> float:
            extra = zlib.crc32(f"{seat_id}/{name}".encode())
            return self._world.chance(luck_no, Stage.SPECIAL, extra)

        return draw

    def _luck_of(self, event: Event) -> int:
        if incident_id := getattr(event, "incident_id", ""):
            return self._world.luck_of_incident(incident_id)
        item_id: str = getattr(event, "item_id", "")
        return WITHOUT_INCIDENT + zlib.crc32((item_id or type(event).__name__).encode())


def _as_it_came(item: Item) -> Event:
    """The event that would have an item stand where it stands."""
    if item.stage_at_ms != item.opened_at_ms:
        return ItemMoved(
            item_id=item.item_id,
            stage=item.stage,
            due_at_ms=item.due_at_ms,
            by=SPECIAL,
            owner=item.owner,
            incident_id=item.incident_id,
        )
    return ItemOpened(
        item_id=item.item_id,
        seat_id=item.seat_id,
        kind=item.kind,
        title_zh=item.title_zh,
        title_en=item.title_en,
        stage=item.stage,
        owner=item.owner,
        due_at_ms=item.due_at_ms,
        ladder=item.ladder,
        desk_id=item.desk_id,
        record_class=item.record_class,
        incident_id=item.incident_id,
        subject_id=item.subject_id,
        holds=item.holds,
        readers=item.readers,
    )
