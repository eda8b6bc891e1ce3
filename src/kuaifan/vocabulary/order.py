"""The dispatch order (派警单) and its feedback (反馈单): one unit sent to one incident.

Stamps: t4 sent, t5 signed, t6 wheels, t7 on scene, t8 done, t9 feedback. Forward jumps are
accepted and the skipped stamp stays empty; only going back, or acting on a withdrawn order, is
refused. A phone's own time (device_at_ms) becomes the stamp (stamp_at_ms) where it can be true;
where it cannot, the time of receipt holds and clock_off says so.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReasonTold, OrderReason, Result, ResultTold
from kuaifan.vocabulary.letter import WarningLetter

StampSource = Literal["button", "gps", "voice"]
"""Who says so (时间来源): the crew's button, the position, or the dispatcher for a voice report."""
ToldBy = Literal["button", "gps", "voice", "paper"]
"""The same in an event: what was typed in from a paper card keeps the card's own time."""

OrderState = Literal[
    "dispatched", "acknowledged", "en_route", "on_scene", "handled", "fed_back", "withdrawn"
]

PartyRole = Literal["caller", "victim", "suspect", "witness", "other"]


class Party(msgspec.Struct, frozen=True):
    """A person in an incident (当事人单): names and numbers are sealed under the incident."""

    role: PartyRole
    name: Annotated[str, msgspec.Meta(max_length=200), Personal("incident")] = ""
    identity_number: Annotated[str, msgspec.Meta(max_length=64), Personal("incident")] = ""
    phone: Annotated[str, msgspec.Meta(max_length=32), Personal("incident")] = ""


MAX_PARTIES = 200
Parties = Annotated[tuple[Party, ...], msgspec.Meta(max_length=MAX_PARTIES)]
Story = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
Count = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""Milliseconds UTC; as device_at_ms: when the finger was on the phone, 0 where nobody says."""


class AssignUnit(Command, frozen=True):
    """Send a unit to an incident (派警).

    painted_seq: the recommendation the dispatcher saw, 0 when none was on the screen. desk_id: the
    desk that gives the order, empty for the city's. approved_by: who allows another desk's unit.
    beside: besides an incident the unit is on scene at, close by. by: the seat, for who asks next.
    """

    incident_id: Id
    unit_id: Id
    painted_seq: int = 0
    desk_id: Id = ""
    approved_by: ShortText = ""
    beside: bool = False
    by: ShortText = ""


class WithdrawUnit(Command, frozen=True):
    """Call a unit back (撤回派警)."""

    order_id: Id
    reason: OrderReason


class AcknowledgeWithdrawal(Command, frozen=True):
    """The crew knows that it need not go (撤回签收)."""

    order_id: Id
    source: Literal["button", "voice"] = "button"


class AcknowledgeOrder(Command, frozen=True):
    """The crew has read the order (签收)."""

    order_id: Id
    source: StampSource = "button"
    device_at_ms: Instant = 0


class ReportEnRoute(Command, frozen=True):
    """The wheels turn (出警)."""

    order_id: Id
    source: StampSource = "button"
    device_at_ms: Instant = 0


class ReportArrival(Command, frozen=True):
    """The crew is there (到达); by position and by button, both are kept."""

    order_id: Id
    source: StampSource = "button"
    device_at_ms: Instant = 0


class ReportHandled(Command, frozen=True):
    """Done on scene; the unit is free (处理完毕)."""

    order_id: Id
    source: StampSource = "button"
    device_at_ms: Instant = 0


class ReportSafe(Command, frozen=True):
    """All is well on scene (报平安): the silence of the crew begins anew."""

    order_id: Id
    source: StampSource = "button"


class GiveFeedback(Command, frozen=True):
    """The crew says what it found and did (反馈).

    incident_id: repeated, since it owns the personal fields. letter: what was decided about a
    warning letter; types of domestic violence ask for it.
    """

    order_id: Id
    incident_id: Id
    disposition: Result
    story: Story = ""
    parties: Parties = ()
    n_caught: Count = 0
    n_rescued: Count = 0
    letter: WarningLetter | None = None
    device_at_ms: Instant = 0


class ReturnFeedback(Command, frozen=True):
    """The desk sends a feedback back to be completed (退回反馈)."""

    order_id: Id
    reason: OrderReason


class CheckUnsigned(Command, frozen=True):
    """The time to sign has passed once more (签收超时检查); submitted by a timer."""

    order_id: Id
    level: int


class CheckFeedback(Command, frozen=True):
    """The time for feedback has passed (反馈超时检查); submitted by a timer."""

    order_id: Id


class UnitAssigned(Event, frozen=True):
    """An order is out (已派警): t4.

    rank: place in the last recommendation, 1 = first; 0 = the dispatcher's own choice.
    diverted_from: the order the unit leaves for this one. self_initiated: the unit found it itself.
    stamp_at_ms: the true time of one from a paper card, else 0; is_over: and long done, so that it
    binds nobody.
    by: the seat that sent it, empty where nobody said so.
    """

    order_id: str
    incident_id: str
    unit_id: str
    n_crew: int
    rank: int
    travel_ms: int
    beside: bool = False
    approved_by: str = ""
    diverted_from: str = ""
    self_initiated: bool = False
    stamp_at_ms: int = 0
    is_over: bool = False
    by: str = ""


class OrderWithdrawn(Event, frozen=True):
    """An order is void (派警已撤回); diverted_to: the incident the unit is needed at instead.

    must_sign: the crew had read the order, so it has to read this too.
    """

    order_id: str
    incident_id: str
    unit_id: str
    reason: IncidentReasonTold
    diverted_to: str = ""
    must_sign: bool = False


class WithdrawalAcknowledged(Event, frozen=True):
    """The crew has read that its order is void (撤回已签收)."""

    order_id: str
    incident_id: str
    unit_id: str
    source: Literal["button", "voice"]


class WithdrawalLapsed(Event, frozen=True):
    """The crew went off duty without reading that its order is void (撤回免签): it goes nowhere."""

    order_id: str
    incident_id: str
    unit_id: str


class OrderAcknowledged(Event, frozen=True):
    """The crew signed (已签收): t5."""

    order_id: str
    incident_id: str
    source: ToldBy
    device_at_ms: int = 0
    stamp_at_ms: int = 0
    clock_off: bool = False


class UnitEnRoute(Event, frozen=True):
    """The unit is on its way (途中): t6."""

    order_id: str
    incident_id: str
    source: ToldBy
    device_at_ms: int = 0
    stamp_at_ms: int = 0
    clock_off: bool = False


class UnitArrived(Event, frozen=True):
    """The unit is there (到场): t7, the first of position and button."""

    order_id: str
    incident_id: str
    source: ToldBy
    device_at_ms: int = 0
    stamp_at_ms: int = 0
    clock_off: bool = False


class CrewSafe(Event, frozen=True):
    """The crew on scene says that all is well (已报平安)."""

    order_id: str
    incident_id: str
    source: ToldBy


class OrderHandled(Event, frozen=True):
    """The unit has done its part and is free (处理完毕): t8."""

    order_id: str
    incident_id: str
    unit_id: str
    source: ToldBy
    device_at_ms: int = 0
    stamp_at_ms: int = 0
    clock_off: bool = False


class FeedbackGiven(Event, frozen=True):
    """The feedback is in (已反馈): t9."""

    order_id: str
    incident_id: str
    disposition: ResultTold
    story: Story
    parties: Parties
    n_caught: int
    n_rescued: int
    letter: WarningLetter | None = None
    device_at_ms: int = 0
    stamp_at_ms: int = 0
    clock_off: bool = False
    source: ToldBy = "button"


class FeedbackReturned(Event, frozen=True):
    """The feedback has to be completed (反馈已退回)."""

    order_id: str
    incident_id: str
    reason: IncidentReasonTold


class OrderUnsigned(Event, frozen=True):
    """Nobody has signed yet (未签收): level 1 repeat, 2 offer the next unit, 3 supervisor."""

    order_id: str
    incident_id: str
    unit_id: str
    level: int


class FeedbackOverdue(Event, frozen=True):
    """The feedback is late (反馈超时)."""

    order_id: str
    incident_id: str


COMMANDS = (
    AssignUnit,
    WithdrawUnit,
    AcknowledgeWithdrawal,
    AcknowledgeOrder,
    ReportEnRoute,
    ReportArrival,
    ReportSafe,
    ReportHandled,
    GiveFeedback,
    ReturnFeedback,
    CheckUnsigned,
    CheckFeedback,
)
EVENTS = (
    UnitAssigned,
    OrderWithdrawn,
    WithdrawalAcknowledged,
    WithdrawalLapsed,
    OrderAcknowledged,
    UnitEnRoute,
    UnitArrived,
    CrewSafe,
    OrderHandled,
    FeedbackGiven,
    FeedbackReturned,
    OrderUnsigned,
    FeedbackOverdue,
)
