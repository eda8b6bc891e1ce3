"""What a record wants of other services (联动外发): to come, or not to come any more.

A service is told where, what kind and how urgent, and what the desk wrote for it: no caller's
number or name, no story. Of a restricted record not even the kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

import msgspec

from kuaifan.gateway.effect import Effect, effect_id_of, limit_ms
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.agency import AgencyCalledOff, AgencyTold

GONE: Final[Mapping[str, Any]] = {"command": "request"}
"""Of a request that cannot be made any more."""


class AskedIncident(msgspec.Struct, frozen=True):
    """What a service may be told of an incident (联动警情), as the log's own tables have it.

    Not of the screens: a case is merged away from those, and they come after the log.
    """

    type_code: str
    record_class: str
    priority: int
    state: str
    address: str = ""
    lat: float = 0.0
    lon: float = 0.0
    arc: int = -1


class Incidents(Protocol):
    """What there is to know of incidents (警情来源)."""

    def find_incident(self, incident_id: str) -> AskedIncident | None:
        """An incident as it is stored, None where its texts were erased or nothing is known."""

    def type_name(self, type_code: str) -> str:
        """The name of a type."""

    def find_asked(self, incident_id: str, request_id: str) -> str:
        """Which service a request went to, empty where the log does not say."""


def agency_effects(record: Record, incidents: Incidents) -> Iterator[Effect]:
    """What a record wants services told; of one lane are those about one incident.

    A request whose incident is closed by the time that it is read is handed to a person: nobody is
    sent to what is over. What is called off needs no more than its number.
    """
    for event_i, event in enumerate(record.events):
        if not isinstance(event, AgencyTold | AgencyCalledOff):
            continue
        channel = event.agency or incidents.find_asked(event.incident_id, event.request_id)
        if not channel:
            continue
        fields = _fields(event, incidents)
        yield Effect(
            effect_id=effect_id_of(record.seq, event_i, record.at_ms),
            place=f"{record.seq}-{event_i}",
            channel=channel,
            lane=f"{channel}/{event.incident_id}",
            what=str(fields["command"]),
            fields=dict(fields),
            at_ms=record.at_ms,
            until_ms=record.at_ms + limit_ms(channel),
            incident_id=event.incident_id,
            request_id=event.request_id,
            is_gone=fields == GONE,
        )


def _fields(event: AgencyTold | AgencyCalledOff, incidents: Incidents) -> Mapping[str, Any]:
    named = {"request_id": event.request_id, "incident_id": event.incident_id}
    if isinstance(event, AgencyCalledOff):
        return {"command": "call_off", **named}
    incident = incidents.find_incident(event.incident_id)
    if incident is None or incident.state == "closed":
        return GONE
    is_ordinary, is_placed = incident.record_class == "ordinary", incident.arc >= 0
    return {
        "command": "request",
        "agency": event.agency,
        **named,
        "type_code": incident.type_code if is_ordinary else "",
        "type": incidents.type_name(incident.type_code) if is_ordinary else "",
        "priority": incident.priority,
        "address": incident.address,
        "lat": incident.lat if is_placed else None,
        "lon": incident.lon if is_placed else None,
        "what": str(event.what),
    }
