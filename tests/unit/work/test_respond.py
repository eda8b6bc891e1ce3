"""Respond (出警): signed, gone, there; the clock for the signature; shifts and statuses."""

import pytest
from toy_city import FIGHT, START_MS, UNITS, Desk, corner, fix_batch, image, names

from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    CheckUnsigned,
    GiveFeedback,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
    ReportSafe,
    WithdrawUnit,
)
from kuaifan.vocabulary.unit import EndShift, SetUnitStatus, StartShift

SCENE = corner(4, 6)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


@pytest.fixture
def order_id(desk):
    return desk.sent(desk.opened(FIGHT, SCENE), "P1", at_s=100)


# --- forward, never back ---------------------------------------------------------------------


def test_each_step_is_stamped_with_its_time_and_source(desk, order_id):
    desk.do(AcknowledgeOrder(order_id=order_id), at_s=110)
    desk.do(ReportEnRoute(order_id=order_id, source="voice"), at_s=150)
    desk.do(ReportArrival(order_id=order_id), at_s=300)
    order = desk.board.orders[order_id]
    stamps = [order.t4_ms, order.t5_ms, order.t6_ms, order.t7_ms]
    assert [(stamp - START_MS) // 1000 for stamp in stamps] == [100, 110, 150, 300]
    assert (order.state, order.t7_source) == ("on_scene", "button")


def test_a_forward_jump_is_accepted_and_the_skipped_stamps_stay_empty(desk, order_id):
    desk.do(ReportArrival(order_id=order_id, source="voice"))
    order = desk.board.orders[order_id]
    assert (order.state, order.t5_ms, order.t6_ms) == ("on_scene", 0, 0)
    assert order.t7_ms > 0


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (AcknowledgeOrder, "already_acknowledged"),
        (ReportEnRoute, "already_en_route"),
        (ReportArrival, "already_on_scene"),
    ],
)
def test_a_step_is_not_taken_twice_nor_back(desk, order_id, step, code):
    desk.do(step(order_id=order_id))
    assert desk.code(step(order_id=order_id)) == code
    desk.do(ReportHandled(order_id=order_id))
    assert desk.code(step(order_id=order_id)) == code


@pytest.mark.parametrize("step", [AcknowledgeOrder, ReportEnRoute, ReportArrival])
def test_a_withdrawn_or_unknown_order_is_not_acted_on(desk, order_id, step):
    desk.do(WithdrawUnit(order_id=order_id, reason="stood down"))
    record = desk.do(step(order_id=order_id))
    assert record.refusal.code == "order_withdrawn"
    assert "stood down" not in record.refusal.reason_en  # it is sealed; the row has it
    assert desk.code(step(order_id="J9-9")) == "unknown_order"


# --- arrival by position and by button -------------------------------------------------------


def test_a_slow_unit_within_a_hundred_metres_has_arrived_by_its_position(desk, order_id):
    record = desk.fix("P1", *SCENE, speed_mps=2.0, at_s=300)
    assert names(record) == ["UnitArrived"]
    order = desk.board.orders[order_id]
    assert (order.state, order.t7_source, order.t7_gps_ms) == ("on_scene", "gps", order.t7_ms)


def test_a_unit_that_drives_by_or_stands_elsewhere_has_not_arrived(desk, order_id):
    assert desk.fix("P1", *SCENE, speed_mps=12.0) is None
    assert desk.fix("P1", *corner(4, 5), at_s=200) is None
    assert desk.board.orders[order_id].t7_ms == 0


def test_position_then_button_are_both_kept_and_the_first_counts(desk, order_id):
    desk.fix("P1", *SCENE, at_s=300)
    desk.do(ReportArrival(order_id=order_id), at_s=312)
    order = desk.board.orders[order_id]
    assert (order.t7_button_ms - order.t7_gps_ms, order.t7_source) == (12_000, "gps")
    assert order.t7_ms == order.t7_gps_ms


def test_a_button_pressed_too_early_does_not_hide_the_arrival_by_position(desk, order_id):
    desk.do(ReportArrival(order_id=order_id), at_s=120)
    desk.fix("P1", *SCENE, at_s=300)
    order = desk.board.orders[order_id]
    assert (order.t7_gps_ms - order.t7_button_ms, order.t7_source) == (180_000, "button")
    assert order.t7_ms == order.t7_button_ms


def test_a_standing_unit_arrives_once_however_often_it_reports(desk, order_id):
    assert desk.fix("P1", *SCENE, at_s=300) is not None
    assert desk.fix("P1", *SCENE, at_s=310) is None
    assert desk.code(ReportArrival(order_id=order_id, source="gps")) == "already_on_scene"


def test_a_free_unit_that_passes_an_incident_does_not_arrive(desk, order_id):
    assert desk.fix("P2", *SCENE, at_s=300) is None
    assert desk.board.orders[order_id].t7_ms == 0


def test_two_units_in_one_batch_arrive_in_one_record(desk, order_id):
    desk.sent("J1", "P2")
    at_ms = START_MS + 300_000
    batch = fix_batch(("P2", *SCENE, 0, at_ms), ("P1", *SCENE, 0, at_ms))
    record = desk.do(batch, at_s=300)
    assert names(record) == ["UnitArrived", "UnitArrived"]
    assert [event.order_id for event in record.events if hasattr(event, "order_id")] == [
        order_id,
        "J1-2",
    ]


# --- the clock for the signature -------------------------------------------------------------


def test_an_unsigned_order_is_urged_at_thirty_sixty_and_ninety_seconds(desk, order_id):
    records = desk.run_until(1_000)
    urged = [(r.at_ms - START_MS, r.events[0].level) for r in records]
    assert urged == [(130_000, 1), (160_000, 2), (190_000, 3)]
    assert desk.board.orders[order_id].unsigned_level == 3


@pytest.mark.parametrize("step", [AcknowledgeOrder, ReportEnRoute, ReportArrival, ReportHandled])
def test_any_sign_of_the_crew_stops_the_clock(desk, order_id, step):
    desk.run_until(131)
    desk.do(step(order_id=order_id), at_s=140)
    assert not desk.engine.state.timers.is_pending(f"unsigned:{order_id}")
    assert "OrderUnsigned" not in [name for r in desk.run_until(1_000) for name in names(r)]


def test_a_level_is_urged_once_and_in_order_whoever_asks(desk, order_id):
    for level in (-5, 0, 2, 3, 7):
        assert names(desk.do(CheckUnsigned(order_id=order_id, level=level))) == []
    assert names(desk.do(CheckUnsigned(order_id=order_id, level=1))) == ["OrderUnsigned"]
    assert names(desk.do(CheckUnsigned(order_id=order_id, level=1))) == []


@pytest.mark.usefixtures("order_id")
def test_only_a_unit_asked_in_vain_is_not_offered_again(desk):
    incident = desk.board.incidents["J1"]
    desk.run_until(131)
    assert incident.asked_unit_ids == []
    desk.run_until(161)
    assert incident.asked_unit_ids == ["P1"]


def test_an_unknown_order_is_not_urged(desk):
    assert desk.code(CheckUnsigned(order_id="J9-1", level=1)) == "unknown_order"


# --- shifts ----------------------------------------------------------------------------------


def test_a_shift_brings_a_crew_and_its_end_takes_it_away():
    desk = Desk()
    desk.do(StartShift(unit_id="P1", n_officers=2, n_auxiliaries=1, status="patrolling"))
    unit, row = desk.board.units["P1"], desk.board.fleet.index["P1"]
    assert (unit.status, int(desk.board.fleet.n_crew[row])) == ("patrolling", 3)
    assert desk.board.fleet.available()[row]
    desk.do(EndShift(unit_id="P1"))
    assert (unit.status, int(desk.board.fleet.n_crew[row])) == ("off_duty", 0)
    assert not desk.board.fleet.available()[row]


def test_a_shift_needs_a_crew_and_something_to_do(desk):
    assert desk.code(StartShift(unit_id="P1", n_officers=2)) == "on_duty"
    desk.do(EndShift(unit_id="P1"))
    assert desk.code(StartShift(unit_id="P1", n_officers=0)) == "no_crew"
    resting = StartShift(unit_id="P1", n_officers=2, status="off_duty")
    assert desk.code(resting) == "use_shift"


def test_no_shift_ends_on_an_open_order_and_none_ends_twice(desk, order_id):
    record = desk.do(EndShift(unit_id="P1"))
    assert record.refusal.code == "order_open"
    assert order_id in record.refusal.reason_en
    desk.do(ReportHandled(order_id=order_id))
    desk.do(EndShift(unit_id="P1"))
    assert desk.code(EndShift(unit_id="P1")) == "off_duty"


def test_a_crew_that_went_home_can_still_write_its_feedback(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    desk.do(EndShift(unit_id="P1"))
    desk.do(GiveFeedback(order_id=order_id, incident_id="J1", disposition="warned"))
    assert desk.board.incidents["J1"].state == "fed_back"
    assert desk.board.units["P1"].status == "off_duty"


def test_only_who_could_not_be_sent_before_is_offered_anew_to_what_waits(desk):
    desk.opened(FIGHT, SCENE)
    for status, found in (("standby", 0), ("at_post", 0), ("meal", 0), ("at_post", 1)):
        record = desk.do(SetUnitStatus(unit_id="P2", status=status))
        assert names(record).count("RecommendationMade") == found, status


def test_a_status_is_set_on_duty_only_and_not_while_bound(desk, order_id):
    assert names(desk.do(SetUnitStatus(unit_id="P2", status="meal"))) == ["UnitStatusSet"]
    assert desk.code(SetUnitStatus(unit_id="P2", status="off_duty")) == "use_shift"
    assert desk.code(SetUnitStatus(unit_id="P1", status="meal")) == "order_open"
    desk.do(EndShift(unit_id="P2"))
    assert desk.code(SetUnitStatus(unit_id="P2", status="standby")) == "use_shift"
    assert desk.board.orders[order_id].is_active


@pytest.mark.parametrize(
    "command",
    [
        StartShift(unit_id="X9", n_officers=2),
        EndShift(unit_id="X9"),
        SetUnitStatus(unit_id="X9", status="meal"),
    ],
)
def test_a_unit_nobody_knows_is_refused(desk, command):
    assert desk.code(command) == "unknown_unit"


def test_a_crew_says_that_all_is_well_on_scene_only_and_its_silence_begins_anew():
    desk = Desk()
    desk.on_duty("P1")
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 5)), "P1")
    assert desk.code(ReportSafe(order_id=order_id)) == "not_on_scene"
    desk.do(ReportArrival(order_id=order_id))
    arrived_s = desk.now_s
    desk.run_until(arrived_s + 1_700)
    desk.do(ReportSafe(order_id=order_id))
    alarm_id = f"silent_on_scene:{order_id}"
    desk.run_until(arrived_s + 1_900)
    assert alarm_id not in desk.board.alarms
    desk.run_until(arrived_s + 1_700 + 1_801)
    assert desk.board.alarms[alarm_id].level == 1
    desk.do(ReportSafe(order_id=order_id))
    assert alarm_id not in desk.board.alarms
    assert image(desk.rebuilt()) == image(desk.engine.state)
