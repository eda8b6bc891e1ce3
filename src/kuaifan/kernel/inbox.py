"""Where inputs wait (收件箱): a live queue on a real clock, or a heap in which time jumps.

The inbox is the engine's only clock. Live and twin differ here and nowhere else. An arrival is
stamped when it is put; ties break by a counter, so the order of inputs is total.
"""

from __future__ import annotations

import contextlib
import heapq
import queue
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from kuaifan.kernel.message import Command, Observation
from kuaifan.kernel.ticket import Ticket

MAX_LIVE_INPUTS = 10_000
"""A full queue refuses at the door: the sender is told to retry, nothing is dropped silently."""


class InboxFullError(RuntimeError):
    """The engine is behind by MAX_LIVE_INPUTS inputs; retry with the same key."""


class Arrival(msgspec.Struct, frozen=True):
    """An input with its time, its sender and the ticket that will carry the answer (到达)."""

    at_ms: int
    actor: str
    payload: Command | Observation
    key: str | None = None
    ticket: Ticket | None = None


class Inbox(Protocol):
    """The seam between the engine and the world (收件箱)."""

    def now_ms(self) -> int:
        """Return the time: integer milliseconds UTC; never less than before."""

    def receive(self, until_ms: int | None) -> Arrival | None:
        """Return the next arrival before `until_ms`, or None when that time has come.

        With until_ms None: wait for an arrival, or return None when there will never be one.
        An arrival at exactly `until_ms` comes after the timers that are due then.
        """


Payload = Command | Observation
Choice = Callable[[int], Payload | None]
"""What a simulated person does when the moment comes; None if it has become pointless."""


class SimInbox:
    """A heap of future arrivals; receiving one moves time to it (仿真收件箱)."""

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms
        self._heap: list[tuple[int, int, str, Payload | Choice]] = []
        self._counter = 0

    def __len__(self) -> int:
        return len(self._heap)

    def now_ms(self) -> int:
        """Return simulated time."""
        return self._now_ms

    def put(self, payload: Payload | Choice, *, actor: str, at_ms: int | None = None) -> None:
        """Schedule an input, or a choice to be made then; a time in the past means now."""
        at_ms = self._now_ms if at_ms is None else max(at_ms, self._now_ms)
        heapq.heappush(self._heap, (at_ms, self._counter, actor, payload))
        self._counter += 1

    def receive(self, until_ms: int | None) -> Arrival | None:
        """Return the next arrival before `until_ms`; time jumps, nothing waits."""
        while self._heap and (until_ms is None or self._heap[0][0] < until_ms):
            at_ms, _, actor, payload = heapq.heappop(self._heap)
            self._now_ms = max(self._now_ms, at_ms)
            made = payload if isinstance(payload, Command | Observation) else payload(at_ms)
            if made is not None:
                return Arrival(self._now_ms, actor, made)
        if until_ms is not None:
            self._now_ms = max(self._now_ms, until_ms)
        return None


class SteadyClock:
    """Wall time at start plus monotonic time since, times a speed (时钟).

    The machine's clock may be set while we run: `step_ms` says by how much it has moved against
    ours since the last call; the caller logs and alarms it, and we never jump.
    """

    def __init__(
        self,
        *,
        start_ms: int | None = None,
        speed: float = 1.0,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic, self.speed = wall, monotonic, speed
        self._wall_start = wall()
        self._start_ms = int(self._wall_start * 1000) if start_ms is None else start_ms
        self._begin = monotonic()

    def now_ms(self) -> int:
        """Return the time in milliseconds UTC; never goes back."""
        return self._start_ms + int((self._monotonic() - self._begin) * 1000 * self.speed)

    def seconds_until(self, at_ms: int) -> float:
        """Real seconds until a moment of this clock; 0 when it has passed."""
        return max(0.0, (at_ms - self.now_ms()) / 1000 / self.speed)

    def step_ms(self) -> int:
        """How far the wall clock has moved away from ours, in milliseconds."""
        ours = self._wall_start + (self._monotonic() - self._begin)
        return int((self._wall() - ours) * 1000)


class LiveInbox:
    """A bounded thread-safe queue on a real clock (实时收件箱)."""

    def __init__(self, clock: SteadyClock, *, max_inputs: int = MAX_LIVE_INPUTS) -> None:
        self._clock = clock
        self._queue: queue.Queue[Arrival | None] = queue.Queue(max_inputs)

    def now_ms(self) -> int:
        """Return the time of the clock."""
        return self._clock.now_ms()

    def put(self, payload: Command | Observation, *, actor: str, key: str | None = None) -> Ticket:
        """Hand in an input from any thread; the ticket carries the answer once it is durable.

        Raises InboxFullError when the engine is too far behind.
        """
        ticket = Ticket()
        try:
            self._queue.put_nowait(Arrival(self._clock.now_ms(), actor, payload, key, ticket))
        except queue.Full:
            raise InboxFullError("the engine is behind; retry with the same key") from None
        return ticket

    def wake(self) -> None:
        """Make a waiting `receive` return with None, so that a stop is noticed at once."""
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)

    def receive(self, until_ms: int | None) -> Arrival | None:
        """Return the next arrival, or None when `until_ms` or a second has passed, or on wake."""
        wait_s = 1.0 if until_ms is None else min(1.0, self._clock.seconds_until(until_ms))
        try:
            return self._queue.get(timeout=wait_s) if wait_s > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
