"""A number somebody says a week later (检索): found, and opened again where it goes on."""

import pytest
from door_desk import QuietDesk
from toy_city import DOMESTIC, FIGHT, UNITS, corner
from web_desk import Served

from kuaifan.kernel.record import Record
from kuaifan.vocabulary import access

HERE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))
SETTLED = "王某已道歉"


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as desk:
        desk.man(*UNITS)
        yield desk


@pytest.fixture
def client(served):
    with served.client() as each:
        yield each


def opened(client, type_code=FIGHT, address="幸福里 3 号"):
    about = {"type_code": type_code, "address": address}
    return client.made("OpenIncident", "incident_id", **about, **HERE)


def closed(client, type_code=FIGHT, *, team=None):
    """team: who says what happened at home before it can be closed."""
    incident_id = opened(client, type_code)
    if team is not None:
        team.done("ConfirmViolence", incident_id=incident_id, by="s")
    by_phone = {"disposition": "by_phone", "approved_by": "chief"}
    client.done("SettleByPhone", incident_id=incident_id, **by_phone)
    for request in client.get(f"/v1/incidents/{incident_id}").json()["requests"]:
        client.done("AcceptAgencyRequest", request_id=request["request_id"], by="their desk")
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    client.done("CloseIncident", incident_id=incident_id)
    return incident_id


def ask(client, text):
    reply = client.post("/v1/search", json={"text": text})
    assert reply.status_code == 200, reply.text
    return reply.json()


def numbers(client, text):
    return [each["incident_id"] for each in ask(client, text)["incidents"]]


def test_a_closed_incident_is_found_by_its_number_and_reopened(client):
    incident_id = closed(client)
    assert client.get(f"/v1/incidents/{incident_id}").status_code == 404
    for said in (incident_id, incident_id[1:], incident_id.lower(), f"Ｊ{incident_id[1:]}"):
        found = ask(client, said)["incidents"][0]
        assert (found["incident_id"], found["state"]) == (incident_id, "closed")
        assert not found["is_open"]
    client.done("ReopenIncident", incident_id=incident_id, reason="又打起来了")
    assert ask(client, incident_id)["incidents"][0]["is_open"]
    assert client.get(f"/v1/incidents/{incident_id}").status_code == 200


def test_words_of_the_address_find_the_newest_first(client):
    first, other = opened(client), opened(client, address="人民路 1 号")
    last = opened(client, address="幸福里 9 号")
    assert numbers(client, "幸福里") == [last, first]
    assert numbers(client, "幸福里 9") == [last]
    assert numbers(client, "人民路") == [other]
    assert numbers(client, "福") == []
    assert ask(client, "幸福里")["n_looked"] == 3


def test_a_call_sign_finds_the_unit_and_where_it_is_bound(client):
    incident_id = opened(client)
    client.done("AssignUnit", incident_id=incident_id, unit_id="P1")
    found = ask(client, "call P1")["units"]
    assert [(each["unit_id"], each["incident_id"]) for each in found] == [("P1", incident_id)]


def test_a_restricted_record_that_is_over_is_a_number_and_no_more(served, client):
    with served.client("dv_officer") as team:
        incident_id = closed(client, DOMESTIC, team=team)
    assert numbers(client, "幸福里") == []
    found = ask(client, incident_id)["incidents"][0]
    assert (found["is_restricted"], found["address"]) == (True, "")
    told = {found[name] for name in ("type_code", "type_name", "disposition", "priority")}
    assert told == {"", 0}, "what it was is read at its own seat"


@pytest.mark.parametrize("role", ["wall", "commander", "admin"])
def test_a_restricted_record_that_is_over_is_not_named_to_who_may_not_reopen_it(
    served, client, role
):
    with served.client("dv_officer") as team:
        incident_id = closed(client, DOMESTIC, team=team)
    with served.client(role) as other:
        assert numbers(other, incident_id) == []


def test_words_of_what_one_looks_for_are_taken_in_no_address(client):
    assert client.get("/v1/search", params={"q": "幸福里"}).status_code == 405
    assert client.get("/v1/history", params={"number": "138"}).status_code == 405


def test_a_wall_is_told_no_address_and_a_crew_nothing(served, client):
    opened(client)
    with served.client("wall") as wall:
        assert ask(wall, "幸福里")["incidents"][0]["address"] == ""
    with served.client("crew") as crew:
        assert crew.post("/v1/search", json={"text": "幸福里"}).status_code == 403


def test_nothing_is_said_to_nothing(client):
    found = ask(client, " ")
    assert (found["incidents"], found["units"], found["n_looked"]) == ([], [], 0)


def test_every_search_is_logged_and_what_is_over_asks_for_a_purpose(tmp_path):
    with QuietDesk(tmp_path) as desk:
        desk.account("li", "dispatcher", "call_taker")
        desk.account("chen", "commander")
        li, chen = desk.session("li"), desk.session("chen")
        over = li.made(
            "OpenIncident", "incident_id", type_code=FIGHT, address="幸福里 3 号", **HERE
        )
        chen.made(
            "SettleByPhone", "type", incident_id=over, disposition=SETTLED, approved_by="chen"
        )
        for request in li.get(f"/v1/incidents/{over}").json()["requests"]:
            li.made(
                "AcceptAgencyRequest", "type", request_id=request["request_id"], by="their desk"
            )
        li.made("ReviewIncident", "type", incident_id=over, reviewer_id="")
        li.made("CloseIncident", "type", incident_id=over)
        found = li.post("/v1/search", text="幸福里").json()
        assert (found["incidents"], found["n_withheld"]) == ([], 1)
        stated = {"text": "幸福里", "purpose": "handling", "reason": "又打起来了"}
        (told,) = li.post("/v1/search", **stated).json()["incidents"]
        assert told["incident_id"] == over
        # Neither does its story say words of persons without one, to whoever handled it.
        closed = [
            next(step["text_zh"] for step in steps.json() if step["type"] == "IncidentSettled")
            for steps in (
                li.get(f"/v1/incidents/{over}/timeline"),
                li.get(f"/v1/incidents/{over}/timeline?purpose=handling"),
            )
        ]
        assert [SETTLED in each for each in closed] == [False, True]
        reply = li.post("/v1/search", text="幸福里", purpose="review")
        assert (reply.status_code, reply.json()["code"]) == (403, "purpose_does_not_open")
        with desk.desk.open_reader() as reader:
            records = (item for item in reader.read_items() if isinstance(item, Record))
            events = (event for record in records for event in record.events)
            first, second = (each for each in events if isinstance(each, access.SearchLogged))
        assert (first.person, first.text, first.n_found, first.n_withheld) == ("li", "幸福里", 0, 1)
        assert (second.purpose, second.reason, second.n_found) == ("handling", "又打起来了", 1)
        for path in tmp_path.glob("log.db*"):
            assert "幸福里".encode() not in path.read_bytes(), path
