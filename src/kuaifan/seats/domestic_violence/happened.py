"""What happened at the seat (家暴专席事件); whatever is personal is sealed under its incident."""

from __future__ import annotations

from typing import Annotated, Final

from kuaifan.kernel.message import Event
from kuaifan.kernel.personal import Personal
from kuaifan.seats.domestic_violence.papers import Level, Party, Referee, SceneFact

Sealed = Annotated[str, Personal("incident")]


class HouseholdOpened(Event, frozen=True):
    """A household has a case (家暴个案已建立), or its case has one incident more."""

    incident_id: str
    household_id: str
    desk_id: str
    by: str
    address: Sealed
    lat: float
    lon: float
    is_placed: bool


class HouseholdPlaced(Event, frozen=True):
    """Its place is known (个案已定位)."""

    incident_id: str
    household_id: str
    address: Sealed
    lat: float
    lon: float


class HouseholdsJoined(Event, frozen=True):
    """Two cases were of one household (已并案)."""

    incident_id: str
    household_id: str
    into_household_id: str
    reason: Sealed
    by: str


class HappeningsMerged(Event, frozen=True):
    """Two incidents were one (已并警): it counts once."""

    incident_id: str
    into_incident_id: str


class ScreeningRecorded(Event, frozen=True):
    """A family dispute was screened (筛查已登记); answers: of the questions, in their order."""

    incident_id: str
    found: bool
    answers: tuple[str, ...]
    by: str


class ViolenceCallTaken(Event, frozen=True):
    """The seat has the call (已接席)."""

    incident_id: str
    how: str
    by: str


class ViolenceConfirmed(Event, frozen=True):
    """An officer confirmed it (家暴已确认)."""

    incident_id: str
    household_id: str
    facts: tuple[SceneFact, ...]
    by: str


class ViolenceRejected(Event, frozen=True):
    """It was none (家暴不成立)."""

    incident_id: str
    household_id: str
    reason: Sealed
    by: str
    approved_by: str


class AttentionProposed(Event, frozen=True):
    """What the rule says of a case (关注等级建议), with its reasons."""

    incident_id: str
    household_id: str
    level: Level
    reasons: tuple[str, ...]
    n_clean: int


class AttentionConfirmed(Event, frozen=True):
    """An officer confirmed a level (关注等级已确认), until an instant."""

    incident_id: str
    household_id: str
    level: Level
    until_ms: int
    reasons: tuple[str, ...]
    reason: Sealed
    by: str
    approved_by: str


class SafetyVisitRecorded(Event, frozen=True):
    """What came of a visit (查访已登记)."""

    incident_id: str
    household_id: str
    result: str
    is_safe: bool
    is_late: bool
    is_over: bool
    item_id: str
    by: str


class SafeContactAgreed(Event, frozen=True):
    """At which number, in which hours (安全联系方式已约定)."""

    incident_id: str
    household_id: str
    number: Sealed
    from_min: int
    to_min: int
    by: str


class SafetyCallRecorded(Event, frozen=True):
    """What came of a safety call (安全回访已登记)."""

    incident_id: str
    household_id: str
    is_reached: bool
    is_safe: bool
    is_over: bool
    item_id: str
    by: str


class WarningIssued(Event, frozen=True):
    """A warning letter (告诫书已出具)."""

    incident_id: str
    household_id: str
    letter_id: str
    number: str
    facts: Sealed
    by: str


class WarningServed(Event, frozen=True):
    """Served on one side (告诫书已送达)."""

    incident_id: str
    letter_id: str
    party: Party
    is_signed: bool
    by: str
    witness: Sealed


class CommitteeTold(Event, frozen=True):
    """The committee knows (已告知居（村）委会)."""

    incident_id: str
    letter_id: str
    committee: str
    received_by: Sealed
    by: str


class WarningWithdrawn(Event, frozen=True):
    """The letter was wrong (告诫书已撤销)."""

    incident_id: str
    letter_id: str
    reason: Sealed
    by: str
    approved_by: str


class ProtectionRegistered(Event, frozen=True):
    """A protection order is known (保护令已登记)."""

    incident_id: str
    household_id: str
    protection_id: str
    court: str
    number: str
    address: Sealed
    measures: Sealed
    lat: float
    lon: float
    from_ms: int
    until_ms: int
    by: str


class ProtectionExtended(Event, frozen=True):
    """It holds longer (保护令已延长)."""

    incident_id: str
    protection_id: str
    until_ms: int
    by: str


class ExtensionAsked(Event, frozen=True):
    """Whether an extension is wanted (已征询延长意愿)."""

    incident_id: str
    protection_id: str
    is_wanted: bool
    by: str


class ProtectionEnded(Event, frozen=True):
    """It holds no more (保护令已终止)."""

    incident_id: str
    protection_id: str
    outcome: str
    by: str


class ProtectedCallNoted(Event, frozen=True):
    """A call from a protected address (保护地址来警): the order is on the seat's screen."""

    incident_id: str
    protection_id: str


class ProtectedCallJudged(Event, frozen=True):
    """Whether it is a breach (保护令研判)."""

    incident_id: str
    protection_id: str
    is_breach: bool
    by: str


class HouseholdReferred(Event, frozen=True):
    """Somebody is asked to help (已转介)."""

    incident_id: str
    household_id: str
    referral_id: str
    to: Referee
    what: Sealed
    by: str


class ReferralReceived(Event, frozen=True):
    """They have it (转介已接收)."""

    incident_id: str
    referral_id: str
    receiver: Sealed
    by: str


class ReferralEnded(Event, frozen=True):
    """What came of it (转介已办结)."""

    incident_id: str
    referral_id: str
    outcome: str
    by: str


class MaterialPut(Event, frozen=True):
    """Something to hand out (宣传资料已登记)."""

    material_id: str
    title: str
    version: str
    where: str
    by: str


class MaterialHandedOut(Event, frozen=True):
    """So many were handed out (宣传资料已发放)."""

    material_id: str
    n: int
    by: str


class MaterialDropped(Event, frozen=True):
    """Out of date (宣传资料已撤下)."""

    material_id: str
    by: str


class HouseholdClosed(Event, frozen=True):
    """The case is over, and hidden (个案已结案)."""

    incident_id: str
    household_id: str
    by: str


class ViolenceTermSet(Event, frozen=True):
    """Another number is in force (专席参数已调整)."""

    name: str
    value: int
    by: str


EVENTS: Final = (
    *(HouseholdOpened, HouseholdPlaced, HouseholdsJoined, HappeningsMerged),
    *(ScreeningRecorded, ViolenceCallTaken),
    *(ViolenceConfirmed, ViolenceRejected, AttentionProposed, AttentionConfirmed),
    *(SafetyVisitRecorded, SafeContactAgreed, SafetyCallRecorded),
    *(WarningIssued, WarningServed, CommitteeTold, WarningWithdrawn),
    *(ProtectionRegistered, ProtectionExtended, ExtensionAsked, ProtectionEnded),
    *(ProtectedCallNoted, ProtectedCallJudged),
    *(HouseholdReferred, ReferralReceived, ReferralEnded),
    *(MaterialPut, MaterialHandedOut, MaterialDropped, HouseholdClosed, ViolenceTermSet),
)
