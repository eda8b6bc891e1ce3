"""Whose turn it is to be told (外发次序): in order within a lane, each lane for itself.

No thread, no clock and no socket: the outbox runs it, and a test with a made-up world does too.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import deque
from collections.abc import Iterator
from typing import Final

import msgspec

from kuaifan.gateway.effect import Effect, Settled
from kuaifan.vocabulary.outbox import FailedWhy

FIRST_PAUSE_MS: Final = 1_000
LAST_PAUSE_MS: Final = 15_000
"""Each attempt waits about twice as long as the one before, up to this."""
AT_ONCE: Final = 4
"""Lanes of one receiver that are told at the same time: one that hangs holds up no more."""


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait after an attempt that failed (重试节奏); seed: of the jitter."""

    first_ms: int = FIRST_PAUSE_MS
    last_ms: int = LAST_PAUSE_MS
    seed: int = 0

    def pause_ms(self, effect_id: str, n_attempts: int) -> int:
        """From half to the whole of a doubling pause: what failed together is not tried together.

        The same for the same seed, so that a failing run can be run again.
        """
        whole_ms = min(self.last_ms, self.first_ms << min(n_attempts - 1, 20))
        drawn = hashlib.sha256(f"{self.seed}:{effect_id}:{n_attempts}".encode()).digest()
        return whole_ms // 2 + whole_ms * int.from_bytes(drawn[:4]) // (2 << 32)


class Lane(msgspec.Struct):
    """What one receiver is told about one thing (外发队); n_attempts: of the first in it."""

    channel: str
    effects: deque[Effect]
    n_attempts: int = 0
    status: int = 0
    is_told: bool = False


class Lanes:
    """All that waits to be told (外发次序); for one thread at a time.

    Two times go in: of the city, which decides what is too old, and of a steady clock, for pauses.
    """

    def __init__(self, pace: Pace, *, at_once: int = AT_ONCE) -> None:
        self._pace, self._at_once = pace, at_once
        self._lanes: dict[str, Lane] = {}
        self._due: dict[str, list[tuple[int, int, str]]] = {}
        self._n_told: dict[str, int] = {}
        self._n_added = 0
        self.n_waiting = 0

    def add(self, effect: Effect) -> None:
        """Put an effect behind the others of its lane."""
        lane = self._lanes.get(effect.lane)
        if lane is None:
            lane = self._lanes[effect.lane] = Lane(effect.channel, deque())
        lane.effects.append(effect)
        self.n_waiting += 1
        if len(lane.effects) == 1:
            self._put_due(effect.lane, lane.channel, 0)

    def take(self, steady_ms: int, city_ms: int) -> Effect | Settled | None:
        """The next to be told now, or one that is too old for it, or None."""
        for channel, due in self._due.items():
            if self._n_told.get(channel, 0) >= self._at_once:
                continue
            if due and due[0][0] <= steady_ms:
                return self._take_from(channel, city_ms)
        return None

    def next_due_ms(self) -> int | None:
        """When there is something to tell again, None while that waits for an answer or a wish."""
        free = [
            due[0][0]
            for channel, due in self._due.items()
            if due and self._n_told.get(channel, 0) < self._at_once
        ]
        return min(free, default=None)

    def delivered(self, effect: Effect) -> Settled:
        """It has arrived: the next of its lane may go."""
        return self._settle(effect, None)

    def refused(self, effect: Effect, status: int) -> Settled:
        """The receiver does not want it; the same again would not help."""
        lane = self._lanes[effect.lane]
        lane.n_attempts, lane.status = lane.n_attempts + 1, status
        return self._settle(effect, "refused")

    def failed(self, effect: Effect, *, status: int, steady_ms: int) -> None:
        """Nobody took it; it is tried again, and the rest of its lane waits behind it."""
        lane = self._lanes[effect.lane]
        self._free(lane)
        lane.n_attempts, lane.status = lane.n_attempts + 1, status
        pause_ms = self._pace.pause_ms(effect.effect_id, lane.n_attempts)
        self._put_due(effect.lane, lane.channel, steady_ms + pause_ms)

    def waiting(self) -> Iterator[Effect]:
        """Every effect that is not settled."""
        for lane in self._lanes.values():
            yield from lane.effects

    def _take_from(self, channel: str, city_ms: int) -> Effect | Settled:
        _, _, name = heapq.heappop(self._due[channel])
        lane = self._lanes[name]
        effect = lane.effects[0]
        lane.is_told = True
        self._n_told[channel] = self._n_told.get(channel, 0) + 1
        if city_ms > effect.until_ms:
            return self._settle(effect, "silent" if lane.n_attempts else "late")
        return effect

    def _settle(self, effect: Effect, why: FailedWhy | None) -> Settled:
        lane = self._lanes[effect.lane]
        self._free(lane)
        n_attempts = lane.n_attempts + (why is None)
        settled = Settled(effect=effect, why=why, n_attempts=n_attempts, status=lane.status)
        lane.effects.popleft()
        self.n_waiting -= 1
        lane.n_attempts = lane.status = 0
        if lane.effects:
            self._put_due(effect.lane, lane.channel, 0)
        else:
            del self._lanes[effect.lane]
        return settled

    def _free(self, lane: Lane) -> None:
        if lane.is_told:
            lane.is_told = False
            self._n_told[lane.channel] -= 1

    def _put_due(self, name: str, channel: str, due_ms: int) -> None:
        self._n_added += 1
        heapq.heappush(self._due.setdefault(channel, []), (due_ms, self._n_added, name))
