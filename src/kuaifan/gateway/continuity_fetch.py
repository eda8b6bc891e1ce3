"""Fetching the sealed board of a desk (取回应急看板), from a machine that outlives the server.

What comes is kept for the day on which nothing else is left, so that it is looked at here: whole,
of the desk that was asked for, of the minute that it says, and not older than it should be.
"""

from __future__ import annotations

import base64
import binascii
import email.utils
import http.client
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Final

import msgspec

from kuaifan.board.sealed_board import BOARD_PATH, MARK, TAKEN_AT, SealedBoard
from kuaifan.kernel.errors import BadInputError

TIMEOUT_S: Final = 20
MAX_BYTES: Final = 50_000_000
HEAD_BYTES: Final = 400
MAX_AHEAD_MS: Final = 60_000
"""A board cannot be of a later minute than the answer that it comes in."""
STALE_MS: Final = 180_000
"""Boards are made each minute: an older one says that no new ones are made."""
END: Final = b"</html>"
SEALED: Final = re.compile(rb'id="sealed">(.*?)</script>', re.DOTALL)


class PullError(Exception):
    """No board came (取回失败); says why, in one sentence."""


class PulledBoard(msgspec.Struct, frozen=True):
    """A board and how old it was when the server sent it (取回的看板)."""

    board: SealedBoard
    age_ms: int

    @property
    def is_stale(self) -> bool:
        """Whether the server makes no new ones."""
        return self.age_ms > STALE_MS


class _Sealed(msgspec.Struct):
    """What has to be in the file for a browser to open it."""

    about: str
    taken_at_ms: int
    salt: str
    iv: str
    data: str


def pull_board(url: str, desk_id: str, key: str = "") -> PulledBoard:
    """The latest board of a desk; raises PullError, or BadInputError for an address of no use.

    key: of this machine at a desk that asks who comes; empty at a demo's.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadInputError(f"--url {url} is no address of a desk: give http://host:port")
    address = (
        f"{parts.scheme}://{parts.netloc}{BOARD_PATH}?{urllib.parse.urlencode({'desk': desk_id})}"
    )
    known = {"Authorization": f"Bearer {key}"} if key else {"X-Kuaifan-Role": "dispatcher"}
    request = urllib.request.Request(address, headers={"X-Kuaifan-Seat": "continuity", **known})  # noqa: S310 - http or https only, as checked
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310 - as above
            content, headers = reply.read(MAX_BYTES + 1), reply.headers
    except urllib.error.HTTPError as error:
        raise PullError(f"{parts.netloc} answers {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise PullError(f"{parts.netloc} does not answer: {error or 'cut off'}") from error
    try:
        return check_board(desk_id, content, headers)
    except PullError as error:
        raise PullError(f"what {parts.netloc} sent is no board to keep: {error}") from None


def check_board(desk_id: str, content: bytes, headers: Mapping[str, str]) -> PulledBoard:
    """What came, if it is a whole board of that desk; raises PullError."""
    length, taken_at = headers.get("Content-Length", ""), headers.get(TAKEN_AT, "")
    if len(content) > MAX_BYTES:
        raise PullError("it is too long")
    if MARK not in content[:HEAD_BYTES]:
        raise PullError("it is another page")
    is_cut = length.isdecimal() and int(length) != len(content)
    if is_cut or not content.rstrip().endswith(END):
        raise PullError("it was cut off")
    if not (taken_at.isascii() and taken_at.isdecimal()):
        raise PullError(f"{TAKEN_AT} does not say of which minute it is")
    sent_at_ms = _sent_at_ms(headers.get("Date", ""))
    # Compared as text first: a number of any length is no instant.
    if len(taken_at) > len(str(sent_at_ms)) or int(taken_at) > sent_at_ms + MAX_AHEAD_MS:
        raise PullError(f"it is of a minute to come ({taken_at[:20]})")
    taken_at_ms = int(taken_at)
    _check_sealed(content, f"kuaifan-board|{desk_id}|{taken_at_ms}")
    age_ms = max(0, sent_at_ms - taken_at_ms)
    return PulledBoard(SealedBoard(desk_id, taken_at_ms, content), age_ms)


def _check_sealed(content: bytes, about: str) -> None:
    found = SEALED.search(content)
    try:
        sealed = msgspec.json.decode(found[1] if found else b"", type=_Sealed)
        for text in (sealed.salt, sealed.iv, sealed.data):
            base64.b64decode(text, validate=True)
    except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error):
        raise PullError("nothing in it can be opened") from None
    if sealed.about != about:
        raise PullError(f"it is of {sealed.about[:80]!r}, not of {about!r}")


def _sent_at_ms(date: str) -> int:
    """When the server says it answered, by the clock that the board's minute is of; else now."""
    try:
        return round(email.utils.parsedate_to_datetime(date).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return round(time.time() * 1000)
