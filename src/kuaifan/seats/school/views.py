"""What the seat's page shows (校园表): running alarms, schools, keys, guard posts of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from kuaifan.board.day_tally import day_of
from kuaifan.board.state import Board

from .calendar import times_of
from .codes import PERIODS
from .papers import SchoolPapers
from .rules_register import papers_of
from .words import Contact, Gate, PeriodTimes

CITY: Final = "city"
ORDINARY: Final = "ordinary"


class AlarmRow(msgspec.Struct, frozen=True, kw_only=True):
    """A running alarm (校园警情); guards: its posts manned on that day."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    school: str
    gate: str
    plan: str
    contacts: str
    guards: str
    station: str
    audio: str
    pressed_at_ms: int
    n_presses: int
    state: str
    on_scene: str


class SchoolRow(msgspec.Struct, frozen=True, kw_only=True):
    """A school (学校); …_now: as it is, for the form that changes it."""

    row_id: str
    name: str
    kind: str
    gates: str
    contacts: str
    n_keys: int
    n_posts: int
    gates_now: tuple[Gate, ...]
    contacts_now: tuple[Contact, ...]
    plan_now: str
    incident_id: str = ""
    desk_id: str = CITY
    record_class: str = ORDINARY


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key (报警键)."""

    row_id: str
    school: str
    gate: str
    kind: str
    tested_at_ms: int
    is_owed: str
    incident_id: str = ""
    desk_id: str = CITY
    record_class: str = ORDINARY


class PostRow(msgspec.Struct, frozen=True, kw_only=True):
    """A guard post (护学岗); done: periods of its last day that it was manned in."""

    row_id: str
    school: str
    gate: str
    owner: str
    periods: tuple[str, ...]
    done: tuple[str, ...]
    is_missing: str
    incident_id: str = ""
    desk_id: str = CITY
    record_class: str = ORDINARY


class CalendarRow(msgspec.Struct, frozen=True, kw_only=True):
    """The calendar (校历); periods_now: as a city has set them, none where the usual ones hold."""

    row_id: str
    title: str
    first_day: str
    last_day: str
    days_off: tuple[str, ...]
    days_worked: tuple[str, ...]
    periods: str
    periods_now: tuple[PeriodTimes, ...]
    incident_id: str = ""
    desk_id: str = CITY
    record_class: str = ORDINARY


def alarms(board: Board) -> Iterator[AlarmRow]:
    """Alarms that run, the oldest first."""
    papers = papers_of(board)
    for alarm in papers.alarms.values():
        school, incident = papers.schools[alarm.school_id], board.incidents[alarm.incident_id]
        manned = [
            post.post_id
            for post in papers.posts.values()
            if post.school_id == alarm.school_id and post.day == day_of(alarm.pressed_at_ms)
        ]
        orders = board.active_orders(incident)
        yield AlarmRow(
            row_id=alarm.incident_id,
            incident_id=alarm.incident_id,
            desk_id=incident.desk_id,
            record_class=incident.record_class,
            school=school.name,
            gate=_gate(papers, alarm.school_id, alarm.gate_id),
            plan=school.plan,
            contacts="；".join(f"{each.place} {each.phone}" for each in school.contacts),
            guards="、".join(manned),
            station=incident.jurisdiction,
            audio=alarm.audio,
            pressed_at_ms=alarm.pressed_at_ms,
            n_presses=alarm.n_presses,
            state=incident.state,
            on_scene=_yes(any(order.t7_ms for order in orders)),
        )


def schools(board: Board) -> Iterator[SchoolRow]:
    """Schools by their id."""
    papers = papers_of(board)
    for school in sorted(papers.schools.values(), key=lambda each: each.school_id):
        own = school.school_id
        yield SchoolRow(
            row_id=own,
            name=school.name,
            kind=school.kind,
            gates="、".join(gate.name for gate in school.gates),
            contacts="；".join(f"{each.place} {each.phone}" for each in school.contacts),
            n_keys=sum(key.school_id == own for key in papers.keys.values()),
            n_posts=sum(post.school_id == own for post in papers.posts.values()),
            gates_now=school.gates,
            contacts_now=school.contacts,
            plan_now=school.plan,
        )


def keys(board: Board) -> Iterator[KeyRow]:
    """Keys, those that were not tested first."""
    papers = papers_of(board)
    for key in sorted(papers.keys.values(), key=lambda each: (each.tested_at_ms, each.key_id)):
        yield KeyRow(
            row_id=key.key_id,
            school=papers.schools[key.school_id].name,
            gate=_gate(papers, key.school_id, key.gate_id),
            kind=key.kind,
            tested_at_ms=key.tested_at_ms,
            is_owed=_yes(bool(key.item_id)),
        )


def posts(board: Board) -> Iterator[PostRow]:
    """Guard posts, those that nobody is at first."""
    papers = papers_of(board)
    for post in sorted(papers.posts.values(), key=lambda each: (not each.item_id, each.post_id)):
        yield PostRow(
            row_id=post.post_id,
            school=papers.schools[post.school_id].name,
            gate=_gate(papers, post.school_id, post.gate_id),
            owner=post.owner_id,
            periods=post.periods,
            done=post.done,
            is_missing=_yes(bool(post.item_id)),
        )


def calendar(board: Board) -> Iterator[CalendarRow]:
    """The one calendar, also before there is a term: then it says so."""
    held = papers_of(board).calendar
    words = {each.code: each.zh for each in PERIODS}
    yield CalendarRow(
        row_id="calendar",
        title=f"{held.first_day} – {held.last_day}" if held.first_day else "尚未设定",
        first_day=held.first_day,
        last_day=held.last_day,
        days_off=held.days_off,
        days_worked=held.days_worked,
        periods="、".join(
            f"{words[each.period]} {each.begins}–{each.ends}" for each in times_of(held)
        ),
        periods_now=held.periods,
    )


def _gate(papers: SchoolPapers, school_id: str, gate_id: str) -> str:
    gates = papers.schools[school_id].gates
    return next((gate.name for gate in gates if gate.gate_id == gate_id), gate_id)


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the word for it
    return "yes" if is_so else "no"


VIEWS: Final[Mapping[str, Callable[[Board], Iterator[msgspec.Struct]]]] = {
    "alarms": alarms,
    "schools": schools,
    "keys": keys,
    "posts": posts,
    "calendar": calendar,
}
