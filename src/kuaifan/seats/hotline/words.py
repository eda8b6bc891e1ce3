"""Hand-overs in words (联动词汇): between 110, 12345 and the city's departments, both ways."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.record_class import RecordClass

Direction = Literal["out", "in"]
"""out: from 110 to the other side; in: from the other side to 110."""
TicketKind = Literal["consult", "help"]
TicketState = Literal[
    "offered", "returned", "deciding", "accepted", "working", "answered", "called_back", "closed"
]
Holder = Literal["us", "them"]
ReturnCode = Literal["not_theirs", "no_place", "too_little", "danger", "done_already", "other"]
CallBackResult = Literal["satisfied", "fairly", "not", "unreached"]
Outcome = Literal["", "solved", "unsatisfied", "unreached", "kept", "withdrawn"]
WithdrawnFor = Literal["called_off", "false_alarm", "gone", "merged"]
"""Why nothing is left to hand over: how the incident ended, or that another one has it."""
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
What = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
Contact = Annotated[str, msgspec.Meta(max_length=200), Personal("incident")]
Answer = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
Hours = Annotated[int, msgspec.Meta(ge=1, le=720)]
Days = Annotated[int, msgspec.Meta(ge=1, le=60)]
KeptDays = Annotated[int, msgspec.Meta(ge=7, le=1095)]
"""How long what is over stays on the page, before the archive has it."""
Times = Annotated[int, msgspec.Meta(ge=1, le=9)]


class OfferTicket(Command, frozen=True):
    """Hand an incident over to a department (移交联动), with one key; ours until its receipt.

    A rule asks too, where a department was told of an incident by `RequestAgency`.
    """

    incident_id: Id
    to: Id
    kind: TicketKind
    by: ShortText
    what: IncidentReason = ""


class ReceiveTicket(Command, frozen=True):
    """The other side hands something to 110 (转入工单), once per number of theirs.

    service_code: one of our incident types. danger: to life or property, which 110 takes at once.
    Sent again with the same words it changes nothing; sent again after a return it is a new offer.
    """

    from_agency: Id
    their_id: Id
    service_code: ShortText
    description: What
    by: ShortText
    address: Annotated[str, msgspec.Meta(max_length=400), Personal("incident")] = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    contact: Contact = ""
    danger: bool = False
    kind: TicketKind = "help"


class AcceptTicket(Command, frozen=True):
    """The receipt (签收): from now on it is theirs who accept; their_id: their number of it."""

    ticket_id: Id
    by: ShortText
    their_id: Id = ""


class ReturnTicket(Command, frozen=True):
    """Not theirs (退回), with a reason; it is again whose it was. A third return is decided."""

    ticket_id: Id
    code: ReturnCode
    reason: IncidentReason
    by: ShortText


class ReofferTicket(Command, frozen=True):
    """Handed over once more (再次移交), to the same or to another, with what was missing."""

    ticket_id: Id
    to: Id
    what: IncidentReason
    by: ShortText


class KeepTicket(Command, frozen=True):
    """The first receiver does it after all (首接自办)."""

    ticket_id: Id
    reason: IncidentReason
    by: ShortText


class DecideTicket(Command, frozen=True):
    """A supervisor says whose it is (协调定责); by: that person."""

    ticket_id: Id
    owner: Holder
    reason: IncidentReason
    by: ShortText


class StartTicket(Command, frozen=True):
    """Somebody works on it (开始办理)."""

    ticket_id: Id
    by: ShortText


class AnswerTicket(Command, frozen=True):
    """What was done (答复)."""

    ticket_id: Id
    answer: Answer
    by: ShortText


class CallBackTicket(Command, frozen=True):
    """What the citizen says of it (回访); not satisfied: it is worked on once more."""

    ticket_id: Id
    result: CallBackResult
    by: ShortText
    note: IncidentReason = ""


class CloseTicket(Command, frozen=True):
    """Nothing is left to do (工单办结)."""

    ticket_id: Id
    by: ShortText


class UrgeTicket(Command, frozen=True):
    """Ask the other side when (催办); not twice within the hour."""

    ticket_id: Id
    text: IncidentReason
    by: ShortText


class StartThreeWay(Command, frozen=True):
    """The other side joins the call (三方通话), where it is not clear whose it is."""

    ticket_id: Id
    call_id: Id
    by: ShortText
    number: Annotated[str, msgspec.Meta(max_length=32)] = ""


class AgreeThreeWay(Command, frozen=True):
    """Whose it is (三方商定); nobody: the first receiver accepts (首接责任)."""

    ticket_id: Id
    owner: Literal["us", "them", "nobody"]
    by: ShortText


class SetHotlineTerms(Command, frozen=True):
    """Other times hold from now on (设定联动时限); what is left out stays."""

    by: ShortText
    accept_hours: Hours | None = None
    return_working_days: Days | None = None
    consult_working_days: Days | None = None
    help_working_days: Days | None = None
    call_back_working_days: Days | None = None
    urge_hours: Hours | None = None
    n_returns: Times | None = None
    kept_days: KeptDays | None = None
    off_days: Annotated[str, msgspec.Meta(max_length=4000)] | None = None
    on_days: Annotated[str, msgspec.Meta(max_length=4000)] | None = None


class CountVoiceHandOver(Command, frozen=True):
    """A call was passed on by voice (语音转接计数); a rule asks."""

    call_id: Id


class WithdrawTicket(Command, frozen=True):
    """Its incident ended with nothing left to do (移交撤回); a rule asks."""

    ticket_id: Id
    why: WithdrawnFor


class RetireTicket(Command, frozen=True):
    """A timer of old logs (工单归档); the seats' archive takes tickets by itself since."""

    ticket_id: Id


class TicketOffered(Event, frozen=True):
    """Handed over, and not yet signed for (已移交待签收); nth: offer of the same ticket."""

    ticket_id: str
    item_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    direction: Direction
    other: str
    kind: TicketKind
    nth: int
    what: IncidentReasonTold


class TicketReceived(Event, frozen=True):
    """The other side's words, kept as they came (工单已转入)."""

    ticket_id: str
    incident_id: str
    other: str
    their_id: str
    service_code: str
    description: What
    contact: Contact
    danger: bool


class TicketAccepted(Event, frozen=True):
    """The receipt is there (已签收): it is theirs who accepted; item_id: the work that follows."""

    ticket_id: str
    item_id: str
    incident_id: str
    their_id: str
    due_at_ms: int
    by: str


class TicketReturned(Event, frozen=True):
    """Back to whose it was (已退回); item_id: what to do about it now."""

    ticket_id: str
    item_id: str
    incident_id: str
    code: ReturnCode
    reason: IncidentReasonTold
    to_supervisor: bool
    by: str


class TicketDecided(Event, frozen=True):
    """A supervisor has said whose it is (已定责)."""

    ticket_id: str
    incident_id: str
    owner: Holder
    reason: IncidentReasonTold
    by: str


class TicketKept(Event, frozen=True):
    """The first receiver does it (首接自办已定)."""

    ticket_id: str
    incident_id: str
    reason: IncidentReasonTold
    by: str


class TicketStarted(Event, frozen=True):
    """Somebody works on it (已开始办理)."""

    ticket_id: str
    incident_id: str
    by: str


class TicketAnswered(Event, frozen=True):
    """What was done (已答复); in_time: by the time that stood when it was accepted."""

    ticket_id: str
    incident_id: str
    answer: Answer
    in_time: bool
    by: str


class TicketCalledBack(Event, frozen=True):
    """What the citizen said (已回访); state: where it stands now."""

    ticket_id: str
    incident_id: str
    result: CallBackResult
    state: TicketState
    note: IncidentReasonTold
    by: str


class TicketClosed(Event, frozen=True):
    """Nothing is left to do (工单已办结)."""

    ticket_id: str
    incident_id: str
    outcome: Outcome
    by: str


class TicketUrged(Event, frozen=True):
    """Asked when (已催办)."""

    ticket_id: str
    incident_id: str
    text: IncidentReasonTold
    by: str


class ThreeWayStarted(Event, frozen=True):
    """The other side is in the call (三方已接通)."""

    ticket_id: str
    incident_id: str
    call_id: str
    other: str
    number: str


class HotlineTermsSet(Event, frozen=True):
    """Other times hold (联动时限已设定)."""

    by: str
    accept_ms: int
    return_working_days: int
    consult_working_days: int
    help_working_days: int
    call_back_working_days: int
    urge_ms: int
    n_returns: int
    off: tuple[int, ...]
    on: tuple[int, ...]
    kept_days: int = 90


class VoiceHandOverCounted(Event, frozen=True):
    """A call went to another service by voice (语音转接已计数)."""

    call_id: str
    other: str


class TicketWithdrawn(Event, frozen=True):
    """Asked no more of the other side (移交已撤回), which is told so."""

    ticket_id: str
    incident_id: str
    why: WithdrawnFor


class TicketRetired(Event, frozen=True):
    """It has left the seat's list (工单已归档); in old logs only."""

    ticket_id: str


COMMANDS = (
    *(OfferTicket, ReceiveTicket, AcceptTicket, ReturnTicket, ReofferTicket, KeepTicket),
    *(DecideTicket, StartTicket, AnswerTicket, CallBackTicket, CloseTicket, UrgeTicket),
    *(StartThreeWay, AgreeThreeWay, SetHotlineTerms, CountVoiceHandOver),
    *(WithdrawTicket, RetireTicket),
)
INNER = (CountVoiceHandOver, WithdrawTicket, RetireTicket)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS = (
    *(TicketOffered, TicketReceived, TicketAccepted, TicketReturned, TicketDecided, TicketKept),
    *(TicketStarted, TicketAnswered, TicketCalledBack, TicketClosed, TicketUrged),
    *(ThreeWayStarted, HotlineTermsSet, VoiceHandOverCounted),
    *(TicketWithdrawn, TicketRetired),
)
