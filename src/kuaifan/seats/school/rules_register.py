"""The register (校园登记): schools, keys, test windows, guard posts and the calendar."""

from __future__ import annotations

from datetime import date
from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.items import close_item, get_item
from kuaifan.board.lookup import get_road_place, get_unit
from kuaifan.board.seat_terms import check_term
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules

from .kinds import MISSED, SEAT_ID, UNTESTED
from .papers import Calendar, GuardPost, School, SchoolKey, SchoolPapers
from .terms import TERMS
from .words import (
    AddGuardPost,
    AddSchoolKey,
    GuardPostAdded,
    GuardPostRetired,
    KeyTestScheduled,
    RegisterSchool,
    RetireGuardPost,
    RetireSchool,
    RetireSchoolKey,
    ScheduleKeyTest,
    SchoolCalendarSet,
    SchoolKeyAdded,
    SchoolKeyRetired,
    SchoolRegistered,
    SchoolRetired,
    SchoolTermSet,
    SetSchoolCalendar,
    SetSchoolTerm,
)

TYPED_MS: Final = 600_000
"""A window that begins now was typed some minutes ago."""
MAX_TERM_DAYS: Final = 400


def papers_of(board: Board) -> SchoolPapers:
    """What the seat keeps on this board."""
    papers: SchoolPapers = board.seats[SEAT_ID]
    return papers


def register_school(board: Board, command: RegisterSchool, _now_ms: int) -> list[Event]:
    """A school with its gates (登记学校); each gate is on a road that a unit can reach."""
    need_name(command.by)
    ids = [gate.gate_id for gate in command.gates]
    if len(set(ids)) < len(ids):
        raise Refused("gate_twice", "校门编号重复", "two gates have the same id")
    for gate in command.gates:
        get_road_place(board, gate.lat, gate.lon)
    kept = School(
        school_id=command.school_id,
        name=command.name,
        kind=command.kind,
        gates=command.gates,
        plan=command.plan,
        contacts=command.contacts,
    )
    if papers_of(board).schools.get(command.school_id) == kept:
        raise Refused(
            "nothing_changed",
            f"{command.name} 登记内容没有变化",
            f"nothing about {command.name} would change",
        )
    return [
        SchoolRegistered(
            school_id=kept.school_id,
            name=kept.name,
            kind=kept.kind,
            gates=kept.gates,
            plan=kept.plan,
            contacts=kept.contacts,
            by=command.by,
        )
    ]


def retire_school(board: Board, command: RetireSchool, _now_ms: int) -> list[Event]:
    """A school that is closed for good (撤销学校), with its keys and posts."""
    papers, school = papers_of(board), get_school(board, command.school_id)
    need_name(command.by)
    need_reason(command.reason)
    if any(each.school_id == school.school_id for each in papers.alarms.values()):
        raise Refused(
            "alarm_runs",
            f"{school.name} 有正在处置的报警，现场解除后方可撤销",
            f"an alarm of {school.name} runs; clear it on scene first",
        )
    events: list[Event] = []
    for key in papers.keys.values():
        if key.school_id == school.school_id:
            events += _retired_key(board, key, command.reason, command.by)
    for post in papers.posts.values():
        if post.school_id == school.school_id:
            events += _retired_post(board, post, command.reason, command.by)
    retired = SchoolRetired(school_id=school.school_id, reason=command.reason, by=command.by)
    return [*events, retired]


def add_key(board: Board, command: AddSchoolKey, _now_ms: int) -> list[Event]:
    """A key at a gate (登记报警键)."""
    _check_gate(get_school(board, command.school_id), command.gate_id)
    need_name(command.by)
    if command.key_id in papers_of(board).keys:
        raise Refused(
            "code_taken",
            f"报警键 {command.key_id} 已登记",
            f"there is a key {command.key_id} already",
        )
    return [
        SchoolKeyAdded(
            key_id=command.key_id,
            school_id=command.school_id,
            gate_id=command.gate_id,
            kind=command.kind,
            by=command.by,
        )
    ]


def retire_key(board: Board, command: RetireSchoolKey, _now_ms: int) -> list[Event]:
    """The key is gone (撤销报警键)."""
    key = get_key(board, command.key_id)
    need_name(command.by)
    need_reason(command.reason)
    return _retired_key(board, key, command.reason, command.by)


def schedule_test(board: Board, command: ScheduleKeyTest, now_ms: int) -> list[Event]:
    """When presses are tests (安排测试): ahead, and short."""
    need_name(command.by)
    for school_id in command.school_ids:
        get_school(board, school_id)
    if (
        not now_ms - TYPED_MS
        <= command.from_ms
        < command.until_ms
        <= command.from_ms + papers_of(board).terms.window_ms
    ):
        raise Refused(
            "bad_window",
            f"测试时段须在现在之后，且不超过 {papers_of(board).terms.window_h} 小时",
            f"a test window lies ahead and lasts {papers_of(board).terms.window_h} hours at most",
        )
    return [
        KeyTestScheduled(
            from_ms=command.from_ms,
            until_ms=command.until_ms,
            school_ids=command.school_ids,
            by=command.by,
        )
    ]


def set_calendar(board: Board, command: SetSchoolCalendar, _now_ms: int) -> list[Event]:
    """The term and its days (校历)."""
    need_name(command.by)
    days = [
        _read(each)
        for each in (
            *(command.first_day, command.last_day),
            *(*command.days_off, *command.days_worked),
        )
    ]
    if not 0 <= (days[1] - days[0]).days <= MAX_TERM_DAYS:
        raise Refused(
            "bad_term",
            "学期末日须在首日之后，且不超过 400 天",
            "the last day of the term follows the first, by 400 days at most",
        )
    names = [each.period for each in command.periods]
    ordered = [(each.begins, each.ends) for each in command.periods]
    flat = [clock for pair in ordered for clock in pair]
    if len(set(names)) < len(names) or flat != sorted(set(flat)):
        raise Refused(
            "bad_periods",
            "各时段须按先后排列，互不重叠",
            "the periods follow each other and do not overlap",
        )
    told = SchoolCalendarSet(
        first_day=command.first_day,
        last_day=command.last_day,
        days_off=command.days_off,
        days_worked=command.days_worked,
        periods=command.periods,
        by=command.by,
    )
    if _calendar(told) == papers_of(board).calendar:
        raise Refused("nothing_changed", "与现行校历相同", "this calendar holds already")
    return [told]


def add_post(board: Board, command: AddGuardPost, _now_ms: int) -> list[Event]:
    """A guard post (设护学岗), owned by a unit or a desk."""
    _check_gate(get_school(board, command.school_id), command.gate_id)
    need_name(command.by)
    if command.post_id in papers_of(board).posts:
        raise Refused(
            "code_taken",
            f"护学岗 {command.post_id} 已设",
            f"there is a guard post {command.post_id} already",
        )
    if command.owner_kind == "unit":
        get_unit(board, command.owner_id)
    elif command.owner_id not in board.reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {command.owner_id}",
            f"there is no desk {command.owner_id}",
        )
    return [
        GuardPostAdded(
            post_id=command.post_id,
            school_id=command.school_id,
            gate_id=command.gate_id,
            owner_kind=command.owner_kind,
            owner_id=command.owner_id,
            periods=command.periods,
            by=command.by,
        )
    ]


def retire_post(board: Board, command: RetireGuardPost, _now_ms: int) -> list[Event]:
    """The post is given up (撤护学岗)."""
    post = get_post(board, command.post_id)
    need_name(command.by)
    need_reason(command.reason)
    return _retired_post(board, post, command.reason, command.by)


def get_school(board: Board, school_id: str) -> School:
    """Return a school, or refuse: unknown_school."""
    if (school := papers_of(board).schools.get(school_id)) is None:
        raise Refused("unknown_school", f"没有学校 {school_id}", f"there is no school {school_id}")
    return school


def get_key(board: Board, key_id: str) -> SchoolKey:
    """Return a key, or refuse: unknown_key."""
    if (key := papers_of(board).keys.get(key_id)) is None:
        raise Refused("unknown_key", f"没有报警键 {key_id}", f"there is no key {key_id}")
    return key


def get_post(board: Board, post_id: str) -> GuardPost:
    """Return a guard post, or refuse: unknown_post."""
    if (post := papers_of(board).posts.get(post_id)) is None:
        raise Refused("unknown_post", f"没有护学岗 {post_id}", f"there is no guard post {post_id}")
    return post


def _calendar(told: SchoolCalendarSet) -> Calendar:
    return Calendar(
        first_day=told.first_day,
        last_day=told.last_day,
        days_off=told.days_off,
        days_worked=told.days_worked,
        periods=told.periods,
    )


def _check_gate(school: School, gate_id: str) -> None:
    if all(gate.gate_id != gate_id for gate in school.gates):
        raise Refused(
            "unknown_gate",
            f"{school.name} 没有校门 {gate_id}",
            f"{school.name} has no gate {gate_id}",
        )


def _retired_key(board: Board, key: SchoolKey, reason: str, by: str) -> list[Event]:
    retired = SchoolKeyRetired(key_id=key.key_id, reason=reason, by=by)
    if not key.item_id:
        return [retired]
    item = get_item(board, key.item_id, UNTESTED)
    return [close_item(UNTESTED, item, "retired", by=by), retired]


def _retired_post(board: Board, post: GuardPost, reason: str, by: str) -> list[Event]:
    retired = GuardPostRetired(post_id=post.post_id, reason=reason, by=by)
    if not post.item_id:
        return [retired]
    item = get_item(board, post.item_id, MISSED)
    return [close_item(MISSED, item, "retired", by=by), retired]


def _read(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("bad_date", f"没有日期 {text}", f"there is no date {text}") from None


def set_term(board: Board, command: SetSchoolTerm, _now_ms: int) -> list[Event]:
    """Another time (调整校园时限); what runs keeps the due time it has."""
    need_name(command.by)
    check_term(TERMS, command.name, command.value, getattr(papers_of(board).terms, command.name))
    return [SchoolTermSet(name=command.name, value=command.value, by=command.by)]


RULES: Final = Rules[Board](
    deciders={
        SetSchoolTerm: set_term,
        RegisterSchool: register_school,
        RetireSchool: retire_school,
        AddSchoolKey: add_key,
        RetireSchoolKey: retire_key,
        ScheduleKeyTest: schedule_test,
        SetSchoolCalendar: set_calendar,
        AddGuardPost: add_post,
        RetireGuardPost: retire_post,
    }
)
