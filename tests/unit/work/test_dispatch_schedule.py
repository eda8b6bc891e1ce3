"""Scheduled and found (预约与自行发现): sent to later, and at work on it already."""

import pytest
from toy_city import FIGHT, JAM, LOCKSMITH, MURDER, START_MS, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.emergency import DeclareEmergency
from kuaifan.vocabulary.incident import MergeIncident, SettleByPhone
from kuaifan.vocabulary.order import AssignUnit, ReportHandled
from kuaifan.vocabulary.reinforce import ScheduleIncident, SelfInitiate, StartScheduled
from kuaifan.vocabulary.undo import Undo
from kuaifan.vocabulary.unit import SetUnitStatus, StartShift

HERE = corner(4, 4)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def schedule(incident_id, *, due_s):
    return ScheduleIncident(incident_id=incident_id, due_at_ms=START_MS + due_s * 1000)


def start(incident_id):
    return StartScheduled(incident_id=incident_id)


# --- sent to later ---------------------------------------------------------------------------


def test_a_scheduled_incident_asks_nobody_until_its_time(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(schedule(incident_id, due_s=3_600))
    assert desk.board.incidents[incident_id].state == "scheduled"
    assert incident_id not in desk.board.waiting
    assert desk.code(AssignUnit(incident_id=incident_id, unit_id="P1")) == "scheduled"
    desk.run_until(3_599)
    assert not desk.board.alarms
    (record,) = desk.run_until(3_600)[:1]
    assert names(record) == ["ScheduledStarted", "RecommendationMade"]
    assert desk.board.incidents[incident_id].state == "queued"
    assert incident_id in desk.board.waiting


def test_its_clock_runs_from_its_start(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(schedule(incident_id, due_s=3_600))
    desk.run_until(3_601)
    assert f"queue:{incident_id}" not in desk.board.alarms
    desk.run_until(3_600 + desk.reference.first_order_ms(3) // 1000)
    assert f"queue:{incident_id}" in desk.board.alarms


def test_a_person_may_start_it_sooner_and_then_it_does_not_start_again(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(schedule(incident_id, due_s=3_600))
    desk.do(start(incident_id), at_s=60)
    assert not desk.engine.state.timers.is_pending(f"scheduled:{incident_id}")
    assert desk.code(start(incident_id)) == "not_scheduled"
    desk.sent(incident_id, "P1")


def test_another_time_takes_the_place_of_the_first(desk):
    incident_id = desk.opened(FIGHT)
    desk.do(schedule(incident_id, due_s=3_600))
    desk.do(schedule(incident_id, due_s=7_200))
    desk.run_until(3_700)
    assert desk.board.incidents[incident_id].state == "scheduled"
    desk.run_until(7_200)
    assert desk.board.incidents[incident_id].state == "registered"


def test_only_the_future_and_only_what_nobody_was_sent_to_is_scheduled(desk):
    incident_id = desk.opened(FIGHT, HERE)
    assert desk.code(schedule(incident_id, due_s=-1)) == "in_the_past"
    assert desk.code(schedule("J9", due_s=60)) == "unknown_incident"
    order_id = desk.sent(incident_id, "P1")
    assert desk.code(schedule(incident_id, due_s=60)) == "orders_out"
    desk.do(ReportHandled(order_id=order_id))
    assert desk.code(schedule(incident_id, due_s=60)) == "orders_out"


def test_what_is_settled_or_merged_before_its_time_reminds_nobody(desk):
    settled, main, child = desk.opened(LOCKSMITH, HERE), *(desk.opened(FIGHT) for _ in "12")
    for incident_id in (settled, child):
        desk.do(schedule(incident_id, due_s=3_600))
    desk.do(SettleByPhone(incident_id=settled, disposition="d"))
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    timers = desk.engine.state.timers
    assert not any(timers.is_pending(f"scheduled:{each}") for each in (settled, child))
    assert desk.code(start(child)) == "incident_over"


# --- found by a unit -------------------------------------------------------------------------


def find(unit_id="P1", type_code=FIGHT, **more):
    return SelfInitiate(unit_id=unit_id, type_code=type_code, **more)


def test_what_a_unit_finds_it_is_at_work_on_at_once(desk):
    record = desk.do(find(narrative="two men fighting"), at_s=30)
    assert names(record)[:4] == [
        "IncidentOpened",
        "IncidentPlaced",
        "UnitAssigned",
        "UnitArrived",
    ]
    incident, order = desk.board.incidents["J1"], desk.board.orders["J1-1"]
    assert (incident.source, incident.found_by_unit_id) == ("patrol_found", "P1")
    assert (incident.state, order.state) == ("on_scene", "on_scene")
    assert order.t4_ms == order.t7_ms == record.at_ms
    assert (order.t5_ms, order.t6_ms, order.amendment_no) == (0, 0, 0)
    assert "J1" not in desk.board.waiting
    post = desk.reference.posts["KS-M"]
    assert (incident.lat, incident.lon) == (post.lat, post.lon)
    desk.run_until(200)
    assert desk.board.orders["J1-1"].unsigned_level == 0


def test_a_place_it_gives_counts_more_than_where_it_was_last_seen(desk):
    lat, lon = corner(1, 1)
    desk.do(find(lat=lat, lon=lon))
    assert (desk.board.incidents["J1"].lat, desk.board.incidents["J1"].lon) == (lat, lon)


def test_what_one_unit_cannot_do_alone_waits_for_the_others(desk):
    record = desk.do(find(type_code=MURDER))
    assert "J1" in desk.board.waiting
    assert "RecommendationMade" in names(record)


def test_a_type_settled_by_phone_needs_the_one_that_found_it(desk):
    desk.do(find(type_code=LOCKSMITH))
    assert desk.board.incidents["J1"].n_needed == 1


def test_only_a_free_unit_on_duty_is_on_something_by_itself(desk):
    assert desk.code(find("X9")) == "unknown_unit"
    desk.sent(desk.opened(FIGHT, HERE), "P2")
    assert desk.code(find("P2")) == "unit_not_available"
    desk.do(SetUnitStatus(unit_id="P3", status="meal"))
    assert desk.code(find("P3")) == "unit_not_available"
    off = Desk()
    assert off.code(find()) == "off_duty"


def test_a_unit_in_danger_finds_nothing_else(desk):
    desk.do(DeclareEmergency(unit_id="P1", declared_by="officer"))
    assert desk.code(find("P1")) in {"in_emergency", "unit_not_available"}


def test_what_it_found_has_a_type_and_a_place(desk):
    assert desk.code(find(type_code="nonsense")) == "unknown_type"
    assert desk.code(find(lat=HERE[0])) == "half_a_place"
    assert desk.code(find(lat=0.0, lon=0.0)) == "place_off_roads"


def test_a_unit_nobody_has_seen_says_where_it_is():
    desk = Desk()
    desk.do(StartShift(unit_id="P1", n_officers=2))
    desk.board.fleet.arc[desk.board.fleet.index["P1"]] = -1
    assert desk.code(find()) == "no_position"
    desk.do(find(type_code=JAM, lat=HERE[0], lon=HERE[1]))
    assert desk.board.incidents["J1"].is_placed


def test_what_was_found_is_not_undone(desk):
    record = desk.do(find())
    assert desk.code(Undo(seq=record.seq)) == "nothing_to_undo"
