"""The story of a busy quarter of an hour at three seats (来电排队), told by what rings where."""

from call_desk import CallDesk
from toy_city import FIGHT, corner

from kuaifan.vocabulary.call import AnswerCall, AttachCall, HangUpCall
from kuaifan.vocabulary.missed import CallBack, RecordCallBack
from kuaifan.vocabulary.seat import AcceptSeat, HandOverSeat, LogOffSeat
from kuaifan.vocabulary.talk import (
    AcceptTransfer,
    AddParty,
    DropParty,
    HoldCall,
    TakeOverCall,
    TransferCall,
)


def rings_at(desk, *call_ids):
    return [desk.call(call_id).offered_seat_id for call_id in call_ids]


def test_three_seats_share_what_rings_and_nothing_is_lost():
    desk = CallDesk()
    desk.manned("A", at_s=0)
    desk.manned("B", at_s=1)
    desk.manned("T", skills=("traffic", "text"), at_s=2)

    # Four calls in four seconds: each seat is offered one, the crash goes to the traffic seat.
    first, crash, second, third = (
        desk.registered(line, f"1390000000{i}", at_s=10 + i)
        for i, line in enumerate(("110", "122", "110", "110"))
    )
    assert rings_at(desk, first, crash, second, third) == ["A", "T", "B", ""]
    desk.ok(AnswerCall(call_id=first, seat_id="A"), at_s=15)
    desk.ok(AnswerCall(call_id=crash, seat_id="T"), at_s=16)
    desk.ok(AnswerCall(call_id=second, seat_id="B"), at_s=17)

    # The fourth caller gives up: missed, owed, and its clock runs.
    desk.ok(HangUpCall(call_id=third), at_s=25)
    assert desk.call(third).to_call_back
    desk.run_until(90)
    assert f"call_back:{third}" in desk.board.alarms

    # The first caller speaks a language nobody at the seat does: an interpreter joins.
    interpreter = AddParty(call_id=first, kind="interpreter", name="维语 07", number="0554-120")
    desk.ok(interpreter, at_s=95)
    incident_id = desk.opened(FIGHT, corner(4, 5), call_id=first)
    desk.ok(DropParty(call_id=first, party_no=1), at_s=150)

    # The second caller is hurt: held until 120 answers, and the desk cannot drop the line.
    desk.ok(HoldCall(call_id=second), at_s=152)
    desk.ok(TransferCall(call_id=second, to_kind="agency", to_id="120"), at_s=153)
    assert desk.code(HangUpCall(call_id=second, by="desk")) == "transfer_open"
    desk.run_until(214)
    assert f"transfer:{second}" in desk.board.alarms
    desk.ok(AcceptTransfer(call_id=second, by="120 中心 3"), at_s=220)
    call = desk.call(second)
    assert (call.state, call.on_hold, call.handed_to, call.seat_id) == (
        "talking",
        False,
        "120",
        "B",
    )
    assert f"transfer:{second}" not in desk.board.alarms
    desk.ok(HangUpCall(call_id=second, by="desk"), at_s=260)

    # The supervisor takes the first call over: past the grace, with a reason.
    assert desk.code(TakeOverCall(call_id=first, seat_id="S"), at_s=261) == "reason_needed"
    desk.ok(TakeOverCall(call_id=first, seat_id="S", reason="threatens suicide"), at_s=262)
    desk.ok(HangUpCall(call_id=first, by="desk"), at_s=300)

    # The missed caller is rung back, and was the same fight: attached, nothing more is owed.
    desk.ok(CallBack(call_id=third, seat_id="A"), at_s=301)
    desk.ok(RecordCallBack(call_id=third, outcome="talked"), at_s=310)
    desk.ok(AttachCall(call_id=third, incident_id=incident_id), at_s=320)
    desk.ok(HangUpCall(call_id=third), at_s=340)
    assert f"call_back:{third}" not in desk.board.alarms

    # The traffic seat ends its shift in the middle of the talk: the next one signs for it.
    assert desk.code(LogOffSeat(seat_id="T"), at_s=400) == "seat_owns"
    desk.ok(HandOverSeat(seat_id="T", to_person="赵", notes="lorry blocks row 2"), at_s=401)
    desk.ok(AcceptSeat(seat_id="T", person="赵"), at_s=405)
    assert (desk.seat("T").person, desk.call(crash).seat_id) == ("赵", "T")
    desk.ok(HangUpCall(call_id=crash), at_s=500)

    assert not any(call.is_open for call in desk.board.calls.values())
    assert {desk.seat(seat_id).state for seat_id in "ABT"} == {"idle"}
    desk.check_rebuilt()
