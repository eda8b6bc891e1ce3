"""The stories of a silent call (静默来电): the protected home, and the pocket that dialled."""

from call_desk import CallDesk
from toy_city import DOMESTIC, START_MS, corner

from kuaifan.vocabulary.call import AnswerCall, HangUpCall
from kuaifan.vocabulary.missed import (
    CallBack,
    ClearMissedCall,
    NoteSilentSign,
    RecordCallBack,
    ReportSilence,
    SkipSilentStep,
)
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportArrival, ReportEnRoute
from kuaifan.vocabulary.talk import LocateCaller, ReceiveText, SendText

HOME, CORNER_SHOP = corner(4, 5), corner(6, 3)


def located(call_id, place, uncertainty_m, source="handset"):
    lat, lon = place
    return LocateCaller(
        call_id=call_id, lat=lat, lon=lon, uncertainty_m=uncertainty_m, source=source
    )


def test_a_silent_call_from_a_protected_place_brings_a_unit_at_once_and_nobody_rings_back():
    desk = CallDesk()
    desk.manned("A", "B", at_s=0)
    desk.on_duty("P1", "P2")

    # A domestic violence incident is open at this address.
    desk.opened(DOMESTIC, HOME, at_s=10)

    # An hour later somebody calls from there, and says nothing.
    call_id = desk.registered(number="13912340001", at_s=3_600)
    assert desk.call(call_id).offered_seat_id == "A"
    desk.ok(AnswerCall(call_id=call_id, seat_id="A"), at_s=3_604)
    desk.ok(located(call_id, HOME, 30), at_s=3_606)
    desk.ok(ReportSilence(call_id=call_id), at_s=3_612)

    # It is known as a protected place: an incident stands there, urgent, and wants one unit.
    call = desk.call(call_id)
    incident = desk.board.incidents[call.incident_id]
    assert (call.silent_step, call.never_ring) == ("send_unit", True)
    assert (incident.type_code, incident.priority, incident.n_needed) == ("130101", 1, 1)
    assert incident.tp_ms - START_MS == 3_612_000
    assert incident.recommended_unit_ids

    # The line goes dead. Nobody can ring or write, by mistake or by habit.
    desk.ok(HangUpCall(call_id=call_id), at_s=3_615)
    assert desk.code(CallBack(call_id=call_id, seat_id="B")) == "never_ring"
    assert desk.code(SendText(call_id=call_id, text="您好, 请回复")) == "never_ring"

    # The unit goes, and with it the call is done; the incident owes the rest.
    order_id = desk.sent(incident.incident_id, incident.recommended_unit_ids[0], at_s=3_620)
    assert (desk.call(call_id).silent_step, desk.call(call_id).to_call_back) == ("sent", False)
    desk.ok(AcknowledgeOrder(order_id=order_id), at_s=3_630)
    desk.ok(ReportEnRoute(order_id=order_id), at_s=3_640)
    desk.ok(ReportArrival(order_id=order_id), at_s=3_700)
    assert not any(alarm.call_id == call_id for alarm in desk.board.alarms.values())
    desk.check_rebuilt()


def test_a_quiet_call_is_rung_back_written_to_visited_and_ended_by_a_person():
    desk = CallDesk()
    desk.manned("A", "B", at_s=0)
    desk.on_duty("P1", "P2")

    # Nobody speaks, nothing is heard; asked to press a key, somebody presses "no".
    call_id = desk.registered(number="13912340002", at_s=100)
    desk.ok(AnswerCall(call_id=call_id, seat_id="A"), at_s=103)
    desk.ok(ReportSilence(call_id=call_id), at_s=110)
    desk.ok(NoteSilentSign(call_id=call_id, sign="keypad_no"), at_s=120)
    assert desk.call(call_id).silent_step == "call_back"
    desk.ok(HangUpCall(call_id=call_id, by="caller"), at_s=125)

    # Rung back without an answer; the link is next. Then nobody does anything: the clock rings.
    desk.ok(CallBack(call_id=call_id, seat_id="A"), at_s=130)
    desk.ok(RecordCallBack(call_id=call_id, outcome="no_answer"), at_s=160)
    assert desk.call(call_id).silent_step == "text_link"
    desk.ok(SendText(call_id=call_id, text="https://…", kind="location_link"), at_s=165)
    desk.run_until(195)
    assert desk.board.alarms[f"call_back:{call_id}"].call_id == call_id

    # Nobody knows where it is: it stays owed.
    desk.ok(SkipSilentStep(call_id=call_id, reason="link not opened"), at_s=200)
    assert (desk.call(call_id).silent_step, desk.call(call_id).incident_id) == ("text_link", "")

    # The cell gives a circle: now one unit goes, at the ordinary priority of the type.
    desk.ok(located(call_id, CORNER_SHOP, 400, "cell"), at_s=210)
    desk.ok(SkipSilentStep(call_id=call_id, reason="no answer to the link"), at_s=215)
    call = desk.call(call_id)
    incident = desk.board.incidents[call.incident_id]
    assert (call.silent_step, incident.n_needed, incident.priority) == ("send_unit", 1, 3)
    assert call.to_call_back

    # Then the caller writes that the phone was in a pocket. It is still a person who ends it.
    desk.ok(ReceiveText(call_id=call_id, text="口袋误拨"), at_s=220)
    assert desk.call(call_id).is_open
    cleared = ClearMissedCall(call_id=call_id, cleared_by="李", reason="pocket dial, confirmed")
    desk.ok(cleared, at_s=230)
    call = desk.call(call_id)
    assert (call.silent_step, call.cleared_by, call.is_open) == ("cleared", "李", False)
    assert f"call_back:{call_id}" not in desk.board.alarms
    desk.check_rebuilt()
