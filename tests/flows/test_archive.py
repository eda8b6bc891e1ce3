"""A closed incident that left the board long ago is touched again, over HTTP (归档后重开)."""

import copy

import msgspec
from toy_city import FIGHT, corner, toy_reference
from web_desk import Served

from kuaifan.vocabulary.seat_archive import RetireSeatPapers

NEIGHBOURS = "060103"
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


def test_what_a_seat_kept_leaves_with_its_incident_is_read_there_and_comes_back(tmp_path):
    with Served(tmp_path, reference=leaving_at_once()) as served:
        served.man("P1")
        with served.client() as client:
            incident_id, _ = _handled(client, NEIGHBOURS, _mediated)
            client.done("CloseIncident", incident_id=incident_id)
            board = served.desk.live.engine.board
            while incident_id in board.incidents:
                client.done("RegisterCall", line="110")
            sweep = RetireSeatPapers()
            served.desk.submit(sweep, actor="timer", key=None, seen_seq=None).wait(10)
            assert board.seats["mediation"].cases == {}
            [paper] = _archived(client, incident_id)
            assert (paper["table"], paper["paper_id"]) == ("cases", "M1")
            assert (paper["paper"]["party_a"], paper["is_masked"]) == ("张某", False)
            assert _archived(client, "J999") == []
            assert client.get("/v1/seats/mediation/archive").status_code == 422
            crew = client.get(_path(incident_id), headers={"X-Kuaifan-Role": "planner"})
            assert crew.status_code == 403
    with Served(tmp_path) as served, served.client() as client:
        client.done("ReopenIncident", incident_id=incident_id, reason="they quarrel again")
        mine = served.desk.live.engine.board.seats["mediation"]
        assert (mine.cases["M1"].party_b, mine.by_incident) == ("李某", {incident_id: "M1"})
        assert [*mine.past] == []


def _path(incident_id):
    return f"/v1/seats/mediation/archive?incident_id={incident_id}"


def _archived(client, incident_id):
    reply = client.get(_path(incident_id))
    assert reply.status_code == 200, reply.text
    return reply.json()["papers"]


def _mediated(client, incident_id):
    told = {"partner_kind": "community", "partner": "社区", "party_a": "张某", "party_b": "李某"}
    bars = dict.fromkeys(("hired", "gang", "repeat_offender", "provocation"), False)
    about = {"incident_id": incident_id, "basis": "civil", "by": "王警官"}
    mediation_id = client.made("OpenMediation", "mediation_id", **about, **told, **bars)
    by = {"mediation_id": mediation_id, "by": "王警官"}
    for side in ("a", "b"):
        client.done("RecordMediationConsent", side=side, consents=True, how="签字", **by)
    client.done("HoldMediation", outcome="agreed", where="现场", mediator="王警官", **by)
    signed = dict.fromkeys(("signed_a", "signed_b", "signed_mediator"), True)
    terms = {"terms": "不再吵", "perform_by_ms": 0, "performed_at_once": True}
    client.done("SignMediation", **signed, **terms, **by)


def _handled(client, type_code=FIGHT, meanwhile=None):
    call_id = client.made("RegisterCall", "call_id", line="110")
    client.done("AnswerCall", call_id=call_id, seat_id="1")
    opened = {
        "type_code": type_code,
        "call_id": call_id,
        "narrative": "two men, one bottle",
        **PLACE,
    }
    incident_id = client.made("OpenIncident", "incident_id", **opened)
    client.done("HangUpCall", call_id=call_id)
    order_id = client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P1")
    for step in ("AcknowledgeOrder", "ReportArrival", "ReportHandled"):
        client.done(step, order_id=order_id)
    client.done("GiveFeedback", order_id=order_id, incident_id=incident_id, disposition="settled")
    if meanwhile is not None:
        meanwhile(client, incident_id)
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="R1")
    return incident_id, order_id
