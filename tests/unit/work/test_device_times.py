"""A phone's own time (手机时间): the true stamp where it can be true, marked where it cannot."""

import pytest
from msgspec.structs import replace
from toy_city import FIGHT, START_MS, UNITS, Desk, corner, image

from kuaifan.board.fold_orders import unit_arrived
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    GiveFeedback,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
    ReturnFeedback,
    UnitArrived,
)

SENT_S, HOUR_S, DAY_S = 100, 3_600, 86_400


def at(second):
    return START_MS + round(second * 1000)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


@pytest.fixture
def order(desk):
    incident_id = desk.opened(FIGHT, corner(4, 6), at_s=SENT_S)
    return desk.board.orders[desk.sent(incident_id, "P1", at_s=SENT_S)]


def test_queued_taps_keep_the_times_of_the_finger_and_are_marked_late(desk, order):
    one = order.order_id
    desk.do(AcknowledgeOrder(order_id=one, device_at_ms=at(110)), at_s=900)
    desk.do(ReportEnRoute(order_id=one, device_at_ms=at(130)), at_s=900)
    desk.do(ReportArrival(order_id=one, device_at_ms=at(400)), at_s=900)
    desk.do(ReportHandled(order_id=one, device_at_ms=at(895)), at_s=900)
    stamps = (order.t5_ms, order.t6_ms, order.t7_ms, order.t7_button_ms, order.t8_ms)
    assert stamps == (at(110), at(130), at(400), at(400), at(895))
    assert order.device_marks == dict.fromkeys(("acknowledged", "en_route", "on_scene"), "late")
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.mark.parametrize("off_s", [-DAY_S, DAY_S, -HOUR_S, HOUR_S])
def test_a_time_that_cannot_be_true_is_marked_and_the_receipt_holds(desk, order, off_s):
    said = at(300 + off_s)
    record = desk.do(AcknowledgeOrder(order_id=order.order_id, device_at_ms=said), at_s=300)
    assert (order.t5_ms, order.device_marks) == (at(300), {"acknowledged": "clock_off"})
    assert record.events[0].device_at_ms == said


def test_a_stage_never_lies_before_the_one_before_it(desk, order):
    desk.do(AcknowledgeOrder(order_id=order.order_id, device_at_ms=at(200)), at_s=300)
    desk.do(ReportEnRoute(order_id=order.order_id, device_at_ms=at(150)), at_s=300)
    assert order.t6_ms == order.t5_ms == at(200)


def test_a_tap_that_comes_after_the_position_fills_its_stamp_and_moves_nothing_back(desk, order):
    desk.do(ReportArrival(order_id=order.order_id, source="gps"), at_s=500)
    desk.do(ReportEnRoute(order_id=order.order_id, device_at_ms=at(130)), at_s=900)
    desk.do(AcknowledgeOrder(order_id=order.order_id, device_at_ms=at(110)), at_s=900)
    assert (order.t5_ms, order.t6_ms, order.t7_ms) == (at(110), at(130), at(500))
    assert order.state == "on_scene"
    again = AcknowledgeOrder(order_id=order.order_id, device_at_ms=at(111))
    assert desk.code(again) == "already_acknowledged"
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_a_tap_made_after_a_later_stage_is_going_back(desk, order):
    desk.do(ReportArrival(order_id=order.order_id), at_s=500)
    later = ReportEnRoute(order_id=order.order_id, device_at_ms=at(600))
    assert desk.code(later, at_s=700) == "already_en_route"
    assert desk.code(ReportEnRoute(order_id=order.order_id), at_s=700) == "already_en_route"


def test_the_button_was_first_where_the_phone_says_so(desk, order):
    desk.do(ReportArrival(order_id=order.order_id, source="gps"), at_s=500)
    desk.do(ReportArrival(order_id=order.order_id, device_at_ms=at(480)), at_s=900)
    assert (order.t7_ms, order.t7_source) == (at(480), "button")
    assert (order.t7_gps_ms, order.t7_button_ms) == (at(500), at(480))


def test_a_feedback_has_the_time_it_was_written(desk, order):
    desk.do(ReportHandled(order_id=order.order_id), at_s=600)
    given = GiveFeedback(
        order_id=order.order_id, incident_id="J1", disposition="warned", device_at_ms=at(700)
    )
    desk.do(given, at_s=1_000)
    assert (order.t9_ms, order.device_marks) == (at(700), {"fed_back": "late"})


def test_the_mark_is_that_of_the_arrival_which_counts(desk, order):
    desk.do(ReportArrival(order_id=order.order_id, source="gps"), at_s=500)
    desk.do(ReportArrival(order_id=order.order_id, device_at_ms=at(-HOUR_S)), at_s=900)
    assert (order.t7_ms, order.t7_source, order.device_marks) == (at(500), "gps", {})


def test_an_earlier_arrival_that_holds_takes_the_mark_of_the_other_away(desk, order):
    desk.do(ReportArrival(order_id=order.order_id, device_at_ms=at(-HOUR_S)), at_s=500)
    assert order.device_marks == {"on_scene": "clock_off"}
    found = {"order_id": order.order_id, "incident_id": "J1", "source": "gps"}
    unit_arrived(desk.board, UnitArrived(**found, stamp_at_ms=at(490)), at(500))
    assert (order.t7_ms, order.device_marks) == (at(490), {})


def test_a_feedback_that_was_returned_takes_its_mark_along(desk, order):
    one = order.order_id
    desk.do(ReportHandled(order_id=one), at_s=600)
    given = GiveFeedback(order_id=one, incident_id="J1", disposition="warned")
    desk.do(replace(given, device_at_ms=at(700)), at_s=1_000)
    desk.do(ReturnFeedback(order_id=one, reason="say who"), at_s=1_100)
    assert (order.t9_ms, order.device_marks) == (0, {})
    desk.do(given, at_s=1_200)
    assert (order.t9_ms, order.device_marks) == (at(1_200), {})
    assert image(desk.rebuilt()) == image(desk.engine.state)
