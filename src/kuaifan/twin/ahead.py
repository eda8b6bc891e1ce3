"""The next hour from the board of a moment (一小时前瞻): the desk's own rules, drawn calls, people.

Simulated people take up everything as the board has it, as after a restart, and go on; calls of the
hour ahead ring besides. Two runs with the same seed meet the same calls and luck, so that another
policy or another choice can be held against what was. Seats of people are given up first: whoever
sits there now, in the run a simulated person answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.board.fold_desks import policy_used
from kuaifan.board.reference import Post
from kuaifan.board.state import Board
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import Head, State
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record, Sighting
from kuaifan.kernel.rulebook import Rulebook
from kuaifan.kernel.timers import SavedTimer
from kuaifan.roads.lines import ArcLines
from kuaifan.twin.agencies import Agencies
from kuaifan.twin.audience import Audience
from kuaifan.twin.call_takers import CallTakers
from kuaifan.twin.callers import Callers
from kuaifan.twin.crews import Crews
from kuaifan.twin.desk_work import DeskWork
from kuaifan.twin.dispatcher import Dispatcher
from kuaifan.twin.duplicates import Duplicates
from kuaifan.twin.offices import COMMANDER, DISPATCHER
from kuaifan.twin.radios import Radios
from kuaifan.twin.run import silent_units
from kuaifan.twin.shifts import Shifts
from kuaifan.twin.trial import NoJournal
from kuaifan.twin.watch_room import WatchRoom
from kuaifan.twin.world import CallFileStories, SimCall, World
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.desk import PolicyUsed, UsePolicy
from kuaifan.vocabulary.incident import IncidentOpened
from kuaifan.vocabulary.seat import LogOffSeat

MINUTE_MS: Final = 60_000
AFTER_MS: Final = 45 * MINUTE_MS
"""Who was called for within the hour may still be on the way at its end."""
N_SEATS: Final = 8
MAX_STEPS: Final = 2_000_000


class SavedState(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a moment, to begin many runs with (时刻态势); at_ms: of its last record."""

    board: bytes
    timers: tuple[SavedTimer, ...]
    seq: int
    input_no: int
    at_ms: int


class RefusedChoiceError(BadInputError):
    """A choice that the rules refuse at that moment (当时不可行); zh: the same in Chinese."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"the choice could not be made at that moment: {en}")
        self.zh = f"当时不能这样派警：{zh}"


class AheadRow(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one run (一次前瞻).

    response_s: first order to first on scene, of incidents reached, in the order of arrival;
    lost_min: of each circle. n_unreached: incidents of the hour nobody had reached by the end.
    named_s: from first order to first on scene of the incident that was named, None where nobody
    reached it.
    """

    n_calls: int
    n_incidents: int
    response_s: tuple[float, ...]
    n_late: int
    n_unreached: int
    lost_min: tuple[float, ...]
    named_s: float | None = None


class AheadRun:
    """Runs the time ahead of a state (前瞻仿真); new_board, rules, codec: of the desk."""

    def __init__(
        self,
        saved: SavedState,
        new_board: Callable[[], Board],
        rules: Rulebook[Board],
        codec: Codec,
        zone: ZoneInfo,
    ) -> None:
        self._saved, self._new_board, self._rules = saved, new_board, rules
        self._codec, self._zone = codec, zone

    def run(
        self,
        sim_calls: Sequence[SimCall],
        *,
        seed: int,
        until_ms: int,
        policy: UsePolicy | None = None,
        first: Sequence[Command] = (),
        named: str = "",
    ) -> AheadRow:
        """One run; raises RefusedChoiceError for a first command that the rules refuse.

        policy: in force at every desk from the beginning. sim_calls: of the time ahead. named: an
        incident whose response is told by itself.
        """
        state, inbox = self._restore(), SimInbox(self._saved.at_ms)
        if policy is not None:
            _put_in_force(state.board, policy, self._saved.at_ms)
        engine = Engine(
            state, self._rules, self._codec, inbox, NoJournal(), restore=_cannot_restore
        )
        looks = _Looks(engine, self._saved.at_ms, until_ms, named)
        for command in first:
            _do(engine, Arrival(self._saved.at_ms, DISPATCHER, command))
        _bring_people(engine, inbox, sim_calls, seed=seed, zone=self._zone)
        end_ms, n_steps = until_ms + AFTER_MS, 0
        while inbox.now_ms() < end_ms and n_steps < MAX_STEPS and not looks.is_over:
            if not engine.step():
                break
            n_steps += 1
        return looks.row(len(sim_calls))

    def board(self) -> Board:
        """The board of that moment, to be read only."""
        return self._restore().board

    def circle_posts(self) -> tuple[Post, ...]:
        """The posts that carry a circle at that moment, in the order of `lost_min`."""
        return tuple(self.board().reference.circle_posts)

    def _restore(self) -> State[Board]:
        saved, state = self._saved, State(self._new_board())
        board = state.board
        board.load(msgspec.json.decode(saved.board, type=board.snapshot_type))
        state.timers.load(list(saved.timers))
        state.head = Head(saved.seq, saved.input_no, saved.at_ms)
        return state


def save_state(state: State[Board]) -> SavedState:
    """Keep a state, so that it can be begun with again and again."""
    return SavedState(
        board=msgspec.json.encode(state.board.snapshot()),
        timers=tuple(state.timers.save()),
        seq=state.head.seq,
        input_no=state.head.input_no,
        at_ms=state.head.at_ms,
    )


class _Stories(CallFileStories):
    """Calls ahead; whoever talks already is given the story of one of them (在线来电)."""

    def __init__(self, sim_calls: Sequence[SimCall], at_ms: int) -> None:
        super().__init__(sim_calls)
        self._known, self._at_ms = sim_calls, at_ms

    def invent(self, luck_no: int, at_ms: int) -> SimCall:
        """What is being said just now is not in any file."""
        if not self._known:
            raise BadInputError("no call is expected in the time ahead: give a longer --minutes")
        return msgspec.structs.replace(self._known[luck_no % len(self._known)], at_ms=at_ms)


class _Looks:
    """What is noted while a run lasts (记录)."""

    def __init__(self, engine: Engine[Board], from_ms: int, until_ms: int, named: str = "") -> None:
        self._engine, self._until_ms = engine, until_ms
        self._named = named
        self._named_s: float | None = None
        self._looked_ms = from_ms
        n_circles = len(engine.board.coverage.circle_ids)
        self._lost_ms = np.zeros(n_circles, np.int64)
        self._open: set[str] = {
            each.incident_id
            for each in engine.board.incidents.values()
            if not each.is_over and each.n_needed and not _is_reached(engine.board, each.order_ids)
        }
        self._n_opened = self._n_late = 0
        self._response_s: list[float] = []
        engine.watchers.append(self._on_record)
        engine.sighting_watchers.append(self._on_sighting)

    @property
    def is_over(self) -> bool:
        """Whether the time is over and everybody was reached."""
        return self._looked_ms >= self._until_ms and not self._open

    def _on_sighting(self, sighting: Sighting) -> None:
        self._look(sighting.at_ms)

    def _on_record(self, record: Record) -> None:
        self._look(record.at_ms)
        board = self._engine.board
        for event in record.events:
            if isinstance(event, IncidentOpened) and record.at_ms <= self._until_ms:
                self._n_opened += 1
                if board.incidents[event.incident_id].n_needed:
                    self._open.add(event.incident_id)
            elif isinstance(event, orders.UnitArrived):
                self._arrived(board, event.incident_id, record.at_ms)
        self._open &= {key for key in self._open if not _is_gone(board, key)}

    def _arrived(self, board: Board, incident_id: str, at_ms: int) -> None:
        if incident_id not in self._open:
            return
        self._open.discard(incident_id)
        incident = board.incidents[incident_id]
        sent_ms = min(board.orders[order_id].t4_ms for order_id in incident.order_ids)
        response_ms = at_ms - sent_ms
        target_ms = board.reference.target_ms(
            incident.priority, incident.area_class, incident.desk_id
        )
        self._response_s.append(response_ms / 1000)
        if incident_id == self._named:
            self._named_s = response_ms / 1000
        self._n_late += 0 < target_ms < response_ms

    def _look(self, at_ms: int) -> None:
        """Count empty circles once a minute, up to the end of the time ahead."""
        if at_ms - self._looked_ms < MINUTE_MS:
            return
        until_ms = min(at_ms, self._until_ms)
        if until_ms > self._looked_ms:
            board = self._engine.board
            held = board.coverage.n_holding(board.fleet.available())
            self._lost_ms += np.where(held == 0, until_ms - self._looked_ms, 0)
        self._looked_ms = max(self._looked_ms, at_ms)

    def row(self, n_calls: int) -> AheadRow:
        """What was noted."""
        return AheadRow(
            n_calls=n_calls,
            n_incidents=self._n_opened,
            response_s=tuple(self._response_s),
            n_late=self._n_late,
            n_unreached=len(self._open),
            lost_min=tuple(round(ms / MINUTE_MS, 2) for ms in self._lost_ms.tolist()),
            named_s=self._named_s,
        )


def _bring_people(
    engine: Engine[Board],
    inbox: SimInbox,
    sim_calls: Sequence[SimCall],
    *,
    seed: int,
    zone: ZoneInfo,
) -> None:
    """Everybody comes to work and takes up what the board has."""
    now_ms = inbox.now_ms()
    for seat_id, seat in list(engine.board.desk_seats.items()):
        if seat.state == "idle":
            engine.submit(Arrival(now_ms, COMMANDER, LogOffSeat(seat_id=seat_id)))
    lines = ArcLines(engine.board.reference.network)
    world = World(_Stories(sim_calls, now_ms), inbox, lambda: engine.board, seed=seed)
    radios = Radios(inbox, lines, silent_units(engine.board))
    callers, shifts, agencies = Callers(world), Shifts(world, zone), Agencies(world)
    takers = CallTakers(world, zone, n_seats=N_SEATS)
    crews = Crews(world, radios, lines)
    desk = (Dispatcher(world), DeskWork(world), Duplicates(world), WatchRoom(world))
    seats = (takers.seating, takers, *desk)
    people = (world, callers, agencies, *seats, crews.scenes, crews, shifts)
    engine.watchers.append(Audience(people).follow)
    shifts.start(now_ms)
    crews.resume(now_ms)
    takers.resume(now_ms)
    for each in desk:
        each.resume(now_ms)
    callers.resume()
    agencies.resume(now_ms)


def _put_in_force(board: Board, asked: UsePolicy, at_ms: int) -> None:
    """A policy at every desk, as if it had been chosen: the gate is the real desk's."""
    for desk_id in ("", *board.reference.desks):
        used = PolicyUsed(
            policy=asked.policy,
            approved_by=asked.approved_by,
            desk_id=desk_id,
            from_ms=at_ms,
            until_ms=0,
            ways=asked.ways,
        )
        policy_used(board, used, at_ms)


def _do(engine: Engine[Board], arrival: Arrival) -> None:
    """Decide a first command; raises RefusedChoiceError where the rules refuse it."""
    said: list[Record] = []
    engine.watchers.append(said.append)
    engine.submit(arrival)
    engine.watchers.remove(said.append)
    refusal = said[-1].refusal if said else None
    if refusal is not None:
        raise RefusedChoiceError(refusal.reason_zh, refusal.reason_en)


def _is_reached(board: Board, order_ids: Sequence[str]) -> bool:
    return any(board.orders[each].t7_ms for each in order_ids if each in board.orders)


def _is_gone(board: Board, incident_id: str) -> bool:
    incident = board.incidents.get(incident_id)
    return incident is None or incident.is_over


def _cannot_restore() -> State[Board]:
    raise RuntimeError("a rule broke in a look ahead: replay the log to see which")
