"""Rows about sending (派警视图行): what a plan asks, emergencies, moves worth making."""

from toy_city import FIGHT, MURDER, START_MS, UNITS, corner
from watched_desk import Watched

from kuaifan.board import recommend
from kuaifan.board.touched import touched_keys
from kuaifan.policy.coverage import Coverage
from kuaifan.vocabulary.agency import RefuseAgencyRequest, RequestAgency
from kuaifan.vocabulary.emergency import (
    ConfirmVoiceContact,
    DeclareEmergency,
    EndEmergency,
    TakeUpEmergency,
)
from kuaifan.vocabulary.order import AssignUnit, ReportEnRoute, WithdrawUnit
from kuaifan.vocabulary.paper import EnterPaperCard, PaperOrder, ReserveCardNumbers
from kuaifan.vocabulary.unit import DeclineMoveUp, MoveUp

NORTH, SOUTH = "SB-N", "SB-S"


def watched(*unit_ids):
    desk = Watched()
    desk.on_duty(*(unit_ids or UNITS))
    return desk


def left_empty():
    """P2 leaves the northern circle, which P3 could hold."""
    desk = watched("P2", "P3", "T2")
    incident_id = desk.opened(FIGHT, corner(7, 2))
    desk.do(AssignUnit(incident_id=incident_id, unit_id="P2"))
    return desk, incident_id


def test_what_the_plan_asks_is_counted_against_who_is_out():
    desk = watched()
    incident_id = desk.opened(MURDER, corner(4, 4))
    (armed,) = desk.row("incidents", incident_id).asked
    assert (armed.skill, armed.n, armed.n_sent, armed.is_wish) == ("armed", 1, 0, False)
    has = next(u for u in desk.board.units.values() if "armed" in u.skills)
    desk.do(AssignUnit(incident_id=incident_id, unit_id=has.unit_id))
    assert desk.row("incidents", incident_id).asked[0].n_sent == 1


def test_an_emergency_is_a_row_until_a_second_person_ends_it():
    desk = watched()
    desk.do(DeclareEmergency(unit_id="P1", declared_by="Li", source="voice"))
    assert desk.row("emergencies", "E1").state == "declared"
    desk.do(TakeUpEmergency(emergency_id="E1", by="D1"))
    desk.do(ConfirmVoiceContact(emergency_id="E1", by="D1"))
    row = desk.row("emergencies", "E1")
    assert (row.state, row.taken_up_by, row.contact_by) == ("in_contact", "D1", "D1")
    assert desk.code(EndEmergency(emergency_id="E1", by="D1", reason="safe")) == "second_person"
    desk.do(EndEmergency(emergency_id="E1", by="D2", reason="safe"))
    assert desk.keys("emergencies") == []


def test_a_suggested_move_says_which_circle_it_fills():
    desk, _ = left_empty()
    row = desk.row("move_ups", "P3")
    assert (row.post_id, row.n_lost_before, row.n_lost_after) == (NORTH, 1, 0)
    assert ("ends_circle_lost", NORTH) in {(each.code, each.subject) for each in row.reasons}


def test_a_move_that_is_made_or_declined_is_no_suggestion_any_more():
    for decision in (
        MoveUp(unit_id="P3", post_id=NORTH),
        DeclineMoveUp(unit_id="P3", post_id=NORTH, by="D1"),
    ):
        desk, _ = left_empty()
        desk.do(decision)
        assert desk.keys("move_ups") == []
        assert desk.fresh() == desk.seen


def test_a_move_is_stale_when_the_unit_is_sent_or_the_circle_is_held_again():
    desk, incident_id = left_empty()
    desk.do(AssignUnit(incident_id=desk.opened(FIGHT, corner(2, 2)), unit_id="P3"))
    assert desk.keys("move_ups") == []
    desk, incident_id = left_empty()
    desk.do(WithdrawUnit(order_id=f"{incident_id}-1", reason="not needed"))
    assert desk.keys("move_ups") == []


def test_who_holds_the_circles_is_counted_once_for_all_rows(monkeypatch):
    desk, _ = left_empty()
    record, counted, count = desk.journal.records[-1], [], Coverage.n_holding

    def counting(coverage, available):
        counted.append(coverage)
        return count(coverage, available)

    monkeypatch.setattr(Coverage, "n_holding", counting)
    assert ("move_ups", "P3") in touched_keys(desk.board, record)
    assert desk.views.on_record(desk.board, record) == []
    assert len(counted) == 1
    desk.views.on_time(desk.board, desk.inbox.now_ms())
    assert len(counted) == 1


def test_declining_needs_a_name_and_a_suggestion():
    desk, _ = left_empty()
    assert desk.code(DeclineMoveUp(unit_id="P3", post_id=NORTH, by=" ")) == "no_name"
    assert desk.code(DeclineMoveUp(unit_id="P3", post_id=SOUTH, by="D1")) == "no_suggestion"
    assert desk.code(DeclineMoveUp(unit_id="T2", post_id=NORTH, by="D1")) == "no_suggestion"


def test_suggestions_outlive_a_restart():
    desk, _ = left_empty()
    assert desk.rebuilt().board.move_ups == desk.board.move_ups


def test_a_diversion_says_what_becomes_of_the_incident_it_leaves():
    desk = watched("P2")
    light = desk.opened(FIGHT, corner(6, 2))
    desk.do(AssignUnit(incident_id=light, unit_id="P2"))
    desk.do(ReportEnRoute(order_id=f"{light}-1"))
    grave = desk.opened(MURDER, corner(7, 3))
    (offer,) = desk.row("incidents", grave).recommendation.diversions
    assert ("left_without_unit", light) in {(each.code, each.subject) for each in offer.reasons}


def test_a_diversion_from_an_incident_without_a_place_says_so():
    desk = watched("P2", "P3")
    desk.do(ReserveCardNumbers(n_cards=1, by="Zhao"), at_s=9)
    sent = PaperOrder(unit_id="P2", sent_at_ms=START_MS + 8_000)
    card = {"incident_id": "J1", "type_code": FIGHT, "called_at_ms": START_MS + 7_000}
    desk.do(EnterPaperCard(**card, by="Qian", orders=(sent,)))
    assert not desk.board.incidents["J1"].is_placed
    grave = desk.opened(MURDER, corner(7, 3))
    offers = desk.row("incidents", grave).recommendation.diversions
    (offer,) = (each for each in offers if each.unit_id == "P2")
    assert ("left_unplaced", "J1") in {(each.code, each.subject) for each in offer.reasons}


def test_the_one_who_takes_a_diverted_units_place_is_looked_for_nearby_only(monkeypatch):
    desk = watched("P2", "P3")
    light = desk.opened(FIGHT, corner(6, 2))
    desk.do(AssignUnit(incident_id=light, unit_id="P2"))
    later, nobody = (("left_reached_later", light), ("left_without_unit", light))
    for bound_ms, said in ((recommend.SUCCESSOR_MS, later), (1_000, nobody)):
        monkeypatch.setattr(recommend, "SUCCESSOR_MS", bound_ms)
        row = desk.row("incidents", desk.opened(MURDER, corner(7, 3)))
        (offer,) = (each for each in row.recommendation.diversions if each.unit_id == "P2")
        assert said in {(each.code, each.subject) for each in offer.reasons}


def test_a_request_says_what_was_asked_when_and_why_it_was_refused():
    desk = watched()
    incident_id = desk.opened(FIGHT, corner(4, 4))
    asked = desk.do(RequestAgency(incident_id=incident_id, agency="120", what="two hurt"))
    request_id = asked.events[0].request_id
    desk.do(RefuseAgencyRequest(request_id=request_id, by="120", reason="no car"))
    row = desk.row("incidents", incident_id).requests[-1]
    assert (row.what, row.state, row.reason) == ("two hurt", "refused", "no car")
    assert row.told_at_ms
