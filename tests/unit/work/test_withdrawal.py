"""A withdrawal (撤回): who had read the order signs that it is void; who had not never had it."""

import pytest
from toy_city import FIGHT, MURDER, UNITS, Desk, corner, image
from watched_desk import Watched

from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    AcknowledgeWithdrawal,
    AssignUnit,
    ReportEnRoute,
    WithdrawUnit,
)
from kuaifan.vocabulary.reinforce import DivertUnit
from kuaifan.vocabulary.unit import EndShift, HandOverShift, ShiftEnded, StartShift
from kuaifan.vocabulary.voice import EnterVoiceReport


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def withdrawn(desk, *steps):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    for step in steps:
        desk.do(step(order_id=order_id))
    desk.do(WithdrawUnit(order_id=order_id, reason="not needed"))
    return order_id


def test_a_crew_that_had_signed_signs_the_withdrawal_and_is_free_at_once(desk):
    order_id = withdrawn(desk, AcknowledgeOrder)
    assert desk.board.orders[order_id].withdrawal_unsigned
    assert desk.board.units["P1"].unsigned_withdrawal_ids == [order_id]
    assert desk.board.units["P1"].order_id == ""
    desk.do(AcknowledgeWithdrawal(order_id=order_id))
    assert not desk.board.orders[order_id].withdrawal_unsigned
    assert desk.board.units["P1"].unsigned_withdrawal_ids == []
    assert desk.code(AcknowledgeWithdrawal(order_id=order_id)) == "already_signed"


def test_an_order_that_nobody_had_read_leaves_nothing_to_sign(desk):
    order_id = withdrawn(desk)
    assert not desk.board.orders[order_id].withdrawal_unsigned
    assert desk.code(AcknowledgeWithdrawal(order_id=order_id)) == "already_signed"


def test_an_order_that_stands_has_no_withdrawal_to_sign(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    assert desk.code(AcknowledgeWithdrawal(order_id=order_id)) == "not_withdrawn"


def test_a_crew_that_is_diverted_signs_its_new_order_only(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P2")
    desk.do(ReportEnRoute(order_id=order_id))
    grave = desk.opened(MURDER, corner(7, 3))
    desk.do(DivertUnit(unit_id="P2", incident_id=grave, reason="nearer", by="D1"))
    assert not desk.board.orders[order_id].withdrawal_unsigned
    assert desk.board.orders[f"{grave}-1"].sent_by == "D1"


def test_on_the_radio_a_read_back_signs_the_withdrawal(desk):
    order_id = withdrawn(desk, AcknowledgeOrder)
    desk.do(EnterVoiceReport(text="P1 收到", entered_by="D1"))
    assert not desk.board.orders[order_id].withdrawal_unsigned


def test_on_the_radio_a_new_order_is_read_back_before_an_old_withdrawal(desk):
    old_id = withdrawn(desk, AcknowledgeOrder)
    new_id = desk.sent(desk.opened(FIGHT, corner(4, 5)), "P1")
    desk.do(EnterVoiceReport(text="P1 收到", entered_by="D1"))
    assert desk.board.orders[new_id].state == "acknowledged"
    desk.do(EnterVoiceReport(text="P1 收到", entered_by="D1"))
    assert not desk.board.orders[old_id].withdrawal_unsigned


def test_the_next_shift_has_nothing_of_the_last_one_to_sign(desk):
    withdrawn(desk, AcknowledgeOrder)
    desk.do(EndShift(unit_id="P1"))
    desk.do(StartShift(unit_id="P1", n_officers=2))
    assert desk.board.units["P1"].unsigned_withdrawal_ids == []


def test_what_a_crew_that_went_home_has_not_signed_rings_for_nobody(desk):
    order_id = withdrawn(desk, AcknowledgeOrder)
    desk.run_until(desk.now_s + 70)
    assert desk.board.alarms[f"withdrawal:{order_id}"].level == 2
    desk.do(EndShift(unit_id="P1"))
    assert f"withdrawal:{order_id}" not in desk.board.alarms
    assert not desk.board.orders[order_id].withdrawal_unsigned
    assert desk.board.units["P1"].unsigned_withdrawal_ids == []


def test_a_crew_that_goes_home_before_the_clock_rings_leaves_no_alarm(desk):
    withdrawn(desk, AcknowledgeOrder)
    desk.do(EndShift(unit_id="P1"))
    desk.run_until(desk.now_s + 300)
    assert not [alarm for alarm in desk.board.alarms if alarm.startswith("withdrawal:")]


def test_the_next_crew_signs_what_was_handed_over_to_it(desk):
    order_id = withdrawn(desk, AcknowledgeOrder)
    desk.run_until(desk.now_s + 70)
    desk.do(HandOverShift(unit_id="P1", n_officers=2, handed_by="Li", taken_by="Wang"))
    assert desk.board.units["P1"].unsigned_withdrawal_ids == [order_id]
    desk.do(AcknowledgeWithdrawal(order_id=order_id))
    assert f"withdrawal:{order_id}" not in desk.board.alarms


def test_an_alarm_that_an_old_log_left_standing_ends_with_the_next_shift():
    old = Watched()
    old.on_duty("P1")
    order_id = withdrawn(old, AcknowledgeOrder)
    old.run_until(old.now_s + 70)
    old.told(ShiftEnded(unit_id="P1"))
    old.do(StartShift(unit_id="P1", n_officers=2))
    assert f"withdrawal:{order_id}" not in old.board.alarms
    assert old.seen == old.fresh()


def test_who_comes_second_is_told_who_has_sent_the_unit(desk):
    first, second = desk.opened(FIGHT, corner(4, 4)), desk.opened(FIGHT, corner(5, 5))
    desk.do(AssignUnit(incident_id=first, unit_id="P1", by="D1"))
    refusal = desk.do(AssignUnit(incident_id=second, unit_id="P1", by="D2")).refusal
    assert refusal.code == "unit_not_available"
    assert "D1" in refusal.reason_zh
    assert first in refusal.reason_zh
    assert "sent by D1" in refusal.reason_en
