"""Fetching the sealed board of a desk (取回应急看板), from a machine that outlives the server."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from typing import Final

from kuaifan.board.sealed_board import BOARD_PATH, MARK, TAKEN_AT, SealedBoard
from kuaifan.kernel.errors import BadInputError

TIMEOUT_S: Final = 20
MAX_BYTES: Final = 50_000_000
HEAD_BYTES: Final = 400


class PullError(Exception):
    """No board came (取回失败); says why, in one sentence."""


def pull_board(url: str, desk_id: str) -> SealedBoard:
    """The latest board of a desk; raises PullError, or BadInputError for an address of no use."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadInputError(f"--url {url} is no address of a desk: give http://host:port")
    query = urllib.parse.urlencode({"desk": desk_id, "role": "dispatcher"})
    address = f"{parts.scheme}://{parts.netloc}{BOARD_PATH}?{query}"
    request = urllib.request.Request(address, headers={"X-Kuaifan-Seat": "continuity"})  # noqa: S310 - http or https only, as checked
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310 - as above
            content = reply.read(MAX_BYTES + 1)
            taken_at = reply.headers.get(TAKEN_AT, "")
    except urllib.error.HTTPError as error:
        raise PullError(f"{parts.netloc} answers {error.code}") from error
    except (urllib.error.URLError, OSError) as error:
        raise PullError(f"{parts.netloc} does not answer: {error}") from error
    if len(content) > MAX_BYTES or MARK not in content[:HEAD_BYTES] or not taken_at.isdecimal():
        raise PullError(f"what {parts.netloc} sent is no board")
    return SealedBoard(desk_id, int(taken_at), content)
