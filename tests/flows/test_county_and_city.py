"""A county desk hands an incident to the city and gets another back (县区移交), with receipts."""

import pytest
from toy_city import EAST_DESK, FIGHT, MURDER, START_MS, UNITS, Desk, corner, image

from kuaifan.vocabulary.alarm import TakeUpAlarm
from kuaifan.vocabulary.desk import (
    AcceptHandOver,
    HandOverIncident,
    RefuseHandOver,
    TakeOverIncident,
)

COUNTY_SCENE, CITY_SCENE = corner(4, 7), corner(4, 2)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def owner(desk, incident_id):
    return desk.board.incidents[incident_id].desk_id


def offer(desk, incident_id, to_desk_id, reason):
    command = HandOverIncident(incident_id=incident_id, to_desk_id=to_desk_id, reason=reason)
    assert desk.do(command).refusal is None


def test_the_county_hands_a_murder_up_and_gets_a_fight_back(desk):
    # A murder on the county's ground: the first place decides that the county's desk owns it.
    murder = desk.opened(MURDER, COUNTY_SCENE, at_s=10)
    assert owner(desk, murder) == EAST_DESK

    # The county sends the first unit and offers the rest to the city; it stays the owner meanwhile.
    order_id = desk.sent(murder, "P1", at_s=20)
    offer(desk, murder, "city", "beyond our forces")
    assert owner(desk, murder) == EAST_DESK
    desk.do(AcceptHandOver(incident_id=murder, by="city: Zhao"), at_s=45)
    assert owner(desk, murder) == "city"
    assert desk.board.incidents[murder].handed_at_ms == START_MS + 45_000
    assert desk.board.orders[order_id].is_active

    # A fight in the city spills over: the county signs for it.
    fight = desk.opened(FIGHT, CITY_SCENE, at_s=60)
    assert owner(desk, fight) == "city"
    offer(desk, fight, EAST_DESK, "they ran east")
    desk.do(AcceptHandOver(incident_id=fight, by="county: Qian"), at_s=70)
    assert owner(desk, fight) == EAST_DESK

    # Both receipts came in time: no hand-over ever rang.
    desk.run_until(600)
    assert not [key for key in desk.board.alarms if key.startswith("hand_over")]
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_the_city_sends_it_back_and_the_county_is_told(desk):
    fight = desk.opened(FIGHT, COUNTY_SCENE, at_s=10)
    offer(desk, fight, "city", "busy")
    desk.do(RefuseHandOver(incident_id=fight, by="city: Zhao", reason="yours"), at_s=30)
    assert owner(desk, fight) == EAST_DESK
    alarm_id = f"hand_over_refused:{fight}"
    assert alarm_id in desk.board.alarms

    # A person at the county takes it up: news is over by that.
    desk.do(TakeUpAlarm(alarm_id=alarm_id, by="county: Qian"))
    assert alarm_id not in desk.board.alarms
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_nobody_answers_the_offer_and_the_city_takes_it_with_a_reason(desk):
    fight = desk.opened(FIGHT, COUNTY_SCENE, at_s=10)
    desk.sent(fight, "P1")
    offer(desk, fight, "city", "busy")
    desk.run_until(10 + 60)
    alarm = desk.board.alarms[f"hand_over:{fight}"]
    assert (alarm.level, alarm.to) == (1, "dispatcher")
    desk.run_until(10 + 180)
    alarm = desk.board.alarms[f"hand_over:{fight}"]
    assert (alarm.level, alarm.to) == (2, "supervisor")
    assert owner(desk, fight) == EAST_DESK

    take = TakeOverIncident(incident_id=fight, by="city: chief Wang", reason="crowd is growing")
    desk.do(take)
    assert owner(desk, fight) == "city"
    assert f"hand_over:{fight}" not in desk.board.alarms
    assert image(desk.rebuilt()) == image(desk.engine.state)
