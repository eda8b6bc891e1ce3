"""Folds of the hand-over seat (联动归并): whose a ticket is changes here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.seat_terms import terms_of
from kuaifan.board.state import Board
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.lookup import class_of, slice_of
from kuaifan.seats.hotline.papers import Terms, Ticket

FIRST: Final[Mapping[words.Direction, words.Holder]] = {"out": "us", "in": "them"}
"""Who received it first, and has it until a receipt."""
NEXT: Final[Mapping[words.Direction, words.Holder]] = {"out": "them", "in": "us"}


def offered(board: Board, event: words.TicketOffered, at_ms: int) -> None:
    """With its first receiver, whoever that is, until somebody signs."""
    mine = slice_of(board)
    mine.tally.add(at_ms, f"offered_{event.direction}")
    mine.tally.add(at_ms, "offered")
    ticket = mine.tickets.get(event.ticket_id)
    if ticket is not None:
        ticket.state, ticket.item_id, ticket.other = "offered", event.item_id, event.other
        ticket.n_offered, ticket.offered_at_ms, ticket.changed_at_ms = event.nth, at_ms, at_ms
        ticket.three_way_call_id = ""
        return
    mine.n_tickets += 1
    mine.tickets[event.ticket_id] = Ticket(
        ticket_id=event.ticket_id,
        incident_id=event.incident_id,
        desk_id=event.desk_id,
        record_class=event.record_class,
        direction=event.direction,
        other=event.other,
        kind=event.kind,
        holder=FIRST[event.direction],
        state="offered",
        item_id=event.item_id,
        opened_at_ms=at_ms,
        offered_at_ms=at_ms,
        changed_at_ms=at_ms,
    )


def received(board: Board, event: words.TicketReceived, _at_ms: int) -> None:
    """Their words, and the number by which they are known once."""
    mine = slice_of(board)
    ticket = mine.tickets[event.ticket_id]
    ticket.their_id, ticket.service_code = event.their_id, event.service_code
    ticket.description, ticket.contact = event.description, event.contact
    mine.by_their_id[f"{event.other}:{event.their_id}"] = event.ticket_id


def accepted(board: Board, event: words.TicketAccepted, at_ms: int) -> None:
    """Exactly one has it: whoever signed."""
    mine = slice_of(board)
    ticket = _changed(board, event.ticket_id, "accepted", at_ms)
    ticket.holder, ticket.item_id = NEXT[ticket.direction], event.item_id
    ticket.accepted_at_ms, ticket.answer_by_ms = at_ms, event.due_at_ms
    ticket.their_id = event.their_id or ticket.their_id
    mine.tally.add(at_ms, "accepted")


def returned(board: Board, event: words.TicketReturned, at_ms: int) -> None:
    """With its first receiver again."""
    ticket = _changed(
        board, event.ticket_id, "deciding" if event.to_supervisor else "returned", at_ms
    )
    ticket.holder, ticket.item_id = FIRST[ticket.direction], event.item_id
    ticket.n_returned, ticket.return_code = ticket.n_returned + 1, event.code
    slice_of(board).tally.add(at_ms, "returned")


def kept(board: Board, event: words.TicketKept, at_ms: int) -> None:
    """With its first receiver, for good."""
    ticket = _changed(board, event.ticket_id, "closed", at_ms)
    ticket.holder, ticket.outcome, ticket.item_id = FIRST[ticket.direction], "kept", ""
    _forget(board, ticket)
    slice_of(board).tally.add(at_ms, "kept")


def started(board: Board, event: words.TicketStarted, at_ms: int) -> None:
    """Worked on."""
    _changed(board, event.ticket_id, "working", at_ms)


def answered(board: Board, event: words.TicketAnswered, at_ms: int) -> None:
    """及时答复率 = answered in time / accepted, on the day of the receipt; by the first answer."""
    mine = slice_of(board)
    ticket = _changed(board, event.ticket_id, "answered", at_ms)
    ticket.answer, is_first = event.answer, not ticket.answered_at_ms
    ticket.answered_at_ms = at_ms
    if is_first:
        mine.tally.add(ticket.accepted_at_ms, "answered_in_time", int(event.in_time))


def called_back(board: Board, event: words.TicketCalledBack, at_ms: int) -> None:
    """What the citizen said."""
    mine = slice_of(board)
    ticket = _changed(board, event.ticket_id, event.state, at_ms)
    ticket.n_called, ticket.result = ticket.n_called + 1, event.result
    ticket.n_reworked += event.state == "working"
    mine.tally.add(at_ms, "called")
    if event.result != "unreached":
        mine.tally.add(at_ms, "reached")
    if event.result in {"satisfied", "fairly"}:
        mine.tally.add(at_ms, "content")


def withdrawn(board: Board, event: words.TicketWithdrawn, at_ms: int) -> None:
    """Nobody's any more; a department that had signed for it is not counted as owing an answer."""
    ticket = _changed(board, event.ticket_id, "closed", at_ms)
    ticket.outcome, ticket.item_id = "withdrawn", ""
    _forget(board, ticket)
    mine = slice_of(board)
    mine.tally.add(at_ms, "withdrawn")
    if ticket.accepted_at_ms and not ticket.answered_at_ms:
        mine.tally.add(ticket.accepted_at_ms, "accepted", -1)


def closed(board: Board, event: words.TicketClosed, at_ms: int) -> None:
    """Over; the year's count of what was solved is the sum of these."""
    ticket = _changed(board, event.ticket_id, "closed", at_ms)
    ticket.outcome, ticket.item_id = event.outcome, ""
    _forget(board, ticket)
    slice_of(board).tally.add(at_ms, "closed")
    slice_of(board).tally.add(at_ms, "solved", int(event.outcome == "solved"))


def urged(board: Board, event: words.TicketUrged, at_ms: int) -> None:
    """Asked when."""
    ticket = slice_of(board).tickets[event.ticket_id]
    ticket.n_urged, ticket.urged_at_ms = ticket.n_urged + 1, at_ms
    slice_of(board).tally.add(at_ms, "urged")


def three_way_started(board: Board, event: words.ThreeWayStarted, at_ms: int) -> None:
    """They talk by three."""
    slice_of(board).tickets[event.ticket_id].three_way_call_id = event.call_id
    slice_of(board).tally.add(at_ms, "three_way")


def terms_set(board: Board, event: words.HotlineTermsSet, _at_ms: int) -> None:
    """From now on."""
    slice_of(board).terms = terms_of(Terms, event)


def voice_counted(board: Board, _event: words.VoiceHandOverCounted, at_ms: int) -> None:
    """A call that went by voice."""
    slice_of(board).tally.add(at_ms, "by_voice")


def retired(board: Board, event: words.TicketRetired, _at_ms: int) -> None:
    """Off the list; the log has it."""
    mine = slice_of(board)
    ticket = mine.tickets.pop(event.ticket_id)
    mine.by_their_id.pop(f"{ticket.other}:{ticket.their_id}", None)


def _changed(board: Board, ticket_id: str, state: words.TicketState, at_ms: int) -> Ticket:
    ticket = slice_of(board).tickets[ticket_id]
    ticket.state, ticket.changed_at_ms = state, at_ms
    return ticket


def _forget(board: Board, ticket: Ticket) -> None:
    """Its incident may leave the board now: keep of what class its record was."""
    ticket.record_class = class_of(board, ticket)


EVOLVERS: Final[Mapping[type, Callable[..., None]]] = {
    words.TicketOffered: offered,
    words.TicketReceived: received,
    words.TicketAccepted: accepted,
    words.TicketReturned: returned,
    words.TicketKept: kept,
    words.TicketStarted: started,
    words.TicketAnswered: answered,
    words.TicketCalledBack: called_back,
    words.TicketClosed: closed,
    words.TicketUrged: urged,
    words.ThreeWayStarted: three_way_started,
    words.HotlineTermsSet: terms_set,
    words.VoiceHandOverCounted: voice_counted,
    words.TicketWithdrawn: withdrawn,
    words.TicketRetired: retired,
}
