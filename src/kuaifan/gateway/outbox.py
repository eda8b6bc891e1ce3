"""The outbox (外发): tells everybody outside what the log wishes for, and the log what came of it.

The log is the queue, and holds how far it was told, so that whoever writes it next goes on there:
after a crash, and on another machine. One thread reads it and decides whose turn it is; others
only post. Told at least once, with a key that makes it once for a receiver that keeps keys.
Whatever fails, the outbox says so once, waits, and goes on: it ends only when it is told to.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Final, Protocol

import msgspec

from kuaifan.board.outbox import OutboxPapers
from kuaifan.gateway.effect import Effect, Settled
from kuaifan.gateway.effect_post import Receiver, SilentError, has_arrived, is_to_retry
from kuaifan.gateway.effects import Wishes, list_effects
from kuaifan.gateway.outbox_lanes import AT_ONCE, Lanes, Pace
from kuaifan.gateway.outbox_past import FORGET_MS, Past
from kuaifan.gateway.outbox_progress import Progress
from kuaifan.gateway.outbox_reports import list_reports
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.outbox import NoteDelivered

COUNT_S: Final = 1.0
NOTE_RECORDS: Final = 5_000
"""Records without a wish after which it is written down: a start reads no more than these."""
MAX_WAITING: Final = 20_000
"""Effects in memory; past it the log is read no further until some are settled."""
MAX_COUNTED: Final = 100
REPORT_S: Final = 10.0
STOP_S: Final = 3.0
"""A stop waits so long for answers; what has none is told again at the next start."""
BAD_LOG: Final = (StorageError, BadInputError, OSError, InboxFullError)


class OutboxSource(Wishes, Protocol):
    """The desk, as far as the outbox meets it (外发的指挥台)."""

    def read_after(self, seq: int) -> Sequence[Record]:
        """The next durable records after a seq; blocks on the disk. Raises as a log does."""

    def last_seq(self) -> int:
        """The last durable record."""

    def last_seq_before(self, at_ms: int) -> int:
        """The last durable record that is older than an instant, 0 where none is."""

    def papers(self) -> OutboxPapers:
        """How far it had come when this process began."""

    def now_ms(self) -> int:
        """City time."""

    def submit(self, command: Command) -> Ticket:
        """Hand in what became of something; raises StorageError or InboxFullError."""


class Waiting(msgspec.Struct, frozen=True):
    """What waits on a channel (外发积压)."""

    n: int
    oldest_at_ms: int


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """How often what is done (外发节律).

    look_s: the log is looked at, if nobody wakes the outbox. pause_s: after a log that refused.
    note_s: how far it came is written down while something is told; idle_note_s: otherwise.
    """

    look_s: float = 2.0
    pause_s: float = 1.0
    note_s: float = 1.0
    idle_note_s: float = 600.0


class Answer(msgspec.Struct, frozen=True):
    """How an attempt ended (投递结果); status 0: nobody answered, and `trouble` says why."""

    effect: Effect
    status: int
    trouble: str = ""


PACE: Final = Pace()
RHYTHM: Final = Rhythm()


class Outbox:
    """Tells everybody outside (外发); `wake` and the figures from any thread.

    say: told in a sentence what goes wrong, once each time it begins to; never anybody's data.
    receivers: by channel; what is wished for on others is not the outbox's.
    """

    def __init__(
        self,
        source: OutboxSource,
        receivers: Mapping[str, Receiver],
        *,
        say: Callable[[str], None],
        pace: Pace = PACE,
        rhythm: Rhythm = RHYTHM,
    ) -> None:
        self._source, self._receivers, self._say = source, dict(receivers), say
        self._lanes, self._rhythm = Lanes(pace), rhythm
        self._progress, self._past = Progress(-1), Past(OutboxPapers())
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._reports: deque[Command] = deque()
        self._pools = {
            channel: ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"outbox-{channel}")
            for channel in self._receivers
        }
        self._troubles: dict[str, str] = {}
        self._n_told = 0
        self._noted_s = self._counted_s = time.monotonic()
        self._has_news = False
        self._wake, self._is_over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self.settled: Counter[tuple[str, str]] = Counter()
        self.waiting: Mapping[str, Waiting] = {}
        """As of the last second."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Whom it tells."""
        return tuple(self._receivers)

    def trouble(self, channel: str) -> str:
        """What keeps a receiver from being told now, empty while all is well; no one's data."""
        known = (self._troubles.get(each, "") for each in ("log", "reports", channel))
        return "; ".join(filter(None, known))

    @property
    def seq(self) -> int:
        """The last record that it has read, -1 before it was started."""
        return self._progress.read_seq

    def start(self) -> None:
        """Begin where the log says it came to; the first time after the last record there is."""
        papers = self._source.papers()
        if papers.upto_seq >= 0:
            self._progress = Progress(papers.upto_seq, papers.done)
        else:
            self._progress = Progress(self._source.last_seq())
        self._past = Past(papers)
        # From now on the log says that an outbox runs: what is wished for is this one's to tell.
        self._reports.append(NoteDelivered(upto_seq=self._progress.read_seq))
        self._thread.start()

    def wake(self) -> None:
        """Look at the log again."""
        self._wake.set()

    def stop(self) -> None:
        """End after what is under way, and write down how far it came."""
        self._is_over.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S + REPORT_S + self._rhythm.look_s)
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._is_over.is_set():
            n_read = self._try("log", self._read)
            self._take_answers()
            self._tell_due()
            # Counted before the log hears of it: who reads of a letter finds it no longer waiting.
            self._look_around()
            self._try("reports", self._hand_in)
            if not n_read:
                self._rest()
        until_s = time.monotonic() + STOP_S
        while self._n_told and (left_s := until_s - time.monotonic()) > 0:
            self._take_answers(timeout_s=left_s)
        self._try("reports", lambda: self._hand_in(is_last=True))

    def _try(self, what: str, act: Callable[[], int]) -> int:
        """Do something with the log; where that fails, say so, once, and wait a little."""
        try:
            n = act()
        except BAD_LOG as error:
            self._say_once(what, f"the log cannot be used by the outbox: {error}")
            self._is_over.wait(self._rhythm.pause_s)
            return 0
        self._troubles[what] = ""
        return n

    def _read(self) -> int:
        """Take in the next records; returns how many there were."""
        if self._lanes.n_waiting >= MAX_WAITING:
            return 0
        records = self._source.read_after(self._progress.read_seq)
        for record in records:
            self._past.follow(record)
            new = self._list_new(record)
            self._progress.read(record.seq, [each.place for each in new])
            self._has_news |= not isinstance(record.command, NoteDelivered)
            for effect in new:
                if effect.is_gone:
                    self._settle(Settled(effect=effect, why="gone"))
                else:
                    self._lanes.add(effect)
        now_ms = self._source.now_ms()
        if records and self._past.may_skip(records[-1].at_ms, now_ms):
            self._progress.skip(self._source.last_seq_before(now_ms - FORGET_MS))
        return len(records)

    def _list_new(self, record: Record) -> list[Effect]:
        """What a record wants told that is neither dealt with nor past."""
        effects = list_effects(record, self._source, self._receivers)
        is_over = self._past.is_over(record.at_ms, self._source.now_ms())
        return [
            each
            for each in effects
            # What a person asked for again stands on the screens until something came of it.
            if not self._progress.is_done(each.place) and (each.is_repeated or not is_over)
        ]

    def _tell_due(self) -> None:
        while True:
            next_one = self._lanes.take(_steady_ms(), self._source.now_ms())
            if next_one is None:
                return
            if isinstance(next_one, Settled):
                self._settle(next_one)
                continue
            self._n_told += 1
            self._pools[next_one.channel].submit(self._post, next_one)

    def _post(self, effect: Effect) -> None:
        """On a thread of the receiver's."""
        try:
            answer = Answer(effect, self._receivers[effect.channel].post(effect))
        except SilentError as error:
            answer = Answer(effect, 0, str(error))
        self._answers.put(answer)
        self._wake.set()

    def _take_answers(self, *, timeout_s: float = 0) -> None:
        try:
            answer = self._answers.get(timeout=timeout_s) if timeout_s else self._answers.get(False)
            while True:
                self._take_answer(answer)
                answer = self._answers.get(False)
        except Empty:
            return

    def _take_answer(self, answer: Answer) -> None:
        self._n_told -= 1
        effect, status = answer.effect, answer.status
        if has_arrived(status):
            self._troubles[effect.channel] = ""
            self._settle(self._lanes.delivered(effect))
        elif status and not is_to_retry(status):
            self._troubles[effect.channel] = ""
            self._settle(self._lanes.refused(effect, status))
        else:
            where = self._receivers[effect.channel].where
            what = f"answers {status}" if status else f"is silent: {answer.trouble}"
            self._say_once(effect.channel, f"{effect.channel} at {where} {what}")
            self._lanes.failed(effect, status=status, steady_ms=_steady_ms())

    def _settle(self, settled: Settled) -> None:
        effect = settled.effect
        self.settled[effect.channel or "none", settled.why or "delivered"] += 1
        if settled.why is not None:
            self._say(f"given up, {settled.why}: {effect.channel} was not told of {effect.name}")
        self._reports.extend(list_reports(settled))
        self._progress.settle(effect.place)

    def _hand_in(self, *, is_last: bool = False) -> int:
        """Tell the log what became of what; in order, and each durable before the next."""
        while self._reports:
            self._submit(self._reports[0])
            self._reports.popleft()
        if self._is_to_note(is_last=is_last):
            note = self._progress.note()
            self._submit(note)
            self._progress.noted(note)
            self._noted_s, self._has_news = time.monotonic(), False
        return 0

    def _submit(self, command: Command) -> None:
        try:
            self._source.submit(command).wait(REPORT_S)
        except TimeoutError as error:
            raise StorageError("the engine does not answer the outbox") from error

    def _is_to_note(self, *, is_last: bool) -> bool:
        since_s = time.monotonic() - self._noted_s
        if self._progress.n_unnoted:
            return is_last or since_s >= self._rhythm.note_s
        is_far = self._progress.n_ahead >= NOTE_RECORDS or since_s >= self._rhythm.idle_note_s
        return self._has_news and self._progress.n_ahead > 0 and (is_last or is_far)

    def _look_around(self) -> None:
        """Count what waits, for whoever asks; much of it not at every turn."""
        if self._lanes.n_waiting > MAX_COUNTED and time.monotonic() - self._counted_s < COUNT_S:
            return
        self._counted_s = time.monotonic()
        found: dict[str, Waiting] = {}
        for effect in self._lanes.waiting():
            known = found.get(effect.channel, Waiting(0, effect.at_ms))
            oldest_ms = min(known.oldest_at_ms, effect.at_ms)
            found[effect.channel] = Waiting(known.n + 1, oldest_ms)
        self.waiting = found

    def _rest(self) -> None:
        """Until there is news, or an attempt is due."""
        due_ms = self._lanes.next_due_ms()
        wait_s = self._rhythm.look_s
        if due_ms is not None:
            wait_s = min(wait_s, max(0.0, (due_ms - _steady_ms()) / 1_000))
        if self._progress.n_unnoted:
            wait_s = min(wait_s, self._rhythm.note_s)
        self._wake.wait(wait_s)
        self._wake.clear()

    def _say_once(self, what: str, trouble: str) -> None:
        if trouble != self._troubles.get(what, ""):
            self._troubles[what] = trouble
            self._say(trouble)


def _steady_ms() -> int:
    return time.monotonic_ns() // 1_000_000
