"""Seats (席位): who is offered what, who may leave, and how a seat is handed over."""

import pytest
from call_desk import COUNTY, CallDesk
from toy_city import names

from kuaifan.vocabulary.call import AnswerCall, HangUpCall, RegisterCall
from kuaifan.vocabulary.missed import CallBack, ReportSilence
from kuaifan.vocabulary.seat import (
    AcceptSeat,
    HandOverSeat,
    LogOffSeat,
    LogOnSeat,
    PauseSeat,
    ResumeSeat,
)
from kuaifan.vocabulary.talk import TransferCall


@pytest.fixture
def desk():
    return CallDesk()


# --- who sits where --------------------------------------------------------------------------


def test_a_person_logs_on_and_the_seat_is_idle(desk):
    desk.ok(LogOnSeat(seat_id="A", person="王", desk_id=COUNTY, skills=("text",)), at_s=5)
    seat = desk.seat("A")
    assert (seat.person, seat.desk_id, seat.skills, seat.state) == ("王", COUNTY, ("text",), "idle")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (LogOnSeat(seat_id="A", person="李"), "seat_taken"),
        (LogOnSeat(seat_id="B", person="李", desk_id="nowhere"), "unknown_desk"),
        (LogOnSeat(seat_id="B", person="李", skills=("juggling",)), "unknown_skill"),
        (LogOnSeat(seat_id="B", person=" "), "no_name"),
        (LogOnSeat(seat_id="", person="李"), "no_seat"),
        (PauseSeat(seat_id="B", reason="tea"), "seat_off"),
        (PauseSeat(seat_id="A", reason=""), "reason_needed"),
        (ResumeSeat(seat_id="A"), "seat_not_paused"),
        (ResumeSeat(seat_id="B"), "seat_off"),
        (LogOffSeat(seat_id="B"), "seat_off"),
        (HandOverSeat(seat_id="B", to_person="李"), "seat_off"),
        (HandOverSeat(seat_id="A", to_person="A-1"), "same_person"),
        (HandOverSeat(seat_id="A", to_person=""), "no_name"),
        (AcceptSeat(seat_id="A", person="李"), "no_hand_over"),
        (AcceptSeat(seat_id="B", person="李"), "seat_off"),
    ],
)
def test_what_a_seat_refuses(desk, command, code):
    desk.manned("A")
    assert desk.code(command) == code


def test_the_same_person_may_log_on_again_with_other_skills_and_keeps_the_talk(desk):
    desk.manned("A")
    call_id = desk.talked("A")
    desk.ok(LogOnSeat(seat_id="A", person="A-1", skills=("fraud",)))
    assert (desk.seat("A").state, desk.seat("A").call_ids) == ("talking", [call_id])
    assert desk.seat("A").skills == ("fraud",)


def test_who_logs_on_again_keeps_the_hand_over_and_the_time_after_a_call(desk):
    desk.ok(LogOnSeat(seat_id="A", person="A-1", extension="8001", after_call_s=30))
    call_id = desk.talked("A")
    desk.ok(HandOverSeat(seat_id="A", to_person="李", notes="wounded man"))
    desk.ok(HangUpCall(call_id=call_id, by="desk"))
    since_ms = desk.seat("A").since_ms
    desk.ok(LogOnSeat(seat_id="A", person="A-1", skills=("fraud",)), at_s=desk.now_s + 5)
    seat = desk.seat("A")
    assert (seat.to_person, seat.handed_call_ids) == ("李", (call_id,))
    assert (seat.hand_over_notes, seat.extension) == ("wounded man", "8001")
    assert (seat.state, seat.since_ms, seat.after_call_s) == ("after_call", since_ms, 30)
    desk.run_until(desk.now_s + 26)
    assert desk.seat("A").state == "idle"
    desk.check_rebuilt()


def test_who_logs_on_after_a_log_off_begins_anew(desk):
    desk.ok(LogOnSeat(seat_id="A", person="A-1", extension="8001", after_call_s=30))
    desk.ok(HandOverSeat(seat_id="A", to_person="李", notes="quiet"))
    desk.ok(LogOffSeat(seat_id="A"))
    desk.ok(LogOnSeat(seat_id="A", person="赵"))
    seat = desk.seat("A")
    assert (seat.to_person, seat.hand_over_notes) == ("", "")
    assert (seat.extension, seat.after_call_s) == ("", 0)


def test_a_seat_is_offered_nothing_while_paused_and_again_after(desk):
    desk.manned("A")
    desk.ok(PauseSeat(seat_id="A", reason="tea"))
    assert desk.code(PauseSeat(seat_id="A", reason="tea")) == "seat_paused"
    call_id = desk.registered()
    assert desk.call(call_id).offered_seat_id == ""
    assert names(desk.ok(ResumeSeat(seat_id="A"))) == ["SeatResumed", "CallOffered"]
    assert desk.call(call_id).offered_seat_id == "A"


def test_a_seat_that_talks_neither_pauses_nor_leaves(desk):
    desk.manned("A")
    call_id = desk.talked("A")
    assert desk.code(PauseSeat(seat_id="A", reason="tea")) == "seat_talking"
    assert desk.code(LogOffSeat(seat_id="A")) == "seat_owns"
    desk.ok(HangUpCall(call_id=call_id, by="desk"))
    desk.ok(LogOffSeat(seat_id="A"))
    assert (desk.seat("A").state, desk.seat("A").person) == ("off", "")
    desk.ok(LogOnSeat(seat_id="A", person="李"))


def test_a_seat_cannot_leave_what_waits_for_a_receipt_or_is_owed_a_step(desk):
    desk.manned("A", "B")
    passed_on, silent = desk.talked("A"), desk.talked("B")
    desk.ok(TransferCall(call_id=passed_on, to_kind="agency", to_id="120"))
    desk.ok(HangUpCall(call_id=passed_on))
    assert desk.seat("A").state == "idle"
    assert desk.code(LogOffSeat(seat_id="A")) == "seat_owns"
    desk.ok(ReportSilence(call_id=silent))
    desk.ok(HangUpCall(call_id=silent))
    assert desk.code(LogOffSeat(seat_id="B")) == "seat_owns"
    desk.check_rebuilt()


def test_the_next_person_signs_for_the_seat_and_its_calls_and_until_then_the_first_stays(desk):
    desk.manned("A")
    call_id = desk.talked("A")
    record = desk.ok(HandOverSeat(seat_id="A", to_person="李", notes="wounded man"))
    assert record.events[0].call_ids == (call_id,)
    assert desk.seat("A").person == "A-1"
    assert desk.code(AcceptSeat(seat_id="A", person="赵")) == "other_person"
    desk.ok(AcceptSeat(seat_id="A", person="李"))
    assert (desk.seat("A").person, desk.seat("A").to_person) == ("李", "")
    assert (desk.call(call_id).state, desk.call(call_id).seat_id) == ("talking", "A")
    assert desk.code(AcceptSeat(seat_id="A", person="李")) == "no_hand_over"
    desk.check_rebuilt()


# --- who is offered the next call ------------------------------------------------------------


def test_a_call_rings_at_the_seat_idle_longest_and_the_next_one_elsewhere(desk):
    desk.manned("B", at_s=1)
    desk.manned("A", at_s=2)
    first, second, third = (desk.registered(at_s=at_s) for at_s in (10, 11, 12))
    assert [desk.call(c).offered_seat_id for c in (first, second, third)] == ["B", "A", ""]
    assert desk.call(first).t1_ms == desk.call(first).t0_ms
    desk.ok(HangUpCall(call_id=second), at_s=20)
    assert desk.call(third).offered_seat_id == "A"
    desk.check_rebuilt()


def test_with_no_seat_manned_nothing_is_offered_and_anybody_may_answer(desk):
    call_id = desk.registered()
    assert desk.call(call_id).offered_seat_id == ""
    desk.ok(AnswerCall(call_id=call_id, seat_id="anywhere"))
    assert desk.call(call_id).desk_id == "city"


def test_whoever_answers_first_has_it_and_the_seat_it_rang_at_gets_the_next(desk):
    desk.manned("A", at_s=1)
    first, second = desk.registered(at_s=2), desk.registered(at_s=3)
    record = desk.ok(AnswerCall(call_id=first, seat_id="Z"), at_s=5)
    assert (record.events[0].seat_id, record.events[0].offered_seat_id) == ("Z", "A")
    assert desk.call(first).offered_seat_id == ""
    assert desk.call(second).offered_seat_id == "A"


def test_a_call_offered_and_not_answered_stays_where_it_rings(desk):
    desk.manned("A", "B", at_s=0)
    call_id = desk.registered(at_s=1)
    desk.run_until(300)
    assert desk.call(call_id).offered_seat_id == "A"
    assert desk.call(call_id).state == "ringing"


def test_a_seat_that_answers_another_call_gives_back_what_rang_there(desk):
    desk.manned("A", at_s=0)
    first, second = desk.registered(), desk.registered()
    desk.manned("B", at_s=1)
    assert desk.call(second).offered_seat_id == "B"
    record = desk.ok(AnswerCall(call_id=second, seat_id="A"))
    assert names(record) == ["CallAnswered", "OfferReleased", "CallOffered"]
    assert desk.call(first).offered_seat_id == "B"
    desk.check_rebuilt()


@pytest.mark.parametrize(
    "leave", [PauseSeat(seat_id="A", reason="tea"), LogOffSeat(seat_id="A")], ids=["pause", "off"]
)
def test_a_seat_that_steps_away_gives_back_what_rang_there(desk, leave):
    desk.manned("A", "B", at_s=0)
    call_id = desk.registered()
    assert desk.call(call_id).offered_seat_id == "A"
    desk.ok(leave)
    assert desk.call(call_id).offered_seat_id == "B"


def test_a_seat_that_talks_is_not_offered_and_does_not_answer_a_second_voice(desk):
    desk.manned("A")
    talk = desk.talked("A")
    ringing, text = desk.registered(), desk.registered("12110")
    assert desk.call(ringing).offered_seat_id == ""
    assert desk.code(AnswerCall(call_id=ringing, seat_id="A")) == "seat_talking"
    desk.ok(AnswerCall(call_id=text, seat_id="A"))
    assert desk.seat("A").call_ids == [talk, text]


def test_a_traffic_call_goes_to_the_seat_with_the_skill(desk):
    desk.manned("A", at_s=0)
    desk.manned("T", skills=("traffic",), at_s=1)
    assert desk.call(desk.registered("122")).offered_seat_id == "T"


def test_a_call_waits_a_grace_for_the_skill_then_any_idle_seat_gets_it(desk):
    desk.manned("A", at_s=0)
    desk.manned("T", skills=("traffic",), at_s=1)
    busy = desk.talked("T", "122", at_s=2)
    waiting = desk.registered("122", at_s=3)
    assert desk.call(waiting).offered_seat_id == ""
    desk.run_until(22)
    assert desk.call(waiting).offered_seat_id == ""
    desk.run_until(24)
    assert desk.call(waiting).offered_seat_id == "A"
    assert desk.call(busy).seat_id == "T"
    desk.check_rebuilt()


def test_a_seat_freed_within_the_grace_gets_the_call_of_its_skill(desk):
    desk.manned("A", at_s=0)
    desk.manned("T", skills=("traffic",), at_s=1)
    busy = desk.talked("T", "122", at_s=2)
    waiting = desk.registered("122", at_s=3)
    desk.ok(HangUpCall(call_id=busy), at_s=8)
    assert desk.call(waiting).offered_seat_id == "T"


def test_where_nobody_at_work_has_the_skill_any_idle_seat_is_offered_the_call(desk):
    desk.manned("A", at_s=0)
    desk.manned("T", skills=("traffic",), at_s=1)
    desk.ok(PauseSeat(seat_id="T", reason="tea"))
    assert desk.call(desk.registered("122")).offered_seat_id == "A"


def test_a_call_has_the_desk_of_the_seat_that_answers(desk):
    desk.manned("K", desk_id=COUNTY)
    assert desk.call(desk.talked("K")).desk_id == COUNTY


def test_ringing_back_keeps_the_seat_busy(desk):
    desk.manned("A")
    owed = desk.missed()
    desk.ok(CallBack(call_id=owed, seat_id="A"))
    assert desk.call(desk.registered()).offered_seat_id == ""
    assert desk.code(LogOffSeat(seat_id="A")) == "seat_owns"


# --- lines that do not ring ------------------------------------------------------------------


@pytest.mark.parametrize("line", ["walk_in", "patrol_found", "other_desk"])
def test_a_line_that_does_not_ring_is_answered_by_who_takes_it_down(desk, line):
    desk.manned("A")
    record = desk.ok(RegisterCall(line=line, seat_id="A"))
    assert names(record) == ["CallRegistered", "CallAnswered"]
    call = desk.call(record.events[0].call_id)
    assert (call.state, call.seat_id, call.t2_ms) == ("talking", "A", call.t0_ms)
    assert not desk.board.ringing
    assert desk.code(RegisterCall(line=line)) == "no_seat"


def test_an_answer_needs_a_seat(desk):
    assert desk.code(AnswerCall(call_id=desk.registered(), seat_id="")) == "no_seat"
