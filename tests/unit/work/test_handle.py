"""Handle (处警): done, fed back in time, returned, and never on a withdrawn order."""

import pytest
from toy_city import FIGHT, MURDER, START_MS, UNITS, Desk, corner, names

from kuaifan.vocabulary.incident import MergeIncident, ReviewIncident
from kuaifan.vocabulary.order import (
    CheckFeedback,
    GiveFeedback,
    Party,
    ReportHandled,
    ReturnFeedback,
    WithdrawUnit,
)

FEEDBACK_DUE_S = 1_800


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


@pytest.fixture
def order_id(desk):
    return desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1")


def feedback(order_id, incident_id="J1", **more):
    return GiveFeedback(order_id=order_id, incident_id=incident_id, disposition="mediated", **more)


def test_a_handled_order_frees_its_unit_which_is_on_its_way_back(desk, order_id):
    record = desk.do(ReportHandled(order_id=order_id), at_s=600)
    assert names(record) == ["OrderHandled"]
    unit, order = desk.board.units["P1"], desk.board.orders[order_id]
    assert (unit.order_id, unit.status, order.t8_ms) == ("", "returning", START_MS + 600_000)
    assert desk.board.fleet.available()[desk.board.fleet.index["P1"]]


def test_an_order_is_handled_once_and_only_while_it_stands(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    assert desk.code(ReportHandled(order_id=order_id)) == "already_handled"
    assert desk.code(ReportHandled(order_id="J9-1")) == "unknown_order"
    other = desk.sent(desk.opened(FIGHT, corner(4, 6)), "P2")
    desk.do(WithdrawUnit(order_id=other, reason="r"))
    assert desk.code(ReportHandled(order_id=other)) == "order_withdrawn"


def test_a_feedback_keeps_story_parties_and_counts(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    party = Party(role="victim", name="李某", phone="137")
    desk.do(feedback(order_id, story="双方和解", parties=(party,), n_rescued=1))
    order = desk.board.orders[order_id]
    assert (order.disposition, order.story) == ("mediated", "双方和解")
    assert (order.parties, order.n_rescued) == ((party,), 1)
    assert (order.state, desk.board.incidents["J1"].state) == ("fed_back", "fed_back")


def test_feedback_follows_handled_belongs_to_its_incident_and_is_given_once(desk, order_id):
    assert desk.code(feedback(order_id)) == "not_handled"
    desk.do(ReportHandled(order_id=order_id))
    assert desk.code(feedback(order_id, incident_id="J2")) == "wrong_incident"
    desk.do(feedback(order_id))
    assert desk.code(feedback(order_id)) == "already_fed_back"
    assert desk.code(feedback("J9-1")) == "unknown_order"


def test_no_feedback_on_a_withdrawn_order(desk, order_id):
    desk.do(WithdrawUnit(order_id=order_id, reason="r"))
    assert desk.code(feedback(order_id)) == "order_withdrawn"
    assert desk.code(ReturnFeedback(order_id=order_id, reason="r")) == "order_withdrawn"
    assert desk.code(CheckFeedback(order_id=order_id)) == "order_withdrawn"


def test_a_returned_feedback_is_open_again_and_can_be_given_anew(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    desk.do(feedback(order_id))
    desk.do(ReturnFeedback(order_id=order_id, reason="no names"))
    order = desk.board.orders[order_id]
    assert (order.state, order.t9_ms, desk.board.incidents["J1"].state) == ("handled", 0, "handled")
    desk.do(feedback(order_id, story="completed"))
    assert (order.story, order.state) == ("completed", "fed_back")


def test_one_feedback_is_returned_while_the_other_units_are_still_at_work(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    done, _ = desk.sent(incident_id, "P1"), desk.sent(incident_id, "P2")
    desk.do(ReportHandled(order_id=done))
    desk.do(feedback(done))
    assert names(desk.do(ReturnFeedback(order_id=done, reason="r"))) == ["FeedbackReturned"]


def test_there_is_nothing_to_return_before_a_feedback_or_after_the_review(desk, order_id):
    back = ReturnFeedback(order_id=order_id, reason="r")
    assert desk.code(back) == "nothing_to_return"
    desk.do(ReportHandled(order_id=order_id))
    desk.do(feedback(order_id))
    desk.do(ReviewIncident(incident_id="J1", reviewer_id="r"))
    assert desk.code(back) == "nothing_to_return"
    assert desk.code(ReturnFeedback(order_id="J9-1", reason="r")) == "unknown_order"


def test_there_is_nothing_to_return_on_what_was_merged(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    desk.do(feedback(order_id))
    main = desk.opened(FIGHT, corner(4, 6))
    desk.do(MergeIncident(incident_id="J1", into_incident_id=main))
    assert desk.code(ReturnFeedback(order_id=order_id, reason="r")) == "nothing_to_return"


def test_a_feedback_is_overdue_once(desk, order_id):
    desk.do(ReportHandled(order_id=order_id), at_s=100)
    records = desk.run_until(10 * FEEDBACK_DUE_S)
    assert [(names(r), r.at_ms - START_MS) for r in records] == [
        (["FeedbackOverdue"], (100 + FEEDBACK_DUE_S) * 1000)
    ]
    assert desk.board.orders[order_id].feedback_overdue


def test_a_feedback_in_time_stops_the_clock_and_a_returned_one_starts_it_again(desk, order_id):
    desk.do(ReportHandled(order_id=order_id), at_s=100)
    desk.do(feedback(order_id), at_s=200)
    assert desk.run_until(10_000) == []
    desk.do(ReturnFeedback(order_id=order_id, reason="r"), at_s=10_100)
    records = desk.run_until(20_000)
    assert [r.at_ms - START_MS for r in records] == [(10_100 + FEEDBACK_DUE_S) * 1000]


def test_a_check_after_the_feedback_finds_nothing_to_say(desk, order_id):
    desk.do(ReportHandled(order_id=order_id))
    desk.do(feedback(order_id))
    assert desk.do(CheckFeedback(order_id=order_id)).events == ()
    assert desk.code(CheckFeedback(order_id="J9-1")) == "unknown_order"
