"""Dispatch (派警): ranking, sending, calling back, and offering anew."""

from math import isnan

import pytest
from toy_city import BURGLARY, FIGHT, JAM, LOCKSMITH, MURDER, UNITS, Desk, corner, names

from kuaifan.vocabulary.incident import (
    MergeIncident,
    PlaceIncident,
    RecommendationMade,
    RecommendUnits,
    SettleByPhone,
    UpdateIncident,
)
from kuaifan.vocabulary.order import AssignUnit, ReportHandled, WithdrawUnit
from kuaifan.vocabulary.unit import SetUnitStatus, StartShift
from kuaifan.work.dispatch import MAX_REOFFERS


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def ranking(record):
    return next(event for event in record.events if isinstance(event, RecommendationMade))


def ranked_for(record):
    return [e.incident_id for e in record.events if isinstance(e, RecommendationMade)]


# --- recommending ----------------------------------------------------------------------------


def test_a_placed_incident_is_ranked_in_the_record_that_places_it(desk):
    incident_id = desk.opened(FIGHT)
    assert not desk.board.incidents[incident_id].recommended_unit_ids
    lat, lon = corner(7, 2)
    record = desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon))
    made = ranking(record)
    assert made.candidates[0].unit_id == "P2"
    assert made.candidates[0].reasons[0].code == "nearest_by_road"
    assert desk.board.incidents[incident_id].recommended_seq == record.seq


def test_patrol_goes_before_the_station_that_is_nearer(desk):
    made = ranking(desk.do(RecommendUnits(incident_id=desk.opened(FIGHT, corner(1, 1)))))
    travel = {c.unit_id: c.travel_ms for c in made.candidates}
    order = [c.unit_id for c in made.candidates]
    assert travel["S1"] < travel["P1"]
    assert order.index("P1") < order.index("S1")


def test_a_traffic_incident_wants_the_traffic_skill(desk):
    made = ranking(desk.do(RecommendUnits(incident_id=desk.opened(JAM, corner(4, 4)))))
    assert made.candidates[0].unit_id == "T1"
    assert "has_skill" in {reason.code for reason in made.candidates[0].reasons}


def test_a_grave_incident_is_ranked_by_the_times_of_the_siren(desk):
    plain, grave = (
        {c.unit_id: c.travel_ms for c in ranking(desk.do(RecommendUnits(incident_id=i))).candidates}
        for i in (desk.opened(FIGHT, corner(0, 8)), desk.opened(MURDER, corner(0, 8)))
    )
    assert grave["P2"] < plain["P2"]


def test_a_unit_beyond_the_target_says_by_how_much():
    desk = Desk()
    desk.on_duty("P2")
    far, near = (
        ranking(desk.do(RecommendUnits(incident_id=desk.opened(MURDER, spot)))).candidates[0]
        for spot in (corner(0, 8), corner(7, 2))
    )
    beyond = {reason.code: reason.number for reason in far.reasons}
    assert beyond["beyond_target"] == far.travel_ms - desk.reference.target_ms(1, "urban") > 0
    assert "beyond_target" not in {reason.code for reason in near.reasons}


def test_units_that_cannot_go_are_counted_with_the_reason(desk):
    busy_with = desk.opened(FIGHT, corner(4, 4))
    desk.sent(busy_with, "P1")
    desk.do(SetUnitStatus(unit_id="P2", status="meal"))
    made = ranking(desk.do(RecommendUnits(incident_id=desk.opened(FIGHT, corner(0, 0)))))
    assert made.counts == {"busy": 2}
    assert {passed.unit_id for passed in made.passed_over} == {"P1", "P2"}


def test_a_ranking_is_not_a_reservation(desk):
    first, second = desk.opened(FIGHT, corner(7, 2)), desk.opened(FIGHT, corner(7, 2))
    board = desk.board
    best = [board.incidents[i].recommended_unit_ids[0] for i in (first, second)]
    assert best == ["P2", "P2"]
    desk.sent(second, "P2")


def test_what_has_no_place_cannot_be_ranked(desk):
    assert desk.code(RecommendUnits(incident_id=desk.opened(FIGHT))) == "not_placed"


def test_what_is_unknown_or_over_cannot_be_ranked(desk):
    assert desk.code(RecommendUnits(incident_id="J9")) == "unknown_incident"
    main, child = desk.opened(FIGHT, corner(4, 4)), desk.opened(FIGHT, corner(4, 4))
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert desk.code(RecommendUnits(incident_id=child)) == "incident_over"


def test_a_new_type_is_ranked_anew_while_units_are_missing(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.sent(incident_id, "P1")
    assert incident_id not in desk.board.waiting
    made = ranking(desk.do(UpdateIncident(incident_id=incident_id, type_code=MURDER)))
    assert made.n_wanted == 2
    assert "P1" not in {candidate.unit_id for candidate in made.candidates}


# --- assigning -------------------------------------------------------------------------------


def test_sending_a_unit_binds_it_and_notes_its_place_in_the_ranking(desk):
    incident_id = desk.opened(FIGHT, corner(7, 2))
    second = desk.board.incidents[incident_id].recommended_unit_ids[1]
    seen = desk.board.incidents[incident_id].recommended_seq
    record = desk.do(AssignUnit(incident_id=incident_id, unit_id=second, painted_seq=seen))
    assert (record.events[0].order_id, record.events[0].rank) == ("J1-1", 2)
    assert record.events[0].n_crew == 2
    assert desk.board.units[second].order_id == "J1-1"


def test_the_dispatchers_own_choice_has_rank_nought(desk):
    incident_id = desk.opened(FIGHT)
    assert desk.do(AssignUnit(incident_id=incident_id, unit_id="P3")).events[0].rank == 0


def test_a_unit_may_be_sent_before_the_place_is_known_and_heads_nowhere_till_then(desk):
    incident_id = desk.opened(FIGHT)
    desk.sent(incident_id, "P1")
    row = desk.board.fleet.index["P1"]
    assert isnan(desk.board.fleet.dest_lat[row])
    lat, lon = corner(4, 6)
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon))
    assert (desk.board.fleet.dest_lat[row], desk.board.fleet.dest_lon[row]) == (lat, lon)


def test_a_unit_at_work_off_duty_or_at_table_is_not_sent(desk):
    first, second = desk.opened(FIGHT, corner(4, 4)), desk.opened(BURGLARY, corner(4, 4))
    desk.sent(first, "P1")
    busy = desk.do(AssignUnit(incident_id=second, unit_id="P1"))
    assert busy.refusal.code == "unit_not_available"
    assert first in busy.refusal.reason_en
    desk.do(SetUnitStatus(unit_id="P2", status="meal"))
    assert desk.code(AssignUnit(incident_id=second, unit_id="P2")) == "unit_not_available"
    other = Desk()
    incident_id = other.opened(FIGHT, corner(4, 4))
    assert other.code(AssignUnit(incident_id=incident_id, unit_id="P1")) == "unit_not_available"


def test_nobody_is_sent_to_what_is_unknown_handled_or_over(desk):
    assert desk.code(AssignUnit(incident_id="J9", unit_id="P1")) == "unknown_incident"
    incident_id = desk.opened(LOCKSMITH, corner(4, 4))
    assert desk.code(AssignUnit(incident_id=incident_id, unit_id="X9")) == "unknown_unit"
    desk.do(SettleByPhone(incident_id=incident_id, disposition="x"))
    assert desk.code(AssignUnit(incident_id=incident_id, unit_id="P1")) == "incident_handled"
    main = desk.opened(FIGHT, corner(4, 4))
    desk.do(MergeIncident(incident_id=incident_id, into_incident_id=main))
    assert desk.code(AssignUnit(incident_id=incident_id, unit_id="P1")) == "incident_over"


# --- withdrawing and offering again ----------------------------------------------------------


def test_a_withdrawn_unit_is_free_and_not_offered_for_the_same_incident(desk):
    incident_id = desk.opened(FIGHT, corner(7, 2))
    order_id = desk.sent(incident_id, "P2")
    record = desk.do(WithdrawUnit(order_id=order_id, reason="nearer unit"))
    assert desk.board.units["P2"].order_id == ""
    assert desk.board.incidents[incident_id].state == "queued"
    assert ranked_for(record) == [incident_id]
    assert "P2" not in {candidate.unit_id for candidate in ranking(record).candidates}
    assert ranking(record).counts == {"already_asked": 1}


def test_a_unit_that_has_done_its_part_is_not_offered_for_the_rest_of_the_plan(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    done = desk.sent(incident_id, "P1")
    desk.sent(incident_id, "P2")
    made = ranking(desk.do(ReportHandled(order_id=done)))
    assert (made.n_wanted, made.counts) == (1, {"busy": 1, "already_asked": 1})
    assert "P1" not in {candidate.unit_id for candidate in made.candidates}


def test_an_order_is_withdrawn_once_and_not_after_it_is_done(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    withdrawn, done = desk.sent(incident_id, "P1"), desk.sent(incident_id, "P2")
    desk.do(WithdrawUnit(order_id=withdrawn, reason="r"))
    assert desk.code(WithdrawUnit(order_id=withdrawn, reason="r")) == "order_withdrawn"
    desk.do(ReportHandled(order_id=done))
    assert desk.code(WithdrawUnit(order_id=done, reason="r")) == "order_done"
    assert desk.code(WithdrawUnit(order_id="J9-1", reason="r")) == "unknown_order"


def test_what_waits_is_offered_most_urgent_first_when_a_unit_frees(desk):
    served = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(served, "P1")
    light, grave = desk.opened(FIGHT, corner(4, 5)), desk.opened(MURDER, corner(4, 6))
    assert ranked_for(desk.do(ReportHandled(order_id=order_id))) == [grave, light]


def test_a_unit_that_frees_ranks_no_more_than_eight_incidents_anew(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    waiting = [desk.opened(FIGHT, corner(4, col)) for col in range(9)]
    assert ranked_for(desk.do(ReportHandled(order_id=order_id))) == waiting[:MAX_REOFFERS]


def test_only_a_status_in_which_the_unit_can_be_sent_offers_it(desk):
    waiting = desk.opened(FIGHT, corner(4, 4))
    assert ranked_for(desk.do(SetUnitStatus(unit_id="P1", status="meal"))) == []
    assert ranked_for(desk.do(SetUnitStatus(unit_id="P1", status="patrolling"))) == [waiting]


def test_a_shift_that_starts_ready_is_offered_and_one_that_starts_with_training_is_not():
    desk = Desk()
    waiting = desk.opened(FIGHT, corner(4, 4))
    training = desk.do(StartShift(unit_id="P1", n_officers=2, status="training"))
    assert ranked_for(training) == []
    ready = desk.do(StartShift(unit_id="P2", n_officers=2))
    assert names(ready) == ["ShiftStarted", "UnitPlaced", "RecommendationMade"]
    assert ranked_for(ready) == [waiting]
