"""Roads over HTTP (路况接口): closures in snapshot and stream, and the rings of a circle."""

import json

import pytest
from toy_city import UNITS, corner, toy_reference
from web_desk import Served, apply_frame

ROW_4 = [corner(4, col) for col in range(4, 8)]
POST = "KS-M"
TOLD = {"reason": "积水", "by": "dispatch-1", "minutes": 60}


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path, rings_min=(1, 3, 5)) as desk:
        desk.man(*UNITS)
        yield desk


def rings(client, post_id=POST, **params):
    reply = client.get(f"/v1/circles/{post_id}/rings", params=params)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/geo+json"
    return reply.json()


def length_m(body, i=-1):
    return body["features"][i]["properties"]["length_m"]


@pytest.mark.parametrize("role", ["call_taker", "dispatcher", "commander", "wall", "crew"])
def test_a_closure_is_in_the_snapshot_and_the_stream_of_every_role(served, role):
    with served.client(role) as client, served.client() as desk:
        before = client.board()
        seq = desk.done("CloseRoad", points=ROW_4, **TOLD)["seq"]
        after = client.board()["views"]["closures"]
        assert after["R1"]["reason"] == "积水"
        views = before["views"]
        with served.stream(role, after=before["seq"]) as stream:
            for frame in stream.frames_until(seq):
                apply_frame(views, frame)
            assert views["closures"] == after
            seq = desk.done("OpenRoad", closure_id="R1", by="dispatch-1")["seq"]
            for frame in stream.frames_until(seq):
                apply_frame(views, frame)
        assert views["closures"] == {} == client.board()["views"]["closures"]


def test_rings_are_roads_and_follow_a_closure_and_its_end(served):
    with served.client() as client:
        whole = rings(client)
        minutes = [feature["properties"]["ring_min"] for feature in whole["features"]]
        assert minutes == [1, 3, 5]
        lengths = [length_m(whole, i) for i in range(3)]
        assert 0 < lengths[0] < lengths[1] <= lengths[2]
        line = whole["features"][0]["geometry"]["coordinates"][0]
        assert all(lon > lat > 0 for lon, lat in line)
        client.done("CloseRoad", points=ROW_4, **TOLD)
        closed = rings(client)
        assert closed["weights_hash"] != whole["weights_hash"]
        assert length_m(closed) < length_m(whole)
        client.done("OpenRoad", closure_id="R1", by="dispatch-1")
        assert rings(client) == whole


def test_hulls_are_given_where_they_are_asked_for(served):
    with served.client() as client:
        outlines = rings(client, hull=1)
        assert [each["geometry"]["type"] for each in outlines["features"]] == ["Polygon"] * 3
        ring = outlines["features"][-1]["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]


def test_who_asks_wrongly_is_told(served):
    with served.client() as client:
        assert client.get("/v1/circles/nowhere/rings").status_code == 404
        assert client.get(f"/v1/circles/{POST}/rings", params={"hull": "x"}).status_code == 422


def test_an_opening_that_saw_an_older_closure_is_refused(served):
    with served.client() as client:
        seq = client.done("CloseRoad", points=ROW_4, **TOLD)["seq"]
        told = {"closure_id": "R1", "by": "dispatch-1"}
        reply = client.order("OpenRoad", seen_seq=seq - 1, **told)
        assert (reply.status_code, reply.json()["code"]) == (409, "version_conflict")
        assert reply.json()["version"] == seq
        assert client.order("OpenRoad", seen_seq=seq, **told).status_code == 200


def test_a_ring_on_foot_is_small_and_passes_a_closed_road(tmp_path):
    with Served(tmp_path, reference=toy_reference(has_hours=True), rings_min=(1, 3)) as served:
        served.man(*UNITS)
        with served.client() as client:
            by_car, by_motorcycle, on_foot = (
                rings(client, by=by) for by in ("car", "motorcycle", "foot")
            )
            assert [each["by"] for each in (by_car, on_foot)] == ["car", "foot"]
            # A minute of walking is 83 m, four ways from the crossing.
            assert 0 < length_m(on_foot, 0) <= 4 * 84
            assert length_m(on_foot, 1) < length_m(by_car, 1) < length_m(by_motorcycle, 1)
            client.done("CloseRoad", points=ROW_4, **TOLD)
            assert rings(client, by="foot")["features"] == on_foot["features"]
            assert length_m(rings(client), 1) < length_m(by_car, 1)


def test_a_map_that_knows_no_walking_says_so(served):
    with served.client() as client:
        reply = client.get(f"/v1/circles/{POST}/rings", params={"by": "boat"})
        assert reply.status_code == 422
        assert "car, motorcycle or foot" in reply.json()["reason_en"]


def test_the_description_knows_rings_and_closures(served):
    with served.client() as client:
        told = client.get("/openapi.json").json()
        path = told["paths"]["/v1/circles/{key}/rings"]["get"]
        assert list(path["responses"]["200"]["content"]) == ["application/geo+json"]
        assert "ClosureRow" in told["components"]["schemas"]
        assert json.dumps(path).count("hull") >= 1


def test_a_post_on_a_closed_street_reaches_from_the_end_of_it(served):
    post = served.desk.reference.posts[POST]
    with served.client() as client:
        client.done("CloseRoad", points=[(post.lat, post.lon)], **TOLD)
        assert length_m(rings(client)) > 0
