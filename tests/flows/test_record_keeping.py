"""Keeping of records over HTTP: only what was here, of one's own desk; and what is held of one."""

import json

import pytest
from door_desk import QuietDesk
from toy_city import DOMESTIC, EAST_DESK, FIGHT, corner

FAR_MS = 4_000_000_000_000
NUMBER = "13900001111"
PATH = "/v1/person-export"


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory):
    with QuietDesk(tmp_path_factory.mktemp("keeping")) as desk:
        desk.account("taker", "call_taker")
        desk.account("chen", "commander")
        desk.account("lin", "reviewer")
        desk.account("east", "commander", desk_id=EAST_DESK)
        taker = desk.session("taker")
        desk.made = {}
        for name, code, place in (("west", FIGHT, (4, 1)), ("east", DOMESTIC, (4, 7))):
            call_id = taker.made("RegisterCall", "call_id", line="110", caller_number=NUMBER)
            lat, lon = corner(*place)
            about = {"call_id": call_id, "type_code": code, "narrative": f"话 {name}"}
            desk.made[name] = taker.made("OpenIncident", "incident_id", lat=lat, lon=lon, **about)
        yield desk


def said(reply):
    return reply.status_code, reply.json()["code"]


@pytest.mark.parametrize(
    ("command", "more"),
    [("HoldRecord", {"until_ms": FAR_MS}), ("RequestErasure", {"ground": "request"})],
)
def test_what_was_never_here_is_neither_held_nor_erased(desk, command, more):
    chen = desk.session("chen")
    for named in ({"incident_ids": ["J999"]}, {"call_ids": ["C999"]}):
        reply = chen.post(f"/v1/commands/{command}", person="", reason="court", **named, **more)
        assert said(reply) == (409, "unknown_record")
        assert "999" in reply.json()["reason_zh"]


def test_holds_are_listed_to_those_who_keep_records_of_their_own_desk(desk):
    chen = desk.session("chen")
    held = {"incident_ids": [desk.made["west"]], "until_ms": FAR_MS, "reason": "court"}
    hold_id = chen.made("HoldRecord", "hold_id", person="", **held)
    assert [each["hold_id"] for each in chen.get("/v1/keeping").json()["holds"]] == [hold_id]
    assert desk.session("east").get("/v1/keeping").json()["holds"] == []
    assert desk.session("taker").get("/v1/keeping").status_code == 403


def test_what_is_held_of_a_caller_is_a_file_and_stands_in_the_log(desk):
    chen = desk.session("chen")
    asked = {"number": NUMBER, "purpose": "legal", "reason": "她来查阅", "kind": "json"}
    reply = chen.post(PATH, **asked)
    assert reply.status_code == 200, reply.text
    held = json.loads(reply.text)
    assert {each["incident_id"] for each in held["incidents"]} == set(desk.made.values())
    assert (held["person"], held["n_withheld"]) == ("chen", 0)
    with desk.desk.open_reader() as reader:
        read = reader.get_record(desk.desk.store.cursor.seq).events[0]
    assert (read.person, read.what, read.purpose, read.reason) == (
        "chen",
        "person",
        "legal",
        "她来查阅",
    )
    assert said(chen.post(PATH, **{**asked, "reason": " "})) == (409, "reason_needed")
    assert said(desk.session("lin").post(PATH, **asked)) == (403, "purpose_does_not_open")
    assert desk.session("taker").post(PATH, **asked).status_code == 403


def test_what_one_may_not_open_is_counted_and_no_more(desk):
    asked = {"number": NUMBER, "purpose": "complaint", "reason": "投诉", "kind": "json"}
    held = json.loads(desk.session("east").post(PATH, **asked).text)
    assert [each["incident_id"] for each in held["incidents"]] == [desk.made["east"]]
    assert held["n_withheld"] == 1
    assert "话 west" not in json.dumps(held, ensure_ascii=False)
    page = desk.session("east").post(PATH, **{**asked, "kind": "html"}).text
    assert "Withheld: 1" in page
