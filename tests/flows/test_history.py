"""While a caller speaks (历史): what this number and this place had before, as facts only."""

import json

import pytest
from toy_city import BURGLARY, DOMESTIC, FIGHT, UNITS, corner
from web_desk import Served

from kuaifan.store.reading import LogReader

HERE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))
FAR = dict(zip(("lat", "lon"), corner(1, 1), strict=True))
NUMBER = "13800001111"


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as desk:
        desk.man(*UNITS)
        yield desk


@pytest.fixture
def client(served):
    with served.client("call_taker") as each:
        yield each


def ring(client, number=NUMBER):
    call_id = client.made("RegisterCall", "call_id", line="110", caller_number=number)
    client.done("AnswerCall", call_id=call_id, seat_id="s1")
    return call_id


def opened(client, type_code, place, number=NUMBER):
    about = {"type_code": type_code, "call_id": ring(client, number), "address": "幸福里 3 号"}
    incident_id = client.made("OpenIncident", "incident_id", **about, **place)
    client.done("HangUpCall", call_id=about["call_id"])
    return incident_id


def handled(client, incident_id, unit_id, disposition="mediated"):
    order_id = client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id=unit_id)
    for command in ("AcknowledgeOrder", "ReportEnRoute", "ReportArrival", "ReportHandled"):
        client.done(command, order_id=order_id)
    ids = {"order_id": order_id, "incident_id": incident_id}
    client.done("GiveFeedback", **ids, disposition=disposition)
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    client.done("CloseIncident", incident_id=incident_id)


def ask(client, **query):
    reply = client.post("/v1/history", json=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_number_that_rang_before_is_known_by_what_came_of_it(client):
    assert ask(client, call_id=ring(client))["number"]["n_calls"] == 0
    one = opened(client, FIGHT, HERE)
    two = opened(client, BURGLARY, FAR)
    handled(client, one, "P1")
    now = ring(client)
    past = ask(client, call_id=now)["number"]
    assert (past["n_calls"], past["n_incidents"], past["days"]) == (3, 2, 90)
    assert [each["incident_id"] for each in past["incidents"]] == [two, one]
    assert [each["state"] for each in past["incidents"]] == ["queued", "closed"]
    assert past["incidents"][1]["disposition"] == "mediated"
    assert past["incidents"][1]["type_code"] == FIGHT
    assert ask(client, number="138-0000 1111")["number"]["incidents"] == past["incidents"]
    assert ask(client, number="13900000000")["number"]["n_calls"] == 0


def test_a_place_shows_open_and_closed_incidents_around_it_and_none_beyond(client):
    one = opened(client, FIGHT, HERE)
    opened(client, BURGLARY, FAR)
    past = ask(client, **HERE)["place"]
    assert [(each["incident_id"], each["distance_m"]) for each in past["incidents"]] == [(one, 0)]
    handled(client, one, "P1")
    later = opened(client, FIGHT, HERE, number="13700000000")
    client.done("PlaceIncident", incident_id=later, **FAR)
    past = ask(client, **HERE)["place"]
    assert [each["incident_id"] for each in past["incidents"]] == [one]
    assert past["incidents"][0]["state"] == "closed"
    assert ask(client, **FAR)["place"]["n_incidents"] == 2
    assert ask(client, **HERE, radius_m=9_999)["place"]["n_incidents"] == 1


def test_restricted_records_are_counted_and_not_shown(client):
    opened(client, DOMESTIC, HERE)
    found = ask(client, call_id=ring(client), **HERE)
    for past in (found["number"], found["place"]):
        assert (past["n_incidents"], past["n_restricted"], past["incidents"]) == (1, 1, [])


def test_a_desk_that_starts_again_knows_its_past(tmp_path):
    with Served(tmp_path) as desk, desk.client("call_taker") as client:
        one = opened(client, FIGHT, HERE)
    with Served(tmp_path) as desk, desk.client("call_taker") as client:
        assert ask(client, **HERE)["place"]["incidents"][0]["incident_id"] == one
        assert ask(client, number=NUMBER)["number"]["n_calls"] == 1


def test_who_may_not_see_callers_may_not_ask_for_them(served, client):
    opened(client, FIGHT, HERE)
    with served.client("commander") as other:
        assert other.post("/v1/history", json={"number": NUMBER}).status_code == 403
        past = ask(other, **HERE)["place"]
        assert past["n_incidents"] == 1
        assert past["incidents"][0]["address"] == ""
    with served.client("crew") as crew:
        reply = crew.post("/v1/history", json=HERE)
        assert (reply.status_code, reply.json()["code"]) == (403, "not_for_role")
        assert "历史" in reply.json()["reason_zh"]


@pytest.mark.parametrize("bad", ["x", [], 91, -90.1])
def test_a_place_that_is_none_is_said_in_words(client, bad):
    body = json.dumps({"lat": bad, "lon": 117})
    reply = client.post("/v1/history", content=body)
    assert reply.status_code == 422
    assert "lat" in reply.json()["reason_zh"]


def test_nothing_asked_is_nothing_found(client):
    assert ask(client) == {"number": None, "place": None}
    assert ask(client, call_id="C99") == {"number": None, "place": None}


def test_a_question_opens_what_it_lists_and_reads_the_table_once(client, monkeypatch):
    opened_rows, read_tables = [], []
    find_row, read_sealed = LogReader.find_row, LogReader.read_sealed
    monkeypatch.setattr(LogReader, "find_row", lambda *a: opened_rows.append(a[1:]) or find_row(*a))
    monkeypatch.setattr(
        LogReader, "read_sealed", lambda *a: read_tables.append(a[1:]) or read_sealed(*a)
    )
    for _ in range(10):
        opened(client, FIGHT, HERE)
        assert ask(client, **HERE, number=NUMBER)["place"]["n_incidents"] > 0
    opened_rows.clear()
    found = ask(client, **HERE, number=NUMBER)
    assert (found["place"]["n_incidents"], found["number"]["n_incidents"]) == (10, 10)
    assert len(opened_rows) == 2 * len(found["place"]["incidents"])
    assert len(read_tables) == 1


def test_what_was_merged_into_another_is_one_incident_of_the_place(client):
    one, two = opened(client, FIGHT, HERE), opened(client, FIGHT, HERE)
    assert ask(client, **HERE)["place"]["n_incidents"] == 2
    client.done("MergeIncident", incident_id=two, into_incident_id=one)
    past = ask(client, **HERE)["place"]
    assert [each["incident_id"] for each in past["incidents"]] == [one]
