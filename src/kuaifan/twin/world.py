"""What simulated people share (仿真世界): the calls, the inbox, the board as they may read it.

They act only by commands and fixes, as `sim:` actors; they never touch the board.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final, Literal, Protocol

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.inbox import Choice, Payload
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage, lognormal_ms, uniform
from kuaifan.twin.offices import CALLER
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship, missed
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.facts import Answer, Fact
from kuaifan.vocabulary.missed import SilentSign

WITHOUT_CALL: Final = 1 << 40
"""Incidents without a call draw from numbers that no call has."""


def left_of(whole_ms: int, *, since_ms: int, at_ms: int) -> int:
    """What is left of a piece of work that began at a moment (剩余用时), for who goes on with it.

    The whole again where it should be over by now, or nobody knows its beginning: how long still
    is then anybody's guess.
    """
    left_ms = since_ms + whole_ms - at_ms
    return left_ms if left_ms > 0 else whole_ms


CallKind = Literal[
    "effective", "repeat", "silent", "misdial", "nuisance", "test", "enquiry", "hotline"
]
"""What a raw call is about (来电性质); hotline: a matter of 12345."""
INCIDENT_KINDS: Final[frozenset[CallKind]] = frozenset({"effective", "repeat"})
"""Calls that tell of something for which an incident stands; the others end without one."""


class SimCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call (仿真来电): when, of what kind, where; the rest where the source has it.

    original_no: the call of the file that told it first. sign: what is heard on a silent line.
    facts: what the caller answers when asked. wrong_lat, wrong_lon: where he first says it is.
    patience_ms: so long he lets it ring. language: not spoken at the desk.
    """

    at_ms: int
    type_code: str
    lat: float
    lon: float
    line: Line = "110"
    service_ms: int | None = None
    narrative: str = ""
    address: str = ""
    kind: CallKind = "effective"
    original_no: int | None = None
    sign: SilentSign | None = None
    facts: tuple[tuple[Fact, Answer], ...] = ()
    wrong_lat: float | None = None
    wrong_lon: float | None = None
    patience_ms: int | None = None
    never_ring: bool = False
    is_child: bool = False
    language: str = ""


class Stories(Protocol):
    """What will be called in (来电故事): the call file of a twin, or a stream for a living city."""

    def find(self, call_no: int) -> SimCall | None:
        """The n-th call, counted from 0; None after the last one. Same n, same call."""

    def first_after(self, at_ms: int) -> int:
        """Number of the first call at or after a moment."""

    def find_original(self, call_no: int) -> int | None:
        """The earlier call that this caller repeats without knowing, if any."""

    def invent(self, luck_no: int, at_ms: int) -> SimCall:
        """A call for a caller nobody has heard yet, such as one left ringing by a restart."""


class Agenda(Protocol):
    """Where people put what they will do (日程): the heap of a twin, or that of a live clock."""

    def now_ms(self) -> int:
        """The time now."""

    def put(self, payload: Payload | Choice, *, actor: str, at_ms: int | None = None) -> None:
        """Do or choose something then; a time in the past means now."""


class CallFileStories:
    """The calls of a file, in order (来电文件)."""

    def __init__(self, sim_calls: Sequence[SimCall]) -> None:
        self._sim_calls = sim_calls

    def find(self, call_no: int) -> SimCall | None:
        """The n-th call of the file."""
        return self._sim_calls[call_no] if call_no < len(self._sim_calls) else None

    def first_after(self, at_ms: int) -> int:
        """Number of the first call at or after a moment."""
        return bisect_left(self._sim_calls, at_ms, key=lambda sim_call: sim_call.at_ms)

    def find_original(self, call_no: int) -> int | None:
        """The first call about the same thing, where the file says so."""
        sim_call = self.find(call_no)
        return None if sim_call is None else sim_call.original_no

    def invent(self, luck_no: int, at_ms: int) -> SimCall:
        """A file knows all its callers."""
        raise LookupError(f"call {luck_no} at {at_ms} is not in the call file")


class World:
    """Everything the actors know (仿真世界).

    board: as of now, to be read only. read_board: the engine's board; it is replaced when a rule
    breaks, hence a function, asked again then. What a caller has to say is forgotten once his call
    can come to nothing more, and its number once it has left the board: a year has many calls.
    """

    hears = (
        calls.CallRegistered,
        calls.CallEnded,
        missed.MissedCallCleared,
        incidents.IncidentClosed,
        kinship.IncidentRetired,
        kinship.CallRetired,
    )

    def __init__(
        self, stories: Stories, agenda: Agenda, read_board: Callable[[], Board], *, seed: int
    ) -> None:
        self.stories, self.agenda, self.seed = stories, agenda, seed
        self._read_board = read_board
        self.board = read_board()
        self._told: dict[str, SimCall] = {}
        self._call_ids: dict[int, str] = {}
        self._call_nos: dict[str, int] = {}
        self._leaving: dict[str, tuple[str, ...]] = {}

    def follow(self, record: Record) -> None:
        """Remember which call of the file became which call on the board."""
        if record.fault is not None:
            self.refused(record)
        for event in record.events:
            if isinstance(event, calls.CallRegistered):
                if record.actor.startswith(CALLER):
                    self._remember(int(record.actor.removeprefix(CALLER)), event.call_id)
            elif type(event) in self.hears:
                self._forget(event)

    def _forget(self, event: Event) -> None:
        if isinstance(event, calls.CallEnded | missed.MissedCallCleared):
            self._forget_call(event.call_id)
        elif isinstance(event, incidents.IncidentClosed):
            self._forget_incident(event.incident_id)
        elif isinstance(event, kinship.IncidentRetired):
            # It is off the board by now, and its calls with it.
            for call_id in self._leaving.pop(event.incident_id, ()):
                self._forget_number(call_id)
        elif isinstance(event, kinship.CallRetired):
            self._forget_number(event.call_id)

    def refused(self, _record: Record) -> None:
        """A rule broke, perhaps: then the engine has another board."""
        self.board = self._read_board()

    def post(self, command: Command, *, actor: str, at_ms: int) -> None:
        """Submit a command then."""
        self.agenda.put(command, actor=actor, at_ms=at_ms)

    def find_story(self, call_id: str) -> SimCall | None:
        """What the caller has to say, if he is remembered."""
        return self._told.get(call_id)

    def story_of(self, call_id: str, at_ms: int) -> SimCall:
        """What the caller has to say."""
        if call_id not in self._told:
            self._told[call_id] = self.stories.invent(luck_of(call_id), at_ms)
        return self._told[call_id]

    def find_reported(self, call_id: str) -> str | None:
        """The open incident that this caller reports once more, None where it is a new one."""
        original = self._original_of(call_id)
        call = None if original is None else self.board.calls.get(self._call_ids.get(original, ""))
        incident = None if call is None else self.board.incidents.get(call.incident_id)
        return None if incident is None or incident.is_over else incident.incident_id

    def are_same(self, incident_id: str, other_id: str) -> bool:
        """Whether two incidents are one in truth, as whoever listened to the callers finds out."""
        one, other = self._happening_of(incident_id), self._happening_of(other_id)
        return one is not None and one == other

    def recorded_service_ms(self, incident_id: str) -> int | None:
        """Time on scene where the call file has it."""
        incident = self.board.incidents.get(incident_id)
        call_ids = incident.call_ids if incident else ()
        stories = (self._told.get(call_id) for call_id in call_ids)
        return next((story.service_ms for story in stories if story is not None), None)

    def luck_of_incident(self, incident_id: str) -> int:
        """The number under which an incident draws: that of its first call, or its own."""
        incident = self.board.incidents.get(incident_id)
        if incident is not None and incident.call_ids:
            return int(incident.call_ids[0][1:]) - 1
        return WITHOUT_CALL + _number_of(incident_id)

    def draw_ms(
        self, luck_no: int, stage: Stage, *, median_s: float, sigma: float, extra: int = 0
    ) -> int:
        """Duration of a stage of a call, the same in every run of this seed."""
        luck = uniform(self.seed, luck_no, stage, extra)
        return lognormal_ms(luck, median_s=median_s, sigma=sigma)

    def chance(self, luck_no: int, stage: Stage, extra: int = 0) -> float:
        """Uniform draw of a stage of a call."""
        return uniform(self.seed, luck_no, stage, extra)

    def _remember(self, call_no: int, call_id: str) -> None:
        story = self.stories.find(call_no)
        if story is not None:
            self._told[call_id] = story
            self._call_ids[call_no] = call_id
            self._call_nos[call_id] = call_no

    def _forget_call(self, call_id: str) -> None:
        call = self.board.calls.get(call_id)
        if call is None or not (call.incident_id or call.is_open):
            self._told.pop(call_id, None)

    def _forget_incident(self, incident_id: str) -> None:
        incident = self.board.incidents.get(incident_id)
        if incident is None:
            return
        self._leaving[incident_id] = tuple(incident.call_ids)
        for call_id in incident.call_ids:
            self._told.pop(call_id, None)

    def _forget_number(self, call_id: str) -> None:
        self._told.pop(call_id, None)
        call_no = self._call_nos.pop(call_id, None)
        if call_no is not None:
            self._call_ids.pop(call_no, None)

    def _original_of(self, call_id: str) -> int | None:
        call_no = self._call_nos.get(call_id)
        return None if call_no is None else self.stories.find_original(call_no)

    def _happening_of(self, incident_id: str) -> int | None:
        """The call that told of it first, of those that nobody repeats."""
        incident = self.board.incidents.get(incident_id)
        if incident is None or not incident.call_ids:
            return None
        first = incident.call_ids[0]
        original = self._original_of(first)
        return self._call_nos.get(first) if original is None else original


def luck_of(call_id: str) -> int:
    """The number under which a call draws: its place in the order of registration."""
    return int(call_id[1:]) - 1


def _number_of(incident_id: str) -> int:
    return int(incident_id[1:])
