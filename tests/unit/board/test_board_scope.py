"""Who may see a record, and which documents it changed (可见范围与读表)."""

import pytest
from toy_city import DOMESTIC, FIGHT, UNITS, Desk, corner, tables_of

from kuaifan.kernel.record import Scope
from kuaifan.vocabulary.call import AttachCall, HangUpCall, UpdateCall
from kuaifan.vocabulary.incident import MergeIncident, PlaceIncident, UpdateIncident
from kuaifan.vocabulary.order import AcknowledgeOrder, ReportHandled
from kuaifan.vocabulary.unit import SetUnitStatus

WEST, EAST = Scope("ST-W"), Scope("ST-E")


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def scope(desk, table, row_id):
    return desk.journal.tables[table, row_id][0]


def kept(desk):
    """The read tables as the journal holds them, without the units."""
    found = {}
    for (table, row_id), (seen_by, body) in desk.journal.tables.items():
        if table != "units":
            found[table, row_id] = ((seen_by.jurisdiction, seen_by.record_class), body)
    return found


def test_a_record_about_an_incident_has_its_station_and_class(desk):
    record = desk.do(PlaceIncident(incident_id=desk.opened(FIGHT), lat=corner(0, 0)[0], lon=117.0))
    assert record.scope == WEST
    desk.opened(DOMESTIC, corner(0, 0))
    assert desk.journal.records[-1].scope == Scope("ST-W", "restricted")


def test_a_record_about_an_order_or_call_has_the_scope_of_its_incident(desk):
    call_id = desk.rang()
    incident_id = desk.opened(DOMESTIC, corner(0, 0), call_id=call_id)
    restricted = Scope("ST-W", "restricted")
    assert desk.do(UpdateCall(call_id=call_id, caller_name="王某")).scope == restricted
    order_id = desk.sent(incident_id, "P1")
    assert desk.do(AcknowledgeOrder(order_id=order_id)).scope == restricted
    assert desk.do(AcknowledgeOrder(order_id=order_id)).scope == restricted, "a refusal too"


def test_a_record_about_no_incident_is_the_whole_citys(desk):
    call_id = desk.rang()
    assert desk.do(HangUpCall(call_id=call_id)).scope == Scope()
    assert desk.do(SetUnitStatus(unit_id="P1", status="meal")).scope == Scope()


def test_a_record_changes_the_rows_of_what_its_events_name(desk):
    call_id = desk.rang()
    incident_id = desk.opened(FIGHT, corner(0, 0), call_id=call_id)
    order_id = desk.sent(incident_id, "P1")
    desk.journal.tables.clear()
    desk.do(ReportHandled(order_id=order_id))
    assert set(desk.journal.tables) == {("orders", order_id), ("incidents", "J1"), ("units", "P1")}


def test_the_papers_of_an_incident_follow_it_to_another_station_and_class(desk):
    call_id = desk.rang()
    incident_id = desk.opened(FIGHT, corner(0, 0), call_id=call_id)
    order_id = desk.sent(incident_id, "P1")
    assert scope(desk, "orders", order_id) == scope(desk, "calls", call_id) == WEST
    lat, lon = corner(8, 8)
    desk.do(PlaceIncident(incident_id=incident_id, lat=lat, lon=lon))
    assert scope(desk, "orders", order_id) == scope(desk, "calls", call_id) == EAST
    desk.do(UpdateIncident(incident_id=incident_id, type_code=DOMESTIC))
    sealed = Scope("ST-E", "restricted")
    assert scope(desk, "orders", order_id) == scope(desk, "calls", call_id) == sealed


def test_a_call_that_moves_is_rewritten_and_so_is_the_incident_it_left(desk):
    call_id = desk.rang()
    left = desk.opened(FIGHT, corner(0, 0), call_id=call_id)
    joined = desk.opened(FIGHT, corner(8, 8))
    desk.journal.tables.clear()
    desk.do(AttachCall(call_id=call_id, incident_id=joined))
    assert {("incidents", left), ("incidents", joined)} <= set(desk.journal.tables)
    assert scope(desk, "calls", call_id) == EAST


def test_the_callers_of_a_merged_incident_are_rewritten(desk):
    call_id = desk.rang()
    child = desk.opened(FIGHT, corner(0, 0), call_id=call_id)
    main = desk.opened(FIGHT, corner(8, 8))
    desk.do(MergeIncident(incident_id=child, into_incident_id=main))
    assert scope(desk, "calls", call_id) == EAST
    assert kept(desk) == tables_of(desk.board)
