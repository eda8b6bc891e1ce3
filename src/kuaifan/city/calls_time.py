"""Local times of a source to UTC milliseconds, with the two odd hours of a year named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kuaifan.city.calls import CallsError
from kuaifan.city.calls_flags import TIME_AMBIGUOUS, TIME_NONEXISTENT

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ISO, EPOCH_S, EPOCH_MS = "iso", "epoch_s", "epoch_ms"
# A call before 1970 or after 2199 is a slip of the pen, not a call.
LAST_AT_MS = 7_258_118_400_000


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source writes its times: a `strptime` format, or "iso", "epoch_s", "epoch_ms".

    zone: the IANA zone of times that carry no offset; None where each carries its own.
    """

    form: str
    zone: ZoneInfo | None


def get_clock(form: str, zone_name: str | None) -> Clock:
    """The clock of a mapping; raises `CallsError` where the zone is missing or unknown."""
    if zone_name is None:
        if "%z" in form or form in {EPOCH_S, EPOCH_MS}:
            return Clock(form, None)
        raise CallsError(
            'time.zone is missing: name the IANA zone of the times, such as "Asia/Shanghai"; only '
            "a format with %z, epoch_s or epoch_ms goes without"
        )
    try:
        return Clock(form, ZoneInfo(zone_name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CallsError(
            f'time.zone "{zone_name}" is no IANA time zone; write one such as "America/Chicago"'
        ) from error


def read_time(text: str, clock: Clock) -> tuple[int, str | None]:
    """UTC milliseconds of a written time, and a flag where the clocks were being changed.

    Raises ValueError with the reason. An hour that happened twice is taken the first time; an
    hour that never was is read by the offset in force before it (PEP 495, fold=0).
    """
    if not text:
        raise ValueError("the time is empty")
    if clock.form in {EPOCH_S, EPOCH_MS}:
        return _within(_read_epoch(text, clock.form)), None
    try:
        at = _parse(text, clock.form)
    except ValueError as error:
        raise ValueError(f"the time {text[:40]!r} does not read as {clock.form}") from error
    if at.tzinfo is not None:
        return _within((at - EPOCH) // MILLISECOND), None
    if clock.zone is None:
        raise ValueError(f"the time {text[:40]!r} carries no offset and no zone is named")
    local = at.replace(tzinfo=clock.zone)
    return _within((local - EPOCH) // MILLISECOND), _find_clock_change(local)


def _read_epoch(text: str, form: str) -> int:
    try:
        number = float(text) if form == EPOCH_S else int(text)
        return round(number * 1000) if form == EPOCH_S else int(number)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"the time {text[:40]!r} does not read as {form}") from error


def _parse(text: str, form: str) -> datetime:
    return datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put on by the caller, who must see whether the text carried one


def _within(at_ms: int) -> int:
    if 0 <= at_ms < LAST_AT_MS:
        return at_ms
    raise ValueError("the time lies before 1970 or after 2199")


def _find_clock_change(local: datetime) -> str | None:
    first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
    if first is None or second is None or first == second:
        return None
    return TIME_AMBIGUOUS if first > second else TIME_NONEXISTENT
