"""Photos over HTTP: resumed after a cut, checked, sealed, read with a purpose, erased."""

from __future__ import annotations

import hashlib
import os
from urllib.parse import quote

import pytest
from toy_city import FIGHT, corner
from web_desk import Served

from kuaifan.app.live_photos import LivePhotos
from kuaifan.store.photos import UNDER_WAY_S, default_photo_folder
from kuaifan.vocabulary.photo import MAX_PHOTOS

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2_000
PHOTO = "11111111-aaaa"
FOR_REVIEW = {"X-Kuaifan-Purpose": quote("核对反馈")}


@pytest.fixture
def served(tmp_path):
    desks = []
    photos = LivePhotos(
        default_photo_folder(tmp_path / "log.db"), lambda: desks[0].desk.live.journal
    )
    desks.append(Served(tmp_path, photos=photos))
    with desks[0] as running:
        running.man("P1", "P2")
        yield running


@pytest.fixture
def order_id(served):
    lat, lon = corner(4, 4)
    with served.client() as client:
        incident_id = client.made("OpenIncident", "incident_id", type_code=FIGHT, lat=lat, lon=lon)
        return client.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P1")


def note(order_id, content=JPEG, **more):
    return {
        "photo_id": PHOTO,
        "order_id": order_id,
        "sha256": hashlib.sha256(content).hexdigest(),
        "n_bytes": len(content),
        "kind": "image/jpeg",
        **more,
    }


def send(client, content, at):
    return client.patch(f"/v1/photos/{PHOTO}", content=content, headers={"Upload-Offset": str(at)})


def test_a_photo_goes_on_after_a_cut_and_belongs_to_its_order(served, order_id):
    half = len(JPEG) // 2
    with served.client("crew") as crew:
        assert crew.post("/v1/photos", json=note(order_id)).json()["n_here"] == 0
        assert send(crew, JPEG[:half], 0).json()["n_here"] == half
        assert crew.head(f"/v1/photos/{PHOTO}").headers["upload-offset"] == str(half)
        # The phone does not know how much arrived: it asks by beginning once more.
        assert crew.post("/v1/photos", json=note(order_id)).json()["n_here"] == half
        assert send(crew, JPEG, 0).json()["code"] == "wrong_offset"
        assert send(crew, JPEG[half:], half).json()["n_here"] == len(JPEG)
        assert crew.post("/v1/photos", json=note(order_id)).json()["n_here"] == len(JPEG)
    with served.client() as client:
        (incident,) = client.board()["views"]["incidents"].values()
        (photo,) = incident["orders"][0]["photos"]
    assert (photo["photo_id"], photo["n_bytes"]) == (PHOTO, len(JPEG))


def test_nothing_of_it_lies_plain_on_the_disk(served, order_id):
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG[:100_000], 0)
    files = list(default_photo_folder(served.log).iterdir())
    assert len(files) == 2
    assert all(JPEG[:64] not in file.read_bytes() for file in files)


def test_a_photo_is_read_with_a_purpose_that_stands_in_the_log(served, order_id):
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG, 0)
    with served.client() as client:
        assert client.get(f"/v1/photos/{PHOTO}").json()["code"] == "no_purpose"
        reply = client.get(f"/v1/photos/{PHOTO}", headers=FOR_REVIEW)
        assert reply.content == JPEG
        steps = client.get("/v1/incidents/J1/timeline").json()
    read = next(step for step in steps if step["type"] == "PhotoRead")
    assert "核对反馈" in read["text_zh"]
    assert read["actor"] == "seat:dispatcher-1"


def test_a_call_taker_looks_too_and_every_page_hears_that_somebody_looked(served, order_id):
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG, 0)
    with served.client("call_taker") as taker, served.client() as dispatcher:
        (before,) = dispatcher.board()["views"]["incidents"].values()
        assert taker.get(f"/v1/photos/{PHOTO}", headers=FOR_REVIEW).content == JPEG
        (after,) = dispatcher.board()["views"]["incidents"].values()
        step = taker.get("/v1/incidents/J1/timeline").json()[-1]
    (photo,) = after["orders"][0]["photos"]
    assert photo["n_reads"] == 1
    assert after["seq"] == before["seq"], "no decision of another seat clashes with a look"
    assert (step["type"], step["actor"]) == ("PhotoRead", "seat:call_taker-1")


@pytest.mark.parametrize("role", ["wall", "commander", "admin"])
def test_other_roles_and_other_crews_see_no_photo(served, order_id, role):
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG, 0)
    with served.client(role) as client, served.client("crew", "P2") as other:
        assert client.get(f"/v1/photos/{PHOTO}", headers=FOR_REVIEW).status_code == 403
        assert other.get(f"/v1/photos/{PHOTO}", headers=FOR_REVIEW).status_code == 404
        assert other.post("/v1/photos", json=note(order_id)).status_code == 404


def test_photos_of_a_closed_case_are_opened_with_a_purpose_by_who_reviews_it(served, order_id):
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG, 0)
        for step in ("AcknowledgeOrder", "ReportArrival", "ReportHandled"):
            crew.done(step, order_id=order_id)
        crew.done("GiveFeedback", order_id=order_id, incident_id="J1", disposition="handled")
    with served.client() as client:
        client.done("ReviewIncident", incident_id="J1", reviewer_id="R1")
        client.done("CloseIncident", incident_id="J1")
        assert client.board()["views"]["incidents"] == {}
    path, asked = f"/v1/photos/{PHOTO}", {"headers": FOR_REVIEW}
    with served.client("reviewer") as reviewer, served.client("crew", "P2") as other:
        assert reviewer.get(path, **asked).json()["code"] == "purpose_needed"
        refused = reviewer.get(f"{path}?purpose=handling", **asked)
        assert (refused.status_code, refused.json()["code"]) == (403, "purpose_does_not_open")
        assert reviewer.get(f"{path}?purpose=review", **asked).content == JPEG
        assert other.get(f"{path}?purpose=review", **asked).status_code == 404
    with served.client("commander") as commander:
        said = commander.get(f"{path}?purpose=complaint", **asked)
        assert (said.status_code, said.json()["code"]) == (422, "reason_needed")
        commander.headers["X-Kuaifan-Reason"] = "letter 12"
        assert commander.get(f"{path}?purpose=complaint", **asked).content == JPEG
        steps = commander.get("/v1/incidents/J1/timeline").json()
    assert [step["type"] for step in steps[-4:]] == ["RecordRead", "PhotoRead"] * 2


def test_what_is_no_photo_or_another_than_promised_is_refused_in_words(served, order_id):
    text = b"#!/bin/sh\n" * 100
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id, text))
        assert crew.post("/v1/photos", json=note(order_id)).json()["code"] == "photo_differs"
        assert send(crew, text, 0).json()["code"] == "not_a_photo"
        assert crew.head(f"/v1/photos/{PHOTO}").status_code == 404, "it takes no place any more"
        for wrong in ({"photo_id": "../../etc"}, {"n_bytes": 11_000_000}, {"kind": "image/gif"}):
            assert crew.post("/v1/photos", json=note(order_id, **wrong)).status_code == 422
        assert crew.get("/v1/photos/..%2F..%2Fetc").status_code == 404
        assert crew.post("/v1/photos", json=note("J9-1")).status_code == 404
        crew.post("/v1/photos", json=note(order_id))
        assert send(crew, JPEG, "-1").status_code == 422


def test_bytes_that_differ_from_the_digest_are_sent_again_from_the_start(served, order_id):
    wrong = JPEG[:-1] + b"x"
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        assert send(crew, wrong, 0).json()["code"] == "hash_mismatch"
        assert crew.post("/v1/photos", json=note(order_id)).json()["n_here"] == 0
        assert send(crew, JPEG, 0).status_code == 200


def test_an_erased_incident_has_no_photos_to_read(served, order_id):
    with served.client("crew") as crew, served.client() as client:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG, 0)
        served.desk.live.journal.erase_owner("incident", "J1")
        reply = client.get(f"/v1/photos/{PHOTO}", headers=FOR_REVIEW)
    assert reply.json()["code"] == "erased"


@pytest.mark.parametrize("offset", [len(JPEG), 1_000, 0])
def test_a_piece_without_a_byte_neither_ends_nor_spoils_a_photo(served, order_id, offset):
    half = len(JPEG) // 2
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG[:half], 0)
        assert send(crew, b"", offset).json()["code"] == "wrong_offset"
        assert send(crew, b"", half).json()["n_here"] == half
        assert send(crew, JPEG[half:], half).json()["n_here"] == len(JPEG)


@pytest.mark.parametrize("suffix", ["photo", "json"])
def test_a_photo_whose_file_is_damaged_is_refused_in_a_sentence(served, order_id, suffix):
    with served.client("crew") as crew:
        crew.post("/v1/photos", json=note(order_id))
        send(crew, JPEG, 0)
    file = default_photo_folder(served.log) / f"{PHOTO}.{suffix}"
    file.write_bytes(file.read_bytes()[:-30] + b"\xff" * 30)
    with served.client() as client:
        reply = client.get(f"/v1/photos/{PHOTO}", headers=FOR_REVIEW)
    assert (reply.status_code, reply.json()["code"]) == (409, "damaged")
    assert "损坏" in reply.json()["reason_zh"]


def test_photos_that_nobody_went_on_with_take_no_place(served, order_id):
    folder = default_photo_folder(served.log)
    with served.client("crew") as crew:
        for i in range(MAX_PHOTOS):
            begun = note(order_id, photo_id=f"{i:08}-gone")
            assert crew.post("/v1/photos", json=begun).status_code == 200
        assert crew.post("/v1/photos", json=note(order_id)).json()["code"] == "too_many_photos"
        for file in folder.glob("*-gone.json"):
            long_ago_s = file.stat().st_mtime - UNDER_WAY_S - 1
            os.utime(file, (long_ago_s, long_ago_s))
        assert crew.post("/v1/photos", json=note(order_id)).status_code == 200
        assert crew.head("/v1/photos/00000000-gone").headers["upload-offset"] == "0"
