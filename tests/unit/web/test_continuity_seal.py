"""The sealed board (加密看板): opened by its passphrase alone, nothing readable without it."""

import base64
import hashlib
import json
import re
from zoneinfo import ZoneInfo

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kuaifan.board.sealed_board import MARK
from kuaifan.web.continuity_seal import ITERATIONS, BoardSealer

PASSPHRASE, SECRET = "four words for paper", "<b>13800000000 李某</b>"
TAKEN_MS = 1_700_000_000_000


@pytest.fixture(scope="module")
def sealer():
    return BoardSealer(PASSPHRASE)


def seal(sealer, desk_name="市局指挥中心"):
    zone = ZoneInfo("Asia/Shanghai")
    return sealer.seal(SECRET, desk_id="city", desk_name=desk_name, taken_at_ms=TAKEN_MS, zone=zone)


def header(board):
    found = re.search(r'id="sealed">(.*?)</script>', board.content.decode(), re.DOTALL)
    return json.loads(found[1])


def opened(sealed, passphrase=PASSPHRASE):
    """What the page's own script does."""
    salt, iv, data = (base64.b64decode(sealed[name]) for name in ("salt", "iv", "data"))
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, sealed["iterations"])
    return AESGCM(key).decrypt(iv, data, sealed["about"].encode()).decode()


def test_the_file_says_its_minute_and_nothing_else_in_the_clear(sealer):
    board = seal(sealer)
    text = board.content.decode()
    assert "2023-11-15 06:13" in text
    assert board.name == "board-city-20231114T221320Z.html"
    assert MARK in board.content[:400]
    assert "13800000000" not in text
    assert "李某" not in text
    assert PASSPHRASE not in text
    assert "@@" not in text


def test_the_passphrase_opens_it_and_no_other(sealer):
    sealed = header(seal(sealer))
    assert sealed["iterations"] == ITERATIONS >= 600_000
    assert opened(sealed) == SECRET
    with pytest.raises(InvalidTag):
        opened(sealed, "four words for papers")


def test_neither_the_minute_nor_a_byte_can_be_changed(sealer):
    sealed = header(seal(sealer))
    with pytest.raises(InvalidTag):
        opened({**sealed, "about": sealed["about"].replace(str(TAKEN_MS), str(TAKEN_MS + 60_000))})


def test_no_two_files_share_a_nonce(sealer):
    assert header(seal(sealer))["iv"] != header(seal(sealer))["iv"]


def test_the_name_of_a_desk_cannot_break_the_page(sealer):
    text = seal(sealer, "</script><script>alert(1)").content.decode()
    assert "<script>alert" not in text


def test_the_page_asks_no_other_host_for_anything(sealer):
    text = seal(sealer).content.decode()
    assert "default-src 'none'" in text
    assert not re.search(r"https?://|src=|href=|fetch\(|import\(", text)
