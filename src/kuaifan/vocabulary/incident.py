"""The incident (警情): what happened, where, how urgent, and how it ended.

Stamps: tp place first known, t10 closed. The other stamps belong to its orders (order.py).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, Line, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold, Result, ResultTold

Narrative = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
Address = Annotated[str, msgspec.Meta(max_length=400), Personal("incident")]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Priority = Annotated[int, msgspec.Meta(ge=1, le=5)]

IncidentState = Literal[
    "scheduled",
    "registered",
    "queued",
    "dispatched",
    "acknowledged",
    "en_route",
    "on_scene",
    "handled",
    "fed_back",
    "reviewed",
    "closed",
    "merged",
]
"""Where an incident stands (警情状态): that of its most advanced order, then its own end."""


class OpenIncident(Command, frozen=True):
    """A call becomes an incident, or one is found without a call (立警情).

    call_id empty: found by a patrol or opened by the desk. Without a position it stays among
    the unplaced until `PlaceIncident`, under the address the caller gave. priority: only to
    raise what the type says.
    """

    type_code: ShortText
    call_id: Id = ""
    source: Line = "110"
    narrative: Narrative = ""
    address: Address = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    priority: Priority | None = None


class PlaceIncident(Command, frozen=True):
    """The place is found, or turns out to be another one (定位)."""

    incident_id: Id
    lat: Latitude
    lon: Longitude
    address: Address = ""


class UpdateIncident(Command, frozen=True):
    """The type or the story changes (更新警情); fields left out stay."""

    incident_id: Id
    type_code: ShortText | None = None
    narrative: Narrative | None = None


class SetPriority(Command, frozen=True):
    """Raise the priority, or lower it with a supervisor's name (调整等级)."""

    incident_id: Id
    priority: Priority
    reason: IncidentReason
    approved_by: ShortText = ""


class MergeIncident(Command, frozen=True):
    """Two incidents are one (合并警情); the child's calls and orders stay where they are."""

    incident_id: Id
    into_incident_id: Id


class RecommendUnits(Command, frozen=True):
    """Rank the units for an incident now, and write the ranking down (推荐警力)."""

    incident_id: Id


class SettleByPhone(Command, frozen=True):
    """The desk settles an incident without sending anyone (电话处置).

    approved_by: the supervisor, where the plan would send units.
    """

    incident_id: Id
    disposition: Result
    approved_by: ShortText = ""


class ReviewIncident(Command, frozen=True):
    """A reviewer has looked at a handled incident (评查)."""

    incident_id: Id
    reviewer_id: ShortText
    final_type_code: ShortText | None = None


class CloseIncident(Command, frozen=True):
    """Nothing is open any more (办结); by: who closes it, one at a time."""

    incident_id: Id
    disposition: Result = ""
    by: ShortText = ""


class IncidentOpened(Event, frozen=True):
    """An incident exists (警情已立); desk_id: who owns it, unit_id: who found it.

    stamp_at_ms: the true time of one from a paper card, whose number was reserved; else 0.
    """

    incident_id: str
    call_id: str
    source: Line
    type_code: str
    priority: int
    plan: str
    route: str
    min_units: int
    record_class: str
    narrative: Narrative
    address: Address = ""
    desk_id: str = "city"
    unit_id: str = ""
    stamp_at_ms: int = 0


class IncidentPlaced(Event, frozen=True):
    """The incident has a place on the road network (警情已定位): tp the first time.

    arc, fraction_ppm: nearest road position; offset_m: straight distance to it.
    jurisdiction: the station whose area it is. desk_id: the desk whose ground it is; the first
    place decides whose the incident is, later ones only by hand-over. left_desk_id: the desk on
    whose ground the place before was, where that was another one.
    """

    incident_id: str
    lat: float
    lon: float
    address: Address
    arc: int
    fraction_ppm: int
    offset_m: int
    jurisdiction: str
    area_class: str
    district: str = ""
    desk_id: str = "city"
    left_desk_id: str = ""
    stamp_at_ms: int = 0


class IncidentUpdated(Event, frozen=True):
    """Type or story changed (警情已更新)."""

    incident_id: str
    type_code: str
    plan: str
    route: str
    min_units: int
    record_class: str
    narrative: Narrative | None


class PrioritySet(Event, frozen=True):
    """The priority changed (等级已调整)."""

    incident_id: str
    priority: int
    reason: IncidentReasonTold
    approved_by: str


class IncidentMerged(Event, frozen=True):
    """An incident lives on in another one (警情已合并)."""

    incident_id: str
    into_incident_id: str


class Reason(msgspec.Struct, frozen=True):
    """Why a unit is recommended: a code, its number, the circle or skill it is about (理由)."""

    code: str
    number: int = 0
    subject: str = ""


class Candidate(msgspec.Struct, frozen=True):
    """A unit that could go (候选警力)."""

    unit_id: str
    travel_ms: int
    score_ms: int
    reasons: tuple[Reason, ...]


class PassedOver(msgspec.Struct, frozen=True):
    """A unit that was not put forward, and why (未推荐警力)."""

    unit_id: str
    code: str


class RecommendationMade(Event, frozen=True):
    """The ranking of a moment, kept to compare with what people chose (推荐已生成).

    passed_over: the first few by unit id; counts: how many units per why-not code in all.
    team: units proposed together; short: skills (or "") that nobody free has, with how many.
    """

    incident_id: str
    policy: str
    n_wanted: int
    n_units: int
    candidates: tuple[Candidate, ...]
    passed_over: tuple[PassedOver, ...]
    counts: dict[str, int]
    team: tuple[str, ...] = ()
    short: dict[str, int] = msgspec.field(default_factory=dict)
    diversions: tuple[Candidate, ...] = ()


class IncidentSettled(Event, frozen=True):
    """The desk settled it without a unit (已电话处置)."""

    incident_id: str
    disposition: ResultTold
    stamp_at_ms: int = 0


class IncidentReviewed(Event, frozen=True):
    """A reviewer has looked at it (已评查)."""

    incident_id: str
    reviewer_id: str
    final_type_code: str


class IncidentClosed(Event, frozen=True):
    """Nothing is open any more (已办结): t10; by: who closed it, empty where nobody said so."""

    incident_id: str
    disposition: ResultTold
    by: str = ""


COMMANDS = (
    OpenIncident,
    PlaceIncident,
    UpdateIncident,
    SetPriority,
    MergeIncident,
    RecommendUnits,
    SettleByPhone,
    ReviewIncident,
    CloseIncident,
)
EVENTS = (
    IncidentOpened,
    IncidentPlaced,
    IncidentUpdated,
    PrioritySet,
    IncidentMerged,
    RecommendationMade,
    IncidentSettled,
    IncidentReviewed,
    IncidentClosed,
)
