"""Figures of the running engine for /metrics (引擎指标): how long what takes, what lags behind."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from kuaifan.app.live import LiveEngine
from kuaifan.gateway.outbox import Outbox
from kuaifan.kernel.record import Record
from kuaifan.web.metrics import SIZES, Counter, Histogram, Labels, counter, gauge


class LiveFigures:
    """Counts what the engines of one process do (引擎指标); told from any thread.

    outbox: of the desk, None where nobody outside is told anything.
    """

    def __init__(self, outbox: Callable[[], Outbox | None]) -> None:
        self._outbox = outbox
        self._handed: deque[tuple[int, float]] = deque()
        self._live: LiveEngine | None = None
        self._commit = Histogram("kuaifan_commit_seconds", "From decided to durable.")
        self._sizes = Histogram("kuaifan_group_size", "Records made durable at once.", SIZES)
        self._late = Histogram("kuaifan_timer_late_seconds", "How late a timer was decided.")
        self._refusals = Counter("kuaifan_refusals_total", "Inputs the rules refused, by code.")
        self._faults = Counter("kuaifan_faults_total", "Inputs on which a rule broke.")

    def follow(self, live: LiveEngine) -> None:
        """Count what this engine does from now on; what an earlier one had under way is gone."""
        self._handed.clear()
        self._live = live
        live.engine.watchers.append(self._on_record)
        live.journal.listeners.append(self._on_durable)

    def lines(self) -> list[str]:
        """As /metrics tells them."""
        live, outbox = self._live, self._outbox()
        told = [
            each
            for figure in (self._commit, self._sizes, self._late, self._refusals, self._faults)
            for each in figure.lines()
        ]
        if live is not None:
            n_timers = len(live.engine.state.timers)
            told += gauge("kuaifan_timers_pending", "Timers that are set.", n_timers)
            told += gauge("kuaifan_inbox_depth", "Inputs that wait.", live.inbox.n_waiting)
        if live is not None and outbox is not None:
            told += _outbox_lines(live, outbox)
        return told

    def _on_record(self, record: Record) -> None:
        """On the engine's thread."""
        self._handed.append((record.seq, time.monotonic()))
        if record.refusal is not None:
            self._refusals.add(code=record.refusal.code)
        if record.fault is not None:
            self._faults.add()
        if record.timer_id is not None and self._live is not None:
            inbox = self._live.inbox
            self._late.observe(max(0, inbox.now_ms() - record.at_ms) / 1_000 / inbox.speed)

    def _on_durable(self, records: list[Record]) -> None:
        """On the log's writer's thread; a record may become durable before it is noted above."""
        if not records:
            return
        self._sizes.observe(len(records))
        now_s, last_seq = time.monotonic(), records[-1].seq
        while self._handed and self._handed[0][0] <= last_seq:
            self._commit.observe(now_s - self._handed.popleft()[1])


def _outbox_lines(live: LiveEngine, outbox: Outbox) -> list[str]:
    """What waits for whom and how long, what was given up, what came of the rest."""
    now_ms, waiting = live.inbox.now_ms(), outbox.waiting
    # Changed on the engine's thread: copied in one step before it is counted.
    letters = list(live.engine.board.outbox.letters.copy().values())
    n_waiting, oldest_s, n_dead = (
        dict[Labels, float](),
        dict[Labels, float](),
        dict[Labels, float](),
    )
    for channel in outbox.channels:
        of_channel: Labels = (("channel", channel),)
        waits = waiting.get(channel)
        n_waiting[of_channel] = waits.n if waits else 0
        oldest_s[of_channel] = max(0, now_ms - waits.oldest_at_ms) / 1_000 if waits else 0
        n_dead[of_channel] = sum(each.channel == channel for each in letters)
    n_behind = max(0, live.engine.state.head.seq - max(0, outbox.seq))
    settled: dict[Labels, float] = {
        (("channel", channel), ("outcome", outcome)): n
        for (channel, outcome), n in outbox.settled.copy().items()
    }
    return [
        *gauge("kuaifan_outbox_backlog", "Records the outbox has not read yet.", n_behind),
        *gauge("kuaifan_outbox_waiting", "Effects that wait to be told.", n_waiting),
        *gauge("kuaifan_outbox_oldest_seconds", "Age of the oldest that waits.", oldest_s),
        *gauge("kuaifan_outbox_dead_letters", "Given up; a person decides.", n_dead),
        *counter("kuaifan_outbox_settled_total", "What came of effects.", settled),
    ]
