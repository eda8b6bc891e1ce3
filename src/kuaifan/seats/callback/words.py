"""What the seat is told and what happened (回访命令与事件)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.seats.callback.papers import (
    KEY_NOUN,
    SEAT_ID,
    Satisfaction,
    Sealed,
    SealedKey,
    TermName,
    Why,
)
from kuaifan.vocabulary.call import Id, ShortText

SealedText = Annotated[ShortText, Personal("incident")]
SealedNumber = Annotated[str, msgspec.Meta(max_length=32), Personal("incident")]
DayMinute = Annotated[int, msgspec.Meta(ge=0, le=1440)]
Reached = Literal["answered", "not_reached", "declined"]
Resolved = Literal["yes", "no", ""]
Rated = Literal["satisfied", "fairly", "dissatisfied", ""]


class OweCallBack(Command, frozen=True):
    """Whether an incident is called back (列入回访), by rule; a reaction asks."""

    incident_id: Id
    why: Why


class LeaveCallBack(Command, frozen=True):
    """Another seat calls back for this incident (由他席回访); a reaction asks."""

    incident_id: Id


class AgreeCallBack(Command, frozen=True):
    """A person of a restricted record agrees to be rung, here and then (约定回访)."""

    incident_id: Id
    number: SealedNumber
    from_min: DayMinute
    to_min: DayMinute
    by: ShortText


class RecordCallBackAnswer(Command, frozen=True):
    """What came of a call (登记回访结果)."""

    item_id: Id
    number: SealedNumber
    reached: Reached
    by: ShortText
    satisfaction: Rated = ""
    resolved: Resolved = ""
    said: SealedText = ""


class AnswerGrievance(Command, frozen=True):
    """What was done about it (不满意核查结果)."""

    item_id: Id
    outcome: Literal["explained", "redone", "disciplined"]
    by: ShortText
    found: SealedText


class OpenGrievance(Command, frozen=True):
    """Somebody is not content with how it was handled (不满意核查); a reaction asks."""

    incident_id: Id
    unit_id: ShortText = ""
    desk_id: ShortText = "city"


class SendTrackLink(Command, frozen=True):
    """Send the caller a link to where the case stands (发送进度链接)."""

    incident_id: Id
    by: ShortText


class KeepTrack(Command, frozen=True):
    """The case is over: its stages are kept as long as the link works; a reaction asks."""

    incident_id: Id


class RateHandling(Command, frozen=True):
    """The caller rates it on the page of the link (群众评价), once."""

    incident_id: Id
    satisfaction: Satisfaction


class SetTrackAddress(Command, frozen=True):
    """Where the page of a link is (设置进度页地址), and its key; a new key ends all links."""

    address: Annotated[str, msgspec.Meta(max_length=200)]
    by: ShortText
    key: Annotated[
        str,
        msgspec.Meta(max_length=128, pattern="^([0-9a-f]{64,128})?$"),
        Personal(KEY_NOUN),
    ] = ""

    @property
    def seat_key_id(self) -> str:
        """Under which key it is sealed: of the seat, for it is nobody's case."""
        return SEAT_ID


class SetCallBackTerm(Command, frozen=True):
    """Another number of the seat's (调整回访参数), within its bounds."""

    name: TermName
    value: int
    by: ShortText


class CallBackDue(Event, frozen=True):
    """An incident is to be called back (已列入回访)."""

    incident_id: str
    item_id: str
    why: Why
    number: Sealed
    unit_id: str
    desk_id: str
    record_class: str
    class_key: str


class CallBackLeftOut(Event, frozen=True):
    """Not called back here (不列入回访): no number, not agreed, or another seat does it."""

    incident_id: str
    reason: str


class CallBackAgreed(Event, frozen=True):
    """A number and its hours (回访已约定)."""

    incident_id: str
    number: Sealed
    from_min: int
    to_min: int
    by: str


class CallBackTried(Event, frozen=True):
    """Nobody answered (回访未接通)."""

    incident_id: str
    item_id: str
    is_last: bool
    by: str


class CallBackAnswered(Event, frozen=True):
    """Somebody answered (回访已接通): t11. satisfaction empty: it was declined."""

    incident_id: str
    item_id: str
    satisfaction: str
    resolved: str
    said: Sealed
    by: str


class GrievanceAnswered(Event, frozen=True):
    """What was done about it (不满意核查已办结)."""

    incident_id: str
    outcome: str
    found: Sealed
    by: str


class TrackLinkSent(Event, frozen=True):
    """A link is out (进度链接已发送), until an instant."""

    incident_id: str
    call_id: str
    until_ms: int
    is_criminal: bool
    by: str


class TrackKept(Event, frozen=True):
    """What the page shows from now on (进度已留存): stages with their instants."""

    incident_id: str
    stages: dict[str, int]


class HandlingRated(Event, frozen=True):
    """The caller rated it (群众已评价)."""

    incident_id: str
    satisfaction: Satisfaction


class TrackAddressSet(Event, frozen=True):
    """Where the page is (进度页地址已设置); key empty: as before."""

    address: str
    by: str
    key: SealedKey

    @property
    def seat_key_id(self) -> str:
        """As of SetTrackAddress."""
        return SEAT_ID


class CallBackTermSet(Event, frozen=True):
    """Another number is in force (回访参数已调整)."""

    name: str
    value: int
    by: str


COMMANDS: Final = (
    *(
        OweCallBack,
        LeaveCallBack,
        AgreeCallBack,
        RecordCallBackAnswer,
        AnswerGrievance,
        OpenGrievance,
    ),
    *(SendTrackLink, KeepTrack, RateHandling, SetTrackAddress, SetCallBackTerm),
)
INNER = (OweCallBack, LeaveCallBack, OpenGrievance, KeepTrack, RateHandling)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS: Final = (
    *(CallBackDue, CallBackLeftOut, CallBackAgreed, CallBackTried, CallBackAnswered),
    *(GrievanceAnswered, TrackLinkSent, TrackKept, HandlingRated),
    *(TrackAddressSet, CallBackTermSet),
)
