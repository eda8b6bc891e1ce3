"""Mediation in words (调解词汇): rooms and mediators, attempts, agreements, and what follows."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.record_class import RecordClass

Basis = Literal["civil", "public_order"]
"""civil: a dispute, nothing punishable; public_order: a minor case that agreement may settle."""
PartnerKind = Literal["community", "hospital", "lawyer"]
"""警民、警医、警律联调."""
MediatorKind = Literal["retired_officer", "officer", "community", "doctor", "lawyer"]
Side = Literal["a", "b"]
AttemptEnd = Literal["agreed", "failed", "no_show"]
EndReason = Literal["failed", "refused", "offended_again", "fled", "barred", "withdrawn"]
Outcome = Literal[
    "", "failed", "refused", "offended_again", "fled", "barred", "withdrawn",
    "agreed", "performed", "not_performed",
]  # fmt: skip
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Minutes = Annotated[int, msgspec.Meta(ge=10, le=480)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=720)]
Days = Annotated[int, msgspec.Meta(ge=1, le=365)]
PartyName = Annotated[str, msgspec.Meta(max_length=200), Personal("incident")]
Agreed = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]


class KeepMediationRoom(Command, frozen=True):
    """Have a room on the register, or change what it says (登记调解室), as 老骥调解室."""

    room_id: Id
    name: ShortText
    address: ShortText
    is_open: bool
    by: ShortText


class KeepMediator(Command, frozen=True):
    """Have a mediator on the register, or change what it says (登记调解员)."""

    mediator_id: Id
    name: ShortText
    kind: MediatorKind
    is_active: bool
    by: ShortText
    room_id: Id = ""


class OpenMediation(Command, frozen=True):
    """A dispute goes to mediation (立调解案): parties, partner, and the four questions answered.

    The last four say what was found out about the case; each `yes` is a bar. earlier_mediation_id:
    the case of the same parties that this one takes up again, named by a person.
    """

    incident_id: Id
    basis: Basis
    partner_kind: PartnerKind
    partner: ShortText
    party_a: PartyName
    party_b: PartyName
    hired: bool
    gang: bool
    repeat_offender: bool
    provocation: bool
    by: ShortText
    a_is_minor: bool = False
    b_is_minor: bool = False
    earlier_mediation_id: Id = ""


class RecordMediationConsent(Command, frozen=True):
    """Whether a party wants to be reconciled (登记调解意愿); how: signed, or said before whom."""

    mediation_id: Id
    side: Side
    consents: bool
    how: ShortText
    by: ShortText


class BookMediation(Command, frozen=True):
    """A room and a mediator for an hour (预约调解)."""

    mediation_id: Id
    room_id: Id
    mediator_id: Id
    from_ms: Instant
    n_minutes: Minutes
    by: ShortText


class CancelMediationBooking(Command, frozen=True):
    """The hour is given up, for a reason (取消预约)."""

    mediation_id: Id
    reason: IncidentReason
    by: ShortText


class HoldMediation(Command, frozen=True):
    """How an attempt went (登记调解经过); without a booking it was on the spot.

    guardian_present: of a party who is a minor. no_show: one of them stayed away; no attempt.
    """

    mediation_id: Id
    outcome: AttemptEnd
    where: ShortText
    mediator: ShortText
    by: ShortText
    guardian_present: bool = False
    note: IncidentReason = ""


class SignMediation(Command, frozen=True):
    """The agreement, with its signatures (签订调解协议); performed_at_once: all is done."""

    mediation_id: Id
    terms: Agreed
    perform_by_ms: Instant
    signed_a: bool
    signed_b: bool
    signed_mediator: bool
    by: ShortText
    performed_at_once: bool = False


class CheckPerformance(Command, frozen=True):
    """Whether what was agreed has been done (核查协议履行)."""

    mediation_id: Id
    performed: bool
    by: ShortText
    note: IncidentReason = ""


class EndMediation(Command, frozen=True):
    """It comes to nothing (终止调解); a rule asks too, where the case turns out to be barred."""

    mediation_id: Id
    why: EndReason
    by: ShortText
    note: IncidentReason = ""


class TakeMediationToCase(Command, frozen=True):
    """The public-order case goes on (移送办案); case_no: of the case system."""

    mediation_id: Id
    case_no: ShortText
    by: ShortText


class TellCivilRoute(Command, frozen=True):
    """Both parties were told that they may go to court (告知民事途径)."""

    mediation_id: Id
    how: ShortText
    by: ShortText


class SetMediationTerms(Command, frozen=True):
    """Other times hold from now on (设定调解时限); what is left out stays.

    off_days, on_days: days as 2027-02-05 with a space between, beside the notices, in place of
    those named before.
    """

    by: ShortText
    consent_hours: Hours | None = None
    first_hours: Hours | None = None
    second_working_days: Days | None = None
    sign_hours: Hours | None = None
    check_hours: Hours | None = None
    route_hours: Hours | None = None
    repeat_days: Days | None = None
    n_no_shows: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    off_days: Annotated[str, msgspec.Meta(max_length=4000)] | None = None
    on_days: Annotated[str, msgspec.Meta(max_length=4000)] | None = None


class CountDispute(Command, frozen=True):
    """An incident has just been closed as a dispute (纠纷计数); a rule asks."""

    incident_id: Id


class RetireMediation(Command, frozen=True):
    """A timer of old logs (调解案归档); the seats' archive takes cases by itself since."""

    mediation_id: Id


class MediationRoomKept(Event, frozen=True):
    """The register has a room (调解室已登记)."""

    room_id: str
    name: str
    address: str
    is_open: bool


class MediatorKept(Event, frozen=True):
    """The register has a mediator (调解员已登记)."""

    mediator_id: str
    name: str
    kind: MediatorKind
    room_id: str
    is_active: bool


class MediationOpened(Event, frozen=True):
    """A mediation case exists (调解案已立); item_id: what is owed for it."""

    mediation_id: str
    item_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    basis: Basis
    partner_kind: PartnerKind
    partner: str
    party_a: PartyName
    party_b: PartyName
    a_is_minor: bool
    b_is_minor: bool
    earlier_mediation_id: str
    is_repeat: bool


class MediationConsentRecorded(Event, frozen=True):
    """A party has said yes or no (调解意愿已登记)."""

    mediation_id: str
    incident_id: str
    side: Side
    consents: bool
    how: str


class MediationBooked(Event, frozen=True):
    """A room and a mediator are taken (调解已预约)."""

    mediation_id: str
    incident_id: str
    room_id: str
    mediator_id: str
    from_ms: int
    until_ms: int


class MediationBookingCancelled(Event, frozen=True):
    """The hour is free again (预约已取消)."""

    mediation_id: str
    incident_id: str
    reason: IncidentReasonTold


class MediationHeld(Event, frozen=True):
    """An attempt was made, or somebody stayed away (调解经过已登记).

    second_by_ms: until when the second attempt has to be over; 0 where none may follow.
    """

    mediation_id: str
    incident_id: str
    outcome: AttemptEnd
    where: str
    mediator: str
    guardian_present: bool
    second_by_ms: int
    note: IncidentReasonTold


class MediationSigned(Event, frozen=True):
    """They have agreed (调解协议已签订); item_id: the check, empty where all is done already."""

    mediation_id: str
    incident_id: str
    item_id: str
    terms: Agreed
    perform_by_ms: int


class PerformanceChecked(Event, frozen=True):
    """Done as agreed, or not (协议履行已核查)."""

    mediation_id: str
    incident_id: str
    performed: bool
    note: IncidentReasonTold


class MediationEnded(Event, frozen=True):
    """It came to nothing (调解已终止)."""

    mediation_id: str
    incident_id: str
    why: EndReason
    note: IncidentReasonTold


class MediationRouted(Event, frozen=True):
    """What follows a mediation that failed (调解后续已定): the items of case and civil route."""

    mediation_id: str
    incident_id: str
    case_item_id: str
    civil_item_id: str


class MediationTakenToCase(Event, frozen=True):
    """The case goes on as a public-order case (已移送办案)."""

    mediation_id: str
    incident_id: str
    case_no: str


class CivilRouteTold(Event, frozen=True):
    """Both know that the court is open to them (已告知民事途径)."""

    mediation_id: str
    incident_id: str
    how: str


class MediationTermsSet(Event, frozen=True):
    """Other times hold (调解时限已设定)."""

    by: str
    consent_ms: int
    first_ms: int
    second_working_days: int
    sign_ms: int
    check_ms: int
    route_ms: int
    repeat_days: int
    n_no_shows: int
    off: tuple[int, ...]
    on: tuple[int, ...]


class DisputeCounted(Event, frozen=True):
    """A dispute was closed (纠纷已计数); mediated: an attempt had been made."""

    incident_id: str
    opened_at_ms: int
    mediated: bool


class MediationRetired(Event, frozen=True):
    """It has left the seat's list (调解案已归档); in old logs only."""

    mediation_id: str


COMMANDS = (
    *(KeepMediationRoom, KeepMediator, OpenMediation, RecordMediationConsent, BookMediation),
    *(CancelMediationBooking, HoldMediation, SignMediation, CheckPerformance, EndMediation),
    *(TakeMediationToCase, TellCivilRoute, SetMediationTerms, CountDispute, RetireMediation),
)
INNER = (CountDispute, RetireMediation)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS = (
    *(MediationRoomKept, MediatorKept, MediationOpened, MediationConsentRecorded, MediationBooked),
    *(MediationBookingCancelled, MediationHeld, MediationSigned, PerformanceChecked),
    *(MediationEnded, MediationRouted, MediationTakenToCase, CivilRouteTold, MediationTermsSet),
    *(DisputeCounted, MediationRetired),
)
