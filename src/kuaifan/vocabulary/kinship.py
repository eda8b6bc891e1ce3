"""How incidents belong together (警情关联): duplicates suggested, split, linked, reopened."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

LinkKind = Literal["related", "same_suspect_vehicle", "same_scene", "follow_up"]
Ids = Annotated[tuple[Id, ...], msgspec.Meta(max_length=500)]


class SuggestDuplicates(Command, frozen=True):
    """Look for open incidents like this one (查找疑似重复); a reaction asks."""

    incident_id: Id


class DismissDuplicate(Command, frozen=True):
    """A person says that two incidents are not the same (排除重复)."""

    incident_id: Id
    other_incident_id: Id
    reason: IncidentReason


class SplitIncident(Command, frozen=True):
    """Part of an incident is another one (拆分警情): its calls and orders that move to it."""

    incident_id: Id
    type_code: ShortText
    reason: IncidentReason
    call_ids: Ids = ()
    order_ids: Ids = ()


class LinkIncidents(Command, frozen=True):
    """Two incidents belong together and stay two (关联警情)."""

    incident_id: Id
    other_incident_id: Id
    kind: LinkKind = "related"
    reason: IncidentReason = ""


class UnlinkIncidents(Command, frozen=True):
    """They do not belong together (取消关联)."""

    incident_id: Id
    other_incident_id: Id
    reason: IncidentReason


class ReopenIncident(Command, frozen=True):
    """A handled, reviewed or closed incident goes on (重开警情)."""

    incident_id: Id
    reason: IncidentReason


class RetireIncident(Command, frozen=True):
    """A closed incident leaves the board (警情归档); submitted by a timer."""

    incident_id: Id


class RetireCall(Command, frozen=True):
    """A call that became no incident leaves the board (来电归档); submitted by a timer."""

    call_id: Id


class DuplicateSuggested(Event, frozen=True):
    """Two incidents may be one (疑似重复); a person decides."""

    incident_id: str
    other_incident_id: str
    distance_m: int
    apart_ms: int


class DuplicateDismissed(Event, frozen=True):
    """They are not the same (已排除重复)."""

    incident_id: str
    other_incident_id: str
    reason: IncidentReasonTold


class IncidentSplit(Event, frozen=True):
    """Calls and orders moved to an incident of their own (警情已拆分)."""

    incident_id: str
    into_incident_id: str
    call_ids: tuple[str, ...]
    order_ids: tuple[str, ...]
    reason: IncidentReasonTold


class IncidentsLinked(Event, frozen=True):
    """They belong together (警情已关联)."""

    incident_id: str
    other_incident_id: str
    kind: LinkKind
    reason: IncidentReasonTold


class IncidentsUnlinked(Event, frozen=True):
    """They do not belong together (警情关联已取消)."""

    incident_id: str
    other_incident_id: str
    reason: IncidentReasonTold


class IncidentReopened(Event, frozen=True):
    """It goes on (警情已重开)."""

    incident_id: str
    reason: IncidentReasonTold


class IncidentRetired(Event, frozen=True):
    """It has left the board, with its calls and orders (警情已归档)."""

    incident_id: str


class RetirementPutOff(Event, frozen=True):
    """Something of it is still open: it is looked at again later (警情暂缓归档)."""

    incident_id: str
    reason: str


class CallRetired(Event, frozen=True):
    """A call without an incident has left the board (来电已归档)."""

    call_id: str


COMMANDS = (
    SuggestDuplicates,
    DismissDuplicate,
    SplitIncident,
    LinkIncidents,
    UnlinkIncidents,
    ReopenIncident,
    RetireIncident,
    RetireCall,
)
EVENTS = (
    DuplicateSuggested,
    DuplicateDismissed,
    IncidentSplit,
    IncidentsLinked,
    IncidentsUnlinked,
    IncidentReopened,
    IncidentRetired,
    RetirementPutOff,
    CallRetired,
)
