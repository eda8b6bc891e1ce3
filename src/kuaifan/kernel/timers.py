"""Timers (定时器): a heap of due commands, itself folded from events and so never lost.

Order is total: by due time, then by the order in which the timers were set. An entry that was
replaced or cancelled stays in the heap until it comes to the top.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import msgspec

from kuaifan.kernel.message import Command, Event, TimerCancelled, TimerSet

MAX_TIMERS = 1_000_000
MAX_DEAD = 1_000
MAX_DEAD_SHARE = 2
"""The heap is cleaned when it is over so many times the pending timers, plus MAX_DEAD."""


class Due(NamedTuple):
    """A timer in the order in which timers fall due; made: its command, where it was set here."""

    due_at_ms: int
    set_no: int
    timer_id: str
    command: bytes
    made: Command | None = None


class SavedTimer(msgspec.Struct, frozen=True):
    """A pending timer in a snapshot (定时器快照)."""

    due_at_ms: int
    set_no: int
    timer_id: str
    command: bytes


class Timers:
    """All pending timers (待触发定时器); next_at_ms: when the next falls due, None for none."""

    def __init__(self) -> None:
        self.next_at_ms: int | None = None
        self._heap: list[Due] = []
        self._set_no = 0
        self._pending: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def fold(self, event: Event, made: Command | None = None) -> None:
        """Take note of a timer event; other events pass by. made: the command as it reads back."""
        if isinstance(event, TimerSet):
            command = bytes(event.command)
            self._add(Due(event.due_at_ms, self._set_no, event.timer_id, command, made))
        elif isinstance(event, TimerCancelled):
            self.fired(event.timer_id)

    def fired(self, timer_id: str) -> None:
        """Forget a timer whose command has been decided, or is not wanted any more."""
        if self._pending.pop(timer_id, None) is not None:
            self._settle()

    def find_next(self) -> Due | None:
        """Return the next pending timer without removing it."""
        return self._heap[0] if self._heap else None

    def is_pending(self, timer_id: str) -> bool:
        """Whether a timer of that id is set."""
        return timer_id in self._pending

    def save(self) -> list[SavedTimer]:
        """List pending timers for a snapshot, in due order."""
        live = filter(self._is_live, self._heap)
        return [SavedTimer(*due[:4]) for due in sorted(live, key=_rank)]

    def load(self, saved: list[SavedTimer]) -> None:
        """Replace all timers by those of a snapshot; their order of setting is kept."""
        self._heap = [Due(t.due_at_ms, t.set_no, t.timer_id, t.command) for t in saved]
        heapq.heapify(self._heap)
        self._pending = {timer.timer_id: timer.set_no for timer in saved}
        self._set_no = 1 + max((timer.set_no for timer in saved), default=-1)
        self._settle()

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
        self._settle()

    def _settle(self) -> None:
        """Drop what is dead from the top of the heap. O(log n) amortized."""
        heap, pending = self._heap, self._pending
        while heap and pending.get(heap[0].timer_id) != heap[0].set_no:
            heapq.heappop(heap)
        self.next_at_ms = heap[0].due_at_ms if heap else None

    def _is_live(self, due: Due) -> bool:
        return self._pending.get(due.timer_id) == due.set_no


def _rank(due: Due) -> tuple[int, int]:
    return due.due_at_ms, due.set_no
