"""People come in by name (登录), and whoever does not sees and does nothing."""

import httpx
import pytest
from door_desk import PASSWORD, GuardedDesk, ask_once, person
from starlette.applications import Starlette
from starlette.routing import Route
from toy_city import DOMESTIC, EAST_DESK, FIGHT, corner

from kuaifan.gateway.oidc import OidcTurn
from kuaifan.vocabulary import access
from kuaifan.web.gate import COOKIE, Door
from kuaifan.web.log_on_elsewhere import ElsewhereRoutes
from kuaifan.web.problems import Problem, on_problem


@pytest.fixture(name="desk")
def fixture_desk(tmp_path):
    with GuardedDesk(tmp_path) as desk:
        desk.account("li", "dispatcher", "call_taker")
        desk.account("wang", "dispatcher", desk_id=EAST_DESK)
        yield desk


def events_of(desk, kind):
    with desk.desk.open_reader() as reader:
        return [e for record in reader.read_records() for e in record.events if isinstance(e, kind)]


def test_without_a_session_nothing_is_told_and_nothing_is_done(desk):
    with httpx.Client(base_url=desk.url) as stranger:
        for path in ("/v1/board", "/v1/events", "/v1/units", "/v1/people"):
            assert stranger.get(path).status_code == 401, path
        asked = {"Sec-Fetch-Site": "same-origin"}
        reply = stranger.post("/v1/commands/RegisterCall", json={"line": "110"}, headers=asked)
        assert (reply.status_code, reply.json()["code"]) == (401, "logged_off")
        assert stranger.get("/healthz").status_code == 200
        assert stranger.get("/v1/session").json()["person"] is None


def test_a_person_logs_on_acts_in_its_own_name_and_logs_off(desk):
    with httpx.Client(base_url=desk.url, headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        reply = browser.post("/v1/session", json={"name": "li", "password": PASSWORD})
        assert reply.status_code == 200, reply.text
        cookie = reply.headers["set-cookie"]
        for part in (f"{COOKIE}=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            assert part in cookie
        token = cookie.partition("=")[2].partition(";")[0]
    with person(desk.url, token) as li:
        assert li.get("/v1/session").json()["person"]["roles"] == ["dispatcher", "call_taker"]
        seq = li.done("RegisterCall", line="110")["seq"]
        with desk.desk.open_reader() as reader:
            assert reader.get_record(seq).actor == "user:li"
        assert li.post("/v1/session/end", json={}).status_code == 200
        assert li.get("/v1/board").status_code == 401
    assert [e.person for e in events_of(desk, access.PersonLoggedOn)] == ["li"]
    assert [e.reason for e in events_of(desk, access.PersonLoggedOff)] == ["asked"]


def test_a_role_that_the_person_does_not_have_is_refused(desk):
    with desk.session("li", role="admin") as li:
        reply = li.get("/v1/board")
        assert (reply.status_code, reply.json()["code"]) == (403, "not_your_role")
    with desk.session("li", role="call_taker") as li:
        reply = li.order("AssignUnit", incident_id="J1", unit_id="P1")
        assert (reply.status_code, reply.json()["code"]) == (403, "no_right")


def test_another_site_cannot_have_a_browser_change_anything(desk):
    with desk.session("li") as li:
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        ):
            reply = li.post("/v1/commands/RegisterCall", json={"line": "110"}, headers=headers)
            assert (reply.status_code, reply.json()["code"]) == (403, "other_site")
        del li.headers["Sec-Fetch-Site"]
        assert li.order("RegisterCall", line="110").status_code == 403
        li.headers["Origin"] = desk.url
        assert li.order("RegisterCall", line="110").status_code == 200


def test_a_name_that_was_bent_to_our_address_is_turned_away(desk):
    with desk.session("li") as li:
        assert li.get("/v1/board", headers={"Host": "evil.example"}).status_code == 421


def test_another_desk_s_case_is_in_no_list_and_cannot_be_touched(desk):
    with desk.session("li", role="dispatcher") as li, desk.session("wang") as wang:
        lat, lon = corner(4, 1)
        incident_id = li.made("OpenIncident", "incident_id", type_code=FIGHT, lat=lat, lon=lon)
        lat, lon = corner(4, 7)
        theirs = wang.made("OpenIncident", "incident_id", type_code=FIGHT, lat=lat, lon=lon)
        assert set(li.board()["views"]["incidents"]) == {incident_id, theirs}
        assert set(wang.board()["views"]["incidents"]) == {theirs}
        assert wang.get(f"/v1/incidents/{incident_id}").status_code == 404
        assert wang.get(f"/v1/incidents/{incident_id}/timeline").status_code == 404
        reply = wang.order("SetPriority", incident_id=incident_id, priority=1, reason="x")
        assert reply.status_code == 404


def test_a_session_ends_when_nobody_is_there_and_the_stream_with_it(desk):
    with desk.session("li") as li:
        with li.stream("GET", "/v1/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 1000"
            desk.clock.pass_ms(31 * 60_000)
            # It ends; whoever comes back in reads the board as it may see it then.
            assert "event: reset" in list(lines)
        assert li.get("/v1/board").status_code == 401


def test_who_is_disabled_is_out(desk):
    desk.account("chen", "security_admin")
    with desk.session("li") as li, desk.session("chen") as chen:
        assert li.get("/v1/board").status_code == 200
        assert chen.post("/v1/people/li/disable", json={}).status_code == 200
        assert li.get("/v1/board").status_code == 401


class Vouching:
    """An identity service that vouches for one person."""

    def begin(self):
        return OidcTurn(url="https://id.example/ask", state="st", nonce="n", verifier="v")

    def finish(self, turn, code):
        assert (turn.state, code) == ("st", "c0de")
        return "li"


def test_who_another_service_vouches_for_comes_in_by_an_account_here(desk):
    door = Door(desk.people, elsewhere=Vouching())
    routes = {route.path: route.endpoint for route in ElsewhereRoutes(door, Vouching()).routes()}
    app = Starlette(routes=[Route(path, end) for path, end in routes.items()])
    app.add_exception_handler(Problem, on_problem)

    def get(path, cookie=""):
        return ask_once(app, "GET", path, {"Host": "desk.cn", "Cookie": cookie})

    back = "/v1/session/oidc/back?state=st&code=c0de"
    assert get(back).status_code == 403
    away = get("/v1/session/oidc")
    assert away.headers["location"] == "https://id.example/ask"
    reply = get(back, away.headers["set-cookie"].partition(";")[0])
    assert (reply.status_code, reply.headers["location"]) == (303, "/login")
    token = reply.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert desk.people.find_visitor(token).name == "li"
    # The same code, brought once more, is worth nothing.
    assert get(back, away.headers["set-cookie"].partition(";")[0]).status_code == 403


def test_broken_glass_shows_another_desk_s_case_and_everybody_who_must_know_sees_it(desk):
    desk.account("chen", "security_admin")
    desk.account("zhou", "audit_admin")
    with desk.session("li", role="call_taker") as li, desk.session("wang") as wang:
        lat, lon = corner(4, 1)
        where = {"type_code": DOMESTIC, "lat": lat, "lon": lon, "narrative": "secret"}
        incident_id = li.made("OpenIncident", "incident_id", **where)
        assert wang.get(f"/v1/incidents/{incident_id}").status_code == 404
        reply = wang.post("/v1/session/glass", json={"reason": "a child is missing"})
        token = reply.headers["set-cookie"].partition("=")[2].partition(";")[0]
        assert wang.get("/v1/board").status_code == 401
    with person(desk.url, token) as wang:
        assert wang.get(f"/v1/incidents/{incident_id}").json()["narrative"] == "secret"
    with desk.session("chen") as chen, desk.session("zhou") as zhou:
        (glass,) = chen.get("/v1/glass").json()
        assert (glass["person"], glass["reason"]) == ("wang", "a child is missing")
        assert chen.get(f"/v1/incidents/{incident_id}").status_code == 403
        kinds = [step["type"] for step in zhou.get("/v1/audit").json()["steps"]]
        assert {"PersonLoggedOn", "GlassBroken"} <= set(kinds)
        found = {"finding": "in order"}
        assert zhou.post("/v1/glass/G1/review", json=found).status_code == 200
        assert chen.get("/v1/glass").json() == []


def test_that_a_number_s_history_was_read_stands_in_the_log_once(desk):
    with desk.session("li", role="call_taker") as li:
        call_id = li.made("RegisterCall", "call_id", line="110", caller_number="13900001111")
        for _ in range(3):
            assert li.post("/v1/history", json={"call_id": call_id}).status_code == 200
        reply = li.post("/v1/history", json={"number": "13900001111"})
        assert (reply.status_code, reply.json()["code"]) == (403, "purpose_needed")
        stated = {"number": "13900001111", "purpose": "handling"}
        assert li.post("/v1/history", json=stated).status_code == 200
    read = [(e.person, e.purpose, e.call_id) for e in events_of(desk, access.RecordRead)]
    assert read == [("li", "duty", call_id), ("li", "handling", "")]


def test_a_crew_signs_its_own_orders_and_nobody_else_s(desk):
    desk.account("crew1", "crew", unit_id="P1")
    desk.account("crew2", "crew")
    desk.man("P1", "P2")
    with desk.session("li", role="dispatcher") as li:
        lat, lon = corner(4, 4)
        incident_id = li.made("OpenIncident", "incident_id", type_code=FIGHT, lat=lat, lon=lon)
        order = li.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P1")
    with desk.session("crew2") as other:
        said = {"X-Kuaifan-Unit": "P1"}
        assert other.get("/v1/board", headers=said).json()["code"] == "other_unit"
        assert other.post("/v1/session/unit", json={"unit_id": "P2"}).status_code == 200
        assert other.order("AcknowledgeOrder", order_id=order).status_code == 404
        assert other.order("SetUnitStatus", unit_id="P1", status="standby").status_code == 404
        assert other.board()["views"]["incidents"] == {}
    with desk.session("crew1", unit_id="P1") as own:
        assert own.order("AcknowledgeOrder", order_id=order).status_code == 200
