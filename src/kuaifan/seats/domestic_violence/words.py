"""What the team of the seat says (家暴专席命令): steps that a person takes, or a rule."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command
from kuaifan.kernel.personal import Personal
from kuaifan.seats.domestic_violence.papers import Party, Referee, SceneFact
from kuaifan.seats.domestic_violence.terms import TermName
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.incident import Latitude, Longitude

SealedText = Annotated[ShortText, Personal("incident")]
SealedNumber = Annotated[str, msgspec.Meta(max_length=32), Personal("incident")]
DayMinute = Annotated[int, msgspec.Meta(ge=0, le=1440)]
Instant = Annotated[int, msgspec.Meta(ge=0)]
YesNo = Literal["yes", "no", "unknown"]
ConfirmedLevel = Literal["blue", "orange", "red"]
VisitResult = Literal["done", "not_reached", "refused"]
TakenHow = Literal["transferred", "joined", "told"]


class OpenHousehold(Command, frozen=True):
    """An incident is one of domestic violence (建立家暴个案); a rule asks, or a person."""

    incident_id: Id
    by: ShortText = ""


class JoinHouseholds(Command, frozen=True):
    """Two cases are of one household (并案): the first lives on in the other."""

    household_id: Id
    into_household_id: Id
    reason: SealedText
    by: ShortText


class MergeHappenings(Command, frozen=True):
    """Two incidents were one (并警): it counts once; a rule asks."""

    incident_id: Id
    into_incident_id: Id


class PlaceHousehold(Command, frozen=True):
    """Its place is known (个案定位); a rule asks."""

    incident_id: Id


class AskScreening(Command, frozen=True):
    """A family dispute is screened for violence (发起筛查); a rule asks."""

    incident_id: Id


class RecordScreening(Command, frozen=True):
    """What was answered to the screening questions (登记筛查结果): one yes is violence."""

    item_id: Id
    hit: YesNo
    threatened: YesNo
    controlled: YesNo
    afraid: YesNo
    children_harmed: YesNo
    by: ShortText
    note: SealedText = ""


class TakeViolenceCall(Command, frozen=True):
    """The seat has the call (接席); the first call-taker stays its owner until then."""

    item_id: Id
    how: TakenHow
    by: ShortText


class ConfirmViolence(Command, frozen=True):
    """An officer confirms it, with the facts (确认家暴)."""

    incident_id: Id
    by: ShortText
    facts: tuple[SceneFact, ...] = ()


class RejectViolence(Command, frozen=True):
    """It was none (家暴不成立): a reason, and a supervisor."""

    incident_id: Id
    reason: SealedText
    by: ShortText
    approved_by: ShortText = ""


class ReviewAttention(Command, frozen=True):
    """Apply the rule to a case as it stands now (复核关注等级); a timer asks, or a person."""

    household_id: Id


class ConfirmAttention(Command, frozen=True):
    """An officer confirms the level (确认关注等级): as proposed, higher, or lower with approval."""

    household_id: Id
    level: ConfirmedLevel
    by: ShortText
    reason: SealedText = ""
    approved_by: ShortText = ""


class RecordSafetyVisit(Command, frozen=True):
    """What came of a visit (登记查访)."""

    item_id: Id
    result: VisitResult
    by: ShortText
    is_safe: bool = False
    note: SealedText = ""


class AgreeSafeContact(Command, frozen=True):
    """At which number and in which hours somebody may be rung (约定安全联系方式)."""

    household_id: Id
    number: SealedNumber
    from_min: DayMinute
    to_min: DayMinute
    by: ShortText


class RecordSafetyCall(Command, frozen=True):
    """What came of a safety call (登记安全回访); only to the number and hours that were agreed."""

    item_id: Id
    number: SealedNumber
    is_reached: bool
    by: ShortText
    is_safe: bool = False
    note: SealedText = ""


class MeetInstead(Command, frozen=True):
    """No safe number: it was asked in person instead (当面回访)."""

    item_id: Id
    by: ShortText
    note: SealedText
    is_safe: bool = False


class IssueWarning(Command, frozen=True):
    """A warning letter is issued (出具告诫书), with the facts it is about."""

    incident_id: Id
    number: ShortText
    facts: SealedText
    by: ShortText


class ServeWarning(Command, frozen=True):
    """It was served on one side (送达告诫书): signed, or refused before a witness."""

    item_id: Id
    party: Party
    is_signed: bool
    by: ShortText
    witness: SealedText = ""


class TellCommittee(Command, frozen=True):
    """The neighbourhood committee was told (告知居（村）委会), and who took it."""

    item_id: Id
    committee: ShortText
    received_by: SealedText
    by: ShortText


class WithdrawWarning(Command, frozen=True):
    """It was wrong (撤销告诫书)."""

    item_id: Id
    reason: SealedText
    by: ShortText
    approved_by: ShortText = ""


class RegisterProtection(Command, frozen=True):
    """A court made a protection order (登记人身安全保护令): half a year at most."""

    household_id: Id
    court: ShortText
    number: ShortText
    address: SealedText
    lat: Latitude
    lon: Longitude
    from_ms: Instant
    until_ms: Instant
    by: ShortText
    measures: SealedText = ""


class ExtendProtection(Command, frozen=True):
    """The court extended it (延长保护令), while it was in force."""

    item_id: Id
    until_ms: Instant
    by: ShortText


class AskExtension(Command, frozen=True):
    """Whether an extension is wanted was asked (征询延长意愿)."""

    item_id: Id
    is_wanted: bool
    by: ShortText
    note: SealedText = ""


class EndProtection(Command, frozen=True):
    """It has run out, or the court revoked it (保护令终止)."""

    item_id: Id
    outcome: Literal["expired", "revoked"]
    by: ShortText
    reason: SealedText = ""


class NoteProtectedCall(Command, frozen=True):
    """Somebody calls from a protected address (保护地址来警); a rule asks."""

    protection_id: Id
    incident_id: Id


class JudgeProtectedCall(Command, frozen=True):
    """Whether it is a breach of the order (研判是否违反保护令)."""

    item_id: Id
    is_breach: bool
    by: ShortText
    note: SealedText = ""


class ReferHousehold(Command, frozen=True):
    """Somebody else helps (转介): with a receipt."""

    household_id: Id
    to: Referee
    what: SealedText
    by: ShortText


class ReceiveReferral(Command, frozen=True):
    """They have it (转介回执)."""

    item_id: Id
    receiver: SealedText
    by: ShortText


class EndReferral(Command, frozen=True):
    """What came of it (转介办结)."""

    item_id: Id
    outcome: Literal["helped", "declined", "returned"]
    by: ShortText
    note: SealedText = ""


class PutMaterial(Command, frozen=True):
    """Something to hand out, or its new version (登记宣传资料)."""

    title: ShortText
    version: ShortText
    where: ShortText
    by: ShortText


class HandOutMaterial(Command, frozen=True):
    """So many were handed out (发放宣传资料)."""

    material_id: Id
    n: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    by: ShortText


class DropMaterial(Command, frozen=True):
    """Out of date (撤下宣传资料)."""

    material_id: Id
    by: ShortText


class CloseHousehold(Command, frozen=True):
    """A year without violence, and seen to be so (个案结案); it is hidden from then on."""

    household_id: Id
    by: ShortText


class SetViolenceTerm(Command, frozen=True):
    """Another number of the seat's (调整专席参数), within its bounds."""

    name: TermName
    value: int
    by: ShortText


COMMANDS: Final = (
    *(
        OpenHousehold,
        JoinHouseholds,
        MergeHappenings,
        PlaceHousehold,
        AskScreening,
        RecordScreening,
    ),
    *(TakeViolenceCall, ConfirmViolence, RejectViolence),
    *(ReviewAttention, ConfirmAttention, RecordSafetyVisit, AgreeSafeContact),
    *(RecordSafetyCall, MeetInstead, IssueWarning, ServeWarning, TellCommittee, WithdrawWarning),
    *(RegisterProtection, ExtendProtection, AskExtension, EndProtection, NoteProtectedCall),
    *(JudgeProtectedCall, ReferHousehold, ReceiveReferral, EndReferral),
    *(PutMaterial, HandOutMaterial, DropMaterial, CloseHousehold, SetViolenceTerm),
)
INNER = (MergeHappenings, PlaceHousehold, AskScreening, NoteProtectedCall)
"""Asked for by rules and timers alone: nobody submits them."""
