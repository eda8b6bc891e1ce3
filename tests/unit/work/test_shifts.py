"""Shifts (勤务): handing a unit over, and what a shift that ends takes along."""

import pytest
from toy_city import FIGHT, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.emergency import DeclareEmergency
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportArrival, ReportEnRoute, ReportHandled
from kuaifan.vocabulary.reinforce import ReserveUnit
from kuaifan.vocabulary.unit import EndShift, HandOverShift, MoveUp, StartShift


def handed(unit_id="P1", **more):
    fields = {"n_officers": 3, "handed_by": "Wang", "taken_by": "Zhao"} | more
    return HandOverShift(unit_id=unit_id, **fields)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


@pytest.fixture
def order_id(desk):
    return desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1", at_s=100)


def test_the_next_crew_has_the_unit_its_size_and_its_name(desk):
    record = desk.do(handed(n_auxiliaries=1), at_s=500)
    assert names(record) == ["ShiftHandedOver"]
    unit, row = desk.board.units["P1"], desk.board.fleet.index["P1"]
    assert (unit.crew_name, unit.n_officers, unit.status) == ("Zhao", 3, "at_post")
    assert int(desk.board.fleet.n_crew[row]) == 4
    assert unit.shift_started_at_ms == record.at_ms
    assert image(desk.engine.state) == image(desk.rebuilt())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"n_officers": 0}, "no_crew"),
        ({"taken_by": " "}, "no_name"),
        ({"handed_by": ""}, "no_name"),
        ({"taken_by": "Wang "}, "same_names"),
        ({"unit_id": "X9"}, "unknown_unit"),
    ],
)
def test_two_named_crews_hand_over(desk, change, code):
    assert desk.code(handed(**change)) == code


def test_a_unit_that_is_off_duty_or_in_danger_is_not_handed_over(desk):
    desk.do(EndShift(unit_id="P2"))
    assert desk.code(handed("P2")) == "off_duty"
    desk.do(DeclareEmergency(unit_id="P1", declared_by="Wang"))
    assert desk.code(handed()) == "in_emergency"
    assert desk.code(EndShift(unit_id="P1")) == "in_emergency"


def test_nobody_changes_crews_on_the_way(desk, order_id):
    for step in (None, AcknowledgeOrder, ReportEnRoute):
        if step is not None:
            desk.do(step(order_id=order_id))
        assert desk.code(handed(approved_by="Chief")) == "under_way"


def test_a_relief_on_scene_needs_the_supervisor_and_takes_the_order(desk, order_id):
    desk.do(ReportArrival(order_id=order_id))
    assert desk.code(handed()) == "supervisor_needed"
    event = desk.do(handed(approved_by="Chief")).events[0]
    assert (event.order_ids, event.approved_by) == ((order_id,), "Chief")
    assert desk.board.orders[order_id].state == "on_scene"


def test_the_feedback_that_is_owed_goes_to_the_next_crew(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    assert desk.do(handed()).events[0].order_ids == (order_id,)
    desk.fed_back(desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1"))
    assert desk.do(handed()).events[0].order_ids == (order_id,)


def test_a_shift_that_ends_names_the_feedback_it_owes_and_goes_home(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    unit = desk.board.units["P1"]
    desk.do(handed())
    event = desk.do(EndShift(unit_id="P1")).events[0]
    assert event.order_ids == (order_id,)
    assert (unit.crew_name, unit.post_id) == ("", unit.home_post_id)


def test_a_shift_that_ends_forgets_what_it_was_reserved_for_and_where_it_was_moved(desk):
    incident = desk.board.incidents[desk.opened(FIGHT, corner(4, 6))]
    desk.do(ReserveUnit(incident_id=incident.incident_id, unit_id="P3"))
    desk.do(MoveUp(unit_id="P3", post_id="SB-N"))
    assert names(desk.do(EndShift(unit_id="P3")))[:2] == ["UnitReleased", "ShiftEnded"]
    unit = desk.board.units["P3"]
    assert (unit.reserved_incident_ids, incident.reserved_unit_ids) == ([], [])
    assert unit.post_id == "SB-S"
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_a_shift_may_begin_with_the_name_of_its_crew():
    desk = Desk()
    desk.do(StartShift(unit_id="P1", n_officers=2, crew_name="Wang"))
    assert desk.board.units["P1"].crew_name == "Wang"
