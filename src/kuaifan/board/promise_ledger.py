"""The promise ledger (承诺台账): what each circle promised, and what the log says it kept.

An incident counts for the circle whose post is nearest by road, as the plan counted its demand; a
ring is kept when the first unit is there within its minutes of the first order. Day by day, in the
city's own time; what was never reached counts as not kept once it is over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Final

import msgspec

from kuaifan.board.plan_papers import StandingPlan
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

MINUTE_MS: Final = 60_000
Z_95: Final = 1.959964
Place = tuple[int, int]
"""Arc and millionths."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A ring of a circle in a period (兑现): so many of n, with the interval of Wilson (1927)."""

    post_id: str
    name: str
    ring_min: float
    promised: float
    n: int
    n_kept: int
    share: float | None
    low: float | None
    high: float | None

    @property
    def is_broken(self) -> bool:
        """Whether less was kept than promised, beyond chance."""
        return self.high is not None and self.high < self.promised


class DayKept(msgspec.Struct, frozen=True, kw_only=True):
    """All circles together on one day (当日兑现)."""

    day: str
    rows: tuple[Kept, ...]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised and kept since a moment (承诺台账).

    n_far: incidents that no circle's post reaches by road.
    """

    plan_id: str
    plan_name: str
    from_ms: int
    to_ms: int
    circles: tuple[Kept, ...]
    days: tuple[DayKept, ...]
    n_far: int


class _Case(msgspec.Struct):
    place: Place = (-1, 0)
    ordered_ms: int = 0
    arrived_ms: int = 0
    is_over: bool = False


class PromiseReader:
    """Takes in the log record by record (台账读取)."""

    def __init__(self) -> None:
        self._cases: dict[str, _Case] = {}

    def add(self, record: Record) -> None:
        """Take in one record; records come in order."""
        for event in record.events:
            reader = READERS.get(type(event))
            if reader is not None:
                reader(self, event, getattr(event, "stamp_at_ms", 0) or record.at_ms)

    def placed(self, event: incidents.IncidentPlaced, _at_ms: int) -> None:
        """Where it is; the last word counts."""
        self._case(event.incident_id).place = (event.arc, event.fraction_ppm)

    def sent(self, event: orders.UnitAssigned, at_ms: int) -> None:
        """The first order counts."""
        case = self._case(event.incident_id)
        case.ordered_ms = case.ordered_ms or at_ms

    def arrived(self, event: orders.UnitArrived, at_ms: int) -> None:
        """The first arrival counts."""
        case = self._case(event.incident_id)
        case.arrived_ms = min(case.arrived_ms or at_ms, at_ms)

    def closed(self, event: incidents.IncidentClosed, _at_ms: int) -> None:
        """Nobody will come any more."""
        self._case(event.incident_id).is_over = True

    def judge(
        self,
        standing: StandingPlan,
        nearest: Callable[[Sequence[Place]], Sequence[int]],
        *,
        to_ms: int,
        zone: tzinfo,
    ) -> Ledger:
        """Hold what was read against a plan. nearest: place among its posts, -1 where none."""
        cases = [
            case
            for case in self._cases.values()
            if case.ordered_ms >= standing.used_at_ms
            and case.place[0] >= 0
            and (case.arrived_ms or case.is_over)
        ]
        circles = nearest([case.place for case in cases])
        pairs = [(case, i) for case, i in zip(cases, circles, strict=True) if i >= 0]
        by_day: dict[str, list[tuple[_Case, int]]] = {}
        for case, circle in pairs:
            day = datetime.fromtimestamp(case.ordered_ms / 1000, zone).date().isoformat()
            by_day.setdefault(day, []).append((case, circle))
        return Ledger(
            plan_id=standing.plan_id,
            plan_name=standing.plan.name,
            from_ms=standing.used_at_ms,
            to_ms=to_ms,
            circles=_rows(standing, pairs),
            days=tuple(
                DayKept(day=day, rows=_whole(standing, some))
                for day, some in sorted(by_day.items())
            ),
            n_far=len(cases) - len(pairs),
        )

    def _case(self, incident_id: str) -> _Case:
        return self._cases.setdefault(incident_id, _Case())


def wilson(n_kept: int, n: int) -> tuple[float, float]:
    """Where a share lies, 95 times of 100 (Wilson 1927); (0, 1) of nothing."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = n_kept / n, Z_95 * Z_95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def _rows(standing: StandingPlan, pairs: list[tuple[_Case, int]]) -> tuple[Kept, ...]:
    """A row a circle and ring; circles in the order of their ids, as `nearest` counts them."""
    posts = sorted(standing.plan.posts, key=lambda post: post.post_id)
    found = []
    for i, post in enumerate(posts):
        own = [case for case, circle in pairs if circle == i]
        found += [
            _kept(post.post_id, post.name, ring.ring_min, ring.share, own) for ring in post.rings
        ]
    return tuple(found)


def _whole(standing: StandingPlan, pairs: list[tuple[_Case, int]]) -> tuple[Kept, ...]:
    """A row a ring for the city: promised by the circles, each by how many calls it had."""
    posts = sorted(standing.plan.posts, key=lambda post: post.post_id)
    rings = sorted({ring.ring_min for post in posts for ring in post.rings})
    found = []
    for ring_min in rings:
        shares = {
            i: ring.share
            for i, post in enumerate(posts)
            for ring in post.rings
            if ring.ring_min == ring_min
        }
        own = [(case, shares[i]) for case, i in pairs if i in shares]
        promised = sum(share for _, share in own) / len(own) if own else 0.0
        found.append(_kept("", "", ring_min, round(promised, 4), [case for case, _ in own]))
    return tuple(found)


def _kept(post_id: str, name: str, ring_min: float, promised: float, own: list[_Case]) -> Kept:
    limit_ms = round(ring_min * MINUTE_MS)
    n_kept = sum(
        case.arrived_ms > 0 and case.arrived_ms - case.ordered_ms <= limit_ms for case in own
    )
    low, high = wilson(n_kept, len(own))
    is_known = bool(own)
    return Kept(
        post_id=post_id,
        name=name,
        ring_min=ring_min,
        promised=promised,
        n=len(own),
        n_kept=n_kept,
        share=round(n_kept / len(own), 4) if is_known else None,
        low=round(low, 4) if is_known else None,
        high=round(high, 4) if is_known else None,
    )


READERS: Final[dict[type[Event], Callable[..., None]]] = {
    incidents.IncidentPlaced: PromiseReader.placed,
    incidents.IncidentClosed: PromiseReader.closed,
    orders.UnitAssigned: PromiseReader.sent,
    orders.UnitArrived: PromiseReader.arrived,
}
