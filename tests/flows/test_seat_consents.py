"""Consent at a special seat, behind the log-on: who asks, who may answer, who learns of it."""

import json

import pytest
from door_desk import QuietDesk
from toy_city import DOMESTIC, corner

CORNER = dict(zip(("lat", "lon"), corner(4, 1), strict=True))
SECRET = "说了不能说的话"  # noqa: S105 - words of a case


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory):
    with QuietDesk(tmp_path_factory.mktemp("seat_consents")) as desk:
        desk.account("li", "dispatcher", "call_taker")
        desk.account("shen", "dv_officer")
        desk.account("qin", "dv_officer")
        desk.account("chen", "commander")
        desk.account("zhou", "audit_admin")
        desk.account("gu", "dv_officer", desk_id="elsewhere")
        yield desk


@pytest.fixture(name="incident_id")
def fixture_incident_id(desk):
    return desk.session("li").made("OpenIncident", "incident_id", type_code=DOMESTIC, **CORNER)


def said(reply):
    return reply.status_code, reply.json().get("code", "")


def post(client, command, **body):
    return client.post(f"/v1/commands/{command}", **body)


def act(incident_id, **more):
    body = {"incident_id": incident_id, "reason": SECRET, "by": "", **more}
    return {"type": "SeatAct", "name": "RejectViolence", "said": json.dumps(body)}


def asked(client, incident_id):
    reply = post(client, "AskApproval", person="", what=act(incident_id))
    assert reply.status_code == 200, reply.text
    return reply.json()["events"][0]["approval_id"]


def shown(client, approval_id):
    return client.get("/v1/board").json()["views"]["approvals"].get(approval_id)


def test_one_of_the_team_asks_and_another_one_consents(desk, incident_id):
    shen, qin = desk.session("shen"), desk.session("qin")
    alone = {"incident_id": incident_id, "reason": SECRET, "by": ""}
    assert said(post(shen, "RejectViolence", **alone)) == (409, "consent_needed")
    typed = post(shen, "RejectViolence", **alone, approved_by="qin")
    assert said(typed) == (403, "approval_needed")
    approval_id = asked(shen, incident_id)
    row = shown(qin, approval_id)
    assert (row["title_zh"], row["reason"], row["person"]) == ("家暴不成立", SECRET, "shen")
    told = {"approval_id": approval_id, "person": ""}
    assert said(post(shen, "GiveApproval", **told)) == (409, "own_approval")
    given = post(qin, "GiveApproval", **told)
    assert given.status_code == 200, given.text
    done = {each["type"]: each for each in given.json()["events"]}["ViolenceRejected"]
    assert (done["by"], done["approved_by"]) == ("shen", "qin")
    assert shown(shen, approval_id)["state"] == "given"


def test_nobody_beside_the_team_sees_the_request_or_answers_it(desk, incident_id):
    approval_id = asked(desk.session("shen"), incident_id)
    for name, role in (("chen", "commander"), ("li", "dispatcher")):
        other = desk.session(name, role=role)
        assert shown(other, approval_id) is None, role
        told = {"approval_id": approval_id, "person": ""}
        assert post(other, "GiveApproval", **told).status_code in {403, 404}, role
        assert post(other, "RefuseApproval", **told, reason="r").status_code in {403, 404}, role
        assert SECRET not in other.get(f"/v1/incidents/{incident_id}/timeline").text
    li = desk.session("li", role="dispatcher")
    assert said(post(li, "AskApproval", person="", what=act(incident_id))) == (403, "not_this_seat")


def test_a_name_in_the_request_is_the_askers_own(desk, incident_id):
    shen = desk.session("shen")
    reply = post(shen, "AskApproval", person="", what=act(incident_id, by="qin"))
    assert said(reply) == (403, "not_in_your_name")
    reply = post(shen, "AskApproval", person="", what=act(incident_id, strange=1))
    assert reply.status_code == 422


def test_what_came_too_late_is_told_to_both(desk, incident_id):
    shen, qin = desk.session("shen"), desk.session("qin")
    approval_id = asked(shen, incident_id)
    assert post(qin, "ConfirmViolence", incident_id=incident_id, by="").status_code == 200
    reply = post(qin, "GiveApproval", approval_id=approval_id, person="")
    assert said(reply) == (409, "already_judged")
    assert shown(shen, approval_id)["state"] == "not_done"


def test_the_words_of_a_request_are_sealed_with_the_case(desk, incident_id):
    asked(desk.session("shen"), incident_id)
    for path in desk.log.parent.glob("log.db*"):
        assert SECRET.encode() not in path.read_bytes(), path


def test_an_auditor_reads_that_it_was_asked_and_not_what_it_tells_of_the_case(desk, incident_id):
    approval_id = asked(desk.session("shen"), incident_id)
    steps = desk.session("zhou").get("/v1/audit?days=1").json()["steps"]
    found = [each["event"] for each in steps if each["event"].get("approval_id") == approval_id]
    assert found[0]["what"]["name"] == "RejectViolence"
    assert found[0]["what"]["said"] == found[0]["of_seat"]["zh"] == ""


def test_whoever_opens_a_case_of_violence_is_not_told_what_the_team_does_of_it(desk):
    li = desk.session("li", role="dispatcher")
    opened = post(li, "OpenIncident", type_code=DOMESTIC, **CORNER).json()["events"]
    assert "IncidentOpened" in {each["type"] for each in opened}
    assert "HouseholdOpened" not in {each["type"] for each in opened}
    incident_id = opened[0]["incident_id"]
    confirmed = post(desk.session("shen"), "ConfirmViolence", incident_id=incident_id, by="")
    assert "AttentionProposed" in {each["type"] for each in confirmed.json()["events"]}


def test_what_only_the_team_does_nobody_else_does(desk, incident_id):
    for name, role in (("chen", "commander"), ("li", "call_taker")):
        reply = post(
            desk.session(name, role=role), "ConfirmViolence", incident_id=incident_id, by=""
        )
        assert said(reply) == (403, "not_this_seat"), role


def test_another_desks_team_does_not_act_on_a_case_by_the_seats_own_ids(desk, incident_id):
    gu = desk.session("gu")
    close = {"household_id": f"{incident_id}-H", "by": ""}
    assert post(gu, "CloseHousehold", **close).status_code == 404
    assert post(desk.session("shen"), "CloseHousehold", **close).status_code == 409
