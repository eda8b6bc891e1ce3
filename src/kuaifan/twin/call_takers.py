"""Simulated call-takers (仿真接警员): answer in order, talk, open the incident, hang up.

Durations are log-normal with medians from published desks (measured.md §4) and are ours to tune.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.world import World, luck_of
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents

ANSWER_S: Final = (4.0, 0.4)
TALK_S: Final = (75.0, 0.45)
PLACE_SHARE: Final = (0.3, 0.7)
"""The place is known after 30 to 70 % of the talk."""
PHONE_S: Final = (300.0, 0.8)
SEAT: Final = "seat-"
CALL_TAKERS: Final = "sim:seat:"


class CallTakers:
    """So many seats; what rings when all of them talk waits in order (仿真接警员)."""

    def __init__(self, world: World, *, n_seats: int) -> None:
        self._world = world
        self._seat_ids = tuple(f"{SEAT}{i + 1}" for i in range(n_seats))
        self._free_seats = deque(self._seat_ids)
        self._answering: set[str] = set()
        self._handlers: dict[type[Event], Callable[[Any, int], None]] = {
            calls.CallRegistered: self._rang,
            calls.CallAnswered: self._answered,
            calls.CallEnded: self._ended,
            incidents.IncidentOpened: self._opened,
        }

    def follow(self, record: Record) -> None:
        """Do what the record asks of the seats."""
        for event in record.events:
            handler = self._handlers.get(type(event))
            if handler is not None:
                handler(event, record.at_ms)

    def resume(self, at_ms: int) -> None:
        """Take up every talk and every waiting call as the board has them."""
        board = self._world.board
        talking = [call for call in board.calls.values() if call.state == "talking"]
        busy = {call.seat_id for call in talking}
        self._free_seats = deque(seat_id for seat_id in self._seat_ids if seat_id not in busy)
        self._answering.clear()
        for call in talking:
            if call.seat_id.startswith(SEAT):
                self._talk(call.call_id, call.seat_id, at_ms, has_incident=bool(call.incident_id))
        for incident in board.incidents.values():
            if incident.n_needed == 0 and incident.state == "registered":
                self._settle_later(incident.incident_id, at_ms)
        self._answer_waiting(at_ms)

    def _rang(self, _event: calls.CallRegistered, at_ms: int) -> None:
        self._answer_waiting(at_ms)

    def _answer_waiting(self, at_ms: int) -> None:
        for call_id in list(self._world.board.ringing):
            if not self._free_seats:
                return
            if call_id in self._answering:
                continue
            self._answering.add(call_id)
            seat_id = self._free_seats.popleft()
            median_s, sigma = ANSWER_S
            luck_no = luck_of(call_id)
            delay = self._world.draw_ms(luck_no, Stage.ANSWER, median_s=median_s, sigma=sigma)
            answer = _Answer(self._world, call_id, seat_id, self._free)
            self._world.agenda.put(answer, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms + delay)

    def _free(self, call_id: str, seat_id: str, at_ms: int) -> None:
        """Nobody was there any more; the seat takes whoever has waited meanwhile."""
        self._answering.discard(call_id)
        self._free_seats.append(seat_id)
        self._answer_waiting(at_ms)

    def _answered(self, event: calls.CallAnswered, at_ms: int) -> None:
        self._answering.discard(event.call_id)
        if event.seat_id.startswith(SEAT):
            self._talk(event.call_id, event.seat_id, at_ms, has_incident=False)

    def _talk(self, call_id: str, seat_id: str, at_ms: int, *, has_incident: bool) -> None:
        world, luck_no = self._world, luck_of(call_id)
        median_s, sigma = TALK_S
        talk_ms = world.draw_ms(luck_no, Stage.TALK, median_s=median_s, sigma=sigma)
        self._post(calls.HangUpCall(call_id=call_id), at_ms + talk_ms, seat_id)
        if has_incident:
            return
        story = world.story_of(call_id, at_ms)
        low, high = PLACE_SHARE
        place_ms = int(talk_ms * (low + (high - low) * world.chance(luck_no, Stage.PLACE)))
        opening = incidents.OpenIncident(
            type_code=story.type_code,
            call_id=call_id,
            source=story.line,
            narrative=story.narrative or world.board.reference.types[story.type_code].name_cn,
            address=story.address,
            lat=story.lat,
            lon=story.lon,
        )
        write_down = _WriteDown(world, call_id, opening)
        world.agenda.put(write_down, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms + place_ms)

    def _ended(self, event: calls.CallEnded, at_ms: int) -> None:
        seat_id = self._world.board.calls[event.call_id].seat_id
        if seat_id.startswith(SEAT) and seat_id not in self._free_seats:
            self._free_seats.append(seat_id)
        self._answer_waiting(at_ms)

    def _opened(self, event: incidents.IncidentOpened, at_ms: int) -> None:
        if not event.min_units:
            self._settle_later(event.incident_id, at_ms)

    def _settle_later(self, incident_id: str, at_ms: int) -> None:
        luck_no = self._world.luck_of_incident(incident_id)
        median_s, sigma = PHONE_S
        delay = self._world.draw_ms(luck_no, Stage.PHONE, median_s=median_s, sigma=sigma)
        settle = incidents.SettleByPhone(incident_id=incident_id, disposition="by_phone")
        self._post(settle, at_ms + delay, "phone")

    def _post(self, command: Command, at_ms: int, seat_id: str) -> None:
        self._world.agenda.put(command, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms)


class _Answer:
    """A seat lifts the receiver, if it still rings; else the seat is free again."""

    def __init__(
        self, world: World, call_id: str, seat_id: str, free: Callable[[str, str, int], None]
    ) -> None:
        self._world, self._free = world, free
        self._call_id, self._seat_id = call_id, seat_id

    def __call__(self, at_ms: int) -> Command | None:
        if self._call_id in self._world.board.ringing:
            return calls.AnswerCall(call_id=self._call_id, seat_id=self._seat_id)
        self._free(self._call_id, self._seat_id, at_ms)
        return None


class _WriteDown:
    """The place is known: a new incident, or one more call about an open one (首报或重复)."""

    def __init__(self, world: World, call_id: str, opening: incidents.OpenIncident) -> None:
        self._world, self._call_id, self._opening = world, call_id, opening

    def __call__(self, _at_ms: int) -> Command:
        reported = self._world.find_reported(self._call_id)
        if reported is None:
            return self._opening
        return calls.AttachCall(call_id=self._call_id, incident_id=reported)
