"""School days and periods (校历推算): which days have school, and when posts are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from kuaifan.board.day_tally import CITY_OFFSET_MS, date_of, day_of, start_of_day
from kuaifan.board.reference import MINUTE_MS

from .papers import Calendar, SchoolPapers
from .words import Period, PeriodTimes

USUAL_PERIODS: Final = (
    PeriodTimes("morning", "07:00", "08:20"),
    PeriodTimes("noon_out", "11:20", "12:20"),
    PeriodTimes("noon_in", "13:30", "14:30"),
    PeriodTimes("afternoon", "16:10", "18:00"),
)
"""[U]; a city sets its own with the calendar."""
WEEKEND: Final = 5
MAX_AHEAD: Final = 400
"""Days looked ahead for the next school day."""


def is_school_day(calendar: Calendar, day: int) -> bool:
    """Whether there is school: in the term, on a weekday that is not off, or on a day worked."""
    date = date_of(day)
    if not (calendar.first_day <= date <= calendar.last_day and calendar.first_day):
        return False
    if date in calendar.days_worked:
        return True
    # 1970-01-01 was a Thursday.
    return (day + 3) % 7 < WEEKEND and date not in calendar.days_off


def times_of(calendar: Calendar) -> tuple[PeriodTimes, ...]:
    """The periods in their order."""
    return calendar.periods or USUAL_PERIODS


def begins_at_ms(times: PeriodTimes, day: int) -> int:
    """When a period begins on a day."""
    return start_of_day(day) + _ms(times.begins)


def ends_at_ms(times: PeriodTimes, day: int) -> int:
    """When it ends."""
    return start_of_day(day) + _ms(times.ends)


def find_period(papers: SchoolPapers, now_ms: int) -> tuple[int, PeriodTimes] | None:
    """The day and period that a guard checks in for now, None outside of all."""
    day = day_of(now_ms)
    for times in times_of(papers.calendar):
        if begins_at_ms(times, day) - papers.terms.early_ms <= now_ms <= ends_at_ms(times, day):
            return day, times
    return None


def find_next_check(papers: SchoolPapers, now_ms: int) -> tuple[int, int, Period] | None:
    """Instant, day and period of the next check after now, None where no school is in sight.

    A period that was looked at is not looked at again, whatever terms or calendar say since.
    """
    ahead = (each for each in _list_checks(papers, now_ms) if each[0] > now_ms)
    return next((each for each in ahead if f"{each[1]} {each[2]}" != papers.last_check), None)


def next_month_ms(now_ms: int) -> tuple[int, str]:
    """When the month is over, nine in the morning of the first, and which month that was."""
    local = datetime.fromtimestamp((now_ms + CITY_OFFSET_MS) / 1_000, UTC)
    first = local.replace(day=1, hour=9, minute=0, second=0, microsecond=0)
    if local >= first:
        first = (first + timedelta(days=32)).replace(day=1)
    month = (first - timedelta(days=1)).strftime("%Y-%m")
    return round(first.timestamp() * 1_000) - CITY_OFFSET_MS, month


def month_begins_ms(month: str) -> int:
    """When a month such as 2026-09 begins, local."""
    year, number = (int(part) for part in month.split("-"))
    return round(datetime(year, number, 1, tzinfo=UTC).timestamp() * 1_000) - CITY_OFFSET_MS


def _list_checks(papers: SchoolPapers, now_ms: int) -> Iterator[tuple[int, int, Period]]:
    first, calendar = day_of(now_ms), papers.calendar
    for day in range(first, first + MAX_AHEAD):
        if is_school_day(calendar, day):
            for times in times_of(calendar):
                yield begins_at_ms(times, day) + papers.terms.grace_ms, day, times.period


@lru_cache(maxsize=256)
def _ms(clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    return (hour * 60 + minute) * MINUTE_MS
