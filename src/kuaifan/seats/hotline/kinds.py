"""What is owed for a hand-over (联动事项): the receipt, the answer, a return, a decision."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.seats.hotline.papers import SEAT_ID
from kuaifan.vocabulary.item import Rung

SOON: Final = (Rung(0, "dispatcher"), Rung(HOUR_MS, "supervisor"), Rung(4 * HOUR_MS, "leader"))
IN_DAYS: Final = (
    *(Rung(0, "dispatcher"), Rung(24 * HOUR_MS, "supervisor")),
    Rung(72 * HOUR_MS, "leader"),
)
TO_DECIDE: Final = (Rung(0, "supervisor"), Rung(4 * HOUR_MS, "leader"))
WORK_STEPS: Final = {
    "accepted": ("working", "answered", CLOSED),
    "working": ("answered", CLOSED),
    "answered": ("answered", "called_back", "working", CLOSED),
    "called_back": (CLOSED,),
}
WORK_WORDS: Final = {
    "accepted": ("已签收", "accepted"),
    "working": ("办理中", "working"),
    "answered": ("已答复待回访", "answered, to be called back"),
    "called_back": ("已回访待办结", "called back, to be closed"),
}
WORK_OUTCOMES: Final = {
    "solved": ("已解决", "solved"),
    "unsatisfied": ("仍不满意", "still not satisfied"),
    "unreached": ("回访未接通", "not reached"),
    "returned": ("退回", "returned"),
    "kept": ("首接自办", "kept by the first receiver"),
    "withdrawn": ("已撤回", "withdrawn"),
}

OFFER: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="offer",
    title_zh="移交待签收",
    title_en="hand-over to be signed for",
    steps={"offered": (CLOSED,)},
    words={"offered": ("待签收", "offered")},
    outcomes={
        "accepted": ("已签收", "accepted"),
        "returned": ("退回", "returned"),
        "kept": ("首接自办", "kept by the first receiver"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
    ladder=SOON,
    holds=True,
)
RETURNED: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="returned",
    title_zh="退回待处理",
    title_en="return to be dealt with",
    steps={"due": (CLOSED,)},
    words={"due": ("待处理", "due")},
    outcomes={
        "offered_again": ("再次移交", "offered again"),
        "kept": ("首接自办", "kept by the first receiver"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
    ladder=SOON,
    holds=True,
)
DECISION: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="decision",
    title_zh="多次退回待定责",
    title_en="whose it is, to be decided",
    steps={"due": (CLOSED,)},
    words={"due": ("待定责", "to be decided")},
    outcomes={
        "us": ("归公安", "ours"),
        "them": ("归对方", "theirs"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
    ladder=TO_DECIDE,
    holds=True,
)
THEIRS: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="theirs",
    title_zh="移交后跟踪",
    title_en="handed over, to be answered",
    steps=WORK_STEPS,
    words=WORK_WORDS,
    outcomes=WORK_OUTCOMES,
    ladder=IN_DAYS,
)
"""Their work, which we follow: it does not keep our incident open."""
OURS: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="ours",
    title_zh="转入工单办理",
    title_en="received, to be answered",
    steps=WORK_STEPS,
    words=WORK_WORDS,
    outcomes=WORK_OUTCOMES,
    ladder=IN_DAYS,
    holds=True,
)
KINDS: Final = (OFFER, RETURNED, DECISION, THEIRS, OURS)
