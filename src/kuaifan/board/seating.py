"""Seats and what they talk (席位与通话): who is free, who owns what, who is busy with a voice."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Call
from kuaifan.board.lookup import get_call
from kuaifan.board.papers import DeskSeat
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.vocabulary.lines import CHANNELS
from kuaifan.vocabulary.seat import SeatState
from kuaifan.vocabulary.talk import OfferReleased

HOME_DESK: Final = "city"
"""The desk of a seat nobody has logged on at."""


def is_manned(seat: DeskSeat | None) -> bool:
    """Whether a person is logged on there, at work or away for a moment."""
    return seat is not None and seat.state != "off"


def is_free(seat: DeskSeat) -> bool:
    """Whether a call may be offered to it."""
    return seat.state == "idle" and not seat.offered_call_id


def get_seat(board: Board, seat_id: str) -> DeskSeat:
    """Return a seat that somebody is logged on at, or refuse: seat_off."""
    seat = board.desk_seats.get(seat_id)
    if seat is None or seat.state == "off":
        raise Refused(
            "seat_off",
            f"席位 {seat_id or '—'} 无人签入",
            f"nobody is logged on at seat {seat_id or 'none'}; log on first",
        )
    return seat


def find_seat_by_extension(board: Board, extension: str) -> DeskSeat | None:
    """The manned seat with a telephone's number, or None. O(seats)."""
    seats = (each for each in board.desk_seats.values() if is_manned(each))
    return next((each for each in seats if extension and each.extension == extension), None)


def desk_of_seat(board: Board, seat_id: str) -> str:
    """Desk that a seat works for; the city's where it never logged on."""
    seat = board.desk_seats.get(seat_id)
    return seat.desk_id if seat else HOME_DESK


def get_talking_call(board: Board, call_id: str) -> Call:
    """Return a call that is being talked, or refuse: call_not_talking."""
    call = get_call(board, call_id)
    if call.state != "talking":
        raise Refused(
            "call_not_talking",
            f"来电 {call_id} 不在通话中",
            f"call {call_id} is {call.state}; only a call that is talked can do this",
        )
    return call


def need_voice(call: Call) -> None:
    """Refuse a line that carries no voice: not_voice."""
    if not CHANNELS[call.line].is_voice:
        raise Refused(
            "not_voice",
            f"来电 {call.call_id}（{call.line}）不是语音渠道",
            f"call {call.call_id} on {call.line} carries no voice; write to the caller instead",
        )


def need_free_ear(board: Board, seat_id: str, call: Call) -> None:
    """Refuse a second voice at a seat that talks with one: seat_talking; held calls do not count.

    A seat nobody has logged on at is never refused: the table must not lock the desk out.
    """
    seat = board.desk_seats.get(seat_id)
    if seat is None or not CHANNELS[call.line].is_voice:
        return
    talks = (board.calls[each] for each in seat.call_ids if each in board.calls)
    busy = next((each.call_id for each in talks if _is_voice(each, call)), None)
    if busy is not None:
        raise Refused(
            "seat_talking",
            f"席位 {seat_id} 正在通话（来电 {busy}），请先保持或结束",
            f"seat {seat_id} talks on call {busy}; hold or end that one first",
        )


def list_owned_calls(board: Board, seat_id: str) -> list[Call]:
    """List open calls of a seat: talked, waiting for a receipt, or owed a step. O(calls)."""
    return [
        call
        for call in board.calls.values()
        if (call.seat_id == seat_id and call.is_open) or call.call_back_seat_id == seat_id
    ]


def list_releases(board: Board, seat_id: str, call_id: str = "") -> list[Event]:
    """What rings at a seat and must go to others, as it takes up something else (call_id)."""
    seat = board.desk_seats.get(seat_id)
    if seat is None or seat.offered_call_id in {"", call_id}:
        return []
    return [OfferReleased(call_id=seat.offered_call_id, seat_id=seat_id)]


def occupy(board: Board, seat_id: str, call_id: str, *, at_ms: int) -> None:
    """A seat is busy with a call."""
    seat = board.desk_seats.get(seat_id)
    if seat is None or seat.state == "off":
        return
    if call_id not in seat.call_ids:
        seat.call_ids.append(call_id)
    _enter(board, seat, at_ms=at_ms)


def release(board: Board, seat_id: str, call_id: str, *, at_ms: int) -> None:
    """A seat is done with a call, and idle after the last one."""
    seat = board.desk_seats.get(seat_id)
    if seat is None or call_id not in seat.call_ids:
        return
    seat.call_ids.remove(call_id)
    _enter(board, seat, at_ms=at_ms)


def unoffer(board: Board, call: Call) -> None:
    """A call rings at no seat any more."""
    seat = board.desk_seats.get(call.offered_seat_id)
    if seat is not None and seat.offered_call_id == call.call_id:
        seat.offered_call_id, seat.seq = "", board.seq
    call.offered_seat_id, call.offered_at_ms = "", 0


def _is_voice(talk: Call, wanted: Call) -> bool:
    is_live = talk.state != "talking" or not talk.on_hold
    return talk is not wanted and is_live and CHANNELS[talk.line].is_voice


def _enter(board: Board, seat: DeskSeat, *, at_ms: int) -> None:
    was_talking = seat.state == "talking"
    rests: SeatState = "after_call" if was_talking and seat.after_call_s else "idle"
    state: SeatState = "talking" if seat.call_ids else rests
    seat.seq = board.seq
    if seat.state != state:
        seat.state, seat.since_ms = state, at_ms
