"""The pace of closing (办结节奏): one by one, each looked at; nobody closes a heap at once.

A day that is cleared by closing whatever stands in the list is not cleared. Who closes more than a
person can look at is stopped for the rest of the minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from kuaifan.kernel.message import Refused

if TYPE_CHECKING:
    from kuaifan.board.state import Board

MAX_PER_MINUTE: Final = 6
"""A record is not read in less than ten seconds; [U], ours."""
PACE_MS: Final = 60_000


class Closing(msgspec.Struct, frozen=True):
    """Somebody closed an incident (办结记录); kept for a minute."""

    by: str
    at_ms: int


def refuse_in_bulk(board: Board, by: str, now_ms: int) -> None:
    """Refuse who has closed too many within a minute: closing_in_bulk."""
    who = by.strip()
    recent = [each for each in board.closings if each.by == who and each.at_ms > now_ms - PACE_MS]
    if who and len(recent) >= MAX_PER_MINUTE:
        wait_s = -(-(recent[0].at_ms + PACE_MS - now_ms) // 1_000)
        raise Refused(
            "closing_in_bulk",
            f"{who} 一分钟内已办结 {len(recent)} 起，不得批量办结：请逐起核对，{wait_s} 秒后再办",
            f"{who} has closed {len(recent)} incidents within a minute: look at each one; the next "
            f"may be closed in {wait_s} s",
        )


def note_closing(board: Board, by: str, at_ms: int) -> None:
    """Remember it for a minute; where nobody said who, there is nobody to stop."""
    board.closings = [each for each in board.closings if each.at_ms > at_ms - PACE_MS]
    if by:
        board.closings.append(Closing(by, at_ms))
