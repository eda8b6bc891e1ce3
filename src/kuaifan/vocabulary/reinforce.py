"""More than one unit, and more than one incident (增援与改派): back-up, divert, reserve, amend."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, Line, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.incident import Latitude, Longitude, Narrative

AmendedWhat = Literal["place", "type", "danger", "priority"]
"""What a crew under way must know and sign again (变更内容)."""
UnitCount = Annotated[int, msgspec.Meta(ge=1, le=60)]
Skills = Annotated[tuple[ShortText, ...], msgspec.Meta(max_length=16)]


class RequestBackup(Command, frozen=True):
    """More units are needed (请求增援); order_id empty: the desk asks."""

    incident_id: Id
    n_units: UnitCount = 1
    order_id: Id = ""
    skills: Skills = ()
    reason: IncidentReason = ""


class EscalateIncident(Command, frozen=True):
    """Open the next ring of forces (升级响应): one more unit per ring, and the leader is told."""

    incident_id: Id
    reason: IncidentReason


class DivertUnit(Command, frozen=True):
    """Send a unit under way to a more urgent incident (改派); the one it leaves waits again.

    approved_by: the supervisor, where the other incident is as urgent, or the unit is on scene.
    """

    unit_id: Id
    incident_id: Id
    reason: IncidentReason
    approved_by: ShortText = ""
    desk_id: Id = ""
    by: ShortText = ""


class ReserveUnit(Command, frozen=True):
    """Keep a busy or free unit in mind for an incident (预留警力); reserved is not dispatched."""

    incident_id: Id
    unit_id: Id


class ReleaseUnit(Command, frozen=True):
    """Forget a reservation (取消预留)."""

    incident_id: Id
    unit_id: Id


class AmendOrders(Command, frozen=True):
    """Tell every crew on an incident what has changed (变更下达); a reaction asks."""

    incident_id: Id
    what: AmendedWhat


class AcknowledgeAmendment(Command, frozen=True):
    """The crew has read the change (变更签收)."""

    order_id: Id
    amendment_no: int
    source: Literal["button", "voice"] = "button"


class SelfInitiate(Command, frozen=True):
    """A unit finds something and is on it (自行发现): incident, order and arrival in one."""

    unit_id: Id
    type_code: ShortText
    narrative: Narrative = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    source: Line = "patrol_found"


class ScheduleIncident(Command, frozen=True):
    """Something to be sent to at a later time (预约警情); until then it asks nobody."""

    incident_id: Id
    due_at_ms: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class StartScheduled(Command, frozen=True):
    """A scheduled incident is due (预约到时); submitted by a timer, or sooner by a person."""

    incident_id: Id


class BackupRequested(Event, frozen=True):
    """More units are wanted (已请求增援): the incident waits again, by so many and these skills."""

    incident_id: str
    order_id: str
    unit_id: str
    n_units: int
    skills: tuple[str, ...]
    reason: IncidentReasonTold


class IncidentEscalated(Event, frozen=True):
    """The next ring of forces is open (已升级响应)."""

    incident_id: str
    level: int
    n_units: int
    reason: IncidentReasonTold


class UnitDiverted(Event, frozen=True):
    """A unit leaves one incident for another (已改派): its withdrawal and new order follow."""

    unit_id: str
    from_order_id: str
    incident_id: str
    reason: IncidentReasonTold
    approved_by: str


class UnitReserved(Event, frozen=True):
    """A unit is kept in mind (已预留)."""

    incident_id: str
    unit_id: str


class UnitReleased(Event, frozen=True):
    """The reservation is over (预留已取消)."""

    incident_id: str
    unit_id: str


class OrderAmended(Event, frozen=True):
    """A crew must read and sign a change (派警单已变更)."""

    order_id: str
    incident_id: str
    unit_id: str
    amendment_no: int
    what: AmendedWhat


class AmendmentAcknowledged(Event, frozen=True):
    """The crew has read the change (变更已签收)."""

    order_id: str
    incident_id: str
    amendment_no: int
    source: Literal["button", "voice"]


class IncidentScheduled(Event, frozen=True):
    """It waits for its time (警情已预约)."""

    incident_id: str
    due_at_ms: int


class ScheduledStarted(Event, frozen=True):
    """Its time has come (预约警情已启动)."""

    incident_id: str


COMMANDS = (
    RequestBackup,
    EscalateIncident,
    DivertUnit,
    ReserveUnit,
    ReleaseUnit,
    AmendOrders,
    AcknowledgeAmendment,
    SelfInitiate,
    ScheduleIncident,
    StartScheduled,
)
EVENTS = (
    BackupRequested,
    IncidentEscalated,
    UnitDiverted,
    UnitReserved,
    UnitReleased,
    OrderAmended,
    AmendmentAcknowledged,
    IncidentScheduled,
    ScheduledStarted,
)
