"""Undo (撤销): ten seconds, once, and only what nobody else has touched."""

import pytest
from toy_city import FIGHT, JAM, MURDER, UNITS, Desk, corner

from kuaifan.vocabulary.incident import SetPriority, UpdateIncident
from kuaifan.vocabulary.order import AcknowledgeOrder, OrderWithdrawn, ReportArrival, WithdrawUnit
from kuaifan.vocabulary.undo import ActionUndone, Undo
from kuaifan.vocabulary.unit import SetUnitStatus, UnitStatusSet


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def test_an_order_undone_within_ten_seconds_is_withdrawn_and_the_unit_free(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1", at_s=10)
    record = desk.do(Undo(seq=desk.board.orders[order_id].seq), at_s=15)
    assert [type(event) for event in record.events][:2] == [ActionUndone, OrderWithdrawn]
    assert desk.board.orders[order_id].state == "withdrawn"
    assert desk.board.units["P1"].order_id == ""
    assert incident_id in desk.board.waiting


def test_a_status_and_a_priority_go_back_to_what_they_were(desk):
    before = desk.board.units["P1"].status
    meal = desk.do(SetUnitStatus(unit_id="P1", status="meal"), at_s=20)
    undone = desk.do(Undo(seq=meal.seq), at_s=21)
    assert undone.events[1] == UnitStatusSet(unit_id="P1", status=before, was="meal")

    incident_id = desk.opened(FIGHT, corner(4, 4))
    was = desk.board.incidents[incident_id].priority
    raised = desk.do(SetPriority(incident_id=incident_id, priority=1, reason="刀"), at_s=30)
    desk.do(Undo(seq=raised.seq), at_s=31)
    assert desk.board.incidents[incident_id].priority == was


def test_after_ten_seconds_it_is_too_late(desk):
    meal = desk.do(SetUnitStatus(unit_id="P1", status="meal"), at_s=20)
    assert desk.do(Undo(seq=meal.seq), at_s=31).refusal.code == "undo_too_late"


def test_an_order_signed_since_is_undone_as_a_withdrawal_that_the_crew_signs(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1", at_s=10)
    sent_seq = desk.board.orders[order_id].seq
    desk.do(AcknowledgeOrder(order_id=order_id), at_s=12)
    assert desk.do(Undo(seq=sent_seq), at_s=13).refusal is None
    order = desk.board.orders[order_id]
    assert (order.state, order.withdrawal_unsigned) == ("withdrawn", True)


def test_an_order_whose_crew_is_on_scene_is_not_undone(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1", at_s=10)
    sent_seq = desk.board.orders[order_id].seq
    desk.do(ReportArrival(order_id=order_id), at_s=12)
    assert desk.do(Undo(seq=sent_seq), at_s=13).refusal.code == "touched_since"


def test_nothing_is_undone_twice_and_nothing_that_is_no_action(desk):
    meal = desk.do(SetUnitStatus(unit_id="P1", status="meal"), at_s=20)
    assert desk.do(Undo(seq=meal.seq), at_s=21).refusal is None
    assert desk.do(Undo(seq=meal.seq), at_s=22).refusal.code == "nothing_to_undo"
    assert desk.do(Undo(seq=99_999), at_s=23).refusal.code == "nothing_to_undo"


def test_an_undo_can_be_taken_back_like_any_other_action(desk):
    meal = desk.do(SetUnitStatus(unit_id="P1", status="meal"), at_s=20)
    undone = desk.do(Undo(seq=meal.seq), at_s=21)
    again = desk.do(Undo(seq=undone.seq), at_s=22)
    assert again.refusal is None
    assert desk.board.units["P1"].status == "meal"


def test_a_raised_type_cannot_be_half_undone(desk):
    incident_id = desk.opened(JAM, corner(4, 4))
    updated = desk.do(UpdateIncident(incident_id=incident_id, type_code=MURDER), at_s=20)
    assert desk.board.incidents[incident_id].priority == 1
    assert desk.do(Undo(seq=updated.seq), at_s=21).refusal.code == "nothing_to_undo"
    assert desk.board.incidents[incident_id].priority == 1


def test_a_unit_sent_by_mistake_and_undone_is_offered_again(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    first = desk.board.incidents[incident_id].recommended_unit_ids[0]
    order_id = desk.sent(incident_id, first, at_s=10)
    desk.do(Undo(seq=desk.board.orders[order_id].seq), at_s=12)
    assert desk.board.incidents[incident_id].recommended_unit_ids[0] == first


def test_a_unit_called_back_is_offered_again_only_when_nobody_else_is_left():
    desk = Desk()
    desk.on_duty("P1", "P2")
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(WithdrawUnit(order_id=desk.sent(incident_id, "P1"), reason="puncture"))
    assert desk.board.incidents[incident_id].recommended_unit_ids == ["P2"]
    desk.do(WithdrawUnit(order_id=desk.sent(incident_id, "P2"), reason="puncture"))
    assert sorted(desk.board.incidents[incident_id].recommended_unit_ids) == ["P1", "P2"]
