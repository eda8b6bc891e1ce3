"""The board on paper (应急看板): kept each minute, by role, pulled to where it stays."""

import base64
import hashlib
import json
import re
import time
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from toy_city import FIGHT, UNITS, corner
from web_desk import Served

from kuaifan.app.continuity_files import clear_old
from kuaifan.app.continuity_keeper import BoardKeeper, ContinuityOptions, read_passphrase
from kuaifan.app.continuity_pull import PullOptions, run_pull
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.phone_book import EmergencyPhone

PASSPHRASE = "four words for paper"  # noqa: S105 - of a test
AT_S, HOUR_S = 1_700_000_000.0, 3_600


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def boards_dir(tmp_path):
    return tmp_path / "boards"


class Kept:
    """A keeper made once its desk runs; the web is given it before."""

    keeper = None

    def find_latest(self, desk_id):
        return self.keeper.find_latest(desk_id) if self.keeper else None


@pytest.fixture
def desk(tmp_path, secret, boards_dir):
    kept = Kept()
    with Served(tmp_path, boards=kept) as served:
        options = ContinuityOptions(passphrase_file=secret, folder=boards_dir, hours=2)
        kept.keeper = BoardKeeper(
            served.desk,
            options,
            zone=ZoneInfo("Asia/Shanghai"),
            phones=[
                EmergencyPhone("", "值班领导", "0554-110"),
                EmergencyPhone("d1", "东区", "0554-111"),
            ],
        )
        served.keeper = kept.keeper
        served.man(*UNITS)
        yield served


def opened(path):
    text = path.read_text(encoding="utf-8")
    sealed = json.loads(re.search(r'id="sealed">(.*?)</script>', text, re.DOTALL)[1])
    salt, iv, data = (base64.b64decode(sealed[name]) for name in ("salt", "iv", "data"))
    key = hashlib.pbkdf2_hmac("sha256", PASSPHRASE.encode(), salt, sealed["iterations"])
    return AESGCM(key).decrypt(iv, data, sealed["about"].encode()).decode()


def lively(desk):
    """An incident with an order in the west, one waiting in the east, a call that rings."""
    with desk.client() as client:
        client.done("LogOnSeat", seat_id="A", person="王敏", extension="8001")
        call_id = client.made("RegisterCall", "call_id", line="110", caller_number="13811112222")
        (lat, lon), (east_lat, east_lon) = corner(4, 2), corner(4, 7)
        west = {"type_code": FIGHT, "call_id": call_id, "lat": lat, "lon": lon}
        one = client.made("OpenIncident", "incident_id", **west, narrative="两人<持刀>")
        client.done("AssignUnit", incident_id=one, unit_id="P1")
        east = {"type_code": FIGHT, "lat": east_lat, "lon": east_lon, "address": "东街"}
        other = client.made("OpenIncident", "incident_id", **east)
        client.done("RegisterCall", line="110", caller_number="13833334444")
        client.done("ReserveCardNumbers", n_cards=20, by="Zhao")
    return one, other


def test_a_board_holds_what_one_needs_to_go_on_by_hand(desk, boards_dir):
    one, other = lively(desk)
    desk.keeper.keep_all(AT_S)
    body = opened(boards_dir / "latest-city.html")
    for said in (
        one,
        other,
        "call P1",
        "13811112222",
        "13833334444",
        "0554-110",
        "J3 – J22",
        "王敏",
    ):
        assert said in body
    assert "两人&lt;持刀&gt;" in body
    assert "<script" not in body


def test_a_district_sees_its_own_ground_and_units(desk, boards_dir):
    one, other = lively(desk)
    desk.keeper.keep_all(AT_S)
    body = opened(boards_dir / "latest-d1.html")
    assert f"<b>{other}</b>" in body
    assert f"<b>{one}</b>" not in body
    assert "0554-111" in body


def test_each_minute_is_kept_whole_and_old_ones_go(desk, boards_dir):
    for minute in range(3):
        desk.keeper.keep_all(AT_S + 60 * minute)
    kept = sorted(path.name for path in boards_dir.glob("board-city-*.html"))
    assert len(kept) == 3
    assert {path.suffix for path in boards_dir.iterdir()} == {".html"}
    now_s = (boards_dir / kept[-1]).stat().st_mtime + 3 * HOUR_S
    assert clear_old(boards_dir, "city", now_s=now_s, hours=2) == 2
    assert [path.name for path in boards_dir.glob("board-city-*.html")] == kept[-1:]
    assert (boards_dir / "latest-city.html").is_file()


def test_a_folder_that_cannot_be_written_is_said_once_and_the_seats_still_get_theirs(
    desk, boards_dir, capsys
):
    boards_dir.write_text("no folder", encoding="utf-8")
    desk.keeper.keep_all(AT_S)
    desk.keeper.keep_all(AT_S + 60)
    said = capsys.readouterr().err
    assert said.count("cannot be kept") == 1
    assert PASSPHRASE not in said
    assert desk.keeper.find_latest("city").taken_at_ms == round((AT_S + 60) * 1000)


def test_seats_fetch_the_latest_one_and_nobody_else_does(desk):
    with desk.client() as client:
        assert client.get("/v1/continuity/latest").status_code == 404, "none is made yet"
        desk.keeper.keep_all(AT_S)
        reply = client.get("/v1/continuity/latest")
        assert reply.status_code == 200
        assert "board-city-20231114T221320Z.html" in reply.headers["content-disposition"]
        assert reply.headers["cache-control"] == "no-store"
        assert client.get("/v1/continuity/latest", params={"desk": "x"}).status_code == 404
    for role in ("crew", "wall"):
        with desk.client(role) as client:
            assert client.get("/v1/continuity/latest").json()["code"] == "not_yours"


def test_a_machine_of_the_desk_keeps_its_boards_when_the_server_is_gone(desk, tmp_path, capsys):
    folder = tmp_path / "desk machine"
    options = PullOptions(url=desk.url, folder=folder, once=True)
    assert run_pull(options) == 1, "no board is made yet"
    lively(desk)
    desk.keeper.keep_all(time.time())
    assert run_pull(options) == 0
    gone = PullOptions(url="http://127.0.0.1:9", folder=folder, once=True)
    assert run_pull(gone) == 1
    assert "does not answer" in capsys.readouterr().err
    assert "call P1" in opened(folder / "latest-city.html")


def test_a_server_that_makes_no_new_boards_is_said_and_its_last_one_kept(desk, tmp_path, capsys):
    folder = tmp_path / "desk machine"
    desk.keeper.keep_all(time.time() - 600)
    assert run_pull(PullOptions(url=desk.url, folder=folder, once=True)) == 1
    assert "min old: the server makes no new boards" in capsys.readouterr().err
    assert (folder / "latest-city.html").is_file()


def test_a_folder_that_takes_no_board_is_a_sentence(desk, tmp_path, capsys):
    desk.keeper.keep_all(time.time())
    folder = tmp_path / "file"
    folder.touch()
    assert run_pull(PullOptions(url=desk.url, folder=folder, once=True)) == 1
    assert "cannot be kept" in capsys.readouterr().err


def test_a_desk_whose_board_cannot_be_made_keeps_none_of_the_others_from_theirs(
    desk, secret, capsys
):
    keeper = BoardKeeper(
        desk.desk,
        ContinuityOptions(passphrase_file=secret),
        zone=ZoneInfo("Asia/Shanghai"),
        phones=[EmergencyPhone("city", None, "0554-111")],
    )
    for minute in range(2):
        keeper.keep_all(AT_S + 60 * minute)
    assert keeper.find_latest("city") is None
    assert keeper.find_latest("d1").taken_at_ms == round((AT_S + 60) * 1000)
    assert capsys.readouterr().err.count("no board of desk city") == 1


@pytest.mark.parametrize("url", ["desk:8110", "file:///etc/hostname", "ftp://desk"])
def test_only_an_address_of_a_desk_is_asked(tmp_path, url):
    with pytest.raises(BadInputError, match="http://host:port"):
        run_pull(PullOptions(url=url, folder=tmp_path, once=True))


def test_a_passphrase_that_others_may_read_or_guess_is_refused(secret, tmp_path):
    assert read_passphrase(secret) == PASSPHRASE
    secret.chmod(0o644)
    with pytest.raises(BadInputError, match="chmod 600"):
        read_passphrase(secret)
    secret.chmod(0o600)
    secret.write_text("short", encoding="utf-8")
    with pytest.raises(BadInputError, match="at least 12"):
        read_passphrase(secret)
    with pytest.raises(BadInputError, match="cannot be read"):
        read_passphrase(tmp_path / "nothing")
