"""More units (增援): back-up, the next ring, and units kept in mind for an incident."""

import pytest
from toy_city import FIGHT, LOCKSMITH, MURDER, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.incident import (
    CloseIncident,
    MergeIncident,
    RecommendationMade,
    ReviewIncident,
    SettleByPhone,
    UpdateIncident,
)
from kuaifan.vocabulary.order import AssignUnit, ReportArrival, ReportHandled, WithdrawUnit
from kuaifan.vocabulary.reinforce import EscalateIncident, ReleaseUnit, RequestBackup, ReserveUnit
from kuaifan.vocabulary.undo import Undo
from kuaifan.vocabulary.unit import EndShift
from kuaifan.work.dispatch_reinforce import MAX_EXTRA_SKILLS, MAX_NEEDED, MAX_RESERVED

HERE = corner(4, 4)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def backup(incident_id, **more):
    return RequestBackup(incident_id=incident_id, **more)


def reserve(incident_id, unit_id="P2"):
    return ReserveUnit(incident_id=incident_id, unit_id=unit_id)


def release(incident_id, unit_id="P2"):
    return ReleaseUnit(incident_id=incident_id, unit_id=unit_id)


def ranking(record):
    return next(event for event in record.events if isinstance(event, RecommendationMade))


# --- back-up ---------------------------------------------------------------------------------


def test_a_crew_that_asks_makes_its_incident_wait_again_and_urgent(desk):
    incident_id = desk.opened(FIGHT, HERE)
    order_id = desk.sent(incident_id, "P1")
    assert incident_id not in desk.board.waiting
    record = desk.do(backup(incident_id, n_units=2, order_id=order_id, reason="bottles"))
    incident = desk.board.incidents[incident_id]
    assert record.events[0].unit_id == "P1"
    assert (incident.n_backup, incident.n_needed, incident.priority) == (2, 3, 2)
    assert incident_id in desk.board.waiting
    assert ranking(record).n_wanted == 2
    assert names(record) == ["BackupRequested", "PrioritySet", "RecommendationMade"]


def test_the_desk_that_asks_leaves_the_priority_and_a_graver_one_stays(desk):
    light, grave = desk.opened(FIGHT, HERE), desk.opened(MURDER, corner(4, 5))
    was = desk.board.incidents[light].priority
    desk.do(backup(light))
    assert desk.board.incidents[light].priority == was
    order_id = desk.sent(grave, "P1")
    desk.do(backup(grave, order_id=order_id))
    assert desk.board.incidents[grave].priority == 1


def test_a_skill_asked_for_is_beyond_the_plan_and_less_what_is_out(desk):
    incident_id = desk.opened(MURDER, HERE)
    order_id = desk.sent(incident_id, "P1")
    made = ranking(desk.do(backup(incident_id, order_id=order_id, skills=("armed",))))
    assert made.short == {"armed": 1}
    for unit_id in ("P2", "P3", "P4"):
        desk.sent(incident_id, unit_id)
    assert incident_id in desk.board.waiting
    assert desk.board.incidents[incident_id].n_needed == 4


def test_with_the_skill_it_asked_for_the_incident_waits_no_longer(desk):
    incident_id = desk.opened(FIGHT, HERE)
    order_id = desk.sent(incident_id, "P1")
    made = ranking(desk.do(backup(incident_id, order_id=order_id, skills=("female_officer",))))
    assert made.team == ("P3",)
    assert made.short == {}
    desk.sent(incident_id, "P3")
    assert incident_id not in desk.board.waiting


def test_what_needs_no_unit_needs_one_once_somebody_asks(desk):
    silent = next(code for code, each in desk.reference.types.items() if each.plan == "V1")
    incident_id = desk.opened(silent, HERE)
    assert desk.board.incidents[incident_id].n_needed == 0
    assert ranking(desk.do(backup(incident_id))).n_wanted == 1
    assert desk.board.incidents[incident_id].state == "queued"


def test_a_new_type_keeps_the_units_asked_for_beyond_the_plan(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(backup(incident_id, n_units=2))
    desk.do(UpdateIncident(incident_id=incident_id, type_code=MURDER))
    assert desk.board.incidents[incident_id].n_needed == 5


def test_only_a_crew_at_work_there_asks_for_its_incident(desk):
    here, there = desk.opened(FIGHT, HERE), desk.opened(FIGHT, corner(1, 1))
    order_id, gone = desk.sent(here, "P1"), desk.sent(there, "P2")
    assert desk.code(backup(there, order_id=order_id)) == "wrong_incident"
    assert desk.code(backup(here, order_id="J9-1")) == "unknown_order"
    desk.do(WithdrawUnit(order_id=gone, reason="r"))
    assert desk.code(backup(there, order_id=gone)) == "order_withdrawn"
    grave = desk.opened(MURDER, HERE)
    done = desk.sent(grave, "P3")
    desk.sent(grave, "P4")
    desk.do(ReportHandled(order_id=done))
    assert desk.code(backup(grave, order_id=done)) == "order_done"


def test_back_up_has_known_skills_and_limits(desk):
    incident_id = desk.opened(FIGHT, HERE)
    assert desk.code(backup(incident_id, skills=("sniper",))) == "unknown_skill"
    assert desk.code(backup(incident_id, n_units=MAX_NEEDED)) == "too_many_units"
    desk.do(backup(incident_id, skills=("armed",) * MAX_EXTRA_SKILLS))
    assert desk.code(backup(incident_id, skills=("armed",))) == "too_many_skills"


def test_nobody_asks_for_what_is_handled_or_over(desk):
    incident_id = desk.opened(FIGHT, HERE)
    order_id = desk.sent(incident_id, "P1")
    desk.do(ReportHandled(order_id=order_id))
    assert desk.code(backup(incident_id)) == "incident_handled"
    assert desk.code(backup("J9")) == "unknown_incident"


def test_asking_for_back_up_is_not_undone_by_half(desk):
    incident_id = desk.opened(FIGHT, HERE)
    order_id = desk.sent(incident_id, "P1")
    record = desk.do(backup(incident_id, order_id=order_id))
    assert desk.code(Undo(seq=record.seq)) == "nothing_to_undo"


# --- the next ring ---------------------------------------------------------------------------


def test_each_ring_wants_one_unit_more_and_tells_the_leader(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.sent(incident_id, "P1")
    record = desk.do(EscalateIncident(incident_id=incident_id, reason="crowd"))
    incident = desk.board.incidents[incident_id]
    assert (incident.level, incident.n_needed) == (1, 2)
    assert incident_id in desk.board.waiting
    assert ranking(record).n_wanted == 1
    alarm = desk.board.alarms[f"leader_told:{incident_id}"]
    assert (alarm.to, alarm.text) == ("leader", "crowd")


def test_there_are_three_rings(desk):
    incident_id = desk.opened(FIGHT, HERE)
    escalate = EscalateIncident(incident_id=incident_id, reason="r")
    for _ in range(3):
        desk.do(escalate)
    assert desk.code(escalate) == "highest_level"
    assert desk.board.incidents[incident_id].n_needed == 4


def test_what_asks_for_all_it_may_opens_no_ring(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(backup(incident_id, n_units=MAX_NEEDED - 1))
    assert desk.code(EscalateIncident(incident_id=incident_id, reason="r")) == "too_many_units"


# --- kept in mind ----------------------------------------------------------------------------


def test_a_reserved_unit_is_not_sent_and_its_incident_goes_on_waiting(desk):
    incident_id = desk.opened(FIGHT, HERE)
    record = desk.do(reserve(incident_id))
    board = desk.board
    assert incident_id in board.waiting
    assert (board.incidents[incident_id].state, board.units["P2"].order_id) == ("queued", "")
    assert board.fleet.available()[board.fleet.index["P2"]]
    here = next(c for c in ranking(record).candidates if c.unit_id == "P2")
    assert "reserved_here" in {reason.code for reason in here.reasons}


def test_reserved_elsewhere_is_said_and_is_no_lock(desk):
    first, second = desk.opened(FIGHT, corner(7, 2)), desk.opened(FIGHT, corner(7, 3))
    desk.do(reserve(first))
    order_id = desk.sent(second, "P2")
    assert desk.board.orders[order_id].is_active
    assert desk.board.incidents[first].reserved_unit_ids == ["P2"]


def test_sending_a_reserved_unit_uses_its_reservation_up(desk):
    incident_id = desk.opened(MURDER, HERE)
    desk.do(reserve(incident_id))
    desk.sent(incident_id, "P2")
    assert desk.board.incidents[incident_id].reserved_unit_ids == []
    assert desk.board.units["P2"].reserved_incident_ids == []


def test_a_busy_unit_that_frees_is_offered_where_it_is_kept_in_mind(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(7, 2)), "P2")
    kept = desk.opened(FIGHT, corner(6, 2))
    others = [desk.opened(FIGHT, corner(4, col)) for col in range(8)]
    for _ in range(2):
        desk.do(backup(others[0]))
    desk.do(reserve(kept))
    record = desk.do(ReportHandled(order_id=order_id))
    made = ranking(record)
    assert made.incident_id == kept
    assert made.candidates[0].unit_id == "P2"
    assert "reserved_here" in {reason.code for reason in made.candidates[0].reasons}


def test_reservations_stand_in_the_order_of_asking_on_both_sides(desk):
    first, second = desk.opened(MURDER, HERE), desk.opened(MURDER, HERE)
    for incident_id, unit_id in ((second, "P2"), (first, "P2"), (first, "P1")):
        desk.do(reserve(incident_id, unit_id))
    assert desk.board.units["P2"].reserved_incident_ids == [second, first]
    assert desk.board.incidents[first].reserved_unit_ids == ["P2", "P1"]
    assert list(desk.board.reserved_unit_ids) == ["P2", "P1"]


def test_what_has_all_it_needs_keeps_nobody(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(reserve(incident_id))
    desk.do(AssignUnit(incident_id=incident_id, unit_id="P1"))
    assert desk.board.incidents[incident_id].reserved_unit_ids == []
    assert not desk.board.reserved_unit_ids


def test_what_is_handled_before_it_was_complete_keeps_nobody(desk):
    incident_id = desk.opened(MURDER, HERE)
    order_id = desk.sent(incident_id, "P1")
    desk.do(reserve(incident_id))
    desk.do(ReportHandled(order_id=order_id))
    assert not desk.board.reserved_unit_ids


def test_what_is_settled_merged_or_closed_keeps_nobody(desk):
    settled, main, child = (desk.opened(FIGHT, HERE) for _ in range(3))
    for incident_id in (settled, child):
        desk.do(reserve(incident_id))
    desk.do(SettleByPhone(incident_id=settled, disposition="d", approved_by="s"))
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert not desk.board.reserved_unit_ids
    desk.do(ReviewIncident(incident_id=settled, reviewer_id="r"))
    desk.do(CloseIncident(incident_id=settled))
    assert desk.code(release(settled)) == "incident_over"


def test_a_unit_that_goes_home_is_kept_for_nothing(desk):
    first, second = desk.opened(FIGHT, HERE), desk.opened(FIGHT, corner(1, 1))
    desk.do(reserve(first))
    desk.do(reserve(second))
    desk.do(EndShift(unit_id="P2"))
    assert desk.board.units["P2"].reserved_incident_ids == []
    assert desk.board.incidents[first].reserved_unit_ids == []


def test_a_reservation_is_forgotten_when_a_person_says_so(desk):
    incident_id = desk.opened(FIGHT, HERE)
    desk.do(reserve(incident_id))
    record = desk.do(release(incident_id))
    assert names(record) == ["UnitReleased", "RecommendationMade"]
    assert desk.code(release(incident_id)) == "not_reserved"
    assert desk.code(release("J9")) == "unknown_incident"


def test_a_unit_is_reserved_once_on_duty_and_not_where_it_is_already(desk):
    incident_id = desk.opened(MURDER, HERE)
    desk.do(reserve(incident_id))
    assert desk.code(reserve(incident_id)) == "already_reserved"
    assert desk.code(reserve(incident_id, "X9")) == "unknown_unit"
    desk.sent(incident_id, "P1")
    assert desk.code(reserve(incident_id, "P1")) == "already_sent"
    desk.do(EndShift(unit_id="P3"))
    assert desk.code(reserve(incident_id, "P3")) == "off_duty"


def test_only_so_many_are_kept_for_one_incident():
    desk = Desk()
    incident_id = desk.opened(MURDER, HERE)
    desk.on_duty("P1")
    incident = desk.board.incidents[incident_id]
    incident.reserved_unit_ids.extend(f"X{i}" for i in range(MAX_RESERVED))
    assert desk.code(reserve(incident_id, "P1")) == "too_many_reserved"


def test_nobody_is_kept_for_what_is_over(desk):
    incident_id = desk.opened(LOCKSMITH, HERE)
    desk.do(SettleByPhone(incident_id=incident_id, disposition="d"))
    assert desk.code(reserve(incident_id)) == "incident_handled"
    main, child = desk.opened(FIGHT, HERE), desk.opened(FIGHT, HERE)
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert desk.code(reserve(child)) == "incident_over"


def test_the_arrival_of_one_does_not_make_another_reserved_unit_count(desk):
    incident_id = desk.opened(MURDER, HERE)
    order_id = desk.sent(incident_id, "P1")
    desk.do(reserve(incident_id, "P2"))
    desk.do(reserve(incident_id, "P3"))
    desk.do(ReportArrival(order_id=order_id))
    assert incident_id in desk.board.waiting
