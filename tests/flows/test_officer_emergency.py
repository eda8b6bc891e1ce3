"""Officer emergency (民警紧急求助): help goes at once; voice and a second person end it."""

import pytest
from toy_city import FIGHT, START_MS, UNITS, Desk, corner, image, names

from kuaifan.vocabulary.alarm import AlarmRaised
from kuaifan.vocabulary.emergency import (
    ConfirmVoiceContact,
    DeclareEmergency,
    EndEmergency,
    TakeUpEmergency,
)
from kuaifan.vocabulary.order import ReportArrival, ReportHandled
from kuaifan.vocabulary.voice import EnterVoiceReport


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty(*UNITS)
    return desk


def rung(records, kind="emergency"):
    """Seconds, level and addressee of every alarm of a kind."""
    return [
        ((record.at_ms - START_MS) // 1000, event.level, event.to)
        for record in records
        for event in record.events
        if isinstance(event, AlarmRaised) and event.kind == kind
    ]


def test_a_crew_at_a_fight_presses_its_button_and_help_comes(desk):
    # P1 is among a crowd; somebody draws a knife.
    incident_id = desk.opened(FIGHT, corner(4, 6), at_s=10)
    order_id = desk.sent(incident_id, "P1", at_s=20)
    desk.do(ReportArrival(order_id=order_id), at_s=120)
    declared = desk.do(DeclareEmergency(unit_id="P1", declared_by="Wang"), at_s=200)
    assert declared.refused == ()
    incident = desk.board.incidents[incident_id]
    assert (incident.priority, incident.n_needed) == (1, 3)
    assert desk.board.emergencies["E1"].incident_id == incident_id
    assert desk.board.orders[order_id].state == "on_scene"

    # Nobody has it in hand: it rings until a person takes it up.
    assert rung(desk.run_until(231)) == [(215, 1, "dispatcher"), (230, 2, "dispatcher")]
    desk.do(TakeUpEmergency(emergency_id="E1", by="Li"), at_s=235)
    assert rung(desk.run_until(400)) == []
    assert "emergency:E1" not in desk.board.alarms

    # The two best of the list go; P1 is on no list.
    offered = incident.recommended_unit_ids
    assert "P1" not in offered
    for unit_id in offered[:2]:
        desk.sent(incident_id, unit_id, at_s=401)
    assert incident_id not in desk.board.waiting

    # Help on scene is no proof that the officer is safe: voice first, then somebody else.
    desk.do(ReportArrival(order_id=incident.order_ids[1]), at_s=500)
    end = EndEmergency(emergency_id="E1", by="Li", reason="knife taken away")
    assert desk.code(end, at_s=505) == "no_contact"
    desk.do(ConfirmVoiceContact(emergency_id="E1", by="Li"), at_s=510)
    assert desk.code(end, at_s=515) == "second_person"
    desk.do(EndEmergency(emergency_id="E1", by="Chen", reason="knife taken away"), at_s=520)
    assert desk.board.units["P1"].emergency_id == ""
    assert incident.state == "on_scene"
    desk.do(ReportHandled(order_id=order_id), at_s=900)
    assert desk.board.fleet.available()[desk.board.fleet.index["P1"]]
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_a_dispatcher_declares_it_for_a_crew_that_has_gone_silent(desk):
    # P2 stopped somebody, said so on the radio, and does not answer any more.
    desk.fix("P2", *corner(6, 2), at_s=50)
    silent = DeclareEmergency(unit_id="P2", declared_by="Li", source="desk")
    record = desk.do(silent, at_s=300)
    assert names(record)[:3] == ["IncidentOpened", "IncidentPlaced", "EmergencyDeclared"]
    found = desk.board.emergencies["E1"]
    incident = desk.board.incidents[found.incident_id]
    assert (incident.priority, incident.n_needed, incident.state) == (1, 2, "queued")
    assert (incident.lat, incident.lon) == corner(6, 2)
    assert incident.found_by_unit_id == "P2"

    # A second call for the same crew names the one that runs.
    again = DeclareEmergency(unit_id="P2", declared_by="Wang", source="button")
    refusal = desk.do(again, at_s=310).refusal
    assert refusal.code == "already_in_emergency"
    assert "E1" in refusal.reason_zh

    # Left alone it goes up to the supervisor.
    assert rung(desk.run_until(400)) == [
        (315, 1, "dispatcher"), (330, 2, "dispatcher"), (360, 3, "supervisor"),
    ]  # fmt: skip
    desk.do(TakeUpEmergency(emergency_id="E1", by="Chen"), at_s=401)
    for unit_id in incident.recommended_unit_ids[:2]:
        desk.sent(incident.incident_id, unit_id, at_s=402)

    # "平安" on the radio is heard, and ends nothing by itself.
    safe = EnterVoiceReport(text="call P2 平安", entered_by="Li")
    assert desk.do(safe, at_s=600).refusal is None
    assert desk.board.units["P2"].emergency_id == "E1"
    desk.do(ConfirmVoiceContact(emergency_id="E1", by="Li"), at_s=610)
    desk.do(EndEmergency(emergency_id="E1", by="Chen", reason="radio was broken"), at_s=620)
    assert found.state == "ended"
    assert not incident.is_over
    assert desk.board.fleet.available()[desk.board.fleet.index["P2"]]
    assert image(desk.engine.state) == image(desk.rebuilt())
