"""What the desk must not overlook (告警): clocks that have run out, and news for a person.

An alarm stands until a person has taken it up or what it says is no longer true.
"""

from __future__ import annotations

from typing import Literal

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

ClockKind = Literal[
    "queue",
    "not_moving",
    "eta_passed",
    "silent_on_scene",
    "amendment",
    "agency",
    "transfer",
    "hand_over",
    "call_back",
    "backup",
    "emergency",
    "withdrawal",
    "item",
]
"""Clocks of the desk (时限种类); those of signing and feedback are of the order itself."""
NewsKind = Literal[
    "agency_refused",
    "transfer_refused",
    "hand_over_refused",
    "text_failed",
    "major",
    "leader_told",
    "other_desk_ground",
    "agency_untold",
    "phone_untold",
]
AlarmKind = Literal[ClockKind, NewsKind]
Addressee = Literal["dispatcher", "supervisor", "leader"]
"""Whose the alarm is (告警对象); the last level of a clock is the supervisor's."""


class CheckClock(Command, frozen=True):
    """A clock may have run out (时限检查); submitted by a timer."""

    kind: ClockKind
    subject_id: Id
    level: int


class RaiseAlarm(Command, frozen=True):
    """Something a person must decide about (告警); a reaction asks."""

    kind: NewsKind
    subject_id: Id
    incident_id: Id = ""
    to: Addressee = "dispatcher"
    text: IncidentReason = ""


class TakeUpAlarm(Command, frozen=True):
    """A person has seen an alarm and acts on it (告警签收)."""

    alarm_id: Id
    by: ShortText


class ClearAlarm(Command, frozen=True):
    """What an alarm says is no longer true (告警消除); a reaction asks."""

    alarm_id: Id


class AlarmRaised(Event, frozen=True):
    """A clock ran out, or something happened (已告警); alarm_id = kind:subject.

    The ids are those the alarm is about, empty where it is about none.
    """

    alarm_id: str
    kind: AlarmKind
    subject_id: str
    level: int
    to: Addressee
    incident_id: str = ""
    order_id: str = ""
    unit_id: str = ""
    call_id: str = ""
    text: IncidentReasonTold = ""


class AlarmTakenUp(Event, frozen=True):
    """A person acts on it (告警已签收)."""

    alarm_id: str
    by: str


class AlarmCleared(Event, frozen=True):
    """It is no longer true (告警已消除)."""

    alarm_id: str


COMMANDS = (CheckClock, RaiseAlarm, TakeUpAlarm, ClearAlarm)
EVENTS = (AlarmRaised, AlarmTakenUp, AlarmCleared)
