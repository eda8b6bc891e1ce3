"""During a call (通话): an owner stays until a receipt, and nobody who waits is dropped."""

import pytest
from call_desk import COUNTY, CallDesk
from toy_city import corner, names

from kuaifan.vocabulary.call import HangUpCall
from kuaifan.vocabulary.missed import FlagNeverRing
from kuaifan.vocabulary.talk import (
    AcceptTransfer,
    AddParty,
    DropParty,
    HoldCall,
    LocateCaller,
    ReceiveText,
    RefuseTransfer,
    ReportTextOutcome,
    ResumeCall,
    SendText,
    TakeOverCall,
    TransferCall,
)


@pytest.fixture
def desk():
    return CallDesk()


# --- hold and take over ----------------------------------------------------------------------


def test_a_caller_on_hold_is_not_hung_up_by_the_desk_but_may_hang_up(desk):
    call_id = desk.talked()
    desk.ok(HoldCall(call_id=call_id))
    assert desk.call(call_id).on_hold
    assert desk.code(HoldCall(call_id=call_id)) == "already_held"
    assert desk.code(HangUpCall(call_id=call_id, by="desk")) == "call_on_hold"
    desk.ok(ResumeCall(call_id=call_id))
    assert desk.code(ResumeCall(call_id=call_id)) == "not_held"
    desk.ok(HoldCall(call_id=call_id))
    desk.ok(HangUpCall(call_id=call_id, by="caller"))
    assert (desk.call(call_id).state, desk.call(call_id).on_hold) == ("ended", False)


def test_the_desk_never_hangs_up_a_call_that_rings(desk):
    assert desk.code(HangUpCall(call_id=desk.registered(), by="desk")) == "call_ringing"


def test_texts_are_not_held_and_what_is_not_talked_cannot_be(desk):
    assert desk.code(HoldCall(call_id=desk.talked(line="12110"))) == "not_voice"
    assert desk.code(HoldCall(call_id=desk.registered())) == "call_not_talking"
    assert desk.code(ResumeCall(call_id=desk.registered())) == "call_not_talking"
    assert desk.code(HoldCall(call_id="C99")) == "unknown_call"


def test_a_seat_talks_with_one_voice_and_holds_the_others(desk):
    desk.manned("A")
    first = desk.talked("A")
    desk.ok(HoldCall(call_id=first))
    second = desk.talked("A")
    assert desk.code(ResumeCall(call_id=first)) == "seat_talking"
    desk.ok(HangUpCall(call_id=second))
    desk.ok(ResumeCall(call_id=first))
    assert desk.seat("A").call_ids == [first]


def test_a_talk_is_taken_over_freely_within_the_grace_and_later_with_a_reason(desk):
    desk.manned("A", "B", at_s=0)
    call_id = desk.talked("A", at_s=10)
    desk.ok(HoldCall(call_id=call_id))
    desk.ok(TakeOverCall(call_id=call_id, seat_id="B"), at_s=30)
    call = desk.call(call_id)
    assert (call.seat_id, call.on_hold) == ("B", False)
    assert (desk.seat("A").state, desk.seat("B").state) == ("idle", "talking")
    assert desk.code(TakeOverCall(call_id=call_id, seat_id="A"), at_s=31) == "reason_needed"
    record = desk.ok(TakeOverCall(call_id=call_id, seat_id="C", reason="speaks Hui dialect"))
    assert (record.events[0].from_seat_id, record.events[0].reason) == ("B", "speaks Hui dialect")
    desk.check_rebuilt()


def test_what_a_take_over_refuses(desk):
    call_id = desk.talked("A")
    assert desk.code(TakeOverCall(call_id=call_id, seat_id="A")) == "same_seat"
    assert desk.code(TakeOverCall(call_id=call_id, seat_id="")) == "no_seat"
    assert desk.code(TakeOverCall(call_id=desk.registered(), seat_id="B")) == "call_not_talking"
    desk.ok(TransferCall(call_id=call_id, to_kind="seat", to_id="B"))
    assert desk.code(TakeOverCall(call_id=call_id, seat_id="B")) == "transfer_open"


# --- transfer, with a receipt ----------------------------------------------------------------


def test_a_call_passed_to_a_seat_keeps_its_owner_until_that_seat_signs(desk):
    desk.manned("A", "B")
    call_id = desk.talked("A")
    desk.ok(TransferCall(call_id=call_id, to_kind="seat", to_id="B", reason="fraud"))
    assert desk.call(call_id).seat_id == "A"
    assert desk.code(HangUpCall(call_id=call_id, by="desk")) == "transfer_open"
    assert desk.code(AcceptTransfer(call_id=call_id, by="C")) == "not_yours"
    desk.ok(AcceptTransfer(call_id=call_id, by="B"))
    call = desk.call(call_id)
    assert (call.seat_id, call.transfer_kind, call.transfer_id) == ("B", None, "")
    assert (desk.seat("A").state, desk.seat("B").state) == ("idle", "talking")
    desk.ok(HangUpCall(call_id=call_id, by="desk"))
    desk.check_rebuilt()


def test_a_caller_who_hangs_up_leaves_the_transfer_open_and_owned(desk):
    desk.manned("A", "B")
    call_id = desk.talked("A")
    desk.ok(TransferCall(call_id=call_id, to_kind="seat", to_id="B"))
    desk.ok(HangUpCall(call_id=call_id, by="caller"))
    call = desk.call(call_id)
    assert (call.state, call.seat_id, call.transfer_id, call.is_open) == ("ended", "A", "B", True)
    desk.ok(AcceptTransfer(call_id=call_id, by="B"))
    assert (desk.call(call_id).seat_id, desk.call(call_id).is_open) == ("B", False)
    assert desk.seat("B").state == "idle"


def test_a_desk_signs_by_one_of_its_own_seats(desk):
    desk.manned("A", "B")
    desk.manned("K", desk_id=COUNTY)
    call_id = desk.talked("A")
    desk.ok(TransferCall(call_id=call_id, to_kind="desk", to_id=COUNTY))
    assert desk.code(AcceptTransfer(call_id=call_id, by="B")) == "wrong_desk"
    assert desk.code(AcceptTransfer(call_id=call_id, by="A")) == "same_seat"
    desk.ok(AcceptTransfer(call_id=call_id, by="K"))
    call = desk.call(call_id)
    assert (call.state, call.seat_id, call.desk_id) == ("talking", "K", COUNTY)


def test_a_service_joins_and_the_caller_is_in_a_conference(desk):
    call_id = desk.talked("A")
    desk.ok(HoldCall(call_id=call_id))
    desk.ok(TransferCall(call_id=call_id, to_kind="agency", to_id="120"))
    assert names(desk.ok(AcceptTransfer(call_id=call_id, by="中心 7"))) == [
        "TransferAccepted",
        "PartyAdded",
    ]
    call = desk.call(call_id)
    assert (call.state, call.seat_id, call.handed_to, call.on_hold) == (
        "talking",
        "A",
        "120",
        False,
    )
    assert [(p.kind, p.name) for p in call.parties] == [("agency", "120 中心 7")]
    code = desk.code(TransferCall(call_id=call_id, to_kind="agency", to_id="120"))
    assert code == "transfer_to_itself"
    desk.ok(HangUpCall(call_id=call_id, by="desk"))
    desk.check_rebuilt()


def test_a_refused_transfer_stays_with_its_owner_and_is_news(desk):
    call_id = desk.talked("A")
    desk.ok(TransferCall(call_id=call_id, to_kind="agency", to_id="12345"))
    record = desk.ok(RefuseTransfer(call_id=call_id, by="话务 3", reason="not ours"))
    assert names(record) == ["TransferRefused", "AlarmRaised"]
    assert desk.call(call_id).seat_id == "A"
    assert desk.board.alarms[f"transfer_refused:{call_id}"].call_id == call_id
    desk.ok(TransferCall(call_id=call_id, to_kind="agency", to_id="122"))


@pytest.mark.parametrize(
    ("kind", "to_id", "code"),
    [
        ("seat", "A", "transfer_to_itself"),
        ("seat", "Z", "seat_off"),
        ("seat", "", "no_seat"),
        ("desk", "city", "transfer_to_itself"),
        ("desk", "nowhere", "unknown_desk"),
        ("agency", "nobody", "unknown_agency"),
    ],
)
def test_where_a_call_cannot_be_passed(desk, kind, to_id, code):
    desk.manned("A")
    call_id = desk.talked("A")
    assert desk.code(TransferCall(call_id=call_id, to_kind=kind, to_id=to_id)) == code


def test_what_is_over_or_offered_already_cannot_be_passed(desk):
    over, open_one = desk.talked(), desk.talked("B")
    desk.ok(HangUpCall(call_id=over))
    to_120 = {"to_kind": "agency", "to_id": "120"}
    assert desk.code(TransferCall(call_id=over, **to_120)) == "call_not_talking"
    assert desk.code(TransferCall(call_id=desk.registered(), **to_120)) == "call_not_talking"
    desk.ok(TransferCall(call_id=open_one, **to_120))
    assert desk.code(TransferCall(call_id=open_one, **to_120)) == "transfer_open"
    assert desk.code(AcceptTransfer(call_id=open_one, by="")) == "no_name"
    assert desk.code(RefuseTransfer(call_id=open_one, by="", reason="r")) == "no_name"
    assert desk.code(RefuseTransfer(call_id=open_one, by="x", reason="")) == "reason_needed"
    assert desk.code(AcceptTransfer(call_id=over, by="x")) == "no_transfer"
    assert desk.code(RefuseTransfer(call_id=over, by="x", reason="r")) == "no_transfer"


def test_a_transfer_without_a_receipt_alarms(desk):
    call_id = desk.talked(at_s=0)
    desk.ok(TransferCall(call_id=call_id, to_kind="agency", to_id="120"), at_s=1)
    desk.run_until(62)
    assert f"transfer:{call_id}" in desk.board.alarms
    desk.ok(AcceptTransfer(call_id=call_id, by="120"))
    assert f"transfer:{call_id}" not in desk.board.alarms


# --- three-way -------------------------------------------------------------------------------


def test_an_interpreter_joins_and_leaves(desk):
    call_id = desk.talked()
    desk.ok(AddParty(call_id=call_id, kind="interpreter", name="维语 译员", number="0554-1"))
    desk.ok(AddParty(call_id=call_id, kind="relative", name="sister"))
    assert [p.party_no for p in desk.call(call_id).parties] == [1, 2]
    desk.ok(DropParty(call_id=call_id, party_no=1))
    assert [p.left for p in desk.call(call_id).parties] == [True, False]
    assert desk.code(DropParty(call_id=call_id, party_no=1)) == "party_left"
    assert desk.code(DropParty(call_id=call_id, party_no=9)) == "unknown_party"
    assert desk.code(DropParty(call_id=desk.registered(), party_no=1)) == "call_not_talking"


def test_who_joins_needs_a_name_a_talk_and_room(desk):
    call_id = desk.talked()
    assert desk.code(AddParty(call_id=call_id, kind="other", name="")) == "no_name"
    ringing = desk.registered()
    assert desk.code(AddParty(call_id=ringing, kind="other", name="x")) == "call_not_talking"
    for i in range(8):
        desk.ok(AddParty(call_id=call_id, kind="other", name=f"p{i}"))
    assert desk.code(AddParty(call_id=call_id, kind="other", name="x")) == "too_many_parties"


# --- texts -----------------------------------------------------------------------------------


def test_texts_go_both_ways_and_are_numbered(desk):
    call_id = desk.talked(line="12110")
    desk.ok(ReceiveText(call_id=call_id, text="救命"))
    desk.ok(SendText(call_id=call_id, text="您在哪里?"))
    desk.ok(SendText(call_id=call_id, text="警察在路上", kind="advice"))
    desk.ok(ReportTextOutcome(call_id=call_id, text_no=1, outcome="delivered"))
    assert [(t.text_no, t.text, t.outcome) for t in desk.call(call_id).texts] == [
        (0, "救命", None),
        (1, "您在哪里?", "delivered"),
        (2, "警察在路上", None),
    ]
    desk.check_rebuilt()


def test_a_text_that_did_not_arrive_is_news(desk):
    call_id = desk.talked()
    desk.ok(SendText(call_id=call_id, text="hello"))
    desk.ok(ReportTextOutcome(call_id=call_id, text_no=1, outcome="failed"))
    assert f"text_failed:{call_id}" in desk.board.alarms
    again = ReportTextOutcome(call_id=call_id, text_no=1, outcome="failed")
    assert desk.code(again) == "already_reported"
    unknown = ReportTextOutcome(call_id=call_id, text_no=0, outcome="failed")
    assert desk.code(unknown) == "unknown_text"


def test_nobody_writes_where_that_endangers_unless_the_caller_wrote_first(desk):
    call_id = desk.talked()
    desk.ok(FlagNeverRing(call_id=call_id, reason="he listens"))
    link = SendText(call_id=call_id, text="https://…", kind="location_link")
    assert desk.code(link) == "never_ring"
    desk.ok(ReceiveText(call_id=call_id, text="别打电话"))
    desk.ok(link)


def test_a_text_needs_words_and_a_number(desk):
    assert desk.code(SendText(call_id=desk.talked(), text=" ")) == "no_text"
    assert desk.code(SendText(call_id=desk.talked(number=""), text="x")) == "no_number"
    assert desk.code(ReceiveText(call_id="C99", text="x")) == "unknown_call"


def test_a_text_after_the_call_is_owed_an_answer(desk):
    call_id = desk.talked()
    desk.ok(HangUpCall(call_id=call_id))
    desk.ok(ReceiveText(call_id=call_id, text="他又来了"))
    assert desk.call(call_id).to_call_back


# --- where the caller is ---------------------------------------------------------------------


def test_the_caller_is_located_with_a_circle_and_the_incident_is_not(desk):
    call_id = desk.talked()
    incident_id = desk.opened("020302", call_id=call_id)
    lat, lon = corner(3, 3)
    desk.ok(LocateCaller(call_id=call_id, lat=lat, lon=lon, uncertainty_m=80, source="cell"))
    call = desk.call(call_id)
    assert (call.lat, call.lon, call.uncertainty_m, call.location_source) == (lat, lon, 80, "cell")
    assert not desk.board.incidents[incident_id].is_placed
    nowhere = LocateCaller(call_id="C99", lat=lat, lon=lon, uncertainty_m=1, source="cell")
    assert desk.code(nowhere) == "unknown_call"
