"""The seat's kinds of items (回访事项)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind
from kuaifan.seats.callback.papers import SEAT_ID
from kuaifan.vocabulary.item import Rung

LADDER: Final = (
    Rung(0, "dispatcher"),
    Rung(4 * HOUR_MS, "supervisor"),
    Rung(24 * HOUR_MS, "leader"),
)
STEPS: Final[Mapping[str, tuple[str, ...]]] = {"due": ("again", CLOSED), "again": ("again", CLOSED)}
STEP_WORDS: Final = {"due": ("待回访", "due"), "again": ("未接通，另择时段", "try at other hours")}
OUTCOMES: Final = {
    "answered": ("已回访", "answered"),
    "declined": ("不愿受访", "declined"),
    "not_reached": ("多次未接通", "not reached"),
}
CALL: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="call",
    title_zh="回访",
    title_en="call-back",
    steps=STEPS,
    words=STEP_WORDS,
    outcomes=OUTCOMES,
    ladder=LADDER,
)
HELD_CALL: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="held_call",
    title_zh="涉企回访",
    title_en="call-back to a firm",
    steps=STEPS,
    words=STEP_WORDS,
    outcomes=OUTCOMES,
    ladder=LADDER,
    holds=True,
)
"""No incident of a firm is closed before it."""
GRIEVANCE: Final = ItemKind(
    seat_id=SEAT_ID,
    kind="grievance",
    title_zh="不满意核查",
    title_en="grievance",
    steps={"open": (CLOSED,)},
    words={"open": ("待核查", "to be looked at")},
    outcomes={
        "explained": ("已解释说明", "explained"),
        "redone": ("已重新处置", "done again"),
        "disciplined": ("已转督察", "passed to inspection"),
    },
    ladder=(Rung(0, "supervisor"), Rung(24 * HOUR_MS, "leader")),
)
KINDS: Final = (CALL, HELD_CALL, GRIEVANCE)
