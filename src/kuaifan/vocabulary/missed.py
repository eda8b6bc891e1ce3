"""Calls that need one more step (待处置来电): missed, silent, never to be rung, limited."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import CallerNumber, Id, ShortText
from kuaifan.vocabulary.free_words import CallReason, CallReasonTold

CallBackOutcome = Literal["talked", "no_answer", "unsafe"]
"""What came of ringing back (回拨结果); unsafe: it must not ring again."""
SilentSign = Literal["quiet", "keypad_yes", "keypad_no", "distress", "whisper", "protected_place"]
"""What was heard on a silent line (静默迹象)."""
URGENT_SIGNS: tuple[SilentSign, ...] = ("keypad_yes", "distress", "whisper", "protected_place")
"""On these a unit goes at once, and nobody rings back."""
SilentStep = Literal["", "listening", "call_back", "text_link", "send_unit", "sent", "cleared"]
"""The next step for a silent call (静默处置步骤); empty: the call is not silent."""
Minutes = Annotated[int, msgspec.Meta(ge=1, le=1_440)]


class CallBack(Command, frozen=True):
    """A seat rings the caller back (回拨); refused where it must never ring."""

    call_id: Id
    seat_id: Id


class RecordCallBack(Command, frozen=True):
    """What came of ringing back (登记回拨结果)."""

    call_id: Id
    outcome: CallBackOutcome


class ClearMissedCall(Command, frozen=True):
    """A person decides that nothing more is owed to a missed or silent call (消除未接来电)."""

    call_id: Id
    cleared_by: ShortText
    reason: CallReason


class FlagNeverRing(Command, frozen=True):
    """A ring or a text would endanger the caller (禁止回拨)."""

    call_id: Id
    reason: CallReason


class LiftNeverRing(Command, frozen=True):
    """A supervisor allows ringing again (解除禁止回拨)."""

    call_id: Id
    approved_by: ShortText
    reason: CallReason


class ReportSilence(Command, frozen=True):
    """Nobody speaks on the line (登记静默来电): listen first."""

    call_id: Id


class NoteSilentSign(Command, frozen=True):
    """What the call-taker hears, or which key was pressed (登记静默迹象)."""

    call_id: Id
    sign: SilentSign


class SkipSilentStep(Command, frozen=True):
    """The step cannot be done or gave nothing; go on to the next (静默处置下一步)."""

    call_id: Id
    reason: CallReason


class LimitCaller(Command, frozen=True):
    """Limit calls of a number that abuses the line (骚扰限呼): never blocked, marked and last."""

    call_id: Id
    approved_by: ShortText
    reason: CallReason
    minutes: Minutes
    is_child: bool = False


class LiftCallerLimit(Command, frozen=True):
    """End a limit before its time (解除限呼)."""

    limit_id: Id
    approved_by: ShortText


class ExpireCallerLimit(Command, frozen=True):
    """A limit has run out (限呼到期); submitted by a timer."""

    limit_id: Id


class CallBackStarted(Event, frozen=True):
    """The caller is being rung (正在回拨)."""

    call_id: str
    seat_id: str


class CallBackRecorded(Event, frozen=True):
    """What came of ringing back (回拨已登记); talked: the call goes on, at the seat that rang.

    next_step: of a silent call, empty where it stays.
    """

    call_id: str
    outcome: CallBackOutcome
    seat_id: str = ""
    next_step: SilentStep = ""


class MissedCallCleared(Event, frozen=True):
    """A person has cleared it (未接来电已消除)."""

    call_id: str
    cleared_by: str
    reason: CallReasonTold


class NeverRingFlagged(Event, frozen=True):
    """It must not ring there (已禁止回拨)."""

    call_id: str
    reason: CallReasonTold


class NeverRingLifted(Event, frozen=True):
    """It may ring again (已解除禁止回拨)."""

    call_id: str
    approved_by: str
    reason: CallReasonTold


class SilenceReported(Event, frozen=True):
    """The line is open and silent (静默来电已登记)."""

    call_id: str
    is_protected_place: bool


class SilentSignNoted(Event, frozen=True):
    """Something was heard (静默迹象已登记)."""

    call_id: str
    sign: SilentSign
    next_step: SilentStep


class SilentStepSkipped(Event, frozen=True):
    """On to the next step (静默处置已进入下一步)."""

    call_id: str
    next_step: SilentStep
    reason: CallReasonTold


class CallerLimited(Event, frozen=True):
    """A number is limited until then (已限呼)."""

    limit_id: str
    call_id: str
    caller_number: CallerNumber
    approved_by: str
    reason: CallReasonTold
    until_ms: int


class CallerLimitEnded(Event, frozen=True):
    """The number is as every other again (限呼已结束); approved_by empty: it ran out."""

    limit_id: str
    call_id: str
    approved_by: str


COMMANDS = (
    CallBack,
    RecordCallBack,
    ClearMissedCall,
    FlagNeverRing,
    LiftNeverRing,
    ReportSilence,
    NoteSilentSign,
    SkipSilentStep,
    LimitCaller,
    LiftCallerLimit,
    ExpireCallerLimit,
)
EVENTS = (
    CallBackStarted,
    CallBackRecorded,
    MissedCallCleared,
    NeverRingFlagged,
    NeverRingLifted,
    SilenceReported,
    SilentSignNoted,
    SilentStepSkipped,
    CallerLimited,
    CallerLimitEnded,
)
