"""What a simulated telephone system sends (仿真话机): calls from ring to hang-up, faults on wish.

A plan is made whole before anything is sent, from a seed alone, so that it can be told again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import numpy as np

DAY_MS: Final = 86_400_000
MEAN_GAP_MS: Final = 15_000.0
MEAN_WAIT_MS: Final = 6_000.0
MEAN_TALK_MS: Final = 90_000.0
LINES: Final = ("110", "110", "110", "110", "122", "119", "12345")
GIVE_UP_SHARE: Final = 0.12
HOLD_SHARE: Final = 0.3
TRANSFER_SHARE: Final = 0.15
PARTY_SHARE: Final = 0.1
DOUBLE_SHARE: Final = 0.25
SWAP_SHARE: Final = 0.2
CLOCK_SHARE: Final = 0.05
ODD_SHARE: Final = 0.05
ODD_TEXT: Final = "😱\x00\x1b[31m救命\u202e" * 1_100
AGENCIES: Final = ("119", "120", "122")


class PhonePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What to simulate (仿真方案); answers: whether simulated people pick up at extensions."""

    n_calls: int
    seed: int
    pbx: str = "sim"
    extensions: tuple[str, ...] = ("8001", "8002", "8003")
    answers: bool = True
    faults: bool = False


class Posting(msgspec.Struct, frozen=True):
    """One event to send, so long after the start (待发事件); clock_off_ms: of the device then."""

    after_ms: int
    message: dict[str, Any]
    clock_off_ms: int = 0


def plan_calls(plan: PhonePlan) -> list[Posting]:
    """All events of a plan in the order they are sent; who sends them stamps them."""
    draws = np.random.default_rng(plan.seed)
    postings: list[Posting] = []
    begin_ms = 0
    for call_i in range(plan.n_calls):
        begin_ms += round(draws.exponential(MEAN_GAP_MS))
        steps = _Call(plan, draws, call_i).steps()
        for seq, (after_ms, fields) in enumerate(steps, start=1):
            head = {"pbx": plan.pbx, "call": f"{plan.seed}-{call_i + 1}", "seq": seq}
            postings.append(Posting(begin_ms + after_ms, {**head, **fields}))
    postings.sort(key=lambda each: each.after_ms)
    return _with_faults(postings, draws) if plan.faults else postings


class _Call:
    """One simulated caller (仿真来电)."""

    def __init__(self, plan: PhonePlan, draws: np.random.Generator, call_i: int) -> None:
        self._plan, self._draws, self._call_i = plan, draws, call_i
        self._at_ms = 0

    def steps(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(after so long, fields) of each event."""
        number = f"13{self._draws.integers(10**9):09d}"
        line = LINES[self._draws.integers(len(LINES))]
        dialled = {"line": line, "number": number}
        yield self._now({"event": "ring", **dialled})
        self._wait(MEAN_WAIT_MS)
        if not self._plan.answers or self._happens(GIVE_UP_SHARE):
            self._wait(4 * MEAN_WAIT_MS)
            yield self._now({"event": "hang_up", **dialled})
            return
        extension = self._plan.extensions[self._call_i % len(self._plan.extensions)]
        yield self._now({"event": "answer", "extension": extension, **dialled})
        self._wait(MEAN_TALK_MS / 2)
        yield from self._middle()
        self._wait(MEAN_TALK_MS / 2)
        yield self._now({"event": "hang_up", **dialled})
        self._wait(1_000)
        yield self._now(
            {
                "event": "recording",
                "recording": f"rec/{self._plan.seed}/{self._call_i + 1}.wav",
                "duration_s": round(self._at_ms / 1000, 1),
            }
        )

    def _middle(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """What may happen during a talk."""
        if self._happens(HOLD_SHARE):
            yield self._now({"event": "hold"})
            self._wait(5_000)
            yield self._now({"event": "resume"})
        if self._happens(PARTY_SHARE):
            joined = {"party": "译员", "party_kind": "interpreter", "party_number": "8700"}
            yield self._now({"event": "party_joined", **joined})
            self._wait(20_000)
            yield self._now({"event": "party_left", **joined})
        if self._happens(TRANSFER_SHARE):
            to = AGENCIES[self._draws.integers(len(AGENCIES))]
            yield self._now({"event": "transfer", "to_kind": "agency", "to": to})
            self._wait(8_000)
            yield self._now({"event": "transfer_answer", "party": to})

    def _now(self, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self._at_ms, fields

    def _wait(self, mean_ms: float) -> None:
        self._at_ms += 500 + round(self._draws.exponential(mean_ms))

    def _happens(self, share: float) -> bool:
        return bool(self._draws.random() < share)


def _with_faults(postings: list[Posting], draws: np.random.Generator) -> list[Posting]:
    """Doubles, disorder, a clock off by a day, and texts that no telephone should send."""
    sent: list[Posting] = []
    for posting in postings:
        message = dict(posting.message)
        off_ms = DAY_MS if draws.random() < CLOCK_SHARE else 0
        if draws.random() < ODD_SHARE:
            message["reason"] = ODD_TEXT
        told = Posting(posting.after_ms, message, off_ms)
        sent += [told, told] if draws.random() < DOUBLE_SHARE else [told]
        if len(sent) > 1 and draws.random() < SWAP_SHARE:
            sent[-1], sent[-2] = sent[-2], sent[-1]
    return sent
