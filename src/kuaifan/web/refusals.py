"""Refused rights (越权留痕): who tried what its role may not is logged, and floods nothing."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Final

from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.vocabulary.access import LogRefusedRight
from kuaifan.web.problems import Problem

AGAIN_S: Final = 600.0
"""A page that asks again and again for what it may not is one entry in ten minutes."""
FORBIDDEN: Final = 403
ASKED_FOR_MORE: Final = frozenset(
    {
        *("purpose_needed", "approval_needed", "second_factor_needed"),
        *("wrong_password", "wrong_code", "bad_link"),
        # Another site had the browser ask: not what the person did.
        "other_site",
    }
)
"""Codes of answers that refuse no right: they ask for something first, or it was mistyped."""
BEYOND_REACH: Final = "beyond_reach"
"""What stands for a right where a case or unit is of another desk, or not this crew's."""
MAX_KNOWN: Final = 10_000
MAX_CHARS: Final = 200
Submit = Callable[[LogRefusedRight, str], object]


def right_refused(problem: Problem) -> str:
    """The right that somebody was refused, empty where it was no matter of rights."""
    if problem.tried or problem.status != FORBIDDEN or problem.code in ASKED_FOR_MORE:
        return problem.tried
    return problem.code


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
