"""What a twin run came to (运行结果): counts, response times with their definitions, refusals.

Percentiles are nearest-rank over what is stamped; what is not stamped is counted and shown, never
dropped (domain §3.1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refusal
from kuaifan.kernel.record import Record, Sighting
from kuaifan.twin.figures_response import (
    AreaFigures,
    PriorityFigures,
    ResponseTally,
    Spread,
    spread,
)
from kuaifan.twin.offices import SPECIAL
from kuaifan.twin.refusal_words import find_words
from kuaifan.vocabulary import agency, emergency, kinship, missed, reinforce, talk, voice
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import desk as desks
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.unit import FixBatch

ANSWER_TARGET_MS = 10_000
"""Nine of ten calls are to be answered within it (domain §2.3)."""


class CallFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the raw calls (来电): each is one of them, or is counted as open.

    n_opening: told of a new incident. n_attached: of one that was known. n_without: ended without
    one: silent, wrong, abusive, asking. n_abandoned: hung up unanswered, whatever came later.
    """

    n_raw: int
    n_answered: int
    n_abandoned: int
    n_called_back: int
    n_opening: int
    n_attached: int
    n_without: int
    n_silent: int
    n_limited: int
    n_transferred: int
    answer_s: Spread
    answered_in_time: float | None


class RunFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one run (运行结果).

    n_open: calls still owed something and incidents not closed when the run ended. n_held: those
    reviewed for which only a special seat still owes something, for days. refusals: by
    command and code; refusal_words: what each code means, empty where nobody has explained it.
    """

    n_calls: int
    n_incidents: int
    n_closed: int
    n_open: int
    n_by_phone: int
    n_orders: int
    n_withdrawn: int
    n_recommendations: int
    n_first_choice: int
    n_unsigned_alarms: int
    n_feedback_overdue: int
    n_fixes: int
    n_records: int
    refusals: dict[str, int]
    refusal_words: dict[str, str]
    n_unexplained: int
    faults: dict[str, int]
    calls: CallFigures
    alarms: dict[str, int]
    events: dict[str, int]
    agencies: dict[str, int]
    orders_by_desk: dict[str, int]
    by_priority: dict[str, PriorityFigures]
    by_area: dict[str, AreaFigures]
    n_held: int = 0


CORE = ("kuaifan.vocabulary.", "kuaifan.kernel.")
"""Where the core's commands are; all others are a plug-in's."""
COUNTED = (
    incidents.IncidentMerged,
    kinship.DuplicateSuggested,
    kinship.DuplicateDismissed,
    kinship.IncidentReopened,
    kinship.IncidentRetired,
    reinforce.BackupRequested,
    reinforce.UnitDiverted,
    reinforce.OrderAmended,
    units.MoveUpSuggested,
    units.UnitMovedUp,
    units.ShiftHandedOver,
    desks.HandOverOffered,
    desks.HandOverAccepted,
    desks.HandOverRefused,
    emergency.EmergencyDeclared,
    emergency.EmergencyEnded,
    voice.VoiceReported,
    alarms.AlarmTakenUp,
)
"""Events of which the summary says how many there were."""
AGENCY_STATES = {
    agency.AgencyTold: "told",
    agency.AgencyAccepted: "accepted",
    agency.AgencyRefused: "refused",
    agency.AgencyArrived: "arrived",
    agency.AgencyCalledOff: "called_off",
}


LOOKED_AT: Final = frozenset(
    {
        orders.UnitAssigned,
        alarms.AlarmRaised,
        calls.CallAnswered,
        calls.CallAttached,
        incidents.IncidentOpened,
        incidents.IncidentClosed,
        incidents.IncidentMerged,
    }
)


MAX_ROWS: Final = 10_000
"""Different rows of events that are remembered; they depend on the program alone."""


class _Row:
    """How often a row of events of these kinds came; looked_at: what is not only counted."""

    __slots__ = ("kinds", "looked_at", "n")

    def __init__(self, kinds: tuple[type[Event], ...]) -> None:
        self.kinds, self.n = kinds, 0
        self.looked_at = tuple(i for i, kind in enumerate(kinds) if kind in LOOKED_AT)


class Tally:
    """Counts while the run goes on (计数)."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[Event], ...], _Row] = {}
        self._others: Counter[type[Event]] = Counter()
        self.refusals: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.alarms: Counter[str] = Counter()
        self.orders_by_desk: Counter[str] = Counter()
        self.n_first_choice = self.n_by_phone = self.n_fixes = self.n_records = 0
        self.n_found = 0
        self.response = ResponseTally()
        self._board: Board | None = None
        self._stands_open = ""
        self._held: set[str] = set()
        self._with_incident: set[str] = set()
        self._answer_ms: list[int] = []
        self._at_seats: dict[str, str] = {}

    @property
    def n_open(self) -> int:
        """Calls and incidents not yet brought to their end."""
        return sum(1 for _ in self._list_open())

    def is_done(self) -> bool:
        """Whether nothing is open; asked after every step, so one that is open is remembered."""
        if self._board is not None and self._is_open(self._board, self._stands_open):
            return False
        self._stands_open = next(self._list_open(), "")
        return not self._stands_open

    @property
    def events(self) -> Counter[str]:
        """How many there were of each kind."""
        found = Counter({kind.__name__: n for kind, n in self._others.items()})
        for row in self._rows.values():
            for kind in row.kinds:
                found[kind.__name__] += row.n
        return found

    def count(self, board: Board, record: Record) -> None:
        """Take a record into account."""
        self.count_row(board, record, tuple(map(type, record.events)))

    def count_row(self, board: Board, record: Record, kinds: tuple[type[Event], ...]) -> None:
        """Take a record into account; kinds: of its events, in their order."""
        self.n_records += 1
        if not kinds or record.refused:
            self._count_refused(record)
        row = self._rows.get(kinds) or self._row_of(kinds)
        row.n += 1
        self._board = board
        for i in row.looked_at:
            self._look_at(board, record.events[i])

    def _row_of(self, kinds: tuple[type[Event], ...]) -> _Row:
        row = _Row(kinds)
        if len(self._rows) < MAX_ROWS:
            self._rows[kinds] = row
        else:
            self._others.update(kinds)
        return row

    def _count_refused(self, record: Record) -> None:
        if record.refusal is not None:
            self.refusals[f"{type(record.command).__name__}: {record.refusal.code}"] += 1
            self._hold(record)
            if record.actor.startswith(SPECIAL):
                self._note(record.refusal)
        if record.fault is not None:
            self.faults[record.fault] += 1
        for item in record.refused:
            self.refusals[f"{type(item.command).__name__}: {item.refusal.code}"] += 1
            if not type(item.command).__module__.startswith(CORE):
                self._note(item.refusal)

    def count_fixes(self, sighting: Sighting) -> None:
        """Take a batch of fixes into account."""
        observation = sighting.observation
        if isinstance(observation, FixBatch):
            self.n_fixes += len(observation.unit_ids)

    def figures(self) -> RunFigures:
        """What has been counted."""
        events = self.events
        codes = {name.rpartition(": ")[2] for name in self.refusals}
        words = {code: find_words(code) or self._said(code) for code in sorted(codes)}
        return RunFigures(
            n_calls=events[calls.CallRegistered.__name__],
            n_incidents=events[incidents.IncidentOpened.__name__]
            + events[kinship.IncidentSplit.__name__],
            n_closed=events[incidents.IncidentClosed.__name__]
            - events[kinship.IncidentReopened.__name__],
            n_open=self.n_open,
            n_by_phone=self.n_by_phone,
            n_orders=events[orders.UnitAssigned.__name__],
            n_withdrawn=events[orders.OrderWithdrawn.__name__],
            n_recommendations=events[incidents.RecommendationMade.__name__],
            n_first_choice=self.n_first_choice,
            n_unsigned_alarms=events[orders.OrderUnsigned.__name__],
            n_feedback_overdue=events[orders.FeedbackOverdue.__name__],
            n_fixes=self.n_fixes,
            n_records=self.n_records,
            refusals=dict(sorted(self.refusals.items())),
            refusal_words=words,
            n_unexplained=sum(not text for text in words.values()),
            faults=dict(sorted(self.faults.items())),
            calls=self._calls(),
            alarms=dict(sorted(self.alarms.items())),
            events={kind.__name__: events[kind.__name__] for kind in COUNTED}
            | {"SelfInitiated": self.n_found},
            agencies={name: events[kind.__name__] for kind, name in AGENCY_STATES.items()},
            orders_by_desk=dict(sorted(self.orders_by_desk.items())),
            by_priority=self.response.by_priority(),
            by_area=self.response.by_area(),
            n_held=len(self._held),
        )

    def _note(self, refusal: Refusal) -> None:
        """What the rules said at a seat, the first time."""
        self._at_seats.setdefault(refusal.code, refusal.reason_en)

    def _said(self, code: str) -> str:
        """What the rules said to somebody at a special seat, whose code only its folder knows."""
        said = self._at_seats.get(code, "")
        return f"at a special seat, the first time: {said}" if said else ""

    def _calls(self) -> CallFigures:
        events, n_raw = self.events, self.events[calls.CallRegistered.__name__]
        in_time = sum(each <= ANSWER_TARGET_MS for each in self._answer_ms)
        n_attached = events[calls.CallAttached.__name__]
        open_ids = set(self._list_open()) - self._with_incident
        n_open_calls = sum(each.startswith("C") for each in open_ids)
        return CallFigures(
            n_raw=n_raw,
            n_answered=len(self._answer_ms),
            n_abandoned=events[calls.CallAbandoned.__name__],
            n_called_back=events[missed.CallBackStarted.__name__],
            n_opening=len(self._with_incident) - n_attached,
            n_attached=n_attached,
            n_without=n_raw - len(self._with_incident) - n_open_calls,
            n_silent=events[missed.SilenceReported.__name__],
            n_limited=events[missed.CallerLimited.__name__],
            n_transferred=events[talk.TransferAccepted.__name__],
            answer_s=spread(self._answer_ms),
            answered_in_time=round(in_time / len(self._answer_ms), 4) if self._answer_ms else None,
        )

    def _hold(self, record: Record) -> None:
        """A seat's clocks run for days: a run does not wait for them."""
        command, refusal = record.command, record.refusal
        is_held = refusal is not None and refusal.code == "items_open"
        if is_held and isinstance(command, incidents.CloseIncident):
            self._held.add(command.incident_id)

    def _list_open(self) -> Iterator[str]:
        """Incidents and calls that are open, the last ones first: those stay so the longest."""
        if (board := self._board) is not None:
            ids = (*reversed(board.incidents), *reversed(board.calls))
            yield from (each for each in ids if self._is_open(board, each))

    def _is_open(self, board: Board, subject_id: str) -> bool:
        """Whether it is, but for incidents that only a seat holds."""
        incident = board.incidents.get(subject_id)
        if incident is not None:
            return not incident.is_over and subject_id not in self._held
        call = board.calls.get(subject_id)
        return call is not None and call.is_open

    def _look_at(self, board: Board, event: object) -> None:
        if isinstance(event, orders.UnitAssigned):
            self._sent(board, event)
        elif isinstance(event, alarms.AlarmRaised):
            self.alarms[f"{event.kind} {event.level}"] += 1
        elif isinstance(event, calls.CallAnswered):
            call = board.calls[event.call_id]
            if not call.entered_at_ms:
                # A paper card knows when somebody answered, not since when it had rung.
                self._answer_ms.append(call.t2_ms - call.t0_ms)
        elif isinstance(event, calls.CallAttached | incidents.IncidentOpened) and event.call_id:
            self._with_incident.add(event.call_id)
        elif isinstance(event, incidents.IncidentMerged):
            self._held.discard(event.incident_id)
        elif isinstance(event, incidents.IncidentClosed):
            self._held.discard(event.incident_id)
            incident = board.incidents[event.incident_id]
            if incident.settled:
                self.n_by_phone += 1
            else:
                self.response.closed(board, incident)

    def _sent(self, board: Board, event: orders.UnitAssigned) -> None:
        self.n_first_choice += event.rank == 1
        self.n_found += event.self_initiated
        incident = board.incidents.get(event.incident_id)
        self.orders_by_desk[incident.desk_id if incident else ""] += 1
