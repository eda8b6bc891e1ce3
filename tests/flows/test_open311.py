"""Open311 over real HTTP (服务请求对接): 12345 hands over and reads what became of it."""

import httpx
import pytest
from toy_city import corner
from web_desk import Served

from kuaifan.app.open311 import open311_routes_of, read_neighbours
from kuaifan.gateway.open311_web import Neighbour
from kuaifan.kernel.errors import BadInputError

HOTLINE, HEALTH = b"12345-0123456789abcdef", b"health-0123456789abcdef"
LAMP = "100102"
PLACE = dict(zip(("lat", "long"), corner(4, 5), strict=True))
ASKED = {"service_code": LAMP, "description": "路灯不亮", "phone": "13911112222", **PLACE}
NEIGHBOURS = (
    Neighbour(agency="12345", key=HOTLINE, per_minute=40),
    Neighbour(agency="health", key=HEALTH, per_minute=2),
)


@pytest.fixture(name="served", scope="module")
def fixture_served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with Served(folder, make_routes=lambda d: open311_routes_of(d, NEIGHBOURS)) as running:
        yield running


def get(served, path, *, key=HOTLINE, **query):
    given = {"api_key": key.decode(), **query}
    return httpx.get(f"{served.url}/v1/open311/{path}.json", params=given, timeout=20)


def post(served, *, key=HOTLINE, **fields):
    headers = {"X-Api-Key": key.decode()}
    url = f"{served.url}/v1/open311/requests.json"
    return httpx.post(url, data={**ASKED, **fields}, headers=headers, timeout=20)


def error_of(reply):
    [said] = reply.json()
    assert said["code"] == reply.status_code
    return said["code"], said["error"]


def test_a_request_is_handed_over_once_and_its_state_is_read_without_anybody_in_it(served):
    services = get(served, "services").json()
    assert LAMP in {each["service_code"] for each in services}
    assert get(served, f"services/{LAMP}").json()["attributes"]
    [taken] = post(served, service_request_id="GD-9").json()
    assert taken["service_request_id"] == "GD-9"
    assert post(served, service_request_id="GD-9").status_code == 200
    reply = get(served, "requests/GD-9")
    [told] = reply.json()
    assert (told["status"], told["service_code"]) == ("open", LAMP)
    assert told["lat"] == pytest.approx(PLACE["lat"])
    assert "1391111" not in reply.text
    assert "路灯不亮" not in reply.text
    with served.client() as client:
        seat = client.get("/v1/seats/hotline").json()
        [tickets] = [each for each in seat["tables"] if each["name"] == "tickets"]
        assert [each["their_id"] for each in tickets["rows"]] == ["GD-9"]
        client.done("AcceptTicket", ticket_id="H1", by="王警官")
    [told] = get(served, "requests", status="open").json()
    assert told["status_notes"] == "accepted"
    assert told["expected_datetime"].endswith("+08:00")


def test_keys_rates_and_faults_are_answered_in_the_languages_own_shape(served):
    assert error_of(get(served, "services", key=b"nobody's")) == (403, "no_key")
    assert error_of(post(served, key=b"")) == (403, "no_key")
    assert error_of(post(served, service_code="999999")) == (404, "unknown_service")
    assert error_of(post(served, description="x" * 40_000)) == (400, "bad_field")
    assert error_of(get(served, "requests/GD-0")) == (404, "unknown_request")
    assert [get(served, "services", key=HEALTH).status_code for _ in range(2)] == [200, 200]
    late = get(served, "services", key=HEALTH)
    assert error_of(late) == (429, "too_many")
    assert late.headers["retry-after"]


def test_nobody_reads_anothers_requests(served):
    post(served, service_request_id="GD-10")
    assert error_of(get(served, "requests/GD-10", key=b"x" * 20)) == (403, "no_key")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[moon]\nkey_file='k'", "there is no service moon"),
        ("[12345]\nurl='x'", "needs key_file"),
        ("[12345]\nkey_file='k'\nper_minute=0", "per_minute of 12345"),
        ("[12345]\nkey_file='k'\n[health]\nkey_file='k'", "the same key"),
        ("[12345]\nkey_file='none'", "cannot be read"),
        ("[", "is no TOML"),
    ],
)
def test_a_file_of_neighbours_that_is_wrong_stops_the_start(tmp_path, text, said):
    (tmp_path / "k").write_bytes(HOTLINE)
    (tmp_path / "n.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=said):
        read_neighbours(tmp_path / "n.toml")
