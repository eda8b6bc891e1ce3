"""A crew that does not answer (无应答警组): every clock rings once, and people decide."""

import pytest
from toy_city import FIGHT, START_MS, UNITS, Desk, corner, image

from kuaifan.vocabulary.alarm import AlarmRaised
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    OrderUnsigned,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
    WithdrawUnit,
)
from kuaifan.vocabulary.voice import EnterVoiceReport


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


@pytest.fixture
def order(desk):
    return desk.board.orders[desk.sent(desk.opened(FIGHT, corner(7, 4)), "P2", at_s=100)]


def seconds(record):
    return (record.at_ms - START_MS) / 1000


def rung(records):
    """Seconds, kind, level and addressee of every alarm about an order."""
    return [
        (seconds(r), e.kind, e.level, e.to)
        for r in records
        for e in r.events
        if isinstance(e, AlarmRaised) and e.order_id
    ]


def test_nobody_signs_and_the_next_unit_goes_when_a_person_says_so(desk, order):
    urged = [
        (seconds(record), event.level)
        for record in desk.run_until(1_000)
        for event in record.events
        if isinstance(event, OrderUnsigned)
    ]
    assert urged == [(130, 1), (160, 2), (190, 3)]

    # Offered, not sent: the crew that does not answer still has the order.
    incident = desk.board.incidents[order.incident_id]
    assert "P2" not in incident.recommended_unit_ids
    assert (order.state, incident.order_ids) == ("dispatched", [order.order_id])

    # A person calls it back and sends the next one.
    desk.do(WithdrawUnit(order_id=order.order_id, reason="no answer"), at_s=1_010)
    best = incident.recommended_unit_ids[0]
    assert best != "P2"
    second = desk.sent(incident.incident_id, best, at_s=1_020)
    desk.do(AcknowledgeOrder(order_id=second), at_s=1_025)
    assert incident.state == "acknowledged"
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_a_crew_that_signs_and_goes_silent_is_missed_at_every_stage_once(desk, order):
    # Signed, and no wheels.
    desk.do(AcknowledgeOrder(order_id=order.order_id), at_s=110)
    assert rung(desk.run_until(900)) == [(230, "not_moving", 1, "dispatcher")]

    # On its way, and long past the time it was expected.
    desk.do(ReportEnRoute(order_id=order.order_id), at_s=1_000)
    assert f"not_moving:{order.order_id}" not in desk.board.alarms
    expected_s = 1_000 + order.travel_ms / 1000 + 120
    assert rung(desk.run_until(2_000)) == [(expected_s, "eta_passed", 1, "dispatcher")]

    # There, and not a word: after half an hour, and an hour.
    desk.do(ReportArrival(order_id=order.order_id), at_s=2_000)
    assert rung(desk.run_until(3_900)) == [(3_800, "silent_on_scene", 1, "dispatcher")]
    desk.do(EnterVoiceReport(text="call P2 平安", entered_by="Li"), at_s=4_000)
    assert f"silent_on_scene:{order.order_id}" not in desk.board.alarms
    assert rung(desk.run_until(8_000)) == [
        (5_800, "silent_on_scene", 1, "dispatcher"),
        (7_600, "silent_on_scene", 2, "supervisor"),
    ]
    assert rung(desk.run_until(20_000)) == []

    # Done: nothing about it rings or stands any more.
    desk.do(ReportHandled(order_id=order.order_id), at_s=20_010)
    standing = [a for a in desk.board.alarms.values() if a.order_id == order.order_id]
    assert standing == []
    assert image(desk.engine.state) == image(desk.rebuilt())
