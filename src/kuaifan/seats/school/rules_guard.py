"""Guard posts (护学岗): manned on school days, looked for once a period, by one timer for all."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import date_of
from kuaifan.board.items import close_item, get_item, open_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, EngineStarted, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary.item import Owner

from .calendar import (
    begins_at_ms,
    find_next_check,
    find_period,
    is_school_day,
    times_of,
)
from .kinds import MISSED
from .papers import GuardPost
from .rules_register import get_post, papers_of
from .words import (
    CheckGuards,
    CheckInGuard,
    ExcuseGuard,
    GuardCheckedIn,
    GuardExcused,
    GuardsChecked,
    SchoolCalendarSet,
    SchoolTermSet,
)

TIMER: Final = "school_guard"


def check_in(board: Board, command: CheckInGuard, now_ms: int) -> list[Event]:
    """Somebody is there (签到), in a period of the post on a school day; once."""
    post, papers = get_post(board, command.post_id), papers_of(board)
    need_name(command.by)
    found = find_period(papers, now_ms)
    if found is None or found[1].period not in post.periods:
        raise Refused(
            "no_period_now",
            f"护学岗 {post.post_id} 现在不在护学时段",
            f"guard post {post.post_id} is not manned at this hour",
        )
    day, times = found
    if not is_school_day(papers.calendar, day):
        raise Refused(
            "no_school_today",
            f"{date_of(day)} 不是上课日，护学岗 {post.post_id} 无须签到；如有课，须先改校历",
            f"there is no school on {date_of(day)}: guard post {post.post_id} needs nobody; "
            "if there is, change the school calendar first",
        )
    if is_present(post, day, times.period):
        raise Refused(
            "checked_in_already",
            f"护学岗 {post.post_id} 本时段已签到",
            f"guard post {post.post_id} is manned already",
        )
    checked = GuardCheckedIn(
        post_id=post.post_id,
        day=day,
        period=times.period,
        n_officers=command.n_officers,
        is_late=now_ms >= begins_at_ms(times, day) + papers.terms.grace_ms,
        by=command.by,
    )
    if not post.item_id:
        return [checked]
    item = get_item(board, post.item_id, MISSED)
    return [close_item(MISSED, item, "late", by=command.by), checked]


def excuse(board: Board, command: ExcuseGuard, _now_ms: int) -> list[Event]:
    """Why nobody was there (缺岗说明)."""
    item = get_item(board, command.item_id, MISSED)
    need_name(command.by)
    need_reason(command.reason)
    return [
        close_item(MISSED, item, "excused", by=command.by, note=command.reason),
        GuardExcused(
            post_id=item.subject_id,
            item_id=item.item_id,
            reason=command.reason,
            by=command.by,
        ),
    ]


def check(board: Board, command: CheckGuards, now_ms: int) -> list[Event]:
    """Who is not there (核对护学岗): each post is asked about once a day at most."""
    papers, day = papers_of(board), command.day
    times = next((t for t in times_of(papers.calendar) if t.period == command.period), None)
    if times is None or not is_school_day(papers.calendar, day):
        return []
    if now_ms < begins_at_ms(times, day) + papers.terms.grace_ms:
        raise Refused("too_early", "该时段尚未到核对时间", "this period has not come yet")
    due = [post for post in papers.posts.values() if command.period in post.periods]
    missing = [post for post in due if not is_present(post, day, command.period)]
    asked = [post for post in missing if post.missed_day != day]
    opened = {
        post.post_id: open_item(
            board,
            MISSED,
            owner=Owner(post.owner_kind, post.owner_id),
            due_at_ms=now_ms,
            subject_id=post.post_id,
            nth=nth,
        )
        for nth, post in enumerate(asked, 1)
    }
    return [
        *opened.values(),
        GuardsChecked(
            day=day,
            period=command.period,
            n_due=len(due),
            n_present=len(due) - len(missing),
            opened={post_id: event.item_id for post_id, event in opened.items()},
        ),
    ]


def is_present(post: GuardPost, day: int, period: str) -> bool:
    """Whether somebody checked in at a post in a period of a day."""
    return post.day == day and period in post.done


def on_started(board: Board, _event: EngineStarted, now_ms: int) -> list[Follow]:
    """The next period."""
    return _next(board, now_ms)


def on_calendar(
    board: Board, _event: SchoolCalendarSet | SchoolTermSet, now_ms: int
) -> list[Follow]:
    """Another next period."""
    return _next(board, now_ms) or [CancelTimer(TIMER)]


def on_checked(board: Board, _event: GuardsChecked, now_ms: int) -> list[Follow]:
    """The one after it."""
    return _next(board, now_ms)


def _next(board: Board, now_ms: int) -> list[Follow]:
    found = find_next_check(papers_of(board), now_ms)
    if found is None:
        return []
    at_ms, day, period = found
    return [SetTimer(TIMER, at_ms, CheckGuards(day=day, period=period))]


RULES: Final = Rules[Board](
    deciders={CheckInGuard: check_in, ExcuseGuard: excuse, CheckGuards: check},
    reactions={
        EngineStarted: [on_started],
        SchoolCalendarSet: [on_calendar],
        SchoolTermSet: [on_calendar],
        GuardsChecked: [on_checked],
    },
)
