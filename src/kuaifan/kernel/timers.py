"""Timers (定时器): a heap of due commands, itself folded from events and so never lost.

Order is total: by due time, then by the order in which the timers were set. An entry that was
replaced or cancelled stays in the heap and is skipped when it comes up.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import msgspec

from kuaifan.kernel.message import Event, TimerCancelled, TimerSet

MAX_TIMERS = 1_000_000
MAX_DEAD = 1_000
MAX_DEAD_SHARE = 2
"""The heap is cleaned when it is over so many times the pending timers, plus MAX_DEAD."""


class Due(NamedTuple):
    """A timer in the order in which timers fall due."""

    due_at_ms: int
    set_no: int
    timer_id: str
    command: bytes


class SavedTimer(msgspec.Struct, frozen=True):
    """A pending timer in a snapshot (定时器快照)."""

    due_at_ms: int
    set_no: int
    timer_id: str
    command: bytes


class Timers:
    """All pending timers (待触发定时器)."""

    def __init__(self) -> None:
        self._heap: list[Due] = []
        self._set_no = 0
        self._pending: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def fold(self, event: Event) -> None:
        """Take note of a timer event; other events pass by."""
        if isinstance(event, TimerSet):
            self._add(Due(event.due_at_ms, self._set_no, event.timer_id, bytes(event.command)))
        elif isinstance(event, TimerCancelled):
            self._pending.pop(event.timer_id, None)

    def fired(self, timer_id: str) -> None:
        """Forget a timer whose command has been decided."""
        self._pending.pop(timer_id, None)

    def find_next(self) -> Due | None:
        """Return the next pending timer without removing it. O(log n) amortized."""
        while self._heap and not self._is_live(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0] if self._heap else None

    def is_pending(self, timer_id: str) -> bool:
        """Whether a timer of that id is set."""
        return timer_id in self._pending

    def save(self) -> list[SavedTimer]:
        """List pending timers for a snapshot, in due order."""
        return [SavedTimer(*due) for due in sorted(self._heap) if self._is_live(due)]

    def load(self, saved: list[SavedTimer]) -> None:
        """Replace all timers by those of a snapshot; their order of setting is kept."""
        self._heap = [Due(t.due_at_ms, t.set_no, t.timer_id, t.command) for t in saved]
        heapq.heapify(self._heap)
        self._pending = {timer.timer_id: timer.set_no for timer in saved}
        self._set_no = 1 + max((timer.set_no for timer in saved), default=-1)

    def _add(self, due: Due) -> None:
        if len(self._pending) >= MAX_TIMERS and due.timer_id not in self._pending:
            raise OverflowError(f"{MAX_TIMERS} timers are pending; {due.timer_id} is one too many")
        self._pending[due.timer_id] = due.set_no
        self._set_no += 1
        heapq.heappush(self._heap, due)
        # What was replaced or cancelled long before its time must not pile up.
        if len(self._heap) > MAX_DEAD_SHARE * len(self._pending) + MAX_DEAD:
            self._heap = [due for due in self._heap if self._is_live(due)]
            heapq.heapify(self._heap)

    def _is_live(self, due: Due) -> bool:
        return self._pending.get(due.timer_id) == due.set_no
