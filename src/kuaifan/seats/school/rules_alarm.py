"""Keys (报警键): a press is an incident at once, a test in its window, never cancelled from afar.

Within a test window one press is a test; a second one on the same key within a minute is none: who
is in danger presses again, and an alarm too many costs less than one that was taken for a test.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import close_item, get_item, open_item
from kuaifan.board.lookup import get_incident
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import EngineStarted, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary.incident import IncidentOpened, OpenIncident
from kuaifan.vocabulary.item import Owner
from kuaifan.work.intake import open_incident

from .calendar import month_begins_ms, next_month_ms
from .kinds import ALARM, SEAT_ID, UNTESTED
from .papers import School, SchoolAlarm, SchoolKey, SchoolPapers
from .rules_register import get_key, get_school, papers_of
from .words import (
    CheckKeyTests,
    ClearSchoolAlarm,
    KeyTestsChecked,
    PressSchoolKey,
    SchoolAlarmCleared,
    SchoolAlarmRaised,
    SchoolAlarmWatched,
    SchoolKeyPressedAgain,
    SchoolKeyTested,
    WatchSchoolAlarm,
)

TYPE_KEY: Final = "school_panic_alarm"
AGAIN_MS: Final = MINUTE_MS
TESTS_TIMER: Final = "school_tests"


def press(board: Board, command: PressSchoolKey, now_ms: int) -> list[Event]:
    """A key was pressed (按键): a test, an alarm, or again while the alarm runs."""
    papers, key = papers_of(board), get_key(board, command.key_id)
    school = get_school(board, key.school_id)
    running = _find_running(papers, school.school_id)
    if running is not None:
        return [
            SchoolKeyPressedAgain(
                incident_id=running.incident_id,
                school_id=school.school_id,
                gate_id=key.gate_id,
                key_id=key.key_id,
                audio=command.audio,
            )
        ]
    if is_test(papers, key, now_ms):
        return _tested(board, key)
    events = open_incident(board, _incident(board, school, key), now_ms)
    opened = next(each for each in events if isinstance(each, IncidentOpened))
    raised = SchoolAlarmRaised(
        incident_id=opened.incident_id,
        school_id=school.school_id,
        gate_id=key.gate_id,
        key_id=key.key_id,
        audio=command.audio,
    )
    return [*events, raised]


def watch(board: Board, command: WatchSchoolAlarm, now_ms: int) -> list[Event]:
    """Open until somebody has been on scene (跟办)."""
    alarm = papers_of(board).alarms.get(command.incident_id)
    if alarm is None or alarm.item_id:
        return []
    opened = open_item(
        board,
        ALARM,
        owner=Owner("seat", SEAT_ID),
        due_at_ms=now_ms + papers_of(board).terms.on_scene_ms,
        incident_id=command.incident_id,
        subject_id=command.incident_id,
    )
    return [
        opened,
        SchoolAlarmWatched(incident_id=command.incident_id, item_id=opened.item_id),
    ]


def clear(board: Board, command: ClearSchoolAlarm, _now_ms: int) -> list[Event]:
    """What it was (现场解除): nobody says so before somebody has been there."""
    alarm = papers_of(board).alarms.get(command.incident_id)
    if alarm is None:
        get_incident(board, command.incident_id)
        raise Refused(
            "no_school_alarm",
            f"警情 {command.incident_id} 不是待解除的校园报警",
            f"incident {command.incident_id} is no school alarm that runs",
        )
    need_name(command.by)
    need_reason(command.note)
    t4_ms, t7_ms = _stamps(board, alarm)
    if not t7_ms:
        raise Refused(
            "nobody_on_scene",
            f"校园报警 {command.incident_id} 尚无人到场，不得解除",
            f"nobody has been on scene of {command.incident_id} yet: it is not cleared from afar",
        )
    item = get_item(board, alarm.item_id, ALARM)
    return [
        close_item(ALARM, item, command.outcome, by=command.by, note=command.note),
        SchoolAlarmCleared(
            incident_id=command.incident_id,
            outcome=command.outcome,
            to_order_ms=t4_ms - alarm.pressed_at_ms if t4_ms else -1,
            to_scene_ms=t7_ms - alarm.pressed_at_ms,
            by=command.by,
        ),
    ]


def check_tests(board: Board, command: CheckKeyTests, now_ms: int) -> list[Event]:
    """The month is over (核对按键测试): keys that nobody tested are owed."""
    papers = papers_of(board)
    begins_ms = month_begins_ms(command.month)
    due_ms, month = next_month_ms(begins_ms + 9 * 3_600_000)
    if now_ms < due_ms or month != command.month:
        raise Refused("too_early", "该月尚未结束", "the month is not over")
    keys = [key for key in papers.keys.values() if key.added_at_ms < due_ms - DAY_MS]
    owed = [key for key in keys if key.tested_at_ms < begins_ms]
    opened = {
        key.key_id: open_item(
            board,
            UNTESTED,
            owner=Owner("seat", SEAT_ID),
            due_at_ms=now_ms + papers.terms.test_due_ms,
            subject_id=key.key_id,
            nth=nth,
        )
        for nth, key in enumerate((key for key in owed if not key.item_id), 1)
    }
    return [
        *opened.values(),
        KeyTestsChecked(
            month=command.month,
            n_keys=len(keys),
            n_tested=len(keys) - len(owed),
            opened={key_id: event.item_id for key_id, event in opened.items()},
        ),
    ]


def is_test(papers: SchoolPapers, key: SchoolKey, now_ms: int) -> bool:
    """Whether a press is a test: in a window, and not the second one within a minute."""
    if key.pressed_at_ms and now_ms - key.pressed_at_ms <= AGAIN_MS:
        return False
    return any(
        window.from_ms <= now_ms < window.until_ms
        and (not window.school_ids or key.school_id in window.school_ids)
        for window in papers.windows
    )


def on_raised(_board: Board, event: SchoolAlarmRaised, _now_ms: int) -> list[Follow]:
    """Somebody owes what it was."""
    return [WatchSchoolAlarm(incident_id=event.incident_id)]


def on_started(_board: Board, _event: EngineStarted, now_ms: int) -> list[Follow]:
    """The first of the next month."""
    return [_next(now_ms)]


def on_checked(_board: Board, _event: KeyTestsChecked, now_ms: int) -> list[Follow]:
    """And of the one after it."""
    return [_next(now_ms)]


def _next(now_ms: int) -> SetTimer:
    due_ms, month = next_month_ms(now_ms)
    return SetTimer(TESTS_TIMER, due_ms, CheckKeyTests(month=month))


def _find_running(papers: SchoolPapers, school_id: str) -> SchoolAlarm | None:
    found = (each for each in papers.alarms.values() if each.school_id == school_id)
    return next(found, None)


def _tested(board: Board, key: SchoolKey) -> list[Event]:
    tested = SchoolKeyTested(key_id=key.key_id, school_id=key.school_id)
    if not key.item_id:
        return [tested]
    item = get_item(board, key.item_id, UNTESTED)
    return [close_item(UNTESTED, item, "tested", by=key.key_id), tested]


def _incident(board: Board, school: School, key: SchoolKey) -> OpenIncident:
    gate = next((each for each in school.gates if each.gate_id == key.gate_id), school.gates[0])
    rooms = "；".join(f"{each.place} {each.phone}" for each in school.contacts)
    return OpenIncident(
        type_code=board.reference.types_by_key[TYPE_KEY].code,
        source="one_key",
        narrative=f"{school.name} {gate.name} 一键报警。预案：{school.plan} 联系：{rooms}",
        address=f"{school.name} {gate.name}",
        lat=gate.lat,
        lon=gate.lon,
    )


def _stamps(board: Board, alarm: SchoolAlarm) -> tuple[int, int]:
    """First order and first arrival, of the incident or of the one it lives on in."""
    incident = get_incident(board, alarm.incident_id)
    ids = list(incident.order_ids)
    if incident.merged_into in board.incidents:
        ids += board.incidents[incident.merged_into].order_ids
    found = [board.orders[each] for each in ids]
    t4_ms = min((order.t4_ms for order in found), default=0)
    return t4_ms, min((order.t7_ms for order in found if order.t7_ms), default=0)


RULES: Final = Rules[Board](
    deciders={
        PressSchoolKey: press,
        WatchSchoolAlarm: watch,
        ClearSchoolAlarm: clear,
        CheckKeyTests: check_tests,
    },
    reactions={
        EngineStarted: [on_started],
        SchoolAlarmRaised: [on_raised],
        KeyTestsChecked: [on_checked],
    },
)
