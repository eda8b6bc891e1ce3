"""Units and orders (警力与派警单): waiting, silence, calling back, driving to another place."""

import pytest
from toy_city import FIGHT, MURDER, START_MS, UNITS, Desk, corner, names

from kuaifan.vocabulary.incident import PlaceIncident, RecommendationMade
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    AssignUnit,
    GiveFeedback,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
    ReturnFeedback,
    WithdrawUnit,
)
from kuaifan.vocabulary.unit import EndShift, StartShift


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def rankings(records):
    return [e for r in records for e in r.events if isinstance(e, RecommendationMade)]


def test_an_incident_waits_while_its_unit_is_busy_and_is_offered_when_one_frees():
    """One car in town, two incidents: the second waits in the queue until the first is done."""
    desk = Desk()
    desk.on_duty("P1")
    first, second = desk.opened(FIGHT, corner(4, 4)), desk.opened(FIGHT, corner(4, 6))
    order_id = desk.sent(first, "P1", at_s=10)
    refusal = desk.do(AssignUnit(incident_id=second, unit_id="P1"), at_s=15).refusal
    assert refusal.code == "unit_not_available"
    assert list(desk.board.waiting) == [second]

    freed = desk.do(ReportHandled(order_id=order_id), at_s=900)
    offer = rankings([freed])
    assert [(o.incident_id, o.candidates[0].unit_id) for o in offer] == [(second, "P1")]
    desk.sent(second, "P1", at_s=910)
    assert not desk.board.waiting


def test_a_crew_that_comes_on_shift_is_offered_to_what_waits():
    """Nobody is on duty at four in the morning; the day shift finds the incident waiting."""
    desk = Desk()
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert desk.board.incidents[incident_id].recommended_unit_ids == []
    desk.on_duty("P2")
    assert desk.board.incidents[incident_id].recommended_unit_ids == ["P2"]


def test_silence_is_alarmed_at_30_60_and_90_seconds_and_the_next_unit_offered(desk):
    """The crew does not sign: repeat, offer the next one, call the supervisor; each once."""
    incident_id = desk.opened(FIGHT, corner(7, 2))
    desk.sent(incident_id, "P2", at_s=10)
    alarms = desk.run_until(600)
    assert [r.at_ms - START_MS for r in alarms] == [40_000, 70_000, 100_000]
    assert [r.actor for r in alarms] == ["timer"] * 3
    assert [names(r) for r in alarms] == [
        ["OrderUnsigned"],
        ["OrderUnsigned", "RecommendationMade"],
        ["OrderUnsigned"],
    ]
    offered = rankings(alarms)[0].candidates
    assert "P2" not in {candidate.unit_id for candidate in offered}
    assert desk.board.orders["J1-1"].state == "dispatched", "nothing reassigns itself"
    assert desk.run_until(10_000) == []


def test_a_signature_silences_the_alarm(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1", at_s=10)
    assert len(desk.run_until(45)) == 1
    desk.do(AcknowledgeOrder(order_id=order_id), at_s=50)
    later = [name for record in desk.run_until(10_000) for name in names(record)]
    assert later == ["AlarmRaised"], "signed and not moving is told, unsigned no more"


def test_a_late_feedback_is_alarmed_once_and_a_returned_one_again(desk):
    """Half an hour after the work the form is missing; later the desk wants it completed."""
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1", at_s=0)
    desk.do(ReportHandled(order_id=order_id), at_s=600)
    late = desk.run_until(20_000)
    assert [(names(r), r.at_ms - START_MS) for r in late] == [(["FeedbackOverdue"], 2_400_000)]
    feedback = GiveFeedback(order_id=order_id, incident_id="J1", disposition="warned")
    desk.do(feedback, at_s=20_100)
    desk.do(ReturnFeedback(order_id=order_id, reason="parties missing"), at_s=20_200)
    again = desk.run_until(40_000)
    assert [(names(r), r.at_ms - START_MS) for r in again] == [(["FeedbackOverdue"], 22_000_000)]
    desk.do(feedback)
    assert desk.run_until(100_000) == []


def test_a_crew_called_back_can_do_nothing_more_on_that_order(desk):
    """A nearer car is found; what the first crew still presses is refused in words."""
    incident_id = desk.opened(FIGHT, corner(4, 6))
    order_id = desk.sent(incident_id, "P2")
    desk.do(WithdrawUnit(order_id=order_id, reason="P3 is nearer"))
    desk.sent(incident_id, "P3")
    presses = [
        AcknowledgeOrder(order_id=order_id),
        ReportEnRoute(order_id=order_id),
        ReportArrival(order_id=order_id),
        ReportHandled(order_id=order_id),
        GiveFeedback(order_id=order_id, incident_id=incident_id, disposition="d"),
        ReturnFeedback(order_id=order_id, reason="r"),
        WithdrawUnit(order_id=order_id, reason="r"),
    ]
    for press in presses:
        refusal = desk.do(press).refusal
        assert refusal.code == "order_withdrawn"
        assert "P3 is nearer" in refusal.reason_en or "已撤回" in refusal.reason_zh
    assert desk.fix("P2", *corner(4, 6), at_s=60) is None, "nor does its position count"
    assert desk.board.incidents[incident_id].state == "dispatched"


def test_nobody_goes_home_on_an_open_order(desk):
    """The shift is over, the order is not; after the work the crew is relieved."""
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    assert desk.code(EndShift(unit_id="P1")) == "order_open"
    assert desk.code(StartShift(unit_id="P1", n_officers=2)) == "on_duty"
    desk.do(ReportHandled(order_id=order_id))
    assert names(desk.do(EndShift(unit_id="P1"))) == ["ShiftEnded"]
    assert names(desk.do(StartShift(unit_id="P1", n_officers=3)))[0] == "ShiftStarted"


def test_the_place_is_corrected_while_a_unit_drives_and_it_heads_for_the_new_one(desk):
    """The caller meant the other end of the street: destination and arrival both follow."""
    wrong, right = corner(4, 2), corner(4, 7)
    incident_id = desk.opened(FIGHT, wrong)
    order_id = desk.sent(incident_id, "P1")
    desk.do(ReportEnRoute(order_id=order_id))
    fleet, row = desk.board.fleet, desk.board.fleet.index["P1"]
    assert (fleet.dest_lat[row], fleet.dest_lon[row]) == wrong
    desk.do(PlaceIncident(incident_id=incident_id, lat=right[0], lon=right[1]))
    assert (fleet.dest_lat[row], fleet.dest_lon[row]) == right
    assert names(desk.fix("P1", *wrong, at_s=100)) == ["EtaUpdated"]
    assert names(desk.fix("P1", *right, at_s=200))[0] == "UnitArrived"


def test_a_grave_incident_stays_among_the_unsent_until_its_plan_is_full(desk):
    """Three cars are wanted: 1 of 3, 2 of 3; it is handled when the last of them is done."""
    incident_id = desk.opened(MURDER, corner(4, 4))
    orders = []
    for unit_id in ("P1", "P2", "P3"):
        assert incident_id in desk.board.waiting
        orders.append(desk.sent(incident_id, unit_id))
    assert incident_id not in desk.board.waiting
    states = []
    for order_id in orders:
        desk.do(ReportHandled(order_id=order_id))
        states.append(desk.board.incidents[incident_id].state)
    assert states == ["on_scene", "on_scene", "handled"]
