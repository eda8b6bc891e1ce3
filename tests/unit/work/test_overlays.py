"""An overlay says who else looks after an incident; it changes nothing of what is done about it."""

import pytest
from toy_city import FIGHT, Desk, corner, image, names

from kuaifan.board.views import Views
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.overlay import MarkOverlay

FIRM = "enterprise"


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.engine.state) == image(desk.rebuilt())


def marked(incident_id, **more):
    return MarkOverlay(incident_id=incident_id, overlay=FIRM, by="lin", **more)


def test_an_overlay_is_marked_once_and_lifted_for_a_reason(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    assert names(desk.do(marked(incident_id))) == ["OverlayMarked"]
    assert desk.code(marked(incident_id)) == "overlay_stands"
    assert desk.code(marked(incident_id, lifted=True)) == "reason_needed"
    desk.do(marked(incident_id, lifted=True, reason="another firm's gate"))
    assert desk.board.incidents[incident_id].overlays == []
    assert desk.code(marked(incident_id, lifted=True, reason="again")) == "no_overlay"
    assert desk.code(marked("J999")) == "unknown_incident"


def test_an_overlay_is_in_the_row_and_changes_neither_priority_nor_ranking(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    incident = desk.board.incidents[incident_id]
    before = (incident.priority, incident.plan, list(incident.recommended_unit_ids))
    desk.do(marked(incident_id))
    assert (incident.priority, incident.plan, incident.recommended_unit_ids) == before
    views = Views()
    views.load(desk.board, desk.inbox.now_ms(), {})
    assert views.rows["incidents", incident_id].row.overlays == (FIRM,)


def test_a_merged_incident_takes_its_overlay_along(desk):
    main, child = desk.opened(FIGHT, corner(4, 2)), desk.opened(FIGHT, corner(4, 2))
    desk.do(marked(child))
    desk.do(incidents.MergeIncident(incident_id=child, into_incident_id=main))
    assert desk.board.incidents[main].overlays == [FIRM]
    assert desk.code(marked(child)) == "incident_over"
