"""The rules of the hand-over seat (联动专席规则): who decides, and what follows by itself.

The core's request to a service is the line on which a department is told and answers; the ticket is
what is promised. Each follows the other, so that nobody enters a receipt twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.hotline import handing, withdrawing, words, working
from kuaifan.seats.hotline.lookup import find_live, find_request, request_of, slice_of
from kuaifan.seats.hotline.papers import DEPARTMENTS, NAMES, Ticket
from kuaifan.vocabulary import agency as agencies
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import talk

BY_RULE: Final = "规则"


def on_told(board: Board, event: agencies.AgencyTold, _now_ms: int) -> list[Follow]:
    """Whatever a department is told of is a ticket with an owner and a due time."""
    if event.agency not in DEPARTMENTS:
        return []
    ticket = find_live(board, event.incident_id, event.agency)
    if ticket is None:
        return [
            words.OfferTicket(
                incident_id=event.incident_id,
                to=event.agency,
                kind="help",
                by=BY_RULE,
                what=event.what,
            )
        ]
    if ticket.state != "returned" or ticket.direction == "in":
        return []
    what = event.what or "再次移交"
    return [words.ReofferTicket(ticket_id=ticket.ticket_id, to=event.agency, what=what, by=BY_RULE)]


def on_offered(board: Board, event: words.TicketOffered, _now_ms: int) -> list[Follow]:
    """The department is told, unless it has been."""
    if event.direction == "in" or find_request(board, event.incident_id, event.other):
        return []
    return [
        agencies.RequestAgency(incident_id=event.incident_id, agency=event.other, what=event.what)
    ]


def on_request_accepted(board: Board, event: agencies.AgencyAccepted, _now_ms: int) -> list[Follow]:
    """Their receipt of the request is the receipt of the ticket."""
    ticket = _ticket_of(board, event.request_id)
    if ticket is None or ticket.state != "offered":
        return []
    return [words.AcceptTicket(ticket_id=ticket.ticket_id, by=event.by)]


def on_request_refused(board: Board, event: agencies.AgencyRefused, _now_ms: int) -> list[Follow]:
    """Their refusal is a return."""
    ticket = _ticket_of(board, event.request_id)
    if ticket is None or ticket.state != "offered":
        return []
    return [
        words.ReturnTicket(
            ticket_id=ticket.ticket_id,
            code="not_theirs",
            reason=event.reason or "未说明",
            by=event.by,
        )
    ]


def on_called_off(board: Board, event: agencies.AgencyCalledOff, _now_ms: int) -> list[Follow]:
    """Nobody need come: it is ours after all."""
    ticket = _ticket_of(board, event.request_id)
    if ticket is None or ticket.state not in {"offered", "accepted", "working"}:
        return []
    return [words.KeepTicket(ticket_id=ticket.ticket_id, reason=event.reason, by=BY_RULE)]


def on_accepted(board: Board, event: words.TicketAccepted, _now_ms: int) -> list[Follow]:
    """A receipt that came by voice or by paper stops the clock of the request too."""
    request_id = request_of(board, event.ticket_id, "told")
    if not request_id:
        return []
    return [agencies.AcceptAgencyRequest(request_id=request_id, by=event.by)]


def on_returned(board: Board, event: words.TicketReturned, _now_ms: int) -> list[Follow]:
    """What was returned stands nowhere as asked; what 110 returned is settled here."""
    ticket = slice_of(board).tickets[event.ticket_id]
    if ticket.direction == "in":
        return [] if event.to_supervisor else _settle(board, event)
    if request_id := request_of(board, event.ticket_id, "told"):
        return [
            agencies.RefuseAgencyRequest(request_id=request_id, by=event.by, reason=event.reason)
        ]
    if request_id := request_of(board, event.ticket_id, "accepted"):
        return [agencies.CallOffAgency(request_id=request_id, reason=event.reason)]
    return []


def on_kept(board: Board, event: words.TicketKept, _now_ms: int) -> list[Follow]:
    """The department need not come."""
    found = (request_of(board, event.ticket_id, state) for state in ("told", "accepted"))
    return [agencies.CallOffAgency(request_id=each, reason=event.reason) for each in found if each]


def on_three_way(_board: Board, event: words.ThreeWayStarted, _now_ms: int) -> list[Follow]:
    """The other side joins the call."""
    return [
        talk.AddParty(
            call_id=event.call_id, kind="agency", name=NAMES[event.other], number=event.number
        )
    ]


def on_voice(board: Board, event: talk.TransferAccepted, _now_ms: int) -> list[Follow]:
    """A call passed on by voice is counted; where it is about a ticket, that is signed for."""
    if event.to_kind != "agency" or event.to_id not in DEPARTMENTS:
        return []
    follow: list[Follow] = [words.CountVoiceHandOver(call_id=event.call_id)]
    ticket = find_live(board, board.calls[event.call_id].incident_id, event.to_id)
    if ticket is not None and ticket.state == "offered" and ticket.direction == "out":
        follow.append(words.AcceptTicket(ticket_id=ticket.ticket_id, by=event.by))
    return follow


def _settle(board: Board, event: words.TicketReturned) -> list[Follow]:
    """An incident that was only this request, and is not ours, is settled as passed on."""
    incident = board.incidents.get(event.incident_id)
    if incident is None or incident.is_over or incident.settled or incident.order_ids:
        return []
    return [
        incidents.SettleByPhone(
            incident_id=event.incident_id, disposition="referred", approved_by=event.by
        )
    ]


def _ticket_of(board: Board, request_id: str) -> Ticket | None:
    request = board.requests[request_id]
    ticket = find_live(board, request.incident_id, request.agency)
    return ticket if ticket is not None and ticket.direction == "out" else None


DECIDERS: Final[Mapping[type, Callable[..., list[Event]]]] = {
    words.OfferTicket: handing.offer,
    words.ReceiveTicket: handing.receive,
    words.AcceptTicket: handing.accept,
    words.ReturnTicket: handing.send_back,
    words.ReofferTicket: handing.reoffer,
    words.KeepTicket: handing.keep,
    words.DecideTicket: handing.decide,
    words.StartTicket: working.start,
    words.AnswerTicket: working.answer,
    words.CallBackTicket: working.call_back,
    words.CloseTicket: working.close,
    words.UrgeTicket: working.urge,
    words.StartThreeWay: handing.start_three_way,
    words.AgreeThreeWay: handing.agree_three_way,
    words.SetHotlineTerms: working.set_terms,
    words.CountVoiceHandOver: working.count_voice,
    words.WithdrawTicket: withdrawing.withdraw,
    words.RetireTicket: working.retire,
}
REACTIONS: Final[Mapping[type, tuple[Callable[[Board, Any, int], list[Follow]], ...]]] = {
    agencies.AgencyTold: (on_told,),
    agencies.AgencyAccepted: (on_request_accepted,),
    agencies.AgencyRefused: (on_request_refused,),
    agencies.AgencyCalledOff: (on_called_off,),
    incidents.IncidentSettled: (withdrawing.on_settled,),
    incidents.IncidentClosed: (withdrawing.on_closed,),
    incidents.IncidentMerged: (withdrawing.on_merged,),
    orders.FeedbackGiven: (withdrawing.on_fed_back,),
    talk.TransferAccepted: (on_voice,),
    words.TicketOffered: (on_offered,),
    words.TicketAccepted: (on_accepted,),
    words.TicketReturned: (on_returned,),
    words.TicketKept: (on_kept,),
    words.TicketWithdrawn: (withdrawing.on_withdrawn,),
    words.ThreeWayStarted: (on_three_way,),
}
