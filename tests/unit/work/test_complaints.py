"""A complaint is kept from the units it is about: they are not sent to it and see nothing of it."""

from toy_city import FIGHT, Desk, corner, image

from kuaifan.board.views import Views
from kuaifan.vocabulary import complaint
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.web.masking import masked_row
from kuaifan.web.viewer import Viewer

COMPLAINT = "090102"


def shown_of(desk, incident_id):
    views = Views()
    views.load(desk.board, desk.inbox.now_ms(), {})
    return views.rows["incidents", incident_id]


def complained(desk, *unit_ids):
    incident_id = desk.opened(COMPLAINT, corner(4, 4))
    desk.do(complaint.NameComplainedOf(incident_id=incident_id, unit_ids=unit_ids))
    return incident_id


def test_a_complaint_is_a_restricted_record_of_its_own_class():
    desk = Desk()
    incident_id = desk.opened(COMPLAINT, corner(4, 4))
    assert desk.board.incidents[incident_id].record_class == "restricted"
    assert shown_of(desk, incident_id).record_class == "complaint"


def test_the_unit_complained_of_is_never_sent_and_another_is():
    desk = Desk()
    desk.on_duty("P1", "P2")
    incident_id = complained(desk, "P1")
    sent = orders.AssignUnit(incident_id=incident_id, unit_id="P1")
    assert desk.code(sent) == "complained_of"
    desk.do(orders.AssignUnit(incident_id=incident_id, unit_id="P2"))
    assert (
        desk.code(complaint.NameComplainedOf(incident_id=incident_id, unit_ids=("P2",)))
        == "unit_is_sent"
    )
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_no_row_of_a_complaint_is_seen_by_the_crew_it_is_about():
    desk = Desk()
    desk.on_duty("P1", "P2")
    incident_id = complained(desk, "P1")
    desk.do(orders.AssignUnit(incident_id=incident_id, unit_id="P2"))
    # Even were an old order of the unit on it.
    desk.board.incidents[incident_id].complained_of.append("P2")
    shown = shown_of(desk, incident_id)
    for unit_id in ("P1", "P2"):
        assert masked_row(Viewer("crew", unit_id), shown) is None
    desk.board.incidents[incident_id].complained_of.remove("P2")
    shown = shown_of(desk, incident_id)
    assert masked_row(Viewer("crew", "P2"), shown) is not None
    assert masked_row(Viewer("crew", "P1"), shown) is None


def test_only_a_complaint_names_units_and_it_is_never_merged_into_the_case():
    desk = Desk()
    desk.on_duty("P1")
    case_id = desk.opened(FIGHT, corner(4, 5))
    named = complaint.NameComplainedOf(incident_id=case_id, unit_ids=("P1",))
    assert desk.code(named) == "no_complaint"
    incident_id = complained(desk, "P1")
    merge = incidents.MergeIncident(incident_id=incident_id, into_incident_id=case_id)
    assert desk.code(merge) == "complaint_stands_alone"


def test_nobody_is_proposed_for_what_is_told_about_them():
    desk = Desk()
    desk.on_duty("P1", "P2")
    incident_id = desk.opened("090101", corner(4, 4))
    desk.do(complaint.NameComplainedOf(incident_id=incident_id, unit_ids=("P1",)))
    desk.do(incidents.RecommendUnits(incident_id=incident_id))
    assert desk.board.incidents[incident_id].recommended_unit_ids == ["P2"]


def test_whoever_does_inspection_is_wished_for_where_police_do_wrong_now():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3")
    desk.do(units.EndShift(unit_id="P3"))
    desk.do(units.StartShift(unit_id="P3", n_officers=2, skills=("inspection",)))
    incident_id = desk.opened("090101", corner(4, 4))
    assert desk.board.incidents[incident_id].recommended_unit_ids[0] == "P3"
