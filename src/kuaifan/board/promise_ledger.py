"""The promise ledger (承诺台账): what each circle promised, and what the log says it kept.

An incident counts for the circle whose post is nearest by road, as the plan counted its demand; a
ring is kept when the first unit is there within its minutes of the first order: t7 - t4, the unit's
response 出警到场, which circles and targets go by. What the caller waited, t7 - t2, stands beside
it under a name of its own. Day by day, in the city's own time; what was never reached counts as not
kept once it is over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final

import msgspec

from kuaifan.board.plan_papers import StandingPlan
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

MINUTE_MS: Final = 60_000
Z_95: Final = 1.959964
Place = tuple[int, int]
"""Arc and millionths."""
Simulated = Mapping[tuple[str, float], tuple[int, int]]
"""Of a post and ring: so many kept of so many, on the twin."""
NOTHING: Final[Simulated] = MappingProxyType({})
MAX_CALLS: Final = 20_000
"""Answered calls that are waited for to become incidents."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A ring of a circle in a period (兑现): so many of n, with the interval of Wilson (1927).

    simulated: the share that the twin reached, of n_simulated, when the plan was adopted.
    """

    post_id: str
    name: str
    ring_min: float
    promised: float
    n: int
    n_kept: int
    share: float | None
    low: float | None
    high: float | None
    simulated: float | None = None
    n_simulated: int = 0

    @property
    def is_broken(self) -> bool:
        """Whether less was kept than promised, beyond chance."""
        return self.high is not None and self.high < self.promised


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """How long it took (用时): median and 90th percentile in seconds, of n."""

    n: int
    p50_s: float | None
    p90_s: float | None


class DayKept(msgspec.Struct, frozen=True, kw_only=True):
    """All circles together on one day (当日兑现).

    unit: from the first order to the first on scene, t7 - t4; caller: from the answered call to the
    same, t7 - t2, of those a call told of.
    """

    day: str
    rows: tuple[Kept, ...]
    unit: Waits
    caller: Waits


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
    answered_ms: int = 0
    is_over: bool = False


class PromiseReader:
    """Takes in the log record by record (台账读取)."""

    def __init__(self) -> None:
        self._cases: dict[str, _Case] = {}
        self._answered: dict[str, int] = {}

    def add(self, record: Record) -> None:
        """Take in one record; records come in order."""
        for event in record.events:
            reader = READERS.get(type(event))
            if reader is not None:
                reader(self, event, getattr(event, "stamp_at_ms", 0) or record.at_ms)

    def forget_before(self, at_ms: int) -> None:
        """Leave out what was ordered before an instant, as where some records were not read."""
        self._cases = {key: c for key, c in self._cases.items() if c.ordered_ms >= at_ms}

    def answered(self, event: calls.CallAnswered, at_ms: int) -> None:
        """Somebody talks with a caller; what becomes of most calls is known within minutes."""
        self._answered.setdefault(event.call_id, at_ms)
        while len(self._answered) > MAX_CALLS:
            del self._answered[next(iter(self._answered))]

    def opened(self, event: incidents.IncidentOpened, _at_ms: int) -> None:
        """The call that told of it first is the one whose caller waits."""
        case = self._case(event.incident_id)
        case.answered_ms = case.answered_ms or self._answered.pop(event.call_id, 0)

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
        simulated: Simulated = NOTHING,
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
            circles=_rows(standing, pairs, simulated),
            days=tuple(
                _day(standing, day, some, simulated) for day, some in sorted(by_day.items())
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


def _day(
    standing: StandingPlan, day: str, pairs: list[tuple[_Case, int]], simulated: Simulated
) -> DayKept:
    there = [case for case, _ in pairs if case.arrived_ms]
    return DayKept(
        day=day,
        rows=_whole(standing, pairs, simulated),
        unit=_waits([case.arrived_ms - case.ordered_ms for case in there]),
        caller=_waits([c.arrived_ms - c.answered_ms for c in there if c.answered_ms]),
    )


def _waits(durations_ms: list[int]) -> Waits:
    """Nearest rank."""
    ordered = sorted(durations_ms)

    def rank_s(share: float) -> float | None:
        return ordered[math.ceil(share * len(ordered)) - 1] / 1000 if ordered else None

    return Waits(n=len(ordered), p50_s=rank_s(0.5), p90_s=rank_s(0.9))


def _rows(
    standing: StandingPlan, pairs: list[tuple[_Case, int]], simulated: Simulated
) -> tuple[Kept, ...]:
    """A row a circle and ring; circles in the order of their ids, as `nearest` counts them."""
    posts = sorted(standing.plan.posts, key=lambda post: post.post_id)
    found = []
    for i, post in enumerate(posts):
        own = [case for case, circle in pairs if circle == i]
        found += [
            _with_simulated(
                _kept(post.post_id, post.name, ring.ring_min, ring.share, own),
                [simulated.get((post.post_id, ring.ring_min), (0, 0))],
            )
            for ring in post.rings
        ]
    return tuple(found)


def _with_simulated(row: Kept, counts: Iterable[tuple[int, int]]) -> Kept:
    """The row with what the twin showed of it."""
    n_kept, n = (sum(each) for each in zip((0, 0), *counts, strict=True))
    share = round(n_kept / n, 4) if n else None
    return msgspec.structs.replace(row, simulated=share, n_simulated=n)


def _whole(
    standing: StandingPlan, pairs: list[tuple[_Case, int]], simulated: Simulated
) -> tuple[Kept, ...]:
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
        row = _kept("", "", ring_min, round(promised, 4), [case for case, _ in own])
        of_ring = [counts for (_, each_min), counts in simulated.items() if each_min == ring_min]
        found.append(_with_simulated(row, of_ring))
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
    calls.CallAnswered: PromiseReader.answered,
    incidents.IncidentOpened: PromiseReader.opened,
    incidents.IncidentPlaced: PromiseReader.placed,
    incidents.IncidentClosed: PromiseReader.closed,
    orders.UnitAssigned: PromiseReader.sent,
    orders.UnitArrived: PromiseReader.arrived,
}
