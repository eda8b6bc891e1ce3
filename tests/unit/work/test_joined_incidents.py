"""Incidents joined (并案): what was restricted stays so, and no feedback is left behind."""

import pytest
from toy_city import DOMESTIC, FIGHT, UNITS, Desk, corner

from kuaifan.vocabulary.call import AttachCall
from kuaifan.vocabulary.incident import MergeIncident, ReviewIncident, UpdateIncident
from kuaifan.vocabulary.order import ReportHandled


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def test_what_a_restricted_incident_is_merged_into_becomes_restricted(desk):
    child, main = desk.opened(DOMESTIC, corner(4, 4)), desk.opened(FIGHT, corner(4, 4))
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert desk.board.incidents[main].record_class == "restricted"


def test_a_call_that_leaves_a_restricted_incident_takes_its_class_along(desk):
    call_id = desk.rang()
    desk.opened(DOMESTIC, corner(4, 4), call_id=call_id)
    main = desk.opened(FIGHT, corner(4, 4))
    desk.do(AttachCall(call_id=call_id, incident_id=main))
    assert desk.board.incidents[main].record_class == "restricted"
    assert desk.journal.tables["calls", call_id][0].record_class == "restricted"


def test_a_child_whose_order_is_not_fed_back_is_not_merged_away(desk):
    child, main = desk.opened(FIGHT, corner(4, 4)), desk.opened(FIGHT, corner(4, 5))
    order_id = desk.sent(child, "P1")
    desk.do(ReportHandled(order_id=order_id))
    merge = MergeIncident(incident_id=child, into_incident_id=main)
    assert desk.code(merge) == "orders_open"


def test_a_reviewed_incident_keeps_its_final_type(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    incident = desk.board.incidents[incident_id]
    while incident_id in desk.board.waiting:
        desk.fed_back(desk.sent(incident_id, incident.recommended_unit_ids[0]))
    desk.do(ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
    assert desk.code(UpdateIncident(incident_id=incident_id, type_code=DOMESTIC)) == (
        "incident_reviewed"
    )
