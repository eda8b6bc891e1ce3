"""What is said in a call (仿真通话): by kind of call, up to its hanging up.

A call with a story is written down once its place is known; then the call-taker asks, brings in an
interpreter or the fire service, and corrects a wrong place. The others end without an incident.
Durations are log-normal with medians from published desks (measured.md §4) and are ours to tune.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.kernel.message import Command
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import CALL_TAKERS
from kuaifan.twin.world import INCIDENT_KINDS, SimCall, World, luck_of
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import facts, talk
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.lines import CHANNELS
from kuaifan.vocabulary.missed import FlagNeverRing

TALK_S: Final = (75.0, 0.45)
SHORT_TALK_S: Final = (11.0, 0.5)
ENQUIRY_S: Final = (50.0, 0.5)
PLACE_SHARE: Final = (0.3, 0.7)
"""The place is known after 30 to 70 % of the talk."""
LANGUAGE_FACTOR: Final = 2
ASK_MS: Final = 6_000
TRACE_MS: Final = 60_000
"""So long to find where a silent line is."""
INTERPRETER_MS: Final = 9_000
PASS_ON_MS: Final = 8_000
FLAG_MS: Final = 3_000
CORRECTION_S: Final = (260.0, 0.3)
WAIT_MS: Final = 10_000
"""So long for a service to pick up, before the caller is asked to hold on once more."""
RECOGNISED_SHARE: Final = 0.85
"""So often the call-taker sees that an incident is there already."""
CONFERENCE: Final = "transfer_conf"


class Talks:
    """Conducts every talk to its end (仿真通话)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def begin(self, call_id: str, seat_id: str, at_ms: int, *, has_incident: bool) -> None:
        """The caller is on the line; what is said depends on what he called for."""
        story = self._world.story_of(call_id, at_ms)
        if story.kind in INCIDENT_KINDS:
            self._tell(call_id, seat_id, story, at_ms, has_incident=has_incident)
        elif story.kind == "hotline":
            self._pass_on(call_id, "12345", seat_id, at_ms + PASS_ON_MS)
            self.end_later(call_id, seat_id, at_ms, spread=ENQUIRY_S)
        else:
            spread = ENQUIRY_S if story.kind == "enquiry" else SHORT_TALK_S
            self.end_later(call_id, seat_id, at_ms, spread=spread)

    def opened(self, event: incidents.IncidentOpened, at_ms: int) -> None:
        """Written down: now ask, pass on, and put right what was wrong."""
        call = self._world.board.calls.get(event.call_id)
        story = None if call is None else self._world.find_story(call.call_id)
        if call is None or story is None or not call.seat_id:
            return
        for i, (fact, answer) in enumerate(story.facts):
            ask = facts.RecordFact(incident_id=event.incident_id, fact=fact, answer=answer)
            self._on_incident(event.incident_id, ask, call.seat_id, at_ms + ASK_MS * (i + 1))
        if event.route == CONFERENCE and CHANNELS[call.line].is_voice and call.state == "talking":
            agency = self._world.board.reference.types[event.type_code].agencies[:1]
            for each in agency:
                self._pass_on(call.call_id, each, call.seat_id, at_ms + PASS_ON_MS)
        if story.wrong_lat is not None:
            self._correct_later(event.incident_id, story, call.seat_id, at_ms)
        if not self._world.board.incidents[event.incident_id].is_placed:
            place = incidents.PlaceIncident(
                incident_id=event.incident_id, lat=story.lat, lon=story.lon
            )
            self._on_incident(event.incident_id, place, call.seat_id, at_ms + TRACE_MS)

    def end_later(
        self, call_id: str, seat_id: str, at_ms: int, *, spread: tuple[float, float]
    ) -> int:
        """The call is over then, unless it is being passed on; returns when."""
        median_s, sigma = spread
        talk_ms = self._world.draw_ms(luck_of(call_id), Stage.TALK, median_s=median_s, sigma=sigma)
        self._put(self._hang_up(call_id, seat_id), at_ms + talk_ms, seat_id)
        return talk_ms

    def _tell(
        self, call_id: str, seat_id: str, story: SimCall, at_ms: int, *, has_incident: bool
    ) -> None:
        world, luck_no = self._world, luck_of(call_id)
        median_s, sigma = TALK_S
        if story.language:
            median_s *= LANGUAGE_FACTOR
            name = f"interpreter {story.language}"
            join = talk.AddParty(call_id=call_id, kind="interpreter", name=name)
            self._put(self._while_talking(call_id, join), at_ms + INTERPRETER_MS, seat_id)
        talk_ms = self.end_later(call_id, seat_id, at_ms, spread=(median_s, sigma))
        if has_incident:
            return
        low, high = PLACE_SHARE
        place_ms = int(talk_ms * (low + (high - low) * world.chance(luck_no, Stage.PLACE)))
        self._put(
            _WriteDown(world, call_id, self._opening(call_id, story)), at_ms + place_ms, seat_id
        )
        if story.never_ring:
            flag = FlagNeverRing(call_id=call_id, reason="a ring could be heard by the offender")
            self._put(self._while_talking(call_id, flag), at_ms + FLAG_MS, seat_id)

    def _opening(self, call_id: str, story: SimCall) -> incidents.OpenIncident:
        types = self._world.board.reference.types
        return incidents.OpenIncident(
            type_code=story.type_code,
            call_id=call_id,
            source=story.line,
            narrative=story.narrative or types[story.type_code].name_cn,
            address=story.address,
            lat=story.lat if story.wrong_lat is None else story.wrong_lat,
            lon=story.lon if story.wrong_lon is None else story.wrong_lon,
        )

    def _correct_later(self, incident_id: str, story: SimCall, seat_id: str, at_ms: int) -> None:
        """He calls once more: it is not there; mostly while the crew is driving."""
        median_s, sigma = CORRECTION_S
        luck_no = self._world.luck_of_incident(incident_id)
        delay = self._world.draw_ms(luck_no, Stage.CORRECTION, median_s=median_s, sigma=sigma)
        place = incidents.PlaceIncident(incident_id=incident_id, lat=story.lat, lon=story.lon)
        self._on_incident(incident_id, place, seat_id, at_ms + delay)

    def _pass_on(self, call_id: str, agency: str, seat_id: str, at_ms: int) -> None:
        pass_on = talk.TransferCall(call_id=call_id, to_kind="agency", to_id=agency)

        def offer(_at_ms: int) -> Command | None:
            call = self._world.board.calls.get(call_id)
            if call is None or call.state != "talking" or call.transfer_kind is not None:
                return None
            return None if call.handed_to == agency else pass_on

        self._put(offer, at_ms, seat_id)

    def _hang_up(self, call_id: str, seat_id: str) -> Callable[[int], Command | None]:
        def hang_up(at_ms: int) -> Command | None:
            call = self._world.board.calls.get(call_id)
            if call is None or call.state != "talking":
                return None
            if call.transfer_kind is not None:
                self._put(hang_up, at_ms + WAIT_MS, seat_id)
                return None
            return calls.HangUpCall(call_id=call_id)

        return hang_up

    def _while_talking(self, call_id: str, command: Command) -> Callable[[int], Command | None]:
        def act(_at_ms: int) -> Command | None:
            call = self._world.board.calls.get(call_id)
            return command if call is not None and call.state == "talking" else None

        return act

    def _on_incident(self, incident_id: str, command: Command, seat_id: str, at_ms: int) -> None:
        """Do it then, if the incident is still being worked on."""

        def act(_at_ms: int) -> Command | None:
            incident = self._world.board.incidents.get(incident_id)
            is_done = incident is None or incident.is_over or incident.state in DONE
            return None if is_done else command

        self._put(act, at_ms, seat_id)

    def _put(self, choice: Callable[[int], Command | None], at_ms: int, seat_id: str) -> None:
        self._world.agenda.put(choice, actor=f"{CALL_TAKERS}{seat_id}", at_ms=at_ms)


DONE: Final = frozenset({"handled", "fed_back", "reviewed"})
"""At these nothing more is asked about an incident."""


class _WriteDown:
    """The place is known: a new incident, or one more call about an open one (首报或重复).

    A caller whose incident is not recognised gets one of his own; then somebody is to notice.
    """

    def __init__(self, world: World, call_id: str, opening: incidents.OpenIncident) -> None:
        self._world, self._call_id, self._opening = world, call_id, opening

    def __call__(self, _at_ms: int) -> Command | None:
        call = self._world.board.calls.get(self._call_id)
        if call is None or call.incident_id:
            return None
        reported = self._world.find_reported(self._call_id)
        luck = self._world.chance(luck_of(self._call_id), Stage.RECOGNISE)
        if reported is None or luck >= RECOGNISED_SHARE:
            return self._opening
        return calls.AttachCall(call_id=self._call_id, incident_id=reported)
