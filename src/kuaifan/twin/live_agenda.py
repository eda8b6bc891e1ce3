"""The agenda of a living city (实时日程): what simulated people will do, on the live clock.

It is the live inbox itself: a person's choice is made on the engine's own thread when its moment
comes, between two inputs, so it may read the board; and it enters as an input like any other.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable

from kuaifan.kernel.inbox import Arrival, Choice, LiveInbox, Payload, SteadyClock
from kuaifan.kernel.message import Command, Observation


class LiveAgenda(LiveInbox):
    """A live inbox that also knows what is planned (实时日程).

    `plan` and `forget` are called on the engine's thread only, by watchers and choices; `ask` from
    any. may_act: whether a simulated person is at work; what one plans and may not do is dropped
    when it is due.
    """

    def __init__(self, clock: SteadyClock) -> None:
        super().__init__(clock)
        self.may_act: Callable[[str], bool] = lambda _actor: True
        self._asked: deque[Callable[[], None]] = deque()
        self._planned: list[tuple[int, int, str, Payload | Choice]] = []
        self._counter = 0

    def ask(self, action: Callable[[], None]) -> None:
        """Have something done on the engine's thread between two inputs, soon."""
        self._asked.append(action)
        self.wake()

    def plan(self, payload: Payload | Choice, *, actor: str, at_ms: int | None = None) -> None:
        """Do or choose something then; a time in the past means now."""
        at_ms = self.now_ms() if at_ms is None else at_ms
        heapq.heappush(self._planned, (at_ms, self._counter, actor, payload))
        self._counter += 1

    def forget(self, actor_is_gone: Callable[[str], bool]) -> None:
        """Drop what some actors had planned, as when a person takes their place."""
        self._planned = [item for item in self._planned if not actor_is_gone(item[2])]
        heapq.heapify(self._planned)

    def receive(self, until_ms: int | None) -> Arrival | None:
        """Return what comes first: an arrival, or what a person does at its planned moment."""
        while self._asked:
            self._asked.popleft()()
        planned_ms = self._planned[0][0] if self._planned else None
        known = [at_ms for at_ms in (until_ms, planned_ms) if at_ms is not None]
        arrival = super().receive(min(known, default=None))
        if arrival is not None or planned_ms is None:
            return arrival
        now_ms = self.now_ms()
        if planned_ms > now_ms or (until_ms is not None and until_ms <= planned_ms):
            return None
        return self._do(now_ms)

    def _do(self, now_ms: int) -> Arrival | None:
        at_ms, _, actor, payload = heapq.heappop(self._planned)
        if not self.may_act(actor):
            return None
        made = payload if isinstance(payload, Command | Observation) else payload(at_ms)
        return None if made is None else Arrival(now_ms, actor, made)


class People:
    """What simulated people see of a live agenda (日程接口)."""

    def __init__(self, agenda: LiveAgenda) -> None:
        self._agenda = agenda

    def now_ms(self) -> int:
        """The time of the live clock."""
        return self._agenda.now_ms()

    def put(self, payload: Payload | Choice, *, actor: str, at_ms: int | None = None) -> None:
        """Do or choose something then."""
        self._agenda.plan(payload, actor=actor, at_ms=at_ms)
