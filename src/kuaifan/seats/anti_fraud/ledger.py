"""The money ledger (资金台账): each fen lost is in exactly one state, and moves by double entry."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

MoneyState = Literal["gone", "stopped", "frozen", "returned", "released"]
"""Where lost money is (资金状态): out of reach, held by a stop payment, held by a freeze, back with
the victim, or let go because it was held wrongly."""
STATES: Final[tuple[MoneyState, ...]] = get_args(MoneyState)
Side = Literal["", MoneyState]
"""One side of an entry; empty: outside, where money comes from when a loss is told."""
EntryReason = Literal[
    "reported",
    "corrected",
    "stopped",
    "frozen",
    "stop_lapsed",
    "freeze_lapsed",
    "returned",
    "paid_back",
    "released",
    "not_fraud",
]
ENTRY_SIDES: Final[dict[EntryReason, tuple[tuple[Side, Side], ...]]] = {
    "reported": (("", "gone"),),
    "corrected": (("", "gone"), ("gone", "")),
    "stopped": (("gone", "stopped"),),
    "frozen": (("stopped", "frozen"),),
    "stop_lapsed": (("stopped", "gone"),),
    "freeze_lapsed": (("frozen", "gone"),),
    "returned": (("frozen", "returned"),),
    "paid_back": (("gone", "returned"),),
    "released": (("frozen", "released"), ("stopped", "released")),
    "not_fraud": (("gone", ""),),
}
"""From which state to which one a reason moves money; there is no other way."""


class Ledger(msgspec.Struct, kw_only=True):
    """How much is in which state, in fen 分 (台账)."""

    gone: int = 0
    stopped: int = 0
    frozen: int = 0
    returned: int = 0
    released: int = 0

    @property
    def lost(self) -> int:
        """All of it: what the victims lost."""
        return self.gone + self.stopped + self.frozen + self.returned + self.released

    @property
    def held(self) -> int:
        """What a bank holds for us."""
        return self.stopped + self.frozen

    def of(self, state: MoneyState) -> int:
        """How much is in a state."""
        amount: int = getattr(self, state)
        return amount

    def add(self, other: Ledger, *, sign: int = 1) -> None:
        """Carry the sums of another ledger into this one; sign -1 takes them out again."""
        for state in STATES:
            setattr(self, state, self.of(state) + sign * other.of(state))

    def move(self, left: Side, right: Side, amount_fen: int) -> None:
        """Take from one side and put to the other; raises ValueError where less is there."""
        if amount_fen <= 0:
            raise ValueError(f"an entry moves more than nothing, not {amount_fen}")
        if left and self.of(left) < amount_fen:
            raise ValueError(f"{self.of(left)} fen are {left}, {amount_fen} cannot be taken")
        if left:
            setattr(self, left, self.of(left) - amount_fen)
        if right:
            setattr(self, right, self.of(right) + amount_fen)
