"""A sealed board as it goes between two machines (加密看板): its file, and how it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

BOARD_PATH: Final = "/v1/continuity/latest"
TAKEN_AT: Final = "X-Kuaifan-Taken-At"
"""Header of the answer: the minute of the board, in milliseconds UTC."""
MARK: Final = b"data-kuaifan-board"
"""In the first bytes of every such file."""


class SealedBoard(msgspec.Struct, frozen=True):
    """The board of a desk at a minute, as a file (加密看板)."""

    desk_id: str
    taken_at_ms: int
    content: bytes

    @property
    def name(self) -> str:
        """The name of its file."""
        return file_name(self.desk_id, self.taken_at_ms)


def file_name(desk_id: str, taken_at_ms: int) -> str:
    """Name of the file of a desk's board; sorts by time, which is UTC."""
    return f"board-{desk_id}-{datetime.fromtimestamp(taken_at_ms / 1000, UTC):%Y%m%dT%H%M%SZ}.html"
