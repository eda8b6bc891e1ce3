"""The engine on a real clock (实时引擎): one thread that decides, one that writes.

Started from the log: whatever was acknowledged is on the board again before the first input is
taken, and every timer that fell due meanwhile fires first, stamped with its own time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec

from kuaifan.app.build import build_id
from kuaifan.app.clock_watch import ClockWatch
from kuaifan.app.printing import print_problem
from kuaifan.app.rules import core_codec, core_rulebook, new_board, plugin_ids
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import LiveInbox, SteadyClock
from kuaifan.kernel.journal import State, StorageError
from kuaifan.kernel.message import Command, Event, Observation, StartEngine
from kuaifan.kernel.rulebook import Rulebook
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.log_journal import KEY_FAULTS, LogJournal
from kuaifan.store.log_place import LogPlace
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.recovery import recover
from kuaifan.store.suite import SuiteName

T = TypeVar("T")
STOP_TIMEOUT_S = 30.0


def on_wall_clock(last_at_ms: int) -> LiveInbox:
    """The inbox of a real desk: the time is that of the wall, but never before the log's end."""
    clock = SteadyClock()
    if clock.now_ms() < last_at_ms:
        clock = SteadyClock(start_ms=last_at_ms)
    return LiveInbox(clock)


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """How the log of a desk is kept (日志保管); see LogOptions."""

    take_over_after_s: float | None = None
    anchor: Path | None = None
    accepts_shorter: bool = False
    suite: SuiteName | None = None


class LiveEngine:
    """A running desk (运行中的引擎); `submit` from any thread, `stop` once.

    make_inbox: is told the last instant of the log, for a clock that goes on from there.
    error: what ended the engine's thread, None while it runs well. between_inputs: called on the
    engine's thread after each input, and at least once a second. on_end: called last by that
    thread when it ends unasked.
    """

    def __init__(
        self,
        log: LogPlace,
        reference: Reference,
        *,
        make_inbox: Callable[[int], LiveInbox] | None = None,
        city_path: str = "",
        keeping: Keeping = Keeping(),  # noqa: B008 - frozen
        rules: Rulebook[Board] | None = None,
    ) -> None:
        codec, rules = core_codec(), rules or core_rulebook()
        options = LogOptions(
            city_hash=reference.city_hash,
            former_city_hash=reference.former_city_hash,
            city_path=city_path,
            take_over_after_s=keeping.take_over_after_s,
            anchor=keeping.anchor,
            accepts_shorter=keeping.accepts_shorter,
            suite=keeping.suite,
            learns_keys=True,
            tell=print_problem,
        )
        self.journal = self.open_journal(log, codec, options)
        if self.journal.lost:
            print_problem(f"going on, as told: {self.journal.lost}")
        self._reference, self._rules = reference, rules
        try:
            state = self._recover()
        except BaseException:
            # Left open, the log would be locked against the next attempt of this very process.
            self.journal.close()
            raise
        self.inbox = (make_inbox or on_wall_clock)(state.head.at_ms)
        self.engine = Engine(state, rules, codec, self.inbox, self.journal, restore=self._restore)
        self.error: BaseException | None = None
        self.between_inputs: list[Callable[[], None]] = []
        self._asked: deque[Callable[[], None]] = deque()
        if make_inbox is None:
            watch = ClockWatch(self.inbox.clock, lambda note: self.submit(note, actor="clock"))
            self.between_inputs.append(watch)
        self.on_end: Callable[[], None] = lambda: None
        self._is_started = self._is_stopping = False
        self._is_running = True
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> Ticket:
        """Begin to decide; the ticket is answered once the start is durable."""
        started = self.announce()
        self._thread.start()
        self._is_started = True
        return started

    def announce(self) -> Ticket:
        """Hand in the start of this build as the first input."""
        return self.submit(
            StartEngine(
                build=build_id(),
                plugins=plugin_ids(),
                city_hash=self._reference.city_hash,
                accepted_loss=self.journal.lost,
            ),
            actor="engine",
        )

    def open_journal(self, log: LogPlace, codec: Codec, options: LogOptions) -> LogJournal:
        """Open the log to write it."""
        return open_log(log, codec, options)

    def turn(self) -> bool:
        """Take one input or due timer, if there is one, and do what comes between two inputs."""
        did_anything = self.engine.step()
        # A refused commit is known to the writer first: the board is ahead of the log.
        self.journal.check()
        for call in self.between_inputs:
            call()
        self._answer_asked()
        return did_anything

    def submit(
        self,
        payload: Command | Observation,
        *,
        actor: str,
        key: str | None = None,
        seen_seq: int | None = None,
    ) -> Ticket:
        """Hand in an input; its ticket is answered when it is durable."""
        ticket = self.inbox.put(payload, actor=actor, key=key, seen_seq=seen_seq)
        if not self._thread.is_alive() and self._is_started:
            self._refuse_waiting()
        return ticket

    def ask(self, command: Command, look: Callable[[Board, list[Event]], T]) -> Future[T]:
        """Decide a command without any effect and look at it, between two inputs."""

        def decide(board: Board) -> T:
            now_ms = max(self.inbox.now_ms(), self.engine.state.head.at_ms)
            return look(board, self._rules.decide(board, command, now_ms))

        return self.look(decide)

    def look(self, look: Callable[[Board], T]) -> Future[T]:
        """Look at the board between two inputs, on the engine's thread: nothing changes meanwhile.

        Whoever asks once that thread has ended is told StorageError.
        """
        asked: Future[T] = Future()

        def reply() -> None:
            # Who has given up is answered no more; from here on nobody can.
            if not asked.set_running_or_notify_cancel():
                return
            try:
                found = look(self._board_of_now())
            except Exception as error:  # noqa: BLE001 - a broken rule must not take the desk down
                asked.set_exception(error)
            else:
                asked.set_result(found)

        self._asked.append(reply)
        self.inbox.wake()
        if self._is_started and not self._is_running:
            self._answer_asked()
        return asked

    def end(self) -> None:
        """End the engine's thread after the input under way; what waits is told to retry."""
        self._is_stopping = True
        self.inbox.wake()
        if self._is_started:
            self._thread.join(STOP_TIMEOUT_S)

    def stop(self) -> None:
        """End, write everything down and close the log."""
        self.end()
        self.journal.close()

    def _run(self) -> None:
        try:
            while not self._is_stopping:
                self.turn()
        except StorageError as error:
            self.error = error
        except BaseException as error:
            self.error = error
            raise
        finally:
            self._is_running = False
            self._refuse_waiting()
            self._answer_asked()
            if self.error is not None:
                self.on_end()

    def _refuse_waiting(self) -> None:
        """Nobody decides what still waits: its senders are told at once, and retry elsewhere."""
        self.inbox.refuse_waiting(StorageError(self._why_ended))

    def _board_of_now(self) -> Board:
        if not self._is_running:
            raise StorageError(self._why_ended)
        return self.engine.board

    def _answer_asked(self) -> None:
        """Answer who asked; at the end from any thread, one question by one of them."""
        while True:
            try:
                reply = self._asked.popleft()
            except IndexError:
                return
            reply()

    @property
    def _why_ended(self) -> str:
        return str(self.error or "the desk is stopping")

    def _recover(self) -> State[Board]:
        with self.journal.open_reader() as reader:
            return recover(reader, self._rules, self._new_board, build=build_id())

    def _restore(self) -> State[Board]:
        self.journal.flush()
        try:
            return self._recover()
        except KEY_FAULTS as error:
            # Nobody has a board then; the log is opened again, as after a bad disk.
            raise StorageError(f"the board cannot be rebuilt: {error}") from None

    def _new_board(self) -> Board:
        return new_board(self._reference)
