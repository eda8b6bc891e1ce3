"""Desks (指挥席) of city, district and county: whose an incident is, and which policy ranks it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

PolicyName = Literal["patrol_first", "station_first", "nearest", "reserve_urgent"]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class HandOverIncident(Command, frozen=True):
    """Offer an incident to another desk (移交警情); the first keeps it until the receipt."""

    incident_id: Id
    to_desk_id: Id
    reason: IncidentReason


class AcceptHandOver(Command, frozen=True):
    """The other desk signs for it (移交签收)."""

    incident_id: Id
    by: ShortText


class RefuseHandOver(Command, frozen=True):
    """The other desk sends it back (移交退回)."""

    incident_id: Id
    by: ShortText
    reason: IncidentReason


class TakeOverIncident(Command, frozen=True):
    """The city desk takes an incident to itself (提级指挥), with a reason."""

    incident_id: Id
    by: ShortText
    reason: IncidentReason


class UsePolicy(Command, frozen=True):
    """Put a dispatch policy in force for a district, or for all, from a moment on (启用派警策略).

    desk_id: empty for every desk without a choice of its own. until_ms: 0 = until further notice.
    """

    policy: PolicyName
    approved_by: ShortText
    desk_id: Id = ""
    from_ms: Instant = 0
    until_ms: Instant = 0


class HandOverOffered(Event, frozen=True):
    """An incident waits for another desk's receipt (移交待签收)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    reason: IncidentReasonTold


class HandOverAccepted(Event, frozen=True):
    """The other desk has it (移交已签收)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    by: str


class HandOverRefused(Event, frozen=True):
    """It stays where it is (移交被退回)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    by: str
    reason: IncidentReasonTold


class IncidentTakenOver(Event, frozen=True):
    """The city desk has it (已提级指挥)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    by: str
    reason: IncidentReasonTold


class PolicyUsed(Event, frozen=True):
    """A policy is in force (派警策略已启用)."""

    policy: PolicyName
    approved_by: str
    desk_id: str
    from_ms: int
    until_ms: int


COMMANDS = (HandOverIncident, AcceptHandOver, RefuseHandOver, TakeOverIncident, UsePolicy)
EVENTS = (HandOverOffered, HandOverAccepted, HandOverRefused, IncidentTakenOver, PolicyUsed)
