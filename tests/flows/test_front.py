"""The front of a served desk (前置): headers, limits, figures and what it writes of itself."""

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack

import pytest
from door_desk import QuietDesk
from toy_city import FIGHT

from kuaifan.web.event_log import EventLog
from kuaifan.web.front import MAX_BODY_BYTES
from kuaifan.web.shedding import BUSY

NUMBER, STORY = "13900007777", "标记词甲乙丙"
PLACE = {"lat": 32.62, "lon": 117.0}
PAGES = (
    *("/", "/admin", "/audit", "/dispatch", "/intake", "/login", "/paper", "/patrol"),
    *("/records", "/security", "/start", "/docs"),
)
ANSWERS = (*PAGES, "/healthz", "/v1/board", "/metrics", "/openapi.json", "/nowhere", "/v1/search")


@pytest.fixture(name="lines")
def fixture_lines():
    return []


@pytest.fixture(name="desk")
def fixture_desk(tmp_path, lines):
    log = EventLog("info", lines.append)
    with QuietDesk(tmp_path, static_dir=tmp_path, event_log=log) as desk:
        desk.account("li", "dispatcher")
        yield desk


@pytest.fixture(name="li")
def fixture_li(desk):
    return desk.session("li")


def run(desk, coroutine):
    """Run something on the loop of a desk."""
    return asyncio.run_coroutine_threadsafe(coroutine, desk._loop).result(20)


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_tells_the_browser_to_let_nothing_else_in(li, path):
    headers = li.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert headers["X-Request-Id"]


def test_what_people_read_is_kept_by_no_cache(li):
    assert li.get("/v1/board").headers["Cache-Control"] == "no-store"
    assert li.post("/v1/search", text="x").headers["Cache-Control"] == "no-store"


def test_a_browser_is_told_to_stay_with_tls_only_where_there_is_tls(desk, li):
    assert "Strict-Transport-Security" not in li.get("/healthz").headers
    told = []

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": "/healthz", "scheme": "https"}
    scope |= {"headers": [(b"host", b"127.0.0.1")], "query_string": b"", "client": None}
    scope |= {"root_path": "", "raw_path": b"/healthz", "server": ("127.0.0.1", 443)}
    run(desk, desk.web(scope, None, send))
    assert b"strict-transport-security" in dict(told[0]["headers"])


@pytest.mark.parametrize("path", ["/v1/commands/RegisterCall", "/v1/search", "/v1/session"])
def test_a_body_that_is_too_long_is_refused_in_words(li, path):
    reply = li.request("POST", path, b'"' + b"x" * MAX_BODY_BYTES + b'"')
    assert reply.status_code in {413, 422}
    assert reply.json()["reason_zh"]


def test_while_calls_crowd_in_a_search_is_told_to_come_again_and_a_call_is_taken(desk, li):
    under_way = AsyncExitStack()

    async def crowd():
        for _ in range(BUSY + 1):
            path = "/v1/commands/RegisterCall"
            await under_way.enter_async_context(desk.web.front.shedder.admitted(path, "x"))

    run(desk, crowd())
    reply = li.post("/v1/search", text="x")
    assert (reply.status_code, reply.json()["code"]) == (503, "overloaded")
    assert int(reply.headers["Retry-After"]) > 0
    assert li.post("/v1/commands/RegisterCall", line="110").status_code == 200
    run(desk, under_way.aclose())
    assert li.post("/v1/search", text="x").status_code == 200


def test_a_session_that_asks_without_end_is_told_to_wait_and_its_calls_are_taken(desk, li):
    desk.web.front.shedder._limits._now_s = lambda: 0.0
    told = Counter(li.get("/v1/units").status_code for _ in range(510))
    assert told == {200: 500, 429: 10}
    assert li.post("/v1/commands/RegisterCall", line="110").status_code == 200


def test_the_figures_name_queues_streams_and_the_log_and_nobody(li):
    opened = li.post("/v1/commands/OpenIncident", type_code=FIGHT, narrative=STORY, **PLACE)
    seq = opened.json()["seq"]
    li.post("/v1/commands/AssignUnit", incident_id="none", unit_id="P1")
    text = li.get("/metrics").text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert values["kuaifan_ready"] == "1"
    assert int(values["kuaifan_log_head_seq"]) >= seq
    assert 'kuaifan_queue_age_seconds{priority="1"}' in values
    assert values["kuaifan_consoles"] == values["kuaifan_consoles_dropped"] == "0"
    assert 'kuaifan_requests_total{kind="urgent",status="200"}' in values
    assert any(name.startswith("kuaifan_problems_total{code=") for name in values)
    assert STORY not in text
    assert "li" not in text.replace("limit", "").split()


def test_who_may_not_read_figures_is_turned_away_from_them(desk):
    desk.account("crew", "crew", unit_id="P1")
    assert desk.session("crew").get("/metrics").status_code == 403
    assert desk.ask("GET", "/metrics", {"Host": "127.0.0.1"}, b"").status_code == 401


def test_the_server_s_log_holds_nobody_s_data(li, lines):
    call_id = li.made("RegisterCall", "call_id", line="110", caller_number=NUMBER)
    li.made("UpdateCall", "call_id", call_id=call_id, caller_name=STORY)
    incident_id = li.made("OpenIncident", "incident_id", type_code=FIGHT, narrative=STORY, **PLACE)
    li.get(f"/v1/incidents/{incident_id}")
    li.post("/v1/search", text=STORY)
    li.post("/v1/history", number=NUMBER, call_id=call_id)
    li.get(f"/v1/places?q={STORY}")
    li.request("GET", f"/v1/incidents/{STORY}")
    li.request("GET", f"/{STORY}/{NUMBER}")
    li.request("POST", f"/v1/commands/{STORY}", b"{")
    li.post("/v1/commands/RegisterCall", line="110", caller_number=NUMBER, nonsense=STORY)
    li.post("/v1/session", name=STORY, password=NUMBER)
    told = [json.loads(line) for line in lines]
    assert len(told) >= 12
    assert {"request"} == {line["event"] for line in told}
    assert {line["role"] for line in told if "role" in line} == {"dispatcher"}
    assert "/v1/incidents/{key}" in {line["route"] for line in told}
    ids = [line["request_id"] for line in told]
    assert len(set(ids)) == len(ids)
    whole = "".join(lines)
    assert not [word for word in (NUMBER, STORY, incident_id, 'li"') if word in whole]


def test_a_body_that_never_ends_is_cut_off(desk):
    n_asked = 0

    async def receive():
        nonlocal n_asked
        n_asked += 1
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    told = []

    async def send(message):
        told.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"sec-fetch-site", b"same-origin")]
    scope = {"type": "http", "method": "POST", "path": "/v1/session", "scheme": "http"}
    scope |= {"headers": headers, "query_string": b"", "client": ("127.0.0.1", 1)}
    scope |= {"root_path": "", "raw_path": b"/v1/session", "server": ("127.0.0.1", 80)}
    run(desk, desk.web(scope, receive, send))
    assert told[0]["status"] in {413, 422}
    assert n_asked <= 2 + MAX_BODY_BYTES // 65_536
