"""Laws of the calls (来电不变量): none is lost, none rings twice, and each keeps its owner."""

from call_desk import COUNTY, CallDesk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_city import DOMESTIC, FIGHT, corner

from kuaifan.board.seating import is_manned
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import missed, talk
from kuaifan.vocabulary import seat as seats
from kuaifan.vocabulary.lines import CHANNELS

SEATS = ("A", "B", "C", "Z")
LINES = ("110", "122", "12110", "walk_in", "110", "one_key")
NUMBERS = ("", "130", "131")
SIGNS = ("quiet", "keypad_no", "distress", "whisper", "keypad_yes")
OUTCOMES = ("talked", "no_answer", "unsafe", "no_answer")
TARGETS = (("seat", "B"), ("seat", "C"), ("desk", COUNTY), ("agency", "120"))
TAKES = (
    calls.CallAnswered,
    talk.CallTakenOver,
    talk.TransferAccepted,
    missed.CallBackRecorded,
)
"""Only by these does a call get another owner: an answer, a take-over, a receipt, a call-back."""


def pick(things, i):
    return things[i % len(things)]


RINGING, TALKING, PASSED_ON, OWED, RUNG, SILENT, ANY = (
    lambda c: c.state == "ringing",
    lambda c: c.state == "talking",
    lambda c: c.transfer_kind is not None,
    lambda c: c.to_call_back,
    lambda c: bool(c.call_back_seat_id),
    lambda c: bool(c.silent_step),
    lambda _c: True,
)
ACTIONS = (
    (
        ANY,
        lambda _c, i, j: calls.RegisterCall(
            line=pick(LINES, i), caller_number=pick(NUMBERS, j), seat_id=pick(SEATS, i)
        ),
    ),
    (ANY, lambda _c, i, _j: calls.RegisterCall(line="110", caller_number=pick(NUMBERS, i))),
    (RINGING, lambda c, i, _j: calls.AnswerCall(call_id=c, seat_id=pick(SEATS, i))),
    (RINGING, lambda c, i, _j: calls.AnswerCall(call_id=c, seat_id=pick(SEATS, i))),
    (RINGING, lambda c, _i, _j: calls.HangUpCall(call_id=c)),
    (TALKING, lambda c, i, _j: calls.HangUpCall(call_id=c, by=pick(("caller", "desk"), i))),
    (TALKING, lambda c, _i, _j: talk.HoldCall(call_id=c)),
    (lambda c: c.on_hold, lambda c, _i, _j: talk.ResumeCall(call_id=c)),
    (
        TALKING,
        lambda c, i, j: talk.TakeOverCall(
            call_id=c, seat_id=pick(SEATS, i), reason=pick(("", "r"), j)
        ),
    ),
    (
        TALKING,
        lambda c, i, _j: talk.TransferCall(
            call_id=c, to_kind=pick(TARGETS, i)[0], to_id=pick(TARGETS, i)[1]
        ),
    ),
    (PASSED_ON, lambda c, i, _j: talk.AcceptTransfer(call_id=c, by=pick(SEATS, i))),
    (PASSED_ON, lambda c, _i, _j: talk.RefuseTransfer(call_id=c, by="x", reason="r")),
    (OWED, lambda c, i, _j: missed.CallBack(call_id=c, seat_id=pick(SEATS, i))),
    (OWED, lambda c, i, _j: missed.CallBack(call_id=c, seat_id=pick(SEATS, i))),
    (RUNG, lambda c, i, _j: missed.RecordCallBack(call_id=c, outcome=pick(OUTCOMES, i))),
    (TALKING, lambda c, _i, _j: missed.ReportSilence(call_id=c)),
    (SILENT, lambda c, i, _j: missed.NoteSilentSign(call_id=c, sign=pick(SIGNS, i))),
    (SILENT, lambda c, _i, _j: missed.SkipSilentStep(call_id=c, reason="r")),
    (OWED, lambda c, _i, _j: missed.ClearMissedCall(call_id=c, cleared_by="李", reason="r")),
    (
        SILENT,
        lambda c, i, j: talk.LocateCaller(
            call_id=c,
            lat=corner(i % 9, 0)[0],
            lon=corner(0, j % 9)[1],
            uncertainty_m=10,
            source=pick(("cell", "text_link"), i),
        ),
    ),
    (ANY, lambda c, _i, _j: talk.ReceiveText(call_id=c, text="x")),
    (
        ANY,
        lambda c, i, j: incidents.OpenIncident(
            type_code=pick((FIGHT, DOMESTIC), i),
            call_id=c,
            lat=corner(i % 9, 0)[0],
            lon=corner(0, j % 9)[1],
        ),
    ),
    (ANY, lambda c, i, _j: calls.AttachCall(call_id=c, incident_id=f"J{i % 3 + 1}")),
    (ANY, lambda _c, i, _j: seats.LogOnSeat(seat_id=pick(SEATS[:3], i), person="p")),
    (ANY, lambda _c, i, _j: seats.LogOffSeat(seat_id=pick(SEATS, i))),
    (ANY, lambda _c, i, _j: seats.PauseSeat(seat_id=pick(SEATS, i), reason="r")),
    (ANY, lambda _c, i, _j: seats.ResumeSeat(seat_id=pick(SEATS, i))),
    (
        OWED,
        lambda c, _i, _j: missed.LimitCaller(call_id=c, approved_by="陈", reason="r", minutes=1),
    ),
)
"""Which calls an action is mostly about, and its command."""
number = st.integers(0, 2**20)
steps = st.lists(st.tuples(number, number, number, number), min_size=40, max_size=60)


def made(board, drawn):
    """The command of a step: three times in four about a call that it fits."""
    what, i, j, k = drawn
    fits, command = pick(ACTIONS, what)
    fitting = [call.call_id for call in board.calls.values() if fits(call)]
    return command(pick(fitting if fitting and k % 4 else ["C1", "C2", "C99"], i // 7), i, j)


def owners(board):
    return {call_id: call.seat_id for call_id, call in board.calls.items()}


def check_none_is_lost(board, ended_by_a_person):
    """Every call is open, or with an incident, or somebody ended it."""
    for call in board.calls.values():
        ended = call.call_id in ended_by_a_person or call.cleared_by
        assert call.is_open or call.incident_id or ended, call


def check_offers(board):
    """A ringing call rings at one seat at most, and a seat at most one; both say the same."""
    offered = {c.call_id: c.offered_seat_id for c in board.calls.values() if c.offered_seat_id}
    at_seats = {
        s.offered_call_id: s.seat_id for s in board.desk_seats.values() if s.offered_call_id
    }
    assert offered == at_seats
    assert len(set(offered.values())) == len(offered)
    for call_id, seat_id in offered.items():
        assert board.calls[call_id].state == "ringing"
        assert board.desk_seats[seat_id].state == "idle"


def check_seats(board, given_to):
    """A seat is busy with what it talks or rings back; with one voice, but for what it took."""
    for seat in board.desk_seats.values():
        if seat.state == "off":
            continue
        talks = [
            call.call_id
            for call in board.calls.values()
            if (call.state == "talking" and call.seat_id == seat.seat_id)
            or call.call_back_seat_id == seat.seat_id
        ]
        assert sorted(seat.call_ids) == sorted(talks)
        assert (seat.state == "talking") == bool(talks)
        voices = [
            call_id
            for call_id in talks
            if CHANNELS[board.calls[call_id].line].is_voice
            and not board.calls[call_id].on_hold
            and given_to.get(call_id) == seat.seat_id
        ]
        assert len(voices) <= 1


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(steps)
def test_no_call_is_lost_no_seat_is_overrun_and_no_owner_changes_without_a_receipt(drawn):
    desk = CallDesk()
    desk.manned("A", "B")
    desk.registered()
    ended, given_to = set(), {}
    for drawn_step in drawn:
        before = owners(desk.board)
        at_s = desk.now_s + 1 + drawn_step[3] % 9
        record = desk.do(made(desk.board, drawn_step), at_s=at_s)
        took = [event for event in record.events if isinstance(event, TAKES)]
        changed = {c for c, seat_id in owners(desk.board).items() if before.get(c, "") != seat_id}
        assert changed <= {event.call_id for event in took}
        for event in record.events:
            if isinstance(event, TAKES):
                given_to.pop(event.call_id, None)
            if isinstance(event, calls.CallAnswered) and is_manned(
                desk.board.desk_seats.get(event.seat_id)
            ):
                given_to[event.call_id] = event.seat_id
            if isinstance(event, calls.CallEnded):
                ended.add(event.call_id)
        check_none_is_lost(desk.board, ended)
        check_offers(desk.board)
        check_seats(desk.board, given_to)
    desk.check_rebuilt()
