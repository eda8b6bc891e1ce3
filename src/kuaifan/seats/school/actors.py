"""Simulated people of the seat (校园模拟人员): guards who come, or late, or not; who clears."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.order import UnitArrived

from .calendar import begins_at_ms, find_next_check, times_of
from .kinds import SEAT_ID
from .papers import SchoolPapers
from .words import (
    CheckInGuard,
    ClearSchoolAlarm,
    ExcuseGuard,
    GuardsChecked,
    KeyTestsChecked,
    Outcome,
    PressSchoolKey,
    ScheduleKeyTest,
    SchoolCalendarSet,
)

Draw = Callable[[str], float]
Acts = Iterable[tuple[int, Command]]
GUARD: Final = "sim:guard"
SHARES: Final[Mapping[str, float]] = {"there": 0.97, "late": 0.6, "real": 0.15, "drill": 0.3}
"""How often; [U], so that a quarter has every branch."""


def before_period(
    board: Board, event: GuardsChecked | SchoolCalendarSet, at_ms: int, draw: Draw
) -> Acts:
    """Guards of the next period check in before it, nearly all."""
    if isinstance(event, GuardsChecked):
        yield from _after_check(event, draw)
    papers = _papers(board)
    found = find_next_check(papers, at_ms)
    if found is None:
        return
    _, day, period = found
    times = next(each for each in times_of(papers.calendar) if each.period == period)
    for post in papers.posts.values():
        name = f"{post.post_id}:{day}:{period}"
        if period in post.periods and draw(f"there:{name}") < SHARES["there"]:
            early_ms = round(draw(f"early:{name}") * 20 * MINUTE_MS)
            there_ms = begins_at_ms(times, day) - early_ms
            yield (
                max(0, there_ms - at_ms),
                CheckInGuard(
                    post_id=post.post_id, n_officers=1 + round(draw(f"n:{name}")), by=GUARD
                ),
            )


def _after_check(event: GuardsChecked, draw: Draw) -> Acts:
    """Who was missing comes late, or explains."""
    for post_id, item_id in event.opened.items():
        if draw(f"late:{post_id}") < SHARES["late"]:
            yield 12 * MINUTE_MS, CheckInGuard(post_id=post_id, n_officers=1, by=GUARD)
        else:
            excuse = ExcuseGuard(item_id=item_id, reason="临时处警", by=GUARD)
            yield 90 * MINUTE_MS, excuse


def after_arrival(board: Board, event: UnitArrived, _at_ms: int, draw: Draw) -> Acts:
    """Most alarms are mistakes; somebody on scene says so."""
    if event.incident_id not in _papers(board).alarms:
        return
    lot = draw("outcome")
    outcome: Outcome = "real" if lot < SHARES["real"] else "mistaken"
    outcome = "drill" if outcome == "mistaken" and lot < SHARES["drill"] else outcome
    clear = ClearSchoolAlarm(
        incident_id=event.incident_id, outcome=outcome, note="到场核实", by=GUARD
    )
    yield round((3 + draw("scene") * 15) * MINUTE_MS), clear


def next_tests(board: Board, _event: KeyTestsChecked, at_ms: int, draw: Draw) -> Acts:
    """The month's test is on its tenth day; some keys are forgotten."""
    from_ms = at_ms + 9 * 24 * 60 * MINUTE_MS
    test = ScheduleKeyTest(from_ms=from_ms, until_ms=from_ms + 120 * MINUTE_MS, by=GUARD)
    yield MINUTE_MS, test
    for key_id in _papers(board).keys:
        if draw(f"test:{key_id}") < SHARES["there"]:
            wait_ms = from_ms - at_ms + round(draw(f"when:{key_id}") * 110 * MINUTE_MS)
            yield wait_ms, PressSchoolKey(key_id=key_id)


def _papers(board: Board) -> SchoolPapers:
    papers: SchoolPapers = board.seats[SEAT_ID]
    return papers


ACTORS: Final[Mapping[type[Event], Callable[..., Acts]]] = {
    GuardsChecked: before_period,
    SchoolCalendarSet: before_period,
    UnitArrived: after_arrival,
    KeyTestsChecked: next_tests,
}
