"""The page of a link over the wire: stages without anybody's data, a rating once, and no more."""

from dataclasses import replace

import pytest
from stored_log import folded, stored
from toy_city import BURGLARY, FIGHT, Desk, corner
from web_desk import Served

from kuaifan.app.rules import core_codec, installed_plugins
from kuaifan.app.served_seats import find_public_page
from kuaifan.kernel.plugins import PluginError
from kuaifan.seats.callback.words import SetTrackAddress

KEY = "ab17" * 16
ADDRESS = "幸福里小区 9 栋 303"
NUMBER = "13812345678"
PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


@pytest.fixture(name="served")
def fixture_served(tmp_path):
    with Served(tmp_path) as desk:
        desk.man("P1")
        desk.submit(SetTrackAddress(address="https://t.example.cn", by="a", key=KEY))
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
    assert client.post(path, data={"answer": "very"}).status_code == 422
    assert client.post(path, data={"answer": "fairly"}).status_code == 200
    again = client.post(path, data={"answer": "satisfied"})
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
    assert client.post(f"/track/{token}", data={"answer": "fairly"}).status_code == 404


def test_the_key_of_links_is_sealed_wherever_it_is_stored(tmp_path):
    """In the log and in a snapshot: who has the file alone makes no link."""
    desk = Desk()
    desk.do(SetTrackAddress(address="https://t.example.cn", by="a", key=KEY))
    same = SetTrackAddress(address="https://t.example.cn", by="a", key=KEY)
    assert desk.code(same) == "same_value"
    with stored(desk, tmp_path / "log.db") as journal:
        state = folded(desk, journal)
        assert state.board.seats["callback"].key == KEY
        journal.save_snapshot(state, "a build").wait(20)
    written = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert KEY.encode() not in written


def test_a_log_with_the_key_as_it_was_once_written_still_folds():
    old = b'{"type":"TrackAddressSet","address":"https://t.example.cn","by":"a","key":"%b"}'
    event = core_codec().decode_event(old % KEY.encode())
    assert (event.key, core_codec().encode(event)) == (KEY, old % KEY.encode())


def test_where_no_plug_in_gives_the_page_every_link_says_so_in_words(tmp_path):
    with Served(tmp_path, public_page=None) as desk, desk.client() as client:
        for reply in (client.get("/track/x"), client.post("/track/x", data={"answer": "fairly"})):
            assert (reply.status_code, "未启用" in reply.text) == (404, True)


def test_two_pages_of_links_stop_the_start():
    callback = next(each for each in installed_plugins() if each.plugin_id == "callback")
    with pytest.raises(PluginError, match="both give a PUBLIC_PAGE"):
        find_public_page([callback, callback])
    with pytest.raises(PluginError, match=r"is no board\.public_page"):
        find_public_page([replace(callback, public_page=len)])
    assert find_public_page([]) is None
