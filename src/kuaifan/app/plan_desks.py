"""Worked out beside the running desk (规划各台): plans, comparisons, what comes, what if."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict
from zoneinfo import ZoneInfo

from kuaifan.app.ahead_desk import AheadDesk
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.plan_in_use import InUseKeeper
from kuaifan.app.planner import Planner
from kuaifan.app.policy_desk import PolicyTrials
from kuaifan.app.shadow import Shadow
from kuaifan.app.what_if_desk import WhatIfDesk
from kuaifan.store.log_place import LogPlace


class PlanParts(TypedDict):
    """What the pages of planning are given (规划页所需)."""

    planner: Planner
    policies: PolicyTrials
    ahead: AheadDesk
    what_if: WhatIfDesk


class PlanDesks:
    """Each runs in a process beside the desk, and yields while commands wait (规划各台)."""

    def __init__(
        self, city: Path, desk: LiveDesk, log: LogPlace, *, zone: ZoneInfo, shadow: Shadow
    ) -> None:
        def n_waiting() -> int:
            return desk.live.inbox.n_waiting

        def clock_ms() -> int:
            return desk.clock()[0]

        self._shadow = shadow
        self._in_use = InUseKeeper(city, desk)
        self._planner = Planner(city, desk, n_waiting=n_waiting, clock_ms=clock_ms, zone=zone)
        self._policies = PolicyTrials(
            city, desk, n_waiting=n_waiting, clock_ms=clock_ms, shadow=shadow.figures
        )
        self._ahead = AheadDesk(city, desk.save_state, n_waiting=n_waiting, clock_ms=clock_ms)
        self._what_if = WhatIfDesk(
            city, desk, log, n_waiting=n_waiting, clock_ms=clock_ms, zone=zone
        )

    def start(self) -> None:
        """Go on with what the last life was asked."""
        self._planner.start()
        self._policies.start()
        self._shadow.start()
        self._in_use.start()

    def stop(self) -> None:
        """End what runs; the next start says what was cut off."""
        self._planner.stop()
        self._policies.stop()
        self._ahead.stop()
        self._what_if.stop()
        self._shadow.stop()
        self._in_use.stop()

    def parts(self) -> PlanParts:
        """What the pages are given."""
        return PlanParts(
            planner=self._planner,
            policies=self._policies,
            ahead=self._ahead,
            what_if=self._what_if,
        )
