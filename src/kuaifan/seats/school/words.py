"""What is said of schools (校园用语): the register, keys and their tests, alarms, guard posts.

Contacts are rooms and offices of a school, never persons: a register of people is not needed to
reach a guard room.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason
from kuaifan.vocabulary.incident import Latitude, Longitude

from .terms import TermName

SchoolKind = Literal["kindergarten", "primary", "secondary", "other"]
KeyKind = Literal["device", "web"]
Period = Literal["morning", "noon_out", "noon_in", "afternoon"]
Outcome = Literal["real", "mistaken", "drill"]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A date as people write it, such as 2026-09-01."""
Days = Annotated[tuple[Day, ...], msgspec.Meta(max_length=200)]
ClockText = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Link = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^((https?|rtsps?|wss?)://\S+)?$")]


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gate of a school (校门)."""

    gate_id: Id
    name: Name
    lat: Latitude
    lon: Longitude


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A room or office that answers (联系处): the guard room, the office on duty."""

    place: Name
    phone: Annotated[str, msgspec.Meta(pattern=r"^[0-9+\-# ]{3,24}$")]


class RegisterSchool(Command, frozen=True):
    """A school of the register, new or changed (登记学校); plan: where to go, what to lock."""

    school_id: Id
    name: Name
    kind: SchoolKind
    gates: Annotated[tuple[Gate, ...], msgspec.Meta(min_length=1, max_length=12)]
    plan: Annotated[str, msgspec.Meta(max_length=1_000)]
    contacts: Annotated[tuple[Contact, ...], msgspec.Meta(min_length=1, max_length=8)]
    by: ShortText


class RetireSchool(Command, frozen=True):
    """It is closed for good, with its keys and posts (撤销学校)."""

    school_id: Id
    reason: ShortText
    by: ShortText


class AddSchoolKey(Command, frozen=True):
    """A key at a gate (登记报警键): a device, or a page of the school's own."""

    key_id: Id
    school_id: Id
    gate_id: Id
    kind: KeyKind
    by: ShortText


class RetireSchoolKey(Command, frozen=True):
    """The key is gone (撤销报警键)."""

    key_id: Id
    reason: ShortText
    by: ShortText


class ScheduleKeyTest(Command, frozen=True):
    """Presses between two moments are tests (安排测试); school_ids empty: all schools."""

    from_ms: Instant
    until_ms: Instant
    by: ShortText
    school_ids: Annotated[tuple[Id, ...], msgspec.Meta(max_length=1_000)] = ()


class PressSchoolKey(Command, frozen=True):
    """A key was pressed (按下报警键); audio: where the guard room can be heard, if it can."""

    key_id: Id
    audio: Link = ""


class WatchSchoolAlarm(Command, frozen=True):
    """It stays open until somebody is on scene (校园警情跟办); a reaction asks."""

    incident_id: Id


class ClearSchoolAlarm(Command, frozen=True):
    """What it was, said on scene (现场解除)."""

    incident_id: Id
    outcome: Outcome
    note: IncidentReason
    by: ShortText


class CheckKeyTests(Command, frozen=True):
    """Which keys were not tested in the month (核对按键测试); submitted by a timer."""

    month: Annotated[str, msgspec.Meta(pattern=r"^20\d{2}-(?:0[1-9]|1[0-2])$")]


class PeriodTimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a period of guarding begins and ends, local (护学时段)."""

    period: Period
    begins: ClockText
    ends: ClockText


class SetSchoolCalendar(Command, frozen=True):
    """The term, the days off in it, weekend days worked, and the periods (校历)."""

    first_day: Day
    last_day: Day
    by: ShortText
    days_off: Days = ()
    days_worked: Days = ()
    periods: Annotated[tuple[PeriodTimes, ...], msgspec.Meta(max_length=4)] = ()


class AddGuardPost(Command, frozen=True):
    """A guard post at a gate (设护学岗), manned in these periods by this unit or desk."""

    post_id: Id
    school_id: Id
    gate_id: Id
    owner_kind: Literal["unit", "desk"]
    owner_id: Id
    periods: Annotated[tuple[Period, ...], msgspec.Meta(min_length=1, max_length=4)]
    by: ShortText


class RetireGuardPost(Command, frozen=True):
    """The post is given up (撤护学岗)."""

    post_id: Id
    reason: ShortText
    by: ShortText


class CheckInGuard(Command, frozen=True):
    """Somebody is there (护学岗签到)."""

    post_id: Id
    n_officers: Annotated[int, msgspec.Meta(ge=1, le=20)]
    by: ShortText


class ExcuseGuard(Command, frozen=True):
    """Why nobody was there, once it was looked into (缺岗说明)."""

    item_id: Id
    reason: ShortText
    by: ShortText


class CheckGuards(Command, frozen=True):
    """Which posts nobody is at (护学岗核对); one timer a period, whatever the number of posts."""

    day: int
    period: Period


class SchoolRegistered(Event, frozen=True):
    """It is in the register (学校已登记)."""

    school_id: str
    name: str
    kind: SchoolKind
    gates: tuple[Gate, ...]
    plan: str
    contacts: tuple[Contact, ...]
    by: str


class SchoolRetired(Event, frozen=True):
    """It is closed for good (学校已撤销)."""

    school_id: str
    reason: str
    by: str


class SchoolKeyAdded(Event, frozen=True):
    """A key is there (报警键已登记)."""

    key_id: str
    school_id: str
    gate_id: str
    kind: KeyKind
    by: str


class SchoolKeyRetired(Event, frozen=True):
    """It is gone (报警键已撤销)."""

    key_id: str
    reason: str
    by: str


class KeyTestScheduled(Event, frozen=True):
    """Presses in this window are tests (测试已安排)."""

    from_ms: int
    until_ms: int
    school_ids: tuple[str, ...]
    by: str


class SchoolKeyTested(Event, frozen=True):
    """A key was pressed as a test, and works (报警键已测试); no call, no incident."""

    key_id: str
    school_id: str


class SchoolAlarmRaised(Event, frozen=True):
    """A key was pressed, and an incident opened (校园报警); the audio may be heard."""

    incident_id: str
    school_id: str
    gate_id: str
    key_id: str
    audio: str


class SchoolKeyPressedAgain(Event, frozen=True):
    """Pressed again while the alarm runs (再次按键); gate: perhaps another one."""

    incident_id: str
    school_id: str
    gate_id: str
    key_id: str
    audio: str


class SchoolAlarmWatched(Event, frozen=True):
    """Somebody owes what it was (校园警情已跟办)."""

    incident_id: str
    item_id: str


class SchoolAlarmCleared(Event, frozen=True):
    """Said on scene (校园警情已解除); to_order_ms: from press to first order, -1 for none."""

    incident_id: str
    outcome: Outcome
    to_order_ms: int
    to_scene_ms: int
    by: str


class KeyTestsChecked(Event, frozen=True):
    """A month is over (按键测试已核对); opened: key -> item, of those not tested."""

    month: str
    n_keys: int
    n_tested: int
    opened: dict[str, str]


class SchoolCalendarSet(Event, frozen=True):
    """Another calendar holds (校历已更改)."""

    first_day: str
    last_day: str
    days_off: tuple[str, ...]
    days_worked: tuple[str, ...]
    periods: tuple[PeriodTimes, ...]
    by: str


class GuardPostAdded(Event, frozen=True):
    """A guard post is manned from now on (护学岗已设)."""

    post_id: str
    school_id: str
    gate_id: str
    owner_kind: Literal["unit", "desk"]
    owner_id: str
    periods: tuple[Period, ...]
    by: str


class GuardPostRetired(Event, frozen=True):
    """It is given up (护学岗已撤)."""

    post_id: str
    reason: str
    by: str


class GuardCheckedIn(Event, frozen=True):
    """Somebody is there (护学岗已签到); is_late: after the check."""

    post_id: str
    day: int
    period: Period
    n_officers: int
    is_late: bool
    by: str


class GuardsChecked(Event, frozen=True):
    """Each post was looked for (护学岗已核对); opened: post -> item, of those not manned."""

    day: int
    period: Period
    n_due: int
    n_present: int
    opened: dict[str, str]


class GuardExcused(Event, frozen=True):
    """Why nobody was there (缺岗已说明)."""

    post_id: str
    item_id: str
    reason: str
    by: str


class SetSchoolTerm(Command, frozen=True):
    """Another time of the seat's (调整校园时限), within its bounds."""

    name: TermName
    value: int
    by: ShortText


class SchoolTermSet(Event, frozen=True):
    """Another time holds (校园时限已调整)."""

    name: TermName
    value: int
    by: str


COMMANDS = (
    *(RegisterSchool, RetireSchool, AddSchoolKey, RetireSchoolKey, ScheduleKeyTest),
    *(PressSchoolKey, WatchSchoolAlarm, ClearSchoolAlarm, CheckKeyTests, SetSchoolCalendar),
    *(AddGuardPost, RetireGuardPost, CheckInGuard, ExcuseGuard, CheckGuards),
    SetSchoolTerm,
)
INNER = (WatchSchoolAlarm, CheckKeyTests, CheckGuards)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS = (
    *(SchoolRegistered, SchoolRetired, SchoolKeyAdded, SchoolKeyRetired, KeyTestScheduled),
    *(SchoolKeyTested, SchoolAlarmRaised, SchoolKeyPressedAgain, SchoolAlarmWatched),
    *(SchoolAlarmCleared, KeyTestsChecked, SchoolCalendarSet, GuardPostAdded, GuardPostRetired),
    *(GuardCheckedIn, GuardsChecked, GuardExcused),
    SchoolTermSet,
)
