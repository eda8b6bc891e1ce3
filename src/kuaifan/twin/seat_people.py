"""Simulated people at the special seats (仿真专席人员): what each seat's folder says they do.

A seat declares `ACTORS`: event class -> act(board, event, at_ms, draw), which yields (delay in ms,
command) pairs. A draw belongs to the seed, the incident, the seat and its name, so that two runs
on the same calls have the same luck. What is refused is counted, and nobody minds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple
from zlib import crc32

from kuaifan.board.item_papers import Item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.twin import audience
from kuaifan.twin.draws import Stage, begin, uniform_of
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
    """What people at a seat do upon an event (专席行为); upon an item, only upon its own."""

    seat_id: str
    event: type[Event]
    act: Act


class SeatPeople(audience.Hearer):
    """Everybody at the special seats (仿真专席人员)."""

    def __init__(self, world: World, actors: Sequence[SeatActor]) -> None:
        self._world = world
        self._of_event: dict[type[Event], list[SeatActor]] = {}
        for actor in actors:
            self._of_event.setdefault(actor.event, []).append(actor)
        acts: dict[type[Event], audience.Act] = dict.fromkeys(self._of_event, self._upon)
        # Each seat sees to its own items: of those of the others it is not told.
        for event, act in ((ItemOpened, self._item_opened), (ItemMoved, self._item_moved)):
            if event in acts:
                acts[event] = act
        super().__init__(acts)

    def _upon(self, event: Event, at_ms: int) -> None:
        luck = _Luck(self._world, event)
        for actor in self._of_event[type(event)]:
            self._do(actor, event, at_ms, luck)

    def _item_opened(self, event: ItemOpened, at_ms: int) -> None:
        self._upon_item(event, event.seat_id, at_ms)

    def _item_moved(self, event: ItemMoved, at_ms: int) -> None:
        item = self._world.board.items.get(event.item_id)
        if item is not None:
            self._upon_item(event, item.seat_id, at_ms)

    def _upon_item(self, event: Event, seat_id: str, at_ms: int) -> None:
        for actor in self._of_event[type(event)]:
            if actor.seat_id == seat_id:
                self._do(actor, event, at_ms, _Luck(self._world, event))

    def resume(self, at_ms: int) -> None:
        """Take up every open item as it stands: as if it had come there just now."""
        for item in self._world.board.items.values():
            event = _as_it_came(item)
            if type(event) in self._of_event:
                self._upon_item(event, item.seat_id, at_ms)

    def _do(self, actor: SeatActor, event: Event, at_ms: int, luck: _Luck) -> None:
        draw = partial(luck.draw, actor.seat_id)
        for delay_ms, command in actor.act(self._world.board, event, at_ms, draw):
            if not 0 <= delay_ms <= MAX_DELAY_MS:
                raise ValueError(
                    f"seat {actor.seat_id}: an actor waits {delay_ms} ms to submit "
                    f"{type(command).__name__}; give 0 to {MAX_DELAY_MS}"
                )
            self._world.post(command, actor=f"{SPECIAL}{actor.seat_id}", at_ms=at_ms + delay_ms)


class _Luck:
    """What all seats draw from upon one event; found out once somebody draws, and few do."""

    __slots__ = ("_begun", "_event", "_world")

    def __init__(self, world: World, event: Event) -> None:
        self._world, self._event = world, event
        self._begun: int | None = None

    def draw(self, seat_id: str, name: str) -> float:
        """The draw of that name at a seat."""
        if self._begun is None:
            self._begun = begin(self._world.seed, self._luck_no(), Stage.SPECIAL)
        return uniform_of(self._begun, crc32(f"{seat_id}/{name}".encode()))

    def _luck_no(self) -> int:
        if incident_id := getattr(self._event, "incident_id", ""):
            return self._world.luck_of_incident(incident_id)
        item_id: str = getattr(self._event, "item_id", "")
        return WITHOUT_INCIDENT + crc32((item_id or type(self._event).__name__).encode())


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
