"""The engine (引擎): one input at a time, decided to the end, one record each.

Read top-down: `step` takes the next input or due timer; `_handle` decides it; `_cascade` runs
decide -> fold -> react until quiet. The engine has no clock but the inbox, does no I/O but the
journal, and knows nothing of police work: all of that is in the rulebook.

Live, twin and replay run this very code. What they differ in is the inbox they hand in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.inbox import Arrival, Inbox
from kuaifan.kernel.journal import Journal, State, StorageError
from kuaifan.kernel.message import (
    MAX_TEXT_CHARS,
    CancelTimer,
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
from kuaifan.kernel.rulebook import BoardLike, Row, Rulebook
from kuaifan.kernel.ticket import Ticket

MAX_GENERATIONS = 64
MAX_COMMANDS = 4_096
TIMER_EVENTS = frozenset({TimerSet, TimerCancelled})

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


NOTHING = Cascade([], [])
"""What comes of most observations."""


class Taken(msgspec.Struct):
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
        next_ms = self.state.timers.next_at_ms
        arrival = self.inbox.receive(next_ms)
        if arrival is not None:
            self.submit(arrival)
            return True
        if next_ms is not None and next_ms <= self.inbox.now_ms():
            self._fire()
            return True
        return False

    def submit(self, arrival: Arrival) -> None:
        """Handle an arrival, after every timer that is due at or before it."""
        # Time never goes back: a late stamp counts as now, in the live run and in its replay alike.
        at_ms = max(arrival.at_ms, self.state.head.at_ms)
        try:
            next_ms = self.state.timers.next_at_ms
            if next_ms is not None and next_ms <= at_ms:
                self.run_timers(at_ms)
            payload, actor, ticket = arrival.payload, arrival.actor, arrival.ticket
            if isinstance(payload, Observation):
                head = self.state.head
                at_ms = max(at_ms, head.at_ms)
                seen = Sighting(head.input_no + 1, at_ms, actor, payload)
                stand_in = Observed(input_no=seen.input_no)
                self._handle(Taken(stand_in, at_ms, actor, None, None, ticket), seen)
            elif not self._is_known(arrival, payload):
                self._handle(Taken(payload, at_ms, actor, arrival.key, None, ticket), None)
        except StorageError as error:
            # Nobody else holds this ticket any more; whether the input is kept is unknown.
            if arrival.ticket is not None:
                arrival.ticket.resolve(None, error)
            raise

    def run_timers(self, until_ms: int) -> None:
        """Fire every timer due at or before a moment, each stamped with its own time."""
        while (next_ms := self.state.timers.next_at_ms) is not None and next_ms <= until_ms:
            self._fire()

    def _fire(self) -> None:
        """Decide the command of the timer that is due next."""
        due = self.state.timers.find_next()
        assert due is not None  # noqa: S101 - who fires has seen it
        command = due.made or self.codec.decode_command(due.command)
        self._handle(Taken(command, due.due_at_ms, "timer", None, due.timer_id), None)

    def _handle(self, taken: Taken, seen: Sighting | None) -> None:
        """Decide an input, write it down and show it; a sighting may come to nothing."""
        state, head = self.state, self.state.head
        head.input_no += 1
        head.at_ms = taken.at_ms = max(head.at_ms, taken.at_ms)
        state.board.seq = head.seq + 1
        if taken.timer_id is not None:
            state.timers.fired(taken.timer_id)
        if seen is not None:
            self.journal.append_sighting(seen)
        rows: list[Row] = []
        try:
            record, rows = self._decide(taken, seen)
        except Exception as error:  # noqa: BLE001 - a broken rule must not take the desk down
            record = self._faulted(taken, error)
            self.codec.check(record)
        if record is not None:
            self._write(record, rows, taken.ticket)
        elif taken.ticket is not None:
            self.journal.answer(taken.ticket, None)
        if seen is not None:
            for watch in self.sighting_watchers:
                watch(seen)
        if record is not None:
            for watcher in self.watchers:
                watcher(record)

    def _write(self, record: Record, rows: list[Row], ticket: Ticket | None) -> None:
        self.state.head.seq = record.seq
        self.journal.append(record, rows, ticket)
        if record.fault is not None:
            # A rule has left the board half changed.
            self.state = self._restore()
            self.journal.renew_rows(lambda each: self.rules.rows_of(self.state.board, each))

    def _decide(self, taken: Taken, seen: Sighting | None) -> tuple[Record | None, list[Row]]:
        """The checked record of an input with its rows; None of a sighting that came to nothing."""
        board, rules, now_ms = self.state.board, self.rules, taken.at_ms
        about = ""
        if seen is None:
            cascade = self._cascade([taken.command], now_ms, 0)
            if cascade.refusal is not None:
                about = rules.about_of(board, taken.command)
        else:
            commands = rules.observe(board, seen.observation, now_ms)
            cascade = self._cascade(commands, now_ms, 1) if commands else NOTHING
            if not cascade.events and not cascade.refused:
                return None, []
        record = Record(
            seq=self.state.head.seq + 1,
            input_no=self.state.head.input_no,
            at_ms=now_ms,
            actor=taken.actor,
            scope=rules.scope_of(board, taken.command, cascade.events),
            command=taken.command,
            events=tuple(cascade.events),
            refused=tuple(cascade.refused),
            refusal=cascade.refusal,
            timer_id=taken.timer_id,
            key=taken.key,
            about=about or msgspec.UNSET,
        )
        rows = rules.rows_of(board, record)
        self.codec.check(record)
        return record, rows

    def _cascade(self, waiting: list[Command], now_ms: int, generation: int) -> Cascade:
        """Decide commands and what follows from them, one generation after the other."""
        cascade, n_commands = Cascade([], []), 0
        board, deciders = self.state.board, self.rules.deciders
        while waiting:
            following: list[Command] = []
            for command in waiting:
                n_commands += 1
                if generation > MAX_GENERATIONS or n_commands > MAX_COMMANDS:
                    raise CascadeLimitError(
                        f"{type(command).__name__} in generation {generation}, command {n_commands}"
                    )
                try:
                    events = deciders[type(command)](board, command, now_ms)
                except Refused as refused:
                    following += self._refused(command, refused, cascade, generation)
                else:
                    if events:
                        self._follow(events, now_ms, cascade, following)
            waiting, generation = following, generation + 1
        return cascade

    def _refused(
        self, command: Command, refused: Refused, cascade: Cascade, generation: int
    ) -> list[Command]:
        """Note a refusal; what follows of it, where a reaction asked."""
        refusal = Refusal(refused.code, refused.reason_zh, refused.reason_en)
        if generation == 0:
            cascade.refusal = refusal
            return []
        cascade.refused.append(RefusedReaction(command, refusal))
        return self.rules.follow_refusal(self.state.board, command, refusal)

    def _follow(
        self, events: list[Event], now_ms: int, cascade: Cascade, following: list[Command]
    ) -> None:
        """Fold what was decided, then add what the reactions to it ask for to what follows."""
        board, rules = self.state.board, self.rules
        evolvers, reactions_to = rules.evolvers, rules.reactions_to
        for event in events:
            kind = type(event)
            if (fold := evolvers.get(kind)) is not None:
                fold(board, event, now_ms)
            if kind in TIMER_EVENTS:
                self.state.timers.fold(event)
        cascade.events += events
        for event in events:
            for reaction in reactions_to.get(type(event), ()):
                for follow in reaction(board, event, now_ms):
                    if isinstance(follow, Command):
                        following.append(follow)
                    else:
                        self._time(follow, now_ms, cascade)

    def _time(self, follow: SetTimer | CancelTimer, now_ms: int, cascade: Cascade) -> None:
        """Set or cancel a timer."""
        timers, timer_id = self.state.timers, follow.timer_id
        event: TimerSet | TimerCancelled
        made: Command | None = None
        if isinstance(follow, SetTimer):
            # Found out now it is one faulted input; when it falls due, nothing could take it away.
            encoded, made = self.codec.write_command(follow.command)
            raw = msgspec.Raw(encoded)
            event = TimerSet(timer_id=timer_id, due_at_ms=follow.due_at_ms, command=raw)
        elif timers.is_pending(timer_id):
            event = TimerCancelled(timer_id=timer_id)
        else:
            # To cancel what is not set is no event; rules need not remember what they set.
            return
        self.rules.fold(self.state.board, event, now_ms)
        timers.fold(event, made)
        cascade.events.append(event)

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

    def _is_known(self, arrival: Arrival, command: Command) -> bool:
        """Whether an arrival is answered without being decided."""
        key, seen_seq = arrival.key, arrival.seen_seq
        if key is not None and self._answer_again(arrival, command, key):
            return True
        return seen_seq is not None and self._is_stale(arrival, command, seen_seq)

    def _answer_again(self, arrival: Arrival, command: Command, key: str) -> bool:
        known = self.journal.find_record(arrival.actor, key)
        if known is None:
            return False
        if arrival.ticket is not None:
            if known.command == command:
                self.journal.answer(arrival.ticket, known)
            else:
                arrival.ticket.resolve(None, KeyReusedError(f"key {key} was used before"))
        return True

    def _is_stale(self, arrival: Arrival, command: Command, seen_seq: int) -> bool:
        """Whether the sender saw an older subject; then it is told, and no input was taken.

        It is told only once everything up to the version it is told of is durable.
        """
        version = self.rules.version_of(self.state.board, command)
        if version <= seen_seq:
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
