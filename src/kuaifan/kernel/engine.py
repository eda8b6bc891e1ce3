"""The engine (引擎): one input at a time, decided to the end, one record each.

Read top-down: `step` takes the next input or due timer; `_handle` decides it; `_cascade` runs
decide -> fold -> react until quiet. The engine has no clock but the inbox, does no I/O but the
journal, and knows nothing of police work: all of that is in the rulebook.

Live, twin and replay run this very code. What they differ in is the inbox they hand in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.inbox import Arrival, Inbox
from kuaifan.kernel.journal import Journal, State, StorageError
from kuaifan.kernel.message import (
    MAX_TEXT_CHARS,
    Command,
    Event,
    Observation,
    Observed,
    Refusal,
    Refused,
    SetTimer,
    TimerCancelled,
    TimerSet,
)
from kuaifan.kernel.record import Record, RefusedReaction, Scope, Sighting
from kuaifan.kernel.rulebook import BoardLike, Follow, Row, Rulebook
from kuaifan.kernel.ticket import Ticket
from kuaifan.kernel.timers import Due

MAX_GENERATIONS = 64
MAX_COMMANDS = 4_096

B = TypeVar("B", bound=BoardLike)


class CascadeLimitError(RuntimeError):
    """Reactions did not come to an end within the limits."""


class KeyReusedError(ValueError):
    """An idempotency key came back from its sender with another command."""


class StaleError(ValueError):
    """The subject of a command has changed since its sender saw it; version: the seq it is at."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it has changed since: it is at seq {version}; look again and decide")
        self.version = version


class Cascade(msgspec.Struct):
    """What has come of one input so far (级联)."""

    events: list[Event]
    refused: list[RefusedReaction]
    refusal: Refusal | None = None


class Taken(NamedTuple):
    """An input under way: what its record will say of where it came from (受理)."""

    command: Command
    at_ms: int
    actor: str
    key: str | None = None
    timer_id: str | None = None
    ticket: Ticket | None = None


class Engine(Generic[B]):
    """Decides every input and writes it down (引擎).

    restore: rebuilds the state from the journal after a rule broke in mid-cascade.
    watchers: called with each record after it was handed to the journal (the twin's people).
    """

    def __init__(
        self,
        state: State[B],
        rules: Rulebook[B],
        codec: Codec,
        inbox: Inbox,
        journal: Journal,
        *,
        restore: Callable[[], State[B]],
    ) -> None:
        self.state, self.rules, self.codec = state, rules, codec
        self.inbox, self.journal, self._restore = inbox, journal, restore
        self.watchers: list[Callable[[Record], None]] = []
        self.sighting_watchers: list[Callable[[Sighting], None]] = []

    @property
    def board(self) -> B:
        """The board as of the last input."""
        return self.state.board

    def step(self) -> bool:
        """Handle the next due timer or arrival; False when nothing came."""
        due = self.state.timers.find_next()
        arrival = self.inbox.receive(None if due is None else due.due_at_ms)
        if arrival is not None:
            self.submit(arrival)
            return True
        if due is not None and due.due_at_ms <= self.inbox.now_ms():
            self._fire(due)
            return True
        return False

    def submit(self, arrival: Arrival) -> None:
        """Handle an arrival, after every timer that is due at or before it."""
        # Time never goes back: a late stamp counts as now, in the live run and in its replay alike.
        at_ms = max(arrival.at_ms, self.state.head.at_ms)
        try:
            self._take(arrival, at_ms)
        except StorageError as error:
            # Nobody else holds this ticket any more; whether the input is kept is unknown.
            if arrival.ticket is not None:
                arrival.ticket.resolve(None, error)
            raise

    def _take(self, arrival: Arrival, at_ms: int) -> None:
        self.run_timers(at_ms)
        payload = arrival.payload
        if isinstance(payload, Observation):
            self._observe(arrival, payload, at_ms)
        elif not self._answer_again(arrival, payload) and not self._is_stale(arrival, payload):
            self._handle(payload, at_ms, arrival.actor, key=arrival.key, ticket=arrival.ticket)

    def run_timers(self, until_ms: int) -> None:
        """Fire every timer due at or before a moment, each stamped with its own time."""
        while (due := self.state.timers.find_next()) is not None and due.due_at_ms <= until_ms:
            self._fire(due)

    def _fire(self, due: Due) -> None:
        command = self.codec.decode_command(due.command)
        self._handle(command, due.due_at_ms, "timer", timer_id=due.timer_id)

    def _handle(
        self,
        command: Command,
        at_ms: int,
        actor: str,
        *,
        key: str | None = None,
        timer_id: str | None = None,
        ticket: Ticket | None = None,
    ) -> None:
        now_ms = self._begin(at_ms)
        if timer_id is not None:
            self.state.timers.fired(timer_id)
        taken = Taken(command, now_ms, actor, key, timer_id, ticket)
        record = self._conclude(taken, lambda: self._cascade([command], now_ms, root=True))
        self._show(record)

    def _observe(self, arrival: Arrival, observation: Observation, at_ms: int) -> None:
        now_ms = self._begin(at_ms)
        sighting = Sighting(self.state.head.input_no, now_ms, arrival.actor, observation)
        self.journal.append_sighting(sighting)

        def run() -> Cascade | None:
            commands = self.rules.observe(self.state.board, observation, now_ms)
            cascade = self._cascade(commands, now_ms, root=False)
            return cascade if cascade.events or cascade.refused else None

        stand_in = Observed(input_no=sighting.input_no)
        record = self._conclude(Taken(stand_in, now_ms, arrival.actor, ticket=arrival.ticket), run)
        if record is None and arrival.ticket is not None:
            self.journal.answer(arrival.ticket, None)
        for watcher in self.sighting_watchers:
            watcher(sighting)
        self._show(record)

    def _begin(self, at_ms: int) -> int:
        head = self.state.head
        head.input_no += 1
        head.at_ms = max(head.at_ms, at_ms)
        self.state.board.seq = head.seq + 1
        return head.at_ms

    def _cascade(self, commands: list[Command], now_ms: int, *, root: bool) -> Cascade:
        cascade = Cascade([], [])
        waiting = deque((command, 0 if root else 1) for command in commands)
        n_commands = 0
        while waiting:
            command, generation = waiting.popleft()
            n_commands += 1
            if generation > MAX_GENERATIONS or n_commands > MAX_COMMANDS:
                raise CascadeLimitError(
                    f"{type(command).__name__} in generation {generation}, command {n_commands}"
                )
            try:
                events = self.rules.decide(self.state.board, command, now_ms)
            except Refused as refused:
                refusal = Refusal(refused.code, refused.reason_zh, refused.reason_en)
                if generation == 0:
                    cascade.refusal = refusal
                else:
                    cascade.refused.append(RefusedReaction(command, refusal))
                    after = self.rules.follow_refusal(self.state.board, command, refusal)
                    waiting.extend((follow, generation + 1) for follow in after)
                continue
            for event in events:
                self._fold(event, now_ms, cascade)
            for event in events:
                for follow in self._react(event, now_ms, cascade):
                    waiting.append((follow, generation + 1))
        return cascade

    def _react(self, event: Event, now_ms: int, cascade: Cascade) -> list[Command]:
        commands: list[Command] = []
        for reaction in self.rules.reactions(event):
            for follow in reaction(self.state.board, event, now_ms):
                if isinstance(follow, Command):
                    commands.append(follow)
                elif isinstance(follow, SetTimer) or self.state.timers.is_pending(follow.timer_id):
                    # To cancel what is not set is no event; rules need not remember what they set.
                    self._fold(self._timer_event(follow), now_ms, cascade)
        return commands

    def _timer_event(self, follow: Follow) -> Event:
        if isinstance(follow, SetTimer):
            raw = msgspec.Raw(self.codec.encode(follow.command))
            # Found out now it is one faulted input; when it falls due, nothing could take it away.
            self.codec.decode_command(raw)
            return TimerSet(timer_id=follow.timer_id, due_at_ms=follow.due_at_ms, command=raw)
        assert not isinstance(follow, Command)  # noqa: S101 - _react has sorted them
        return TimerCancelled(timer_id=follow.timer_id)

    def _fold(self, event: Event, now_ms: int, cascade: Cascade) -> None:
        self.rules.fold(self.state.board, event, now_ms)
        self.state.timers.fold(event)
        cascade.events.append(event)

    def _conclude(self, taken: Taken, run: Callable[[], Cascade | None]) -> Record | None:
        """Decide an input and write it down; run gives None where nothing came of it."""
        rows: list[Row] = []
        try:
            cascade = run()
            if cascade is None:
                return None
            record = self._decided(taken, cascade)
            rows = self.rules.rows_of(self.state.board, record)
            self.codec.check(record)
        except Exception as error:  # noqa: BLE001 - a broken rule must not take the desk down
            record, rows = self._faulted(taken, error), []
            self.codec.check(record)
        self.state.head.seq = record.seq
        self.journal.append(record, rows, taken.ticket)
        if record.fault is not None:
            self.state = self._restore()
        return record

    def _decided(self, taken: Taken, cascade: Cascade) -> Record:
        about = ""
        if cascade.refusal is not None:
            about = self.rules.about_of(self.state.board, taken.command)
        return Record(
            seq=self.state.head.seq + 1,
            input_no=self.state.head.input_no,
            at_ms=taken.at_ms,
            actor=taken.actor,
            scope=self.rules.scope_of(self.state.board, taken.command, cascade.events),
            command=taken.command,
            events=tuple(cascade.events),
            refused=tuple(cascade.refused),
            refusal=cascade.refusal,
            timer_id=taken.timer_id,
            key=taken.key,
            about=about or msgspec.UNSET,
        )

    def _faulted(self, taken: Taken, error: Exception) -> Record:
        return Record(
            seq=self.state.head.seq + 1,
            input_no=self.state.head.input_no,
            at_ms=taken.at_ms,
            actor=taken.actor,
            scope=Scope(),
            command=taken.command,
            fault=f"{type(error).__name__}: {error}"[:MAX_TEXT_CHARS],
            timer_id=taken.timer_id,
            key=taken.key,
        )

    def _show(self, record: Record | None) -> None:
        if record is not None:
            for watcher in self.watchers:
                watcher(record)

    def _answer_again(self, arrival: Arrival, command: Command) -> bool:
        if arrival.key is None:
            return False
        known = self.journal.find_record(arrival.actor, arrival.key)
        if known is None:
            return False
        if arrival.ticket is not None:
            if known.command == command:
                self.journal.answer(arrival.ticket, known)
            else:
                arrival.ticket.resolve(None, KeyReusedError(f"key {arrival.key} was used before"))
        return True

    def _is_stale(self, arrival: Arrival, command: Command) -> bool:
        """Whether the sender saw an older subject; then it is told, and no input was taken.

        It is told only once everything up to the version it is told of is durable.
        """
        if arrival.seen_seq is None:
            return False
        version = self.rules.version_of(self.state.board, command)
        if version <= arrival.seen_seq:
            return False
        if (ticket := arrival.ticket) is not None:
            waiting = Ticket()
            waiting.when_done(
                lambda _record, error: ticket.resolve(None, error or StaleError(version))
            )
            self.journal.answer(waiting, None)
        return True


def replay_state(state: State[B], rules: Rulebook[B], items: list[Record | Sighting]) -> State[B]:
    """Fold records and observations, in input order, into a state; decides nothing (恢复)."""
    for item in items:
        fold_item(state, rules, item)
    return state


def fold_item(state: State[B], rules: Rulebook[B], item: Record | Sighting) -> None:
    """Fold one record or observation into a state."""
    head, board = state.head, state.board
    head.input_no, head.at_ms = item.input_no, item.at_ms
    if isinstance(item, Sighting):
        board.seq = head.seq + 1
        rules.fold_observation(board, item.observation, item.at_ms)
        return
    head.seq = board.seq = item.seq
    if item.timer_id is not None:
        state.timers.fired(item.timer_id)
    for event in item.events:
        rules.fold(board, event, item.at_ms)
        state.timers.fold(event)
