"""The page of a link over the wire: stages without anybody's data, a rating once, and no more."""

import pytest
from toy_city import BURGLARY, FIGHT, corner
from web_desk import Served

from kuaifan.seats.callback.words import SetTrackAddress

ADDRESS = "幸福里小区 9 栋 303"
NUMBER = "13812345678"
PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


@pytest.fixture(name="served")
def fixture_served(tmp_path):
    with Served(tmp_path) as desk:
        desk.man("P1")
        desk.submit(SetTrackAddress(address="https://t.example.cn", by="a", key="ab" * 32))
        yield desk


@pytest.fixture(name="client")
def fixture_client(served):
    with served.client() as client:
        yield client


def linked(served, client, type_code=FIGHT):
    """An incident whose caller was sent a link; returns its number and where the page is."""
    call_id = client.made("RegisterCall", "call_id", line="110", caller_number=NUMBER)
    told = {"type_code": type_code, "call_id": call_id, "address": ADDRESS, **PLACE}
    incident_id = client.made("OpenIncident", "incident_id", **told)
    client.done("SendTrackLink", incident_id=incident_id, by="唐回访")
    text = served.desk.live.engine.board.calls[call_id].texts[-1].text
    return incident_id, "/track/" + text.rpartition("/track/")[2]


def test_a_caller_sees_how_far_it_is_and_rates_it_once(served, client):
    incident_id, path = linked(served, client)
    page = client.get(path)
    assert page.status_code == 200
    assert "已受理" in page.text
    for hidden in (ADDRESS, NUMBER, "P1", "script"):
        assert hidden not in page.text
    assert "form" not in page.text, "there is nothing to rate yet"
    by_phone = {"disposition": "by_phone", "approved_by": "chief"}
    client.done("SettleByPhone", incident_id=incident_id, **by_phone)
    for request in client.get(f"/v1/incidents/{incident_id}").json()["requests"]:
        client.done("AcceptAgencyRequest", request_id=request["request_id"], by="their desk")
    client.done("ReviewIncident", incident_id=incident_id, reviewer_id="r1")
    client.done("CloseIncident", incident_id=incident_id)
    assert "<form" in client.get(path).text
    assert client.post(path, data={"satisfaction": "very"}).status_code == 422
    assert client.post(path, data={"satisfaction": "fairly"}).status_code == 200
    again = client.post(path, data={"satisfaction": "satisfied"})
    assert (again.status_code, "您已评价" in again.text) == (409, True)
    assert "您已评价" in client.get(path).text


def test_of_a_criminal_case_only_the_day_is_told(served, client):
    plain, crime = linked(served, client)[1], linked(served, client, BURGLARY)[1]
    assert ":" in client.get(plain).text.partition("<time>")[2][:16]
    assert ":" not in client.get(crime).text.partition("<time>")[2][:12]


@pytest.mark.parametrize("token", ["J1.0.0", "x", "J1." + "f" * 90, "J1.18c.zz"])
def test_a_link_that_is_not_ours_says_so_and_no_more(served, client, token):
    linked(served, client)
    page = client.get(f"/track/{token}")
    assert (page.status_code, "链接无效" in page.text) == (404, True)
    assert client.post(f"/track/{token}", data={"satisfaction": "fairly"}).status_code == 404
