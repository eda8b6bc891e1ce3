"""Rows of the seats (席位行): who is there, what they do, and who may read the name."""

from call_desk import CallDesk
from watched_desk import Watched

from kuaifan.board.views import Shown
from kuaifan.vocabulary.call import AnswerCall, HangUpCall
from kuaifan.vocabulary.missed import CallBack
from kuaifan.vocabulary.phone import AttachRecording
from kuaifan.vocabulary.seat import AcceptSeat, HandOverSeat, LogOffSeat, LogOnSeat, PauseSeat
from kuaifan.web.masking import masked_row
from kuaifan.web.viewer import Viewer


class WatchedCalls(Watched, CallDesk):
    """A call desk with a screen on it."""

    def state(self, seat_id="A"):
        row = self.row("seats", seat_id)
        return row and row.state


def test_a_seat_shows_every_state_it_goes_through():
    desk = WatchedCalls()
    assert desk.state() is None
    desk.ok(LogOnSeat(seat_id="A", person="王", extension="8001", after_call_s=30))
    assert desk.state() == "idle"
    call_id = desk.registered(at_s=10)
    row = desk.row("seats", "A")
    assert (row.state, row.offered_call_id) == ("ringing", call_id)
    assert row.since_ms == desk.call(call_id).offered_at_ms
    desk.ok(AnswerCall(call_id=call_id, seat_id="A"))
    assert desk.state() == "talking"
    desk.ok(HangUpCall(call_id=call_id))
    assert desk.state() == "after_call"
    assert desk.row("seats", "A").ready_at_ms == desk.row("seats", "A").since_ms + 30_000
    desk.pass_time(desk.now_s + 31)
    assert desk.state() == "idle"
    desk.ok(PauseSeat(seat_id="A", reason="用餐"))
    assert (desk.state(), desk.row("seats", "A").pause_reason) == ("paused", "用餐")
    desk.ok(LogOffSeat(seat_id="A"))
    assert desk.state() is None
    assert desk.seen == desk.fresh()


def test_a_hand_over_shows_what_the_next_person_signs_for():
    desk = WatchedCalls()
    desk.manned("A")
    call_id = desk.talked("A")
    desk.ok(HandOverSeat(seat_id="A", to_person="李", notes="C1 等译员"))
    row = desk.row("seats", "A")
    assert (row.to_person, row.handed_call_ids) == ("李", (call_id,))
    assert row.hand_over_notes == "C1 等译员"
    desk.ok(AcceptSeat(seat_id="A", person="李"))
    row = desk.row("seats", "A")
    assert (row.person, row.to_person, row.handed_call_ids) == ("李", "", ())


def test_ringing_back_makes_the_seat_busy_on_the_screens():
    desk = WatchedCalls()
    desk.manned("A")
    call_id = desk.missed()
    desk.ok(CallBack(call_id=call_id, seat_id="A"))
    assert desk.row("seats", "A").call_ids == (call_id,)
    assert desk.seen == desk.fresh()


def test_the_name_at_a_seat_is_for_the_desk_only_and_crews_see_no_seat():
    desk = WatchedCalls()
    desk.manned("A")
    shown = desk.seen["seats", "A"]
    assert isinstance(shown, Shown)
    assert masked_row(Viewer("dispatcher"), shown).person == "A-1"
    assert masked_row(Viewer("wall"), shown).person == ""
    assert masked_row(Viewer("crew", "P1"), shown) is None


def test_a_call_shows_that_it_is_recorded_but_not_under_what_name():
    desk = WatchedCalls()
    call_id = desk.talked("A")
    desk.ok(AttachRecording(call_id=call_id, reference="rec-1", duration_ms=5_000))
    recordings = desk.row("calls", call_id).recordings
    assert [each.duration_ms for each in recordings] == [5_000]
    assert not hasattr(recordings[0], "reference")
