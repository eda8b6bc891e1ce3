"""Folds of what happens to calls and seats (来电与席位归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board import fold_missed, fold_seats
from kuaifan.board.entities import Call
from kuaifan.board.papers import CallParty, CallTextLine
from kuaifan.board.seating import desk_of_seat, occupy, release, unoffer
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import talk


def call_offered(board: Board, event: talk.CallOffered, at_ms: int) -> None:
    """It rings at a seat, which is offered nothing else meanwhile."""
    call, seat = _touched(board, event.call_id), board.desk_seats[event.seat_id]
    call.offered_seat_id, call.offered_at_ms = event.seat_id, at_ms
    call.t1_ms = call.t1_ms or at_ms
    seat.offered_call_id, seat.seq = event.call_id, board.seq


def offer_released(board: Board, event: talk.OfferReleased, _at_ms: int) -> None:
    """It rings at no seat."""
    unoffer(board, _touched(board, event.call_id))


def call_taken_over(board: Board, event: talk.CallTakenOver, at_ms: int) -> None:
    """Another seat talks, also where the caller was on hold."""
    call = _touched(board, event.call_id)
    _pass_to(board, call, event.seat_id, at_ms=at_ms)
    call.on_hold = False


def call_held(board: Board, event: talk.CallHeld, _at_ms: int) -> None:
    """The caller waits."""
    _touched(board, event.call_id).on_hold = True


def call_resumed(board: Board, event: talk.CallResumed, _at_ms: int) -> None:
    """The seat talks again."""
    _touched(board, event.call_id).on_hold = False


def transfer_offered(board: Board, event: talk.TransferOffered, at_ms: int) -> None:
    """It waits for its next owner; the first one stays."""
    call = _touched(board, event.call_id)
    call.transfer_kind, call.transfer_id = event.to_kind, event.to_id
    call.transfer_at_ms = at_ms


def transfer_accepted(board: Board, event: talk.TransferAccepted, at_ms: int) -> None:
    """The next owner has it; a service is in the call beside the seat, and nobody is on hold."""
    call = _touched(board, event.call_id)
    _end_transfer(call)
    call.on_hold = False
    if event.to_kind == "agency":
        call.handed_to = event.to_id
        return
    _pass_to(board, call, event.by, at_ms=at_ms)
    if event.to_kind == "desk":
        call.desk_id = event.to_id


def transfer_refused(board: Board, event: talk.TransferRefused, _at_ms: int) -> None:
    """It stays where it is."""
    _end_transfer(_touched(board, event.call_id))


def party_added(board: Board, event: talk.PartyAdded, _at_ms: int) -> None:
    """One more in the call."""
    _touched(board, event.call_id).parties.append(
        CallParty(party_no=event.party_no, kind=event.kind, name=event.name, number=event.number)
    )


def party_dropped(board: Board, event: talk.PartyDropped, _at_ms: int) -> None:
    """One has left."""
    _touched(board, event.call_id).parties[event.party_no - 1].left = True


def text_sent(board: Board, event: talk.TextSent, at_ms: int) -> None:
    """A text is on its way."""
    _touched(board, event.call_id).texts.append(
        CallTextLine(text_no=event.text_no, kind=event.kind, text=event.text, at_ms=at_ms)
    )


def text_received(board: Board, event: talk.TextReceived, at_ms: int) -> None:
    """The caller has written; with nobody at the line any more, somebody has to look."""
    call = _touched(board, event.call_id)
    call.texts.append(CallTextLine(text_no=0, kind="plain", text=event.text, at_ms=at_ms))
    call.silent_step = event.next_step or call.silent_step
    if call.state in {"ended", "abandoned"} and not call.incident_id:
        call.to_call_back = True


def text_outcome_reported(board: Board, event: talk.TextOutcomeReported, _at_ms: int) -> None:
    """It arrived, or did not."""
    for line in _touched(board, event.call_id).texts:
        if line.text_no == event.text_no:
            line.outcome = event.outcome


def caller_located(board: Board, event: talk.CallerLocated, _at_ms: int) -> None:
    """Where the caller is, as last heard."""
    call = _touched(board, event.call_id)
    call.lat, call.lon, call.uncertainty_m = event.lat, event.lon, event.uncertainty_m
    call.location_source = event.source
    call.silent_step = event.next_step or call.silent_step
    if event.is_protected_place:
        call.never_ring, call.never_ring_reason = True, "protected place"


def _pass_to(board: Board, call: Call, seat_id: str, *, at_ms: int) -> None:
    """Another seat owns it; whoever talked is free, and the next one talks if anybody does."""
    release(board, call.seat_id, call.call_id, at_ms=at_ms)
    call.seat_id, call.desk_id = seat_id, desk_of_seat(board, seat_id)
    if call.state == "talking":
        occupy(board, seat_id, call.call_id, at_ms=at_ms)


def _end_transfer(call: Call) -> None:
    call.transfer_kind, call.transfer_id, call.transfer_at_ms = None, "", 0


def _touched(board: Board, call_id: str) -> Call:
    call = board.calls[call_id]
    call.seq = board.seq
    return call


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    talk.CallOffered: call_offered,
    talk.OfferReleased: offer_released,
    talk.CallTakenOver: call_taken_over,
    talk.CallHeld: call_held,
    talk.CallResumed: call_resumed,
    talk.TransferOffered: transfer_offered,
    talk.TransferAccepted: transfer_accepted,
    talk.TransferRefused: transfer_refused,
    talk.PartyAdded: party_added,
    talk.PartyDropped: party_dropped,
    talk.TextSent: text_sent,
    talk.TextReceived: text_received,
    talk.TextOutcomeReported: text_outcome_reported,
    talk.CallerLocated: caller_located,
    **fold_seats.EVOLVERS,
    **fold_missed.EVOLVERS,
}
