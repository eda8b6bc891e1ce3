"""A retired incident comes back (调档): its papers as they were stored, without what was let go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Call, Incident, Order
from kuaifan.board.progress import note_owing
from kuaifan.board.state import Board
from kuaifan.board.stored_papers import read_paper
from kuaifan.kernel.message import Event
from kuaifan.kernel.personal import ERASED, is_erased
from kuaifan.vocabulary import recall

LOWEST_PRIORITY: Final = 5
ERASED_TEXT: Final = str(ERASED)


def incident_recalled(board: Board, event: recall.IncidentRecalled, at_ms: int) -> None:
    """It stands there closed, as it left; its requests and reservations stay in the log only.

    Where an owner was erased since, its texts read as erased, and the paper stands all the same.
    """
    incident = _incident(board, event, at_ms)
    incident.request_ids, incident.reserved_unit_ids = [], []
    # What was owed as it left may be done by now, or owed since; seldom, and items are few.
    owed = (each for each in board.items.values() if each.incident_id == event.incident_id)
    incident.item_ids = [each.item_id for each in owed]
    incident.seq = board.seq
    board.incidents[incident.incident_id] = incident
    board.left_restricted.pop(incident.incident_id, None)
    for stored_call in event.calls:
        call = _call(stored_call, event.incident_id, at_ms)
        call.seq = board.seq
        board.calls[call.call_id] = call
        if call.phone_id:
            board.phone_calls[call.phone_id] = call.call_id
    for stored_order in event.orders:
        order = _order(stored_order, at_ms)
        order.seq = board.seq
        board.orders[order.order_id] = order
        note_owing(board, order)


# Old logs hold each paper as one sealed text: erased, nothing of it is left but its name, and the
# log that goes on to speak of it must fold.


def _incident(board: Board, event: recall.IncidentRecalled, at_ms: int) -> Incident:
    if not is_erased(event.body):
        return read_paper(Incident, event)
    return Incident(
        incident_id=event.incident_id,
        source="110",
        type_code=list(board.reference.types)[-1],
        priority=LOWEST_PRIORITY,
        plan="",
        route="",
        n_needed=0,
        record_class="restricted",
        narrative=ERASED_TEXT,
        address=ERASED_TEXT,
        state="closed",
        opened_at_ms=at_ms,
        call_ids=[call.call_id for call in event.calls],
        order_ids=[order.order_id for order in event.orders],
    )


def _call(stored: recall.StoredCall, incident_id: str, at_ms: int) -> Call:
    if not is_erased(stored.body):
        return read_paper(Call, stored)
    return Call(
        call_id=stored.call_id,
        line="110",
        caller_number=ERASED_TEXT,
        state="ended",
        incident_id=incident_id,
        t0_ms=at_ms,
    )


def _order(stored: recall.StoredOrder, at_ms: int) -> Order:
    if not is_erased(stored.body):
        return read_paper(Order, stored)
    return Order(
        order_id=stored.order_id,
        incident_id=stored.incident_id,
        unit_id="",
        state="withdrawn",
        n_crew=0,
        rank=0,
        travel_ms=0,
        t4_ms=at_ms,
        story=ERASED_TEXT,
    )


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    recall.IncidentRecalled: incident_recalled,
}
