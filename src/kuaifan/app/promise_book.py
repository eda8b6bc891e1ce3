"""The promise ledger of a live desk (承诺台账): read on from where it was.

What the log said is kept in memory for the plan in use; a question reads only the records since the
last one. Beside promised and kept stands what the twin showed when the plan was adopted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Final, Protocol

import msgspec

from kuaifan.app.planner_papers import ComparisonFiles, Proved
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.board.plan_papers import PlanPapers, StandingPlan
from kuaifan.board.promise_ledger import NOTHING, Ledger, Place, PromiseReader, Simulated
from kuaifan.board.reference import Reference
from kuaifan.kernel.record import Record
from kuaifan.plan.scenario import ScenarioError
from kuaifan.plan.trial import TwinFigures

SECONDS_PER_MINUTE: Final = 60


class ReadDesk(Protocol):
    """What the ledger asks of the desk (台账所需)."""

    @property
    def reference(self) -> Reference:
        """What holds now."""

    @property
    def plans(self) -> PlanPapers:
        """What was proposed and adopted."""

    def read_since(self, since_ms: int, each: Callable[[Record], None]) -> int:
        """Hand over the records since an instant; returns from when."""


class PromiseBook:
    """What the plan in use promised, was simulated to keep, and kept; from any thread."""

    def __init__(
        self,
        desk: ReadDesk,
        files: tuple[ScenarioFiles, ComparisonFiles],
        *,
        clock_ms: Callable[[], int],
        zone: tzinfo,
    ) -> None:
        self._desk, (self._files, self._kept) = desk, files
        self._clock_ms, self._zone = clock_ms, zone
        self._lock = threading.Lock()
        self._begin(("", 0), NOTHING)

    def ledger(self) -> Ledger | None:
        """As it is now; None where no plan is in use. Reads only what is new."""
        standing = self._desk.plans.in_use()
        if standing is None:
            return None
        with self._lock:
            plan = (standing.plan_id, standing.used_at_ms)
            if plan != self._plan:
                self._begin(plan, self._find_simulated(standing))
            self._read_on(standing.used_at_ms)
            found = self._reader.judge(
                standing,
                self._nearest,
                to_ms=self._clock_ms(),
                zone=self._zone,
                simulated=self._simulated,
            )
        return msgspec.structs.replace(found, from_ms=max(found.from_ms, self._from_ms))

    def _begin(self, plan: tuple[str, int], simulated: Simulated) -> None:
        self._plan, self._reader = plan, PromiseReader()
        self._read_ms = self._from_ms = 0
        self._near: dict[Place, int] = {}
        self._simulated = simulated

    def _read_on(self, used_at_ms: int) -> None:
        """Records of the last instant come once more, which the reader takes for the same."""

        def take(record: Record) -> None:
            self._reader.add(record)
            self._read_ms = max(self._read_ms, record.at_ms)

        asked_ms = self._read_ms or used_at_ms
        from_ms = self._desk.read_since(asked_ms, take)
        if from_ms > asked_ms or not self._from_ms:
            # Of a very busy time only the last records are read, and the ledger begins with them.
            self._reader.forget_before(from_ms)
            self._from_ms = from_ms

    def _nearest(self, places: Sequence[Place]) -> Sequence[int]:
        """Whose post is nearest by road; each place is looked up once."""
        from kuaifan.twin.trial import nearest_circles

        new = sorted({each for each in places if each not in self._near})
        if new:
            circles = nearest_circles(self._desk.reference, new)[0]
            self._near.update(zip(new, circles, strict=True))
        return [self._near[each] for each in places]

    def _find_simulated(self, standing: StandingPlan) -> Simulated:
        """What the twin showed of the plan before it was adopted; nothing where that is gone."""
        try:
            kept = self._kept.find(Proved(standing.plan_hash, standing.comparison))
            twin = self._files.find_twin(kept.new_id) if kept else None
        except ScenarioError:
            return {}
        return simulated_of(standing, twin) if twin else {}


def simulated_of(standing: StandingPlan, twin: TwinFigures) -> Simulated:
    """Of each circle and ring: how many of how many the twin reached in its minutes (仿真兑现)."""
    found: dict[tuple[str, float], tuple[int, int]] = {}
    rings = {post.post_id: post.rings for post in standing.plan.posts}
    for day in twin.days:
        for circle, response_s in zip(day.circle, day.response_s, strict=True):
            if not 0 <= circle < len(twin.post_ids):
                continue
            post_id = twin.post_ids[circle]
            for ring in rings.get(post_id, ()):
                key = (post_id, ring.ring_min)
                n_kept, n = found.get(key, (0, 0))
                is_kept = response_s <= ring.ring_min * SECONDS_PER_MINUTE
                found[key] = (n_kept + is_kept, n + 1)
    return found
