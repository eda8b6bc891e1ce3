"""What happens during a call (通话): offered to a seat, held, passed on, three-way, by text."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import CallReason, CallReasonTold
from kuaifan.vocabulary.missed import SilentStep

TargetKind = Literal["seat", "desk", "agency"]
PartyKind = Literal["interpreter", "agency", "seat", "unit", "relative", "other"]
TextKind = Literal["plain", "location_link", "advice", "receipt"]
TextOutcome = Literal["delivered", "failed"]
LocationSource = Literal["handset", "cell", "text_link", "line", "said"]
CallText = Annotated[str, msgspec.Meta(max_length=500), Personal("call")]
PartyName = Annotated[str, msgspec.Meta(max_length=200), Personal("call")]
PartyNumber = Annotated[str, msgspec.Meta(max_length=32), Personal("call")]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Metres = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class OfferCalls(Command, frozen=True):
    """Give what rings to idle seats, by skill and longest idle (话务分配); a reaction asks."""


class TakeOverCall(Command, frozen=True):
    """Another seat takes over a call being talked (接管通话); after the grace, with a reason."""

    call_id: Id
    seat_id: Id
    reason: CallReason = ""


class HoldCall(Command, frozen=True):
    """The caller waits on the line (保持)."""

    call_id: Id


class ResumeCall(Command, frozen=True):
    """The seat talks again (取回)."""

    call_id: Id


class TransferCall(Command, frozen=True):
    """Offer a call to another seat, desk or service (转接); the first owner stays till receipt."""

    call_id: Id
    to_kind: TargetKind
    to_id: Id
    reason: CallReason = ""


class AcceptTransfer(Command, frozen=True):
    """The next owner has it (转接签收); by: the seat, or who answered at the service."""

    call_id: Id
    by: ShortText


class RefuseTransfer(Command, frozen=True):
    """The other does not take it (拒绝转接); it stays with the first owner."""

    call_id: Id
    by: CallReason
    reason: CallReason


class AddParty(Command, frozen=True):
    """A third party joins the call (三方通话): interpreter, service, relative."""

    call_id: Id
    kind: PartyKind
    name: PartyName
    number: PartyNumber = ""


class DropParty(Command, frozen=True):
    """A third party leaves the call (退出三方)."""

    call_id: Id
    party_no: int


class SendText(Command, frozen=True):
    """Send the caller a text (发送短信); refused where writing would endanger, or none can go."""

    call_id: Id
    text: CallText
    kind: TextKind = "plain"


class ReceiveText(Command, frozen=True):
    """The caller writes (收到短信)."""

    call_id: Id
    text: CallText


class ReportTextOutcome(Command, frozen=True):
    """The gateway tells what became of a text (短信回执)."""

    call_id: Id
    text_no: int
    outcome: TextOutcome


class LocateCaller(Command, frozen=True):
    """Where the caller is, with its uncertainty (报警人定位); not yet where the incident is."""

    call_id: Id
    lat: Latitude
    lon: Longitude
    uncertainty_m: Metres
    source: LocationSource


class CallOffered(Event, frozen=True):
    """A ringing call is with a seat (已分配席位): t1."""

    call_id: str
    seat_id: str


class OfferReleased(Event, frozen=True):
    """A ringing call is with no seat again (已收回分配): its seat does something else."""

    call_id: str
    seat_id: str


class CallTakenOver(Event, frozen=True):
    """Another seat has the call (已接管)."""

    call_id: str
    from_seat_id: str
    seat_id: str
    reason: CallReasonTold


class CallHeld(Event, frozen=True):
    """The caller waits on the line (已保持)."""

    call_id: str


class CallResumed(Event, frozen=True):
    """The seat talks again (已取回)."""

    call_id: str


class TransferOffered(Event, frozen=True):
    """A call waits for its next owner (转接待签收)."""

    call_id: str
    to_kind: TargetKind
    to_id: str
    reason: CallReasonTold


class TransferAccepted(Event, frozen=True):
    """The next owner has it (转接已签收)."""

    call_id: str
    to_kind: TargetKind
    to_id: str
    by: str


class TransferRefused(Event, frozen=True):
    """It stays with the first owner (转接被拒)."""

    call_id: str
    to_kind: TargetKind
    to_id: str
    by: CallReasonTold
    reason: CallReasonTold


class PartyAdded(Event, frozen=True):
    """A third party is in the call (三方已加入)."""

    call_id: str
    party_no: int
    kind: PartyKind
    name: PartyName
    number: PartyNumber


class PartyDropped(Event, frozen=True):
    """A third party has left (三方已退出)."""

    call_id: str
    party_no: int


class TextSent(Event, frozen=True):
    """A text is to go out (短信待发); the outbox sends it."""

    call_id: str
    text_no: int
    kind: TextKind
    text: CallText


class TextReceived(Event, frozen=True):
    """The caller has written (短信已收); next_step: of a silent call, empty where it stays."""

    call_id: str
    text: CallText
    next_step: SilentStep = ""


class TextOutcomeReported(Event, frozen=True):
    """A text arrived, or did not (短信结果)."""

    call_id: str
    text_no: int
    outcome: TextOutcome


class CallerLocated(Event, frozen=True):
    """The caller's position is known (报警人已定位); next_step: of a silent call, as above."""

    call_id: str
    lat: float
    lon: float
    uncertainty_m: int
    source: LocationSource
    next_step: SilentStep = ""
    is_protected_place: bool = False


COMMANDS = (
    OfferCalls,
    TakeOverCall,
    HoldCall,
    ResumeCall,
    TransferCall,
    AcceptTransfer,
    RefuseTransfer,
    AddParty,
    DropParty,
    SendText,
    ReceiveText,
    ReportTextOutcome,
    LocateCaller,
)
EVENTS = (
    CallOffered,
    OfferReleased,
    CallTakenOver,
    CallHeld,
    CallResumed,
    TransferOffered,
    TransferAccepted,
    TransferRefused,
    PartyAdded,
    PartyDropped,
    TextSent,
    TextReceived,
    TextOutcomeReported,
    CallerLocated,
)
