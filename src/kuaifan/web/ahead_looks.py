"""What the web asks of runs from the board of a moment (前瞻与反事实接口); it comes in from app."""

from __future__ import annotations

from typing import Protocol

import msgspec

from kuaifan.plan.scenario import Job
from kuaifan.plan.what_if import WhatIfAsk


class AheadLook(Protocol):
    """What the web asks of the hour ahead (前瞻); calls block, and may raise ScenarioError."""

    def ask(self) -> Job:
        """Begin to look."""

    def job(self) -> Job | None:
        """How far the last look is."""

    def find(self) -> msgspec.Struct | None:
        """The last answer."""

    def end(self) -> Job:
        """Stop what runs."""


class WhatIfLook(Protocol):
    """What the web asks of what-ifs (反事实); calls block, and may raise ScenarioError."""

    def ask(self, asked: WhatIfAsk) -> Job:
        """Begin."""

    def job(self) -> Job | None:
        """How far the last run is."""

    def find(self) -> msgspec.Struct | None:
        """The last answer."""

    def end(self) -> Job:
        """Stop what runs."""

    def begins_at(self) -> str:
        """When the log begins."""
