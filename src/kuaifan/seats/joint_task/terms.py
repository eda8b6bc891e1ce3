"""The times of joint work (合成作战时限), all [U]: set by one logged command, in minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.seat_terms import Term

TermName = Literal[
    "accept_urgent_min",
    "accept_usual_min",
    "answer_urgent_min",
    "answer_usual_min",
    "task_urgent_min",
    "task_usual_min",
    "decide_min",
]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """To take it, to answer, to end it, and for a leader to decide whose it is (时限)."""

    accept_urgent_min: int = 15
    accept_usual_min: int = 120
    answer_urgent_min: int = 120
    answer_usual_min: int = 48 * 60
    task_urgent_min: int = 24 * 60
    task_usual_min: int = 7 * 24 * 60
    decide_min: int = 60

    def accept_ms(self, urgency: str) -> int:
        """Until a branch has taken it."""
        return _ms(self.accept_urgent_min, self.accept_usual_min, urgency)

    def answer_ms(self, urgency: str) -> int:
        """Until it has answered, from when it took it."""
        return _ms(self.answer_urgent_min, self.answer_usual_min, urgency)

    def task_ms(self, urgency: str) -> int:
        """Until the whole task ends."""
        return _ms(self.task_urgent_min, self.task_usual_min, urgency)

    @property
    def decide_ms(self) -> int:
        """Until somebody has decided about what was sent back."""
        return self.decide_min * MINUTE_MS


def _ms(urgent_min: int, usual_min: int, urgency: str) -> int:
    return (urgent_min if urgency == "urgent" else usual_min) * MINUTE_MS


TERMS: Final[Mapping[str, Term]] = {
    "accept_urgent_min": Term("受领时限·紧急（分）", "minutes to take it, urgent", 5, 240),
    "accept_usual_min": Term("受领时限·一般（分）", "minutes to take it, usual", 15, 2880),
    "answer_urgent_min": Term("答复时限·紧急（分）", "minutes to answer, urgent", 15, 1440),
    "answer_usual_min": Term("答复时限·一般（分）", "minutes to answer, usual", 60, 20160),
    "task_urgent_min": Term("办结时限·紧急（分）", "minutes to end it, urgent", 60, 10080),
    "task_usual_min": Term("办结时限·一般（分）", "minutes to end it, usual", 240, 43200),
    "decide_min": Term("退回定责时限（分）", "minutes to decide what was sent back", 10, 1440),
}
