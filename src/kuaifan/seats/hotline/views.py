"""Tables of the hand-over seat (联动表): tickets, and how each department answers."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kuaifan.board.reference import CITY_DESK
from kuaifan.board.state import Board
from kuaifan.seats.hotline.lookup import class_of, slice_of
from kuaifan.seats.hotline.open311 import tell
from kuaifan.seats.hotline.papers import NAMES
from kuaifan.seats.hotline.words import Answer, Contact, What
from kuaifan.vocabulary.record_class import RecordClass


class TicketRow(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as it is listed (工单行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    direction: str
    other: str
    their_id: str
    state: str
    holder: str
    kind: str
    due_at_ms: int
    n_returned: int
    n_urged: int
    description: What
    contact: Contact
    answer: Answer
    result: str
    outcome: str
    opened_at_ms: int


class DepartmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A department with what it has (部门行); late: of what is still open."""

    row_id: str
    name: str
    n_open: int
    n_late: int
    n_returned: int
    n_closed: int
    incident_id: str = ""
    desk_id: str = CITY_DESK
    record_class: RecordClass = "ordinary"


class ToldRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side is told of a request of its own (对方所见), by its own number."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    agency: str
    other: str
    status: str
    notes: str
    responsible: str
    service: str
    service_code: str
    requested_at_ms: int
    expected_at_ms: int
    updated_at_ms: int
    lat: float | None
    lon: float | None


def list_tickets(board: Board) -> Iterator[TicketRow]:
    """Tickets, the newest first."""
    for ticket in reversed(slice_of(board).tickets.values()):
        item, incident = board.items.get(ticket.item_id), board.incidents.get(ticket.incident_id)
        yield TicketRow(
            row_id=ticket.ticket_id,
            incident_id=ticket.incident_id,
            desk_id=incident.desk_id if incident else ticket.desk_id,
            record_class=class_of(board, ticket),
            direction=ticket.direction,
            other=NAMES[ticket.other],
            their_id=ticket.their_id,
            state=ticket.state,
            holder=ticket.holder,
            kind=ticket.kind,
            due_at_ms=item.due_at_ms if item else 0,
            n_returned=ticket.n_returned,
            n_urged=ticket.n_urged,
            description=ticket.description,
            contact=ticket.contact,
            answer=ticket.answer,
            result=ticket.result or "",
            outcome=ticket.outcome,
            opened_at_ms=ticket.opened_at_ms,
        )


def list_departments(board: Board) -> Iterator[DepartmentRow]:
    """Every department that may have something."""
    tickets = slice_of(board).tickets.values()
    for other, name in NAMES.items():
        own = [each for each in tickets if each.other == other]
        items = [board.items[each.item_id] for each in own if each.item_id in board.items]
        yield DepartmentRow(
            row_id=other,
            name=name,
            n_open=len(items),
            n_late=sum(f"item:{each.item_id}" in board.alarms for each in items),
            n_returned=sum(each.n_returned for each in own),
            n_closed=sum(each.state == "closed" for each in own),
        )


def list_told(board: Board) -> Iterator[ToldRow]:
    """Requests that came with a number of the other side's, as Open311 has them."""
    for ticket in slice_of(board).tickets.values():
        if ticket.direction == "out":
            continue
        told, incident = tell(board, ticket), board.incidents.get(ticket.incident_id)
        yield ToldRow(
            row_id=told.service_request_id,
            incident_id=ticket.incident_id,
            desk_id=incident.desk_id if incident else ticket.desk_id,
            record_class=class_of(board, ticket),
            agency=ticket.other,
            other=NAMES[ticket.other],
            status=told.status,
            notes=told.status_notes,
            responsible=told.agency_responsible,
            service=told.service_name,
            service_code=told.service_code,
            requested_at_ms=told.requested_at_ms,
            lat=told.lat,
            lon=told.long,
            expected_at_ms=told.expected_at_ms,
            updated_at_ms=told.updated_at_ms,
        )


VIEWS = {"tickets": list_tickets, "departments": list_departments, "told": list_told}
