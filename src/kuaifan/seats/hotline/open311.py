"""What the other side is told of its request (服务请求状态): a state, never a person.

How neighbours speak of it is theirs: see kuaifan.neighbours.open311.
"""

from __future__ import annotations

import msgspec

from kuaifan.board.state import Board
from kuaifan.seats.hotline.lookup import class_of
from kuaifan.seats.hotline.papers import NAMES, Ticket


class Answered(msgspec.Struct, kw_only=True):
    """What became of a request (服务请求状态), times in ms; if restricted its state only."""

    service_request_id: str
    status: str
    status_notes: str
    service_code: str
    service_name: str
    agency_responsible: str
    requested_at_ms: int
    updated_at_ms: int
    expected_at_ms: int
    lat: float | None
    long: float | None


def tell(board: Board, ticket: Ticket) -> Answered:
    """A ticket as the other side sees it."""
    incident = board.incidents.get(ticket.incident_id)
    is_open = class_of(board, ticket) == "ordinary"
    code = incident.type_code if incident else ticket.service_code
    found = board.reference.types.get(code) if is_open else None
    has_place = incident is not None and incident.is_placed and is_open
    return Answered(
        service_request_id=ticket.their_id or ticket.ticket_id,
        status="closed" if ticket.state == "closed" else "open",
        status_notes=ticket.outcome or ticket.state,
        service_code=found.code if found else "",
        service_name=found.name_cn if found else "",
        agency_responsible="110" if ticket.holder == "us" else NAMES[ticket.other],
        requested_at_ms=ticket.opened_at_ms,
        updated_at_ms=ticket.changed_at_ms,
        expected_at_ms=ticket.answer_by_ms,
        lat=incident.lat if incident and has_place else None,
        long=incident.lon if incident and has_place else None,
    )
