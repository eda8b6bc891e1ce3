"""A retired incident comes back (调档): its papers as they were stored, without what was let go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from kuaifan.board.entities import Call, Incident, Order
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import recall


def incident_recalled(board: Board, event: recall.IncidentRecalled, _at_ms: int) -> None:
    """It stands there closed, as it left; its requests and reservations stay in the log only."""
    incident = msgspec.json.decode(event.body, type=Incident)
    incident.request_ids, incident.reserved_unit_ids = [], []
    incident.seq = board.seq
    board.incidents[incident.incident_id] = incident
    for stored_call in event.calls:
        call = msgspec.json.decode(stored_call.body, type=Call)
        board.calls[call.call_id] = call
        if call.phone_id:
            board.phone_calls[call.phone_id] = call.call_id
    for stored_order in event.orders:
        order = msgspec.json.decode(stored_order.body, type=Order)
        board.orders[order.order_id] = order


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    recall.IncidentRecalled: incident_recalled,
}
