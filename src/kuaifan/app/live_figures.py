"""Figures of the running engine for /metrics (引擎指标): how long what takes, what lags behind."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from kuaifan.app.live import LiveEngine
from kuaifan.kernel.record import Record
from kuaifan.web.metrics import SIZES, Counter, Histogram, gauge


class LiveFigures:
    """Counts what the engines of one process do (引擎指标); told from any thread.

    n_behind: records that an outbox has not dealt with yet, None where there is none.
    """

    def __init__(self, n_behind: Callable[[], int | None]) -> None:
        self._n_behind = n_behind
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
        live, n_behind = self._live, self._n_behind()
        told = [
            each
            for figure in (self._commit, self._sizes, self._late, self._refusals, self._faults)
            for each in figure.lines()
        ]
        if live is not None:
            n_timers = len(live.engine.state.timers)
            told += gauge("kuaifan_timers_pending", "Timers that are set.", n_timers)
            told += gauge("kuaifan_inbox_depth", "Inputs that wait.", live.inbox.n_waiting)
        if n_behind is not None:
            told += gauge("kuaifan_outbox_backlog", "Records not told elsewhere yet.", n_behind)
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
