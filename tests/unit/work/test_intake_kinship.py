"""How incidents belong together (警情关联): each command accepted, and refused by code."""

import msgspec
import pytest
from toy_city import (
    BURGLARY,
    DOMESTIC,
    FIGHT,
    JAM,
    LOCKSMITH,
    START_MS,
    Desk,
    corner,
    image,
    names,
    tables_of,
    written_tables,
)

from kuaifan.board.reference import CITY_DESK
from kuaifan.vocabulary.agency import AcceptAgencyRequest, ReportAgencyArrival, RequestAgency
from kuaifan.vocabulary.call import AnswerCall, AttachCall, HangUpCall
from kuaifan.vocabulary.emergency import (
    ConfirmVoiceContact,
    DeclareEmergency,
    EndEmergency,
    TakeUpEmergency,
)
from kuaifan.vocabulary.incident import (
    CloseIncident,
    MergeIncident,
    OpenIncident,
    PlaceIncident,
    ReviewIncident,
    SettleByPhone,
)
from kuaifan.vocabulary.kinship import (
    DismissDuplicate,
    LinkIncidents,
    ReopenIncident,
    RetireCall,
    RetireIncident,
    SplitIncident,
    SuggestDuplicates,
    UnlinkIncidents,
)
from kuaifan.vocabulary.missed import ClearMissedCall
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportArrival

INJURED, DUPLICATE, MEDICAL = "030102", "130104", "070105"
RETIRE_S = 172_800


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def on_duty(desk):
    desk.on_duty("P1", "P2", "P4", "S1")
    return desk


def closed(desk, place=None, type_code=LOCKSMITH, call_id=""):
    incident_id = desk.opened(type_code, place, call_id=call_id)
    desk.do(SettleByPhone(incident_id=incident_id, disposition="d", approved_by="Wang"))
    finish(desk, incident_id)
    return incident_id


def finish(desk, incident_id):
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(CloseIncident(incident_id=incident_id))


def near(metres, row=4, col=4):
    """A place so many metres north of a crossing."""
    lat, lon = corner(row, col)
    return lat + metres / 111_195.0, lon


def duplicates(desk, incident_id):
    return desk.board.incidents[incident_id].duplicate_ids


# --- duplicates ------------------------------------------------------------------------------


def test_an_incident_close_by_of_the_same_kind_is_suggested_both_ways(desk):
    first = desk.opened(FIGHT, near(0), at_s=10)
    record = desk.do(OpenIncident(type_code=BURGLARY, lat=near(150)[0], lon=near(150)[1]), at_s=100)
    suggested = next(e for e in record.events if type(e).__name__ == "DuplicateSuggested")
    assert (suggested.other_incident_id, suggested.distance_m) == (first, 150)
    assert suggested.apart_ms == 90_000
    assert duplicates(desk, first) == [suggested.incident_id]
    assert duplicates(desk, suggested.incident_id) == [first]
    assert not desk.board.incidents[first].is_over


@pytest.mark.parametrize(
    ("other", "place", "at_s"),
    [
        (FIGHT, near(201), 10),
        (FIGHT, near(0), 1_900),
        (JAM, near(0), 10),
    ],
    ids=["too far", "too late", "of another kind"],
)
def test_what_is_far_or_old_or_of_another_kind_is_not_suggested(desk, other, place, at_s):
    first = desk.opened(FIGHT, near(0), at_s=1)
    second = desk.opened(other, place, at_s=at_s)
    assert (duplicates(desk, first), duplicates(desk, second)) == ([], [])


@pytest.mark.parametrize(
    ("one", "other"), [(INJURED, MEDICAL), (JAM, DUPLICATE), (DUPLICATE, DOMESTIC)]
)
def test_some_kinds_may_be_one_thing_and_an_invalid_type_may_be_anything(desk, one, other):
    first, second = desk.opened(one, near(0)), desk.opened(other, near(10))
    assert duplicates(desk, first) == [second]


def test_the_three_nearest_are_suggested_and_only_when_the_place_is_first_known(desk):
    for metres in (120, 30, 90, 60):
        desk.opened(FIGHT, near(metres, row=1))
    late = desk.opened(FIGHT)
    lat, lon = near(0, row=1)
    desk.do(PlaceIncident(incident_id=late, lat=lat, lon=lon), at_s=10)
    assert duplicates(desk, late) == ["J2", "J4", "J3"]
    desk.opened(FIGHT, near(0, row=7))
    lat, lon = near(0, row=7)
    desk.do(PlaceIncident(incident_id=late, lat=lat, lon=lon), at_s=20)
    assert "J6" not in duplicates(desk, late)


def test_what_was_dismissed_is_not_suggested_again_either_way(desk):
    first, second = desk.opened(FIGHT, near(0)), desk.opened(FIGHT, near(10))
    dismiss = DismissDuplicate(incident_id=first, other_incident_id=second, reason="two fights")
    desk.do(dismiss)
    assert (duplicates(desk, first), duplicates(desk, second)) == ([], [])
    for each in (first, second):
        assert desk.do(SuggestDuplicates(incident_id=each)).events == ()
    assert desk.code(dismiss) == "not_suggested"
    assert desk.code(SuggestDuplicates(incident_id="J9")) == "unknown_incident"


def test_merging_attaching_and_closing_settle_the_question(desk):
    first, second = desk.opened(FIGHT, near(0)), desk.opened(FIGHT, near(10))
    desk.do(MergeIncident(incident_id=second, into_incident_id=first))
    assert duplicates(desk, first) == []
    call_id = desk.rang()
    third = desk.opened(FIGHT, near(20), call_id=call_id)
    assert duplicates(desk, third) == [first]
    desk.do(AttachCall(call_id=call_id, incident_id=first))
    assert (duplicates(desk, first), duplicates(desk, third)) == ([], [])
    fourth = desk.opened(FIGHT, near(30))
    assert set(duplicates(desk, fourth)) == {first, third}
    desk.do(SettleByPhone(incident_id=fourth, disposition="d", approved_by="Wang"))
    finish(desk, fourth)
    assert (duplicates(desk, first), duplicates(desk, third)) == ([], [])


# --- split and link --------------------------------------------------------------------------


def test_part_of_an_incident_becomes_one_of_its_own_with_its_calls_and_orders(on_duty):
    desk = on_duty
    calls = [desk.rang() for _ in range(2)]
    old = desk.opened(FIGHT, near(0), call_id=calls[0])
    desk.do(AttachCall(call_id=calls[1], incident_id=old))
    order_ids = [desk.sent(old, "P1"), desk.sent(old, "P4")]
    split = SplitIncident(
        incident_id=old,
        type_code=DOMESTIC,
        reason="another flat",
        call_ids=(calls[1], calls[1]),
        order_ids=(order_ids[0],),
    )
    new = desk.do(split, at_s=60).events[0].incident_id
    child, parent = desk.board.incidents[new], desk.board.incidents[old]
    assert (parent.call_ids, child.call_ids) == ([calls[0]], [calls[1]])
    assert (parent.order_ids, child.order_ids) == ([order_ids[1]], [order_ids[0]])
    assert desk.board.orders[order_ids[0]].incident_id == new
    assert (child.lat, child.lon, child.desk_id) == (parent.lat, parent.lon, parent.desk_id)
    assert (child.split_from, child.linked_ids, parent.linked_ids) == (old, [old], [new])
    assert (child.tp_ms, child.record_class) == (START_MS + 60_000, "restricted")
    assert (child.state, child.n_needed, parent.record_class) == ("dispatched", 2, "ordinary")
    assert new in desk.board.waiting
    assert desk.do(SuggestDuplicates(incident_id=new)).events == ()
    assert written_tables(desk) == tables_of(desk.board)
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_the_crew_goes_on_and_its_order_is_of_the_new_incident(on_duty):
    desk = on_duty
    old = desk.opened(FIGHT, near(0))
    order_id = desk.sent(old, "P1")
    split = SplitIncident(incident_id=old, type_code=BURGLARY, reason="r", order_ids=(order_id,))
    new = desk.do(split).events[0].incident_id
    assert old in desk.board.waiting
    desk.do(AcknowledgeOrder(order_id=order_id))
    desk.do(ReportArrival(order_id=order_id))
    desk.fed_back(order_id)
    assert desk.board.incidents[new].state == "fed_back"
    # The number of an order that has left is not given again.
    assert desk.sent(old, "P4") == f"{old}-2"


def test_a_split_names_what_moves_and_only_what_is_there(desk):
    stranger = desk.rang()
    incident_id = desk.opened(FIGHT, near(0), call_id=desk.rang())

    def split(type_code=FIGHT, **moved):
        return SplitIncident(incident_id=incident_id, type_code=type_code, reason="r", **moved)

    assert desk.code(split()) == "nothing_to_split"
    assert desk.code(split(call_ids=(stranger,))) == "not_its_call"
    assert desk.code(split(order_ids=("J9-1",))) == "not_its_order"
    assert desk.code(split("nonsense", call_ids=("C2",))) == "unknown_type"
    desk.do(SettleByPhone(incident_id=incident_id, disposition="d", approved_by="Wang"))
    finish(desk, incident_id)
    assert desk.code(split(call_ids=("C2",))) == "incident_over"


def test_two_incidents_are_linked_and_unlinked_both_ways(desk):
    one, other = desk.opened(FIGHT, near(0)), desk.opened(JAM, near(0))
    link = LinkIncidents(incident_id=one, other_incident_id=other, kind="same_scene")
    desk.do(link)
    linked = [desk.board.incidents[each].linked_ids for each in (one, other)]
    assert linked == [[other], [one]]
    assert desk.code(link) == "already_linked"
    assert desk.code(LinkIncidents(incident_id=one, other_incident_id=one)) == "link_with_itself"
    unlink = UnlinkIncidents(incident_id=other, other_incident_id=one, reason="r")
    desk.do(unlink)
    assert [desk.board.incidents[each].linked_ids for each in (one, other)] == [[], []]
    assert desk.code(unlink) == "not_linked"
    assert desk.code(LinkIncidents(incident_id=one, other_incident_id="J9")) == "unknown_incident"


# --- reopen ----------------------------------------------------------------------------------


def test_a_closed_incident_goes_on_and_wants_one_unit_more(on_duty):
    desk = on_duty
    incident_id = desk.opened(FIGHT, near(0))
    desk.fed_back(desk.sent(incident_id, "P1"))
    finish(desk, incident_id)
    record = desk.do(ReopenIncident(incident_id=incident_id, reason="they fight again"))
    incident = desk.board.incidents[incident_id]
    assert "RecommendationMade" in names(record)
    assert (incident.state, incident.n_needed, incident.n_reopened) == ("queued", 2, 1)
    assert (incident.t10_ms, incident.disposition, incident.final_type_code) == (0, "", "")
    assert incident_id in desk.board.waiting
    second = desk.sent(incident_id, "P4")
    assert incident.state == "dispatched"
    desk.fed_back(second)
    assert (incident.state, incident.is_complete) == ("fed_back", True)
    finish(desk, incident_id)
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_the_state_of_a_reopened_incident_is_that_of_its_new_crew(on_duty):
    desk = on_duty
    incident_id = desk.opened(FIGHT, near(0))
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(ReopenIncident(incident_id=incident_id, reason="r"))
    desk.sent(incident_id, "P4")
    assert desk.board.incidents[incident_id].state == "dispatched"


def test_the_desk_may_settle_a_reopened_incident_with_a_supervisors_name(on_duty):
    desk = on_duty
    incident_id = desk.opened(FIGHT, near(0))
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(ReopenIncident(incident_id=incident_id, reason="caller asks"))
    settle = SettleByPhone(incident_id=incident_id, disposition="advised")
    assert desk.code(settle) == "units_needed"
    desk.do(msgspec.structs.replace(settle, approved_by="Wang"))
    assert desk.board.incidents[incident_id].state == "handled"
    assert incident_id not in desk.board.waiting
    finish(desk, incident_id)


def test_one_that_was_settled_by_phone_is_simply_open_again(desk):
    incident_id = closed(desk, near(0))
    desk.do(ReopenIncident(incident_id=incident_id, reason="r"))
    incident = desk.board.incidents[incident_id]
    assert (incident.state, incident.n_needed, incident.settled) == ("registered", 0, False)
    second = desk.opened(LOCKSMITH, near(5))
    assert duplicates(desk, second) == [incident_id]


def test_what_is_open_merged_or_gone_is_not_reopened(desk):
    main, child = desk.opened(FIGHT, near(0)), desk.opened(FIGHT, near(10))
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert desk.code(ReopenIncident(incident_id=main, reason="r")) == "incident_open"
    assert desk.code(ReopenIncident(incident_id=child, reason="r")) == "incident_merged"
    desk.run_until(RETIRE_S + 1)
    assert desk.code(ReopenIncident(incident_id=child, reason="r")) == "unknown_incident"


# --- retire ----------------------------------------------------------------------------------


def test_a_closed_incident_leaves_the_board_with_all_that_is_its_own(on_duty):
    desk = on_duty
    call_id = desk.rang()
    incident_id = desk.opened(FIGHT, near(0), call_id=call_id)
    order_id = desk.sent(incident_id, "P1")
    desk.fed_back(order_id)
    desk.do(HangUpCall(call_id=call_id))
    finish(desk, incident_id)
    kept = desk.journal.tables["incidents", incident_id]
    desk.run_until(RETIRE_S - 1)
    assert incident_id in desk.board.incidents
    records = desk.run_until(RETIRE_S + 1)
    assert "IncidentRetired" in [name for record in records for name in names(record)]
    board = desk.board
    assert incident_id not in board.incidents
    assert call_id not in board.calls
    assert order_id not in board.orders
    assert desk.journal.tables["incidents", incident_id] == kept
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_the_calls_of_a_merged_incident_stay_with_the_main_one(desk):
    calls = [desk.rang(), desk.rang()]
    main = desk.opened(FIGHT, near(0), call_id=calls[0])
    child = desk.opened(FIGHT, near(10), call_id=calls[1])
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    desk.run_until(RETIRE_S + 1)
    assert child not in desk.board.incidents
    assert set(desk.board.calls) == set(calls)
    assert desk.board.incidents[main].call_ids == calls
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_an_incident_whose_caller_still_waits_stays(desk):
    call_id = desk.rang()
    incident_id = closed(desk, near(0), call_id=call_id)
    desk.run_until(RETIRE_S + 1)
    assert incident_id in desk.board.incidents
    desk.do(HangUpCall(call_id=call_id))
    desk.run_until(2 * RETIRE_S + 2)
    assert (desk.board.incidents, desk.board.calls) == ({}, {})


def test_a_reopened_incident_stays(desk):
    incident_id = closed(desk, near(0))
    desk.do(ReopenIncident(incident_id=incident_id, reason="r"))
    desk.run_until(RETIRE_S + 1)
    assert not desk.board.incidents[incident_id].is_over
    assert desk.do(RetireIncident(incident_id=incident_id)).events == ()
    assert desk.do(RetireIncident(incident_id="J9")).events == ()


def test_an_incident_with_a_request_still_open_stays_until_that_is_over(desk):
    incident_id = desk.opened(LOCKSMITH, near(0))
    asked = RequestAgency(incident_id=incident_id, agency="120")
    request_id = desk.do(asked).events[0].request_id
    desk.do(AcceptAgencyRequest(request_id=request_id, by="120"))
    desk.do(SettleByPhone(incident_id=incident_id, disposition="d"))
    finish(desk, incident_id)
    records = desk.run_until(RETIRE_S + 1)
    assert "RetirementPutOff" in [name for record in records for name in names(record)]
    desk.do(ReportAgencyArrival(request_id=request_id))
    desk.run_until(2 * RETIRE_S + 2)
    assert incident_id not in desk.board.incidents
    assert request_id not in desk.board.requests


def test_an_incident_with_an_officer_in_danger_stays_and_the_alarm_with_it(on_duty):
    desk = on_duty
    main_id = desk.opened(FIGHT, near(0))
    desk.do(DeclareEmergency(unit_id="P1", declared_by="Wang"))
    own_id = desk.board.emergencies["E1"].incident_id
    desk.do(MergeIncident(incident_id=own_id, into_incident_id=main_id))
    records = desk.run_until(RETIRE_S + 1)
    assert "RetirementPutOff" in [name for record in records for name in names(record)]
    assert "emergency:E1" in desk.board.alarms
    for command in (
        TakeUpEmergency(emergency_id="E1", by="Li"),
        ConfirmVoiceContact(emergency_id="E1", by="Li"),
        EndEmergency(emergency_id="E1", by="Chen", reason="suspect held"),
    ):
        desk.do(command)
    desk.run_until(2 * RETIRE_S + 2)
    assert own_id not in desk.board.incidents


def test_a_call_without_an_incident_leaves_once_nothing_is_owed(desk):
    talked, missed, told = desk.rang(), desk.rang(), desk.rang()
    for call_id in (talked, told):
        desk.do(AnswerCall(call_id=call_id, seat_id="S1"))
        desk.do(HangUpCall(call_id=call_id))
    desk.do(HangUpCall(call_id=missed))
    desk.opened(FIGHT, near(0), call_id=told)
    desk.run_until(RETIRE_S + 1)
    assert set(desk.board.calls) == {missed, told}
    clear = ClearMissedCall(call_id=missed, cleared_by="Wang", reason="wrong number")
    desk.do(clear)
    desk.run_until(2 * RETIRE_S + 2)
    assert set(desk.board.calls) == {told}
    assert desk.do(RetireCall(call_id="C9")).events == ()
    assert image(desk.engine.state) == image(desk.rebuilt())


# --- desks -----------------------------------------------------------------------------------


def test_the_first_place_decides_whose_it_is_and_a_later_one_tells_a_person(desk):
    incident_id = desk.opened(FIGHT)
    assert desk.board.incidents[incident_id].desk_id == CITY_DESK
    east, west = corner(4, 7), corner(4, 1)
    desk.do(PlaceIncident(incident_id=incident_id, lat=east[0], lon=east[1]))
    incident = desk.board.incidents[incident_id]
    assert (incident.desk_id, incident.ground_desk_id, incident.district) == ("d1", "d1", "east")
    desk.do(PlaceIncident(incident_id=incident_id, lat=west[0], lon=west[1]))
    assert (incident.desk_id, incident.ground_desk_id) == ("d1", CITY_DESK)
    alarm_id = f"other_desk_ground:{incident_id}"
    assert alarm_id in desk.board.alarms
    desk.do(PlaceIncident(incident_id=incident_id, lat=east[0], lon=east[1]))
    assert alarm_id not in desk.board.alarms


def test_an_order_out_before_the_place_is_known_keeps_the_desk_that_sent_it(on_duty):
    desk = on_duty
    incident_id = desk.opened(FIGHT)
    desk.sent(incident_id, "P1")
    lat, lon = corner(4, 7)
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon))
    assert desk.board.incidents[incident_id].desk_id == CITY_DESK
    assert f"other_desk_ground:{incident_id}" in desk.board.alarms
