"""Simulated people of the seat (校园模拟人员): guards who come, or late, or not; who clears.

The register of a simulation stands around the posts of its city, invented and the same for a seed:
380 guard posts at 95 schools of four kinds (domain page, row 43), each with a key; no more schools
than the city has posts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, get_args

from kuaifan.board.day_tally import DAY_MS, date_of, day_of
from kuaifan.board.reference import CITY_DESK, MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.order import UnitArrived
from kuaifan.vocabulary.unit import ShiftStarted

from .calendar import begins_at_ms, find_next_check, times_of
from .kinds import SEAT_ID
from .papers import SchoolPapers
from .words import (
    AddGuardPost,
    AddSchoolKey,
    CheckInGuard,
    ClearSchoolAlarm,
    Contact,
    ExcuseGuard,
    Gate,
    GuardsChecked,
    KeyTestsChecked,
    Outcome,
    PressSchoolKey,
    RegisterSchool,
    ScheduleKeyTest,
    SchoolCalendarSet,
    SchoolKind,
    SetSchoolCalendar,
)

Draw = Callable[[str], float]
Acts = Iterable[tuple[int, Command]]
GUARD: Final = "sim:guard"
SHARES: Final[Mapping[str, float]] = {
    "there": 0.97,
    "late": 0.6,
    "real": 0.15,
    "drill": 0.3,
    "pressed": 0.022,
}
"""How often; [U], so that a quarter has every branch. pressed: a key in a month, outside of tests,
about 25 alarms a year as the table of types weighs them."""
N_SCHOOLS, POSTS_EACH = 95, 4
SPREAD_DEG: Final = 0.03
KINDS: Final[tuple[SchoolKind, ...]] = get_args(SchoolKind)
TERM_DAYS: Final = 200


def on_shift(board: Board, _event: ShiftStarted, at_ms: int, draw: Draw) -> Acts:
    """A city without a register gets one as its first crew comes to work."""
    if _papers(board).schools:
        return
    posts = list(board.reference.posts.values())
    n_on_duty = sum(unit.status != "off_duty" for unit in board.units.values())
    if n_on_duty != 1 or not posts:
        return
    n_schools = min(N_SCHOOLS, len(posts))
    for n in range(n_schools):
        post = posts[n]
        school_id = f"XX{n + 1:03d}"
        gate = Gate(
            gate_id="G1",
            name="正门",
            lat=post.lat + SPREAD_DEG * (draw(f"lat{n}") - 0.5),
            lon=post.lon + SPREAD_DEG * (draw(f"lon{n}") - 0.5),
        )
        yield (
            0,
            RegisterSchool(
                school_id=school_id,
                name=f"第{n + 1}学校",
                kind=KINDS[n % len(KINDS)],
                gates=(gate,),
                plan="封闭校门，学生回教室",
                contacts=(Contact(place="门卫室", phone=f"0555{3_000_000 + n}"),),
                by=GUARD,
            ),
        )
        yield (
            1,
            AddSchoolKey(
                key_id=f"K{n + 1:03d}", school_id=school_id, gate_id="G1", kind="device", by=GUARD
            ),
        )
        yield from ((1, each) for each in _guard_posts(school_id, n))
    first, last = date_of(day_of(at_ms)), date_of(day_of(at_ms) + TERM_DAYS)
    yield MINUTE_MS, SetSchoolCalendar(first_day=first, last_day=last, by=GUARD)
    yield from _month([f"K{n + 1:03d}" for n in range(n_schools)], at_ms + 2 * MINUTE_MS, draw)


def _guard_posts(school_id: str, n: int) -> Iterable[Command]:
    for nth in range(POSTS_EACH):
        yield AddGuardPost(
            post_id=f"H{n * POSTS_EACH + nth + 1:03d}",
            school_id=school_id,
            gate_id="G1",
            owner_kind="desk",
            owner_id=CITY_DESK,
            periods=("morning", "afternoon"),
            by=GUARD,
        )


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
    yield from _month(list(_papers(board).keys), at_ms, draw)


def _month(key_ids: list[str], at_ms: int, draw: Draw) -> Acts:
    """A month of some keys: its test, and a press now and then that is none."""
    from_ms, day = at_ms + 9 * DAY_MS, day_of(at_ms)
    test = ScheduleKeyTest(from_ms=from_ms, until_ms=from_ms + 120 * MINUTE_MS, by=GUARD)
    yield 3 * MINUTE_MS, test
    for key_id in key_ids:
        if draw(f"test:{key_id}:{day}") < SHARES["there"]:
            wait_ms = from_ms - at_ms + round(draw(f"when:{key_id}") * 110 * MINUTE_MS)
            yield wait_ms, PressSchoolKey(key_id=key_id)
        if draw(f"press:{key_id}:{day}") < SHARES["pressed"]:
            yield round(draw(f"pressed:{key_id}") * 28 * DAY_MS), PressSchoolKey(key_id=key_id)


def _papers(board: Board) -> SchoolPapers:
    papers: SchoolPapers = board.seats[SEAT_ID]
    return papers


ACTORS: Final[Mapping[type[Event], Callable[..., Acts]]] = {
    ShiftStarted: on_shift,
    GuardsChecked: before_period,
    SchoolCalendarSet: before_period,
    UnitArrived: after_arrival,
    KeyTestsChecked: next_tests,
}
