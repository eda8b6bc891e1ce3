"""In one's own name: a command is its sender's, and consent is another person's own act."""

import msgspec
import pytest
from door_desk import QuietDesk
from toy_city import FIGHT, corner

from kuaifan.app.rules import asked_commands
from kuaifan.vocabulary.acting import ACTING_FIELD, ACTS_BY, AT_SEAT, OTHERS
from kuaifan.vocabulary.approval import consent_field, needs_consent
from kuaifan.web.people import Visitor
from kuaifan.web.stream import make_frame
from kuaifan.web.view_store import Cursor
from kuaifan.web.viewer import Viewer

CORNER = dict(zip(("lat", "lon"), corner(4, 1), strict=True))


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory):
    with QuietDesk(tmp_path_factory.mktemp("own_name")) as desk:
        desk.account("li", "dispatcher", "call_taker")
        desk.account("zhao", "dispatcher", "commander")
        desk.account("chen", "commander")
        desk.man("P1", "P2")
        yield desk


@pytest.fixture(name="incident_id")
def fixture_incident_id(desk):
    return desk.session("li").made("OpenIncident", "incident_id", type_code=FIGHT, **CORNER)


WRITTEN_DOWN = {"TellCommittee": ("received_by",)}
"""Of the domestic violence seat: who in the committee took it, who needs no log-on."""


def said(reply):
    return reply.status_code, reply.json()["code"]


def post(client, command, **body):
    return client.post(f"/v1/commands/{command}", **body)


def lower(incident_id, **more):
    return {"incident_id": incident_id, "priority": 4, "reason": "calm now", **more}


def test_every_field_that_names_a_person_says_who_that_is():
    """A new command whose field is in no list would let a name be typed."""
    for command in asked_commands():
        names = {
            each
            for each in command.__struct_fields__
            if each.endswith("_by") or each in {"by", "person", "keeper", "reviewer_id"}
        }
        known = {ACTING_FIELD.get(command), AT_SEAT.get(command), *OTHERS.get(command, ())}
        known |= {getattr(command, ACTS_BY, None), *WRITTEN_DOWN.get(command.__name__, ())}
        if needs_consent(command):
            known.add(consent_field(command))
        if command.__name__ == "HangUpCall":
            known.add("by")  # the caller or the desk: no name
        assert names <= known, command


def test_an_act_is_its_sender_s_whatever_the_page_calls_its_seat(desk, incident_id):
    li = desk.session("li")
    sent = post(li, "AssignUnit", incident_id=incident_id, unit_id="P1", by="li")
    assert sent.json()["events"][0]["by"] == "li"
    declared = {"incident_id": incident_id, "reason": "many hurt"}
    reply = post(li, "DeclareMajor", **declared, declared_by="chen")
    assert said(reply) == (403, "not_in_your_name")
    told = post(li, "DeclareMajor", **declared, declared_by="")
    assert told.json()["events"][0]["declared_by"] == "li"


def test_an_officer_in_danger_is_never_turned_away_for_a_name(desk):
    desk.account("gang", "crew", unit_id="P1")
    crew = desk.session("gang", unit_id="P1")
    declared = post(crew, "DeclareEmergency", unit_id="P1", declared_by="赵刚、钱勇")
    assert declared.status_code == 200, declared.text
    assert declared.json()["events"][0]["declared_by"] == "gang"
    emergency_id = declared.json()["events"][0]["emergency_id"]
    li, zhao = desk.session("li"), desk.session("zhao", role="dispatcher")
    told = {"emergency_id": emergency_id, "by": ""}
    assert post(li, "TakeUpEmergency", **told).status_code == 200
    assert post(li, "ConfirmVoiceContact", **told).status_code == 200
    assert post(li, "EndEmergency", **told | {"by": "zhao"}, reason="安全").status_code == 403
    assert post(zhao, "EndEmergency", **told, reason="安全").status_code == 200


def test_nobody_types_the_name_of_whoever_consents(desk, incident_id):
    li = desk.session("li")
    for command, body in {
        "SetPriority": lower(incident_id, approved_by="chen"),
        "SettleByPhone": {
            "incident_id": incident_id, "disposition": "by_phone", "approved_by": "chen"
        },
        "AssignUnit": {"incident_id": incident_id, "unit_id": "P2", "approved_by": "chen"},
    }.items():  # fmt: skip
        assert said(post(li, command, **body)) == (403, "approval_needed"), command
    chen = desk.session("chen")
    assert said(post(chen, "SetPriority", **lower(incident_id, approved_by="zhao"))) == (
        403,
        "not_in_your_name",
    )
    own = post(chen, "SetPriority", **lower(incident_id, approved_by="chen"))
    assert own.json()["events"][0]["approved_by"] == "chen"


def test_what_one_asks_for_another_consents_to_and_then_it_happens(desk, incident_id):
    li, chen = desk.session("li"), desk.session("chen")
    what = {"type": "SetPriority", **lower(incident_id, approved_by="chen")}
    asked = post(li, "AskApproval", person="", what=what)
    approval_id = asked.json()["events"][0]["approval_id"]
    row = chen.get("/v1/board").json()["views"]["approvals"][approval_id]
    assert (row["person"], row["command"], row["priority"]) == ("li", "SetPriority", 4)
    assert row["reason"] == "calm now", "whoever is to consent reads why"
    assert said(post(li, "AskApproval", person="", what=what)) == (409, "already_asked")
    told = {"approval_id": approval_id, "person": ""}
    assert post(li, "GiveApproval", **told).status_code == 403
    given = post(chen, "GiveApproval", **told)
    assert given.status_code == 200, given.text
    kinds = {each["type"]: each for each in given.json()["events"]}
    assert kinds["PrioritySet"]["approved_by"] == "chen"
    assert li.get("/v1/board").json()["views"]["approvals"][approval_id]["state"] == "given"
    assert said(post(chen, "GiveApproval", **told)) == (409, "already_decided")
    with desk.desk.open_reader() as reader:
        record = reader.get_record(given.json()["seq"])
    assert record.actor == "user:chen"


def test_nobody_consents_to_its_own_request_nor_for_another(desk, incident_id):
    zhao, chen = desk.session("zhao", role="dispatcher"), desk.session("chen")
    what = {"type": "SetPriority", **lower(incident_id)}
    approval_id = post(zhao, "AskApproval", person="", what=what).json()["events"][0]["approval_id"]
    own = desk.session("zhao", role="commander")
    told = {"approval_id": approval_id, "person": ""}
    assert said(post(own, "GiveApproval", **told)) == (409, "own_approval")
    reply = post(chen, "GiveApproval", approval_id=approval_id, person="li")
    assert said(reply) == (403, "not_in_your_name")
    assert said(post(chen, "RefuseApproval", **told, reason=" ")) == (409, "reason_needed")
    assert post(chen, "RefuseApproval", **told, reason="two are armed").status_code == 200
    row = zhao.get("/v1/board").json()["views"]["approvals"][approval_id]
    assert (row["state"], row["decided_by"], row["answer"]) == ("refused", "chen", "two are armed")


def test_what_could_not_happen_is_not_asked_for(desk):
    what = {"type": "SetPriority", **lower("J999")}
    reply = post(desk.session("li"), "AskApproval", person="", what=what)
    assert said(reply) == (409, "unknown_incident")
    what = {"type": "LimitCaller", "call_id": "C999", "reason": "r", "minutes": 5}
    reply = post(desk.session("li"), "AskApproval", person="", what={**what, "approved_by": ""})
    assert reply.status_code == 409


def test_a_request_is_sealed_under_the_case_it_is_about(desk, incident_id):
    body = lower(incident_id) | {"reason": "隐私词语"}
    post(desk.session("li"), "AskApproval", person="", what={"type": "SetPriority", **body})
    with desk.desk.open_reader() as reader:
        record = reader.get_record(desk.desk.store.cursor.seq)
        assert "隐私词语" in msgspec.json.encode(record.command).decode()
    for path in desk.log.parent.glob("log.db*"):
        assert "隐私词语".encode() not in path.read_bytes(), path


def test_break_glass_is_told_at_once_to_those_who_watch_it_and_to_nobody_else(desk):
    roles = ("dispatcher", "commander", "admin", "security_admin", "audit_admin", "reviewer")
    for role in roles:
        desk.account(f"seen-{role}", role)
    li = desk.session("li")
    assert li.post("/v1/session/glass", reason="一名儿童走失").status_code == 200
    entry = desk.desk.store.find_since(Cursor(0))
    shown = {}
    for role in roles:
        visitor = Visitor(name=role, roles=(role,), desk_id="city", session="s")
        frame = make_frame(Viewer(role, "", "city", visitor), entry).decode()
        board = desk.session(f"seen-{role}").get("/v1/board").json()["views"]
        shown[role] = ("一名儿童走失" in frame, bool(board["glass"]), bool(board["incidents"]))
    assert shown["commander"] == (True, True, True)
    assert shown["security_admin"] == shown["audit_admin"] == (True, True, False)
    assert shown["dispatcher"] == shown["reviewer"] == (False, False, True)
    assert shown["admin"] == (False, False, False)
