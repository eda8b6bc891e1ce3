"""The codes of the forms in words (选项)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Choice

from .checklist import OTHER, RULES
from .kinds import CASE, CHECK, SAMPLE, UNCLEARED

RULE_CHOICES: Final = (
    *(Choice(rule.code, rule.zh, rule.en) for rule in RULES),
    Choice(OTHER, "其他", "something else"),
)
CASE_KINDS: Final = (
    Choice("criminal", "刑事案件", "criminal"),
    Choice("public_order", "行政（治安）案件", "public order"),
)
CASE_ENDS: Final = tuple(Choice(code, *words) for code, words in CASE.outcomes.items())
CASE_STAGES: Final = (*(Choice(code, *words) for code, words in CASE.words.items()), *CASE_ENDS)
QUALITY: Final = (
    Choice("no_arrest_absolute", "绝对不捕", "arrest refused for good"),
    Choice("no_charge_absolute", "绝对不诉", "charge refused for good"),
    Choice("acquitted", "无罪判决", "acquitted"),
    Choice("suit_lost", "行政诉讼败诉", "lawsuit lost"),
    Choice("decision_corrected", "行政复议纠错", "decision corrected"),
)
LEVELS: Final = (
    Choice("city", "市局", "city"),
    Choice("county", "分县局", "county"),
    Choice("station", "派出所", "station"),
)
YES_NO: Final = (Choice("yes", "是", "yes"), Choice("no", "否", "no"))
OWNERS: Final = (
    Choice("person", "个人", "person"),
    Choice("unit", "警组", "unit"),
    Choice("desk", "指挥席", "desk"),
)
AGENDA: Final = (
    Choice("uncleared", "未清警情", "uncleared"),
    Choice("defect", "评查问题", "finding"),
    Choice("case", "案件", "case"),
    Choice("small_case", "民生小案", "small case"),
    Choice("task", "上次交办", "earlier task"),
    Choice("other_item", "其他逾期事项", "other late item"),
)
STAGES: Final = tuple(
    Choice(code, *words)
    for kind in (UNCLEARED, CHECK, SAMPLE)
    for code, words in kind.words.items()
)
