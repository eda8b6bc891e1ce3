"""Service requests as cities exchange them (Open311 GeoReport v2), out of tickets and into them.

Their request becomes a `ReceiveTicket`, our ticket becomes their `service_request`. What a
restricted record is about is not told, nor is any name or number of a person.
"""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.kernel.errors import BadInputError
from kuaifan.seats.hotline.lookup import class_of, slice_of
from kuaifan.seats.hotline.papers import NAMES, Ticket
from kuaifan.seats.hotline.words import CallBackResult, ReceiveTicket
from kuaifan.vocabulary.incident_types import IncidentType

REASONS: Final = {1: "feedback", 2: "return", 3: "callback"}
"""What a message of the other side is about, as running interfaces number it (domain §2.4)."""
RESULTS: Final[dict[int, CallBackResult]] = {1: "satisfied", 2: "fairly", 3: "not"}
"""Call-back results, as running interfaces number them."""
MAX_BYTES: Final = 65_536


class ServiceRequest(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A request as POST /requests.json has it (服务请求); service_request_id: their number of it.

    attribute: more fields of a service; of ours, `danger` and `kind`.
    """

    service_request_id: str
    service_code: str
    description: str
    lat: float | None = None
    long: float | None = None
    address_string: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    attribute: dict[str, str] = {}


class Answered(msgspec.Struct, kw_only=True):
    """A request as GET /requests/{id}.json has it (服务请求状态), times in ms."""

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


def read_request(data: bytes, agency: str) -> ReceiveTicket:
    """Read what the other side posts; raises BadInputError with the field and the cure."""
    if len(data) > MAX_BYTES:
        raise BadInputError(
            f"a service request has at most {MAX_BYTES} bytes; this has {len(data)}"
        )
    try:
        asked = msgspec.json.decode(data, type=ServiceRequest)
    except msgspec.DecodeError as error:
        raise BadInputError(f"this is no service request of Open311: {error}") from error
    for name in ("service_request_id", "service_code", "description"):
        if not getattr(asked, name).strip():
            raise BadInputError(f"the service request needs {name}; it is empty")
    told = f"{asked.last_name}{asked.first_name} {asked.phone}".strip()
    plain = {
        "from_agency": agency,
        "their_id": asked.service_request_id,
        "service_code": asked.service_code,
        "description": asked.description,
        "address": asked.address_string,
        "lat": asked.lat,
        "lon": asked.long,
        "contact": told,
        "danger": asked.attribute.get("danger", "") in {"1", "true", "yes"},
        "kind": asked.attribute.get("kind", "help"),
        "by": agency,
    }
    try:
        # Through the command's own type, so that what the desk would refuse is refused here.
        return msgspec.convert({"type": "ReceiveTicket", **plain}, ReceiveTicket)
    except msgspec.ValidationError as error:
        raise BadInputError(f"the service request cannot be taken: {error}") from error


def find_answer(board: Board, agency: str, their_id: str) -> Answered | None:
    """What became of a request of the other side, by its own number; None for one never sent."""
    ticket_id = slice_of(board).by_their_id.get(f"{agency}:{their_id}", "")
    ticket = slice_of(board).tickets.get(ticket_id)
    return tell(board, ticket) if ticket is not None else None


def tell(board: Board, ticket: Ticket) -> Answered:
    """A ticket as the other side sees it."""
    incident = board.incidents.get(ticket.incident_id)
    is_open = class_of(board, ticket) == "ordinary"
    found = board.reference.types.get(incident.type_code) if incident and is_open else None
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


def list_services(reference: Reference) -> list[IncidentType]:
    """What may be asked of 110 (GET /services.json): our types in use, by their codes."""
    return [
        each
        for code, each in sorted(reference.types.items())
        if code not in reference.retired_types
    ]
