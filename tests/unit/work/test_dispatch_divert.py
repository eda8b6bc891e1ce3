"""Divert (改派): what may be left for what, and what becomes of both incidents."""

import pytest
from toy_city import BURGLARY, FIGHT, MURDER, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    AssignUnit,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
)
from kuaifan.vocabulary.reinforce import DivertUnit, ScheduleIncident
from kuaifan.vocabulary.undo import Undo


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.fixture
def light(desk):
    """P2 is under way to a fight."""
    incident_id = desk.opened(FIGHT, corner(6, 2))
    desk.do(ReportEnRoute(order_id=desk.sent(incident_id, "P2")))
    return incident_id


def divert(incident_id, unit_id="P2", **more):
    return DivertUnit(unit_id=unit_id, incident_id=incident_id, reason="nearer", **more)


def test_a_unit_leaves_for_what_is_more_urgent_in_one_record(desk, light):
    grave = desk.opened(MURDER, corner(7, 3))
    record = desk.do(divert(grave))
    assert names(record)[:3] == ["UnitDiverted", "OrderWithdrawn", "UnitAssigned"]
    board = desk.board
    left, now = board.orders[f"{light}-1"], board.orders[f"{grave}-1"]
    assert (left.state, left.withdrawn_reason) == ("withdrawn", f"diverted to {grave}")
    assert (now.state, now.diverted_from) == ("dispatched", left.order_id)
    assert now.travel_ms > 0
    assert board.units["P2"].order_id == now.order_id


def test_what_was_left_waits_again_is_ranked_anew_and_may_have_the_unit_later(desk, light):
    grave = desk.opened(MURDER, corner(7, 2))
    record = desk.do(divert(grave))
    assert light in desk.board.waiting
    assert desk.board.incidents[light].state == "queued"
    assert light in {e.incident_id for e in record.events if isinstance(e, RecommendationMade)}
    assert desk.board.incidents[light].asked_unit_ids == []
    desk.do(ReportHandled(order_id=f"{grave}-1"))
    assert "P2" in desk.board.incidents[light].recommended_unit_ids


@pytest.mark.usefixtures("light")
def test_the_crew_signs_the_new_order_and_is_urged_until_it_does(desk):
    grave = desk.opened(MURDER, corner(7, 2))
    desk.do(divert(grave), at_s=10)
    assert [r.events[0].order_id for r in desk.run_until(41)[:1]] == [f"{grave}-1"]
    desk.do(AcknowledgeOrder(order_id=f"{grave}-1"))
    assert desk.board.orders[f"{grave}-1"].t5_source == "button"


@pytest.mark.usefixtures("light")
def test_as_urgent_or_less_needs_the_name_of_a_supervisor(desk):
    alike = desk.opened(FIGHT, corner(7, 2))
    assert desk.code(divert(alike)) == "supervisor_needed"
    record = desk.do(divert(alike, approved_by="Chen"))
    assert record.events[0].approved_by == "Chen"
    assert desk.board.units["P2"].order_id == f"{alike}-1"


def test_from_a_scene_it_needs_a_name_and_never_from_a_grave_one(desk, light):
    grave, other = desk.opened(MURDER, corner(7, 2)), desk.opened(MURDER, corner(7, 3))
    desk.do(ReportArrival(order_id=f"{light}-1"))
    assert desk.code(divert(grave)) == "supervisor_needed"
    desk.do(divert(grave, approved_by="Chen"))
    desk.do(ReportArrival(order_id=f"{grave}-1"))
    assert desk.code(divert(other, approved_by="Chen")) == "grave_on_scene"


def test_only_a_unit_with_one_order_is_diverted(desk, light):
    grave = desk.opened(MURDER, corner(6, 3))
    assert desk.code(divert(grave, "P1")) == "unit_free"
    assert desk.code(divert(grave, "X9")) == "unknown_unit"
    assert desk.code(divert(light)) == "same_incident"
    desk.do(ReportArrival(order_id=f"{light}-1"))
    beside = desk.opened(BURGLARY, corner(6, 3))
    desk.do(AssignUnit(incident_id=beside, unit_id="P2", beside=True))
    assert desk.code(divert(grave, approved_by="Chen")) == "several_orders"


@pytest.mark.usefixtures("light")
def test_nobody_is_diverted_to_what_is_over_handled_or_not_yet_due(desk):
    assert desk.code(divert("J9")) == "unknown_incident"
    later = desk.opened(MURDER, corner(7, 2))
    due_at_ms = desk.inbox.now_ms() + 60_000
    desk.do(ScheduleIncident(incident_id=later, due_at_ms=due_at_ms))
    assert desk.code(divert(later)) == "scheduled"
    done = desk.opened(BURGLARY, corner(4, 4))
    desk.do(ReportHandled(order_id=desk.sent(done, "P1")))
    assert desk.code(divert(done)) == "incident_handled"


@pytest.mark.usefixtures("light")
def test_a_diversion_is_not_undone_the_crew_has_heard(desk):
    record = desk.do(divert(desk.opened(MURDER, corner(7, 2))))
    assert desk.code(Undo(seq=record.seq)) == "nothing_to_undo"


def test_what_the_diversion_left_unsigned_urges_nobody(desk):
    light = desk.opened(FIGHT, corner(6, 2))
    desk.sent(light, "P2")
    grave = desk.opened(MURDER, corner(7, 2))
    desk.do(divert(grave))
    assert not desk.engine.state.timers.is_pending(f"unsigned:{light}-1")
    assert desk.engine.state.timers.is_pending(f"unsigned:{grave}-1")
