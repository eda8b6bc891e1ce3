"""Review (评查): after the last feedback, then closed, and nothing after that."""

import pytest
from toy_city import (
    BURGLARY,
    FIGHT,
    JAM,
    LOCKSMITH,
    MURDER,
    START_MS,
    UNITS,
    Desk,
    corner,
    image,
    names,
)

from kuaifan.board.closing_pace import MAX_PER_MINUTE
from kuaifan.vocabulary.incident import (
    CloseIncident,
    ReviewIncident,
    SettleByPhone,
    UpdateIncident,
)
from kuaifan.vocabulary.order import GiveFeedback, ReportHandled


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def review(incident_id="J1", **more):
    return ReviewIncident(incident_id=incident_id, reviewer_id="r1", **more)


def fed_back(desk):
    desk.fed_back(desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1"))
    return "J1"


def test_a_reviewer_may_correct_the_type_and_the_first_one_stays_on_record(desk):
    incident = desk.board.incidents[fed_back(desk)]
    desk.do(review(final_type_code=BURGLARY))
    assert (incident.state, incident.type_code) == ("reviewed", FIGHT)
    assert incident.final_type_code == BURGLARY


def test_without_a_correction_the_type_becomes_final(desk):
    fed_back(desk)
    assert desk.do(review()).events[0].final_type_code == FIGHT


def test_what_the_desk_settled_is_reviewed_without_a_feedback(desk):
    incident_id = desk.opened(LOCKSMITH, corner(4, 4))
    desk.do(SettleByPhone(incident_id=incident_id, disposition="referred"))
    assert names(desk.do(review(incident_id))) == ["IncidentReviewed"]


def test_a_review_waits_for_the_feedback_of_every_order(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    assert desk.code(review(incident_id)) == "not_fed_back"
    first, second = desk.sent(incident_id, "P1"), desk.sent(incident_id, "P2")
    desk.fed_back(first)
    assert desk.code(review(incident_id)) == "not_fed_back"
    desk.fed_back(second)
    desk.do(review(incident_id))


def test_a_review_is_done_once_on_a_known_incident_with_a_known_type(desk):
    fed_back(desk)
    assert desk.code(review("J9")) == "unknown_incident"
    assert desk.code(review(final_type_code="nonsense")) == "unknown_type"
    desk.do(review())
    assert desk.code(review()) == "not_fed_back"


def test_closing_follows_the_review_and_takes_the_result_of_the_last_feedback(desk):
    fed_back(desk)
    assert desk.code(CloseIncident(incident_id="J1")) == "not_reviewed"
    desk.do(review())
    desk.do(CloseIncident(incident_id="J1"), at_s=500)
    incident = desk.board.incidents["J1"]
    assert (incident.state, incident.disposition) == ("closed", "settled")
    assert incident.t10_ms == START_MS + 500_000


def test_the_feedback_given_last_counts_not_that_of_the_last_order(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    first, second, third = (desk.sent(incident_id, unit_id) for unit_id in ("P1", "P2", "P3"))
    for order_id, at_s in ((first, 100), (third, 200), (second, 300)):
        desk.do(ReportHandled(order_id=order_id), at_s=at_s)
        result = GiveFeedback(order_id=order_id, incident_id=incident_id, disposition=order_id)
        desk.do(result, at_s=at_s)
    desk.answered(incident_id)
    desk.do(review())
    assert desk.do(CloseIncident(incident_id=incident_id)).events[0].disposition == second


def test_whoever_closes_may_state_the_result(desk):
    fed_back(desk)
    desk.do(review())
    closing = CloseIncident(incident_id="J1", disposition="handed over")
    assert desk.do(closing).events[0].disposition == "handed over"


def test_nothing_is_reviewed_or_closed_twice_or_unknown(desk):
    fed_back(desk)
    desk.do(review())
    desk.do(CloseIncident(incident_id="J1"))
    assert desk.code(CloseIncident(incident_id="J1")) == "incident_over"
    assert desk.code(review()) == "incident_over"
    assert desk.code(CloseIncident(incident_id="J9")) == "unknown_incident"


def test_nobody_closes_a_heap_of_incidents_within_a_minute():
    desk = Desk()
    ready = [_reviewed(desk) for _ in range(MAX_PER_MINUTE + 2)]
    for incident_id in ready[:MAX_PER_MINUTE]:
        assert desk.do(CloseIncident(incident_id=incident_id, by="周敏")).refusal is None
    one_more = CloseIncident(incident_id=ready[-2], by="周敏")
    assert desk.code(one_more) == "closing_in_bulk"
    assert desk.do(CloseIncident(incident_id=ready[-1], by="何伟")).refusal is None
    assert image(desk.rebuilt()) == image(desk.engine.state)
    assert desk.do(one_more, at_s=desk.now_s + 61).refusal is None
    assert [each.by for each in desk.board.closings] == ["周敏"]


def test_the_type_it_was_opened_with_is_kept_beside_the_one_it_has():
    desk = Desk()
    incident_id = desk.opened(JAM, corner(4, 4))
    assert not desk.board.incidents[incident_id].first_type_code
    for type_code in (FIGHT, LOCKSMITH):
        desk.do(UpdateIncident(incident_id=incident_id, type_code=type_code))
    incident = desk.board.incidents[incident_id]
    assert (incident.first_type_code, incident.type_code) == (JAM, LOCKSMITH)


def _reviewed(desk):
    incident_id = desk.opened(LOCKSMITH)
    desk.do(SettleByPhone(incident_id=incident_id, disposition="by_phone", approved_by="s"))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    return incident_id
