"""Missed calls (未接来电): owed until somebody talks, opens an incident, or clears them by name."""

import pytest
from call_desk import CallDesk
from toy_city import FIGHT, corner, names

from kuaifan.vocabulary.call import AttachCall, HangUpCall
from kuaifan.vocabulary.missed import (
    CallBack,
    ClearMissedCall,
    FlagNeverRing,
    LiftNeverRing,
    RecordCallBack,
)


@pytest.fixture
def desk():
    return CallDesk()


def clear(call_id):
    return ClearMissedCall(call_id=call_id, cleared_by="李", reason="rang again on C9")


def test_an_abandoned_call_is_owed_a_call_back_and_its_clock_runs(desk):
    call_id = desk.missed(at_s=0)
    assert desk.call(call_id).to_call_back
    desk.run_until(61)
    assert desk.board.alarms[f"call_back:{call_id}"].level == 1
    desk.ok(clear(call_id))
    assert not desk.call(call_id).to_call_back
    assert desk.call(call_id).cleared_by == "李"
    assert f"call_back:{call_id}" not in desk.board.alarms


def test_who_talks_when_rung_back_is_in_a_call_again_at_that_seat(desk):
    desk.manned("A")
    call_id = desk.missed(at_s=0)
    desk.ok(CallBack(call_id=call_id, seat_id="A"), at_s=30)
    assert (desk.call(call_id).call_back_seat_id, desk.seat("A").state) == ("A", "talking")
    desk.ok(RecordCallBack(call_id=call_id, outcome="talked"), at_s=40)
    call = desk.call(call_id)
    assert (call.state, call.seat_id, call.to_call_back) == ("talking", "A", False)
    assert (call.n_call_backs, call.t3_ms, call.call_back_seat_id) == (1, 0, "")
    desk.ok(HangUpCall(call_id=call_id), at_s=50)
    assert (desk.call(call_id).state, desk.seat("A").state) == ("ended", "idle")
    desk.check_rebuilt()


def test_who_does_not_answer_is_still_owed(desk):
    desk.manned("A")
    call_id = desk.missed()
    for n_times in (1, 2):
        desk.ok(CallBack(call_id=call_id, seat_id="A"))
        desk.ok(RecordCallBack(call_id=call_id, outcome="no_answer"))
        assert (desk.call(call_id).n_call_backs, desk.call(call_id).to_call_back) == (n_times, True)
    assert desk.seat("A").state == "idle"


def test_where_ringing_is_unsafe_nobody_rings_again_and_it_is_still_owed(desk):
    call_id = desk.missed()
    desk.ok(CallBack(call_id=call_id, seat_id="A"))
    desk.ok(RecordCallBack(call_id=call_id, outcome="unsafe"))
    assert (desk.call(call_id).never_ring, desk.call(call_id).to_call_back) == (True, True)
    assert desk.code(CallBack(call_id=call_id, seat_id="A")) == "never_ring"


def test_what_ringing_back_refuses(desk):
    desk.manned("A")
    talking, over, ringing = desk.talked("A"), desk.talked("Z"), desk.registered()
    desk.ok(HangUpCall(call_id=over))
    rung = desk.missed()
    desk.ok(CallBack(call_id=rung, seat_id="B"))
    for call_id, seat_id, code in (
        (talking, "B", "call_talking"),
        (over, "B", "not_owed"),
        (ringing, "B", "not_owed"),
        (rung, "C", "being_called_back"),
        (desk.missed(number=""), "B", "no_number"),
        (desk.missed("12110"), "B", "not_voice"),
        (desk.missed(), "", "no_seat"),
        (desk.missed(), "A", "seat_talking"),
        ("C99", "B", "unknown_call"),
    ):
        assert desk.code(CallBack(call_id=call_id, seat_id=seat_id)) == code
    assert desk.code(RecordCallBack(call_id=talking, outcome="talked")) == "no_call_back"


def test_a_call_without_a_number_is_owed_until_it_is_cleared(desk):
    call_id = desk.missed(number="")
    assert desk.call(call_id).to_call_back
    desk.ok(clear(call_id))
    assert desk.code(clear(call_id)) == "not_owed"


def test_clearing_takes_a_name_a_reason_and_something_owed(desk):
    call_id = desk.missed()
    no_name = ClearMissedCall(call_id=call_id, cleared_by="", reason="r")
    no_reason = ClearMissedCall(call_id=call_id, cleared_by="李", reason="")
    assert desk.code(no_name) == "no_name"
    assert desk.code(no_reason) == "reason_needed"
    assert desk.code(clear(desk.talked())) == "not_owed"


def test_clearing_stops_the_seat_that_rings_back(desk):
    desk.manned("A")
    call_id = desk.missed()
    desk.ok(CallBack(call_id=call_id, seat_id="A"))
    desk.ok(clear(call_id))
    assert (desk.seat("A").state, desk.call(call_id).call_back_seat_id) == ("idle", "")
    assert desk.code(RecordCallBack(call_id=call_id, outcome="talked")) == "no_call_back"


def test_an_incident_takes_over_what_a_missed_call_is_owed_and_its_alarm_goes(desk):
    first, second = desk.missed(at_s=0), desk.missed(at_s=0)
    desk.run_until(61)
    incident_id = desk.opened(FIGHT, corner(3, 3), call_id=first)
    desk.ok(AttachCall(call_id=second, incident_id=incident_id))
    assert not desk.call(first).to_call_back
    assert not desk.call(second).to_call_back
    assert not {f"call_back:{first}", f"call_back:{second}"} & desk.board.alarms.keys()
    assert desk.code(CallBack(call_id=second, seat_id="A")) == "not_owed"


# --- never ring ------------------------------------------------------------------------------


def test_never_ring_is_lifted_by_a_supervisor_only(desk):
    call_id = desk.missed()
    assert desk.code(FlagNeverRing(call_id=call_id, reason="")) == "reason_needed"
    assert names(desk.ok(FlagNeverRing(call_id=call_id, reason="he is there"))) == [
        "NeverRingFlagged"
    ]
    assert desk.code(FlagNeverRing(call_id=call_id, reason="again")) == "already_flagged"
    assert desk.code(CallBack(call_id=call_id, seat_id="A")) == "never_ring"
    nobody = LiftNeverRing(call_id=call_id, approved_by="", reason="r")
    assert desk.code(nobody) == "supervisor_needed"
    no_reason = LiftNeverRing(call_id=call_id, approved_by="陈", reason="")
    assert desk.code(no_reason) == "reason_needed"
    lift = LiftNeverRing(call_id=call_id, approved_by="陈", reason="he has left")
    desk.ok(lift)
    assert desk.code(lift) == "not_flagged"
    desk.ok(CallBack(call_id=call_id, seat_id="A"))
