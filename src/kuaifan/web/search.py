"""Search by number, call sign or address (检索): open incidents and closed ones, masked by role.

What is looked for comes in a body: an address of a request ends up in the logs of every proxy.
"""

from __future__ import annotations

import asyncio
import unicodedata
from functools import partial
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kuaifan.vocabulary.access import LogSearch
from kuaifan.vocabulary.rights import STATED, may
from kuaifan.web.case_reading import log_read, purpose_refused, reader_of
from kuaifan.web.case_scope import reaches
from kuaifan.web.commands import decode, read_body
from kuaifan.web.desk import Parts
from kuaifan.web.masking import mask
from kuaifan.web.problems import Problem, answer
from kuaifan.web.search_rows import FoundCases, FoundIncident, Searching
from kuaifan.web.viewer import Viewer, viewer_of

PATH: Final = "/v1/search"
MAX_QUERY_CHARS: Final = 80
MAX_BODY_BYTES: Final = 4_096
NO_STORE: Final = {"Cache-Control": "no-store"}


def search_routes(parts: Parts) -> list[Route]:
    """POST /v1/search; none where nothing is kept."""
    search = parts.search
    if search is None:
        return []
    decoder = msgspec.json.Decoder(Searching)

    async def find(request: Request) -> Response:
        viewer = viewer_of(request)
        if viewer.role == "crew":
            raise Problem(
                403,
                "forbidden",
                "not_for_role",
                "检索只供席位使用",
                "search is for the desks, not for the role crew",
            )
        asked: Searching = decode(decoder, await read_body(request, MAX_BODY_BYTES))
        _check_purpose(viewer, asked)
        text = unicodedata.normalize("NFKC", asked.text).strip()[:MAX_QUERY_CHARS]
        now_ms = parts.desk.clock()[0]
        found = FoundCases()
        if text:
            may_meet = partial(reaches, viewer)
            found = await asyncio.to_thread(search, text, now_ms=now_ms, may_meet=may_meet)
        incidents = tuple(_as_on_screen(parts, viewer, each) for each in found.incidents)
        found = msgspec.structs.replace(found, incidents=incidents)
        seen = withheld(viewer, asked, seen_cases(viewer, found))
        if text:
            await _write_down(parts, request, asked, seen)
        return answer(seen, headers=NO_STORE)

    return [Route(PATH, find, methods=["POST"])]


def _as_on_screen(parts: Parts, viewer: Viewer, found: FoundIncident) -> FoundIncident:
    """What is masked on the screens is found masked."""
    shown = parts.desk.store.find("incidents", found.incident_id)
    return found if shown is None or viewer.sees_personal_of(shown) else mask(found)


def withheld(viewer: Viewer, asked: Searching, found: FoundCases) -> FoundCases:
    """Behind a log-on what is over is told for a stated purpose; without one it is counted."""
    is_stated = asked.purpose in STATED
    if viewer.visitor is None or is_stated:
        return found
    told = tuple(each for each in found.incidents if each.is_open)
    n_withheld = len(found.incidents) - len(told)
    return msgspec.structs.replace(found, incidents=told, n_withheld=n_withheld)


def _check_purpose(viewer: Viewer, asked: Searching) -> None:
    """Raise Problem 403 for a purpose that this role opens nothing for."""
    purpose = asked.purpose
    if viewer.visitor is None or purpose is None or purpose == "duty":
        return
    if purpose not in STATED or not may(viewer.role, "open_record", purpose=purpose):
        raise purpose_refused(viewer, purpose)


async def _write_down(parts: Parts, request: Request, asked: Searching, seen: FoundCases) -> None:
    """Who searched, for which words, and how much there was; before it is answered."""
    searched = LogSearch(
        person=reader_of(request),
        text=asked.text.strip()[:MAX_QUERY_CHARS],
        n_found=len(seen.incidents) + len(seen.units),
        n_withheld=seen.n_withheld,
        purpose=asked.purpose or "duty",
        reason=asked.reason,
    )
    await log_read(parts.desk, request, searched)


def seen_cases(viewer: Viewer, found: FoundCases) -> FoundCases:
    """What a viewer may be told: restricted records that are over are not even named to others."""
    if viewer.sees_personal:
        return found
    told = tuple(each for each in found.incidents if not each.is_restricted)
    return mask(msgspec.structs.replace(found, incidents=told))
