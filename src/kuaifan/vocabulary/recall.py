"""Back from the archive (调档): a retired incident stands on the board again, with its papers.

What was stored of it comes in as an input, so that a replay needs no archive. Of each paper the
facts stand in clear, without the personal texts; these come beside them, each sealed under its own
owner, so that a paper whose owner was erased still can be read, without what was said in it.
Logs before that hold each paper as one sealed text, its body; such a body still folds.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal

OldCallBody = Annotated[str, Personal("call")]
OldIncidentBody = Annotated[str, Personal("incident")]
"""A whole paper as one text (旧式归档正文), in old logs only; empty where the facts are given."""


class CallPaperText(msgspec.Struct, frozen=True):
    """A personal text of a call record (接警单个人信息); path: fields and numbers down to it."""

    path: tuple[str, ...]
    text: Annotated[str, Personal("call")]


class IncidentPaperText(msgspec.Struct, frozen=True):
    """A personal text of an incident or of one of its orders (警情个人信息); path: as above."""

    path: tuple[str, ...]
    text: Annotated[str, Personal("incident")]


class StoredCall(msgspec.Struct, frozen=True):
    """A call record as the read table keeps it (归档接警单); facts: JSON without personal texts."""

    call_id: str
    facts: str = ""
    texts: tuple[CallPaperText, ...] = ()
    body: OldCallBody = ""


class StoredOrder(msgspec.Struct, frozen=True):
    """A dispatch order as the read table keeps it (归档派警单); facts, texts: as above."""

    order_id: str
    incident_id: str
    facts: str = ""
    texts: tuple[IncidentPaperText, ...] = ()
    body: OldIncidentBody = ""


class RecallIncident(Command, frozen=True):
    """Bring a retired incident back onto the board (调档); the desk itself asks, before a touch."""

    incident_id: str
    facts: str = ""
    texts: tuple[IncidentPaperText, ...] = ()
    body: OldIncidentBody = ""
    calls: tuple[StoredCall, ...] = ()
    orders: tuple[StoredOrder, ...] = ()


class IncidentRecalled(Event, frozen=True):
    """It stands on the board as it was when it left (警情已调档)."""

    incident_id: str
    facts: str = ""
    texts: tuple[IncidentPaperText, ...] = ()
    body: OldIncidentBody = ""
    calls: tuple[StoredCall, ...] = ()
    orders: tuple[StoredOrder, ...] = ()


COMMANDS = (RecallIncident,)
EVENTS = (IncidentRecalled,)
