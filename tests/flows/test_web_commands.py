"""Commands over HTTP (命令接口): accepted, refused, malformed, retried, contested."""

import threading

import msgspec
import pytest
from matrix_rows import ROWS
from matrix_scene import MAKERS, Scene
from toy_city import FIGHT, LOCKSMITH, UNITS, corner
from web_desk import SERVED_COMMANDS, Served

from kuaifan import vocabulary
from kuaifan.vocabulary import setting

PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("desk")) as desk:
        desk.man(*UNITS)
        yield desk


@pytest.fixture
def client(served):
    with served.client() as each:
        yield each


@pytest.fixture(scope="module")
def another(tmp_path_factory):
    """A desk for the commands that make things, so that elsewhere nothing of theirs exists."""
    with Served(tmp_path_factory.mktemp("another")) as desk, desk.client() as each:
        yield each


def open_fight(client, **fields):
    return client.made("OpenIncident", "incident_id", type_code=FIGHT, **(PLACE | fields))


def free_unit(client):
    units = client.get("/v1/units").json()
    return next(unit_id for unit_id, row in units.items() if not row["order_id"])


def finish(client, incident_id, order_id):
    client.done("ReportHandled", order_id=order_id)
    client.done("GiveFeedback", order_id=order_id, incident_id=incident_id, disposition="handled")
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    client.done("CloseIncident", incident_id=incident_id)


def test_the_commands_of_a_plain_day_are_accepted_in_the_course_of_two_incidents(client):
    def do(command, field=None, **fields):
        answer = client.done(command, **fields)
        return answer["events"][0][field] if field else answer

    call_id = do("RegisterCall", "call_id", line="110", caller_number="13900000000")
    do("AnswerCall", call_id=call_id, seat_id="s1")
    do("UpdateCall", call_id=call_id, caller_name="王女士")
    incident_id = do("OpenIncident", "incident_id", type_code=FIGHT, call_id=call_id)
    do("PlaceIncident", incident_id=incident_id, **PLACE)
    do("UpdateIncident", incident_id=incident_id, narrative="两人互殴")
    priority = do("SetPriority", incident_id=incident_id, priority=1, reason="weapon")
    do("Undo", seq=priority["seq"])
    do("HangUpCall", call_id=call_id)
    do("RecommendUnits", incident_id=incident_id)
    unit_id = free_unit(client)
    order_id = do("AssignUnit", "order_id", incident_id=incident_id, unit_id=unit_id)
    do("WithdrawUnit", order_id=order_id, reason="closer one")
    order_id = do("AssignUnit", "order_id", incident_id=incident_id, unit_id=free_unit(client))
    do("AcknowledgeOrder", order_id=order_id)
    do("ReportEnRoute", order_id=order_id)
    do("ReportArrival", order_id=order_id)
    do("ReportHandled", order_id=order_id)
    feedback = {"order_id": order_id, "incident_id": incident_id, "disposition": "mediated"}
    do("GiveFeedback", **feedback, parties=[{"role": "caller", "name": "王女士"}])
    do("ReturnFeedback", order_id=order_id, reason="incomplete")
    do("GiveFeedback", **feedback, story="已调解")
    second_call = do("RegisterCall", "call_id", line="110")
    do("AttachCall", call_id=second_call, incident_id=incident_id)
    child = do("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
    do("MergeIncident", incident_id=child, into_incident_id=incident_id)
    do("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    do("CloseIncident", incident_id=incident_id)
    by_phone = do("OpenIncident", "incident_id", type_code=LOCKSMITH)
    do("SettleByPhone", incident_id=by_phone, disposition="by_phone")
    do("SetUnitStatus", unit_id="T2", status="meal")
    do("EndShift", unit_id="T2")
    do("StartShift", unit_id="T2", n_officers=2)


CORE_COMMANDS = [command for command in SERVED_COMMANDS if command in vocabulary.COMMANDS]
"""A plug-in tries its own in its folder."""
SERVED_ROWS = [row for row in ROWS if row.command in CORE_COMMANDS]
"""One plausible command of each sort, as the matrix of commands and states has them."""
NOWHERE = {name: "X9" if name.startswith("unit") else f"{name}-999" for name in MAKERS} | {"seq": 1}
FOR_ADMINS = {command.__name__ for command in setting.COMMANDS}
NEEDS_NOTHING = {
    *("RegisterCall", "LogOnSeat", "OpenIncident", "UsePolicy", "CloseRoad", "SlowRoad"),
    *("AddPremiseNote", "ReserveCardNumbers", "Broadcast"),
    *("ProposePlan", "RunShadowPolicy"),
}
"""Commands about nothing that must exist first."""


def test_every_command_has_a_row_here():
    assert {row.command for row in SERVED_ROWS} == set(CORE_COMMANDS)


@pytest.mark.parametrize("row", SERVED_ROWS, ids=lambda row: f"{row.command.__name__} {row.label}")
def test_a_command_about_nothing_is_refused_with_a_code_in_both_languages(client, another, row):
    body = msgspec.to_builtins(row.make(Scene(ids=NOWHERE)))
    name = body.pop("type")
    reply = (another if name in NEEDS_NOTHING else client).order(name, **body)
    if name in FOR_ADMINS:
        assert reply.status_code == 403, reply.text
        assert reply.json()["code"] == "admin_needed"
        return
    if name in NEEDS_NOTHING:
        assert reply.status_code in {200, 409}, reply.text
        return
    assert reply.status_code == 409, reply.text
    body = reply.json()
    assert body["error"] == "refused"
    assert body["code"].isidentifier()
    assert body["reason_en"].isascii()
    assert not body["reason_zh"].isascii()
    assert body["version"] is None


@pytest.mark.parametrize("command", [command.__name__ for command in CORE_COMMANDS])
def test_a_field_too_many_is_malformed_and_named(client, command):
    reply = client.post(f"/v1/commands/{command}", json={"wrong_field": 1})
    assert reply.status_code == 422
    assert "wrong_field" in reply.json()["reason_en"]


@pytest.mark.parametrize(
    ("command", "body", "named"),
    [
        ("RegisterCall", '{"line": 5}', "line"),
        ("RegisterCall", '{"line": "nowhere"}', "line"),
        ("RegisterCall", "{}", "line"),
        ("RegisterCall", "", "line"),
        ("RegisterCall", '{"line": "110"', "truncated"),
        ("RegisterCall", "[]", "array"),
        ("RegisterCall", '{"line": "110", "caller_number": "' + "1" * 33 + '"}', "caller_number"),
        ("RegisterCall", '{"line": "110", "type": "AnswerCall"}', "type"),
        ("SetPriority", '{"incident_id":"J1","priority":"1","reason":"r"}', "priority"),
        ("SetPriority", '{"incident_id":"J1","priority":9,"reason":"r"}', "priority"),
        ("PlaceIncident", '{"incident_id":"J1","lat":91,"lon":0}', "lat"),
        ("RegisterCall", '{"line": "\\ud800"}', "body"),
        ("UpdateIncident", '{"incident_id":"J1","narrative":"\\ud800"}', "body"),
    ],
)
def test_a_malformed_body_names_the_field(client, command, body, named):
    reply = client.post(f"/v1/commands/{command}", content=body)
    assert reply.status_code == 422, reply.text
    assert reply.json()["error"] == "malformed"
    assert named in reply.json()["reason_en"]


def test_a_body_that_is_no_utf8_is_malformed(client):
    reply = client.post("/v1/commands/UpdateCall", content=b'{"call_id": "\xff\xfe"}')
    assert reply.status_code == 422


def test_a_body_too_long_is_told_so(client):
    reply = client.post("/v1/commands/RegisterCall", content=b" " * (512 * 1024 + 1))
    assert reply.status_code == 413
    assert reply.json()["code"] == "too_large"


def test_an_unknown_command_a_timers_command_and_a_wrong_method_are_told_so(client):
    assert client.order("DoNothing").status_code == 404
    assert client.order("CheckUnsigned", order_id="J1-1", level=1).status_code == 404
    reply = client.get("/v1/commands/RegisterCall")
    assert reply.status_code == 405
    assert reply.json()["reason_zh"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Kuaifan-Role": "king"},
        {"X-Kuaifan-Seat": "a b"},
        {"Idempotency-Key": "k" * 200},
        {"If-Match": "abc"},
    ],
)
def test_a_header_that_cannot_be_read_is_malformed(client, headers):
    reply = client.post("/v1/commands/RegisterCall", json={"line": "110"}, headers=headers)
    assert reply.status_code == 422
    assert reply.json()["reason_en"]


def test_a_retry_with_the_same_key_gets_the_same_answer_and_happens_once(client):
    first = client.order("RegisterCall", line="110", key="once")
    again = client.order("RegisterCall", line="110", key="once")
    assert first.json() == again.json()
    refused = client.order("AnswerCall", call_id="C999", seat_id="s", key="no")
    refused_again = client.order("AnswerCall", call_id="C999", seat_id="s", key="no")
    assert refused.json() == refused_again.json()
    assert refused_again.status_code == 409


def test_a_key_used_for_another_command_is_told_so(client):
    client.done("RegisterCall", line="110", key="twice")
    reply = client.order("RegisterCall", line="122", key="twice")
    assert reply.status_code == 422
    assert reply.json()["code"] == "key_reused"


def test_a_command_on_what_has_changed_since_is_a_conflict(client):
    incident_id = open_fight(client)
    seen = client.get(f"/v1/incidents/{incident_id}").json()["seq"]
    raised = client.order("SetPriority", incident_id=incident_id, priority=1, reason="r")
    late = client.order(
        "SetPriority", incident_id=incident_id, priority=2, reason="r", seen_seq=seen
    )
    assert raised.status_code == 200
    assert late.status_code == 409
    assert late.json()["code"] == "version_conflict"
    assert late.json()["version"] == raised.json()["seq"]
    now = late.json()["version"]
    accepted = client.order(
        "SetPriority", incident_id=incident_id, priority=1, reason="r", seen_seq=now, key="v1"
    )
    retried = client.order(
        "SetPriority", incident_id=incident_id, priority=1, reason="r", seen_seq=now, key="v1"
    )
    assert accepted.status_code == 200
    assert retried.json() == accepted.json()


def test_a_refusal_names_the_version_that_is_shown(client):
    incident_id = open_fight(client)
    reply = client.order("CloseIncident", incident_id=incident_id)
    assert reply.json()["code"] == "not_reviewed"
    shown = client.get(f"/v1/incidents/{incident_id}").json()["seq"]
    assert reply.json()["version"] == shown


def test_two_seats_sending_one_unit_at_once_exactly_one_wins_and_the_other_is_told(served):
    with served.client() as client:
        for _ in range(10):
            incident_ids = [open_fight(client), open_fight(client)]
            unit_id = free_unit(client)
            replies = send_at_once(served, unit_id, incident_ids)
            assert sorted(reply.status_code for reply in replies) == [200, 409]
            lost = next(reply for reply in replies if reply.status_code == 409).json()
            assert lost["code"] == "unit_not_available"
            assert unit_id in lost["reason_zh"]
            won = next(reply for reply in replies if reply.status_code == 200).json()
            order_id = won["events"][0]["order_id"]
            finish(client, won["events"][0]["incident_id"], order_id)


def send_at_once(served, unit_id, incident_ids):
    replies, gate = [], threading.Barrier(len(incident_ids))

    def send(incident_id):
        with served.client() as client:
            gate.wait()
            replies.append(client.order("AssignUnit", incident_id=incident_id, unit_id=unit_id))

    threads = [threading.Thread(target=send, args=(each,)) for each in incident_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_what_can_be_undone_says_until_when(client):
    incident_id = open_fight(client)
    sent = client.done("AssignUnit", incident_id=incident_id, unit_id=free_unit(client))
    assert sent["undo_until_ms"] is not None
    undone = client.done("Undo", seq=sent["seq"])
    assert [event["type"] for event in undone["events"]][:2] == ["ActionUndone", "OrderWithdrawn"]
    assert undone["undo_until_ms"] is None
    assert client.order("Undo", seq=sent["seq"]).json()["code"] == "nothing_to_undo"
    assert client.done("RegisterCall", line="110")["undo_until_ms"] is None


def test_the_actor_written_down_is_the_seat(served, client):
    answer = client.done("RegisterCall", line="110")
    with served.desk.open_reader() as reader:
        assert reader.get_record(answer["seq"]).actor == "seat:dispatcher-1"
