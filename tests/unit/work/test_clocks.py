"""Clocks (时限): each level rings once, the last is the supervisor's, an answer ends it."""

from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from random_lives import life, live
from toy_city import EAST_DESK, FIGHT, LOCKSMITH, START_MS, UNITS, Desk, corner, image

from kuaifan.vocabulary import agency, desk, emergency, kinship, missed, reinforce, talk
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import seat as seats
from kuaifan.vocabulary.alarm import (
    AlarmCleared,
    AlarmRaised,
    CheckClock,
    ClearAlarm,
    ClockKind,
    NewsKind,
    RaiseAlarm,
    TakeUpAlarm,
)
from kuaifan.vocabulary.road import CloseRoad
from kuaifan.vocabulary.voice import EnterVoiceReport
from kuaifan.work.warn import CLOCKS

SCENE, ELSEWHERE = corner(4, 2), corner(1, 1)
AT_S = 100
"""When what is waited for begins."""


def made_desk():
    made = Desk()
    made.on_duty(*UNITS)
    made.run_until(AT_S)
    return made


def _sent(made, *steps):
    order_id = made.sent(made.opened(FIGHT, SCENE), "P1")
    for step in steps:
        made.do(step(order_id=order_id))
    return order_id


def _amended(made):
    order_id = _sent(made, orders.ReportEnRoute)
    lat, lon = ELSEWHERE
    made.do(incidents.PlaceIncident(incident_id="J1", lat=lat, lon=lon))
    return order_id


def _asked(made):
    incident_id = made.opened(LOCKSMITH, SCENE)
    asked = agency.RequestAgency(incident_id=incident_id, agency="119")
    return made.do(asked).events[0].request_id


def _transferred(made):
    call_id = made.rang()
    made.do(calls.AnswerCall(call_id=call_id, seat_id="S1"))
    made.do(talk.TransferCall(call_id=call_id, to_kind="agency", to_id="119"))
    return call_id


def _offered(made):
    incident_id = made.opened(FIGHT, SCENE)
    made.sent(incident_id, "P1")
    offer = desk.HandOverIncident(incident_id=incident_id, to_desk_id=EAST_DESK, reason="r")
    made.do(offer)
    return incident_id


def _missed(made):
    call_id = made.rang()
    made.do(calls.HangUpCall(call_id=call_id))
    return call_id


def _wants_more(made):
    _sent(made, orders.ReportArrival)
    made.do(reinforce.RequestBackup(incident_id="J1", reason="crowd"))
    return "J1"


def _in_danger(made):
    made.do(emergency.DeclareEmergency(unit_id="P1", declared_by="P1"))
    return "E1"


def _called_back(made):
    order_id = _sent(made, orders.ReportEnRoute)
    made.do(orders.WithdrawUnit(order_id=order_id, reason="r"))
    return order_id


STARTS = {
    "queue": lambda made: made.opened(FIGHT, SCENE),
    "not_moving": lambda made: _sent(made, orders.AcknowledgeOrder),
    "eta_passed": lambda made: _sent(made, orders.ReportEnRoute),
    "silent_on_scene": lambda made: _sent(made, orders.ReportArrival),
    "amendment": _amended,
    "agency": _asked,
    "transfer": _transferred,
    "hand_over": _offered,
    "call_back": _missed,
    "backup": _wants_more,
    "emergency": _in_danger,
    "withdrawal": _called_back,
}
"""Kind of clock -> what starts it; gives the id of what it is about."""
ANSWERS = {
    "queue": lambda made, subject_id: made.sent(subject_id, "P1"),
    "not_moving": lambda made, subject_id: made.do(orders.ReportEnRoute(order_id=subject_id)),
    "eta_passed": lambda made, subject_id: made.do(orders.ReportArrival(order_id=subject_id)),
    "silent_on_scene": lambda made, subject_id: made.do(orders.ReportHandled(order_id=subject_id)),
    "amendment": lambda made, subject_id: made.do(
        reinforce.AcknowledgeAmendment(order_id=subject_id, amendment_no=1)
    ),
    "agency": lambda made, subject_id: made.do(
        agency.AcceptAgencyRequest(request_id=subject_id, by="119 desk")
    ),
    "withdrawal": lambda made, subject_id: made.do(
        orders.AcknowledgeWithdrawal(order_id=subject_id)
    ),
    "transfer": lambda made, subject_id: made.do(
        talk.AcceptTransfer(call_id=subject_id, by="119 desk")
    ),
    "hand_over": lambda made, subject_id: made.do(
        desk.AcceptHandOver(incident_id=subject_id, by="county: Qian")
    ),
    "call_back": lambda made, subject_id: made.do(
        missed.ClearMissedCall(call_id=subject_id, cleared_by="Zhao", reason="a child")
    ),
    "backup": lambda made, subject_id: made.sent(subject_id, "P2"),
    "emergency": lambda made, subject_id: made.do(
        emergency.TakeUpEmergency(emergency_id=subject_id, by="Zhao")
    ),
}
"""Kind of clock -> what it waits for."""
OF_ITEMS = {"item"}
"""Counted from a due time and not from an event, and in the end a leader's: see test_items."""
KINDS = tuple(kind for kind in get_args(ClockKind) if kind not in OF_ITEMS)


def rings(made, kind, subject_id):
    """(seconds since the start of the clock, level, whose) of each ring so far."""
    alarm_id = f"{kind}:{subject_id}"
    return [
        ((record.at_ms - START_MS) / 1000 - AT_S, event.level, event.to)
        for record in made.journal.records
        for event in record.events
        if isinstance(event, AlarmRaised) and event.alarm_id == alarm_id
    ]


def expected(made, kind, subject_id):
    """When each level is due, and whose it is."""
    times = CLOCKS[kind].times(made.board, subject_id)
    last = len(times) if len(times) > 1 else 0
    return [
        (ms / 1000, level, "supervisor" if level == last else "dispatcher")
        for level, ms in enumerate(times, start=1)
    ]


def test_every_clock_is_started_answered_and_has_levels_that_rise():
    assert set(STARTS) == set(ANSWERS) == set(KINDS) == CLOCKS.keys() - OF_ITEMS
    for kind in KINDS:
        made = made_desk()
        times = CLOCKS[kind].times(made.board, STARTS[kind](made))
        assert times
        assert list(times) == sorted(set(times))


@pytest.mark.parametrize("kind", KINDS)
def test_each_level_rings_once_counted_from_the_start_and_the_last_is_the_supervisors(kind):
    made = made_desk()
    subject_id = STARTS[kind](made)
    due = expected(made, kind, subject_id)
    made.run_until(AT_S + 86_400)
    assert rings(made, kind, subject_id) == due
    alarm = made.board.alarms[f"{kind}:{subject_id}"]
    assert (alarm.level, alarm.to) == (len(due), due[-1][2])
    assert image(made.rebuilt()) == image(made.engine.state)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_in_time_and_it_never_rings(kind):
    made = made_desk()
    subject_id = STARTS[kind](made)
    ANSWERS[kind](made, subject_id)
    made.run_until(AT_S + 86_400)
    assert rings(made, kind, subject_id) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_late_answer_clears_the_alarm_and_no_further_level_rings(kind):
    made = made_desk()
    subject_id = STARTS[kind](made)
    first_s = expected(made, kind, subject_id)[0][0]
    made.run_until(AT_S + first_s)
    assert f"{kind}:{subject_id}" in made.board.alarms
    ANSWERS[kind](made, subject_id)
    assert f"{kind}:{subject_id}" not in made.board.alarms
    made.run_until(AT_S + 86_400)
    assert len(rings(made, kind, subject_id)) == 1
    assert image(made.rebuilt()) == image(made.engine.state)


@pytest.mark.parametrize("kind", KINDS)
def test_taken_up_it_carries_a_name_and_the_next_level_is_news_again(kind):
    made = made_desk()
    subject_id, alarm_id = STARTS[kind](made), None
    for at_s, level, to in expected(made, kind, subject_id):
        made.run_until(AT_S + at_s)
        alarm_id = f"{kind}:{subject_id}"
        alarm = made.board.alarms[alarm_id]
        assert (alarm.level, alarm.to, alarm.taken_up_by) == (level, to, "")
        made.do(TakeUpAlarm(alarm_id=alarm_id, by=f"person {level}"))
        assert made.board.alarms[alarm_id].taken_up_by == f"person {level}"
    assert alarm_id is not None


@pytest.mark.parametrize("kind", KINDS)
def test_a_restart_of_the_desk_goes_on_where_the_clock_was(kind):
    made = made_desk()
    subject_id = STARTS[kind](made)
    due = expected(made, kind, subject_id)
    for at_s, _, _ in due:
        made.engine.state = made.rebuilt()
        made.run_until(AT_S + at_s)
    made.engine.state = made.rebuilt()
    made.run_until(AT_S + 86_400)
    assert rings(made, kind, subject_id) == due


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_asks_a_level_rings_once_and_in_order(kind):
    made = made_desk()
    subject_id = STARTS[kind](made)
    n_levels = len(expected(made, kind, subject_id))
    for level in (-1, 0, n_levels + 1):
        check = CheckClock(kind=kind, subject_id=subject_id, level=level)
        assert made.do(check).events == ()
    check = CheckClock(kind=kind, subject_id=subject_id, level=n_levels)
    assert len(made.do(check).events) == 1
    assert made.do(check).events == ()
    assert made.do(CheckClock(kind=kind, subject_id="none", level=1)).events == ()


# --- what starts and stops them, kind by kind ------------------------------------------------


def test_an_incident_without_a_place_waits_too_and_the_place_starts_it_anew():
    made = made_desk()
    incident_id = made.opened(FIGHT)
    made.run_until(AT_S + 100)
    lat, lon = SCENE
    made.do(incidents.PlaceIncident(incident_id=incident_id, lat=lat, lon=lon))
    made.run_until(AT_S + 1_000)
    assert [ring[:2] for ring in rings(made, "queue", incident_id)] == [(208.0, 1), (280.0, 2)]


def test_a_graver_priority_brings_the_next_level_forward():
    made = made_desk()
    incident_id = made.opened(FIGHT, SCENE)
    made.run_until(AT_S + 20)
    raised = incidents.SetPriority(incident_id=incident_id, priority=1, reason="knife")
    made.do(raised)
    made.run_until(AT_S + 1_000)
    assert [ring[:2] for ring in rings(made, "queue", incident_id)] == [(20.0, 1), (32.0, 2)]


def test_a_type_that_needs_nobody_ends_the_wait():
    made = made_desk()
    incident_id = made.opened(FIGHT, SCENE)
    made.run_until(AT_S + 110)
    made.do(incidents.UpdateIncident(incident_id=incident_id, type_code=LOCKSMITH))
    assert made.board.alarms == {}
    made.run_until(AT_S + 1_000)
    assert len(rings(made, "queue", incident_id)) == 1


def test_an_incident_whose_only_unit_is_called_back_waits_again():
    made = made_desk()
    order_id = _sent(made)
    made.run_until(AT_S + 1_000)
    made.do(orders.WithdrawUnit(order_id=order_id, reason="broke down"))
    made.run_until(AT_S + 2_000)
    assert [ring[:2] for ring in rings(made, "queue", "J1")] == [(1_108.0, 1), (1_180.0, 2)]


def test_a_word_of_the_crew_begins_the_silence_anew():
    made = made_desk()
    order_id = _sent(made, orders.ReportArrival)
    made.run_until(AT_S + 1_800)
    assert f"silent_on_scene:{order_id}" in made.board.alarms
    made.do(EnterVoiceReport(text="call P1 平安", entered_by="Sun"))
    assert f"silent_on_scene:{order_id}" not in made.board.alarms
    made.run_until(AT_S + 1_800 + 1_799)
    assert made.board.alarms == {}
    made.run_until(AT_S + 1_800 + 1_800)
    assert made.board.alarms[f"silent_on_scene:{order_id}"].level == 1


def test_the_clocks_of_an_order_follow_each_other():
    made = made_desk()
    order_id = _sent(made, orders.AcknowledgeOrder)
    made.run_until(AT_S + 120)
    assert list(made.board.alarms) == [f"not_moving:{order_id}"]
    made.do(orders.ReportEnRoute(order_id=order_id))
    assert made.board.alarms == {}
    travel_s = made.board.orders[order_id].travel_ms / 1000
    made.run_until(AT_S + 120 + travel_s + 120)
    assert list(made.board.alarms) == [f"eta_passed:{order_id}"]
    made.do(orders.WithdrawUnit(order_id=order_id, reason="lost"))
    assert made.board.alarms == {}


def test_a_road_closed_on_the_way_puts_off_the_time_of_arrival():
    made = made_desk()
    order_id = _sent(made, orders.ReportEnRoute)
    said_s = made.board.orders[order_id].travel_ms / 1000
    close = CloseRoad(points=(corner(4, 2.5),), reason="works", by="Sun", minutes=60)
    made.do(close)
    eta_at_ms = made.board.orders[order_id].eta_at_ms
    made.run_until(AT_S + 1_000)
    rung = [ring[0] for ring in rings(made, "eta_passed", order_id)]
    assert rung == pytest.approx([(eta_at_ms - START_MS) / 1000 - AT_S + 120])
    assert rung[0] > said_s + 120


def test_a_second_change_does_not_put_off_the_first():
    made = made_desk()
    order_id = _amended(made)
    made.run_until(AT_S + 20)
    lat, lon = corner(2, 1)
    made.do(incidents.PlaceIncident(incident_id="J1", lat=lat, lon=lon))
    assert made.board.orders[order_id].amendment_no == 2
    made.run_until(AT_S + 1_000)
    assert [ring[:2] for ring in rings(made, "amendment", order_id)] == [(30.0, 1), (60.0, 2)]


def test_a_missed_call_that_becomes_an_incident_is_owed_no_ring():
    made = made_desk()
    call_id = _missed(made)
    made.run_until(AT_S + 60)
    assert f"call_back:{call_id}" in made.board.alarms
    incident_id = made.opened(FIGHT, SCENE, call_id=call_id)
    made.sent(incident_id, "P1")
    assert made.board.alarms == {}


def test_a_text_after_the_line_was_closed_is_looked_at_at_once():
    made = made_desk()
    call_id = made.rang()
    made.do(calls.AnswerCall(call_id=call_id, seat_id="S1"))
    made.do(calls.HangUpCall(call_id=call_id))
    for at_s in (200, 210, 220):
        made.do(talk.ReceiveText(call_id=call_id, text="he is back"), at_s=AT_S + at_s)
    made.run_until(AT_S + 1_000)
    assert [ring[:2] for ring in rings(made, "call_back", call_id)] == [(200.0, 1), (440.0, 2)]


def test_units_that_split_off_leave_the_rest_waiting():
    made = made_desk()
    order_id = _sent(made)
    split = kinship.SplitIncident(
        incident_id="J1", type_code=FIGHT, reason="two fights", order_ids=(order_id,)
    )
    assert made.do(split, at_s=AT_S + 500).refusal is None
    made.run_until(AT_S + 1_000)
    assert [ring[:2] for ring in rings(made, "queue", "J1")] == [(608.0, 1), (680.0, 2)]


def test_nobody_waits_for_reinforcement_once_it_is_handled():
    made = made_desk()
    incident_id = _wants_more(made)
    made.run_until(AT_S + 60)
    assert f"backup:{incident_id}" in made.board.alarms
    made.do(orders.ReportHandled(order_id=f"{incident_id}-1"))
    made.do(incidents.UpdateIncident(incident_id=incident_id, type_code=LOCKSMITH))
    state = made.board.incidents[incident_id].state
    assert (f"backup:{incident_id}" in made.board.alarms) == (state == "on_scene")


def test_an_incident_that_is_over_leaves_nothing_to_decide():
    made = made_desk()
    request_id = _asked(made)
    made.do(agency.RefuseAgencyRequest(request_id=request_id, by="119", reason="no"))
    made.do(agency.RequestAgency(incident_id="J1", agency="gas"))
    made.do(RaiseAlarm(kind="leader_told", subject_id="J1-size", incident_id="J1"))
    made.run_until(AT_S + 60)
    assert set(made.board.alarms) == {
        *(f"agency_refused:{request_id}", "leader_told:J1-size", "agency:J1-A2")
    }
    made.do(agency.AcceptAgencyRequest(request_id="J1-A2", by="gas"))
    made.do(incidents.SettleByPhone(incident_id="J1", disposition="d"))
    made.do(incidents.ReviewIncident(incident_id="J1", reviewer_id="r"))
    made.do(incidents.CloseIncident(incident_id="J1"))
    assert made.board.alarms == {}
    made.run_until(AT_S + 3_600)
    assert made.board.alarms == {}


# --- news, and who takes it up ---------------------------------------------------------------


@pytest.mark.parametrize("kind", get_args(NewsKind))
def test_news_stands_until_a_person_takes_it_up(kind):
    made = made_desk()
    made.do(RaiseAlarm(kind=kind, subject_id="J1", incident_id="J1", to="leader"))
    alarm_id = f"{kind}:J1"
    assert made.board.alarms[alarm_id].to == "leader"
    made.run_until(AT_S + 86_400)
    assert made.board.alarms[alarm_id].level == 1
    made.do(TakeUpAlarm(alarm_id=alarm_id, by="chief Wang"))
    assert made.board.alarms == {}
    assert image(made.rebuilt()) == image(made.engine.state)


def test_an_alarm_is_taken_up_once_by_a_person_with_a_name():
    made = made_desk()
    made.opened(FIGHT, SCENE)
    made.run_until(AT_S + 108)
    alarm_id = "queue:J1"
    assert made.code(TakeUpAlarm(alarm_id="queue:J9", by="Zhao")) == "unknown_alarm"
    assert made.code(TakeUpAlarm(alarm_id=alarm_id, by="")) == "no_name"
    made.do(TakeUpAlarm(alarm_id=alarm_id, by="Zhao"))
    assert made.code(TakeUpAlarm(alarm_id=alarm_id, by="Qian")) == "already_taken_up"


def test_what_is_cleared_is_gone_and_clearing_nothing_does_nothing():
    made = made_desk()
    made.do(RaiseAlarm(kind="major", subject_id="J1"))
    made.do(ClearAlarm(alarm_id="major:J1"))
    assert made.board.alarms == {}
    assert made.do(ClearAlarm(alarm_id="major:J1")).events == ()


# --- over random lives -----------------------------------------------------------------------


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(life)
def test_no_alarm_outlives_what_it_says_and_no_level_rings_twice(drawn):
    made = Desk()
    made.on_duty("P1", "P2", "S1", "T1")
    made.do(seats.LogOnSeat(seat_id="S1", person="Zhao"))
    levels, n_seen = {}, 0
    for _ in live(made, drawn):
        for record in made.journal.records[n_seen:]:
            _count(record, levels)
        n_seen = len(made.journal.records)
        for alarm in made.board.alarms.values():
            if alarm.kind in CLOCKS:
                assert CLOCKS[alarm.kind].missing(made.board, alarm.subject_id), alarm
    assert image(made.rebuilt()) == image(made.engine.state)


def _count(record, levels):
    """Levels rise while an alarm stands, and each is addressed to a person."""
    for event in record.events:
        if isinstance(event, AlarmCleared):
            levels.pop(event.alarm_id, None)
        elif isinstance(event, AlarmRaised) and event.kind in CLOCKS:
            assert event.level > levels.get(event.alarm_id, 0)
            assert event.to in {"dispatcher", "supervisor"}
            levels[event.alarm_id] = event.level
