"""The seat's kinds of items (家暴专席事项): what its team owes, until when, and who is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.board.reference import MINUTE_MS
from kuaifan.seats.domestic_violence.papers import SEAT_ID
from kuaifan.vocabulary.item import Rung


class Stage(NamedTuple):
    """A stage of an item (阶段): what may follow, and its words."""

    follow: tuple[str, ...]
    words: tuple[str, str]


ONE_STAGE: Final = {"open": Stage((CLOSED,), ("待办", "to do"))}
FAST: Final = (
    Rung(0, "dispatcher"),
    Rung(5 * MINUTE_MS, "supervisor"),
    Rung(30 * MINUTE_MS, "leader"),
)
"""For what is about somebody in danger now."""
SLOW: Final = (Rung(0, "supervisor"), Rung(24 * HOUR_MS, "leader"))


def _kind(
    kind: str,
    words: tuple[str, str],
    outcomes: Mapping[str, tuple[str, str]],
    *,
    stages: Mapping[str, Stage] = ONE_STAGE,
    ladder: tuple[Rung, ...] = SLOW,
    holds: bool = False,
) -> ItemKind:
    return ItemKind(
        seat_id=SEAT_ID,
        kind=kind,
        title_zh=words[0],
        title_en=words[1],
        steps={name: stage.follow for name, stage in stages.items()},
        words={name: stage.words for name, stage in stages.items()},
        outcomes=outcomes,
        ladder=ladder,
        holds=holds,
        record_class="domestic_violence",
        readers=("dv_officer",),
    )


CALL_AT_SEAT: Final = _kind(
    "call_at_seat",
    ("家暴来电接席", "call to be taken by the seat"),
    {
        "transferred": ("已转接本席", "transferred to the seat"),
        "joined": ("三方加入", "joined as a third party"),
        "told": ("通话后移交", "handed over after the talk"),
        "merged": ("并入个案", "joined to another case"),
    },
    ladder=FAST,
)
SCREENING: Final = _kind(
    "screening",
    ("家庭纠纷家暴筛查", "screening of a family dispute"),
    {"violence": ("筛查为家暴", "violence found"), "none": ("未见家暴", "no violence found")},
    holds=True,
)
CONFIRM: Final = _kind(
    "confirm",
    ("家暴事实核实", "facts to be confirmed"),
    {
        "confirmed": ("确认家暴", "confirmed"),
        "unfounded": ("不成立", "unfounded"),
        "merged": ("并警", "merged"),
    },
    holds=True,
)
ATTENTION: Final = _kind(
    "attention",
    ("关注等级确认", "attention level to be confirmed"),
    {"confirmed": ("已确认", "confirmed"), "closed": ("个案结束", "case over")},
)
VISIT: Final = _kind(
    "visit",
    ("家暴回访查访", "visit"),
    {
        "done": ("已见到本人", "done"),
        "not_reached": ("多次未见到", "not reached"),
        "refused": ("拒绝查访", "refused"),
        "closed": ("个案结束", "case over"),
    },
    stages={
        "planned": Stage(("planned", "again", CLOSED), ("待查访", "planned")),
        "again": Stage(("planned", "again", CLOSED), ("未见到，再访", "to be tried again")),
    },
)
SAFETY_CALL: Final = _kind(
    "safety_call",
    ("家暴安全回访", "safety call"),
    {
        "reached": ("已联系本人", "reached"),
        "not_reached": ("多次未接通", "not reached"),
        "met": ("当面了解", "asked in person"),
        "merged": ("并警", "merged"),
        "closed": ("个案结束", "case over"),
    },
    stages={
        "planned": Stage(("again", CLOSED), ("待回访", "planned")),
        "again": Stage(("again", CLOSED), ("未接通，再拨", "to be tried again")),
    },
)
LETTER: Final = _kind(
    "letter",
    ("告诫书送达", "warning letter to be served"),
    {"told": ("已送达并告知", "served and told"), "withdrawn": ("已撤销", "withdrawn")},
    stages={
        "to_serve": Stage(("to_serve", "to_tell", CLOSED), ("待送达双方", "to be served on both")),
        "to_tell": Stage((CLOSED,), ("待告知居（村）委会", "committee to be told")),
    },
)
PROTECTION: Final = _kind(
    "protection",
    ("人身安全保护令", "protection order"),
    {
        "expired": ("到期失效", "expired"),
        "revoked": ("法院撤销", "revoked by the court"),
    },
    stages={
        "in_force": Stage(("in_force", "ending", CLOSED), ("有效", "in force")),
        "ending": Stage(("in_force", CLOSED), ("已征询延长意愿", "asked whether to extend")),
    },
)
PROTECTED_CALL: Final = _kind(
    "protected_call",
    ("保护令地址来警", "call from a protected address"),
    {"breach": ("违反保护令", "breach"), "no_breach": ("未违反", "no breach")},
    ladder=FAST,
)
REFERRAL: Final = _kind(
    "referral",
    ("家暴转介", "referral"),
    {
        "helped": ("已提供帮助", "helped"),
        "declined": ("本人不需要", "declined by the person"),
        "returned": ("对方退回", "returned"),
    },
    stages={
        "sent": Stage(("received", CLOSED), ("待回执", "receipt awaited")),
        "received": Stage((CLOSED,), ("对方已接收", "received")),
    },
)
KINDS: Final = (
    *(CALL_AT_SEAT, SCREENING, CONFIRM, ATTENTION, VISIT, SAFETY_CALL, LETTER, PROTECTION),
    *(PROTECTED_CALL, REFERRAL),
)
