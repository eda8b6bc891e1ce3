"""Intake (接警): every command accepted once, and refused once for every code it can give."""

import pytest
from toy_city import (
    BURGLARY,
    DOMESTIC,
    FIGHT,
    LOCKSMITH,
    MURDER,
    UNITS,
    Desk,
    corner,
    names,
)

from kuaifan.vocabulary.call import AnswerCall, AttachCall, HangUpCall, RegisterCall, UpdateCall
from kuaifan.vocabulary.incident import (
    CloseIncident,
    MergeIncident,
    OpenIncident,
    PlaceIncident,
    ReviewIncident,
    SetPriority,
    SettleByPhone,
    UpdateIncident,
)

FAR_LAT, FAR_LON = 31.0, 121.0


@pytest.fixture
def desk():
    return Desk()


def close(desk, incident_id):
    desk.do(SettleByPhone(incident_id=incident_id, disposition="advised"))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(CloseIncident(incident_id=incident_id))


# --- calls -----------------------------------------------------------------------------------


def test_calls_are_numbered_in_the_order_they_ring(desk):
    assert [desk.rang(), desk.rang()] == ["C1", "C2"]
    assert list(desk.board.ringing) == ["C1", "C2"]


def test_a_seat_answers_a_ringing_call(desk):
    call_id = desk.rang(at_s=10)
    desk.do(AnswerCall(call_id=call_id, seat_id="seat-1"), at_s=14)
    call = desk.board.calls[call_id]
    assert (call.state, call.seat_id) == ("talking", "seat-1")
    assert call.t2_ms - call.t0_ms == 4_000
    assert not desk.board.ringing


def test_two_seats_cannot_take_the_same_call(desk):
    call_id = desk.rang()
    desk.do(AnswerCall(call_id=call_id, seat_id="seat-1"))
    assert desk.code(AnswerCall(call_id=call_id, seat_id="seat-2")) == "call_not_ringing"
    assert desk.board.calls[call_id].seat_id == "seat-1"


def test_what_is_learned_of_the_caller_is_kept_and_the_rest_stays(desk):
    call_id = desk.rang(caller_number="139")
    desk.do(UpdateCall(call_id=call_id, caller_name="王某"))
    call = desk.board.calls[call_id]
    assert (call.caller_name, call.caller_number) == ("王某", "139")
    desk.do(UpdateCall(call_id=call_id, caller_number="138"))
    assert (call.caller_name, call.caller_number) == ("王某", "138")


def test_hanging_up_ends_a_talk_and_misses_a_ring(desk):
    answered, missed = desk.rang(), desk.rang()
    desk.do(AnswerCall(call_id=answered, seat_id="seat-1"))
    assert names(desk.do(HangUpCall(call_id=answered))) == ["CallEnded"]
    assert names(desk.do(HangUpCall(call_id=missed))) == ["CallAbandoned"]
    assert desk.board.calls[missed].state == "abandoned"
    assert not desk.board.ringing


def test_a_call_that_is_over_is_not_hung_up_again(desk):
    call_id = desk.rang()
    desk.do(HangUpCall(call_id=call_id))
    assert desk.code(HangUpCall(call_id=call_id)) == "call_over"


@pytest.mark.parametrize(
    "command",
    [
        AnswerCall(call_id="C9", seat_id="s"),
        UpdateCall(call_id="C9"),
        HangUpCall(call_id="C9"),
        AttachCall(call_id="C9", incident_id="J1"),
        OpenIncident(type_code=FIGHT, call_id="C9"),
    ],
)
def test_a_call_nobody_knows_is_refused_by_name(desk, command):
    record = desk.do(command)
    assert record.refusal.code == "unknown_call"
    assert "C9" in record.refusal.reason_en
    assert "C9" in record.refusal.reason_zh


def test_a_second_caller_joins_the_incident_of_the_first(desk):
    first = desk.rang()
    incident_id = desk.opened(FIGHT, corner(4, 4), call_id=first)
    second = desk.rang()
    desk.do(AttachCall(call_id=second, incident_id=incident_id))
    assert desk.board.incidents[incident_id].call_ids == [first, second]
    assert desk.board.calls[second].incident_id == incident_id


def test_a_call_leaves_the_incident_it_was_with(desk):
    call_id = desk.rang()
    wrong = desk.opened(FIGHT, corner(4, 4), call_id=call_id)
    right = desk.opened(FIGHT, corner(0, 0))
    desk.do(AttachCall(call_id=call_id, incident_id=right))
    assert desk.board.incidents[wrong].call_ids == []
    assert desk.board.incidents[right].call_ids == [call_id]


def test_a_call_is_not_attached_twice_nor_to_what_is_over_or_unknown(desk):
    call_id = desk.rang()
    incident_id = desk.opened(LOCKSMITH, corner(4, 4), call_id=call_id)
    assert desk.code(AttachCall(call_id=call_id, incident_id=incident_id)) == "already_attached"
    assert desk.code(AttachCall(call_id=call_id, incident_id="J9")) == "unknown_incident"
    close(desk, incident_id)
    other = desk.rang()
    assert desk.code(AttachCall(call_id=other, incident_id=incident_id)) == "incident_over"


# --- incidents -------------------------------------------------------------------------------


def test_an_incident_takes_plan_and_priority_from_its_type(desk):
    incident = desk.board.incidents[desk.opened(MURDER, corner(4, 4))]
    assert (incident.priority, incident.plan, incident.n_needed) == (1, "A1", 3)
    assert (incident.is_placed, incident.state) == (True, "queued")


def test_facts_raise_the_priority_of_a_type_and_never_lower_it(desk):
    raised = desk.do(OpenIncident(type_code=FIGHT, priority=1)).events[0]
    not_lowered = desk.do(OpenIncident(type_code=FIGHT, priority=5)).events[0]
    assert (raised.priority, not_lowered.priority) == (1, 3)


def test_an_incident_without_a_position_keeps_the_address_and_is_not_yet_queued(desk):
    record = desk.do(OpenIncident(type_code=FIGHT, address="解放路12号"))
    assert names(record) == ["IncidentOpened"]
    incident = desk.board.incidents["J1"]
    assert (incident.state, incident.address, incident.tp_ms) == ("registered", "解放路12号", 0)
    desk.do(PlaceIncident(incident_id="J1", lat=corner(4, 4)[0], lon=corner(4, 4)[1]))
    assert (incident.state, incident.address) == ("queued", "解放路12号")


def test_a_corrected_place_does_not_keep_the_address_of_the_wrong_one(desk):
    lat, lon = corner(4, 4)
    desk.do(OpenIncident(type_code=FIGHT, address="A", lat=lat, lon=lon))
    desk.do(PlaceIncident(incident_id="J1", lat=lat, lon=lon))
    assert desk.board.incidents["J1"].address == ""


def test_placing_finds_the_station_and_the_area_class(desk):
    south_west, north_east = desk.opened(FIGHT, corner(0, 0)), desk.opened(FIGHT, corner(8, 8))
    incidents = desk.board.incidents
    assert (incidents[south_west].jurisdiction, incidents[south_west].area_class) == (
        "ST-W",
        "urban",
    )
    assert (incidents[north_east].jurisdiction, incidents[north_east].area_class) == (
        "ST-E",
        "suburban",
    )


def test_the_place_is_first_known_only_once(desk):
    incident_id = desk.opened(FIGHT, at_s=0)
    lat, lon = corner(4, 4)
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon), at_s=20)
    tp_ms = desk.board.incidents[incident_id].tp_ms
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon), at_s=60)
    assert desk.board.incidents[incident_id].tp_ms == tp_ms == desk.inbox.now_ms() - 40_000


def test_a_call_opens_one_incident_only(desk):
    call_id = desk.rang()
    desk.opened(FIGHT, corner(4, 4), call_id=call_id)
    again = OpenIncident(type_code=FIGHT, call_id=call_id)
    assert desk.code(again) == "call_has_incident"


def test_a_type_nobody_knows_is_refused(desk):
    assert desk.code(OpenIncident(type_code="000000")) == "unknown_type"
    incident_id = desk.opened(FIGHT)
    update = UpdateIncident(incident_id=incident_id, type_code="000000")
    assert desk.code(update) == "unknown_type"


def test_half_a_place_is_refused_rather_than_dropped(desk):
    assert desk.code(OpenIncident(type_code=FIGHT, lat=32.6)) == "half_a_place"
    assert desk.code(OpenIncident(type_code=FIGHT, lon=117.0)) == "half_a_place"
    assert not desk.board.incidents


def test_a_place_off_the_roads_of_the_city_is_refused_and_nothing_opens(desk):
    opening = OpenIncident(type_code=FIGHT, lat=FAR_LAT, lon=FAR_LON)
    assert desk.code(opening) == "place_off_roads"
    assert not desk.board.incidents
    incident_id = desk.opened(FIGHT)
    place = PlaceIncident(incident_id=incident_id, lat=FAR_LAT, lon=FAR_LON)
    assert desk.code(place) == "place_off_roads"


def test_a_graver_type_raises_the_priority_and_a_lighter_one_leaves_it(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    incident = desk.board.incidents[incident_id]
    graver = desk.do(UpdateIncident(incident_id=incident_id, type_code=MURDER))
    assert "PrioritySet" in names(graver)
    assert (incident.priority, incident.n_needed) == (1, 3)
    lighter = desk.do(UpdateIncident(incident_id=incident_id, type_code=LOCKSMITH))
    assert "PrioritySet" not in names(lighter)
    assert (incident.priority, incident.n_needed) == (1, 0)


def test_a_story_is_added_without_touching_the_type(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(UpdateIncident(incident_id=incident_id, narrative="两人持棍"))
    incident = desk.board.incidents[incident_id]
    assert (incident.type_code, incident.narrative) == (FIGHT, "两人持棍")


def test_a_record_once_restricted_stays_restricted(desk):
    incident_id = desk.opened(DOMESTIC, corner(4, 4))
    desk.do(UpdateIncident(incident_id=incident_id, type_code=BURGLARY))
    assert desk.board.incidents[incident_id].record_class == "restricted"


def test_anyone_raises_the_priority_but_lowering_takes_a_supervisor(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    raising = SetPriority(incident_id=incident_id, priority=1, reason="weapon")
    assert names(desk.do(raising)) == ["PrioritySet", "RecommendationMade"]
    lowering = SetPriority(incident_id=incident_id, priority=4, reason="calm")
    assert desk.code(lowering) == "supervisor_needed"
    approved = SetPriority(
        incident_id=incident_id, priority=4, reason="calm", approved_by="duty chief"
    )
    desk.do(approved)
    assert desk.board.incidents[incident_id].priority == 4


# --- merging and settling --------------------------------------------------------------------


def test_merging_brings_the_callers_of_both_under_the_main_incident(desk):
    first, second = desk.rang(), desk.rang()
    main = desk.opened(FIGHT, corner(4, 4), call_id=first)
    child = desk.opened(FIGHT, corner(4, 5), call_id=second)
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    board = desk.board
    assert (board.incidents[child].state, board.incidents[child].merged_into) == ("merged", main)
    assert board.incidents[main].call_ids == [first, second]
    assert board.calls[second].incident_id == main
    assert list(board.waiting) == [main]


def test_a_merge_is_refused_into_itself_or_with_units_under_way_or_once_over(desk):
    desk.on_duty(*UNITS)
    main, child = desk.opened(FIGHT, corner(4, 4)), desk.opened(FIGHT, corner(4, 5))
    itself = MergeIncident(incident_id=main, into_incident_id=main)
    assert desk.code(itself) == "merge_with_itself"
    merge = MergeIncident(incident_id=child, into_incident_id=main)
    desk.sent(child, "P1")
    assert desk.code(merge) == "orders_open"
    third = desk.opened(FIGHT, corner(4, 6))
    desk.do(MergeIncident(incident_id=third, into_incident_id=main))
    again = MergeIncident(incident_id=third, into_incident_id=main)
    assert desk.code(again) == "incident_over"
    into_merged = MergeIncident(incident_id=main, into_incident_id=third)
    assert desk.code(into_merged) == "incident_over"
    nowhere = MergeIncident(incident_id=main, into_incident_id="J9")
    assert desk.code(nowhere) == "unknown_incident"


def test_the_desk_settles_what_needs_nobody(desk):
    incident_id = desk.opened(LOCKSMITH, corner(4, 4))
    desk.do(SettleByPhone(incident_id=incident_id, disposition="referred"))
    assert desk.board.incidents[incident_id].state == "handled"


def test_a_settled_incident_waits_for_no_unit(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert incident_id in desk.board.waiting
    alone = SettleByPhone(incident_id=incident_id, disposition="calmed")
    assert desk.code(alone) == "units_needed"
    desk.do(SettleByPhone(incident_id=incident_id, disposition="calmed", approved_by="duty chief"))
    assert incident_id not in desk.board.waiting


def test_an_incident_with_orders_or_settled_already_is_not_for_the_phone(desk):
    desk.on_duty("P1")
    sent, settled = desk.opened(FIGHT, corner(4, 4)), desk.opened(LOCKSMITH, corner(4, 4))
    desk.sent(sent, "P1")
    assert desk.code(SettleByPhone(incident_id=sent, disposition="x")) == "not_for_phone"
    desk.do(SettleByPhone(incident_id=settled, disposition="x"))
    assert desk.code(SettleByPhone(incident_id=settled, disposition="x")) == "not_for_phone"


def _about(incident_id):
    lat, lon = corner(4, 4)
    return [
        PlaceIncident(incident_id=incident_id, lat=lat, lon=lon),
        UpdateIncident(incident_id=incident_id),
        SetPriority(incident_id=incident_id, priority=1, reason="r"),
        SettleByPhone(incident_id=incident_id, disposition="d"),
        MergeIncident(incident_id=incident_id, into_incident_id=incident_id),
    ]


@pytest.mark.parametrize("command", _about("J9"), ids=lambda c: type(c).__name__)
def test_an_incident_nobody_knows_is_refused(desk, command):
    assert desk.code(command) == "unknown_incident"


@pytest.mark.parametrize("command", _about("J1"), ids=lambda c: type(c).__name__)
def test_a_closed_incident_is_left_alone(desk, command):
    close(desk, desk.opened(LOCKSMITH, corner(4, 4)))
    assert desk.code(command) == "incident_over"


def test_the_line_of_a_call_is_kept(desk):
    record = desk.do(RegisterCall(line="122"))
    assert record.events[0].line == "122"
