"""Folds of calls that need one more step (待处置来电归并): missed, silent, unsafe, limited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Call
from kuaifan.board.papers import CallerLimit
from kuaifan.board.seating import desk_of_seat, occupy, release
from kuaifan.board.silence import OPEN_STEPS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import missed


def call_back_started(board: Board, event: missed.CallBackStarted, at_ms: int) -> None:
    """A seat rings the caller, and is busy with that."""
    call = _touched(board, event.call_id)
    call.call_back_seat_id = event.seat_id
    occupy(board, event.seat_id, event.call_id, at_ms=at_ms)


def call_back_recorded(board: Board, event: missed.CallBackRecorded, at_ms: int) -> None:
    """The talk goes on, or the call stays owed; a silent one is owed until a person clears it."""
    call = _touched(board, event.call_id)
    call.call_back_seat_id = ""
    call.n_call_backs += 1
    call.silent_step = event.next_step or call.silent_step
    if event.outcome == "talked":
        call.state, call.seat_id, call.t3_ms = "talking", event.seat_id, 0
        call.desk_id = desk_of_seat(board, event.seat_id)
        call.t2_ms = call.t2_ms or at_ms
        call.to_call_back = call.silent_step in OPEN_STEPS
        return
    release(board, event.seat_id, event.call_id, at_ms=at_ms)
    if event.outcome == "unsafe":
        _never_ring(call, "unsafe to ring back")


def missed_call_cleared(board: Board, event: missed.MissedCallCleared, at_ms: int) -> None:
    """A person has ended it; who was ringing back stops."""
    call = _touched(board, event.call_id)
    call.to_call_back, call.cleared_by = False, event.cleared_by
    if call.silent_step:
        call.silent_step = "cleared"
    if call.call_back_seat_id:
        release(board, call.call_back_seat_id, event.call_id, at_ms=at_ms)
        call.call_back_seat_id = ""


def never_ring_flagged(board: Board, event: missed.NeverRingFlagged, _at_ms: int) -> None:
    """Nobody rings or writes."""
    _never_ring(_touched(board, event.call_id), event.reason)


def never_ring_lifted(board: Board, event: missed.NeverRingLifted, _at_ms: int) -> None:
    """One may ring again."""
    call = _touched(board, event.call_id)
    call.never_ring, call.never_ring_reason = False, ""


def silence_reported(board: Board, event: missed.SilenceReported, _at_ms: int) -> None:
    """It is owed every step until a unit is sent or a person clears it."""
    call = _touched(board, event.call_id)
    call.to_call_back = True
    call.silent_step = "send_unit" if event.is_protected_place else "listening"
    if event.is_protected_place:
        _never_ring(call, "protected place")


def silent_sign_noted(board: Board, event: missed.SilentSignNoted, _at_ms: int) -> None:
    """After an urgent sign nobody rings back."""
    call = _touched(board, event.call_id)
    call.silent_step = event.next_step
    if event.sign in missed.URGENT_SIGNS:
        _never_ring(call, event.sign)


def silent_step_skipped(board: Board, event: missed.SilentStepSkipped, _at_ms: int) -> None:
    """On to the next; with a unit sent, the incident owes the rest."""
    call = _touched(board, event.call_id)
    call.silent_step = event.next_step
    if event.next_step == "sent":
        call.to_call_back = False


def caller_limited(board: Board, event: missed.CallerLimited, _at_ms: int) -> None:
    """A number is limited; an erased one stands here too, but fits no call."""
    board.n_limits += 1
    _touched(board, event.call_id)
    board.limits[event.caller_number] = CallerLimit(
        limit_id=event.limit_id,
        call_id=event.call_id,
        caller_number=event.caller_number,
        approved_by=event.approved_by,
        reason=event.reason,
        until_ms=event.until_ms,
    )


def caller_limit_ended(board: Board, event: missed.CallerLimitEnded, _at_ms: int) -> None:
    """The number is as every other again; the call may have left the board meanwhile."""
    numbers = [number for number, each in board.limits.items() if each.limit_id == event.limit_id]
    for number in numbers:
        del board.limits[number]
    if (call := board.calls.get(event.call_id)) is not None:
        call.seq = board.seq


def _never_ring(call: Call, reason: str) -> None:
    call.never_ring, call.never_ring_reason = True, call.never_ring_reason or reason


def _touched(board: Board, call_id: str) -> Call:
    call = board.calls[call_id]
    call.seq = board.seq
    return call


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    missed.CallBackStarted: call_back_started,
    missed.CallBackRecorded: call_back_recorded,
    missed.MissedCallCleared: missed_call_cleared,
    missed.NeverRingFlagged: never_ring_flagged,
    missed.NeverRingLifted: never_ring_lifted,
    missed.SilenceReported: silence_reported,
    missed.SilentSignNoted: silent_sign_noted,
    missed.SilentStepSkipped: silent_step_skipped,
    missed.CallerLimited: caller_limited,
    missed.CallerLimitEnded: caller_limit_ended,
}
