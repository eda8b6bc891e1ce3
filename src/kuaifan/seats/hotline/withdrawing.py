"""An incident ends with nothing left to do (移交撤回): what was handed over of it is asked no more.

Only such ends withdraw a hand-over as leave nothing for anybody. A crew that has fenced off a
broken lamp is done too, and the lamp is still broken: there the department's work stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kuaifan.board.entities import Incident
from kuaifan.board.items import close_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.kinds import DECISION, OFFER, RETURNED
from kuaifan.seats.hotline.lookup import (
    find_live,
    get_owed,
    get_ticket,
    list_live,
    request_of,
    work_of,
)
from kuaifan.seats.hotline.papers import Ticket
from kuaifan.vocabulary import agency as agencies
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

UNANSWERED: Final = ("offered", "returned", "deciding", "accepted", "working")
NOTHING_LEFT: Final[Mapping[str, words.WithdrawnFor]] = {
    "called_off": "called_off",
    "false_alarm": "false_alarm",
    "gone": "gone",
}
"""Dispositions after which there is nothing for another service either."""
KINDS_OF: Final = {"offered": OFFER, "returned": RETURNED, "deciding": DECISION}
WORDS: Final = {
    "called_off": "报警人已撤销报警，无需办理",
    "false_alarm": "查为虚假警情，无需办理",
    "gone": "到场未发现，无需办理",
    "merged": "警情已合并，另有工单，无需重复办理",
}
"""What the department is told with it; never what the incident was about."""


def withdraw(board: Board, command: words.WithdrawTicket, _now_ms: int) -> list[Event]:
    """Asked no more (移交撤回); nothing where it was answered in the same breath."""
    ticket = get_ticket(board, command.ticket_id)
    if ticket.state not in UNANSWERED:
        return []
    kind = KINDS_OF.get(ticket.state, work_of(ticket))
    return [
        words.TicketWithdrawn(
            ticket_id=ticket.ticket_id, incident_id=ticket.incident_id, why=command.why
        ),
        close_item(kind, get_owed(board, ticket), "withdrawn", by="规则"),
    ]


def on_settled(board: Board, event: incidents.IncidentSettled, _now_ms: int) -> list[Follow]:
    """The desk found that there is nothing to it."""
    return _withdraw_all(board, event.incident_id, str(event.disposition))


def on_fed_back(board: Board, event: orders.FeedbackGiven, _now_ms: int) -> list[Follow]:
    """The last crew found nothing, and none before it anything."""
    incident = board.incidents[event.incident_id]
    if not incident.is_complete or not _found_nothing(board, incident):
        return []
    return _withdraw_all(board, event.incident_id, str(event.disposition))


def on_closed(board: Board, event: incidents.IncidentClosed, _now_ms: int) -> list[Follow]:
    """Whoever closes it has the last word; what they work on may still be open then."""
    return _withdraw_all(board, event.incident_id, str(event.disposition))


def on_merged(board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """Two hand-overs of one matter to one department: that of the main incident stands."""
    return [
        words.WithdrawTicket(ticket_id=ticket.ticket_id, why="merged")
        for ticket in _unanswered(board, event.incident_id)
        if find_live(board, event.into_incident_id, ticket.other) is not None
    ]


def on_withdrawn(board: Board, event: words.TicketWithdrawn, _now_ms: int) -> list[Follow]:
    """The department is told on its own line that nobody need come."""
    found = (request_of(board, event.ticket_id, state) for state in ("told", "accepted"))
    reason = WORDS[event.why]
    return [agencies.CallOffAgency(request_id=each, reason=reason) for each in found if each]


def _withdraw_all(board: Board, incident_id: str, disposition: str) -> list[Follow]:
    why = NOTHING_LEFT.get(disposition)
    if why is None:
        return []
    return [
        words.WithdrawTicket(ticket_id=each.ticket_id, why=why)
        for each in _unanswered(board, incident_id)
    ]


def _unanswered(board: Board, incident_id: str) -> list[Ticket]:
    """Hand-overs of ours that still wait; what came in is answered whatever was found."""
    own = list_live(board, incident_id)
    return [each for each in own if each.direction == "out" and each.state in UNANSWERED]


def _found_nothing(board: Board, incident: Incident) -> bool:
    given = [order.disposition for order in board.active_orders(incident)]
    return all(str(each) in NOTHING_LEFT for each in given)
