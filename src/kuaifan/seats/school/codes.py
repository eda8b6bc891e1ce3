"""Codes of the school seat in words (校园代码)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Choice

from .kinds import ALARM

YES_NO: Final = (Choice("yes", "是", "yes"), Choice("no", "否", "no"))
SCHOOL_KINDS: Final = (
    Choice("kindergarten", "幼儿园", "kindergarten"),
    Choice("primary", "小学", "primary"),
    Choice("secondary", "中学", "secondary"),
    Choice("other", "其他", "other"),
)
KEY_KINDS: Final = (Choice("device", "设备", "device"), Choice("web", "网页", "web page"))
PERIODS: Final = (
    Choice("morning", "早上学", "morning"),
    Choice("noon_out", "午放学", "noon, out"),
    Choice("noon_in", "午上学", "noon, in"),
    Choice("afternoon", "晚放学", "afternoon"),
)
OUTCOMES: Final = tuple(Choice(code, *words) for code, words in ALARM.outcomes.items())
