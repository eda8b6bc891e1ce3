"""The times of the school seat (校园时限), all [U]: set by one logged command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.seat_terms import Term

TermName = Literal["on_scene_min", "test_due_days", "early_min", "grace_min", "window_h"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Until somebody is on scene, a key is tested; a guard's period; the longest test (时限)."""

    on_scene_min: int = 5
    test_due_days: int = 7
    early_min: int = 45
    grace_min: int = 10
    window_h: int = 4

    @property
    def on_scene_ms(self) -> int:
        """From the press until somebody is there."""
        return self.on_scene_min * MINUTE_MS

    @property
    def test_due_ms(self) -> int:
        """From the first of the month until a key that was not tested is."""
        return self.test_due_days * DAY_MS

    @property
    def early_ms(self) -> int:
        """So long before a period a guard may check in."""
        return self.early_min * MINUTE_MS

    @property
    def grace_ms(self) -> int:
        """So long after a period has begun it is looked at who is there."""
        return self.grace_min * MINUTE_MS

    @property
    def window_ms(self) -> int:
        """The longest test window: a longer one would swallow real alarms."""
        return self.window_h * HOUR_MS


TERMS: Final[Mapping[str, Term]] = {
    "on_scene_min": Term("到场时限（分）", "minutes until somebody is on scene", 2, 30),
    "test_due_days": Term("补测时限（天）", "days to test a key late", 1, 31),
    "early_min": Term("签到提前量（分）", "minutes before a period to check in", 5, 120),
    "grace_min": Term("缺岗核对（分）", "minutes into a period to look who is there", 1, 60),
    "window_h": Term("测试时段上限（小时）", "hours of a test window at most", 1, 8),
}
