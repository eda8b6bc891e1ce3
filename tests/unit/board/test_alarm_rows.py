"""Alarms on the screens (告警行): every kind is seen, says what it is about, and leaves."""

from typing import get_args

import pytest
from toy_city import FIGHT, START_MS, UNITS, corner
from watched_desk import Watched

from kuaifan.board.alarms import TEXTS
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary.agency import AcceptAgencyRequest, RequestAgency
from kuaifan.vocabulary.call import HangUpCall
from kuaifan.vocabulary.incident import SetPriority


@pytest.fixture
def desk():
    desk = Watched()
    desk.on_duty(*UNITS)
    return desk


def test_every_kind_has_its_words_in_both_languages():
    kinds = {*get_args(alarms.ClockKind), *get_args(alarms.NewsKind)}
    assert kinds == TEXTS.keys()
    assert all(zh and en for zh, en in TEXTS.values())


@pytest.mark.parametrize("kind", get_args(alarms.NewsKind))
def test_news_is_a_row_until_a_person_has_taken_it_up(desk, kind):
    incident_id = desk.opened(FIGHT, corner(4, 4), at_s=10)
    news = alarms.RaiseAlarm(kind=kind, subject_id=incident_id, incident_id=incident_id)
    desk.do(news, at_s=20)
    row = desk.row("alarms", f"{kind}:{incident_id}")
    assert (row.kind, row.level, row.to, row.taken_up_by) == (kind, 1, "dispatcher", "")
    assert (row.incident_id, row.since_ms) == (incident_id, START_MS + 20_000)
    assert "{" not in row.text_zh + row.text_en
    desk.do(alarms.TakeUpAlarm(alarm_id=row.key, by="Zhao"))
    assert row.key not in desk.keys("alarms")


def test_a_clock_stays_with_the_name_of_who_took_it_up(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4), at_s=0)
    told = desk.do(RequestAgency(incident_id=incident_id, agency="gas"), at_s=0)
    request_id = told.events[0].request_id
    desk.pass_time(60)
    key = f"agency:{request_id}"
    assert "燃气抢修" in desk.row("alarms", key).text_zh
    desk.do(alarms.TakeUpAlarm(alarm_id=key, by="Zhao"), at_s=70)
    assert desk.row("alarms", key).taken_up_by == "Zhao"
    desk.pass_time(180)
    row = desk.row("alarms", key)
    assert (row.level, row.to, row.taken_up_by) == (2, "supervisor", "")
    desk.do(AcceptAgencyRequest(request_id=request_id, by="gas"))
    assert key not in desk.keys("alarms")


def test_the_words_of_a_waiting_incident_follow_it(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4), at_s=0)
    desk.pass_time(110)
    assert "P3" in desk.row("alarms", f"queue:{incident_id}").text_en
    desk.do(SetPriority(incident_id=incident_id, priority=2, reason="knife"))
    assert "P2" in desk.row("alarms", f"queue:{incident_id}").text_en


def test_a_missed_call_is_one_alarm_first_by_itself_then_by_its_clock(desk):
    call_id = desk.rang(at_s=0)
    desk.do(HangUpCall(call_id=call_id), at_s=5)
    assert desk.keys("alarms") == [f"abandoned:{call_id}"]
    desk.pass_time(65)
    assert desk.keys("alarms") == [f"call_back:{call_id}"]
    assert desk.row("alarms", f"call_back:{call_id}").call_id == call_id


def test_a_screen_that_comes_late_sees_what_stands(desk):
    desk.opened(FIGHT, corner(4, 4), at_s=0)
    desk.pass_time(400)
    assert desk.fresh() == desk.seen
    assert "queue:J1" in desk.keys("alarms")
