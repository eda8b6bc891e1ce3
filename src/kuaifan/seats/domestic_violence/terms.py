"""The clocks and numbers of the seat (专席时限与参数), each with its bounds.

None of them was found in a published rule: the visit intervals of the nine-ministry opinion of
December 2024 are not public, so that a city sets its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from kuaifan.board.seat_terms import Term

TermName = Literal[
    "take_call_min",
    "screening_h",
    "confirm_h",
    "attention_h",
    "red_first_h",
    "red_every_h",
    "orange_first_h",
    "orange_every_h",
    "blue_first_h",
    "blue_every_h",
    "retry_h",
    "n_tries",
    "safety_call_h",
    "level_days",
    "count_days",
    "month_days",
    "step_months",
    "close_months",
    "serve_h",
    "committee_h",
    "receipt_h",
    "referral_days",
    "order_notice_days",
    "protected_call_min",
    "protected_radius_m",
    "kept_days",
]


class Terms(msgspec.Struct, frozen=True):
    """The numbers in force (现行参数): minutes, hours, days, months of month_days."""

    take_call_min: int = 5
    screening_h: int = 2
    confirm_h: int = 24
    attention_h: int = 24
    red_first_h: int = 24
    red_every_h: int = 7 * 24
    orange_first_h: int = 72
    orange_every_h: int = 14 * 24
    blue_first_h: int = 7 * 24
    blue_every_h: int = 30 * 24
    retry_h: int = 24
    n_tries: int = 3
    safety_call_h: int = 72
    level_days: int = 90
    count_days: int = 365
    month_days: int = 30
    step_months: int = 3
    close_months: int = 12
    serve_h: int = 72
    committee_h: int = 24
    receipt_h: int = 24
    referral_days: int = 7
    order_notice_days: int = 14
    protected_call_min: int = 5
    protected_radius_m: int = 50
    kept_days: int = 90


TERMS: Final[Mapping[str, Term]] = {
    "take_call_min": Term("接席时限（分钟）", "minutes until the seat has the call", 1, 60),
    "screening_h": Term(
        "家庭纠纷筛查时限（小时）", "hours until a family dispute is screened", 1, 72
    ),
    "confirm_h": Term("家暴核实时限（小时）", "hours until the facts are confirmed", 1, 168),
    "attention_h": Term("关注等级确认时限（小时）", "hours until the level is confirmed", 1, 168),
    "red_first_h": Term("红色首访（小时）", "hours to the first red visit", 1, 72),
    "red_every_h": Term("红色复访间隔（小时）", "hours between red visits", 24, 336),
    "orange_first_h": Term("橙色首访（小时）", "hours to the first orange visit", 1, 168),
    "orange_every_h": Term("橙色复访间隔（小时）", "hours between orange visits", 24, 720),
    "blue_first_h": Term("蓝色首访（小时）", "hours to the first blue visit", 1, 336),
    "blue_every_h": Term("蓝色复访间隔（小时）", "hours between blue visits", 24, 2160),
    "retry_h": Term("未见到人再访（小时）", "hours until a visit or call is tried again", 1, 168),
    "n_tries": Term("每次查访最多尝试次数", "tries of one visit or call", 1, 10),
    "safety_call_h": Term("安全回访时限（小时）", "hours until the safety call", 1, 168),
    "level_days": Term("关注等级有效期（天）", "days a level holds", 7, 180),
    "count_days": Term("次数计算期（天）", "days in which incidents count", 90, 730),
    "month_days": Term("一个月按几天计", "days of a month", 28, 31),
    "step_months": Term("降一级所需无暴力月数", "clean months for one step down", 1, 12),
    "close_months": Term("结案所需无暴力月数", "clean months until the case is closed", 6, 36),
    "serve_h": Term("告诫书送达时限（小时）", "hours to serve a letter", 1, 336),
    "committee_h": Term("告知居（村）委会时限（小时）", "hours to tell the committee", 1, 168),
    "receipt_h": Term("转介回执时限（小时）", "hours to the receipt of a referral", 1, 168),
    "referral_days": Term("转介办理时限（天）", "days of a referral", 1, 90),
    "order_notice_days": Term("保护令到期提醒（天）", "days of notice before an order ends", 1, 60),
    "protected_call_min": Term(
        "保护令地址来警研判时限（分钟）", "minutes to judge a protected call", 1, 60
    ),
    "protected_radius_m": Term(
        "保护地址匹配半径（米）", "metres around a protected address", 10, 300
    ),
    "kept_days": Term("结案后留在席面（天）", "days on the page after the end", 7, 1095),
}
"""Each in words, with its bounds: nobody switches a clock off."""
