"""Break-glass on the screens (紧急授权告知): who sees beyond its rights, until it was looked at."""

from __future__ import annotations

import msgspec

from kuaifan.board.state import Board


class GlassRow(msgspec.Struct, frozen=True, kw_only=True):
    """A use of break-glass that nobody has reviewed (紧急授权行)."""

    glass_id: str
    person: str
    reason: str
    desk_id: str
    at_ms: int
    until_ms: int
    seq: int


def glass_row(board: Board, glass_id: str) -> GlassRow | None:
    """One that waits for a review, None once it was looked at."""
    found = board.access.glass.get(glass_id)
    return None if found is None else GlassRow(**msgspec.structs.asdict(found))
