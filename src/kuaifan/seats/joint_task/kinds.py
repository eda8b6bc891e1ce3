"""What the seat has people owe (合成作战事项): an answer of each branch, and the end."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.vocabulary.item import Rung

from .words import Branch

SEAT_ID: Final = "joint_task"
LADDER: Final = (Rung(0, "supervisor"), Rung(HOUR_MS, "leader"))
"""A branch that is late is no dispatcher's to hurry."""
BRANCH: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="branch",
    title_zh="警种答复",
    title_en="answer of a branch",
    steps={
        "asked": ("working", "refused", CLOSED),
        "working": ("refused", CLOSED),
        "refused": ("insisted", CLOSED),
        "insisted": ("working", CLOSED),
    },
    words={
        "asked": ("待受领", "asked"),
        "working": ("办理中", "working"),
        "refused": ("退回待定", "sent back"),
        "insisted": ("已指定，待受领", "assigned"),
    },
    outcomes={"answered": ("已答复", "answered"), "withdrawn": ("已撤回", "withdrawn")},
    ladder=LADDER,
)
TASK: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="task",
    title_zh="合成作战",
    title_en="joint task",
    steps={"open": (CLOSED,)},
    words={"open": ("进行中", "open")},
    outcomes={"done": ("办结", "done")},
    ladder=LADDER,
)
KINDS: Final = (BRANCH, TASK)
BRANCH_WORDS: Final[dict[Branch, tuple[str, str]]] = {
    "criminal": ("刑侦", "criminal investigation"),
    "traffic": ("交警", "traffic"),
    "cyber": ("网安", "cyber"),
    "drugs": ("禁毒", "drugs"),
    "forensics": ("刑事技术", "forensics"),
    "economic": ("经侦", "economic crime"),
    "public_order": ("治安", "public order"),
    "food_drug_environment": ("食药环", "food, drugs, environment"),
    "command": ("情报指挥", "command"),
}
