"""Back from the archive (调档): a retired incident stands on the board again, with its papers.

What was stored of it comes in as an input, so that a replay needs no archive. Each paper is one
text sealed under its own owner: erasing a call's key takes the call out of a recall as well.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal


class StoredCall(msgspec.Struct, frozen=True):
    """A call record as the read table keeps it (归档接警单); body: JSON."""

    call_id: str
    body: Annotated[str, Personal("call")]


class StoredOrder(msgspec.Struct, frozen=True):
    """A dispatch order as the read table keeps it (归档派警单); body: JSON."""

    order_id: str
    incident_id: str
    body: Annotated[str, Personal("incident")]


class RecallIncident(Command, frozen=True):
    """Bring a retired incident back onto the board (调档); the desk itself asks, before a touch."""

    incident_id: str
    body: Annotated[str, Personal("incident")]
    calls: tuple[StoredCall, ...] = ()
    orders: tuple[StoredOrder, ...] = ()


class IncidentRecalled(Event, frozen=True):
    """It stands on the board as it was when it left (警情已调档)."""

    incident_id: str
    body: Annotated[str, Personal("incident")]
    calls: tuple[StoredCall, ...] = ()
    orders: tuple[StoredOrder, ...] = ()


COMMANDS = (RecallIncident,)
EVENTS = (IncidentRecalled,)
