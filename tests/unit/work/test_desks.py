"""Desks (指挥席): offered with a receipt, sent back, taken up to the city's."""

import pytest
from toy_city import EAST_DESK, FIGHT, LOCKSMITH, START_MS, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.desk import (
    AcceptHandOver,
    HandOverIncident,
    RefuseHandOver,
    TakeOverIncident,
)
from kuaifan.vocabulary.incident import CloseIncident, ReviewIncident, SettleByPhone

OFFER = HandOverIncident(incident_id="J1", to_desk_id=EAST_DESK, reason="their ground")
ACCEPT = AcceptHandOver(incident_id="J1", by="officer Li")
REFUSE = RefuseHandOver(incident_id="J1", by="officer Li", reason="not ours")
TAKE = TakeOverIncident(incident_id="J1", by="chief Wang", reason="grave")


@pytest.fixture
def desk():
    """A desk with incident J1 on the city desk's ground."""
    desk = Desk()
    desk.on_duty(*UNITS)
    desk.opened(FIGHT, corner(4, 2), at_s=0)
    return desk


def owner(desk):
    incident = desk.board.incidents["J1"]
    return incident.desk_id, incident.to_desk_id


def test_the_owner_stays_until_the_receipt(desk):
    assert names(desk.do(OFFER)) == ["HandOverOffered"]
    assert owner(desk) == ("city", EAST_DESK)
    record = desk.do(ACCEPT, at_s=40)
    assert (record.events[0].from_desk_id, record.events[0].by) == ("city", "officer Li")
    assert owner(desk) == (EAST_DESK, "")
    incident = desk.board.incidents["J1"]
    assert (incident.handed_at_ms, incident.seq) == (START_MS + 40_000, record.seq)


def test_a_refusal_leaves_it_and_alarms_until_it_is_offered_again(desk):
    desk.do(OFFER)
    assert names(desk.do(REFUSE)) == ["HandOverRefused", "AlarmRaised"]
    assert owner(desk) == ("city", "")
    assert desk.board.alarms["hand_over_refused:J1"].incident_id == "J1"
    assert "AlarmCleared" in names(desk.do(OFFER))
    assert owner(desk) == ("city", EAST_DESK)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (HandOverIncident(incident_id="J1", to_desk_id="moon", reason="r"), "unknown_desk"),
        (HandOverIncident(incident_id="J1", to_desk_id="city", reason="r"), "same_desk"),
        (HandOverIncident(incident_id="J1", to_desk_id=EAST_DESK, reason=""), "reason_needed"),
        (HandOverIncident(incident_id="J9", to_desk_id=EAST_DESK, reason="r"), "unknown_incident"),
        (ACCEPT, "no_hand_over"),
        (REFUSE, "no_hand_over"),
        (TAKE, "already_ours"),
    ],
)
def test_what_cannot_be_offered_answered_or_taken_is_refused(desk, command, code):
    assert desk.code(command) == code
    assert owner(desk) == ("city", "")


def test_one_offer_at_a_time_and_it_is_answered_by_name(desk):
    desk.do(OFFER)
    assert desk.code(OFFER) == "hand_over_open"
    assert desk.code(AcceptHandOver(incident_id="J1", by="")) == "no_name"
    assert desk.code(RefuseHandOver(incident_id="J1", by="", reason="r")) == "no_name"
    assert desk.code(RefuseHandOver(incident_id="J1", by="b", reason="")) == "reason_needed"
    desk.do(ACCEPT)
    assert desk.code(ACCEPT) == "no_hand_over"


def test_the_city_desk_takes_over_with_a_name_and_a_reason(desk):
    desk.do(OFFER)
    desk.do(ACCEPT)
    assert desk.code(TakeOverIncident(incident_id="J1", by="b", reason="")) == "reason_needed"
    assert desk.code(TakeOverIncident(incident_id="J1", by="", reason="r")) == "no_name"
    event = desk.do(TAKE).events[0]
    assert (event.from_desk_id, event.to_desk_id, event.reason) == (EAST_DESK, "city", "grave")
    assert owner(desk) == ("city", "")


def test_taking_over_ends_an_offer_that_nobody_answers(desk):
    desk.do(OFFER)
    desk.do(TAKE)
    assert owner(desk) == ("city", "")
    assert desk.code(ACCEPT) == "no_hand_over"


def test_a_handled_incident_is_ended_by_its_own_desk(desk):
    desk.fed_back(desk.sent("J1", "P1"))
    assert desk.code(OFFER) == "incident_handled"


@pytest.mark.parametrize("command", [OFFER, ACCEPT, REFUSE, TAKE])
def test_what_is_over_belongs_to_nobody_else(command):
    desk = Desk()
    desk.opened(LOCKSMITH, corner(4, 2))
    desk.do(SettleByPhone(incident_id="J1", disposition="d"))
    desk.do(ReviewIncident(incident_id="J1", reviewer_id="r"))
    desk.do(CloseIncident(incident_id="J1"))
    assert desk.code(command) == "incident_over"


def test_what_desks_do_is_found_again_after_a_restart(desk):
    for command in (OFFER, REFUSE, OFFER, ACCEPT, TAKE):
        desk.do(command)
    assert image(desk.rebuilt()) == image(desk.engine.state)
