"""Seats on the screens (席位行): who is logged on, what they do, and since when."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.board.papers import DeskSeat
from kuaifan.board.state import Board
from kuaifan.kernel.personal import Personal

SeatShows = Literal["idle", "ringing", "talking", "after_call", "paused"]
"""What a seat is seen to do (席位显示状态); ringing: a call is offered to it."""
PersonName = Annotated[str, Personal("seat")]


class SeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """A manned seat (席位行).

    since_ms: of what it does. to_person: to whom it is offered, with handed_call_ids and notes;
    until that person signs, the first one stays. ready_at_ms: when it is idle again by itself.
    """

    seat_id: str
    person: PersonName
    desk_id: str
    skills: tuple[str, ...]
    extension: str
    state: SeatShows
    since_ms: int
    call_ids: tuple[str, ...]
    seq: int
    offered_call_id: str = ""
    pause_reason: str = ""
    to_person: PersonName = ""
    handed_call_ids: tuple[str, ...] = ()
    hand_over_notes: str = ""
    after_call_s: int = 0
    ready_at_ms: int = 0


def seat_row(board: Board, seat_id: str) -> SeatRow | None:
    """A seat as long as somebody is logged on there."""
    seat = board.desk_seats.get(seat_id)
    if seat is None or seat.state == "off":
        return None
    state, since_ms = _shows(board, seat)
    rest_ms = seat.after_call_s * 1_000 if seat.state == "after_call" else 0
    return SeatRow(
        seat_id=seat.seat_id,
        person=seat.person,
        desk_id=seat.desk_id,
        skills=seat.skills,
        extension=seat.extension,
        state=state,
        since_ms=since_ms,
        call_ids=tuple(seat.call_ids),
        seq=seat.seq,
        offered_call_id=seat.offered_call_id,
        pause_reason=seat.pause_reason,
        to_person=seat.to_person,
        handed_call_ids=seat.handed_call_ids,
        hand_over_notes=seat.hand_over_notes,
        after_call_s=seat.after_call_s,
        ready_at_ms=seat.since_ms + rest_ms if rest_ms else 0,
    )


def list_touched_seats(board: Board, seq: int) -> list[str]:
    """List seats that a record changed: every fold that changes one leaves its seq. O(seats)."""
    return [seat.seat_id for seat in board.desk_seats.values() if seat.seq == seq]


def _shows(board: Board, seat: DeskSeat) -> tuple[SeatShows, int]:
    call = board.calls.get(seat.offered_call_id)
    if seat.state == "idle" and call is not None:
        return "ringing", call.offered_at_ms
    assert seat.state != "off"  # noqa: S101 - such a seat has no row
    return seat.state, seat.since_ms
