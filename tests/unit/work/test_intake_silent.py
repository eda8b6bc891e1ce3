"""Silent calls (静默来电): which step follows which sign, and that only a person ends one."""

import pytest
from call_desk import CallDesk
from toy_city import DOMESTIC, FIGHT, corner, names

from kuaifan.vocabulary.call import AttachCall, HangUpCall
from kuaifan.vocabulary.missed import (
    URGENT_SIGNS,
    CallBack,
    ClearMissedCall,
    FlagNeverRing,
    NoteSilentSign,
    RecordCallBack,
    ReportSilence,
    SkipSilentStep,
)
from kuaifan.vocabulary.talk import LocateCaller, ReceiveText, SendText

HOME = corner(4, 5)


@pytest.fixture
def desk():
    return CallDesk()


def silent(desk, *, place=None, number="13800000000"):
    """A call on which nobody speaks; returns its id."""
    call_id = desk.talked("A", number=number)
    if place:
        locate(desk, call_id, place)
    desk.ok(ReportSilence(call_id=call_id))
    return call_id


def locate(desk, call_id, place, *, uncertainty_m=50, source="cell"):
    lat, lon = place
    command = LocateCaller(
        call_id=call_id, lat=lat, lon=lon, uncertainty_m=uncertainty_m, source=source
    )
    return desk.ok(command)


def sign(call_id, what):
    return NoteSilentSign(call_id=call_id, sign=what)


def skip(call_id):
    return SkipSilentStep(call_id=call_id, reason="nothing")


def unanswered(desk, call_id):
    desk.ok(HangUpCall(call_id=call_id))
    desk.ok(CallBack(call_id=call_id, seat_id="A"))
    desk.ok(RecordCallBack(call_id=call_id, outcome="no_answer"))


def step(desk, call_id):
    return desk.call(call_id).silent_step


def test_a_silent_call_is_listened_to_first_and_owed_a_step(desk):
    call_id = silent(desk)
    assert (step(desk, call_id), desk.call(call_id).to_call_back) == ("listening", True)
    assert desk.code(ReportSilence(call_id=call_id)) == "already_silent"


def test_what_cannot_be_silent(desk):
    assert desk.code(ReportSilence(call_id=desk.registered())) == "call_ringing"
    assert desk.code(ReportSilence(call_id=desk.talked(line="12110"))) == "not_voice"
    assert desk.code(sign(desk.talked(), "quiet")) == "not_silent"
    assert desk.code(skip(desk.talked())) == "not_silent"
    assert desk.code(SkipSilentStep(call_id=silent(desk), reason="")) == "reason_needed"


@pytest.mark.parametrize("what", URGENT_SIGNS)
def test_on_an_urgent_sign_an_incident_wants_a_unit_and_nobody_rings_back(desk, what):
    call_id = silent(desk, place=HOME)
    desk.ok(sign(call_id, what))
    call = desk.call(call_id)
    incident = desk.board.incidents[call.incident_id]
    assert (call.silent_step, call.never_ring) == ("send_unit", True)
    assert (incident.type_code, incident.lat, incident.lon) == ("130101", *HOME)
    assert incident.facts["danger"] == "yes"
    assert incident.n_needed == 1
    assert incident.incident_id in desk.board.waiting
    desk.ok(HangUpCall(call_id=call_id))
    assert desk.code(CallBack(call_id=call_id, seat_id="A")) == "never_ring"
    link = SendText(call_id=call_id, text="link", kind="location_link")
    assert desk.code(link) == "never_ring"
    desk.check_rebuilt()


def test_the_step_is_done_when_a_unit_is_sent_and_its_alarm_goes(desk):
    desk.on_duty("P1")
    call_id = silent(desk, place=HOME)
    desk.ok(sign(call_id, "distress"))
    assert desk.code(skip(call_id)) == "no_unit_sent"
    desk.run_until(desk.now_s + 61)
    assert f"call_back:{call_id}" in desk.board.alarms
    desk.sent(desk.call(call_id).incident_id, "P1")
    assert (step(desk, call_id), desk.call(call_id).to_call_back) == ("sent", False)
    assert f"call_back:{call_id}" not in desk.board.alarms
    assert desk.code(skip(call_id)) == "not_silent"
    desk.ok(sign(call_id, "whisper"))
    assert step(desk, call_id) == "sent"
    desk.check_rebuilt()


def test_an_urgent_sign_without_a_place_opens_an_incident_and_stays_owed(desk):
    call_id = silent(desk)
    desk.ok(sign(call_id, "whisper"))
    call = desk.call(call_id)
    assert call.incident_id
    assert (call.silent_step, call.to_call_back) == ("send_unit", True)
    desk.run_until(desk.now_s + 61)
    assert f"call_back:{call_id}" in desk.board.alarms


@pytest.mark.parametrize("what", ["quiet", "keypad_no"])
def test_a_quiet_line_is_rung_back_and_a_no_by_key_ends_nothing(desk, what):
    call_id = silent(desk)
    desk.ok(sign(call_id, what))
    assert (step(desk, call_id), desk.call(call_id).to_call_back) == ("call_back", True)
    desk.ok(sign(call_id, what))
    assert step(desk, call_id) == "call_back"


def test_no_answer_leads_to_the_link_and_no_answer_to_that_to_one_unit(desk):
    call_id = silent(desk, place=HOME)
    desk.ok(sign(call_id, "quiet"))
    unanswered(desk, call_id)
    assert step(desk, call_id) == "text_link"
    desk.ok(SendText(call_id=call_id, text="https://…", kind="location_link"))
    desk.ok(skip(call_id))
    call = desk.call(call_id)
    assert (call.silent_step, call.never_ring) == ("send_unit", False)
    incident = desk.board.incidents[call.incident_id]
    assert (incident.n_needed, incident.facts) == (1, {})
    desk.check_rebuilt()


def test_without_a_place_the_link_stays_owed(desk):
    call_id = silent(desk)
    desk.ok(sign(call_id, "quiet"))
    unanswered(desk, call_id)
    desk.ok(skip(call_id))
    assert (step(desk, call_id), desk.call(call_id).to_call_back) == ("text_link", True)
    locate(desk, call_id, HOME, uncertainty_m=5_000)
    desk.ok(skip(call_id))
    assert step(desk, call_id) == "text_link"
    locate(desk, call_id, (31.0, 121.0))
    desk.ok(skip(call_id))
    assert step(desk, call_id) == "text_link"
    locate(desk, call_id, HOME, uncertainty_m=300)
    desk.ok(skip(call_id))
    assert step(desk, call_id) == "send_unit"


def test_who_opens_the_link_is_sent_a_unit_and_who_writes_is_listened_to(desk):
    located, writing = silent(desk), silent(desk)
    for call_id in (located, writing):
        desk.ok(sign(call_id, "quiet"))
        unanswered(desk, call_id)
    locate(desk, located, HOME, source="text_link")
    desk.ok(ReceiveText(call_id=writing, text="不方便说话"))
    assert (step(desk, located), step(desk, writing)) == ("send_unit", "listening")


def test_steps_that_cannot_be_done_are_passed_over(desk):
    no_number, unsafe = silent(desk, number="", place=HOME), silent(desk, place=HOME)
    desk.ok(sign(no_number, "quiet"))
    desk.ok(FlagNeverRing(call_id=unsafe, reason="he listens"))
    desk.ok(skip(unsafe))
    assert (step(desk, no_number), step(desk, unsafe)) == ("send_unit", "send_unit")


def test_who_talks_when_rung_back_is_listened_to_until_a_person_clears_it(desk):
    call_id = silent(desk)
    desk.ok(sign(call_id, "quiet"))
    desk.ok(HangUpCall(call_id=call_id))
    desk.ok(CallBack(call_id=call_id, seat_id="B"))
    desk.ok(RecordCallBack(call_id=call_id, outcome="talked"))
    assert (step(desk, call_id), desk.call(call_id).seat_id) == ("listening", "B")
    desk.ok(HangUpCall(call_id=call_id))
    assert desk.call(call_id).to_call_back
    desk.ok(ClearMissedCall(call_id=call_id, cleared_by="李", reason="spoke to the owner"))
    assert (step(desk, call_id), desk.call(call_id).is_open) == ("cleared", False)
    assert desk.code(sign(call_id, "quiet")) == "not_silent"
    desk.ok(ReportSilence(call_id=call_id))
    assert step(desk, call_id) == "listening"


def test_where_a_ring_back_was_unsafe_the_unit_goes(desk):
    call_id = silent(desk, place=HOME)
    desk.ok(sign(call_id, "quiet"))
    desk.ok(HangUpCall(call_id=call_id))
    desk.ok(CallBack(call_id=call_id, seat_id="A"))
    desk.ok(RecordCallBack(call_id=call_id, outcome="unsafe"))
    assert step(desk, call_id) == "send_unit"
    assert desk.board.incidents[desk.call(call_id).incident_id].facts["danger"] == "yes"


def test_a_call_from_near_an_open_restricted_incident_is_from_a_protected_place(desk):
    desk.opened(DOMESTIC, HOME)
    near, far = silent(desk, place=HOME), silent(desk, place=corner(4, 6))
    assert (step(desk, near), step(desk, far)) == ("send_unit", "listening")
    assert desk.call(near).never_ring
    assert desk.call(near).incident_id
    record = locate(desk, far, HOME)
    assert record.events[0].is_protected_place
    assert (step(desk, far), desk.call(far).never_ring) == ("send_unit", True)
    desk.check_rebuilt()


def test_an_ordinary_incident_protects_nobody(desk):
    desk.opened(FIGHT, HOME)
    assert step(desk, silent(desk, place=HOME)) == "listening"


def test_a_silent_call_that_joins_an_incident_brings_its_danger_and_needs_no_second_unit(desk):
    desk.on_duty("P1")
    incident_id = desk.opened(FIGHT, HOME)
    desk.sent(incident_id, "P1")
    call_id = silent(desk)
    desk.ok(sign(call_id, "distress"))
    record = desk.ok(AttachCall(call_id=call_id, incident_id=incident_id))
    assert "SilentStepSkipped" in names(record)
    incident = desk.board.incidents[incident_id]
    assert (incident.facts["danger"], incident.n_needed) == ("yes", 1)
    assert (step(desk, call_id), desk.call(call_id).to_call_back) == ("sent", False)


def test_an_incident_opened_by_hand_ends_the_listening(desk):
    call_id = silent(desk)
    desk.opened(FIGHT, HOME, call_id=call_id)
    assert (step(desk, call_id), desk.call(call_id).to_call_back) == ("", False)
