"""What the seat has people owe (校园事项): an alarm to clear, a key to test, a post to explain."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.board.reference import MINUTE_MS
from kuaifan.vocabulary.item import Rung

SEAT_ID: Final = "school"
ALARM: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="alarm",
    title_zh="校园报警待现场解除",
    title_en="school alarm to be cleared on scene",
    steps={"running": (CLOSED,)},
    words={"running": ("处置中", "running")},
    outcomes={
        "real": ("属实", "real"),
        "mistaken": ("误按", "mistaken"),
        "drill": ("演练", "drill"),
    },
    ladder=(
        Rung(0, "dispatcher"),
        Rung(5 * MINUTE_MS, "supervisor"),
        Rung(15 * MINUTE_MS, "leader"),
    ),
    holds=True,
)
UNTESTED: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="untested",
    title_zh="本月未测试的报警键",
    title_en="key not tested this month",
    steps={"untested": (CLOSED,)},
    words={"untested": ("未测试", "not tested")},
    outcomes={"tested": ("已测试", "tested"), "retired": ("已撤销", "retired")},
    ladder=(Rung(0, "dispatcher"), Rung(24 * HOUR_MS, "supervisor")),
)
MISSED: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="missed",
    title_zh="护学岗未到岗",
    title_en="guard post not manned",
    steps={"missed": (CLOSED,)},
    words={"missed": ("未到岗", "not manned")},
    outcomes={
        "late": ("已补到岗", "manned late"),
        "excused": ("已说明", "explained"),
        "retired": ("已撤岗", "given up"),
    },
    ladder=(Rung(0, "dispatcher"), Rung(30 * MINUTE_MS, "supervisor")),
)
KINDS: Final = (ALARM, UNTESTED, MISSED)
