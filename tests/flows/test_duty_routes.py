"""What the administrators read and do (三员): sessions, refused rights, and no duty of another."""

import pytest
from door_desk import QuietDesk
from toy_city import FIGHT, corner

from kuaifan.vocabulary.access import LogRefusedRight
from kuaifan.web.refusals import AGAIN_S, Refusals


@pytest.fixture(name="desk")
def fixture_desk(tmp_path):
    with QuietDesk(tmp_path) as desk:
        for name, role in {
            "li": "dispatcher", "sun": "security_admin", "zhou": "audit_admin", "wang": "admin",
        }.items():  # fmt: skip
            desk.account(name, role)
        yield desk


def kinds(reply):
    return [each["type"] for each in reply.json()["steps"]]


def test_an_auditor_reads_who_was_refused_which_right_and_opened_what(desk):
    li = desk.session("li")
    lat, lon = corner(4, 1)
    told = {"type_code": FIGHT, "lat": lat, "lon": lon, "narrative": "秘密"}
    desk.account("chen", "call_taker")
    incident_id = desk.session("chen").made("OpenIncident", "incident_id", **told)
    assert li.get(f"/v1/incidents/{incident_id}?purpose=handling").status_code == 200
    assert li.get(f"/v1/incidents/{incident_id}?purpose=review").status_code == 403
    assert li.get("/v1/people").status_code == li.get("/v1/people").status_code == 403
    for invented in ("one", "two", "three"):
        assert desk.session("li", role=invented).get("/v1/people").status_code == 403
    li.post("/v1/search", text="幸福里")
    asked = {"type": "SetPriority", "incident_id": incident_id, "priority": 4, "reason": "隐情"}
    li.post("/v1/commands/AskApproval", person="", what=asked)
    # What was refused is written beside the answer, not before it.
    li.post("/v1/search", text="second")
    reply = desk.session("zhou").get("/v1/audit?days=1")
    steps = {each["type"]: each["event"] for each in reply.json()["steps"]}
    assert steps["RecordRead"]["purpose"] == "handling"
    # What a request calls its role fills no log: three inventions are one entry.
    assert kinds(reply).count("RightRefused") == 3
    assert {"open_record", "manage_accounts"} == {
        each["event"]["right"] for each in reply.json()["steps"] if each["type"] == "RightRefused"
    }
    assert "SearchLogged" in steps
    assert steps["ApprovalAsked"]["what"]["reason"] == ""
    assert "秘密" not in reply.text
    assert "隐情" not in reply.text


def test_an_auditor_reads_of_refusals_behind_the_gate_too_and_of_no_mere_question(desk):
    lat, lon = corner(4, 1)
    desk.account("chen", "call_taker")
    told = {"type_code": FIGHT, "lat": lat, "lon": lon, "narrative": "x"}
    incident_id = desk.session("chen").made("OpenIncident", "incident_id", **told)
    desk.account("zhao", "crew", unit_id="P1")
    desk.account("qian", "dispatcher", desk_id="elsewhere")
    li, zhao, qian = (desk.session(name) for name in ("li", "zhao", "qian"))
    refused = [
        li.post("/v1/commands/AssignUnit", incident_id=incident_id, unit_id="P1", by="chen"),
        zhao.post("/v1/search", text="幸福里"),
        qian.get(f"/v1/incidents/{incident_id}/timeline"),
        qian.post("/v1/commands/SetPriority", incident_id=incident_id, priority=1, reason="r"),
    ]
    assert [each.status_code for each in refused] == [403, 403, 404, 404]
    lower = {"incident_id": incident_id, "priority": 4, "reason": "r", "approved_by": "chen"}
    asked = li.post("/v1/commands/SetPriority", **lower)
    assert (asked.status_code, asked.json()["code"]) == (403, "approval_needed")
    assert qian.get("/v1/incidents/J999/timeline").status_code == 404
    li.post("/v1/search", text="second")
    steps = desk.session("zhou").get("/v1/audit?days=1").json()["steps"]
    noted = {
        (each["event"]["person"], each["event"]["right"])
        for each in steps
        if each["type"] == "RightRefused"
    }
    assert noted == {
        ("li", "not_in_your_name"), ("zhao", "search"), ("qian", "beyond_reach"),
    }  # fmt: skip


def test_duties_are_kept_apart_at_every_route(desk):
    for name in ("wang", "sun", "li"):
        assert desk.session(name).get("/v1/audit").status_code == 403
    for name in ("wang", "zhou", "li"):
        assert desk.session(name).get("/v1/people").status_code == 403
    for name in ("sun", "zhou", "wang"):
        reply = desk.session(name).post("/v1/commands/AssignUnit", incident_id="J1", unit_id="P1")
        assert reply.status_code == 403
        assert desk.session(name).get("/v1/incidents").status_code == 403


def test_the_security_administrator_sees_where_somebody_is_logged_on_and_ends_it(desk):
    li, sun = desk.session("li"), desk.session("sun")
    (row,) = sun.get("/v1/people/li/sessions").json()
    assert (row["means"], row["address"]) == ("password", "127.0.0.1")
    assert "token" not in str(row)
    assert sun.post("/v1/people/li/end_sessions").status_code == 200
    assert li.get("/v1/board").status_code == 401
    assert sun.get("/v1/people/li/sessions").json() == []
    assert kinds(desk.session("zhou").get("/v1/audit?days=1")).count("PersonLoggedOff") == 1


def test_a_page_that_asks_again_and_again_is_one_entry_in_ten_minutes():
    told, now = [], [0.0]
    refusals = Refusals(lambda refused, actor: told.append((refused, actor)), lambda: now[0])
    for _ in range(3):
        refusals.note("li", "dispatcher", "read_audit", "/v1/audit")
    now[0] = AGAIN_S
    refusals.note("li", "dispatcher", "read_audit", "/v1/audit")
    asked = {"person": "li", "role": "dispatcher", "right": "read_audit", "at": "/v1/audit"}
    assert told == [(LogRefusedRight(**asked), "user:li")] * 2
