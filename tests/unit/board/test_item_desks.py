"""What is owed for an incident, and what is asked about it, goes with it to another desk."""

from toy_city import DOMESTIC, EAST_DESK, FIGHT, START_MS, corner
from watched_desk import Watched

from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.approval import AskApproval
from kuaifan.vocabulary.broadcast import Broadcast
from kuaifan.vocabulary.complaint import NameComplainedOf
from kuaifan.vocabulary.desk import AcceptHandOver, HandOverIncident
from kuaifan.vocabulary.incident import (
    MergeIncident,
    SetPriority,
    UpdateIncident,
)
from kuaifan.vocabulary.item import Owner
from kuaifan.vocabulary.kinship import IncidentRetired

DUE_AT_MS = START_MS + 3_600_000
SUN = Owner("person", "Sun")
P1, P2 = Owner("unit", "P1"), Owner("unit", "P2")
COMPLAINT = "090102"


def task(desk, incident_id, to=SUN):
    given = items.GiveTask(
        incident_id=incident_id, text="要录像", to=to, due_at_ms=DUE_AT_MS, by="Li"
    )
    return desk.do(given).events[0].item_id


def handed_over(desk, incident_id):
    desk.do(HandOverIncident(incident_id=incident_id, to_desk_id=EAST_DESK, reason="r"))
    desk.do(AcceptHandOver(incident_id=incident_id, by="Zhao"))


def test_an_item_is_shown_to_the_desk_that_owns_its_incident_now():
    desk = Watched()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    item_id = task(desk, incident_id)
    before = desk.seen["items", item_id].desk_ids
    assert EAST_DESK not in before
    handed_over(desk, incident_id)
    assert desk.seen["items", item_id].desk_ids == (EAST_DESK,)
    assert desk.row("items", item_id).desk_id == EAST_DESK
    assert desk.seen == desk.fresh()


def test_what_waits_for_an_approval_is_shown_to_the_desk_that_owns_its_incident_now():
    desk = Watched()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    lower = SetPriority(incident_id=incident_id, priority=4, reason="calm now")
    approval_id = desk.do(AskApproval(person="li", what=lower)).events[0].approval_id
    handed_over(desk, incident_id)
    assert EAST_DESK in desk.seen["approvals", approval_id].desk_ids
    assert desk.seen == desk.fresh()


def test_that_an_item_is_late_is_told_to_the_desk_that_owes_it():
    desk = Watched()
    incident_id = desk.opened(FIGHT, corner(4, 2))
    item_id = task(desk, incident_id, to=Owner("desk", EAST_DESK))
    desk.pass_time(3_700)
    assert EAST_DESK in desk.seen["alarms", f"item:{item_id}"].desk_ids
    assert desk.row("items", item_id).late == 1
    assert desk.seen == desk.fresh()


def test_what_is_owed_for_a_complaint_is_kept_from_the_unit_it_is_about():
    # The core alone: with the inspection desk a complaint is not closed before its inquiry.
    desk = Watched(plugins=())
    incident_id = desk.opened(COMPLAINT, corner(4, 2))
    item_id = task(desk, incident_id, to=P1)
    assert desk.seen["items", item_id].unit_ids == ("P1",)
    desk.do(NameComplainedOf(incident_id=incident_id, unit_ids=("P1",)))
    assert desk.seen["items", item_id].unit_ids == ()
    assert desk.seen == desk.fresh()
    again = items.GiveTask(
        incident_id=incident_id, text="要录像", to=P1, due_at_ms=DUE_AT_MS, by="Li"
    )
    assert desk.code(again) == "complained_of"
    # Both stay so when the case has left the board, as it does while the item is still owed.
    desk.told(IncidentRetired(incident_id=incident_id))
    assert incident_id not in desk.board.incidents
    assert desk.seen["items", item_id].unit_ids == ()
    assert desk.seen == desk.fresh()
    on = items.HandOnItem(item_id=item_id, to=P2, by="Li", reason="r")
    assert desk.do(on).refusal is None
    back = items.HandOnItem(item_id=item_id, to=P1, by="Li", reason="r")
    assert desk.code(back) == "complained_of"


def test_whom_many_look_out_for_is_restricted_as_soon_as_the_case_is():
    desk = Watched()
    desk.on_duty("P1")
    incident_id = desk.opened(FIGHT, corner(4, 2))
    sought = {"subject": "person", "person": "tall", "incident_id": incident_id}
    desk.do(Broadcast(text="", by="Li", minutes=30, **sought))
    assert desk.seen["broadcasts", "B1"].record_class == "ordinary"
    desk.do(UpdateIncident(incident_id=incident_id, type_code=DOMESTIC))
    assert desk.seen["broadcasts", "B1"].record_class == "domestic_violence"
    assert desk.seen == desk.fresh()


def test_that_an_item_is_late_is_said_of_the_case_that_it_went_to():
    desk = Watched()
    child, main = desk.opened(FIGHT, corner(4, 2)), desk.opened(FIGHT, corner(4, 1))
    item_id = task(desk, child)
    desk.pass_time(3_700)
    assert desk.row("alarms", f"item:{item_id}").incident_id == child
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert desk.row("items", item_id).incident_id == main
    assert desk.row("alarms", f"item:{item_id}").incident_id == main
    assert desk.seen == desk.fresh()
