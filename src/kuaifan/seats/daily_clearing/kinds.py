"""What the seat has people owe (日清事项): to clear, judge, correct, to end a case or a task."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.vocabulary.item import Rung

SEAT_ID: Final = "daily_clearing"
DAY_MS: Final = 24 * HOUR_MS
LONG_LADDER: Final = (Rung(0, "supervisor"), Rung(DAY_MS, "leader"))
"""Of what runs for days: late by law is late at once."""

UNCLEARED: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="uncleared",
    title_zh="昨日未清警情",
    title_en="uncleared incident",
    steps={"uncleared": ("explained", CLOSED), "explained": ("explained", CLOSED)},
    words={"uncleared": ("未清", "uncleared"), "explained": ("已说明理由", "explained")},
    outcomes={
        "closed": ("办结", "closed"),
        "case": ("转案件", "in a case"),
        "mediation": ("转调解", "in mediation"),
        "transfer": ("已移交", "transferred"),
        "merged": ("并入他警", "merged"),
    },
)
CHECK: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="check",
    title_zh="日评查问题",
    title_en="review finding",
    steps={
        "to_judge": ("correcting", CLOSED),
        "correcting": ("to_check",),
        "to_check": ("correcting", CLOSED),
    },
    words={
        "to_judge": ("待认定", "to judge"),
        "correcting": ("整改中", "being corrected"),
        "to_check": ("待复核", "to look at again"),
    },
    outcomes={
        "dismissed": ("不成立", "dismissed"),
        "corrected": ("已整改", "corrected"),
    },
)
SAMPLE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="sample",
    title_zh="日评查抽检",
    title_en="drawn for review",
    steps={"to_look": (CLOSED,)},
    words={"to_look": ("待抽检", "to look at")},
    outcomes={"clean": ("未发现问题", "nothing found"), "defects": ("有问题", "with findings")},
)
CASE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="case",
    title_zh="关联案件",
    title_en="linked case",
    steps={
        "accepted": ("checking", "filed", CLOSED),
        "checking": ("checking_long", "filed", CLOSED),
        "checking_long": ("filed", CLOSED),
        "filed": ("extended", CLOSED),
        "extended": ("extended_again", CLOSED),
        "extended_again": (CLOSED,),
    },
    words={
        "accepted": ("已受案", "accepted"),
        "checking": ("立案审查（7 日）", "checking, 7 days"),
        "checking_long": ("立案审查（30 日）", "checking, 30 days"),
        "filed": ("已立案", "filed"),
        "extended": ("延期一次", "extended once"),
        "extended_again": ("延期二次", "extended twice"),
    },
    outcomes={
        "decided": ("作出决定", "decided"),
        "cleared": ("破案", "cleared"),
        "mediated": ("调解结案", "mediated"),
        "withdrawn": ("撤销案件", "withdrawn"),
        "not_filed": ("不予立案", "not filed"),
        "handed_over": ("移送管辖", "handed over"),
    },
    ladder=LONG_LADDER,
)
SMALL: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="small_case",
    title_zh="民生小案",
    title_en="small case",
    steps={
        "to_watch": ("to_examine", CLOSED),
        "to_examine": ("to_study", CLOSED),
        "to_study": (CLOSED,),
    },
    words={
        "to_watch": ("待盯办", "to be watched"),
        "to_examine": ("待勘查", "scene to be examined"),
        "to_study": ("待研判", "to be studied"),
    },
    outcomes={
        "done": ("盯、勘、研完毕", "watched, examined, studied"),
        "no_theft": ("非盗窃", "no theft"),
    },
)
TASK: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="meeting_task",
    title_zh="会议交办",
    title_en="task of the meeting",
    steps={"open": (CLOSED,)},
    words={"open": ("办理中", "open")},
    outcomes={"done": ("已办", "done"), "dropped": ("撤销", "dropped")},
)
KINDS: Final = (UNCLEARED, CHECK, SAMPLE, CASE, SMALL, TASK)
