"""Working days: weekends, the State Council's notices, and what a seat's terms name beside them."""

from datetime import date

import pytest

from kuaifan.board.day_tally import start_of_day
from kuaifan.board.working_days import NOTICES, WorkingDays, read_days
from kuaifan.city.holidays import read_holidays
from kuaifan.kernel.errors import BadInputError

HOUR_MS = 3_600_000


def number(text):
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def noon(text):
    return start_of_day(number(text)) + 12 * HOUR_MS


def over(text):
    return start_of_day(number(text) + 1)


@pytest.mark.parametrize(
    ("failed", "due"),
    [
        # A Wednesday: the seventh working day after it is the Friday of the week after.
        ("2026-11-18", "2026-11-27"),
        # On a Saturday the first day that counts is Monday.
        ("2026-11-21", "2026-12-01"),
        # Over the National Day: off until the 7th, and Saturday the 10th is worked instead.
        ("2026-09-29", "2026-10-14"),
    ],
)
def test_seven_working_days_end_with_the_seventh_after(failed, due):
    assert WorkingDays().end_after(noon(failed), 7) == over(due)


def test_no_working_days_end_with_the_same_day():
    assert WorkingDays().end_after(noon("2026-11-18"), 0) == over("2026-11-18")


def test_days_named_beside_the_notices_hold():
    own = WorkingDays(off=read_days("2026-11-19，2026-11-20"), on=read_days("2026-11-21"))
    assert own.end_after(noon("2026-11-18"), 1) == over("2026-11-21")
    assert own.is_worked(number("2026-11-23"))
    assert not own.is_worked(number("2026-11-22"))


def test_the_notices_are_those_that_demand_is_learned_by():
    told = read_holidays(None, "Asia/Shanghai")
    for day, kind in told.items():
        assert WorkingDays().is_worked(number(day.isoformat())) == (kind == "workday"), day
    n_off = sum(1 for kind in told.values() if kind == "holiday")
    n_on = sum(1 for kind in told.values() if kind == "workday")
    rows = [line.split() for line in NOTICES.splitlines()]
    assert n_on == sum(len(days) for kind, *days in rows if kind == "on")
    spans = ((number(days[1]) - number(days[0]) + 1) for kind, *days in rows if kind == "off")
    assert n_off == sum(spans)


def test_what_is_no_day_is_said():
    with pytest.raises(BadInputError, match="write each as"):
        read_days("2026-13-01")
