from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaifan.city.calls import CallsError
from kuaifan.city.calls_flags import TIME_AMBIGUOUS, TIME_NONEXISTENT
from kuaifan.city.calls_time import get_clock, read_time

FORM = "%Y-%m-%d %H:%M:%S"
CHICAGO = get_clock(FORM, "America/Chicago")


def utc_ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1000


def test_a_winter_time_of_chicago_is_six_hours_behind_utc():
    assert read_time("2024-01-03 15:41:46", CHICAGO) == (utc_ms(2024, 1, 3, 21, 41, 46), None)


def test_an_hour_that_happened_twice_is_taken_the_first_time_and_flagged():
    at_ms, change = read_time("2024-11-03 01:30:00", CHICAGO)
    assert (at_ms, change) == (utc_ms(2024, 11, 3, 6, 30), TIME_AMBIGUOUS)


def test_an_hour_that_never_was_moves_on_with_the_clocks_and_is_flagged():
    at_ms, change = read_time("2024-03-10 02:30:00", CHICAGO)
    assert (at_ms, change) == (utc_ms(2024, 3, 10, 8, 30), TIME_NONEXISTENT)


def test_the_hours_beside_a_change_of_clocks_are_not_flagged():
    for text in ("2024-03-10 01:59:59", "2024-03-10 03:00:00", "2024-11-03 02:00:00"):
        assert read_time(text, CHICAGO)[1] is None


def test_an_offset_in_the_text_holds_without_a_zone():
    clock = get_clock("%Y-%m-%d %H:%M:%S%z", None)
    assert read_time("2024-01-01 08:00:00+0800", clock) == (utc_ms(2024, 1, 1), None)


def test_an_offset_in_iso_text_holds_against_the_zone():
    clock = get_clock("iso", "America/Chicago")
    assert read_time("2024-01-01T08:00:00.250+08:00", clock) == (utc_ms(2024, 1, 1) + 250, None)


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_milliseconds_of_the_epoch_come_through_unchanged(at_ms):
    assert read_time(str(at_ms), get_clock("epoch_ms", None)) == (at_ms, None)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", FORM),
        ("2024-13-01 00:00:00", FORM),
        ("yesterday", "iso"),
        ("1e999", "epoch_s"),
        ("nan", "epoch_s"),
        ("-1", "epoch_ms"),
        ("1869-01-01 00:00:00", FORM),
    ],
)
def test_a_time_that_does_not_read_says_so(text, form):
    with pytest.raises(ValueError, match="the time"):
        read_time(text, get_clock(form, "Asia/Shanghai"))


def test_a_format_without_offsets_needs_a_named_zone():
    with pytest.raises(CallsError, match="name the IANA zone"):
        get_clock(FORM, None)


@pytest.mark.parametrize("name", ["Asia/Huainan", "", "../etc/passwd", "CST8CDT7"])
def test_an_unknown_zone_is_named(name):
    with pytest.raises(CallsError, match="no IANA time zone"):
        get_clock(FORM, name)
