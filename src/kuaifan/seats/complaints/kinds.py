"""What is owed for a complaint (投诉事项): inspection, inquiry, correction, an answer."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.board.reference import MINUTE_MS
from kuaifan.seats.complaints.papers import READERS, SEAT_ID
from kuaifan.vocabulary.item import Rung

AT_ONCE: Final = (Rung(0, "supervisor"), Rung(10 * MINUTE_MS, "leader"))
IN_DAYS: Final = (Rung(0, "supervisor"), Rung(24 * HOUR_MS, "leader"))
"""Never a dispatcher: whoever is complained of may sit beside one."""

ATTEND: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="attend",
    title_zh="督察到场",
    title_en="inspection to go there",
    steps={"due": (CLOSED,)},
    words={"due": ("待派督察", "inspection to be sent")},
    outcomes={"sent": ("督察已派", "sent"), "over": ("已作结论", "concluded")},
    ladder=AT_ONCE,
    readers=READERS,
    holds=True,
)
INQUIRY: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="inquiry",
    title_zh="投诉核查",
    title_en="inquiry into a complaint",
    steps={
        "received": ("inquiring",),
        "inquiring": ("answering", CLOSED),
        "answering": (CLOSED,),
    },
    words={
        "received": ("待核查", "to be looked into"),
        "inquiring": ("核查中", "being looked into"),
        "answering": ("待答复", "to be answered"),
    },
    outcomes={
        "founded": ("属实", "founded"),
        "partly": ("部分属实", "partly founded"),
        "unfounded": ("不属实", "unfounded"),
        "unproven": ("无法查实", "could not be proved"),
        "withdrawn": ("投诉人撤回", "withdrawn"),
    },
    ladder=IN_DAYS,
    readers=READERS,
    holds=True,
)
CORRECTION: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="correction",
    title_zh="投诉整改",
    title_en="correction after a complaint",
    steps={"due": (CLOSED,)},
    words={"due": ("待整改", "to be corrected")},
    outcomes={"done": ("已整改", "corrected")},
    ladder=IN_DAYS,
    readers=READERS,
)
FEEDBACK: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="feedback",
    title_zh="意见建议答复",
    title_en="message to be answered",
    steps={"due": (CLOSED,)},
    words={"due": ("待答复", "to be answered")},
    outcomes={"answered": ("已答复", "answered")},
    ladder=IN_DAYS,
    readers=READERS,
    holds=True,
)
KINDS: Final = (ATTEND, INQUIRY, CORRECTION, FEEDBACK)
