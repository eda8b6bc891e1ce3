"""What the seat keeps (校园台账): schools, keys, guard posts, the calendar, running alarms."""

from __future__ import annotations

from typing import Literal

import msgspec

from kuaifan.board.day_tally import DayTally

from .terms import Terms
from .words import Contact, Gate, KeyKind, Period, PeriodTimes, SchoolKind


class School(msgspec.Struct, kw_only=True):
    """A school (学校)."""

    school_id: str
    name: str
    kind: SchoolKind
    gates: tuple[Gate, ...]
    plan: str
    contacts: tuple[Contact, ...]


class SchoolKey(msgspec.Struct, kw_only=True):
    """A key (报警键); item_id: of what is owed as it was not tested."""

    key_id: str
    school_id: str
    gate_id: str
    kind: KeyKind
    added_at_ms: int
    tested_at_ms: int = 0
    pressed_at_ms: int = 0
    item_id: str = ""


class TestWindow(msgspec.Struct, kw_only=True):
    """When presses are tests (测试时段); school_ids empty: of all schools."""

    from_ms: int
    until_ms: int
    school_ids: tuple[str, ...]

    __test__ = False


class SchoolAlarm(msgspec.Struct, kw_only=True):
    """An alarm that runs (校园警情)."""

    incident_id: str
    school_id: str
    gate_id: str
    pressed_at_ms: int
    audio: str = ""
    n_presses: int = 1
    item_id: str = ""


class GuardPost(msgspec.Struct, kw_only=True):
    """A guard post (护学岗).

    day, done: the last day anybody was there, and in which periods. item_id, missed_day: of what
    is owed as nobody was, and the day it is about.
    """

    post_id: str
    school_id: str
    gate_id: str
    owner_kind: Literal["unit", "desk"]
    owner_id: str
    periods: tuple[Period, ...]
    day: int = -1
    done: tuple[Period, ...] = ()
    item_id: str = ""
    missed_day: int = -1


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """When there is school (校历); without a term there is none."""

    first_day: str = ""
    last_day: str = ""
    days_off: tuple[str, ...] = ()
    days_worked: tuple[str, ...] = ()
    periods: tuple[PeriodTimes, ...] = ()


class SchoolPapers(msgspec.Struct, kw_only=True):
    """Everything the seat keeps (校园专席分态).

    last_check: day and period that were looked at last.
    """

    tally: DayTally = msgspec.field(default_factory=DayTally)
    schools: dict[str, School] = {}
    keys: dict[str, SchoolKey] = {}
    windows: list[TestWindow] = []
    alarms: dict[str, SchoolAlarm] = {}
    posts: dict[str, GuardPost] = {}
    calendar: Calendar = Calendar()
    terms: Terms = Terms()
    last_check: str = ""
