"""A closed incident that left the board long ago is touched again, over HTTP (归档后重开)."""

import copy

import msgspec
from toy_city import FIGHT, corner, toy_reference
from web_desk import Served

PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


def leaving_at_once():
    """A city whose closed incidents leave the board after a millisecond instead of two days."""
    reference = copy.copy(toy_reference())
    reference.clocks = msgspec.structs.replace(reference.clocks, retire_ms=1)
    return reference


def test_a_retired_incident_is_reopened_as_if_it_had_never_left(tmp_path):
    with Served(tmp_path, reference=leaving_at_once()) as served:
        served.man("P1")
        with served.client() as client:
            incident_id, order_id = _handled(client)
            client.done("CloseIncident", incident_id=incident_id)
            while incident_id in served.desk.live.engine.board.incidents:
                client.done("RegisterCall", line="110")
    with Served(tmp_path) as served, served.client() as client:
        assert incident_id not in served.desk.live.engine.board.incidents
        reply = client.order("AcknowledgeOrder", order_id=order_id)
        assert reply.json()["code"] != "unknown_order"
        client.done("ReopenIncident", incident_id=incident_id, reason="they fight again")
        row = client.board()["views"]["incidents"][incident_id]
        assert row["narrative"] == "two men, one bottle"
        assert [each["order_id"] for each in row["orders"]] == [order_id]
        timeline = client.get(f"/v1/incidents/{incident_id}/timeline").text
        assert "brought back from the archive" in timeline
        assert client.order("ReopenIncident", incident_id="J999", reason="x").json()["code"] == (
            "unknown_incident"
        )


def _handled(client):
    call_id = client.made("RegisterCall", "call_id", line="110")
    client.done("AnswerCall", call_id=call_id, seat_id="1")
    opened = {"type_code": FIGHT, "call_id": call_id, "narrative": "two men, one bottle", **PLACE}
    incident_id = client.made("OpenIncident", "incident_id", **opened)
    client.done("HangUpCall", call_id=call_id)
    order_id = client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P1")
    for step in ("AcknowledgeOrder", "ReportArrival", "ReportHandled"):
        client.done(step, order_id=order_id)
    client.done("GiveFeedback", order_id=order_id, incident_id=incident_id, disposition="settled")
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="R1")
    return incident_id, order_id
