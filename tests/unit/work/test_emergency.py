"""Officer emergency (民警紧急求助): declared once, ended by voice and a second person."""

import msgspec
import pytest
from toy_city import FIGHT, MURDER, TYPES_FILE, UNITS, Desk, corner, image, names

from kuaifan.policy.fleet import NOT_AVAILABLE
from kuaifan.vocabulary.emergency import (
    ConfirmVoiceContact,
    DeclareEmergency,
    EndEmergency,
    TakeUpEmergency,
)
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.order import AssignUnit, ReportHandled, WithdrawUnit
from kuaifan.vocabulary.unit import EndShift

CALLED = DeclareEmergency(unit_id="P1", declared_by="Wang")
TAKEN = TakeUpEmergency(emergency_id="E1", by="Li")
SPOKEN = ConfirmVoiceContact(emergency_id="E1", by="Li")
ENDED = EndEmergency(emergency_id="E1", by="Chen", reason="suspect held")


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def emergency(desk):
    return desk.board.emergencies["E1"]


def test_a_free_unit_gets_an_incident_of_its_own_where_it_stands(desk):
    record = desk.do(CALLED)
    found, incident = emergency(desk), desk.board.incidents["J1"]
    assert (found.incident_id, found.unit_id, found.state) == ("J1", "P1", "declared")
    assert (incident.priority, incident.n_needed, incident.is_placed) == (1, 2, True)
    assert desk.board.reference.types[incident.type_code].name_cn == "阻碍执行职务"
    post = desk.reference.posts["KS-M"]
    assert (incident.lat, incident.lon) == (post.lat, post.lon)
    assert "RecommendationMade" in names(record)
    assert record.refused == ()
    assert "P1" not in incident.recommended_unit_ids


def test_at_an_incident_help_is_wanted_there_and_the_order_stays(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1")
    record = desk.do(CALLED)
    incident = desk.board.incidents["J1"]
    assert emergency(desk).incident_id == "J1"
    assert (incident.priority, incident.n_needed, incident.n_backup) == (1, 3, 2)
    assert list(desk.board.waiting) == ["J1"]
    assert desk.board.orders[order_id].state == "dispatched"
    assert record.refused == ()


def test_the_gravest_incident_there_is_needs_no_raising(desk):
    desk.sent(desk.opened(MURDER, corner(4, 6)), "P1")
    assert "PrioritySet" not in names(desk.do(CALLED))


def test_a_city_without_that_type_takes_the_gravest_that_sends_units():
    desk = Desk()
    types = read_incident_types(TYPES_FILE.read_text(encoding="utf-8"))
    desk.reference.types = {c: t for c, t in types.items() if t.key != "obstructing_police"}
    try:
        desk.on_duty("P1")
        desk.do(CALLED)
        type_code = desk.board.incidents["J1"].type_code
        assert (types[type_code].priority, types[type_code].needs_units) == (1, True)
    finally:
        desk.reference.types = types


def test_it_is_declared_once_by_somebody_with_a_name_for_a_unit_on_duty(desk):
    assert desk.code(msgspec.structs.replace(CALLED, declared_by=" ")) == "no_name"
    assert desk.code(msgspec.structs.replace(CALLED, unit_id="X9")) == "unknown_unit"
    desk.do(EndShift(unit_id="P2"))
    assert desk.code(msgspec.structs.replace(CALLED, unit_id="P2")) == "off_duty"
    desk.do(CALLED)
    refusal = desk.do(msgspec.structs.replace(CALLED, source="desk")).refusal
    assert refusal.code == "already_in_emergency"
    assert "E1" in refusal.reason_en


def test_a_unit_in_danger_is_sent_nowhere_and_not_called_back(desk):
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 6)), "P1")
    other_id = desk.opened(FIGHT, corner(2, 2))
    desk.do(CALLED)
    assert desk.code(WithdrawUnit(order_id=order_id, reason="r")) == "in_emergency"
    desk.do(ReportHandled(order_id=order_id))
    row = desk.board.fleet.index["P1"]
    assert desk.board.fleet.state[row] == NOT_AVAILABLE
    assert desk.code(AssignUnit(incident_id=other_id, unit_id="P1")) == "in_emergency"
    assert "P1" not in desk.board.incidents[other_id].recommended_unit_ids


def test_its_steps_go_in_order_and_each_has_a_name(desk):
    for command in (TAKEN, SPOKEN, ENDED):
        assert desk.code(command) == "unknown_emergency"
    desk.do(CALLED)
    assert desk.code(SPOKEN) == "not_taken_up"
    assert desk.code(ENDED) == "no_contact"
    for command in (TAKEN, SPOKEN, ENDED):
        assert desk.code(msgspec.structs.replace(command, by="")) == "no_name"
    desk.do(TAKEN)
    assert desk.code(TAKEN) == "already_taken_up"
    assert desk.code(ENDED) == "no_contact"
    desk.do(SPOKEN)
    assert desk.code(SPOKEN) == "already_in_contact"
    assert desk.code(msgspec.structs.replace(ENDED, reason="")) == "reason_needed"
    assert desk.code(msgspec.structs.replace(ENDED, by="Li ")) == "second_person"
    desk.do(ENDED)
    for command in (TAKEN, SPOKEN, ENDED):
        assert desk.code(command) == "emergency_over"
    found = emergency(desk)
    assert (found.taken_up_by, found.contact_by, found.ended_by) == ("Li", "Li", "Chen")


def test_when_it_is_over_the_unit_is_free_and_the_incident_still_open(desk):
    for command in (CALLED, TAKEN, SPOKEN, ENDED):
        record = desk.do(command)
    assert desk.board.units["P1"].emergency_id == ""
    assert not desk.board.incidents["J1"].is_over
    assert "P1" in desk.board.incidents["J1"].recommended_unit_ids
    assert "RecommendationMade" in names(record)
    desk.do(CALLED)
    assert desk.board.units["P1"].emergency_id == "E2"
    assert image(desk.engine.state) == image(desk.rebuilt())
