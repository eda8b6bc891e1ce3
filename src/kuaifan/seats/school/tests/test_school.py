"""School alarms (校园一键报警): from the key to the scene, the monthly test, the guard posts."""

import random

import pytest
from toy_city import START_MS, Desk, corner, image, names

from kuaifan.board.day_tally import date_of, day_of, start_of_day
from kuaifan.kernel.message import StartEngine
from kuaifan.seats.school import SEAT, VIEWS
from kuaifan.seats.school.calendar import is_school_day, next_month_ms
from kuaifan.seats.school.papers import Calendar
from kuaifan.seats.school.words import (
    AddGuardPost,
    AddSchoolKey,
    CheckGuards,
    CheckInGuard,
    CheckKeyTests,
    ClearSchoolAlarm,
    Contact,
    ExcuseGuard,
    Gate,
    PeriodTimes,
    PressSchoolKey,
    RegisterSchool,
    RetireGuardPost,
    RetireSchool,
    RetireSchoolKey,
    ScheduleKeyTest,
    SetSchoolCalendar,
    SetSchoolTerm,
)
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.order import ReportArrival

BEGIN = StartEngine(build="b", plugins=(), city_hash="c")
DAY = day_of(START_MS)
DAY_S = 86_400
CLEAR = {"outcome": "mistaken", "note": "学生误触", "by": "刘洋"}


def local_s(day, hour, minute=0):
    """Seconds since the start of a moment of a local day."""
    return (start_of_day(day) - START_MS) / 1_000 + hour * 3_600 + minute * 60


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.do(BEGIN)
    desk.on_duty("P1", "P2", "P4")
    desk.do(school("X1"))
    desk.do(AddSchoolKey(key_id="K1", school_id="X1", gate_id="G1", kind="device", by="管"))
    desk.do(AddSchoolKey(key_id="K2", school_id="X1", gate_id="G2", kind="web", by="管"))
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def school(school_id, **more):
    gates = tuple(
        Gate(gate_id=f"G{n}", name=f"{n} 号门", lat=place[0], lon=place[1])
        for n, place in ((1, corner(4, 2)), (2, corner(4, 3)))
    )
    said = {
        "name": "田家庵一小",
        "kind": "primary",
        "gates": gates,
        "plan": "封闭校门，学生进教室",
        "contacts": (Contact(place="门卫室", phone="0554-2660110"),),
        "by": "管",
    }
    return RegisterSchool(school_id=school_id, **(said | more))


def papers(desk):
    return desk.board.seats["school"]


def tally(desk, name):
    return papers(desk).tally.sum(name, DAY - 40, DAY + 400)


def rung(records, item_id):
    return [
        event.to
        for record in records
        for event in record.events
        if type(event).__name__ == "AlarmRaised" and event.subject_id == item_id
    ]


def test_a_key_becomes_an_incident_at_its_gate_and_is_held_open_until_somebody_was_there(desk):
    record = desk.do(PressSchoolKey(key_id="K1", audio="https://listen.example/1"))
    assert names(record)[:3] == ["IncidentOpened", "IncidentPlaced", "SchoolAlarmRaised"]
    incident = desk.board.incidents["J1"]
    assert (incident.priority, incident.plan, incident.n_needed) == (1, "S1", 3)
    assert (incident.lat, incident.lon) == corner(4, 2)
    for words in ("田家庵一小", "1 号门", "封闭校门", "门卫室 0554-2660110"):
        assert words in incident.narrative
    assert [desk.board.requests[each].agency for each in incident.request_ids] == ["120"]
    assert len(incident.recommended_unit_ids) >= 2

    # Pressed again, at another gate: the same alarm.
    desk.do(PressSchoolKey(key_id="K2"))
    assert (len(desk.board.incidents), papers(desk).alarms["J1"].n_presses) == (1, 2)
    assert desk.code(ClearSchoolAlarm(incident_id="J1", **CLEAR)) == "nobody_on_scene"
    order_id = desk.sent("J1", "P1", at_s=8)
    (row,) = VIEWS["alarms"](desk.board)
    assert (row.on_scene, row.audio) == ("no", "https://listen.example/1")
    desk.do(ReportArrival(order_id=order_id), at_s=200)
    desk.fed_back(order_id)
    desk.do(incidents.ReviewIncident(incident_id="J1", reviewer_id="r"))
    assert desk.code(incidents.CloseIncident(incident_id="J1")) == "items_open"
    assert desk.code(RetireSchool(school_id="X1", reason="r", by="管")) == "alarm_runs"
    desk.do(ClearSchoolAlarm(incident_id="J1", **CLEAR))
    assert desk.code(ClearSchoolAlarm(incident_id="J1", **CLEAR)) == "no_school_alarm"
    assert desk.do(incidents.CloseIncident(incident_id="J1")).refusal is None
    assert (tally(desk, "ordered_in_time"), tally(desk, "cleared")) == (1, 1)


def test_settling_from_afar_closes_no_school_alarm(desk):
    desk.do(PressSchoolKey(key_id="K1"))
    desk.answered("J1")
    settle = incidents.SettleByPhone(incident_id="J1", disposition="by_phone", approved_by="s")
    desk.do(settle)
    desk.do(incidents.ReviewIncident(incident_id="J1", reviewer_id="r"))
    assert desk.code(incidents.CloseIncident(incident_id="J1")) == "items_open"
    assert desk.code(ClearSchoolAlarm(incident_id="J1", **CLEAR)) == "nobody_on_scene"


def test_an_alarm_that_nobody_reaches_rings_once_a_rung_up_to_a_leader(desk):
    desk.do(PressSchoolKey(key_id="K1"))
    item_id = papers(desk).alarms["J1"].item_id
    assert rung(desk.run_until(3_600), item_id) == ["dispatcher", "supervisor", "leader"]


def test_a_press_in_a_window_is_a_test_and_a_second_one_within_a_minute_is_none(desk):
    window = {"from_ms": START_MS + 60_000, "until_ms": START_MS + 3_600_000, "by": "管"}
    assert desk.code(ScheduleKeyTest(**(window | {"from_ms": 0}))) == "bad_window"
    day_long = {"until_ms": START_MS + DAY_S * 1_000}
    assert desk.code(ScheduleKeyTest(**(window | day_long))) == "bad_window"
    assert desk.code(ScheduleKeyTest(school_ids=("X9",), **window)) == "unknown_school"
    desk.do(ScheduleKeyTest(school_ids=("X1",), **window))
    assert names(desk.do(PressSchoolKey(key_id="K1"), at_s=100)) == ["SchoolKeyTested"]
    assert (len(desk.board.incidents), desk.board.n_calls) == (0, 0)
    assert "IncidentOpened" in names(desk.do(PressSchoolKey(key_id="K1"), at_s=130))
    assert (tally(desk, "tests"), tally(desk, "alarms")) == (1, 1)
    assert desk.code(PressSchoolKey(key_id="K9")) == "unknown_key"


def test_a_press_after_the_window_is_an_alarm(desk):
    window = {"from_ms": START_MS, "until_ms": START_MS + 60_000, "by": "管"}
    desk.do(ScheduleKeyTest(**window))
    assert "IncidentOpened" in names(desk.do(PressSchoolKey(key_id="K1"), at_s=60))


def test_each_month_the_keys_that_nobody_tested_are_owed(desk):
    assert desk.code(CheckKeyTests(month="2023-11")) == "too_early"
    due_ms, month = next_month_ms(START_MS)
    assert month == "2023-11"
    window = {"from_ms": START_MS, "until_ms": START_MS + 60_000, "by": "管"}
    desk.do(ScheduleKeyTest(**window))
    desk.do(PressSchoolKey(key_id="K1"))
    desk.run_until((due_ms - START_MS) / 1_000)
    owed = [each for each in desk.board.items.values() if each.kind == "untested"]
    assert [each.subject_id for each in owed] == ["K2"]
    assert (tally(desk, "keys_tested"), tally(desk, "keys_due")) == (1, 2)
    late_s = (due_ms - START_MS) / 1_000 + 9 * DAY_S
    assert rung(desk.run_until(late_s), owed[0].item_id) == ["dispatcher", "supervisor"]
    from_ms = desk.inbox.now_ms()
    desk.do(ScheduleKeyTest(from_ms=from_ms, until_ms=from_ms + 60_000, by="管"))
    desk.do(PressSchoolKey(key_id="K2"))
    assert owed[0].item_id not in desk.board.items


def test_posts_are_looked_for_once_a_period_and_asked_about_once_a_day(desk):
    calendar(desk)
    for n in range(380):
        desk.do(post(f"H{n}", owner_kind="desk", owner_id="city"))
    pending = [each.timer_id for each in desk.engine.state.timers.save()]
    assert pending.count("school_guard") == 1
    assert desk.code(CheckInGuard(post_id="H1", n_officers=2, by="刘洋")) == "no_period_now"
    day = next(d for d in range(DAY + 1, DAY + 9) if is_school_day(papers(desk).calendar, d))
    desk.run_until(local_s(day, 6, 50))
    for n in range(378):
        desk.do(CheckInGuard(post_id=f"H{n}", n_officers=2, by="刘洋"))
    again = CheckInGuard(post_id="H1", n_officers=2, by="刘洋")
    assert desk.code(again) == "checked_in_already"
    made = desk.run_until(local_s(day, 7, 10))
    missed = missed_since(desk, local_s(day, 0))
    assert [each.subject_id for each in missed] == ["H378", "H379"]
    told_day = papers(desk).tally.days[day]
    assert (told_day["guards_present"], told_day["guards_due"]) == (378, 380)
    told = rung([*made, *desk.run_until(local_s(day, 8))], missed[0].item_id)
    assert told == ["dispatcher", "supervisor"]
    # In the afternoon nobody asks again about the same post.
    desk.run_until(local_s(day, 7, 55))
    desk.do(ExcuseGuard(item_id=missed[1].item_id, reason="临时处警", by="刘洋"))
    desk.run_until(local_s(day, 16, 30))
    later = [each.subject_id for each in missed_since(desk, local_s(day, 0))]
    assert "H379" not in later
    assert (later.count("H378"), len(later)) == (1, 379)
    assert desk.code(CheckGuards(day=day + 1, period="morning")) == "too_early"


def test_a_guard_who_comes_late_closes_what_was_owed(desk):
    calendar(desk)
    desk.do(post("H1"))
    day = next(d for d in range(DAY + 1, DAY + 9) if is_school_day(papers(desk).calendar, d))
    desk.run_until(local_s(day, 7, 10))
    (item,) = missed_since(desk, local_s(day, 0))
    assert item.owner.owner_id == "S1"
    desk.do(CheckInGuard(post_id="H1", n_officers=1, by="刘洋"))
    assert item.item_id not in desk.board.items
    told = papers(desk).tally.days[day]
    assert ("guards_present" in told, told["guards_late"]) == (False, 1)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("on_scene_min", 1, "out_of_bounds"),
        ("grace_min", 61, "out_of_bounds"),
        ("window_h", 4, "same_value"),
    ],
)
def test_times_stay_within_their_bounds(desk, name, value, code):
    assert desk.code(SetSchoolTerm(name=name, value=value, by="管")) == code
    assert desk.code(SetSchoolTerm(name="window_h", value=2, by="")) == "no_name"


def test_times_that_are_set_hold_for_what_comes_after(desk):
    for name, value in {"on_scene_min": 8, "window_h": 1}.items():
        desk.do(SetSchoolTerm(name=name, value=value, by="管"))
    now_ms = desk.inbox.now_ms()
    window = {"from_ms": now_ms + 3_600_000, "until_ms": now_ms + 3 * 3_600_000}
    assert desk.code(ScheduleKeyTest(**window, school_ids=(), by="管")) == "bad_window"
    desk.do(PressSchoolKey(key_id="K1"))
    [item] = [each for each in desk.board.items.values() if each.kind == "alarm"]
    assert item.due_at_ms == now_ms + 8 * 60_000


def test_another_time_of_the_roll_call_neither_skips_nor_repeats_a_period(desk):
    calendar(desk)
    desk.do(post("G1"))
    day = next(d for d in range(DAY + 1, DAY + 9) if is_school_day(papers(desk).calendar, d))
    desk.run_until(local_s(day, 7, 5))
    desk.do(SetSchoolTerm(name="grace_min", value=2, by="管"))
    desk.run_until(local_s(day, 7, 6))
    desk.do(SetSchoolTerm(name="grace_min", value=1, by="管"))
    desk.do(SetSchoolTerm(name="grace_min", value=30, by="管"))
    records = desk.run_until(local_s(day + 1, 0))
    checks = [e.period for r in records for e in r.events if type(e).__name__ == "GuardsChecked"]
    assert checks == ["morning", "noon_out", "noon_in", "afternoon"]
    desk.do(SetSchoolTerm(name="grace_min", value=60, by="管"))
    again = desk.run_until(local_s(day + 1, 0) + 1)
    assert not [r for r in again if type(r.command).__name__ == "CheckGuards"]


def test_there_is_no_school_on_days_off_and_some_on_weekends_worked():
    term = Calendar(
        first_day="2026-09-01",
        last_day="2027-01-20",
        days_off=("2026-10-01",),
        days_worked=("2026-10-10",),
    )
    days = {date_of(day): day for day in range(20_600, 20_900)}
    for date, is_one in (
        ("2026-08-31", False),
        ("2026-09-01", True),
        ("2026-10-01", False),
        ("2026-10-03", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ):
        assert is_school_day(term, days[date]) == is_one, date


def test_what_is_registered_has_to_hold_together(desk):
    gate = Gate(gate_id="G1", name="门", lat=corner(4, 2)[0], lon=corner(4, 2)[1])
    assert desk.code(school("X2", gates=(gate, gate))) == "gate_twice"
    far = Gate(gate_id="G1", name="门", lat=10.0, lon=100.0)
    assert desk.code(school("X2", gates=(far,))) == "place_off_roads"
    key = {"key_id": "K3", "kind": "web", "by": "管"}
    assert desk.code(AddSchoolKey(school_id="X9", gate_id="G1", **key)) == "unknown_school"
    assert desk.code(AddSchoolKey(school_id="X1", gate_id="G9", **key)) == "unknown_gate"
    taken = key | {"key_id": "K1"}
    assert desk.code(AddSchoolKey(school_id="X1", gate_id="G1", **taken)) == "code_taken"
    assert desk.code(post("H1", owner_id="P99")) == "unknown_unit"
    assert desk.code(post("H1", owner_kind="desk", owner_id="x")) == "unknown_desk"
    days = {"first_day": "2023-09-01", "last_day": "2024-01-20", "by": "管"}
    assert desk.code(SetSchoolCalendar(**(days | {"last_day": "2023-02-30"}))) == "bad_date"
    assert desk.code(SetSchoolCalendar(**(days | {"last_day": "2023-08-01"}))) == "bad_term"
    wrong = (PeriodTimes("morning", "08:00", "07:00"),)
    assert desk.code(SetSchoolCalendar(periods=wrong, **days)) == "bad_periods"
    calendar(desk)
    assert desk.code(SetSchoolCalendar(**days)) == "nothing_changed"
    desk.do(post("H1"))
    desk.do(RetireGuardPost(post_id="H1", reason="改道", by="管"))
    assert desk.code(RetireGuardPost(post_id="H1", reason="r", by="管")) == "unknown_post"
    assert desk.code(RetireSchoolKey(key_id="K1", reason=" ", by="管")) == "reason_needed"
    desk.do(RetireSchoolKey(key_id="K1", reason="换新", by="管"))
    desk.do(RetireSchool(school_id="X1", reason="合并", by="管"))
    assert (papers(desk).keys, papers(desk).schools) == ({}, {})


def test_whatever_happens_each_item_has_an_owner_and_a_date(desk):
    lot = random.Random(3)  # noqa: S311 - draws of a test
    calendar(desk)
    for n in range(3):
        desk.do(post(f"H{n}"))
    for step in range(80):
        desk.run_until(local_s(DAY + 1, 6) + step * 900)
        item_id = lot.choice([*desk.board.items] or ["W0"])
        desk.do(
            lot.choice(
                [
                    PressSchoolKey(key_id=lot.choice(["K1", "K2"])),
                    ClearSchoolAlarm(incident_id="J1", **CLEAR),
                    CheckInGuard(post_id=lot.choice(["H0", "H1", "H2"]), n_officers=1, by="甲"),
                    ExcuseGuard(item_id=item_id, reason="r", by="甲"),
                ]
            )
        )
        for item in desk.board.items.values():
            assert item.owner.owner_id
            assert item.due_at_ms > 0
    held = [each.item_id for each in papers(desk).alarms.values()]
    held += [each.item_id for each in papers(desk).posts.values() if each.item_id]
    assert set(held) <= desk.board.items.keys()
    assert all(figure.of for figure in SEAT.figures)
    for rows in VIEWS.values():
        assert all(row.row_id for row in rows(desk.board))


def missed_since(desk, at_s):
    at_ms = START_MS + at_s * 1_000
    found = (each for each in desk.board.items.values() if each.kind == "missed")
    return [each for each in found if each.opened_at_ms >= at_ms]


def calendar(desk):
    desk.do(SetSchoolCalendar(first_day="2023-09-01", last_day="2024-01-20", by="管"))


def post(post_id, **more):
    said = {
        "school_id": "X1",
        "gate_id": "G1",
        "owner_kind": "unit",
        "owner_id": "S1",
        "periods": ("morning", "afternoon"),
        "by": "管",
    }
    return AddGuardPost(post_id=post_id, **(said | more))
