"""A telephone system at the desk, over real HTTP: signed, once each, in any order, with faults."""

import json

import httpx
import pytest
from web_desk import Served

from kuaifan.app.phone import phone_routes_of
from kuaifan.app.phone_hour import PhoneHour
from kuaifan.gateway.phone_key import HEADER, sign
from kuaifan.gateway.phone_plan import PhonePlan, plan_calls
from kuaifan.gateway.phone_simulator import PhoneSimulator
from kuaifan.kernel.errors import BadInputError

KEY = b"0123456789abcdef0123456789abcdef"
PATH = "/v1/phone/events"
DAY_MS = 86_400_000


class PhoneServed(Served):
    """A served toy desk with a telephone system's key."""

    def __init__(self, folder, *, key=KEY):
        self.hour = PhoneHour()
        super().__init__(
            folder,
            phone_figures=self.figures,
            make_routes=lambda desk: phone_routes_of(desk, key),
        )

    def open_engine(self):
        live = super().open_engine()
        self.hour.follow(live)
        return live

    def figures(self):
        return self.hour.figures(self.desk.store, self.desk.clock()[0])


@pytest.fixture
def served(tmp_path):
    with PhoneServed(tmp_path) as running:
        yield running


def post(served, *, key=KEY, signature=None, **fields):
    body = json.dumps({"pbx": "p", "call": "1", "seq": 1, "event": "ring", **fields}).encode()
    headers = {HEADER: sign(key, body) if signature is None else signature}
    return httpx.post(served.url + PATH, content=body, headers=headers, timeout=20)


def test_an_event_that_is_not_signed_is_not_taken(served):
    for reply in (post(served, key=b"x" * 32), post(served, signature="")):
        assert reply.status_code == 401
        assert reply.json()["code"] == "not_signed"
    with served.client() as client:
        assert client.board()["views"]["calls"] == {}


def test_without_a_key_the_webhook_says_how_to_open_it(tmp_path):
    with PhoneServed(tmp_path, key=None) as served:
        reply = post(served)
        assert reply.status_code == 404
        assert "--phone-key-file" in reply.json()["reason_zh"]


def test_a_ring_pops_up_with_its_number_masked_by_role(served):
    answer = post(served, line="122", number="13800001111").json()
    with served.client("call_taker") as taker, served.client("wall") as wall:
        row = taker.board()["views"]["calls"][answer["call_id"]]
        assert (row["line"], row["caller_number"]) == ("122", "13800001111")
        assert wall.board()["views"]["calls"][answer["call_id"]]["caller_number"] == ""


def test_the_same_event_gives_the_same_answer_and_happens_once(served):
    first, again = post(served, number="138"), post(served, number="138")
    assert first.json() == again.json()
    with served.client() as client:
        assert len(client.board()["views"]["calls"]) == 1


def test_a_number_that_is_used_for_two_events_loses_neither(served):
    post(served, seq=1, number="13800001111")
    reply = post(served, seq=1, event="answer", seat="A")
    assert (reply.status_code, reply.json()["mark"]) == (200, "applied")
    with served.client() as client:
        (row,) = client.board()["views"]["calls"].values()
    assert (row["caller_number"], row["state"], row["seat_id"]) == ("13800001111", "talking", "A")


def test_what_a_device_gets_wrong_is_taken_and_said(served):
    now_ms = served.desk.clock()[0]
    reply = post(served, at=now_ms + DAY_MS, number="😱" * 5_000, line="house 7").json()
    assert {"clock_off", "number_unreadable", "line_unknown"} <= set(reply["notes"])
    assert reply["clock_off_ms"] == pytest.approx(DAY_MS, abs=60_000)
    reply = post(served, event="recording", call="never", recording="r").json()
    assert (reply["mark"], reply["call_id"]) == ("unknown_call", "")
    assert "没有这通来电的振铃" in reply["said_zh"]


@pytest.mark.parametrize(("fields", "code"), [({"event": "x"}, "malformed"), ({"line": "web"}, "")])
def test_what_cannot_be_read_is_refused_in_words(served, fields, code):
    reply = post(served, **fields)
    assert reply.status_code == (422 if code else 200)
    assert reply.json().get("code", "") == code


def test_too_long_a_body_is_refused(served):
    assert post(served, reason="x" * 100_000).status_code == 413


def test_a_refusal_of_the_rules_is_told_to_the_telephone_system(served):
    post(served)
    post(served, seq=2, event="answer", seat="A")
    answer = post(served, seq=3, event="transfer", to_kind="agency", to="mars").json()
    assert answer["mark"] == "applied"
    assert answer["refused"][0]["code"] == "unknown_agency"


def test_after_a_restart_the_call_is_still_the_same_one(tmp_path):
    with PhoneServed(tmp_path) as served:
        call_id = post(served, number="138").json()["call_id"]
    with PhoneServed(tmp_path) as served:
        answer = post(served, seq=2, event="answer", seat="A").json()
        assert answer["call_id"] == call_id
        assert post(served, number="138").json()["call_id"] == call_id


def test_forty_callers_with_every_fault_are_forty_calls_and_no_one_is_lost(served):
    plan = PhonePlan(n_calls=40, seed=5, faults=True)
    postings = plan_calls(plan)
    simulator = PhoneSimulator(served.url, KEY)
    told = simulator.run(postings, speed=0)
    simulator.close()
    assert told.n_refused == 0
    assert told.n_taken == len(postings)
    assert {"applied", "early"} <= set(told.marks)
    with served.client() as client:
        calls = client.board()["views"]["calls"]
        assert set(calls) == {f"C{n}" for n in range(1, 41)}
        assert {row["state"] for row in calls.values()} <= {"ended", "abandoned"}
        assert all(row["caller_number"] for row in calls.values())
        assert all(r["state"] == "ended" or r["to_call_back"] for r in calls.values())
        figures = client.get("/v1/metrics/phone").json()
    assert figures["n_calls"] == 40
    assert figures["n_answered"] + figures["n_missed"] >= 40


def test_the_figures_say_what_was_and_what_the_load_lets_expect(served):
    with served.client() as client:
        empty = client.get("/v1/metrics/phone").json()
        assert (empty["n_calls"], empty["expected_mean_wait_ms"]) == (0, None)
        client.done("LogOnSeat", seat_id="A", person="王")
        post(served)
        post(served, seq=2, event="answer", seat="A")
        post(served, seq=3, event="hang_up")
        figures = client.get("/v1/metrics/phone").json()
    assert (figures["n_calls"], figures["n_answered"], figures["n_seats_on"]) == (1, 1, 1)
    assert figures["in_target_share"] == 1.0
    assert 0 <= figures["load"] < 1


def test_the_simulator_says_in_a_sentence_what_keeps_it_from_a_desk(served):
    simulator = PhoneSimulator(served.url, b"another key, long enough")
    with pytest.raises(BadInputError, match="missing or wrong"):
        simulator.run(plan_calls(PhonePlan(n_calls=1, seed=1)), speed=0)
    simulator.close()
    with pytest.raises(BadInputError, match="no address of a desk"):
        PhoneSimulator("desk:8110", KEY)
