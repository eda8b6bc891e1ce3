"""Refused rights (越权留痕): who tried what its role may not is logged, and floods nothing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Final

from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.access import LogRefusedRight

AGAIN_S: Final = 600.0
"""A page that asks again and again for what it may not is one entry in ten minutes."""
MAX_KNOWN: Final = 10_000
MAX_CHARS: Final = 200
Submit = Callable[[LogRefusedRight, str], object]


class Refusals:
    """Writes them down (越权登记); on the event loop only. Never waits: a refusal is answered."""

    def __init__(self, submit: Submit, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._submit, self._clock_s = submit, clock_s
        self._told: dict[tuple[str, str, str], float] = {}

    def note(self, person: str, role: str, right: str, at: str) -> None:
        """Somebody was refused a right at a route."""
        key, now_s = (person, role, right), self._clock_s()
        if now_s - self._told.get(key, -AGAIN_S) < AGAIN_S:
            return
        if len(self._told) >= MAX_KNOWN:
            self._told.clear()
        self._told[key] = now_s
        refused = LogRefusedRight(
            person=person[:64],
            role=role[:MAX_CHARS],
            right=right[:MAX_CHARS],
            at=at[:MAX_CHARS],
        )
        # Where nothing can be written nothing is allowed either; the answer is no all the same.
        with contextlib.suppress(StorageError, InboxFullError):
            self._submit(refused, f"user:{person}")
