"""Simulated call-takers (仿真接警员): answer what rings at their seat, and see it to its end.

Durations are log-normal with medians from published desks (measured.md §4) and are ours to tune.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from kuaifan.board.entities import Call
from kuaifan.kernel.message import Command, Event
from kuaifan.twin.audience import Act, Hearer
from kuaifan.twin.call_backs import CallBacks
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import CALL_TAKERS, SUPERVISOR
from kuaifan.twin.seating import SEAT, Seating
from kuaifan.twin.talks import Talks
from kuaifan.twin.world import World, luck_of
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship, missed, talk

ANSWER_S: Final = (4.0, 0.4)
PHONE_S: Final = (300.0, 0.8)
LIMITED_SHARE: Final = 0.05
LIMIT_MINUTES: Final = 120
LIMIT_MS: Final = 90_000


class CallTakers(Hearer):
    """People at so many seats (仿真接警员).

    seating: who sits where, which hears of each record before they do.
    """

    def __init__(self, world: World, zone: ZoneInfo, *, n_seats: int) -> None:
        self._world, self._talks = world, Talks(world)
        self.seating = Seating(world, zone, n_seats=n_seats)
        self._call_backs = CallBacks(world, self.seating)
        go_on = self._go_on
        acts: dict[type[Event], Act] = {
            talk.CallOffered: self._offered,
            calls.CallAnswered: self._answered,
            calls.CallEnded: self._ended,
            calls.CallAbandoned: go_on,
            missed.SilenceReported: lambda event, at: self._call_backs.heard(event.call_id, at),
            missed.SilentSignNoted: go_on,
            missed.SilentStepSkipped: go_on,
            missed.CallBackStarted: self._call_backs.rang,
            missed.CallBackRecorded: self._called_back,
            talk.TextSent: go_on,
            incidents.IncidentOpened: self._opened,
            kinship.IncidentReopened: self._reopened,
        }
        super().__init__(acts)

    def start(self, at_ms: int) -> None:
        """Bring people to the seats."""
        self.seating.start(at_ms)

    def resume(self, at_ms: int) -> None:
        """Take up every talk and every waiting call as the board has them."""
        self.seating.start(at_ms)
        board = self._world.board
        for call in list(board.calls.values()):
            self._resume_call(call, at_ms)
        for incident in board.incidents.values():
            if incident.n_needed == 0 and incident.state == "registered":
                self._settle_later(incident.incident_id, at_ms)

    def _resume_call(self, call: Call, at_ms: int) -> None:
        if call.state == "talking" and call.seat_id.startswith(SEAT):
            self._talk(call.call_id, call.seat_id, at_ms)
        elif call.offered_seat_id and self.seating.is_ours(call.offered_seat_id):
            self._answer_later(call.call_id, call.offered_seat_id, at_ms)
        elif call.call_back_seat_id and self.seating.is_ours(call.call_back_seat_id):
            started = missed.CallBackStarted(call.call_id, call.call_back_seat_id)
            self._call_backs.rang(started, at_ms)
        elif call.to_call_back or call.silent_step == "send_unit":
            self._call_backs.go_on(call.call_id, at_ms)

    def _offered(self, event: talk.CallOffered, at_ms: int) -> None:
        if self.seating.is_ours(event.seat_id):
            self._answer_later(event.call_id, event.seat_id, at_ms)

    def _answer_later(self, call_id: str, seat_id: str, at_ms: int) -> None:
        median_s, sigma = ANSWER_S
        delay = self._world.draw_ms(luck_of(call_id), Stage.ANSWER, median_s=median_s, sigma=sigma)

        def answer(_at_ms: int) -> Command | None:
            call = self._world.board.calls.get(call_id)
            if call is None or call.state != "ringing" or call.offered_seat_id != seat_id:
                return None
            return calls.AnswerCall(call_id=call_id, seat_id=seat_id)

        self._put(answer, at_ms + delay, seat_id)

    def _answered(self, event: calls.CallAnswered, at_ms: int) -> None:
        # Who walks in while no seat is idle is heard at the counter, by a simulated person too.
        if self.seating.is_ours(event.seat_id) or event.seat_id not in self._world.board.desk_seats:
            self._talk(event.call_id, event.seat_id, at_ms)

    def _talk(self, call_id: str, seat_id: str, at_ms: int) -> None:
        call, story = self._world.board.calls[call_id], self._world.story_of(call_id, at_ms)
        is_silent = story.kind == "silent" and story.sign is not None
        if is_silent and not call.n_call_backs:
            self._listen(call, seat_id, at_ms)
            return
        if story.kind == "nuisance" and not story.is_child:
            self._limit_later(call_id, seat_id, at_ms)
        self._talks.begin(call_id, seat_id, at_ms, has_incident=bool(call.incident_id))

    def _listen(self, call: Call, seat_id: str, at_ms: int) -> None:
        if not call.silent_step:
            self._call_backs.listen(call.call_id, seat_id, at_ms)
        elif call.silent_step == "listening":
            self._call_backs.heard(call.call_id, at_ms)
        else:
            self._call_backs.go_on(call.call_id, at_ms)

    def _called_back(self, event: missed.CallBackRecorded, at_ms: int) -> None:
        call = self._world.board.calls[event.call_id]
        if call.state == "talking":
            self._talk(call.call_id, call.seat_id, at_ms)
        else:
            self._call_backs.go_on(call.call_id, at_ms)

    def _ended(self, event: calls.CallEnded, at_ms: int) -> None:
        """Most calls are owed nothing once they are over."""
        call = self._world.board.calls.get(event.call_id)
        if call is not None and (call.to_call_back or call.silent_step or call.call_back_seat_id):
            self._call_backs.go_on(event.call_id, at_ms)

    def _limit_later(self, call_id: str, seat_id: str, at_ms: int) -> None:
        """Who abuses the line again and again is limited for a while, by a supervisor."""
        limit = missed.LimitCaller(
            call_id=call_id,
            approved_by=SUPERVISOR,
            reason="abuse, again and again",
            minutes=LIMIT_MINUTES,
        )

        def approve(_at_ms: int) -> Command | None:
            board = self._world.board
            call = board.calls.get(call_id)
            is_new = call is not None and call.caller_number not in board.limits
            return limit if is_new else None

        if self._world.chance(luck_of(call_id), Stage.LIMIT) < LIMITED_SHARE:
            self._put(approve, at_ms + LIMIT_MS, seat_id)

    def _go_on(self, event: Any, at_ms: int) -> None:  # noqa: ANN401 - any event of a call
        self._call_backs.go_on(event.call_id, at_ms)

    def _opened(self, event: incidents.IncidentOpened, at_ms: int) -> None:
        if event.call_id:
            self._talks.opened(event, at_ms)
        if not event.min_units:
            self._settle_later(event.incident_id, at_ms)

    def _reopened(self, event: kinship.IncidentReopened, at_ms: int) -> None:
        if not self._world.board.incidents[event.incident_id].n_needed:
            self._settle_later(event.incident_id, at_ms)

    def _settle_later(self, incident_id: str, at_ms: int) -> None:
        luck_no = self._world.luck_of_incident(incident_id)
        median_s, sigma = PHONE_S
        delay = self._world.draw_ms(luck_no, Stage.PHONE, median_s=median_s, sigma=sigma)
        settle = incidents.SettleByPhone(incident_id=incident_id, disposition="by_phone")

        def act(_at_ms: int) -> Command | None:
            incident = self._world.board.incidents.get(incident_id)
            is_open = incident is not None and incident.state == "registered"
            return settle if is_open and incident is not None and not incident.n_needed else None

        self._put(act, at_ms + delay, "phone")

    def _put(self, choice: Callable[[int], Command | None], at_ms: int, seat_id: str) -> None:
        self._world.agenda.put(choice, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms)
