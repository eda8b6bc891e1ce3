"""One row of a source read by its mapping: a call, a row that is no call, or a bad row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kuaifan.city import calls_flags as flag
from kuaifan.city.calls import CallsError
from kuaifan.city.calls_time import read_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kuaifan.city.calls_mapping import CallMapping, Target
    from kuaifan.city.calls_source import SourceRow

MAX_ID_CHARS = 64
MAX_ZONE_CHARS = 64
SERVICE_UNIT_MS = {"ms": 1, "s": 1_000, "min": 60_000}
TIME_UNREADABLE, CODE_UNREADABLE = "time_unreadable", "code_unreadable"


@dataclass(slots=True)
class Draft:
    """A call on its way in; lat and lon are None until it is placed. zones: finest first."""

    line: int
    at_ms: int
    code: str
    target: Target
    call_id: str
    zones: tuple[str, ...]
    flags: list[str]
    lat: float | None = None
    lon: float | None = None
    service_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row that is no call, by the mapping's own reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be a call: its time or its code does not read."""

    line: int
    kind: str
    reason: str
    time_text: str
    code_text: str


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows by the column numbers of one source; the numbers are -1 where not mapped."""

    mapping: CallMapping
    time_is: tuple[int, ...]
    zone_is: tuple[int, ...]
    code_i: int
    suffix_i: int
    lat_i: int
    lon_i: int
    id_i: int
    service_i: int

    def read(self, row: SourceRow) -> Draft | Ignored | Bad:
        """Read one row; only an unreadable time or code makes it bad."""
        cells = row.cells
        time_text = " ".join(cells[i].strip() for i in self.time_is).strip()
        code, suffix = cells[self.code_i].strip(), _cell(cells, self.suffix_i)
        try:
            at_ms, time_flag = read_time(time_text, self.mapping.clock)
            _check_code(code)
        except _CodeError as error:
            return _bad(row.line, CODE_UNREADABLE, error, (time_text, code))
        except ValueError as error:
            return _bad(row.line, TIME_UNREADABLE, error, (time_text, code))
        reason = self.mapping.find_ignored(code, suffix)
        if reason is not None:
            return Ignored(reason)
        target = self.mapping.find_target(code, suffix)
        draft = Draft(
            line=row.line,
            at_ms=at_ms,
            code=code,
            target=target or self.mapping.default,
            call_id=clean(_cell(cells, self.id_i)),
            zones=tuple(clean(cells[i].strip())[:MAX_ZONE_CHARS] for i in self.zone_is),
            flags=list(row.flags),
        )
        if time_flag:
            draft.flags.append(time_flag)
        if target is None:
            draft.flags.append(flag.CODE_UNMAPPED)
        self._read_position(draft, cells)
        self._read_service(draft, cells)
        return draft

    def _read_position(self, draft: Draft, cells: Sequence[str]) -> None:
        lat_text, lon_text = _cell(cells, self.lat_i), _cell(cells, self.lon_i)
        if not lat_text and not lon_text:
            draft.flags.append(flag.POSITION_MISSING)
            return
        try:
            lat, lon = float(lat_text), float(lon_text)
        except ValueError:
            lat = lon = math.nan
        if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - the degrees of the globe
            draft.flags.append(flag.POSITION_UNREADABLE)
        elif lat == 0 and lon == 0:
            draft.flags.append(flag.POSITION_ZERO)
        else:
            draft.lat, draft.lon = lat, lon

    def _read_service(self, draft: Draft, cells: Sequence[str]) -> None:
        text = _cell(cells, self.service_i)
        if not text:
            return
        try:
            service_ms = round(float(text) * SERVICE_UNIT_MS[self.mapping.rule.service_unit])
        except (ValueError, OverflowError):
            service_ms = -1
        if service_ms < 0:
            draft.flags.append(flag.SERVICE_UNREADABLE)
        else:
            draft.service_ms = service_ms


def get_row_reader(mapping: CallMapping, columns: tuple[str, ...], path: Path) -> RowReader:
    """Find the mapped columns; raises `CallsError` naming the one missing and those present."""

    def number(name: str | None) -> int:
        if name is None:
            return -1
        if columns.count(name) != 1:
            how = "twice" if name in columns else "not at all"
            raise CallsError(
                f'{path} has the column "{name}" {how}; {mapping.file_name} names it, and the '
                f"columns there are: {', '.join(columns)}"
            )
        return columns.index(name)

    rule = mapping.rule.columns
    if (rule.lat is None) != (rule.lon is None):
        raise CallsError(f"{mapping.file_name} maps only one of columns.lat and columns.lon")
    return RowReader(
        mapping=mapping,
        time_is=tuple(number(name) for name in _names(rule.time)),
        zone_is=tuple(number(name) for name in _names(rule.zone)),
        code_i=number(rule.code),
        suffix_i=number(rule.suffix),
        lat_i=number(rule.lat),
        lon_i=number(rule.lon),
        id_i=number(rule.call_id),
        service_i=number(rule.service),
    )


def clean(text: str) -> str:
    """The text with bytes that never decoded shown as the replacement character."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class _CodeError(ValueError):
    """The code of a row does not read."""


def _check_code(code: str) -> None:
    if not code:
        raise _CodeError("the code is empty")
    if clean(code) != code:
        raise _CodeError("the code is not in the stated encoding")


def _bad(line: int, kind: str, error: ValueError, texts: tuple[str, str]) -> Bad:
    return Bad(line, kind, clean(str(error)), clean(texts[0]), clean(texts[1]))


def _cell(cells: Sequence[str], column_i: int) -> str:
    return cells[column_i].strip() if column_i >= 0 else ""


def _names(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given
