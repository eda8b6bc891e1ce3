"""How far an incident has come (警情进度): its most advanced order, and whether it is short."""

import pytest
from toy_city import BURGLARY, FIGHT, LOCKSMITH, MURDER, UNITS, Desk, corner

from kuaifan.board.progress import RANKS
from kuaifan.vocabulary.incident import PlaceIncident, UpdateIncident
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    GiveFeedback,
    ReportArrival,
    ReportEnRoute,
    ReportHandled,
    ReturnFeedback,
    WithdrawUnit,
)

STEPS = {
    "acknowledged": AcknowledgeOrder,
    "en_route": ReportEnRoute,
    "on_scene": ReportArrival,
    "handled": ReportHandled,
}


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def brought_to(desk, order_id, state):
    """Bring a new order straight to a state; forward jumps are allowed."""
    if state in STEPS:
        desk.do(STEPS[state](order_id=order_id))
    elif state == "fed_back":
        desk.fed_back(order_id)


@pytest.mark.parametrize("state", RANKS)
def test_with_one_order_the_incident_stands_where_the_order_stands(desk, state):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    brought_to(desk, order_id, state)
    assert desk.board.incidents["J1"].state == desk.board.orders[order_id].state == state


@pytest.mark.parametrize("ahead", RANKS)
@pytest.mark.parametrize("behind", RANKS)
def test_the_most_advanced_order_shows_but_handled_only_when_all_are(desk, ahead, behind):
    incident_id = desk.opened(MURDER, corner(4, 4))
    orders = [desk.sent(incident_id, "P1"), desk.sent(incident_id, "P2")]
    brought_to(desk, orders[0], ahead)
    brought_to(desk, orders[1], behind)
    low, high = sorted((RANKS.index(ahead), RANKS.index(behind)))
    on_scene = RANKS.index("on_scene")
    expected = RANKS[low] if low > on_scene else RANKS[min(high, on_scene)]
    assert desk.board.incidents[incident_id].state == expected


def test_a_withdrawn_order_does_not_hold_up_the_rest(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    stays, goes = desk.sent(incident_id, "P1"), desk.sent(incident_id, "P2")
    desk.do(ReportHandled(order_id=stays))
    assert desk.board.incidents[incident_id].state == "on_scene"
    desk.do(WithdrawUnit(order_id=goes, reason="enough"))
    assert desk.board.incidents[incident_id].state == "handled"


def test_an_incident_short_of_its_plan_stays_in_the_queue(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    incident, waiting = desk.board.incidents[incident_id], desk.board.waiting
    assert (incident.state, incident.n_needed) == ("queued", 3)
    for n_sent, unit_id in enumerate(("P1", "P2", "P3"), start=1):
        assert incident_id in waiting, f"{n_sent - 1} of 3"
        desk.sent(incident_id, unit_id)
        assert incident.state == "dispatched"
    assert incident_id not in waiting


def test_a_withdrawal_puts_it_back_and_the_last_one_among_the_unsent(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    order_id = desk.sent(incident_id, "P1")
    desk.do(WithdrawUnit(order_id=order_id, reason="r"))
    assert desk.board.incidents[incident_id].state == "queued"
    assert incident_id in desk.board.waiting


def test_what_is_handled_waits_for_nobody_although_fewer_came_than_planned(desk):
    incident_id = desk.opened(MURDER, corner(4, 4))
    desk.do(ReportHandled(order_id=desk.sent(incident_id, "P1")))
    assert desk.board.incidents[incident_id].state == "handled"
    assert incident_id not in desk.board.waiting


def test_only_a_placed_incident_that_needs_units_waits(desk):
    unplaced, by_phone = desk.opened(FIGHT), desk.opened(LOCKSMITH, corner(4, 4))
    states = [desk.board.incidents[i].state for i in (unplaced, by_phone)]
    assert states == ["registered", "registered"]
    assert not desk.board.waiting
    desk.do(PlaceIncident(incident_id=unplaced, lat=corner(4, 4)[0], lon=corner(4, 4)[1]))
    assert list(desk.board.waiting) == [unplaced]


def test_another_type_changes_who_waits(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.sent(incident_id, "P1")
    desk.do(UpdateIncident(incident_id=incident_id, type_code=MURDER))
    assert incident_id in desk.board.waiting
    desk.do(UpdateIncident(incident_id=incident_id, type_code=BURGLARY))
    assert incident_id not in desk.board.waiting


def test_a_returned_feedback_takes_the_incident_back_to_handled(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    desk.fed_back(order_id)
    desk.do(ReturnFeedback(order_id=order_id, reason="r"))
    assert desk.board.incidents["J1"].state == "handled"
    assert "J1" not in desk.board.waiting


def test_a_unit_on_its_next_order_is_not_touched_by_the_paperwork_of_the_last(desk):
    first = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    desk.do(ReportHandled(order_id=first))
    second = desk.sent(desk.opened(FIGHT, corner(4, 5)), "P1")
    seq = desk.board.units["P1"].seq
    desk.do(GiveFeedback(order_id=first, incident_id="J1", disposition="d"))
    unit = desk.board.units["P1"]
    assert (unit.order_id, unit.seq) == (second, seq)
    lat, _ = corner(4, 5)
    assert desk.board.fleet.dest_lat[desk.board.fleet.index["P1"]] == lat
