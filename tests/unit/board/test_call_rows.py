"""Rows of calls (来电行): what a call-taker needs, for as long as something is owed."""

from toy_city import corner
from watched_desk import Watched

from kuaifan.board.view_builders import ENDED_SHOWN_MS
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import missed, seat, talk


def test_a_row_says_where_a_call_rings_whose_it_is_and_who_is_in_it():
    desk = Watched()
    desk.do(seat.LogOnSeat(seat_id="A", person="王"))
    call_id = desk.rang()
    assert desk.row("calls", call_id).offered_seat_id == "A"
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="A"))
    desk.do(talk.AddParty(call_id=call_id, kind="interpreter", name="维语", number="0554-1"))
    desk.do(talk.HoldCall(call_id=call_id))
    desk.do(talk.TransferCall(call_id=call_id, to_kind="agency", to_id="120"))
    row = desk.row("calls", call_id)
    assert (row.offered_seat_id, row.desk_id, row.on_hold) == ("", "city", True)
    assert (row.transfer_kind, row.transfer_id, row.handed_to) == ("agency", "120", "")
    assert [(p.kind, p.name, p.left) for p in row.parties] == [("interpreter", "维语", False)]
    assert "0554-1" not in repr(row)
    desk.do(talk.AcceptTransfer(call_id=call_id, by="3"))
    row = desk.row("calls", call_id)
    assert (row.transfer_kind, row.handed_to, len(row.parties)) == (None, "120", 2)
    assert desk.seen == desk.fresh()


def test_a_row_keeps_the_text_it_was_made_with():
    desk = Watched()
    call_id = desk.rang()
    desk.do(talk.SendText(call_id=call_id, text="x"))
    before = desk.row("calls", call_id)
    desk.do(talk.ReportTextOutcome(call_id=call_id, text_no=1, outcome="delivered"))
    assert before.texts[0].outcome is None
    assert desk.row("calls", call_id).texts[0].outcome == "delivered"


def test_a_row_shows_the_circle_the_caller_is_in():
    desk = Watched()
    call_id = desk.rang()
    assert desk.row("calls", call_id).uncertainty_m == -1
    lat, lon = corner(2, 2)
    locate = talk.LocateCaller(call_id=call_id, lat=lat, lon=lon, uncertainty_m=250, source="cell")
    desk.do(locate)
    row = desk.row("calls", call_id)
    assert (row.lat, row.lon, row.uncertainty_m, row.location_source) == (lat, lon, 250, "cell")


def test_a_silent_call_stays_shown_until_a_person_clears_it():
    desk = Watched()
    call_id = desk.rang(at_s=0)
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="A"))
    desk.do(missed.ReportSilence(call_id=call_id))
    desk.do(missed.FlagNeverRing(call_id=call_id, reason="he listens"))
    desk.do(calls.HangUpCall(call_id=call_id), at_s=10)
    desk.pass_time(20 + ENDED_SHOWN_MS / 1000)
    row = desk.row("calls", call_id)
    assert (row.silent_step, row.to_call_back, row.never_ring) == ("listening", True, True)
    desk.do(missed.ClearMissedCall(call_id=call_id, cleared_by="李", reason="seen by unit"))
    assert desk.keys("calls") == []


def test_a_call_whose_transfer_waits_stays_shown_although_the_caller_has_gone():
    desk = Watched()
    call_id = desk.rang(at_s=0)
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="A"))
    desk.do(talk.TransferCall(call_id=call_id, to_kind="agency", to_id="12345"))
    desk.do(calls.HangUpCall(call_id=call_id), at_s=10)
    desk.pass_time(20 + ENDED_SHOWN_MS / 1000)
    assert desk.keys("calls") == [call_id]
    desk.do(talk.AcceptTransfer(call_id=call_id, by="3"))
    assert desk.keys("calls") == []


def test_a_limited_caller_is_shown_as_such():
    desk = Watched()
    first = desk.rang()
    desk.do(calls.HangUpCall(call_id=first))
    desk.do(missed.LimitCaller(call_id=first, approved_by="陈", reason="r", minutes=5))
    assert [desk.row("calls", each).is_limited for each in (first, desk.rang())] == [False, True]
    desk.pass_time(400)
    assert desk.seen == desk.fresh()
