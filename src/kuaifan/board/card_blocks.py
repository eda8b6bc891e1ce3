"""Numbers set aside for paper cards (纸质编号段): which desk has them, and which are used."""

from __future__ import annotations

import msgspec


class CardBlock(msgspec.Struct, kw_only=True):
    """A row of incident numbers for cards (编号段); used: numbers typed in, in that order."""

    block_id: str
    desk_id: str
    first_no: int
    n_cards: int
    by: str
    reserved_at_ms: int
    used: list[int] = []
    seq: int = 0

    def holds(self, number: int) -> bool:
        """Whether a number is one of these."""
        return self.first_no <= number < self.first_no + self.n_cards
