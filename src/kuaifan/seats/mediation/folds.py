"""Folds of the mediation seat (调解归并); each rate is counted where its denominator is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.seat_terms import terms_of
from kuaifan.board.state import Board
from kuaifan.seats.mediation import words
from kuaifan.seats.mediation.lookup import class_of, find_earlier, slice_of
from kuaifan.seats.mediation.papers import Attempt, Booking, Mediation, Mediator, Room, Terms


def room_kept(board: Board, event: words.MediationRoomKept, _at_ms: int) -> None:
    """On the register."""
    kept = Room(event.room_id, event.name, event.address, event.is_open)
    slice_of(board).rooms[event.room_id] = kept


def mediator_kept(board: Board, event: words.MediatorKept, _at_ms: int) -> None:
    """On the register."""
    slice_of(board).mediators[event.mediator_id] = Mediator(
        event.mediator_id, event.name, event.kind, event.room_id, event.is_active
    )


def opened(board: Board, event: words.MediationOpened, at_ms: int) -> None:
    """A case; where it takes up an earlier one, that one is repeated, once."""
    mine = slice_of(board)
    mine.n_cases += 1
    mine.cases[event.mediation_id] = Mediation(
        mediation_id=event.mediation_id,
        incident_id=event.incident_id,
        desk_id=event.desk_id,
        item_id=event.item_id,
        basis=event.basis,
        partner_kind=event.partner_kind,
        partner=event.partner,
        party_a=event.party_a,
        party_b=event.party_b,
        a_is_minor=event.a_is_minor,
        b_is_minor=event.b_is_minor,
        opened_at_ms=at_ms,
        record_class=event.record_class,
        earlier_mediation_id=event.earlier_mediation_id,
    )
    mine.by_incident[event.incident_id] = event.mediation_id
    mine.tally.add(at_ms, "opened")
    earlier = find_earlier(mine, event.earlier_mediation_id)
    if event.is_repeat and earlier and earlier.concluded_at_ms and not earlier.was_repeated:
        earlier.was_repeated = True
        mine.tally.add(earlier.concluded_at_ms, "repeated")


def consent_recorded(board: Board, event: words.MediationConsentRecorded, _at_ms: int) -> None:
    """A yes or a no."""
    slice_of(board).cases[event.mediation_id].consents[event.side] = event.consents


def booked(board: Board, event: words.MediationBooked, _at_ms: int) -> None:
    """An hour is taken."""
    slice_of(board).cases[event.mediation_id].booking = Booking(
        event.room_id, event.mediator_id, event.from_ms, event.until_ms
    )


def booking_cancelled(board: Board, event: words.MediationBookingCancelled, _at_ms: int) -> None:
    """The hour is free."""
    slice_of(board).cases[event.mediation_id].booking = None


def held(board: Board, event: words.MediationHeld, at_ms: int) -> None:
    """An attempt, or somebody who stayed away."""
    paper = slice_of(board).cases[event.mediation_id]
    paper.attempts.append(Attempt(at_ms, event.outcome, event.where, event.mediator))
    paper.booking = None
    paper.n_no_shows += event.outcome == "no_show"
    paper.second_by_ms = event.second_by_ms or paper.second_by_ms


def signed(board: Board, event: words.MediationSigned, at_ms: int) -> None:
    """They have agreed; 调处率 = agreed / mediated, both counted on this day."""
    mine = slice_of(board)
    paper = mine.cases[event.mediation_id]
    paper.terms, paper.perform_by_ms = event.terms, event.perform_by_ms
    paper.item_id, paper.outcome, paper.concluded_at_ms = event.item_id, "agreed", at_ms
    mine.tally.add(at_ms, "mediated")
    mine.tally.add(at_ms, "agreed")


def checked(board: Board, event: words.PerformanceChecked, at_ms: int) -> None:
    """Done or not; 履行率 = performed / agreed, on the day of the agreement."""
    mine = slice_of(board)
    paper = mine.cases[event.mediation_id]
    paper.ended_at_ms, paper.record_class = at_ms, class_of(board, paper)
    paper.outcome = "performed" if event.performed else "not_performed"
    mine.tally.add(paper.concluded_at_ms, "performed", int(event.performed))


def ended(board: Board, event: words.MediationEnded, at_ms: int) -> None:
    """It came to nothing; mediated all the same where an attempt had been made."""
    mine = slice_of(board)
    paper = mine.cases[event.mediation_id]
    if not paper.concluded_at_ms and paper.n_held:
        paper.concluded_at_ms = at_ms
        mine.tally.add(at_ms, "mediated")
    paper.ended_at_ms, paper.outcome, paper.booking = at_ms, event.why, None
    paper.record_class = class_of(board, paper)


def routed(board: Board, event: words.MediationRouted, _at_ms: int) -> None:
    """What follows."""
    paper = slice_of(board).cases[event.mediation_id]
    paper.case_item_id, paper.civil_item_id = event.case_item_id, event.civil_item_id


def taken_to_case(board: Board, event: words.MediationTakenToCase, at_ms: int) -> None:
    """Under a number now."""
    slice_of(board).cases[event.mediation_id].case_no = event.case_no
    slice_of(board).tally.add(at_ms, "to_case")


def civil_route_told(board: Board, _event: words.CivilRouteTold, at_ms: int) -> None:
    """Both know."""
    slice_of(board).tally.add(at_ms, "to_court")


def terms_set(board: Board, event: words.MediationTermsSet, _at_ms: int) -> None:
    """From now on."""
    slice_of(board).terms = terms_of(Terms, event)


def dispute_counted(board: Board, event: words.DisputeCounted, _at_ms: int) -> None:
    """纠纷调解率 = mediated / disputes, both on the day that the dispute was reported."""
    tally = slice_of(board).tally
    tally.add(event.opened_at_ms, "disputes")
    tally.add(event.opened_at_ms, "disputes_mediated", int(event.mediated))


def retired(board: Board, event: words.MediationRetired, _at_ms: int) -> None:
    """Off the list; in logs of before the seats' archive only."""
    mine = slice_of(board)
    paper = mine.cases.pop(event.mediation_id)
    if mine.by_incident.get(paper.incident_id) == paper.mediation_id:
        del mine.by_incident[paper.incident_id]


EVOLVERS: Final[Mapping[type, Callable[..., None]]] = {
    words.MediationRoomKept: room_kept,
    words.MediatorKept: mediator_kept,
    words.MediationOpened: opened,
    words.MediationConsentRecorded: consent_recorded,
    words.MediationBooked: booked,
    words.MediationBookingCancelled: booking_cancelled,
    words.MediationHeld: held,
    words.MediationSigned: signed,
    words.PerformanceChecked: checked,
    words.MediationEnded: ended,
    words.MediationRouted: routed,
    words.MediationTakenToCase: taken_to_case,
    words.CivilRouteTold: civil_route_told,
    words.MediationTermsSet: terms_set,
    words.DisputeCounted: dispute_counted,
    words.MediationRetired: retired,
}
