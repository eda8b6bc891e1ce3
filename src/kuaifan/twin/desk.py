"""A simulated desk (仿真接派警席): answers, opens, sends the first recommended units, reviews.

Durations are log-normal with medians from published desks (measured.md §4) and are ours to tune.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.world import World
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

ANSWER_S: Final = (4.0, 0.4)
TALK_S: Final = (75.0, 0.45)
PLACE_SHARE: Final = (0.3, 0.7)
"""The place is known after 30 to 70 % of the talk."""
DISPATCH_S: Final = {1: (8.0, 0.5), 2: (15.0, 0.5), 3: (40.0, 0.6), 4: (90.0, 0.7), 5: (120.0, 0.7)}
PHONE_S: Final = (300.0, 0.8)
REVIEW_S: Final = (7_200.0, 0.6)
CLOSE_MS: Final = 300_000
DISPATCHER: Final = "sim:dispatcher"
REVIEWER: Final = "sim:reviewer"


class Desk:
    """Call-takers on seats, one dispatcher, one reviewer (仿真接派警席).

    n_seats: calls that can be talked at the same time; the others wait in the order they rang.
    """

    def __init__(self, world: World, *, n_seats: int) -> None:
        self._world = world
        self._free_seats = deque(f"seat-{i + 1}" for i in range(n_seats))
        self._in_flight: dict[str, int] = {}
        self._handlers: dict[type[Event], Callable[[Any, int], None]] = {
            calls.CallRegistered: self._rang,
            calls.CallAnswered: self._answered,
            calls.CallEnded: self._ended,
            incidents.IncidentOpened: self._opened,
            incidents.RecommendationMade: self._recommended,
            orders.UnitAssigned: self._assigned,
            orders.FeedbackGiven: self._fed_back,
            incidents.IncidentSettled: self._settled,
            incidents.IncidentReviewed: self._reviewed,
        }

    def follow(self, record: Record) -> None:
        """Do what the record asks of the desk."""
        if record.refusal is not None:
            self._refused(record)
        for event in record.events:
            handler = self._handlers.get(type(event))
            if handler is not None:
                handler(event, record.at_ms)

    def _rang(self, _event: calls.CallRegistered, at_ms: int) -> None:
        self._answer_waiting(at_ms)

    def _answer_waiting(self, at_ms: int) -> None:
        for call_id in list(self._world.board.ringing):
            if not self._free_seats:
                return
            if call_id in self._in_flight:
                continue
            self._in_flight[call_id] = 1
            seat_id, call_no = self._free_seats.popleft(), self._world.call_nos[call_id]
            median_s, sigma = ANSWER_S
            delay = self._world.draw_ms(call_no, Stage.ANSWER, median_s=median_s, sigma=sigma)
            self._post(calls.AnswerCall(call_id=call_id, seat_id=seat_id), at_ms + delay, seat_id)

    def _answered(self, event: calls.CallAnswered, at_ms: int) -> None:
        world, call_no = self._world, self._world.call_nos[event.call_id]
        self._in_flight.pop(event.call_id, None)
        sim_call = world.sim_calls[call_no]
        median_s, sigma = TALK_S
        talk_ms = world.draw_ms(call_no, Stage.TALK, median_s=median_s, sigma=sigma)
        low, high = PLACE_SHARE
        place_ms = int(talk_ms * (low + (high - low) * world.chance(call_no, Stage.PLACE)))
        opening = incidents.OpenIncident(
            type_code=sim_call.type_code,
            call_id=event.call_id,
            source=sim_call.line,
            narrative=world.board.reference.types[sim_call.type_code].name_cn,
            lat=sim_call.lat,
            lon=sim_call.lon,
        )
        self._post(opening, at_ms + place_ms, event.seat_id)
        self._post(calls.HangUpCall(call_id=event.call_id), at_ms + talk_ms, event.seat_id)

    def _ended(self, event: calls.CallEnded, at_ms: int) -> None:
        self._free_seats.append(self._world.board.calls[event.call_id].seat_id)
        self._answer_waiting(at_ms)

    def _opened(self, event: incidents.IncidentOpened, at_ms: int) -> None:
        if event.min_units:
            return
        call_no = self._world.incident_call_nos[event.incident_id]
        median_s, sigma = PHONE_S
        delay = self._world.draw_ms(call_no, Stage.PHONE, median_s=median_s, sigma=sigma)
        settle = incidents.SettleByPhone(incident_id=event.incident_id, disposition="by_phone")
        self._post(settle, at_ms + delay)

    def _recommended(self, event: incidents.RecommendationMade, at_ms: int) -> None:
        """Send as many as are wanted and not yet being sent, in the order recommended."""
        on_way = self._in_flight.get(event.incident_id, 0)
        chosen = event.candidates[on_way : max(on_way, event.n_wanted)]
        if not chosen:
            return
        incident = self._world.board.incidents[event.incident_id]
        call_no = self._world.incident_call_nos[event.incident_id]
        median_s, sigma = DISPATCH_S[incident.priority]
        delay = self._world.draw_ms(call_no, Stage.DISPATCH, median_s=median_s, sigma=sigma)
        # What has waited for a unit goes out as soon as one is there.
        first_look = incident.tp_ms == at_ms
        for candidate in chosen:
            self._in_flight[event.incident_id] = self._in_flight.get(event.incident_id, 0) + 1
            order = orders.AssignUnit(
                incident_id=event.incident_id,
                unit_id=candidate.unit_id,
                painted_seq=incident.recommended_seq,
            )
            self._post(order, at_ms + (delay if first_look else 5_000))

    def _assigned(self, event: orders.UnitAssigned, _at_ms: int) -> None:
        self._landed(event.incident_id)

    def _refused(self, record: Record) -> None:
        """The unit was gone by the time: look again and choose anew."""
        if isinstance(record.command, orders.AssignUnit):
            incident_id = record.command.incident_id
            self._landed(incident_id)
            if incident_id in self._world.board.waiting:
                self._post(incidents.RecommendUnits(incident_id=incident_id), record.at_ms)

    def _landed(self, incident_id: str) -> None:
        left = self._in_flight.pop(incident_id, 1) - 1
        if left > 0:
            self._in_flight[incident_id] = left

    def _fed_back(self, event: orders.FeedbackGiven, at_ms: int) -> None:
        if self._world.board.incidents[event.incident_id].state == "fed_back":
            self._review_later(event.incident_id, at_ms)

    def _settled(self, event: incidents.IncidentSettled, at_ms: int) -> None:
        self._review_later(event.incident_id, at_ms)

    def _review_later(self, incident_id: str, at_ms: int) -> None:
        call_no = self._world.incident_call_nos[incident_id]
        median_s, sigma = REVIEW_S
        delay = self._world.draw_ms(call_no, Stage.REVIEW, median_s=median_s, sigma=sigma)
        review = incidents.ReviewIncident(incident_id=incident_id, reviewer_id=REVIEWER)
        self._post(review, at_ms + delay, REVIEWER)

    def _reviewed(self, event: incidents.IncidentReviewed, at_ms: int) -> None:
        self._post(incidents.CloseIncident(incident_id=event.incident_id), at_ms + CLOSE_MS)

    def _post(self, command: Command, at_ms: int, actor: str = DISPATCHER) -> None:
        actor = actor if actor.startswith("sim:") else f"sim:{actor}"
        self._world.inbox.put(command, actor=actor, at_ms=at_ms)
