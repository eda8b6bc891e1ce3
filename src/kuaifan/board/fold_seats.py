"""Folds of the seats (席位归并): who sits there and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.papers import DeskSeat
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import seat as seats
from kuaifan.vocabulary.seat import SeatState


def seat_logged_on(board: Board, event: seats.SeatLoggedOn, at_ms: int) -> None:
    """A person is there; what the seat talks already, it still talks.

    Who logs on again keeps what the next one is to sign for, and the time after the last call.
    """
    there = board.desk_seats.get(event.seat_id)
    call_ids = [
        call.call_id
        for call in board.calls.values()
        if (call.state == "talking" and call.seat_id == event.seat_id)
        or call.call_back_seat_id == event.seat_id
    ]
    again = there if event.is_again else None
    rests: SeatState = "after_call" if again and again.state == "after_call" else "idle"
    is_new = there is None or there.state != rests
    board.desk_seats[event.seat_id] = DeskSeat(
        seat_id=event.seat_id,
        person=event.person,
        desk_id=event.desk_id,
        skills=event.skills,
        state="talking" if call_ids else rests,
        since_ms=at_ms if is_new or there is None else there.since_ms,
        to_person=there.to_person if there else "",
        offered_call_id=there.offered_call_id if there else "",
        call_ids=call_ids,
        seq=board.seq,
        extension=event.extension,
        after_call_s=event.after_call_s,
        handed_call_ids=again.handed_call_ids if again else (),
        hand_over_notes=again.hand_over_notes if again else "",
    )


def seat_paused(board: Board, event: seats.SeatPaused, at_ms: int) -> None:
    """Nothing is offered there."""
    there = board.desk_seats[event.seat_id]
    there.state, there.since_ms, there.seq = "paused", at_ms, board.seq
    there.pause_reason = event.reason


def seat_resumed(board: Board, event: seats.SeatResumed, at_ms: int) -> None:
    """It takes calls again."""
    there = board.desk_seats[event.seat_id]
    there.state, there.since_ms, there.seq = "idle", at_ms, board.seq
    there.pause_reason = ""


def seat_logged_off(board: Board, event: seats.SeatLoggedOff, at_ms: int) -> None:
    """Nobody is there."""
    there = board.desk_seats[event.seat_id]
    there.state, there.since_ms, there.seq = "off", at_ms, board.seq
    there.person = there.to_person = ""
    there.call_ids = []


def seat_hand_over_offered(board: Board, event: seats.SeatHandOverOffered, _at_ms: int) -> None:
    """The first person stays until the other has signed."""
    there = board.desk_seats[event.seat_id]
    there.to_person, there.seq = event.to_person, board.seq
    there.handed_call_ids, there.hand_over_notes = event.call_ids, event.notes


def seat_handed_over(board: Board, event: seats.SeatHandedOver, _at_ms: int) -> None:
    """The next person has it, with all its calls."""
    there = board.desk_seats[event.seat_id]
    there.person, there.to_person, there.seq = event.person, "", board.seq
    there.handed_call_ids, there.hand_over_notes = (), ""


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    seats.SeatLoggedOn: seat_logged_on,
    seats.SeatPaused: seat_paused,
    seats.SeatResumed: seat_resumed,
    seats.SeatLoggedOff: seat_logged_off,
    seats.SeatHandOverOffered: seat_hand_over_offered,
    seats.SeatHandedOver: seat_handed_over,
}
