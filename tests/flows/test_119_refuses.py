"""A fire, and 119 does not come (119 不受理): silent, then no, then a person decides."""

import pytest
from toy_city import START_MS, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.agency import (
    AcceptAgencyRequest,
    RefuseAgencyRequest,
    ReportAgencyArrival,
    RequestAgency,
)
from kuaifan.vocabulary.alarm import TakeUpAlarm
from kuaifan.vocabulary.incident import CloseIncident, ReviewIncident

FIRE = "040101"


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def state_of(desk, request_id):
    return desk.board.requests[request_id].state


def test_119_is_silent_then_refuses_and_is_asked_again(desk):
    # The place is known: 119 and 120 are told in the same moment; 120 takes it.
    fire = desk.opened(FIRE, corner(5, 3), at_s=0)
    to_119, to_120 = f"{fire}-A1", f"{fire}-A2"
    assert [desk.board.requests[each].agency for each in (to_119, to_120)] == ["119", "120"]
    desk.do(AcceptAgencyRequest(request_id=to_120, by="120 desk"), at_s=15)
    order_id = desk.sent(fire, "P1", at_s=20)

    # 119 says nothing: after a minute the desk is told, after three the supervisor.
    desk.run_until(60)
    alarm = desk.board.alarms[f"agency:{to_119}"]
    assert (alarm.level, alarm.to, alarm.incident_id) == (1, "dispatcher", fire)
    assert f"agency:{to_120}" not in desk.board.alarms
    desk.do(TakeUpAlarm(alarm_id=alarm.alarm_id, by="dispatcher Sun"), at_s=70)
    assert desk.board.alarms[alarm.alarm_id].taken_up_by == "dispatcher Sun"
    desk.run_until(180)
    alarm = desk.board.alarms[f"agency:{to_119}"]
    assert (alarm.level, alarm.to, alarm.taken_up_by) == (2, "supervisor", "")

    # 119 says no: the clock is answered, and a person must decide.
    no = RefuseAgencyRequest(request_id=to_119, by="119 desk", reason="every engine is out")
    record = desk.do(no, at_s=200)
    assert {"AgencyRefused", "AlarmRaised", "AlarmCleared"} <= set(names(record))
    refused = [key for key in desk.board.alarms if key.startswith("agency")]
    assert refused == [f"agency_refused:{to_119}"]

    # The supervisor sends one more unit of our own, and asks 119 once more.
    desk.sent(fire, "P2", at_s=210)
    record = desk.do(RequestAgency(incident_id=fire, agency="119", what="any engine"), at_s=220)
    assert "AlarmCleared" in names(record)
    again = f"{fire}-A3"
    desk.do(AcceptAgencyRequest(request_id=again, by="119 desk"), at_s=240)
    desk.do(ReportAgencyArrival(request_id=again), at_s=700)
    assert state_of(desk, again) == "arrived"
    assert desk.board.requests[again].arrived_at_ms == START_MS + 700_000
    assert not [key for key in desk.board.alarms if key.startswith("agency")]

    # With every answer in, the incident can be reviewed and closed.
    for each in list(desk.board.incidents[fire].order_ids):
        desk.fed_back(each)
    assert desk.board.orders[order_id].state == "fed_back"
    assert desk.do(ReviewIncident(incident_id=fire, reviewer_id="r")).refusal is None
    assert desk.do(CloseIncident(incident_id=fire)).refusal is None
    assert not [key for key in desk.board.alarms if fire in key]
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_an_unanswered_request_holds_the_review(desk):
    fire = desk.opened(FIRE, corner(5, 3), at_s=0)
    order_id = desk.sent(fire, "P1")
    desk.fed_back(order_id)
    told = desk.do(RequestAgency(incident_id=fire, agency="gas")).events[0].request_id
    record = desk.do(ReviewIncident(incident_id=fire, reviewer_id="r"))
    assert record.refusal.code == "agency_open"
    assert told in record.refusal.reason_en
    assert image(desk.rebuilt()) == image(desk.engine.state)
