"""Choices and fields that several forms of the seat share (家暴专席选项)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.seat_forms import Choice, Field

YES_NO_UNKNOWN: Final = (
    Choice("yes", "是", "yes"),
    Choice("no", "否", "no"),
    Choice("unknown", "未问明", "not known"),
)
LEVELS: Final = (
    Choice("red", "红色", "red"),
    Choice("orange", "橙色", "orange"),
    Choice("blue", "蓝色", "blue"),
)
FACTS: Final = (
    Choice("injury", "轻微伤以上", "injury beyond slight"),
    Choice("slight_injury", "轻微伤及以下", "slight injury"),
    Choice("weapon", "使用凶器", "a weapon"),
    Choice("strangling", "扼颈", "strangling"),
    Choice("threat_to_kill", "威胁杀害", "threat to kill"),
    Choice("breach", "违反保护令或告诫书", "breach of an order or letter"),
    Choice("child_present", "有儿童在场", "a child was there"),
    Choice("alcohol", "饮酒", "alcohol"),
)
REFEREES: Final = (
    Choice("womens_federation", "妇联", "women's federation"),
    Choice("hospital", "医院", "hospital"),
    Choice("civil_affairs", "民政", "civil affairs"),
    Choice("court", "法院", "court"),
    Choice("shelter", "庇护所", "shelter"),
    Choice("legal_aid", "法律援助", "legal aid"),
    Choice("school", "学校", "school"),
)
OUTCOMES: Final = (
    Choice("helped", "已提供帮助", "helped"),
    Choice("declined", "本人不需要", "declined"),
    Choice("returned", "对方退回", "returned"),
)
PARTIES: Final = (
    Choice("victim", "受害人", "victim"),
    Choice("respondent", "加害人", "respondent"),
)
SERVED: Final = (Choice("signed", "已签收", "signed"), Choice("refused", "拒签", "refused"))
QUESTIONS: Final = (
    ("hit", "对方打过、推搡或限制过人身吗？", "Were you hit, pushed or held?"),
    ("threatened", "对方威胁过人身安全吗？", "Were you threatened?"),
    (
        "controlled",
        "行动、手机或钱被对方控制吗？",
        "Are your movements, phone or money controlled?",
    ),
    ("afraid", "现在害怕对方吗？", "Are you afraid now?"),
    ("children_harmed", "孩子或老人受到伤害吗？", "Was a child or an old person harmed?"),
)
"""Asked of every family dispute (家暴筛查问题); one yes is violence."""
NOTE: Final = Field(name="note", zh="备注", en="note", kind="long_text", required=False)
REASON: Final = Field(name="reason", zh="理由", en="reason", kind="long_text")
SAFE: Final = Field(name="is_safe", zh="本人安全", en="is safe", kind="yes_no")
