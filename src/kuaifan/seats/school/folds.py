"""How the seat's events change what it keeps (校园归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from kuaifan.board.day_tally import start_of_day
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event

from . import words
from .calendar import month_begins_ms
from .papers import Calendar, GuardPost, School, SchoolAlarm, SchoolKey, TestWindow
from .rules_register import papers_of

IN_TIME_MS: Final = 10_000
"""From the press to the first order (domain, row 42)."""


def registered(board: Board, event: words.SchoolRegistered, _at_ms: int) -> None:
    """As it says."""
    papers_of(board).schools[event.school_id] = School(
        school_id=event.school_id,
        name=event.name,
        kind=event.kind,
        gates=event.gates,
        plan=event.plan,
        contacts=event.contacts,
    )


def school_retired(board: Board, event: words.SchoolRetired, _at_ms: int) -> None:
    """Gone."""
    del papers_of(board).schools[event.school_id]


def key_added(board: Board, event: words.SchoolKeyAdded, at_ms: int) -> None:
    """There from now on."""
    papers_of(board).keys[event.key_id] = SchoolKey(
        key_id=event.key_id,
        school_id=event.school_id,
        gate_id=event.gate_id,
        kind=event.kind,
        added_at_ms=at_ms,
    )


def key_retired(board: Board, event: words.SchoolKeyRetired, _at_ms: int) -> None:
    """Gone."""
    del papers_of(board).keys[event.key_id]


def window_set(board: Board, event: words.KeyTestScheduled, at_ms: int) -> None:
    """A window more; those that are over leave."""
    papers = papers_of(board)
    papers.windows = [each for each in papers.windows if each.until_ms > at_ms]
    papers.windows.append(
        TestWindow(from_ms=event.from_ms, until_ms=event.until_ms, school_ids=event.school_ids)
    )


def tested(board: Board, event: words.SchoolKeyTested, at_ms: int) -> None:
    """It works."""
    papers = papers_of(board)
    key = papers.keys[event.key_id]
    key.tested_at_ms = key.pressed_at_ms = at_ms
    key.item_id = ""
    papers.tally.add(at_ms, "tests")


def raised(board: Board, event: words.SchoolAlarmRaised, at_ms: int) -> None:
    """An alarm runs; a key that raised it works."""
    papers = papers_of(board)
    papers.alarms[event.incident_id] = SchoolAlarm(
        incident_id=event.incident_id,
        school_id=event.school_id,
        gate_id=event.gate_id,
        pressed_at_ms=at_ms,
        audio=event.audio,
    )
    papers.keys[event.key_id].pressed_at_ms = at_ms
    papers.tally.add(at_ms, "alarms")


def pressed_again(board: Board, event: words.SchoolKeyPressedAgain, at_ms: int) -> None:
    """Once more, and perhaps elsewhere."""
    papers = papers_of(board)
    alarm = papers.alarms[event.incident_id]
    alarm.n_presses += 1
    alarm.audio = event.audio or alarm.audio
    papers.keys[event.key_id].pressed_at_ms = at_ms


def watched(board: Board, event: words.SchoolAlarmWatched, _at_ms: int) -> None:
    """Somebody owes it."""
    papers_of(board).alarms[event.incident_id].item_id = event.item_id


def cleared(board: Board, event: words.SchoolAlarmCleared, _at_ms: int) -> None:
    """Over; counted for the day of the press."""
    papers = papers_of(board)
    alarm = papers.alarms.pop(event.incident_id)
    papers.tally.add(alarm.pressed_at_ms, "cleared")
    papers.tally.add(alarm.pressed_at_ms, f"cleared_{event.outcome}")
    papers.tally.add(
        alarm.pressed_at_ms, "ordered_in_time", int(0 <= event.to_order_ms <= IN_TIME_MS)
    )


def tests_checked(board: Board, event: words.KeyTestsChecked, _at_ms: int) -> None:
    """A month on paper, counted on its first day."""
    papers = papers_of(board)
    for key_id, item_id in event.opened.items():
        papers.keys[key_id].item_id = item_id
    begins_ms = month_begins_ms(event.month)
    papers.tally.add(begins_ms, "keys_due", event.n_keys)
    papers.tally.add(begins_ms, "keys_tested", event.n_tested)


def calendar_set(board: Board, event: words.SchoolCalendarSet, _at_ms: int) -> None:
    """Another one."""
    papers_of(board).calendar = Calendar(
        first_day=event.first_day,
        last_day=event.last_day,
        days_off=event.days_off,
        days_worked=event.days_worked,
        periods=event.periods,
    )


def post_added(board: Board, event: words.GuardPostAdded, _at_ms: int) -> None:
    """Manned from now on."""
    papers_of(board).posts[event.post_id] = GuardPost(
        post_id=event.post_id,
        school_id=event.school_id,
        gate_id=event.gate_id,
        owner_kind=event.owner_kind,
        owner_id=event.owner_id,
        periods=event.periods,
    )


def post_retired(board: Board, event: words.GuardPostRetired, _at_ms: int) -> None:
    """Given up."""
    del papers_of(board).posts[event.post_id]


def checked_in(board: Board, event: words.GuardCheckedIn, _at_ms: int) -> None:
    """Somebody is there; what was owed was closed in the same breath."""
    papers = papers_of(board)
    post = papers.posts[event.post_id]
    post.done = (*post.done, event.period) if post.day == event.day else (event.period,)
    post.day, post.item_id = event.day, ""
    papers.tally.add(start_of_day(event.day), "guards_late", int(event.is_late))


def checked(board: Board, event: words.GuardsChecked, _at_ms: int) -> None:
    """A period on paper; a post that is asked about is not asked again that day."""
    papers = papers_of(board)
    for post_id, item_id in event.opened.items():
        post = papers.posts[post_id]
        post.item_id, post.missed_day = item_id, event.day
    papers.last_check = f"{event.day} {event.period}"
    day_ms = start_of_day(event.day)
    papers.tally.add(day_ms, "guards_due", event.n_due)
    papers.tally.add(day_ms, "guards_present", event.n_present)


def excused(board: Board, event: words.GuardExcused, _at_ms: int) -> None:
    """Nothing is owed; the day's attendance stays what it was."""
    post = papers_of(board).posts.get(event.post_id)
    if post is not None and post.item_id == event.item_id:
        post.item_id = ""


def term_set(board: Board, event: words.SchoolTermSet, _at_ms: int) -> None:
    """Another number is in force."""
    papers = papers_of(board)
    papers.terms = msgspec.structs.replace(papers.terms, **{event.name: event.value})


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    words.SchoolRegistered: registered,
    words.SchoolRetired: school_retired,
    words.SchoolKeyAdded: key_added,
    words.SchoolKeyRetired: key_retired,
    words.KeyTestScheduled: window_set,
    words.SchoolKeyTested: tested,
    words.SchoolAlarmRaised: raised,
    words.SchoolKeyPressedAgain: pressed_again,
    words.SchoolAlarmWatched: watched,
    words.SchoolAlarmCleared: cleared,
    words.KeyTestsChecked: tests_checked,
    words.SchoolCalendarSet: calendar_set,
    words.GuardPostAdded: post_added,
    words.GuardPostRetired: post_retired,
    words.GuardCheckedIn: checked_in,
    words.GuardsChecked: checked,
    words.GuardExcused: excused,
    words.SchoolTermSet: term_set,
}
