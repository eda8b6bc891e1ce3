"""What the enterprise seat owes (护企专席事项): three receipts, a call-back, the leader's."""

from __future__ import annotations

from typing import Final

from kuaifan.board.items import CLOSED, ItemKind
from kuaifan.seats.enterprise.papers import HOUR_MS, MINUTE_MS, SEAT_ID
from kuaifan.vocabulary.item import Rung

WRONG: Final = ("匹配撤销", "no match after all")

NOTICE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="notice",
    title_zh="一警三派：待签收",
    title_en="notice to be read",
    steps={"sent": (CLOSED,)},
    words={"sent": ("已派发，未签收", "sent, not read")},
    outcomes={"read": ("已签收", "read"), "dropped": WRONG},
    ladder=(
        Rung(0, "dispatcher"),
        Rung(10 * MINUTE_MS, "supervisor"),
        Rung(30 * MINUTE_MS, "leader"),
    ),
)
CALL_BACK: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="call_back",
    title_zh="企业回访",
    title_en="call-back of the firm",
    steps={"due": ("due", CLOSED)},
    words={"due": ("待回访", "to be called")},
    outcomes={"called": ("已回访", "called back"), "dropped": WRONG},
    holds=True,
)
UNRESOLVED: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="unresolved",
    title_zh="当场未办结，待局领导办结",
    title_en="unresolved, with the leader",
    steps={"with_leader": (CLOSED,)},
    words={"with_leader": ("局领导办理中", "with the leader")},
    outcomes={"resolved": ("已办结", "resolved"), "dropped": WRONG},
    ladder=(Rung(0, "supervisor"), Rung(24 * HOUR_MS, "leader")),
    holds=True,
)
KINDS: Final = (NOTICE, CALL_BACK, UNRESOLVED)
