"""The radio (电台报告): every word, who is meant, and what cannot be reported."""

import pytest
from toy_city import FIGHT, RADIO_CREW, START_MS, Desk, corner, image, names, toy_reference

from kuaifan.board.reference import UnitProfile
from kuaifan.vocabulary.emergency import DeclareEmergency
from kuaifan.vocabulary.incident import PlaceIncident
from kuaifan.vocabulary.unit import EndShift, MoveUp, SetUnitStatus, StartShift
from kuaifan.vocabulary.voice import ConfirmPosition, EnterVoiceReport

TWIN = UnitProfile("R2", "特警2012", "car", "patrol", ("patrol",), "SB-S", 2, 0, "day", 0, 24)
NAMELESS = UnitProfile("R3", "骑警012", "car", "patrol", ("patrol",), "none", 2, 0, "day", 0, 24)


def said(text, place=None, *, uncertainty_m=100):
    lat, lon = place or (None, None)
    return EnterVoiceReport(
        text=text, entered_by="Li", lat=lat, lon=lon, uncertainty_m=uncertainty_m
    )


@pytest.fixture
def desk():
    desk = Desk(toy_reference(RADIO_CREW))
    desk.do(StartShift(unit_id="R1", n_officers=2))
    return desk


@pytest.fixture
def order(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 2)), "R1", at_s=100)
    return desk.board.orders[order_id]


def position(desk, unit_id="R1"):
    fleet, unit = desk.board.fleet, desk.board.units[unit_id]
    row = fleet.index[unit_id]
    found = (round(float(fleet.lat[row]), 6), round(float(fleet.lon[row]), 6))
    assert int(fleet.uncertainty_m[row]) == unit.uncertainty_m
    return found, unit.position_source, unit.uncertainty_m


def at(place):
    return round(place[0], 6), round(place[1], 6)


# --- who -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["巡逻012", "巡逻 012", "R1", "r1", "012", "12", "０１２"])
def test_a_unit_is_found_by_call_sign_id_or_last_digits(desk, who):
    assert desk.do(said(f"{who} 平安")).events[0].unit_id == "R1"


def test_nobody_and_several_are_told_apart():
    desk = Desk(toy_reference(RADIO_CREW, TWIN, NAMELESS))
    desk.on_duty("R1", "R2")
    assert desk.code(said("999 到")) == desk.code(said("到")) == "unknown_unit"
    assert desk.do(said("012 平安")).events[0].unit_id == "R1"
    refusal = desk.do(said("12 平安")).refusal
    assert refusal.code == "ambiguous_unit"
    assert "巡逻012" in refusal.reason_en
    assert "特警2012" in refusal.reason_en
    assert desk.do(said("2012 平安")).events[0].unit_id == "R2"
    desk.do(StartShift(unit_id="R3", n_officers=2))
    assert desk.code(said("012 平安")) == "ambiguous_unit"
    desk.do(EndShift(unit_id="R3"))
    assert desk.do(said("012 平安")).refusal is None


def test_a_crew_that_went_home_says_nothing(desk):
    desk.do(EndShift(unit_id="R1"))
    assert desk.code(said("012 到")) == "off_duty"


def test_a_report_has_a_known_word_and_the_name_of_who_typed_it(desk):
    refusal = desk.do(said("012 你好")).refusal
    assert refusal.code == "unknown_word"
    assert "收到" in refusal.reason_zh
    assert "归队" in refusal.reason_zh
    assert desk.code(EnterVoiceReport(text="012 平安", entered_by=" ")) == "no_name"


# --- the words of an order -------------------------------------------------------------------


def test_each_word_stamps_its_step_as_said_by_voice(desk, order):
    for at_s, text in ((110, "012 收到"), (120, "012 cf"), (400, "012 到"), (900, "012 完毕")):
        record = desk.do(said(text), at_s=at_s)
        assert record.refusal is None
        assert record.refused == ()
    stamps = [order.t5_ms, order.t6_ms, order.t7_ms, order.t8_ms]
    assert [(stamp - START_MS) // 1000 for stamp in stamps] == [110, 120, 400, 900]
    assert (order.state, order.t7_source) == ("handled", "voice")
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_a_forward_jump_by_voice_keeps_the_skipped_stamp_empty(desk, order):
    desk.do(said("012 到"))
    assert (order.state, order.t5_ms, order.t6_ms) == ("on_scene", 0, 0)


@pytest.mark.parametrize("text", ["012 收到", "012 出发", "012 到", "012 完", "012 增援"])
def test_without_an_order_there_is_nothing_to_report_on(desk, text):
    assert desk.code(said(text)) == "no_order"


@pytest.mark.parametrize(
    ("text", "code"),
    [("收到", "already_acknowledged"), ("出发", "already_en_route"), ("到", "already_on_scene")],
)
@pytest.mark.usefixtures("order")
def test_a_step_reported_twice_comes_back_as_a_refusal(desk, text, code):
    desk.do(said(f"012 {text}"))
    assert desk.code(said(f"012 {text}")) == code


def test_a_read_back_signs_what_has_changed_once_the_order_is_signed(desk, order):
    desk.do(said("012 收到"))
    desk.do(PlaceIncident(incident_id=order.incident_id, lat=corner(4, 8)[0], lon=corner(4, 8)[1]))
    assert order.amendment_no > order.amendment_signed_no
    assert "AmendmentAcknowledged" in names(desk.do(said("012 收到")))
    assert order.amendment_no == order.amendment_signed_no
    assert desk.code(said("012 收到")) == "already_acknowledged"


@pytest.mark.usefixtures("order")
def test_a_crew_with_an_order_is_not_back_at_its_post(desk):
    assert desk.code(said("012 归队")) == "order_open"
    desk.do(said("012 完"))
    assert desk.board.units["R1"].status == "returning"
    desk.do(said("012 归队"))
    assert desk.board.units["R1"].status == "at_post"


def test_backup_is_asked_for_by_number(desk, order):
    assert desk.code(said("012 增援 0")) == desk.code(said("012 增援 99")) == "bad_number"
    record = desk.do(said("012 增援 2"))
    assert record.refused == ()
    assert "BackupRequested" in names(record)
    assert desk.board.incidents[order.incident_id].n_backup == 2


def test_an_emergency_by_voice_is_declared_once(desk):
    assert "EmergencyDeclared" in names(desk.do(said("012 紧急")))
    assert desk.code(said("012 jj")) == "already_in_emergency"
    assert desk.board.emergencies["E1"].state == "declared"


# --- where -----------------------------------------------------------------------------------


def test_a_shift_without_fixes_begins_at_the_post(desk):
    post = desk.reference.posts["SB-N"]
    assert position(desk) == (at((post.lat, post.lon)), "post", 50)


def test_a_unit_with_gps_that_has_not_reported_yet_begins_at_its_post_too(desk):
    desk.do(StartShift(unit_id="P3", n_officers=2))
    post = desk.reference.posts["SB-S"]
    assert position(desk, "P3") == (at((post.lat, post.lon)), "post", 50)
    record = desk.fix("P3", *corner(2, 2), at_s=50)
    assert names(record) == ["PositionConfirmed"]
    assert position(desk, "P3") == (at(corner(2, 2)), "gps", 0)
    assert desk.fix("P3", *corner(2, 3), at_s=60) is None


def test_a_unit_whose_post_nobody_knows_has_no_position():
    desk = Desk(toy_reference(NAMELESS))
    assert names(desk.do(StartShift(unit_id="R3", n_officers=2))) == ["ShiftStarted"]
    assert desk.board.units["R3"].position_source is None


def test_a_reported_place_moves_the_marker_and_says_how_sure_it_is(desk):
    record = desk.do(said("012 在 淮海路口", corner(4, 2), uncertainty_m=200), at_s=60)
    assert names(record) == ["VoiceReported", "UnitPlaced"]
    assert position(desk) == (at(corner(4, 2)), "voice", 200)
    row = desk.board.fleet.index["R1"]
    assert int(desk.board.fleet.fix_at_ms[row]) == START_MS + 60_000
    desk.do(said("012 在 淮海路口", corner(4, 2), uncertainty_m=0))
    assert position(desk)[1:] == ("voice", 10)


def test_a_place_must_be_found_and_be_in_the_city(desk):
    assert desk.code(said("012 在 哪里")) == "place_needed"
    half = EnterVoiceReport(text="012 在 哪里", entered_by="Li", lat=32.6)
    assert desk.code(half) == "place_needed"
    assert desk.code(said("012 在 北京", (39.9, 116.4))) == "place_off_roads"


def test_being_near_is_not_arriving_when_somebody_only_says_so(desk, order):
    desk.do(said("012 在 现场", corner(4, 2)))
    assert order.t7_ms == 0
    desk.do(said("012 到"))
    assert order.t7_source == "voice"


def test_an_arrival_by_voice_puts_a_crew_without_gps_at_its_incident(desk, order):
    desk.do(said("012 到"))
    assert order.state == "on_scene"
    assert position(desk) == (at(corner(4, 2)), "voice", 100)


def test_a_crew_whose_gps_works_is_not_moved_by_an_arrival_it_says(desk):
    desk.on_duty("P2")
    desk.sent(desk.opened(FIGHT, corner(4, 2)), "P2")
    assert names(desk.do(said("call P2 到"))) == ["VoiceReported", "UnitArrived"]
    assert position(desk, "P2")[1:] == ("gps", 0)


def test_back_at_the_post_means_there(desk):
    desk.do(said("012 在 淮海路口", corner(4, 2)))
    desk.do(SetUnitStatus(unit_id="R1", status="patrolling"))
    assert position(desk)[1] == "voice"
    desk.do(said("012 归队"))
    assert position(desk)[1:] == ("post", 50)


def test_a_crew_moved_up_stands_at_its_other_post_when_it_says_so(desk):
    desk.do(MoveUp(unit_id="R1", post_id="SB-S"))
    desk.do(said("012 归队"))
    post = desk.reference.posts["SB-S"]
    assert position(desk) == (at((post.lat, post.lon)), "post", 50)


def test_the_circle_it_stands_in_is_held_by_a_crew_without_gps(desk):
    circle = desk.board.coverage.circle_ids.index("SB-N")
    row = desk.board.fleet.index["R1"]
    assert desk.board.coverage.within[row, circle]
    desk.do(said("012 在 南边", corner(0, 8)))
    assert not desk.board.coverage.within[row, circle]


def test_a_place_that_becomes_known_offers_what_waits(desk):
    desk.do(SetUnitStatus(unit_id="R1", status="patrolling"))
    incident = desk.board.incidents[desk.opened(FIGHT, corner(4, 2))]
    before = incident.recommended_seq
    record = desk.do(said("012 在 附近", corner(4, 3)))
    assert "RecommendationMade" in names(record)
    assert incident.recommended_seq > before


def test_a_position_is_confirmed_by_a_fix_only(desk):
    assert names(desk.do(ConfirmPosition(unit_id="R1"))) == []
    assert desk.code(ConfirmPosition(unit_id="X9")) == "unknown_unit"
    desk.do(DeclareEmergency(unit_id="R1", declared_by="Wang"))
    assert image(desk.engine.state) == image(desk.rebuilt())
