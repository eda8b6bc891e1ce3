"""Working days (工作日): what a term that the law counts in working days runs until.

Monday to Friday, as moved by the yearly notices of the State Council (国务院办公厅放假通知), and
then by the days that a seat's terms name: a seat learns of a new notice by a logged command, so
that a replay counts the days as they were counted then.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

import msgspec

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Refused

NOTICES: Final = """\
off 2024-01-01 2024-01-01
off 2024-02-10 2024-02-17
off 2024-04-04 2024-04-06
off 2024-05-01 2024-05-05
off 2024-06-08 2024-06-10
off 2024-09-15 2024-09-17
off 2024-10-01 2024-10-07
on 2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
off 2025-01-01 2025-01-01
off 2025-01-28 2025-02-04
off 2025-04-04 2025-04-06
off 2025-05-01 2025-05-05
off 2025-05-31 2025-06-02
off 2025-10-01 2025-10-08
on 2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
off 2026-01-01 2026-01-03
off 2026-02-15 2026-02-23
off 2026-04-04 2026-04-06
off 2026-05-01 2026-05-05
off 2026-06-19 2026-06-21
off 2026-09-25 2026-09-27
off 2026-10-01 2026-10-07
on 2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""
"""off: first and last day without work; on: weekend days worked instead."""
FIRST_ORDINAL: Final = date(1970, 1, 1).toordinal()
N_WORKED_WEEKDAYS: Final = 5
MAX_DAYS: Final = 400
"""No term of the house is longer; nor does a year of notices name more days."""


class WorkingDays(msgspec.Struct, frozen=True):
    """A calendar (工作日历): days named beside the notices, by their numbers; the later one holds.

    off: not worked; on: worked, whatever a notice or the weekday says.
    """

    off: tuple[int, ...] = ()
    on: tuple[int, ...] = ()

    def is_worked(self, day: int) -> bool:
        """Whether a day of the city's clock, by its number, is a working day."""
        if day in self.on or day in self.off:
            return day in self.on
        told = _notices().get(day)
        return (day + 3) % 7 < N_WORKED_WEEKDAYS if told is None else told

    def end_after(self, at_ms: int, n_days: int) -> int:
        """When the n-th working day after that of an instant is over, in ms; its own counts not."""
        day, left = day_of(at_ms), n_days
        for _ in range(MAX_DAYS):
            if left <= 0:
                break
            day += 1
            left -= self.is_worked(day)
        return start_of_day(day + 1)


def read_days(text: str) -> tuple[int, ...]:
    """Numbers of the days named in a text, as 2027-02-05 2027-02-08; raises BadInputError."""
    words = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
    if len(words) > MAX_DAYS:
        raise BadInputError(f"{len(words)} days are named; {MAX_DAYS} are taken at once")
    try:
        return tuple(sorted({_number(word) for word in words}))
    except ValueError:
        raise BadInputError(
            f"{text!r} does not name days: write each as 2027-02-05, with a space between"
        ) from None


def with_days(was: WorkingDays, *, off: str | None, on: str | None) -> WorkingDays:
    """A calendar with other days named (改记工作日); None: as before. Refuses: bad_days."""
    try:
        days_off = was.off if off is None else read_days(off)
        days_on = was.on if on is None else read_days(on)
    except BadInputError as error:
        raise Refused("bad_days", "日期须写作 2027-02-05，以空格分隔", str(error)) from None
    if both := set(days_off) & set(days_on):
        raise Refused(
            "bad_days",
            f"有 {len(both)} 天既记为休息又记为上班",
            f"{len(both)} days are named both as off and as worked",
        )
    return WorkingDays(days_off, days_on)


@cache
def _notices() -> dict[int, bool]:
    """Whether it is worked, of each day of which a notice says something."""
    days: dict[int, bool] = {}
    for line in NOTICES.splitlines():
        kind, *named = line.split()
        if kind == "on":
            days.update({_number(each): True for each in named})
        else:
            first, last = map(_number, named)
            days.update(dict.fromkeys(range(first, last + 1), False))
    return days


def _number(text: str) -> int:
    return date.fromisoformat(text).toordinal() - FIRST_ORDINAL
