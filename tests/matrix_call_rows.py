"""Calls and seats: one plausible command each (来电与席位命令样例)."""

from matrix_row import row
from matrix_scene import CREW_SEAT, FAR_PLACE
from toy_city import EAST_DESK

from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import kinship, missed, phone
from kuaifan.vocabulary import seat as seats
from kuaifan.vocabulary import talk as talks

LAT, LON = FAR_PLACE


def _phone_event(line):
    return phone.ReportPhoneEvent(
        pbx_id="pbx",
        phone_call_id="1",
        event_no=1,
        kind="ring",
        device_at_ms=0,
        facts=phone.PhoneFacts(line=line, caller_number="13800000000"),
    )


CALL_ROWS = (
    row(calls.RegisterCall, lambda _s: calls.RegisterCall(line="110"), "", "seat"),
    row(
        calls.RegisterCall,
        lambda s: calls.RegisterCall(line="walk_in", seat_id=s.seat_id),
        "at the counter",
        "seat",
    ),
    row(
        calls.AnswerCall,
        lambda s: calls.AnswerCall(call_id=s.call_id, seat_id="S5"),
        "",
        "call",
    ),
    row(
        calls.AnswerCall,
        lambda s: calls.AnswerCall(call_id=s.ringing_id, seat_id=s.seat_id),
        "",
        "seat",
    ),
    row(calls.UpdateCall, lambda s: calls.UpdateCall(call_id=s.call_id, caller_name="Li")),
    row(calls.HangUpCall, lambda s: calls.HangUpCall(call_id=s.call_id), "caller"),
    row(calls.HangUpCall, lambda s: calls.HangUpCall(call_id=s.call_id, by="desk"), "desk"),
    row(
        calls.AttachCall,
        lambda s: calls.AttachCall(call_id=s.call_id, incident_id=s.incident_id),
        "",
        "incident",
    ),
    row(
        calls.AttachCall,
        lambda s: calls.AttachCall(call_id=s.call_id, incident_id=s.other_incident_id),
        "",
        "call",
    ),
    row(talks.OfferCalls, lambda _s: talks.OfferCalls(), "", "call", "seat"),
    row(
        talks.TakeOverCall,
        lambda s: talks.TakeOverCall(call_id=s.call_id, seat_id="S5", reason="experience"),
        "",
        "call",
    ),
    row(
        talks.TakeOverCall,
        lambda s: talks.TakeOverCall(call_id=s.call_id, seat_id=s.seat_id, reason="experience"),
        "",
        "seat",
    ),
    row(talks.HoldCall, lambda s: talks.HoldCall(call_id=s.call_id)),
    row(talks.ResumeCall, lambda s: talks.ResumeCall(call_id=s.call_id)),
    row(
        talks.TransferCall,
        lambda s: talks.TransferCall(call_id=s.call_id, to_kind="agency", to_id="120"),
        "to 120",
    ),
    row(
        talks.TransferCall,
        lambda s: talks.TransferCall(call_id=s.call_id, to_kind="desk", to_id=EAST_DESK),
        "to another desk",
    ),
    row(
        talks.TransferCall,
        lambda s: talks.TransferCall(call_id=s.call_id, to_kind="seat", to_id=s.seat_id),
        "to a seat",
        "seat",
    ),
    row(talks.AcceptTransfer, lambda s: talks.AcceptTransfer(call_id=s.call_id, by="119 desk")),
    row(
        talks.RefuseTransfer,
        lambda s: talks.RefuseTransfer(call_id=s.call_id, by="119 desk", reason="not ours"),
    ),
    row(
        talks.AddParty,
        lambda s: talks.AddParty(call_id=s.call_id, kind="relative", name="her mother"),
    ),
    row(talks.DropParty, lambda s: talks.DropParty(call_id=s.call_id, party_no=1)),
    row(talks.SendText, lambda s: talks.SendText(call_id=s.call_id, text="help is coming")),
    row(talks.ReceiveText, lambda s: talks.ReceiveText(call_id=s.call_id, text="at home")),
    row(
        talks.ReportTextOutcome,
        lambda s: talks.ReportTextOutcome(call_id=s.call_id, text_no=1, outcome="failed"),
    ),
    row(
        talks.LocateCaller,
        lambda s: talks.LocateCaller(
            call_id=s.call_id, lat=LAT, lon=LON, uncertainty_m=30, source="cell"
        ),
    ),
    row(
        missed.CallBack,
        lambda s: missed.CallBack(call_id=s.call_id, seat_id=CREW_SEAT),
        "",
        "call",
    ),
    row(
        missed.CallBack,
        lambda s: missed.CallBack(call_id=s.missed_id, seat_id=s.seat_id),
        "",
        "seat",
    ),
    row(
        missed.RecordCallBack,
        lambda s: missed.RecordCallBack(call_id=s.call_id, outcome="no_answer"),
    ),
    row(
        missed.ClearMissedCall,
        lambda s: missed.ClearMissedCall(call_id=s.call_id, cleared_by="Zhao", reason="a child"),
    ),
    row(missed.FlagNeverRing, lambda s: missed.FlagNeverRing(call_id=s.call_id, reason="danger")),
    row(
        missed.LiftNeverRing,
        lambda s: missed.LiftNeverRing(call_id=s.call_id, approved_by="chief", reason="safe"),
    ),
    row(missed.ReportSilence, lambda s: missed.ReportSilence(call_id=s.call_id)),
    row(
        missed.NoteSilentSign,
        lambda s: missed.NoteSilentSign(call_id=s.call_id, sign="whisper"),
        "whisper",
    ),
    row(
        missed.NoteSilentSign,
        lambda s: missed.NoteSilentSign(call_id=s.call_id, sign="keypad_no"),
        "keypad no",
    ),
    row(
        missed.SkipSilentStep,
        lambda s: missed.SkipSilentStep(call_id=s.call_id, reason="no answer"),
    ),
    row(
        missed.LimitCaller,
        lambda s: missed.LimitCaller(
            call_id=s.call_id, approved_by="chief", reason="abuse", minutes=30
        ),
    ),
    row(
        missed.LimitCaller,
        lambda s: missed.LimitCaller(
            call_id=s.call_id, approved_by="chief", reason="plays", minutes=30, is_child=True
        ),
        "a child",
    ),
    row(
        missed.LiftCallerLimit,
        lambda s: missed.LiftCallerLimit(limit_id=s.limit_id, approved_by="chief"),
    ),
    row(missed.ExpireCallerLimit, lambda s: missed.ExpireCallerLimit(limit_id=s.limit_id)),
    row(kinship.RetireCall, lambda s: kinship.RetireCall(call_id=s.call_id)),
    row(
        phone.AttachRecording,
        lambda s: phone.AttachRecording(call_id=s.call_id, reference="rec/1.wav"),
    ),
    row(phone.ReportPhoneEvent, lambda _s: _phone_event("110"), "ring", "seat"),
    row(phone.ReportPhoneEvent, lambda _s: _phone_event("walk_in"), "no such line", "seat"),
)
SEAT_ROWS = (
    row(seats.LogOnSeat, lambda s: seats.LogOnSeat(seat_id=s.seat_id, person="Wu")),
    row(seats.PauseSeat, lambda s: seats.PauseSeat(seat_id=s.seat_id, reason="tea")),
    row(seats.ResumeSeat, lambda s: seats.ResumeSeat(seat_id=s.seat_id)),
    row(seats.EndAfterCall, lambda s: seats.EndAfterCall(seat_id=s.seat_id)),
    row(seats.LogOffSeat, lambda s: seats.LogOffSeat(seat_id=s.seat_id)),
    row(seats.HandOverSeat, lambda s: seats.HandOverSeat(seat_id=s.seat_id, to_person="Wu")),
    row(seats.AcceptSeat, lambda s: seats.AcceptSeat(seat_id=s.seat_id, person="Qian")),
)
