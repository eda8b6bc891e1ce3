"""One incident led from call to close by a client that waits for every answer (基准流程)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

STEPS = 12
THEFT = "010206"


def lead_life(unit_id: str, *, lat: float, lon: float) -> Generator[Command, Record | None, None]:
    """Yield the twelve commands of a life; send each record back to learn the numbers.

    A generator: `send(record)` gives the next command, StopIteration ends the life.
    """
    record: Any = yield calls.RegisterCall(line="110", caller_number="00000000000")
    call_id = _find(record, calls.CallRegistered).call_id
    yield calls.AnswerCall(call_id=call_id, seat_id="bench")
    record = yield incidents.OpenIncident(
        type_code=THEFT, call_id=call_id, narrative="手机被偷", lat=lat, lon=lon
    )
    incident_id = _find(record, incidents.IncidentOpened).incident_id
    yield calls.HangUpCall(call_id=call_id)
    record = yield orders.AssignUnit(incident_id=incident_id, unit_id=unit_id)
    order_id = _find(record, orders.UnitAssigned).order_id
    yield orders.AcknowledgeOrder(order_id=order_id)
    yield orders.ReportEnRoute(order_id=order_id)
    yield orders.ReportArrival(order_id=order_id)
    yield orders.ReportHandled(order_id=order_id)
    yield orders.GiveFeedback(
        order_id=order_id, incident_id=incident_id, disposition="handled", story="已登记"
    )
    yield incidents.ReviewIncident(incident_id=incident_id, reviewer_id="bench")
    yield incidents.CloseIncident(incident_id=incident_id)


def _find(record: Record, kind: Callable[..., Event]) -> Any:  # noqa: ANN401 - the event of that kind
    return next(event for event in record.events if isinstance(event, kind))  # type: ignore[arg-type] # a class
