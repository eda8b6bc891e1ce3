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
    """An input with its time, its sender and the ticket that will carry the answer (到达).

    seen_seq: the version of the command's subject that the sender saw, None where it did not say.
    """

    at_ms: int
    actor: str
    payload: Command | Observation
    key: str | None = None
    ticket: Ticket | None = None
    seen_seq: int | None = None


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
PAYLOADS = (Command, Observation)
Choice = Callable[[int], Payload | None]
"""What a simulated person does when the moment comes; None if it has become pointless."""
Planned = tuple[int, int, str, Payload | Choice]
"""When it comes, a counter that breaks ties, who, and what."""
SPAN_MS = 300_000
"""Of some thousand arrivals planned in a city some dozens fall into the next five minutes."""


class SimInbox:
    """A heap of future arrivals; receiving one moves time to it (仿真收件箱).

    Only what comes soon is in the heap; the rest waits by the span of time that it falls into, for
    the shifts of a day and the papers of a week would make every step of the heap a long one.
    """

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms
        self._heap: list[Planned] = []
        self._until_ms = start_ms
        self._later: dict[int, list[Planned]] = {}
        self._spans: list[int] = []
        self._counter = 0

    def __len__(self) -> int:
        return len(self._heap) + sum(map(len, self._later.values()))

    def now_ms(self) -> int:
        """Return simulated time."""
        return self._now_ms

    def put(self, payload: Payload | Choice, *, actor: str, at_ms: int | None = None) -> None:
        """Schedule an input, or a choice to be made then; a time in the past means now."""
        at_ms = self._now_ms if at_ms is None else max(at_ms, self._now_ms)
        planned = (at_ms, self._counter, actor, payload)
        self._counter += 1
        if at_ms < self._until_ms:
            heapq.heappush(self._heap, planned)
            return
        span = at_ms // SPAN_MS
        later = self._later.get(span)
        if later is None:
            self._later[span] = [planned]
            heapq.heappush(self._spans, span)
        else:
            later.append(planned)

    def receive(self, until_ms: int | None) -> Arrival | None:
        """Return the next arrival before `until_ms`; time jumps, nothing waits."""
        while True:
            heap = self._heap or self._next_span()
            if not heap or (until_ms is not None and heap[0][0] >= until_ms):
                break
            at_ms, _, actor, payload = heapq.heappop(heap)
            self._now_ms = max(self._now_ms, at_ms)
            made = payload if isinstance(payload, PAYLOADS) else payload(at_ms)
            if made is not None:
                return Arrival(self._now_ms, actor, made)
        if until_ms is not None:
            self._now_ms = max(self._now_ms, until_ms)
        return None

    def _next_span(self) -> list[Planned]:
        """Make a heap of what falls into the next span that anything falls into."""
        if self._spans:
            span = heapq.heappop(self._spans)
            self._heap, self._until_ms = self._later.pop(span), (span + 1) * SPAN_MS
            heapq.heapify(self._heap)
        return self._heap


class SteadyClock:
    """Wall time at start plus monotonic time since, times a speed (时钟).

    The machine's clock may be set while we run: `behind_ms` says how far it is from ours; who
    watches it logs and alarms a jump, and we never jump.
    """

    def __init__(
        self,
        *,
        start_ms: int | None = None,
        speed: float = 1.0,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        start_ms = int(wall() * 1000) if start_ms is None else start_ms
        # One tuple, so that a reader in another thread never sees half a change of speed.
        self._pace = (monotonic(), start_ms, speed)

    @property
    def speed(self) -> float:
        """How many seconds of ours pass in a real one."""
        return self._pace[2]

    def set_speed(self, speed: float) -> None:
        """Go on from now at another speed; the time does not jump."""
        now_s = self._monotonic()
        self._pace = (now_s, self._at(now_s), speed)

    def now_ms(self) -> int:
        """Return the time in milliseconds UTC; never goes back."""
        return self._at(self._monotonic())

    def seconds_until(self, at_ms: int) -> float:
        """Real seconds until a moment of this clock; 0 when it has passed."""
        return max(0.0, (at_ms - self.now_ms()) / 1000 / self.speed)

    def behind_ms(self) -> int:
        """How far the wall clock is ahead of ours, in milliseconds; negative: behind."""
        return int(self._wall() * 1000) - self.now_ms()

    def _at(self, monotonic_s: float) -> int:
        begin_s, start_ms, speed = self._pace
        # A reader may have read the steady clock just before the speed was changed.
        return start_ms + int(max(0.0, monotonic_s - begin_s) * 1000 * speed)


class LiveInbox:
    """A bounded thread-safe queue on a real clock (实时收件箱)."""

    def __init__(self, clock: SteadyClock, *, max_inputs: int = MAX_LIVE_INPUTS) -> None:
        self.clock = clock
        self._queue: queue.SimpleQueue[Arrival | None] = queue.SimpleQueue()
        self._max_inputs = max_inputs

    @property
    def speed(self) -> float:
        """How many times faster than the wall the clock runs."""
        return self.clock.speed

    def now_ms(self) -> int:
        """Return the time of the clock."""
        return self.clock.now_ms()

    def put(
        self,
        payload: Command | Observation,
        *,
        actor: str,
        key: str | None = None,
        seen_seq: int | None = None,
    ) -> Ticket:
        """Hand in an input from any thread; the ticket carries the answer once it is durable.

        Raises InboxFullError when the engine is too far behind.
        """
        ticket = Ticket()
        arrival = Arrival(self.clock.now_ms(), actor, payload, key, ticket, seen_seq)
        # Several senders at the very limit may each find the last room: a few over it harm nobody.
        if self._queue.qsize() >= self._max_inputs:
            raise InboxFullError("the engine is behind; retry with the same key")
        self._queue.put(arrival)
        return ticket

    @property
    def n_waiting(self) -> int:
        """How many inputs wait."""
        return self._queue.qsize()

    def wake(self) -> None:
        """Make a waiting `receive` return with None, so that a stop is noticed at once."""
        self._queue.put(None)

    def refuse_waiting(self, error: BaseException) -> None:
        """Answer everything that waits with an error: nobody will decide it any more."""
        with contextlib.suppress(queue.Empty):
            while True:
                arrival = self._queue.get_nowait()
                if arrival is not None and arrival.ticket is not None:
                    arrival.ticket.resolve(None, error)

    def receive(self, until_ms: int | None) -> Arrival | None:
        """Return the next arrival, or None when `until_ms` or a second has passed, or on wake."""
        wait_s = 1.0 if until_ms is None else min(1.0, self.clock.seconds_until(until_ms))
        try:
            return self._queue.get(timeout=wait_s) if wait_s > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None
