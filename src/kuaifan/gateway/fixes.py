"""Raw positions onto the roads (定位上路): matched here, so that an input is settled.

An engine that matched by itself would have to remember every unit's trace in its log. So a batch
carries the arcs that were found and what is in doubt; a replay reads the same batch and decides
the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from kuaifan.geo.points import distance_m
from kuaifan.roads.matching import NO_TRACE, Fix, Matched, Matcher, Trace
from kuaifan.vocabulary.position import MARKS, FixMark, PositionReport
from kuaifan.vocabulary.unit import FixBatch

MAX_AHEAD_MS: Final = 5_000
"""As on the board: a fix further in the future comes from a wrong clock."""
MAX_ACCURACY_M: Final = 100.0
"""A phone that says it may be further off knows only the radio mast; streets lie closer."""
MAX_SPEED_GAP_MS: Final = 60_000
"""Over a longer gap the beeline says nothing of how fast a unit is going now."""
MAX_SPEED_MPS: Final = 100.0
N_REMEMBERED: Final = 256
"""So many instants of a unit are known again when a device sends them a second time."""
MS_PER_S: Final = 1000

Answer = FixMark | Literal["known", "unknown_unit"]
"""What became of a report: its mark, or that it was taken before, or that no unit has the name."""


class Marker(NamedTuple):
    """Where the board has a unit (标位); at_ms 0 where it has had no fix yet.

    place: None where only a voice said it, or nobody.
    """

    at_ms: int
    place: tuple[float, float] | None


class _Heard:
    """What is remembered of one unit between its reports."""

    __slots__ = ("at_ms", "last", "taken", "trace")

    def __init__(self, at_ms: int, trace: Trace) -> None:
        self.at_ms, self.trace = at_ms, trace
        self.last: PositionReport | None = None
        self.taken: deque[int] = deque([at_ms], N_REMEMBERED)


class _Row(NamedTuple):
    """One fix as a column entry of each column of a batch."""

    unit_id: str
    fix_at_ms: int
    lat: float
    lon: float
    arc: int
    fraction_ppm: int
    speed_mps: float
    heading_deg: int
    doubt: int


class FixMatcher:
    """Matches reports of all units, a batch at a time (定位匹配); for one thread.

    find_marker: None for a unit that there is not. It is asked once a unit, so that a restart goes
    on from where the board has it: what is not newer was taken before.
    """

    def __init__(self, matcher: Matcher, find_marker: Callable[[str], Marker | None]) -> None:
        self._matcher, self._find_marker = matcher, find_marker
        self._heard: dict[str, _Heard] = {}

    def match(
        self, reports: Sequence[PositionReport], now_ms: int
    ) -> tuple[list[Answer], FixBatch | None]:
        """What became of each report, and the batch for the engine; None where nothing is new.

        Reports of one unit are taken in the order of their times, however they come.
        """
        answers: list[Answer] = ["known"] * len(reports)
        rows: list[_Row] = []
        for i in sorted(range(len(reports)), key=lambda i: reports[i].at_ms):
            row = self._take(reports[i], now_ms)
            if isinstance(row, str):
                answers[i] = row
            else:
                answers[i] = MARKS[row.doubt]
                rows.append(row)
        return answers, _batch(rows)

    def forget(self, reports: Sequence[PositionReport]) -> None:
        """Units whose batch was lost begin anew, so that what they send again is taken."""
        for report in reports:
            self._heard.pop(report.unit_id, None)

    def _take(self, report: PositionReport, now_ms: int) -> _Row | Literal["known", "unknown_unit"]:
        heard = self._heard.get(report.unit_id) or self._begin(report.unit_id)
        if heard is None:
            return "unknown_unit"
        if report.at_ms in heard.taken:
            return "known"
        heard.taken.append(report.at_ms)
        fix = _fix_of(report, heard.last)
        mark = _mark_alone(report, heard.at_ms, now_ms)
        # A fix that is out of the row says nothing of the way: it is put on the road alone.
        trace = heard.trace if mark == "ok" else NO_TRACE
        matched, trace = self._matcher.match_next(trace, fix)
        if mark == "ok":
            heard.at_ms, heard.trace, heard.last = report.at_ms, trace, report
        return _row(report, fix, matched, MARKS.index(mark) or matched.code)

    def _begin(self, unit_id: str) -> _Heard | None:
        marker = self._find_marker(unit_id)
        if marker is None:
            return None
        trace = NO_TRACE
        if marker.place is not None:
            _, trace = self._matcher.match_next(NO_TRACE, Fix(marker.at_ms, *marker.place))
        heard = self._heard[unit_id] = _Heard(marker.at_ms, trace)
        return heard


def _mark_alone(report: PositionReport, after_ms: int, now_ms: int) -> FixMark:
    """What a report is marked as before anybody looks at the roads."""
    if report.at_ms > now_ms + MAX_AHEAD_MS:
        return "future"
    if report.at_ms <= after_ms:
        return "late"
    return "vague" if (report.accuracy_m or 0.0) > MAX_ACCURACY_M else "ok"


def _fix_of(report: PositionReport, last: PositionReport | None) -> Fix:
    heading_deg = -1.0 if report.heading_deg is None else report.heading_deg
    speed_mps = _speed_mps(report, last)
    return Fix(report.at_ms, report.lat, report.lon, heading_deg, speed_mps)


def _speed_mps(report: PositionReport, last: PositionReport | None) -> float:
    """As reported, else from the report before: a car that passes by must not seem to stand."""
    if report.speed_mps is not None:
        return report.speed_mps
    gap_ms = 0 if last is None else report.at_ms - last.at_ms
    if last is None or not 0 < gap_ms <= MAX_SPEED_GAP_MS:
        return 0.0
    moved_m = distance_m(last.lat, last.lon, to_lat=report.lat, to_lon=report.lon)
    return min(MAX_SPEED_MPS, moved_m * MS_PER_S / gap_ms)


def _row(report: PositionReport, fix: Fix, matched: Matched, doubt: int) -> _Row:
    return _Row(
        unit_id=report.unit_id,
        fix_at_ms=report.at_ms,
        lat=report.lat,
        lon=report.lon,
        arc=matched.position.arc,
        fraction_ppm=matched.position.fraction_ppm,
        speed_mps=round(fix.speed_mps, 2),
        heading_deg=round(fix.heading_deg),
        doubt=doubt,
    )


def _batch(rows: Sequence[_Row]) -> FixBatch | None:
    if not rows:
        return None
    columns = dict(zip(_Row._fields, zip(*rows, strict=True), strict=True))
    if not any(columns["doubt"]):
        del columns["doubt"]
    return FixBatch(**{_PLURAL.get(name, name): column for name, column in columns.items()})


_PLURAL: Final = {"unit_id": "unit_ids"}
