"""Amend (变更下达): a changed place, type or danger reaches every crew and is signed again."""

import pytest
from toy_city import BURGLARY, FIGHT, MURDER, UNITS, Desk, corner, image, names

from kuaifan.board.view_builders import incident_row
from kuaifan.vocabulary.facts import RecordFact
from kuaifan.vocabulary.incident import PlaceIncident, UpdateIncident
from kuaifan.vocabulary.order import (
    GiveFeedback,
    ReportArrival,
    ReportHandled,
    WithdrawUnit,
)
from kuaifan.vocabulary.reinforce import AcknowledgeAmendment, AmendOrders


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def place(incident_id, spot):
    return PlaceIncident(incident_id=incident_id, lat=spot[0], lon=spot[1])


def sign(order_id, amendment_no):
    return AcknowledgeAmendment(order_id=order_id, amendment_no=amendment_no)


def amended(record):
    return [(e.order_id, e.what) for e in record.events if type(e).__name__ == "OrderAmended"]


def test_another_place_reaches_every_crew_on_scene_too_and_is_ranked_anew(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    orders = [desk.sent(incident_id, unit_id) for unit_id in ("P1", "P2", "P3")]
    desk.do(ReportArrival(order_id=orders[0]))
    assert incident_id not in desk.board.waiting
    record = desk.do(place(incident_id, corner(7, 2)), at_s=50)
    assert amended(record) == [(order_id, "place") for order_id in orders]
    assert "RecommendationMade" in names(record)
    order = desk.board.orders[orders[0]]
    assert (order.amendment_no, order.amendment_signed_no) == (1, 0)
    assert order.amended_at_ms == record.at_ms
    assert desk.board.incidents[incident_id].n_amendments == 1


def test_the_same_place_again_is_no_change(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.sent(incident_id, "P1")
    assert amended(desk.do(place(incident_id, corner(4, 4)))) == []


def test_a_crew_sent_before_the_place_was_known_hears_it(desk):
    incident_id = desk.opened(FIGHT)
    order_id = desk.sent(incident_id, "P1")
    assert amended(desk.do(place(incident_id, corner(4, 4)))) == [(order_id, "place")]


def test_danger_reaches_every_crew_and_a_no_or_another_fact_does_not(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")
    yes = desk.do(RecordFact(incident_id=incident_id, fact="weapon", answer="yes"))
    assert (order_id, "danger") in amended(yes)
    for fact, answer in (("fire", "no"), ("child", "yes")):
        record = desk.do(RecordFact(incident_id=incident_id, fact=fact, answer=answer))
        assert (order_id, "danger") not in amended(record)


def test_danger_where_nobody_is_out_is_told_to_nobody(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert amended(desk.do(RecordFact(incident_id=incident_id, fact="fire", answer="yes"))) == []


def test_another_type_reaches_every_crew_and_the_story_alone_does_not(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")
    assert amended(desk.do(UpdateIncident(incident_id=incident_id, narrative="two men"))) == []
    record = desk.do(UpdateIncident(incident_id=incident_id, type_code=BURGLARY))
    assert amended(record) == [(order_id, "type")]


def test_the_last_change_is_signed_once(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")
    assert desk.code(sign(order_id, 0)) == "no_amendment"
    desk.do(place(incident_id, corner(4, 5)))
    desk.do(place(incident_id, corner(4, 6)))
    assert desk.code(sign(order_id, 1)) == "not_the_last"
    record = desk.do(sign(order_id, 2))
    assert record.events[0].source == "button"
    assert desk.board.orders[order_id].amendment_signed_no == 2
    assert desk.code(sign(order_id, 2)) == "already_signed"


def test_an_unsigned_change_alarms_until_it_is_signed(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4), at_s=0)
    order_id = desk.sent(incident_id, "P1")
    desk.do(ReportArrival(order_id=order_id), at_s=10)
    desk.do(place(incident_id, corner(4, 5)), at_s=20)
    desk.run_until(51)
    assert f"amendment:{order_id}" in desk.board.alarms
    desk.do(sign(order_id, 1))
    assert f"amendment:{order_id}" not in desk.board.alarms


def test_who_has_done_its_part_or_was_called_back_is_told_nothing(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    done, gone, there = (desk.sent(incident_id, unit_id) for unit_id in ("P1", "P2", "P3"))
    desk.do(ReportHandled(order_id=done))
    desk.do(WithdrawUnit(order_id=gone, reason="r"))
    assert amended(desk.do(place(incident_id, corner(4, 5)))) == [(there, "place")]
    assert desk.code(sign(done, 1)) == "order_done"
    assert desk.code(sign(gone, 1)) == "order_withdrawn"
    assert desk.code(sign("J9-1", 1)) == "unknown_order"


def test_telling_nobody_is_no_change(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert desk.do(AmendOrders(incident_id=incident_id, what="danger")).events == ()
    assert desk.code(AmendOrders(incident_id="J9", what="danger")) == "unknown_incident"


def test_the_screens_show_what_was_skipped_and_what_is_to_be_signed(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")

    def row():
        return incident_row(desk.board, incident_id, None).orders[0]

    assert row().skipped == ()
    desk.do(ReportArrival(order_id=order_id))
    assert row().skipped == ("acknowledged", "en_route")
    desk.do(place(incident_id, corner(4, 5)))
    assert (row().amendment_no, row().amendment_signed_no) == (1, 0)
    desk.do(ReportHandled(order_id=order_id, source="voice"))
    order = desk.board.orders[order_id]
    assert (order.t5_source, order.t6_source, order.t8_source) == (None, None, "voice")
    desk.do(GiveFeedback(order_id=order_id, incident_id=incident_id, disposition="d"))
    assert row().skipped == ("acknowledged", "en_route")
