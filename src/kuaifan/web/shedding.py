"""What gives way when there is too much (过载分流): maps, searches and reports, never a call.

Commands, the telephone system, positions and health are let through always: their own queues
answer for them. Everything else waits for a place, is told to come again, or shares a rate.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from typing import Final, Literal

from kuaifan.web.problems import Problem

Kind = Literal["urgent", "desk", "heavy"]
URGENT: Final = (
    "/v1/commands/",
    "/v1/phone/events",
    "/v1/positions",
    "/v1/session",
    "/healthz",
    "/readyz",
)
HEAVY: Final = (
    "/map/",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/v1/audit",
    "/v1/continuity/",
    "/v1/history",
    "/v1/metrics/",
    "/v1/plans",
    "/v1/policies",
    "/v1/preview/",
    "/v1/reports",
    "/v1/scenarios",
    "/v1/search",
)
"""Dear, and nothing that a caller waits for; what finds a place for a call is not among them."""
BUSY: Final = 64
"""Urgent requests under way above which what is heavy is not begun: a second of a hard night."""
MAX_HEAVY: Final = 24
HEAVY_WAIT_S: Final = 2.0
MAX_SOURCES: Final = 10_000
RATES: Final[dict[Kind, tuple[float, float]]] = {"desk": (50.0, 500.0), "heavy": (50.0, 400.0)}
"""Per session, or per address where there is none: (a second, at once). A map that is dragged
about asks for some 30 a second; a console that starts, for some 60 in all."""


class RateLimits:
    """Token buckets by source (限速); used on the event loop only."""

    def __init__(
        self,
        rates: dict[Kind, tuple[float, float]] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rates, self._now_s = rates or RATES, now_s
        self._buckets: OrderedDict[tuple[str, Kind], tuple[float, float]] = OrderedDict()

    def wait_s(self, source: str, kind: Kind) -> float:
        """Take one; seconds to wait where there is none, 0 where it was taken."""
        if kind not in self._rates:
            return 0.0
        per_s, at_once = self._rates[kind]
        now_s = self._now_s()
        left, at_s = self._buckets.pop((source, kind), (at_once, now_s))
        left = min(at_once, left + (now_s - at_s) * per_s)
        is_there = left >= 1.0
        self._buckets[source, kind] = (left - 1.0 if is_there else left, now_s)
        if len(self._buckets) > MAX_SOURCES:
            self._buckets.popitem(last=False)
        return 0.0 if is_there else (1.0 - left) / per_s


class Shedder:
    """Lets requests in by what they are (分流器); used on the event loop only."""

    def __init__(self, limits: RateLimits | None = None, *, busy: int = BUSY) -> None:
        self._limits, self._busy = limits or RateLimits(), busy
        self.n_urgent = self.n_heavy = 0
        self._places = asyncio.Semaphore(MAX_HEAVY)

    @contextlib.asynccontextmanager
    async def admitted(self, path: str, source: str | None) -> AsyncIterator[None]:
        """While a request is under way; raises Problem 429 or 503 where it has to come again.

        source: whose rate it takes from, None for nobody's.
        """
        kind = kind_of(path)
        if kind == "urgent":
            self.n_urgent += 1
            try:
                yield
            finally:
                self.n_urgent -= 1
            return
        wait_s = 0.0 if source is None else self._limits.wait_s(source, kind)
        if wait_s > 0:
            raise _too_many(wait_s)
        if kind == "desk":
            yield
            return
        async with self._heavy_place():
            yield

    @contextlib.asynccontextmanager
    async def _heavy_place(self) -> AsyncIterator[None]:
        if self.n_urgent > self._busy:
            raise _overloaded()
        try:
            async with asyncio.timeout(HEAVY_WAIT_S):
                await self._places.acquire()
        except TimeoutError as error:
            raise _overloaded() from error
        self.n_heavy += 1
        try:
            yield
        finally:
            self.n_heavy -= 1
            self._places.release()


def kind_of(path: str) -> Kind:
    """What a request is by its path."""
    if path.startswith(URGENT):
        return "urgent"
    return "heavy" if path.startswith(HEAVY) else "desk"


def _too_many(wait_s: float) -> Problem:
    reason_en = f"too many requests from here; come again in {max(1, round(wait_s))} s"
    return Problem(429, "busy", "too_many", "请求过于频繁，请稍后再试", reason_en)


def _overloaded() -> Problem:
    reason_en = "calls and orders come first just now; come again in a moment"
    return Problem(503, "busy", "overloaded", "系统繁忙，接处警优先，请稍后再试", reason_en)
