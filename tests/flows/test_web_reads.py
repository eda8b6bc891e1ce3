"""What can be read over HTTP (查询): rows, timeline, places, files, descriptions, switches."""

import json
import re

import pytest
from toy_city import FIGHT, UNITS, corner, toy_reference
from web_desk import SERVED_COMMANDS, Served

from kuaifan.app.call_aid import CallAid
from kuaifan.vocabulary import setting
from kuaifan.web.desk import FoundPlace, LifeState

PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))
MAP = bytes(range(256)) * 40


class FewSwitches:
    """People who can be switched, as a demo has them."""

    def __init__(self):
        self.state = LifeState(speed=10.0, roles={"crews": True}, units_human=())

    def get(self):
        return self.state

    def set(self, change):
        if change.speed is not None and not 1 <= change.speed <= 60:
            raise ValueError("speed is 1 to 60")
        speed = self.state.speed if change.speed is None else change.speed
        self.state = LifeState(speed=speed, roles=self.state.roles, units_human=("P1",))
        return self.state


def find_places(text, *, lat, lon, limit):
    at = {"lat": lat or 0.0, "lon": lon or 0.0}
    found = FoundPlace(name=text, kind="street", **at, confidence=1.0, uncertainty_m=400.0)
    return [found] * limit


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>console</title>")
    (static / "assets" / "main-1a2b.js").write_text("export {}")
    (static / "font.txt").write_text("font")
    basemap = folder / "basemap.pmtiles"
    basemap.write_bytes(MAP)
    more = {"static_dir": static, "basemap": basemap, "aid": CallAid(toy_reference())}
    with Served(folder, find_places=find_places, life=FewSwitches(), **more) as desk:
        desk.man(*UNITS)
        yield desk


@pytest.fixture
def client(served):
    with served.client() as each:
        yield each


@pytest.fixture(scope="module")
def handled(served):
    """An incident led to its close, and one that is open nearby."""
    with served.client() as client:
        call_id = client.made("RegisterCall", "call_id", line="110")
        client.done("AnswerCall", call_id=call_id, seat_id="s7")
        about = {"type_code": FIGHT, "call_id": call_id}
        incident_id = client.made("OpenIncident", "incident_id", **about, **PLACE)
        order_id = client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P1")
        for command in ("AcknowledgeOrder", "ReportEnRoute", "ReportArrival", "ReportHandled"):
            client.done(command, order_id=order_id)
        feedback = {"order_id": order_id, "incident_id": incident_id, "story": "secret story"}
        client.done("GiveFeedback", **feedback, disposition="mediated")
        client.done("HangUpCall", call_id=call_id)
        client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
        client.done("CloseIncident", incident_id=incident_id)
    return incident_id


def test_the_timeline_of_a_closed_incident_has_all_five_links_in_order(client, handled):
    steps = client.get(f"/v1/incidents/{handled}/timeline").json()
    links = list(dict.fromkeys(step["link"] for step in steps))
    assert links[:2] == ["warn", "intake"]
    assert set(links) == {"warn", "intake", "dispatch", "respond", "handle", "review"}
    assert [step["seq"] for step in steps] == sorted(step["seq"] for step in steps)
    types = [step["type"] for step in steps]
    assert types[0] == "CallRegistered"
    assert types[-1] == "IncidentClosed"
    assert "CallEnded" in types
    assert not any(name.startswith("Timer") for name in types)
    told = {step["type"]: step for step in steps}
    assert "call P1" in told["UnitAssigned"]["text_zh"]
    assert told["CallAnswered"]["text_zh"] == "s7 席接听"
    assert told["FeedbackGiven"]["text_zh"].endswith("现场调解")
    assert "secret" not in json.dumps(steps)


def test_the_timeline_of_an_incident_that_never_was_is_not_found(client):
    assert client.get("/v1/incidents/J999/timeline").status_code == 404


def test_rows_are_read_one_by_one(client, handled):
    incident_id = client.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
    row = client.get(f"/v1/incidents/{incident_id}").json()
    ranking = client.get(f"/v1/incidents/{incident_id}/recommendation").json()
    assert row["recommendation"] == ranking
    assert ranking["candidates"][0]["reasons"][0]["code"] == "nearest_by_road"
    assert incident_id in client.get("/v1/incidents").json()
    assert client.get(f"/v1/incidents/{handled}").status_code == 404
    unit_id = ranking["candidates"][0]["unit_id"]
    assert client.get(f"/v1/units/{unit_id}").json()["call_sign"] == f"call {unit_id}"
    assert client.get("/v1/units/X9").json()["reason_zh"] == "当前没有警力 X9"


def test_a_recommendation_that_is_not_there_is_told_with_the_cure(client):
    incident_id = client.made("OpenIncident", "incident_id", type_code=FIGHT)
    reply = client.get(f"/v1/incidents/{incident_id}/recommendation")
    assert reply.status_code == 404
    assert "RecommendUnits" in reply.json()["reason_en"]


def test_incidents_near_in_place_are_listed_and_far_ones_are_not(client):
    near, far = (dict(zip(("lat", "lon"), corner(*spot), strict=True)) for spot in ((4, 6), (8, 0)))
    one = client.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
    two = client.made("OpenIncident", "incident_id", type_code=FIGHT, **near)
    three = client.made("OpenIncident", "incident_id", type_code=FIGHT, **far)
    found = [row["incident_id"] for row in client.get(f"/v1/incidents/{one}/nearby").json()]
    assert two in found
    assert three not in found
    assert one not in found


def test_types_are_suggested_by_words_and_codes(client):
    def codes(text):
        found = client.post("/v1/suggest", json={"text": text}).json()
        return [each["code"] for each in found["types"]]

    assert codes("有人持刀打架")[0] == "010102"
    assert codes("邻居太吵，噪音扰民")[0] == "020303"
    assert codes("020302")[0] == "020302"
    assert codes("") == codes("zzz") == []


def test_a_suggestion_takes_answers_and_any_text(client):
    body = {"text": "门口打架", "type_code": FIGHT, "answers": {"weapon": "yes"}}
    found = client.post("/v1/suggest", json=body).json()
    assert found["priority"] == {"priority": 1, "fact": "weapon", "why": ""}
    strange = {"text": "\x00\x1b😀" * 3_000}
    assert client.post("/v1/suggest", json=strange).status_code == 200
    assert client.post("/v1/suggest", json={"text": "好" * 20_001}).status_code == 422
    assert client.post("/v1/suggest", json={"answers": {"luck": "yes"}}).status_code == 422


def test_questions_and_advice_are_read_by_type(client):
    script = client.get("/v1/questions", params={"type": "020101"}).json()
    by_fact = {line["fact"]: line for line in script["questions"]}
    assert by_fact["weapon"]["to_priority"] == 1
    assert script["advice"][0]["text_zh"]
    assert client.get("/v1/questions", params={"type": "nothing"}).status_code == 404


def test_places_are_asked_of_what_was_given(client):
    found = client.post("/v1/places", json={"text": "中山路", "limit": 2, "lat": 32.5}).json()
    assert [place["name"] for place in found] == ["中山路", "中山路"]
    assert (found[0]["lat"], found[0]["uncertainty_m"]) == (32.5, 400.0)
    assert client.post("/v1/places", json={"text": "  "}).json() == []
    assert client.post("/v1/places", json={"text": "x", "lat": "north"}).status_code == 422
    assert client.get("/v1/places", params={"q": "中山路", "limit": 2, "lat": 32.5}).json() == found
    assert client.get("/v1/places", params={"q": "x", "lat": "north"}).status_code == 422


def test_the_city_says_its_clock_and_whether_it_has_a_map(client):
    city = client.get("/v1/city").json()
    assert (city["name"], city["speed"], city["has_basemap"]) == ("toy", 1.0, True)
    assert city["now_ms"] > 0


def test_health_says_what_works(client):
    assert client.get("/healthz").json() == {"ok": True}
    ready = client.get("/readyz").json()
    assert (ready["ready"], ready["log"], ready["engine"]) == (True, "writable", "alive")
    assert ready["kernels"] == "loading"


def test_the_simulated_people_can_be_switched(client):
    assert client.get("/v1/life").json()["speed"] == 10.0
    assert client.post("/v1/life", json={"speed": 20}).json()["speed"] == 20.0
    assert client.post("/v1/life", json={"speed": 99}).status_code == 422
    assert client.post("/v1/life", json={"sped": 9}).status_code == 422


def test_without_simulated_people_there_are_no_switches(tmp_path):
    with Served(tmp_path) as bare, bare.client() as client:
        assert client.get("/v1/life").status_code == 404
        assert client.get("/map/basemap.pmtiles").status_code == 404
        assert "make setup" in client.get("/").text
        assert client.post("/v1/places", json={"text": "x"}).json() == []


@pytest.mark.parametrize("page", ["/", "/dispatch", "/intake", "/patrol", "/start"])
def test_pages_are_the_console_under_a_strict_policy(client, page):
    reply = client.get(page)
    assert "console" in reply.text
    assert reply.headers["cache-control"] == "no-cache"
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_assets_with_a_hash_are_kept_for_good_and_others_are_served(client):
    assert "immutable" in client.get("/assets/main-1a2b.js").headers["cache-control"]
    assert client.get("/font.txt").text == "font"
    assert client.get("/assets/none.js").status_code == 404
    assert client.get("/../log.db").status_code == 404
    assert client.get("/%2e%2e/log.db").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-99", 206, 0, 100),
        ("bytes=1000-1999", 206, 1000, 2000),
        ("bytes=10000-", 206, 10000, len(MAP)),
        ("bytes=-100", 206, len(MAP) - 100, len(MAP)),
    ],
)
def test_the_map_is_served_in_ranges(client, asked, status, start, end):
    reply = client.get("/map/basemap.pmtiles", headers={"Range": asked})
    assert reply.status_code == status
    assert reply.content == MAP[start:end]
    assert reply.headers["content-range"] == f"bytes {start}-{end - 1}/{len(MAP)}"


def test_a_range_beyond_the_map_is_told_so_and_no_range_is_the_whole(client):
    assert client.get("/map/basemap.pmtiles").content == MAP
    reply = client.get("/map/basemap.pmtiles", headers={"Range": "bytes=99999-"})
    assert reply.status_code == 416


def test_the_description_has_every_command_and_every_reference_in_it_exists(client):
    api = client.get("/openapi.json").json()
    posts = {path for path, methods in api["paths"].items() if "post" in methods}
    wanted = {f"/v1/commands/{command.__name__}" for command in SERVED_COMMANDS}
    assert wanted <= posts
    previews = {f"/v1/preview/{command.__name__}" for command in setting.COMMANDS}
    assert posts - wanted == {
        "/v1/history",
        "/v1/life",
        "/v1/person-export",
        "/v1/places",
        "/v1/search",
        "/v1/seats/{key}/archive/search",
        "/v1/suggest",
        *previews,
    }
    for ref in re.findall(r'"\$ref": ?"#/([^"]+)"', json.dumps(api)):
        node = api
        for part in ref.split("/"):
            node = node[part]
    ids = [each["operationId"] for methods in api["paths"].values() for each in methods.values()]
    assert len(ids) == len(set(ids))
    assert all("Chinese" not in key for key in api)


def test_every_path_of_the_description_is_served(client):
    api = client.get("/openapi.json").json()
    for path, methods in api["paths"].items():
        if "get" in methods and path != "/v1/events":
            reply = client.get(path.replace("{key}", "J1"))
            assert reply.headers["content-type"] == "application/json"


def test_the_pages_of_the_description_ask_no_other_host(client):
    for path in ("/docs", "/docs/page.js", "/docs/page.css"):
        reply = client.get(path)
        assert reply.status_code == 200
        assert "//" not in re.sub(r"^\s*//.*$", "", reply.text, flags=re.MULTILINE)
        asked = re.findall(r"""(?:src|href)="([^"]+)|fetch\("([^"]+)|url\(([^)]+)""", reply.text)
        for target in (each for group in asked for each in group if each):
            assert target.startswith("/")
            assert client.get(target).status_code == 200


def test_what_is_not_there_is_said_in_words(client):
    reply = client.get("/v1/nothing")
    assert reply.status_code == 404
    assert set(reply.json()) == {"error", "code", "reason_zh", "reason_en"}
