"""A board sealed for offline reading (看板加密): an HTML file that a browser opens by passphrase.

AES-256-GCM under a key from the passphrase by PBKDF2-SHA256, which browsers know without a
library. The desk and the minute are readable without it, and authenticated with it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kuaifan.board.sealed_board import SealedBoard

ITERATIONS: Final = 600_000
SALT_BYTES, IV_BYTES, KEY_BYTES = 16, 12, 32
PAGE: Final = Path(__file__).with_name("continuity_page.html")


class BoardSealer:
    """Seals boards under one passphrase (封存器).

    The key is made once: its salt is drawn anew at each start, the nonce for each file. Cost of
    the key: about half a second, on the thread that makes the sealer.
    """

    def __init__(self, passphrase: str) -> None:
        self._salt = secrets.token_bytes(SALT_BYTES)
        key = hashlib.pbkdf2_hmac(
            "sha256", passphrase.encode(), self._salt, ITERATIONS, dklen=KEY_BYTES
        )
        self._cipher = AESGCM(key)

    def seal(
        self, body: str, *, desk_id: str, desk_name: str, taken_at_ms: int, zone: ZoneInfo
    ) -> SealedBoard:
        """The file; body: what is shown once it is open, as HTML."""
        iv, about = secrets.token_bytes(IV_BYTES), f"kuaifan-board|{desk_id}|{taken_at_ms}"
        data = self._cipher.encrypt(iv, body.encode(), about.encode())
        sealed = {
            "about": about,
            "taken_at_ms": taken_at_ms,
            "kdf": "PBKDF2-SHA256",
            "iterations": ITERATIONS,
            "salt": _text(self._salt),
            "iv": _text(iv),
            "data": _text(data),
        }
        taken = datetime.fromtimestamp(taken_at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M")
        # "<" never stands in the JSON, so that no name of a desk can end the script it lies in.
        as_json = msgspec.json.encode(sealed).decode().replace("<", "\\u003c")
        page = _page().replace("@@DESK_NAME@@", html.escape(desk_name)).replace("@@TAKEN@@", taken)
        content = page.replace("@@SEALED@@", as_json).encode()
        return SealedBoard(desk_id, taken_at_ms, content)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@cache
def _page() -> str:
    return PAGE.read_text(encoding="utf-8")
