"""Finding tickets, or refusing in words (工单查找)."""

from __future__ import annotations

from typing import Final

from kuaifan.board.case_class import class_of_case, class_of_incident
from kuaifan.board.item_papers import Item
from kuaifan.board.items import ItemKind, get_item, open_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.seats.hotline.kinds import OURS, THEIRS
from kuaifan.seats.hotline.papers import NAMES, SEAT_ID, Slice, Ticket
from kuaifan.seats.hotline.words import TicketState
from kuaifan.vocabulary.item import ItemOpened, Owner
from kuaifan.vocabulary.record_class import RecordClass

STANDING: Final = frozenset({"told", "accepted", "arrived"})
STATES: Final[dict[str, tuple[str, str]]] = {
    "offered": ("待签收", "offered"),
    "returned": ("已退回", "returned"),
    "deciding": ("待定责", "to be decided"),
    "accepted": ("已签收", "accepted"),
    "working": ("办理中", "being worked on"),
    "answered": ("已答复", "answered"),
    "called_back": ("已回访", "called back"),
    "closed": ("已办结", "closed"),
}


def slice_of(board: Board) -> Slice:
    """What the seat keeps."""
    mine: Slice = board.seats[SEAT_ID]
    return mine


def get_ticket(board: Board, ticket_id: str) -> Ticket:
    """Return a ticket, or refuse: unknown_ticket."""
    if (ticket := slice_of(board).tickets.get(ticket_id)) is None:
        raise Refused(
            "unknown_ticket",
            f"没有联动工单 {ticket_id}，或已归档",
            f"there is no ticket {ticket_id}, or it is too old",
        )
    return ticket


def get_in(board: Board, ticket_id: str, *states: TicketState) -> Ticket:
    """Return a ticket that stands so, or refuse: ticket_state."""
    ticket = get_ticket(board, ticket_id)
    if ticket.state not in states:
        zh, en = STATES[ticket.state]
        raise Refused(
            f"ticket_{ticket.state}",
            f"工单 {ticket_id} 当前为“{zh}”，此时不能这样做",
            f"ticket {ticket_id} is {en}: this cannot be done now",
        )
    return ticket


def get_owed(board: Board, ticket: Ticket, kind: ItemKind | None = None) -> Item:
    """Return what is owed for a ticket now."""
    return get_item(board, ticket.item_id, kind)


def work_of(ticket: Ticket) -> ItemKind:
    """The kind of item under which it is worked on."""
    return THEIRS if ticket.direction == "out" else OURS


def open_for(
    board: Board, ticket: Ticket, kind: ItemKind, due_at_ms: int, owner: Owner | None = None
) -> ItemOpened:
    """The event that opens what is owed for a ticket."""
    item = board.items.get(ticket.item_id)
    return open_item(
        board,
        kind,
        owner=owner or Owner("seat", SEAT_ID),
        due_at_ms=due_at_ms,
        incident_id=item.incident_id if item else ticket.incident_id,
        subject_id=ticket.ticket_id,
    )


def check_department(agency: str) -> str:
    """Return a department's name, or refuse: unknown_department."""
    if agency not in NAMES:
        raise Refused(
            "unknown_department",
            f"{agency} 不是联动部门；可选：{'、'.join(NAMES.values())}",
            f"{agency} is no department; there are {', '.join(NAMES)}",
        )
    return NAMES[agency]


def find_live(board: Board, incident_id: str, other: str) -> Ticket | None:
    """The ticket about an incident with a side that is not over; O(tickets)."""
    return next(
        (
            each
            for each in slice_of(board).tickets.values()
            if (each.incident_id, each.other) == (incident_id, other) and each.state != "closed"
        ),
        None,
    )


def list_live(board: Board, incident_id: str) -> list[Ticket]:
    """All tickets about an incident that are not over; O(tickets)."""
    return [
        each
        for each in slice_of(board).tickets.values()
        if each.incident_id == incident_id and each.state != "closed"
    ]


def find_request(board: Board, incident_id: str, other: str) -> str:
    """The standing request to a side about an incident, or nothing."""
    incident = board.incidents.get(incident_id)
    for request_id in incident.request_ids if incident else ():
        request = board.requests[request_id]
        if request.agency == other and request.state in STANDING:
            return request_id
    return ""


def request_of(board: Board, ticket_id: str, state: str) -> str:
    """The request that stands so for a ticket of ours, or nothing."""
    ticket = slice_of(board).tickets[ticket_id]
    if ticket.direction == "in":
        return ""
    request_id = find_request(board, ticket.incident_id, ticket.other)
    return request_id if request_id and board.requests[request_id].state == state else ""


def class_of(board: Board, ticket: Ticket) -> RecordClass:
    """Of what class its record is: that of its incident, which leaves the board before it."""
    incident = board.incidents.get(ticket.incident_id)
    if incident is None:
        return class_of_case(board, ticket.incident_id, ticket.record_class)
    return class_of_incident(board, incident)
