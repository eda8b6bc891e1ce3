"""What a record wants of other services (联动外发): to come, or not to come any more.

A service is told where, what kind and how urgent, and what the desk wrote for it: no caller's
number or name, no story. Of a restricted record not even the kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from kuaifan.board.view_rows import IncidentRow
from kuaifan.gateway.effect import Effect, effect_id_of, limit_ms
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.agency import AgencyCalledOff, AgencyTold


class Incidents(Protocol):
    """What there is to know of incidents (警情来源)."""

    def find_incident(self, incident_id: str) -> IncidentRow | None:
        """An incident as it is shown, None once it has left."""


def agency_effects(record: Record, incidents: Incidents) -> Iterator[Effect]:
    """What a record wants services told; of one lane are those about one incident.

    A request whose incident is closed or merged by the time that it is read cannot be made any
    more and is handed to a person; what is called off needs no more than its number.
    """
    for event_i, event in enumerate(record.events):
        if not isinstance(event, AgencyTold | AgencyCalledOff):
            continue
        row = incidents.find_incident(event.incident_id)
        channel = event.agency or _asked(row, event.request_id)
        if not channel:
            continue
        fields = _request(event, row) if isinstance(event, AgencyTold) else _call_off(event)
        yield Effect(
            effect_id=effect_id_of(record.seq, event_i, record.at_ms),
            place=f"{record.seq}-{event_i}",
            channel=channel,
            lane=f"{channel}/{event.incident_id}",
            what=str(fields["command"]),
            fields=fields,
            at_ms=record.at_ms,
            until_ms=record.at_ms + limit_ms(channel),
            incident_id=event.incident_id,
            request_id=event.request_id,
            is_gone=isinstance(event, AgencyTold) and row is None,
        )


def _request(event: AgencyTold, row: IncidentRow | None) -> dict[str, Any]:
    if row is None:
        return {"command": "request"}
    is_ordinary = row.record_class == "ordinary"
    return {
        "command": "request",
        "agency": event.agency,
        "request_id": event.request_id,
        "incident_id": event.incident_id,
        "type_code": row.type_code if is_ordinary else "",
        "type": row.type_name if is_ordinary else "",
        "priority": row.priority,
        "address": str(row.address),
        "lat": row.lat if row.is_placed else None,
        "lon": row.lon if row.is_placed else None,
        "what": str(event.what),
    }


def _call_off(event: AgencyCalledOff) -> dict[str, Any]:
    return {
        "command": "call_off",
        "request_id": event.request_id,
        "incident_id": event.incident_id,
    }


def _asked(row: IncidentRow | None, request_id: str) -> str:
    """Which service a request of an old log went to."""
    requests = row.requests if row is not None else ()
    return next((each.agency for each in requests if each.request_id == request_id), "")
